"""Questions fall due in each person's own weeks, once; and one reminder, by the way the person chose."""

from datetime import timedelta

import pytest

from peerline.kernel import clock
from peerline.messaging import queries as messaging
from peerline.outcomes import duties, services
from peerline.outcomes.models import Sheet
from peerline.people.access import PLATFORM
from peerline.programs import services as programs
from peerline.programs import timeline
from peerline.programs.models import DueThing


def after(days):
    now = clock.now()
    return clock.running_on(lambda: now + timedelta(days=days))


def asked(person):
    return sorted(Sheet.objects.filter(person=person).values_list("occasion", flat=True))


@pytest.mark.req("S95")
def test_the_questions_at_the_start_and_after_six_months_are_asked_once(place):
    for _again in range(3):
        timeline.tick()
    assert asked(place.rosa) == asked(place.elm) == ["baseline"]
    with after(100):
        timeline.tick()
        assert asked(place.rosa) == ["baseline"]
    with after(26 * 7 + 1):
        timeline.tick()
        assert asked(place.rosa) == ["baseline", "month-6"]
    sheet = Sheet.objects.get(person=place.rosa, occasion="month-6")
    assert sheet.instruments[0] == "phq2" and sheet.closes_at - sheet.opens_at == timedelta(days=28)


def test_questions_about_a_partner_are_left_to_the_room_that_knows_partners(place):
    with after(15):
        assert not any(due.occurrence.startswith("week") for due in duties.occasions(clock.now()))


def test_who_joins_in_the_days_of_an_occasion_is_asked_and_who_came_too_early_is_not(place):
    with after(10):
        late = place.join("Linden")
    with after(15):
        found = {due.subject for due in duties.occasions(clock.now())}
    assert found == {f"enrollment:{place.enrollment(late)}"}


def test_a_tick_reads_only_what_is_new_and_misses_nothing(place):
    """Asked day by day, what is new adds up to what a full question finds."""
    begin = clock.now()
    for number in range(5):
        with after(number * 3):
            place.join(f"Person {number}")
    found = set()
    for day in range(-1, 200):
        since, until = begin + timedelta(days=day), begin + timedelta(days=day + 1)
        new = [(due.subject, due.occurrence) for due in duties.new_occasions(since, until)]
        assert not found & set(new), "the same thing is new twice"
        found |= set(new)
        whole = {(due.subject, due.occurrence) for due in duties.occasions(until)}
        assert whole <= found
    assert len(found) == 2 * 7


@pytest.mark.req("S15")
def test_nobody_who_rests_or_stopped_falls_due(place):
    programs.pause(PLATFORM, enrollment_id=place.enrollment(place.rosa))
    programs.stop(PLATFORM, place.enrollment(place.elm))
    assert list(duties.occasions(clock.now())) == []


def test_who_stops_between_falling_due_and_being_asked_is_not_asked(place):
    facts = {"occasion": "baseline", "instruments": ["phq2"]}
    enrollment_id = place.enrollment(place.rosa)
    programs.pause(PLATFORM, enrollment_id=enrollment_id)
    assert duties.ask(f"enrollment:{enrollment_id}", facts, clock.now()).state == "over"


def test_the_number_of_questions_to_the_database_does_not_grow_with_people(place, django_assert_num_queries):
    few = len(list(duties.occasions(clock.now())))  # the protocol is read and kept
    for number in range(20):
        place.join(f"Person {number}")
    with django_assert_num_queries(3):
        assert len(list(duties.occasions(clock.now()))) == few + 20


def test_each_is_told_when_asked_and_once_more_when_two_thirds_of_the_time_are_over(place):
    timeline.tick()
    keys = {one.key for one in messaging.reminders().filter(person=place.rosa)}
    sheet = Sheet.objects.get(person=place.rosa)
    assert keys == {f"outcomes:{sheet.pk}:asked"}
    with after(9):
        timeline.tick()
        assert messaging.reminders().filter(person=place.rosa).count() == 1
    with after(10):
        timeline.tick()
        timeline.tick()
    assert {one.key for one in messaging.reminders().filter(person=place.rosa)} == keys | {f"outcomes:{sheet.pk}:again"}


def test_no_word_of_a_reminder_tells_of_an_illness_and_none_goes_out_for_answers_that_are_in(place):
    timeline.tick()
    sheet = Sheet.objects.get(person=place.rosa)
    reminder = messaging.reminders().get(person=place.rosa)
    assert "questions" in reminder.body and "mood" not in reminder.body
    services.finish(PLATFORM, sheet_id=sheet.pk)
    reminder.refresh_from_db()
    assert reminder.state not in ("waiting", "out")
    with after(10):
        timeline.tick()
        assert messaging.reminders().filter(person=place.rosa).count() == 1


def test_a_row_says_why_it_exists(place):
    timeline.tick()
    said = {timeline.why(row) for row in DueThing.objects.filter(duty="outcomes.assessment")}
    assert said == {"Questions of the protocol are due: at the start."}
