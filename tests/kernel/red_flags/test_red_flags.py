"""The lexicon of red flags against sentences with their true labels; its slips of the pen; its numbers."""

import random
import re
from math import sqrt
from pathlib import Path

import pytest

from peerline.kernel import red_flags
from peerline.kernel.languages import LANGUAGES
from peerline.kernel.red_flags import letters, numbers

HERE = Path(__file__).parent
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "red-flags.md"
pytestmark = pytest.mark.req("S116")


def labeled(language):
    rows = [line.split("\t") for line in (HERE / f"{language}.txt").read_text().splitlines() if line[0] != "#"]
    return [(label, sentence) for label, sentence in rows]


def found(text):
    return {flag.key for flag in red_flags.find(text)}


def wilson(hits, of):
    """The 95 % interval of a share (Wilson 1927), in percent."""
    z, share = 1.959964, hits / of
    middle, half = share + z * z / 2 / of, z * sqrt(share * (1 - share) / of + z * z / 4 / of / of)
    return [100 * (middle + sign * half) / (1 + z * z / of) for sign in (-1, 1)]


def figures(language, find=found):
    """(caught, dangerous, false alarms, harmless): a danger is caught when its own line is found."""
    rows = labeled(language)
    danger = [(label, text) for label, text in rows if label != "-"]
    harmless = [text for label, text in rows if label == "-"]
    caught = sum(label in find(text) for label, text in danger)
    return caught, len(danger), sum(bool(find(text)) for text in harmless), len(harmless)


def sentence_of_reference(language):
    caught, danger, alarms, harmless = figures(language)
    low, high = wilson(caught, danger)
    least, most = wilson(alarms, harmless)
    name = {"en": "English", "es": "Spanish"}[language]
    return (
        f"| {name} | {caught} of {danger} | {100 * caught / danger:.0f} % ({low:.0f}–{high:.0f}) "
        f"| {alarms} of {harmless} | {100 * alarms / harmless:.0f} % ({least:.0f}–{most:.0f}) |"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_test_set_is_large_and_its_figures_are_those_of_the_reference(language):
    assert len(labeled(language)) >= 120 and {label for label, _ in labeled(language)} - {"-"} == set(red_flags.keys())
    assert sentence_of_reference(language) in REFERENCE.read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_every_danger_is_found_and_few_harmless_sentences_are(language):
    caught, danger, alarms, harmless = figures(language)
    assert caught / danger >= 0.9 and alarms / harmless <= 0.15


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_for_parts_of_words_would_be_caught_by_these_figures(language):
    """The planted fault: "killed" within "skilled" and the like."""
    parts = {"en": ("kill", "hit", "die", "low", "hurt"), "es": ("baj", "muer", "peg", "cort", "duele")}[language]
    assert figures(language, lambda text: {"x"} if any(part in text.lower() for part in parts) else set())[2] >= 4


@pytest.mark.parametrize(
    "word", ["skilled", "skills", "nation", "therapist", "grape", "diet", "assault course", "studied"]
)
def test_a_word_within_a_word_is_none(word):
    assert found(f"My {word} myself") == found(f"The {word} was fine") == set()


def slips(word, chance):
    """One word with one slip behind its first letter, as people make them."""
    at = chance.randrange(1, len(word))
    kind, letter = chance.choice(["more", "less", "other", "swap"]), chance.choice("abcdefghijklmnopqrstuvwxyz")
    if kind == "more":
        return word[:at] + letter + word[at:]
    if kind == "less":
        return word[:at] + word[at + 1 :]
    if kind == "other":
        return word[:at] + letter + word[at + 1 :]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if at else word


def test_any_one_slip_in_a_long_word_is_forgiven():
    chance = random.Random(4)
    for word in ("suicide", "unconscious", "glucagon", "ketones", "suicidio", "inconsciente", "convulsiones"):
        for _ in range(60):
            slip = slips(word, chance)
            assert slip == word or letters.is_a_slip_of(slip, word), slip
            assert found(f"I think of {slip} a lot") == found(f"I think of {word} a lot"), slip


def distance(word, other):
    """Optimal string alignment, the slow way."""
    table = [[max(i, j) if not (i and j) else 0 for j in range(len(other) + 1)] for i in range(len(word) + 1)]
    for i in range(1, len(word) + 1):
        for j in range(1, len(other) + 1):
            cost = word[i - 1] != other[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and word[i - 1] == other[j - 2] and word[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def test_a_slip_is_an_edit_distance_of_one_behind_the_first_letter():
    chance = random.Random(7)
    for _ in range(3_000):
        word = "".join(chance.choice("ab") for _ in range(chance.randrange(1, 6)))
        other = "".join(chance.choice("ab") for _ in range(chance.randrange(1, 6)))
        assert letters.is_a_slip_of(word, other) == (distance(word, other) == 1 and word[0] == other[0]), (word, other)


def test_accents_case_and_apostrophes_do_not_matter():
    assert found("ME DUELE EL PECHO") == found("me dúele el pécho") == {"chest_pain"}
    assert found("I can’t breathe") == found("i cant BREATHE") == {"breath"}


def test_a_phrase_does_not_go_over_the_end_of_a_sentence():
    assert found("I carried a chest. It hurts to look at him go") == set()


def test_negation_is_not_trusted_a_person_looks():
    assert found("I do not want to die") == {"suicide"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("sugar 53", "very_low"), ("sugar 54", "low"), ("sugar 69", "low"), ("sugar 70", None), ("sugar 300", None),
        ("sugar 301", "high"), ("sugar 301 and 302", "very_high"), ("sugar 251", None), ("sugar 251 and ketones", "very_high"),
        ("glucosa 2,9", "very_low"), ("glucosa 3,0", "low"), ("glucosa 3,8 mmol", "low"), ("glucosa 3,9 mmol", None),
        ("52 mg/dl", "very_low"), ("52", None), ("a1c 6.4 and sugar", None), ("sugar was fine, pressure 52", None),
        ("I took 50 mg and my sugar was 110", None), ("sugar 3 times", None), ("azúcar en 48", "very_low"),
    ],
)  # fmt: skip
def test_values_are_read_with_and_without_their_unit(text, key):
    assert (found(text) & {"very_low", "low", "high", "very_high"}) == ({key} if key else set())


@pytest.mark.parametrize(
    ("text", "raised"),
    [("it was 180/90", True), ("150/120", True), ("179/119", False), ("on 11/24", False), ("24/7", False)],
)
def test_blood_pressure_is_read(text, raised):
    assert ("pressure" in found(text)) == raised


def test_the_most_urgent_comes_first_and_each_line_once():
    flags = red_flags.find("My sugar was 60. My chest hurts, and the chest pain is bad. I want to die.")
    assert [flag.key for flag in flags] == ["chest_pain", "suicide", "low"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lexicon_is_made_of_words_as_they_are_compared(language):
    lexicon = red_flags._lexicon(language)
    assert {line.key for line in lexicon.lines} == {line.key for line in red_flags._lexicon("en").lines}
    assert {line.level for line in lexicon.lines} <= set(red_flags.LEVELS)
    for line in lexicon.lines:
        for choice in (one for phrase in line.phrases for one in phrase):
            assert all(re.fullmatch("[a-z]+", word) for word in choice), (line.key, choice)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_anybody_writes_breaks_it(seed):
    chance = random.Random(seed)
    for _ in range(50):
        red_flags.find("".join(chance.choice("aeé1 ./,;%\n'’ñ中\u0301\x00") for _ in range(chance.randrange(60))))
    assert numbers.in_mg_dl("5") is None
