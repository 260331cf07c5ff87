"""Scores against the published rules, each vector by hand; and what a file must hold."""

import tomllib
from decimal import Decimal

import pytest

from peerline.exchange.prompts.catalogue import prompts
from peerline.kernel.languages import LANGUAGES
from peerline.outcomes import rules
from peerline.outcomes.instruments import BadInstrument, NoSuchInstrument, keys, made, of, with_words
from peerline.outcomes.instruments.reading import FOLDER
from peerline.outcomes.scoring import alarms, circled, score, scores
from peerline.programs.protocols.shelf import files

_ = None  # a missing answer


def values(instrument, *given):
    return dict(zip(of(instrument).item_keys, given, strict=True))


def total(instrument, *given):
    return scores(of(instrument), values(instrument, *given))[0].value


@pytest.mark.req("S141")
@pytest.mark.parametrize(
    ("instrument", "given", "comes_to", "band"),
    [
        ("phq9", (1, 2, 1, 0, 3, 1, 0, 0, 0), 8, "mild"),
        ("phq9", (2, _, 2, 2, 2, 2, 2, 2, _), 18, "moderately severe"),  # 14 × 9 / 7
        ("phq9", (2, _, 2, 2, _, 2, 2, 2, _), None, None),
        ("phq9", (0,) * 9, 0, "none or minimal"),
        ("phq9", (3, 3, 3, 1, 0, 0, 0, 0, 0), 10, "moderate"),
        ("phq9", (3,) * 9, 27, "severe"),
        ("phq8", (1, 1, 1, 1, 1, 0, 0, 0), 5, "mild"),
        ("phq8", (2, 2, 2, 2, 1, 0, 0, _), 10, "moderate"),  # 9 × 8 / 7 = 10.29
        ("phq8", (2, 2, 2, 2, 1, 0, _, _), None, None),
        ("phq8", (3, 3, 3, 3, 3, 3, 2, 0), 20, "severe"),
        ("phq2", (1, 1), 2, "no sign of low mood"),
        ("phq2", (2, 1), 3, "ask more"),
        ("phq2", (3, _), None, None),
        ("who5", (3, 3, 2, 3, 2), 52, "well-being is fair or good"),
        ("who5", (3, 3, 2, 3, 1), 48, "low well-being"),
        ("who5", (2, 2, 1, 1, 1), 28, "depression is likely: ask more"),
        ("who5", (3, 3, 2, 3, _), None, None),
        ("paid5", (2, 2, 1, 2, 1), 8, "possible distress"),
        ("paid5", (2, 2, 1, 2, 0), 7, "below the cut-off"),
        ("paid20", (2,) * 20, 50, "high distress"),
        ("paid20", (1,) * 12 + (2,) * 8, 35, "below the cut-off"),
        ("dds17", (3,) * 17, 3, "high distress"),
        ("dds17", (1,) * 17, 1, "little distress"),
    ],
)
def test_a_score_is_what_its_authors_say(instrument, given, comes_to, band):
    found = scores(of(instrument), values(instrument, *given))[0]
    assert found.value == comes_to
    assert (found.band.words["en"] if found.band else None) == band


@pytest.mark.req("S142")
@pytest.mark.parametrize(
    ("given", "comes_to"),
    [
        ((7, 8, 5, 6, 9, 10, 8, 7), "7.50"),
        ((7, _, 5, 6, 9, _, 8, 7), "7.00"),
        ((7, _, 5, _, 9, _, 8, 7), None),
    ],
)
def test_diabetes_self_efficacy_is_a_mean_of_at_least_six(given, comes_to):
    assert total("diabetes_self_efficacy", *given) == (Decimal(comes_to) if comes_to else None)


def test_of_two_neighbors_circled_on_paper_the_lower_one_counts():
    assert (circled([7, 8]), circled([8, 7]), circled([3, 8]), circled([5]), circled([1, 2, 3]), circled([])) == (
        7, 7, None, 5, None, None,
    )  # fmt: skip


