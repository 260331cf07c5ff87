"""A protocol is a file that says everything wrong with it at once, each with its line (issue 4, S35, S98, S107, S118)."""

import random
import re
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from peerline.outcomes import instruments
from peerline.outcomes.instruments import of
from peerline.programs.protocols import shelf
from peerline.programs.protocols.reading import BadProtocol, read
from peerline.programs.rules import phase_in, week_of

GOOD = """\
key = "walks"
version = 1
title = { en = "Walks", es = "Paseos" }

[summary]
en = "Two people walk."
es = "Dos personas caminan."

[[sessions]]
key = "first"
week = 0
kind = "group"
elements = [
    "education",
    "goals",
]
title = { en = "First", es = "Primera" }

[[sessions]]
key = "second"
week = 4
kind = "telephone"
title = { en = "Second", es = "Segunda" }

[[phases]]
key = "education"
from_week = 0
title = { en = "Learning", es = "Aprender" }

[[phases]]
key = "support"
from_week = 6
title = { en = "Support", es = "Apoyo" }

[[eligibility]]
key = "adult"
field = "age"
at_least = 18
title = { en = "18 or older", es = "18 o más" }
"""


def problems(text):
    with pytest.raises(BadProtocol) as bad:
        read(text)
    return [(one.line, one.key, one.word) for one in bad.value.problems]


def test_a_good_file_is_read_with_its_defaults():
    protocol = read(GOOD)
    assert (protocol.key, protocol.weeks, protocol.pairs.remind_after_days, protocol.plans.days) == ("walks", 26, 9, 14)
    assert protocol.sessions[0].elements == ("education", "goals")
    assert protocol.sessions[1].title["es"] == "Segunda"
    with pytest.raises(FrozenInstanceError):
        protocol.weeks = 5


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('kind = "group"', 'kind = "video"', (12, "sessions[1].kind", "not_a_choice")),
        ("week = 4", 'week = "four"', (21, "sessions[2].week", "not_whole")),
        ("week = 4", "wek = 4", (21, "sessions[2].wek", "unknown_key_near")),
        ('    "goals",', '    "gaols",', (13, "sessions[1].elements", "not_a_choice")),
        ("at_least = 18", 'at_least = "18"', (38, "eligibility[1].at_least", "not_a_number")),
        ("at_least = 18", "", (35, "eligibility[1]", "not_one_condition")),
        ("from_week = 0", "from_week = 1", (27, "phases[1].from_week", "no_first_phase")),
        ('key = "second"', 'key = "first"', (20, "sessions[2].key", "twice")),
        ('es = "Dos personas caminan."', "", (5, "summary", "language_missing")),
        ("version = 1", "version = true", (2, "version", "not_whole")),
        ("week = 4", "week = 4\nweek = 5", (22, "", "not_toml")),
        ('kind = "telephone"', "", (19, "sessions[2].kind", "missing")),
    ],
)
def test_each_fault_is_named_with_its_line(old, new, found):
    assert GOOD.count(old) == 1 or old in ("at_least = 18", "from_week = 0")
    assert found in problems(GOOD.replace(old, new, 1))


def test_several_faults_are_told_at_once_in_the_order_of_the_file():
    text = GOOD.replace("version = 1", "version = 0").replace('kind = "group"', 'kind = "x"').replace("week = 4", "")
    assert [line for line, _, _ in problems(text)] == [2, 12, 19]


def test_whatever_is_planted_the_line_it_stands_on_is_the_line_that_is_named():
    """Each line with a value gets one that cannot be right there; the reader must name that very line."""
    lines = GOOD.splitlines()
    for at, line in enumerate(lines):
        name, equals, _ = line.partition(" = ")
        if not equals or name in ("en", "es", "elements"):
            continue
        spoilt = "\n".join([*lines[:at], f"{name} = [[1]]", *lines[at + 1 :]])
        assert at + 1 in {found[0] for found in problems(spoilt)}, line


def test_a_file_cut_or_garbled_anywhere_is_refused_in_words_and_never_breaks_the_reader():
    choice = random.Random(4)
    for _ in range(400):
        at = choice.randrange(len(GOOD))
        text = (
            GOOD[:at]
            + choice.choice(["", '"', "]", "{", "=", "\n[[x]]\n", "ñ", "\0"])
            + GOOD[at + choice.randrange(9) :]
        )
        try:
            read(text)
        except BadProtocol as bad:
            assert all(1 <= one.line <= text.count("\n") + 1 for one in bad.problems)


