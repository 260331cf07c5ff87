"""`./run match`: a list in, pairs out; a sentence a bad line and nothing half done."""

import csv
import random

import pytest

from peerline.__main__ import main
from peerline.matching import sentences
from peerline.matching.draws import drawn_people
from peerline.matching.rosters import COLUMNS, BadRoster, people_in
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
    assert [person.key for person in people] == ["Ann Lee (line 2)", "Ann Lee (line 3)", "Bo"]
    with pytest.raises(BadRoster):
        people_in(b"First name\n=Ann\n", 2026)


def test_a_cohort_is_drawn_from_the_survey_and_the_same_seed_draws_the_same(capsys):
    assert drawn_people(40, 4) == drawn_people(40, 4) != drawn_people(40, 5)
    assert main(["match", "--cohort", "nhanes", "-n", "40", "--seed", "4"]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert {name for row in rows[1:] for name in row[:3] if name} == {f"d{number}" for number in range(40)}


def test_there_is_a_sentence_for_everything_that_can_be_said():
    assert set(sentences.FEATURES) == set(FEATURES)
    assert set(sentences.BROKEN) == set(NAMES)
    assert set(sentences.ALONE) == {*NAMES, "nobody", "taken"}
    assert set(sentences.ROWS) | {"already_here", "number_removed"} == set(words.ROW_SENTENCES)
