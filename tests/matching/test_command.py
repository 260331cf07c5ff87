"""`./run match`: a list in, pairs out; a sentence a bad line and nothing half done."""

import csv
import random

import pytest

from peerline.__main__ import main
from peerline.matching import sentences
from peerline.matching.draws import drawn_people
from peerline.matching.rosters import COLUMNS, MENTOR_COLUMNS, BadRoster, people_in
from peerline.matching.rules import NAMES
from peerline.matching.scoring import FEATURES
from peerline.programs import words
from peerline.programs.demo.sizes import ROSTER


@pytest.fixture
def pairs(tmp_path):
    """Runs the command on a file of these lines; (exit code, rows written or None)."""

    def run(text, *more):
        source, target = tmp_path / "roster.csv", tmp_path / "pairs.csv"
        source.write_text(text, encoding="utf-8")
        code = main(["match", str(source), "-o", str(target), *more])
        rows = list(csv.reader(target.open(newline=""))) if target.exists() else None
        assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
        return code, rows

    return run


def test_the_demonstrations_list_becomes_thirty_pairs_whose_fit_stands_beside_them(pairs, capsys):
    code, rows = pairs(ROSTER.read_text())
    assert code == 0 and tuple(rows[0]) == COLUMNS and len(rows) == 31
    assert len({name for row in rows[1:] for name in row[:2]}) == 60
    assert all(50 <= int(row[3]) <= 100 and int(row[4]) >= 2 for row in rows[1:])
    said = capsys.readouterr().out
    assert "60 people in 30 pairs." in said and "Proven: no other way" in said


def test_the_order_of_the_lines_changes_nothing(pairs):
    header, *lines = ROSTER.read_text().splitlines()
    rows = pairs("\n".join([header, *lines]))[1]
    random.Random(2).shuffle(lines)
    assert pairs("\n".join([header, *lines]))[1] == rows


def test_each_bad_line_is_a_sentence_with_its_number_and_nothing_is_written(pairs, capsys):
    code, rows = pairs("First name,A1C,No calls\nAnn,99,\nBen,7,whenever\n,7,\n")
    assert (code, rows) == (1, None)
    assert capsys.readouterr().err.splitlines() == [
        "Line 2, a1c percent: “99” is too small or too large for this column.",
        "Line 3, blocked: “whenever” are not hours. Write them like “mon-fri 8-17; daily 21-8”.",
        "Line 4, first name: There is no first name.",
        "Nothing was done.",
    ]


@pytest.mark.parametrize("text", ["", "Color\nblue\n", "First name\n"])
def test_what_is_no_list_is_refused_in_a_sentence(pairs, text, capsys):
    assert pairs(text) == (1, None)
    assert "Nothing was done." in capsys.readouterr().err


def test_a_file_that_is_not_there_and_a_name_nobody_has_are_said(capsys, tmp_path):
    assert main(["match", str(tmp_path / "none.csv")]) == 1
    assert "none.csv" in capsys.readouterr().err
    assert main(["match", str(ROSTER), "--explain", "W-1000", "Zorro"]) == 1
    assert "Nobody on the list is called Zorro" in capsys.readouterr().err


def test_it_says_what_two_have_in_common_and_what_the_group_would_lose(capsys):
    assert main(["match", str(ROSTER), "--why-not", "W-1000", "W-1001"]) == 0
    said = capsys.readouterr().out
    assert "would have 21 of 100 points" in said and "would lose at least 5,630 points" in said
    main(["match", str(ROSTER), "--explain", "W-1000", "W-1002"])
    assert "They may not be paired: they share no language." in capsys.readouterr().out


def test_weights_and_couples_to_keep_apart_are_heeded(pairs):
    rows = pairs(ROSTER.read_text())[1]
    apart = pairs(ROSTER.read_text(), "--apart", *rows[1][:2])[1]
    assert rows[1][:2] not in [row[:2] for row in apart]
    by_age = pairs(ROSTER.read_text(), "--weights", "age=1")[1]
    assert [row[3] for row in by_age] != [row[3] for row in rows]
    assert pairs(ROSTER.read_text(), "--weights", "height=1")[0] == 1


def test_people_of_one_name_are_told_apart_by_their_lines():
    people = people_in(b"First name,Last name\nAnn,Lee\nAnn,Lee\nBo,\n", 2026)
    assert [person.key for person in people.people] == ["Ann Lee (line 2)", "Ann Lee (line 3)", "Bo"]
    with pytest.raises(BadRoster):
        people_in(b"First name\n=Ann\n", 2026)