@pytest.mark.req("S33", "S42", "S98", "S107")
def test_the_shipped_protocols_are_good_and_hold_what_the_sources_ask():
    shipped = {file.protocol.key: file.protocol for file in shelf.files()}
    assert set(shipped) == {"reciprocal-pairs", "beside-a-class", "peer-calls", "insulin-start"}
    pairs = shipped["reciprocal-pairs"]
    assert [(one.week, one.optional) for one in pairs.sessions[:4]] == [(0, False), (4, True), (13, True), (26, True)]
    assert pairs.sessions[0].led_by == "nurse" and pairs.sessions[0].training and pairs.sessions[0].plan
    assert pairs.sessions[-1].again_every_weeks == 52, "yearly for ever: no forced end"
    assert pairs.plans.days == 14
    assert all(one.kind == "telephone" for one in shipped["peer-calls"].sessions), "a landline is enough"
    for protocol in shipped.values():
        assert protocol.sessions, "support is combined with a structured program"
        assert [one.level for one in protocol.escalation] == ["E0", "E1", "E2", "E3"]
        assert not any(one.field == "age" and one.at_most is not None for one in protocol.eligibility)


@pytest.mark.req("S118", "S35")
def test_insulin_has_a_pathway_of_its_own_closer_to_the_nurse():
    shipped = {file.protocol.key: file.protocol for file in shelf.files()}
    insulin, pairs = shipped["insulin-start"], shipped["reciprocal-pairs"]
    assert {one.way for one in insulin.eligibility} == {"", "pills", "insulin"}
    calls = [(one.week, one.led_by) for one in insulin.sessions if one.kind == "telephone"]
    assert calls[:2] == [(1, "nurse"), (2, "nurse")], "the nurse hears of the first injections"
    assert insulin.sessions[0].led_by == "nurse" and insulin.sessions[0].training
    assert (insulin.plans.days, insulin.pairs.talks_a_week, insulin.pairs.remind_after_days) == (7, 2, 5)
    assert insulin.pairs.talks_a_week > pairs.pairs.talks_a_week
    within = {
        protocol.key: {one.level: one.within_minutes for one in protocol.escalation} for protocol in shipped.values()
    }
    assert within["insulin-start"]["E2"] == 480 < within["reciprocal-pairs"]["E2"]


@pytest.mark.req("S21", "S111")
def test_pairs_stand_alone_or_beside_a_class_that_is_part_of_the_program():
    shipped = {file.protocol.key: file.protocol for file in shelf.files()}
    beside, alone = shipped["beside-a-class"], shipped["peer-calls"]
    classes = [one for one in beside.sessions if one.kind == "group" and not one.optional]
    assert [one.week for one in classes] == [0, 1, 2, 3, 4, 5] and all("education" in one.elements for one in classes)
    assert beside.pairs.talks_a_week == 1, "and partners talk between the meetings"
    assert phase_in(beside, 5).key == "education" and phase_in(beside, 6).key == "support"
    assert not any(one.kind == "group" for one in alone.sessions), "calls alone, without a meeting"


@pytest.mark.req("S114")
def test_every_shipped_protocol_asks_at_the_start_by_any_door_what_stands_in_the_way_and_how_sure_they_are():
    for file in shelf.files():
        start = next(one for one in file.protocol.assessments if one.key == "baseline")
        assert start.week == 0 and {"barriers", "confidence"} <= set(start.instruments)
        assert all(of(key).spoken for key in ("barriers", "confidence")), "a landline is enough"
    assert {one.key for one in of("barriers").items} >= {"knowledge", "confidence", "money", "other_illness"}


@pytest.mark.req("S94")
def test_every_shipped_protocol_looks_after_check_ups_twice_a_year():
    assert {file.protocol.checkups.a1c_every_weeks for file in shelf.files()} == {26}


def test_a_week_begins_on_the_persons_own_wall_clock():
    began = datetime(2026, 11, 4, 3, 0, tzinfo=UTC)  # the evening of November 3 in Detroit
    weeks = [week_of(began, "America/Detroit", date(2026, 11, day)) for day in (2, 3, 9, 10)]
    assert weeks == [-1, 0, 0, 1]


@pytest.mark.req("S98", "S107")
def test_education_becomes_ongoing_support_which_does_not_end():
    protocol = read(GOOD)
    phases = [phase_in(protocol, week).key for week in (-1, 0, 5, 6, 500)]
    assert phases == ["education", "education", "education", "support", "support"]


@pytest.mark.parametrize(("key", "found"), [("phq2", ()), ("phq3", ((44, "assessments[1].instruments[1]", "phq3"),))])
def test_a_questionnaire_that_nobody_has_is_refused_with_its_line(tmp_path, key, found):
    rows = f'\n[[assessments]]\nkey = "now"\nweek = 0\ninstruments = ["{key}"]\ntitle = {{ en = "Q", es = "P" }}\n'
    file = tmp_path / "walks.toml"
    file.write_text(GOOD + rows)
    seen = shelf.look(file)
    assert tuple((one.line, one.key, one.facts["value"]) for one in seen.problems) == found
    assert (seen.protocol is None) == bool(found)
    assert shelf.parsed(GOOD + rows), "who began with it before goes on"


def test_the_guide_names_each_questionnaire():
    page = (Path(__file__).resolve().parents[2] / "docs/howto/write-a-protocol.md").read_text()
    said = page.split("## Questionnaires")[1].split("##")[0]
    assert sorted(re.findall(r"`(\w+)`", said)) == list(instruments.keys())
