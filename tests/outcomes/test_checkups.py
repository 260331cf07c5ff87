"""A check-up that is due is before the staff once a period, until an A1C is entered or somebody has seen to it (S94)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from peerline.care import desk, needs
from peerline.care.models import Need
from peerline.jobs.services import drain
from peerline.kernel import clock, elements
from peerline.kernel.elements import Element
from peerline.outcomes import checkups, measures, rules
from peerline.outcomes.measures import Typed
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import services as programs
from peerline.programs import timeline
from tests import cast

pytestmark = pytest.mark.req("S94")


def after(days):
    now = clock.now()
    return clock.running_on(lambda: now + timedelta(days=days))


def a1c(place, person, days_ago=0, method="lab"):
    typed = [Typed("a1c", Decimal("8.1"), "%")]
    on = clock.now().date() - timedelta(days=days_ago)
    nurse = viewer_of(place.staff["nurse"].pk)
    return measures.measure(nurse, enrollment_id=place.enrollment(person), values=typed, measured_on=on, method=method)[
        0
    ]


def due(place):
    """Whose check-up is on the nurse's desk."""
    timeline.tick()
    drain()
    found = desk.page(viewer_of(place.staff["nurse"].pk), desk.Wanted(room="outcomes"), size=100).items
    return sorted(item.names for item in found if item.need.kind == checkups.KIND)


def page_of_elements(place, client):
    cast.sign_in(client, place.staff["nurse"])
    return client.get(f"/calls/programs/{place.program.pk}/elements/").content.decode()


@pytest.mark.parametrize(
    ("today", "begins"),
    [
        (date(2026, 1, 4), None),
        (date(2026, 1, 5), date(2026, 1, 5)),
        (date(2026, 7, 5), date(2026, 1, 5)),
        (date(2026, 7, 6), date(2026, 7, 6)),
    ],
)
def test_a_period_begins_on_its_day_and_lasts_until_the_next(today, begins):
    assert rules.period(date(2026, 1, 5), 26, today) == begins


def test_whoever_has_had_no_a1c_for_half_a_year_is_on_the_desk_once_a_period(place, client):
    a1c(place, place.rosa)
    a1c(place, place.elm, days_ago=30)
    assert due(place) == []
    with after(152):
        assert due(place) == ["Elm"]
        assert due(place) == ["Elm"]
    with after(183):
        assert due(place) == ["Elm", "Maple"]
        said = page_of_elements(place, client)
        assert "2 check-ups are due" in said
        why = [item.why for item in desk.page(viewer_of(place.staff["nurse"].pk)).items]
        assert any("check-up is due" in one for one in why)
    with after(152 + 182):
        due(place)
        assert Need.objects.filter(kind=checkups.KIND, person=place.elm).count() == 2
        assert Need.objects.get(kind=checkups.KIND, person=place.elm, closed_at=None).closed_how == ""


def test_without_any_a1c_it_is_due_after_two_weeks_unless_one_was_known_at_the_start(place):
    enrollment = place.elm.enrollments.get()
    enrollment.a1c_percent = Decimal("8.4")
    enrollment.save()
    with after(13):
        assert due(place) == []
    with after(15):
        assert due(place) == ["Maple"]
    with after(183):
        assert due(place) == ["Elm", "Maple"]


def test_it_is_met_by_a_measure_due_again_when_that_is_struck_out_and_stays_done_when_staff_saw_to_it(place):
    with after(15):
        assert due(place) == ["Elm", "Maple"]
        row = a1c(place, place.rosa)
        assert due(place) == ["Elm"]
    with after(16):
        measures.strike(viewer_of(place.staff["nurse"].pk), measure_id=row.pk)
        assert due(place) == ["Elm", "Maple"]
        need = Need.objects.get(kind=checkups.KIND, person=place.elm)
        needs.done(viewer_of(place.staff["nurse"].pk), need_id=need.pk, note="Appointment on the 3rd.")
    with after(40):
        assert due(place) == ["Maple"]


def test_an_old_a1c_that_is_typed_in_late_is_due_at_once(place):
    a1c(place, place.rosa, days_ago=300)
    assert due(place) == ["Maple"]
    a1c(place, place.rosa, days_ago=20)
    assert due(place) == []


def test_who_rests_or_stopped_is_left_in_peace(place):
    programs.pause(PLATFORM, enrollment_id=place.enrollment(place.rosa))
    programs.stop(PLATFORM, place.enrollment(place.elm))
    with after(15):
        assert due(place) == []


def test_a_tick_reads_only_what_is_new_and_misses_nothing(place):
    begin, found = clock.now(), set()
    a1c(place, place.rosa, days_ago=100)
    for day in range(-1, 400):
        since, until = begin + timedelta(days=day), begin + timedelta(days=day + 1)
        new = {(one.subject, one.occurrence) for one in checkups.newly_overdue(since, until)}
        assert not found & new, "the same thing is new twice"
        found |= new
        assert {(one.subject, one.occurrence) for one in checkups.overdue(until)} <= found
    assert len(found) == 2 + 3  # Maple at 82 and 264 days; Elm at 14, 196 and 378


def test_the_number_of_questions_does_not_grow_with_people(place, django_assert_num_queries):
    with after(15):
        few = len(list(checkups.overdue(clock.now())))
    for number in range(20):
        place.join(f"Person {number}")
    with after(15), django_assert_num_queries(4):
        assert len(list(checkups.overdue(clock.now()))) == few + 20


def test_a_check_up_at_a_clinic_is_a_contact_of_regular_care_and_what_the_person_told_is_not(place):
    a1c(place, place.rosa)
    a1c(place, place.elm, method="self")
    assert elements.counts(place.program.pk)[Element.ACCESS] == {place.rosa.pk: 1}
