import re

import pytest

from peerline.exchange.prompts import catalogue
from peerline.exchange.prompts.catalogue import (
    BadCatalogue,
    NoSuchPrompt,
    parse,
    prompt,
    prompts,
    sentences_of,
    text_of,
)
from peerline.exchange.prompts.queries import sample_of
from peerline.exchange.prompts.values import KINDS, SAMPLES
from peerline.kernel.dialogue import Spoken
from peerline.kernel.languages import LANGUAGES
from tests.exchange.prompts import readability
from tests.exchange.prompts.sources import ROOT, Use, dialogue_files, options_in, uses_in, words_in

LONG_ENOUGH_TO_GRADE = 8  # words; a formula says nothing about fewer
THEIR_AUTHORS_OWN = ("ask.phq2", "ask.phq8")  # a questionnaire that was validated word by word is not made easier


def uses() -> list[Use]:
    return [use for path in dialogue_files() for use in uses_in(path.read_text(), str(path.relative_to(ROOT)))]


def faults_of(used: list[Use], language: str) -> list[str]:
    """Each prompt said that the language lacks, or that is given other values than it speaks."""
    faults = []
    for use in used:
        one = prompts(language).get(use.key)
        if one is None:
            faults.append(f"{use.where}: {use.key} has no words in {language}.toml")
        elif use.values is not None and use.values != one.asks_for:
            faults.append(f"{use.where}: {use.key} speaks {sorted(one.asks_for)}, is given {sorted(use.values)}")
    return faults


def wrong_keys(source: str, language: str) -> list[str]:
    """Options whose words name another key than the one that chooses them."""
    faults = []
    for key, name in options_in(source):
        text = prompts(language)[name].forms["other"] if name in prompts(language) else ""
        named = re.findall(r"(?:press|oprima) (\d)", text)
        if named != [key]:
            faults.append(f"{name} is chosen by {key} but names {named}")
    return faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_a_dialogue_says_has_its_words_and_its_values(language):
    assert faults_of(uses(), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_names_the_key_that_chooses_it(language):
    assert [fault for path in dialogue_files() for fault in wrong_keys(path.read_text(), language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_prompt_is_there_that_no_dialogue_says(language):
    words = set().union(*(words_in(path.read_text()) for path in dialogue_files()))
    assert sorted(set(prompts(language)) - words) == []


def test_missing_words_wrong_values_wrong_keys_and_idle_prompts_are_caught():
    source = """
def talk():
    yield Say("pair.nowhere")
    yield Say("pair.calling")
    yield Say("missed.busy" if busy else "missed.lost", name=name)
    yield Say(f"emergency.{pack}")
    yield Say(f"unheard_of.{what}")
    options = [("1", "menu.talk"), ("2", "menu.gone"), ("3", "menu.messages")]
    yield from ask_number("n", "hours.gone", least=1, most=2, digits=1)
    yield Meet("m", (1,), "invited", whisper="pair.psst")
"""
    faults = [fault.split(": ", 1)[1].split()[0] for fault in faults_of(uses_in(source, "phone.py"), "en")]
    assert sorted(faults) == sorted(
        ["pair.nowhere", "pair.calling", "missed.lost", "unheard_of.{}", "menu.gone", "hours.gone", "pair.psst"]
    )
    assert wrong_keys(source, "en") == [
        "menu.gone is chosen by 2 but names []",
        "menu.messages is chosen by 3 but names ['2']",
    ]
    idle = set(prompts("en")) - words_in(source)
    assert {"missed.no_answer", "menu.settings"} <= idle and not {"menu.talk", "emergency.us"} & idle


def test_both_languages_have_the_same_prompts_in_the_same_order_with_the_same_values():
    assert list(prompts("en")) == list(prompts("es"))
    for key, one in prompts("en").items():
        assert one.asks_for == prompts("es")[key].asks_for, key
        assert set(one.forms) == set(prompts("es")[key].forms), key


def everything_said(language: str) -> list[tuple[str, str]]:
    """(key, text) of each prompt with sample values, in each of its forms."""
    said = []
    for one in prompts(language).values():
        for count in (0, 1, 2) if len(one.forms) > 1 else (3,):
            said.append((one.key, text_of(sample_of(one, count))))
    return said


def patterns(language: str) -> list[tuple[str, str]]:
    """(key, text) of each form, a short word in the place of each value: what the writer can make easy or hard."""
    ours = [one for one in prompts(language).values() if not one.key.startswith(THEIR_AUTHORS_OWN)]
    return [(one.key, re.sub(r"\{\w+\}", "hoy", form)) for one in ours for form in one.forms.values()]


def hard_ones(language: str) -> list[tuple[str, str]]:
    """Prompts of eight words or more, and the whole catalogue, above sixth grade by either formula."""
    texts = patterns(language)
    graded = [each for each in texts if len(each[1].split()) >= LONG_ENOUGH_TO_GRADE]
    return [each for each in [*graded, ("all", " ".join(text for _key, text in texts))] if is_hard(each[1], language)]


def is_hard(text: str, language: str) -> bool:
    if language == "en":
        return max(readability.english(text)) > 6
    huerta, inflesz = readability.spanish(text)
    return huerta < 70 or inflesz < 65


@pytest.mark.req("S17")
@pytest.mark.parametrize("language", LANGUAGES)
def test_prompts_read_at_sixth_grade_or_below(language):
    assert hard_ones(language) == []


def test_the_formulas_find_a_hard_text_hard():
    assert min(readability.english("Notification of unavailability necessitates subsequent authorization.")) > 12
    assert max(readability.english("You can talk now. To step away, press star.")) < 3
    assert max(readability.spanish("La indisponibilidad temporal imposibilita comunicaciones telefónicas.")) < 40


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("uno", 2), ("teléfono", 4), ("oír", 2), ("después", 2), ("cuando", 2), ("llegó", 2), ("línea", 3), ("quiere", 2)],
)
def test_spanish_syllables_are_counted_as_spoken(word, syllables):
    assert readability.spanish_syllables(word) == syllables


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_option_comes_before_its_key(language):
    key_first = re.compile(r"(?:^|[.!?] )(?:Press|Oprima|Marque) (?:\d|star|pound|asterisco|numeral)\b")
    assert [text for _key, text in everything_said(language) if key_first.search(text)] == []
    assert key_first.search("Hello. Press 1 to talk.")


@pytest.mark.req("S27")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "helper mentor coach recipient patient client insulin diabetes diabetic sugar glucose"),
        ("es", "ayudante mentor mentora paciente cliente insulina diabetes diabético azúcar glucosa tú tu te"),
    ],
)
def test_no_prompt_names_a_helper_or_the_illness(language, words):
    for key, text in everything_said(language):
        assert not set(words.split()) & set(re.findall(r"\w+", text.lower())), key