MENTORS = """First name,Takes,Language,Home phone,Household
Maria,2,es,(734) 555-0001,
Bob,1,en,(734) 555-0002,Oak 5
"""
PEOPLE = """First name,Language,Phone,Household
Ana,es,(734) 555-0100,
Luz,es,(734) 555-0101,
Eva,es,(734) 555-0102,
Tom,en,(734) 555-0103,oak 5
Sam,en,(734) 555-0104,
Hal,en,(734) 555-0002,
"""


@pytest.fixture
def mentors(tmp_path, pairs):
    def run(text=MENTORS, *more, people=PEOPLE):
        path = tmp_path / "mentors.csv"
        path.write_text(text)
        return pairs(people, "--mentors", str(path), *more)

    return run


@pytest.mark.req("S66")
def test_mentors_of_a_second_list_take_as_many_as_it_says_and_whoever_has_none_hears_why(mentors, capsys):
    code, rows = mentors()
    assert code == 0 and tuple(rows[0]) == MENTOR_COLUMNS
    assert sorted(row[1] for row in rows[1:]) == ["", "", "", "Bob", "Maria", "Maria"]
    assert dict(row[:2] for row in rows[1:])["Sam"] == "Bob"
    why = {row[0]: row[5] for row in rows[1:] if not row[1]}
    apart = "no mentor: every mentor who would suit is to be kept apart from them"
    assert why.pop("Tom") == why.pop("Hal") == apart  # one lives with Bob, one answers at his telephone
    assert list(why.values()) == ["no mentor: no mentor who would suit has room left"]
    said = capsys.readouterr().out
    assert "3 people have a mentor, with 2 mentors." in said and "Proven: no other way" in said


def test_without_that_column_each_mentor_takes_five_or_what_one_says(mentors):
    few = "First name,Language\nMaria,es\nBob,en\n"
    assert [row[1] for row in mentors(few)[1][1:]].count("Maria") == 3
    assert [row[1] for row in mentors(few, "--takes", "1")[1][1:]].count("Maria") == 1


def test_what_is_wrong_with_a_list_of_mentors_is_said(mentors, capsys):
    assert mentors("First name,Takes\nMaria,many\nBob,-1\n") == (1, None)
    assert capsys.readouterr().err.splitlines() == [
        "Line 2, takes: “many” is not a number.",
        "Line 3, takes: “-1” is not a number.",
        "Nothing was done.",
    ]
    assert mentors("First name\nSam\n") == (1, None) and "On both lists: Sam." in capsys.readouterr().err
    assert mentors(MENTORS, "--style", "fair") == (1, None) and "are for pairs" in capsys.readouterr().err


@pytest.mark.parametrize("shared", ["Phone", "Household"])
def test_people_of_one_telephone_or_household_are_never_proposed_to_each_other(pairs, capsys, shared, monkeypatch):
    home = "(734) 555-0100" if shared == "Phone" else "Elm 3"
    text = f"First name,Age,{shared}\nAnn,50,{home}\nBen,50,{home}\nCal,80,\nDot,80,\n"
    couples = [sorted(row[:2]) for row in pairs(text)[1][1:]]
    assert ["Ann", "Ben"] not in couples and len(couples) == 2
    monkeypatch.setattr("peerline.matching.rosters.together", lambda *lists: frozenset())  # the planted fault
    assert ["Ann", "Ben"] in [sorted(row[:2]) for row in pairs(text)[1][1:]]


def test_a_cohort_is_drawn_from_the_survey_and_the_same_seed_draws_the_same(capsys):
    assert drawn_people(40, 4) == drawn_people(40, 4) != drawn_people(40, 5)
    assert main(["match", "--cohort", "nhanes", "-n", "40", "--seed", "4"]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert {name for row in rows[1:] for name in row[:3] if name} == {f"d{number}" for number in range(40)}


def test_there_is_a_sentence_for_everything_that_can_be_said():
    assert set(sentences.FEATURES) == set(FEATURES)
    assert set(sentences.BROKEN) == set(NAMES)
    assert set(sentences.NO_MENTOR) == set(sentences.ALONE) == {*NAMES, "nobody", "taken"}
    assert set(sentences.ROWS) | {"already_here", "number_removed"} == set(words.ROW_SENTENCES)
