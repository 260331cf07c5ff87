"""A clinic's list: read as it comes, each bad row with a sentence and its line, all or nothing, and taken back in one go."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerline.entry import services as entry
from peerline.kernel import week
from peerline.people import merging
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people.access import PLATFORM, NotThere
from peerline.people.models import ContactPoint, Person
from peerline.programs import demonstration, roster, rosters, services
from peerline.programs.models import Enrollment, Intake, RosterBatch
from peerline.programs.roster import RosterError
from tests import cast

GOOD = "Registry ID,First name,Phone,Language\nW-1,Rosa,734-555-0123,Spanish\nW-2,Earl,(734) 555-0124,English\n"


def parsed(text):
    table = roster.read(text.encode() if isinstance(text, str) else text)
    return roster.parse(table, roster.guess(table.header), 2026)


def problems(text):
    return [(problem.line, problem.field, problem.word) for problem in parsed(text).problems]


# --- Reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_spreadsheets_file_is_read(encoding, delimiter, end):
    text = end.join(delimiter.join(row) for row in [["Nombre", "Teléfono"], ["José Núñez", "734 555 0123"]])
    [one] = parsed(text.encode(encoding)).entries
    assert (one.first_name, one.phone, one.line) == ("José Núñez", "+17345550123", 2)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"First name,Phone\n", "no_rows"),
        (b"PK\x03\x04\0\0spreadsheet", "not_text"),
        (b"\xff\xfeodd", "not_text"),
        (b"First name\n" + b"x" * roster.MOST_BYTES, "too_large"),
        (b"First name\n" + b"Rosa\n" * (roster.MOST_ROWS + 1), "too_many_rows"),
        (b"Colour,Shape\nred,round\n", "no_name_column"),
    ],
)
def test_what_is_no_roster_is_refused_as_a_whole(data, word):
    with pytest.raises(RosterError, match=word):
        parsed(data)


@pytest.mark.req("T13")
@given(st.binary(max_size=400))
def test_whatever_bytes_come_the_answer_is_a_table_or_a_word(data):
    try:
        parsed(data)
    except RosterError as reason:
        assert reason.word


@pytest.mark.parametrize(
    ("column", "cell", "word"),
    [
        ("Phone", "12", "bad_number"),
        ("E-mail", "rosa@", "bad_email"),
        ("Language", "French", "not_a_choice"),
        ("Time zone", "Detroit", "unknown_zone"),
        ("Age", "old", "not_a_number"),
        ("Age", "7", "out_of_range"),
        ("A1C", "78", "out_of_range"),
        ("A1C", "NaN", "out_of_range"),
        ("Insulin", "perhaps", "not_a_choice"),
        ("Challenges", "flying", "not_a_choice"),
        ("No calls", "at night", "bad_hours"),
        ("Last name", '=HYPERLINK("x")', "formula"),
        ("Last name", "@SUM(A1)", "formula"),
        ("Last name", "x" * 300, "too_long"),
    ],
)
def test_a_bad_cell_names_its_line_and_field(column, cell, word):
    out = io.StringIO()
    csv.writer(out).writerows([["First name", column], ["Earl", ""], ["", ""], ["Rosa", cell]])
    assert [(line, w) for line, _, w in problems(out.getvalue())] == [(4, word)]


def test_the_line_is_that_of_the_file_even_after_a_cell_of_several_lines():
    text = 'First name,Last name,Phone\nRosa,"Two\nlines",734-555-0123\nEarl,Crane,12\n'
    assert problems(text) == [(4, "phone", "bad_number")]


def test_a_row_without_a_name_a_twin_and_a_short_row_are_found():
    text = "ID,First name,Phone\n1,,\n2,Rosa,7345550123\n2,Ana,\n3,ROSA,734-555-0123\n4,Eva\n"
    assert problems(text) == [
        (2, "first_name", "name_missing"),
        (4, "registry_id", "twice_in_file"),
        (5, "phone", "twice_in_file"),
    ]
    assert [one.first_name for one in parsed(text).entries] == ["Rosa", "Eva"]


def test_a_husband_and_wife_at_one_number_are_two_people():
    text = "First name,Phone\nRosa,7345550123\nEarl,7345550123\n"
    assert len(parsed(text).entries) == 2


def test_hours_without_calls_are_read_in_words():
    assert roster.blocked_hours("daily 21-8") == week.of_days(range(7), 21, 24) | week.of_days(range(7), 0, 8)
    assert roster.blocked_hours("Lun-Vie 8-17; dom 8-13") == week.of_days(range(5), 8, 17) | week.of_days([6], 8, 13)
    assert roster.blocked_hours("sat-mon 0-24") == week.of_days([5, 6, 0], 0, 24)


# --- Importing -----------------------------------------------------------------------------------------------------


@pytest.fixture
def program(db):
    clinic = cast.clinic()
    return services.make_program(
        PLATFORM, organization_id=clinic.pk, name="Talk", begins_on=datetime(2026, 1, 5, tzinfo=UTC).date()
    )


@pytest.fixture
def keeper(program):
    return cast.viewer(program.organization, "coordinator", program_id=program.pk)


def bring(actor, program, text=GOOD):
    return rosters.bring(actor, program_id=program.pk, data=text.encode(), name="roster.csv")


def test_a_roster_makes_people_with_numbers_roles_and_enrollments(program, keeper):
    batch = rosters.load(keeper, batch_id=bring(keeper, program).pk)
    assert batch.rows == 2 and batch.sealed == ""
    rosa = Enrollment.objects.get(person__registry_id="W-1").person
    assert rosa.language == "es" and people.roles_now(rosa.pk).get().program_id == program.pk
    assert people.people_at_number(people.number_hash("+17345550123"))[0].person_id == rosa.pk


def test_a_number_is_proven_only_when_the_roster_says_so(program, keeper):
    text = "First name,Phone,Phone checked\nRosa,7345550123,yes\nEarl,7345550124,\n"
    rosters.load(keeper, batch_id=bring(keeper, program, text).pk)
    assert ContactPoint.objects.exclude(verified_at=None).count() == 1


def test_a_dry_run_and_a_bad_file_change_nothing(program, keeper):
    text = GOOD + "W-3,Ana,12,English\n"
    before = Person.objects.count()
    batch = bring(keeper, program, text)
    assert [problem.line for problem in rosters.preview(batch).problems] == [4]
    with pytest.raises(RosterError, match="has_problems"):
        rosters.load(keeper, batch_id=batch.pk)
    assert Person.objects.count() == before and not Enrollment.objects.exists()


def test_the_good_rows_alone_come_in_when_somebody_chooses_so(program, keeper):
    batch = bring(keeper, program, GOOD + "W-3,Ana,12,English\n")
    assert rosters.load(keeper, batch_id=batch.pk, only_good="yes").rows == 2


def test_a_fault_in_the_last_row_leaves_everything_as_it_was(program, keeper, monkeypatch):
    real, calls = rosters._add, []

    def fail_at_the_second(*args):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("disk full")
        real(*args)

    monkeypatch.setattr(rosters, "_add", fail_at_the_second)
    before = Person.objects.count()
    batch = bring(keeper, program)
    with pytest.raises(OSError, match="disk full"):
        rosters.load(keeper, batch_id=batch.pk)
    assert Person.objects.count() == before and RosterBatch.objects.get().imported_at is None


def test_people_who_are_already_here_are_found(program, keeper):
    rosters.load(keeper, batch_id=bring(keeper, program).pk)
    again = bring(
        keeper, program, "Registry ID,First name,Phone\nW-1,Rosario,\nW-9,EARL,734.555.0124\nW-8,Ana,7345550125\n"
    )
    assert [(p.line, p.field, p.word) for p in rosters.preview(again).problems] == [
        (2, "registry_id", "already_here"),
        (3, "phone", "already_here"),
    ]


@pytest.mark.req("S15")
def test_a_number_that_was_taken_out_does_not_come_back_by_a_list(program, keeper):
    person = cast.somebody(program.organization, phone="+17345550123")
    person_services.remove_number(PLATFORM, person.pk)
    assert rosters.preview(bring(keeper, program)).problems[0].word == "number_removed"


def test_one_action_takes_a_roster_out_again_and_it_may_then_come_once_more(program, keeper):
    before = set(Person.objects.values_list("pk", flat=True))
    batch = rosters.load(keeper, batch_id=bring(keeper, program).pk)
    assert rosters.undo(keeper, batch_id=batch.pk) == 2
    assert set(Person.objects.values_list("pk", flat=True)) == before
    with pytest.raises(NotThere):
        rosters.undo(keeper, batch_id=batch.pk)
    assert rosters.load(keeper, batch_id=bring(keeper, program).pk).rows == 2


@pytest.mark.parametrize("use", ["a PIN", "told apart"])
def test_a_roster_somebody_of_which_is_in_use_is_not_taken_out_at_all(program, keeper, use):
    batch = rosters.load(keeper, batch_id=bring(keeper, program).pk)
    first, second = Enrollment.objects.order_by("pk").values_list("person_id", flat=True)
    if use == "a PIN":
        entry.issue_pin(keeper, second)
    else:
        merging.are_two(keeper, first=first, second=second)
    with pytest.raises(RosterError, match="in_use"):
        rosters.undo(keeper, batch_id=batch.pk)
    assert Enrollment.objects.count() == 2


def test_the_uploaded_file_is_sealed_and_wiped(program, keeper):
    batch = bring(keeper, program)
    assert "Rosa" not in batch.sealed and "5550123" not in batch.sealed
    assert rosters.load(keeper, batch_id=batch.pk).sealed == ""


@pytest.mark.req("T1")
def test_nobody_else_brings_loads_or_undoes(program, keeper):
    batch = rosters.load(keeper, batch_id=bring(keeper, program).pk)
    waiting = bring(keeper, program, "First name\nAna\n")
    for stranger in (
        cast.viewer(program.organization, "researcher"),
        cast.viewer(program.organization, "coordinator", program_id=program.pk + 1),
        cast.viewer(cast.clinic("Other"), "administrator"),
    ):
        with pytest.raises(NotThere):
            bring(stranger, program)
        with pytest.raises(NotThere):
            rosters.load(stranger, batch_id=waiting.pk)
        with pytest.raises(NotThere):
            rosters.undo(stranger, batch_id=batch.pk)


# --- The demonstration ---------------------------------------------------------------------------------------------


def test_the_demonstration_is_sixty_made_up_people_a_third_of_them_speaking_spanish(db):
    program_id = demonstration.load_demo()
    assert demonstration.load_demo() == program_id
    rows = Enrollment.objects.filter(program_id=program_id).select_related("person")
    assert rows.count() == 60 and rows.filter(person__language="es").count() == 20
    assert all(row.person.made_up and row.a1c_percent and row.insulin is not None for row in rows)
    assert len({row.person.nickname for row in rows}) == 60
    verdicts = {row.verdict for row in Intake.objects.filter(enrollment__program=program_id)}
    assert Intake.objects.count() == 60 and verdicts == {"eligible", "not_eligible"}
    assert all(people.number_to_dial(row.person_id) for row in rows)


def test_every_row_of_the_demonstration_is_one_of_the_survey():
    from peerline.programs.demo import draw

    real = {
        (str(int(float(r["AgeInYearsAtScreening"]))), "woman" if r["Gender"] == "Female" else "man",
         f"{float(r['Glycohemoglobin']):.1f}", "yes" if r["TakingInsulinNow"] == "1.0" else "no")
        for r in draw.survey_rows()
    }  # fmt: skip
    with demonstration.ROSTER.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all((row["Age"], row["Gender"], row["A1C"], row["Insulin"]) in real for row in rows)
    assert all(row["Phone"].startswith("(734) 555-01") for row in rows)
