"""Staff minutes per pair and month: written down when work is closed, summed in the table, saved for a spreadsheet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.care import minutes, needs, services
from peerline.care.models import StaffMinutes
from peerline.exchange.models import Call
from peerline.kernel import clock
from peerline.people.access import NotThere
from tests import cast
from tests.exchange.conftest import town  # noqa: F401

pytestmark = pytest.mark.req("S20")


@pytest.fixture
def nurse(town):  # noqa: F811
    return cast.somebody(town.organization, "nurse", email="dana@example.org", nickname="Dana")


@pytest.fixture
def dana(nurse):
    from peerline.people.access import viewer_of

    return viewer_of(nurse.pk)


def work(town, dana, took, person=None, key="k"):  # noqa: F811
    person = person or town.rosa
    need = needs.arise(kind="plans.unsure", key=key, level="E3", program_id=town.program.pk, person_id=person.pk)
    services.finish(dana, need_id=need.pk, note="Talked.", minutes=took)
    return need


def test_minutes_about_a_person_count_for_their_pair_and_closing_twice_counts_once(town, dana):  # noqa: F811
    need = work(town, dana, 12)
    needs.undo(dana, need_id=need.pk)
    services.finish(dana, need_id=need.pk, note="Talked again.", minutes=15)
    row = StaffMinutes.objects.get()
    assert (row.pair, row.minutes, row.staff_id) == (town.pair, 15, dana.person_id)


def test_a_drill_counts_nowhere(town, dana):  # noqa: F811
    drill = needs.arise(kind="care.drill", key="d", level="E1", program_id=town.program.pk, drill=True)
    services.finish(dana, need_id=drill.pk, note="", minutes=9)
    assert not StaffMinutes.objects.exists()


def test_the_guess_is_the_length_of_the_calls_else_how_long_it_was_open(town, dana, time_machine):  # noqa: F811
    began = clock.now()
    assert minutes.guess(dana, None) == 1
    time_machine.move_to(began + timedelta(minutes=7, seconds=10))
    assert minutes.guess(dana, began) == 8
    Call.objects.create(began_at=clock.now(), way="staff", placed_by_id=dana.person_id, talk_seconds=610)
    assert minutes.guess(dana, began) == 11
    time_machine.move_to(began + timedelta(hours=9))
    assert minutes.guess(dana, clock.now() - timedelta(hours=8)) in (11, 30)


def test_months_and_pairs_are_summed(town, dana, time_machine):  # noqa: F811
    for day, took in ((5, 10), (20, 20), (33, 40)):
        time_machine.move_to(datetime(2027, 1, 1, 17, tzinfo=UTC) + timedelta(days=day))
        work(town, dana, took, key=f"{day}")
    work(town, dana, 5, town.third, key="oak")
    assert minutes.listed(dana, town.program.pk) == [
        ["February 2027", "Maple & Elm", 40, 1], ["February 2027", "no pair", 5, 1],
        ["January 2027", "Maple & Elm", 30, 2],
    ]  # fmt: skip
    last = minutes.months(dana, town.program.pk)[-2:]
    assert [(one.first, one.minutes, one.pairs, one.a_pair) for one in last] == [
        (date(2027, 1, 1), 30, 1, 30), (date(2027, 2, 1), 45, 1, 45),
    ]  # fmt: skip


def test_a_page_asks_as_often_however_many_rows(town, dana, nurse, client):  # noqa: F811
    cast.sign_in(client, nurse)
    there, counts = f"/desk/time/{town.program.pk}/", []
    for count in (2, 60):
        StaffMinutes.objects.bulk_create(
            StaffMinutes(staff=nurse, program=town.program, pair=town.pair, minutes=3, on=date(2026, 1 + n % 12, 1))
            for n in range(count)
        )
        with CaptureQueriesContext(connection) as asked:
            assert client.get(there).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.req("T12")
def test_the_file_has_sums_and_no_name(town, dana, nurse, client):  # noqa: F811
    work(town, dana, 12)
    cast.sign_in(client, nurse)
    text = b"".join(client.get(f"/desk/time/{town.program.pk}/file/").streaming_content).decode()
    assert text.splitlines()[1].split(",")[1:] == [str(town.pair.pk), "12", "1"] and "Maple" not in text


def test_another_clinic_s_minutes_are_not_there(town):  # noqa: F811
    with pytest.raises(NotThere):
        minutes.listed(cast.viewer(cast.clinic("Elsewhere"), "nurse"), town.program.pk)