def test_an_emergency_comes_first_and_is_read_digit_by_digit():
    assert text_of(Spoken("en", "emergency.us")).startswith("If this is an emergency, hang up and dial 911.")
    assert sentences_of(Spoken("en", "emergency.us"))[1] == "In a crisis, call or text nine eight eight."
    assert "nueve uno uno" in sentences_of(Spoken("es", "emergency.us"))[0]


@pytest.mark.parametrize(
    ("count", "en", "es"),
    [
        (0, "You have no new messages.", "No tiene mensajes nuevos."),
        (1, "You have one new message.", "Tiene un mensaje nuevo."),
        (21, "You have twenty-one new messages.", "Tiene veintiún mensajes nuevos."),
    ],
)
def test_a_prompt_turns_with_its_count(count, en, es):
    values = (("count", count),)
    assert sentences_of(Spoken("en", "messages.new", values)) == (en,)
    assert sentences_of(Spoken("es", "messages.new", values)) == (es,)


def test_a_transcript_shows_figures_where_the_voice_says_words():
    spoken = Spoken("es", "messages.from_staff", (("day", 1), ("time", "13:30")))
    assert text_of(spoken) == "Del personal, el martes a la 1:30 de la tarde."
    assert sentences_of(spoken) == ("Del personal, el martes a la una y treinta de la tarde.",)


def test_a_name_can_not_become_words_of_the_line():
    spoken = Spoken("en", "arrive.hello", (("name", "<speed level='9'>Bo. {count} & co</speed>" + "x" * 99),))
    (sentence,) = sentences_of(spoken)
    assert not set("<>{}&=") & set(sentence)
    assert len(sentence) < 60


def test_a_key_that_nobody_wrote_is_refused():
    with pytest.raises(NoSuchPrompt):
        prompt("pair.nowhere", "en")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"pair": {"x": "Hello {surname}."}}, "pair.x: {surname} is no kind"),
        ({"pair": {"x": ""}}, "pair.x: has an empty text"),
        ({"pair": {"x": {"one": "One."}}}, "pair.x: needs one text"),
        ({"pair": {"x": {"one": "One.", "other": "Many."}}}, "pair.x: chooses by number"),
        ({"pair": {"x": 3}}, "pair.x: has an empty text"),
    ],
)
def test_a_broken_catalogue_names_the_key_and_the_fault(data, says):
    with pytest.raises(BadCatalogue, match=re.escape(says)):
        parse(data, "en")


def test_each_kind_of_value_has_a_sample_in_each_language():
    assert set(SAMPLES["en"]) == set(SAMPLES["es"]) >= set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_there_when_the_product_is_installed(language):
    assert (catalogue.FOLDER / f"{language}.toml").is_file()