@pytest.mark.req("S141")
def test_distress_has_parts_each_with_its_own_rule_for_what_is_missing():
    given = values("dds17", 1, 5, 2, 2, 5, 2, 3, 2, 6, 4, 5, 2, 6, 5, 5, 2, 6)
    found = {one.scale.key: one.value for one in scores(of("dds17"), given)}
    assert found["emotional"] == Decimal("3.00") and found["physician"] == 5
    assert found["regimen"] == 2 and found["interpersonal"] == 6
    given["13"] = None
    found = {one.scale.key: one.value for one in scores(of("dds17"), given)}
    assert found["interpersonal"] is None and found["total"] is not None


@pytest.mark.req("S143")
def test_days_of_self_care_are_means_and_the_fatty_ones_are_turned():
    found = {one.scale.key: one.value for one in scores(of("sdsca"), values("sdsca", 7, 5, 4, 2, 3, 4, 7, 6, 0, 1, 1))}
    assert found == {
        "general_diet": 6, "fruit": 4, "fat": 5, "exercise": Decimal("3.50"), "testing": Decimal("6.50"),
        "feet": Decimal("0.50"), "smoking": 1,
    }  # fmt: skip


def test_health_distress_and_empowerment_are_means():
    assert total("health_distress", 1, 2, 3, _) == 2 and total("health_distress", 1, 2, _, _) is None
    assert total("des_sf", 5, 4, 5, 4, 5, 4, 5, 4) == Decimal("4.50") and total("des_sf", *[4] * 7, _) is None


@pytest.mark.req("S141")
def test_the_ninth_item_alone_calls_for_a_person_at_once():
    quiet = values("phq9", *[0] * 9)
    assert alarms(of("phq9"), quiet) == []
    assert [(one.need, one.level) for one in alarms(of("phq9"), quiet | {"9": 1})] == [("life_in_danger", "E1")]
    low = [(one.need, one.level) for one in alarms(of("phq8"), values("phq8", 2, 2, 2, 2, 2, 0, 0, 0))]
    assert low == [("low_mood", "E3")] and alarms(of("phq8"), values("phq8", 2, 2, 2, 2, 1, 0, 0, 0)) == []


@pytest.mark.req("S41")
def test_support_received_and_support_given_are_two_scores():
    found = {one.scale.key: one.value for one in scores(of("support"), values("support", 0, 1, 0, 1, 3, 3, 2, _))}
    assert found == {"received": Decimal("0.50"), "given": Decimal("2.67")}


@pytest.mark.req("S40")
def test_fit_is_the_mean_of_both_answers_from_nothing_to_one():
    assert rules.fit({"learn": 3, "contribute": 3}) == 1 and rules.fit({"learn": 0, "contribute": 0}) == 0
    assert rules.fit({"learn": 3, "contribute": 0}) == 0.5
    assert rules.fit({"learn": 3}) is None and rules.fit({"learn": 3, "contribute": None}) is None


# --- The files -----------------------------------------------------------------------------------------------------


@pytest.mark.req("S47")
def test_every_instrument_is_whole_in_both_languages_and_says_whose_it_is():
    assert len(keys()) >= 20
    for key in keys():
        one = of(key)
        assert one.key == key and one.licence and one.source
        for words in [one.title, one.stem, *(item.words for item in one.items), *(band.words for band in one.bands)]:
            assert not words or all(words[language].strip() for language in LANGUAGES), key


def test_own_questions_are_never_called_validated_and_others_are_shipped_only_where_their_license_lets_them():
    shipped = {key for key in keys() if of(key).has_words}
    assert {key for key in shipped if not of(key).ours} == {"phq2", "phq8"}
    assert all("Not a validated scale" in of(key).licence for key in shipped if of(key).ours)
    assert all("No permission required" in of(key).licence for key in ("phq2", "phq8"))


@pytest.mark.req("S38", "S39")
def test_the_questions_of_the_source_are_there_with_its_figure():
    assert of("satisfaction").benchmark["percent"] == 90
    assert {"enjoy", "regular", "motivation", "confidence", "meaning"} <= set(of("call_helpfulness").item_keys)


def test_every_instrument_a_protocol_names_is_here_and_has_its_words():
    named = {key for file in files() for one in file.protocol.assessments for key in one.instruments}
    assert named <= set(keys()) and all(of(key).has_words and of(key).spoken for key in named)
    asked = {item.key for key in named for item in of(key).items}
    assert "9" not in asked


def test_no_question_of_ours_is_asked_by_a_machine_about_wishing_to_die():
    words = [text for key in keys() for item in of(key).items for text in item.words.values()]
    assert len(words) > 50 and not any("dead" in text or "muert" in text for text in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_asks_in_the_same_words_as_the_paper(language):
    for instrument in (of(key) for key in keys() if of(key).spoken):
        for item in instrument.items:
            spoken = prompts(language)[f"ask.{item.same_as or instrument.key}_{item.key}"].forms["other"]
            assert spoken.rstrip(".") == item.words[language].rstrip(".")
        if instrument.stem:
            assert (
                prompts(language)[f"ask.{instrument.opening_of or instrument.key}"].forms["other"]
                == instrument.stem[language]
            )


def raw(**changes):
    return tomllib.loads((FOLDER / "phq2.toml").read_text()) | changes


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"items": [{"key": "a", "en": "A"}]}, "es"),
        ({"scores": [{"key": "total", "how": "guess"}]}, "cannot be worked out"),
        ({"scores": [{"key": "total", "how": "sum", "items": ["nowhere"]}]}, "cannot be worked out"),
        ({"licence": ""}, "whose it is"),
        ({"answers": "nobody"}, "nobody"),
        (
            {
                "bands": [
                    {"at_least": 3, "tone": "ok", "en": "a", "es": "a"},
                    {"at_least": 0, "tone": "ok", "en": "b", "es": "b"},
                ]
            },
            "out of order",
        ),
    ],
)
def test_a_file_with_a_fault_is_refused_and_says_why(changes, says):
    made(raw())
    with pytest.raises(BadInstrument, match=says):
        made(raw(**changes))


def test_an_instrument_nobody_wrote_is_not_there():
    with pytest.raises(NoSuchInstrument):
        of("../settings")


def test_a_licensed_site_enters_one_line_a_question():
    lines = [f"Question {number}" for number in range(5)]
    options = [f"Answer {number}" for number in range(5)]
    found = with_words(of("paid5"), {"en": lines, "es": lines}, {"en": options, "es": options})
    assert found.has_words and found.items[4].options[4].words["es"] == "Answer 4" and found.items[0].takes(4)
    with pytest.raises(BadInstrument):
        with_words(of("paid5"), {"en": lines, "es": lines[:4]}, {})


# --- What comes next -----------------------------------------------------------------------------------------------


def asked(instruments, answers):
    found = rules.with_followers([of(key) for key in instruments], answers, {key: of(key) for key in keys()})
    return [".".join(one.key) for one in rules.questions(found, answers)]


@pytest.mark.req("S141")
def test_a_low_mood_on_two_questions_is_followed_by_the_six_others():
    plain = asked(["phq2", "confidence"], {("phq2", "interest"): 1, ("phq2", "down"): 1})
    assert plain == ["phq2.interest", "phq2.down", "confidence.sure"]
    more = asked(["phq2", "confidence"], {("phq2", "interest"): 2, ("phq2", "down"): 1})
    assert more[2:] == [
        "phq8.sleep", "phq8.tired", "phq8.appetite", "phq8.failure", "phq8.concentration", "phq8.pace", "confidence.sure",
    ]  # fmt: skip


def test_the_first_two_of_eight_are_not_asked_twice_and_count():
    answers = {("phq2", "interest"): 3, ("phq2", "down"): 3}
    answers |= {("phq8", item): 1 for item in of("phq8").item_keys[2:]}
    own = rules.own_values(of("phq8"), answers)
    assert rules.is_whole(of("phq8"), answers) and score(of("phq8").scales[0], own) == 12


def test_all_eight_are_asked_where_nobody_asked_two_before():
    assert len(asked(["phq8"], {})) == 8


def test_a_reason_is_asked_only_of_somebody_who_missed_a_day():
    assert "adherence.reason" not in asked(["adherence"], {("adherence", "days30"): 0})
    assert "adherence.reason" in asked(["adherence"], {("adherence", "days30"): 2})
