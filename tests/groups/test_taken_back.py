"""What was to be said of a session and holds no longer is not said."""

from datetime import timedelta

import pytest

from peerline.groups import services
from peerline.jobs.services import drain
from peerline.kernel import week
from peerline.messaging import reminders
from peerline.messaging.models import Message
from peerline.people import services as people
from peerline.people.access import PLATFORM, viewer_of
from peerline.programs import services as programs

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def work():
    for _ in range(3):
        reminders.tick()
        drain()


def later(circle, at):
    """What is due at that instant, with whatever gets a second of its own in the minute after."""
    for seconds in (0, 60):
        circle.at(at + timedelta(seconds=seconds))
        work()


@pytest.fixture
def waits(circle, settings):
    """Somebody comes to a session. They and two others take no calls in the hours in which the reminder of the day before,
    and invitations, are written."""
    settings.ENGINE = "simulated"
    person = circle.people[0]
    for one in circle.people[:3]:
        people.set_blocked_hours(PLATFORM, one.pk, week.of_days(range(7), 10, 13))
    session = circle.plan()
    circle.comes(session, person)
    circle.at(session.begins_at - DAY)
    circle.tick()
    work()
    return person, session


def said(person):
    return list(Message.objects.filter(to_person=person).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("leaves", ["not", "gives_up", "stops"])
def test_whoever_does_not_come_any_more_is_not_reminded(circle, waits, leaves):
    person, session = waits
    if leaves == "gives_up":
        services.give_up(viewer_of(person.pk), session_id=session.pk, person_id=person.pk)
    if leaves == "stops":
        services.left_the_program(person.pk, circle.program.pk)
    later(circle, session.begins_at - 20 * HOUR)
    assert said(person) == (["groups.day"] if leaves == "not" else [])


def test_a_session_that_is_not_held_is_canceled_and_nothing_else(circle, waits):
    person, session = waits
    services.cancel(circle.staff, session_id=session.pk)
    later(circle, session.begins_at - 20 * HOUR)
    assert said(person) == ["groups.canceled"]


def test_a_session_that_is_moved_is_told_in_its_new_words_only(circle, waits):
    person, session = waits
    services.change(circle.staff, session_id=session.pk, begins_at=session.begins_at + HOUR)
    later(circle, session.begins_at - 20 * HOUR)
    assert said(person) == ["groups.moved"]


def test_whoever_had_not_heard_of_their_seat_before_it_was_moved_hears_of_it_then(circle, waits):
    _person, session = waits
    services.change(circle.staff, session_id=session.pk, seats=1)
    late, invited = circle.people[1:3]
    circle.comes(session, late)
    services.give_up(circle.staff, session_id=session.pk, person_id=circle.people[0].pk)
    services.change(circle.staff, session_id=session.pk, begins_at=session.begins_at + HOUR)
    later(circle, session.begins_at - 20 * HOUR)
    assert (said(late), said(invited)) == (["groups.moved_up"], ["groups.invited"])


@pytest.mark.req("S44")
@pytest.mark.parametrize(("rests", "rung"), [(False, 1), (True, 0)])
def test_whoever_rests_is_not_rung_into_a_telephone_session(circle, settings, rests, rung):
    settings.ENGINE = "simulated"
    person = circle.people[0]
    session = circle.plan(way="telephone", place="", begins_at=circle.now + HOUR)
    circle.comes(session, person)
    if rests:
        programs.pause(viewer_of(person.pk), enrollment_id=person.enrollments.get().pk)
    circle.at(session.begins_at)
    circle.tick()
    circle.line.settle()
    assert len(circle.line.ring_log) == rung


@pytest.mark.req("S44")
@pytest.mark.parametrize(("signed_up", "told"), [(True, ["groups.canceled"]), (False, [])])
def test_whoever_rests_keeps_their_seat_and_hears_when_the_session_is_canceled(circle, signed_up, told):
    person, session = circle.people[0], circle.plan()
    if signed_up:
        circle.comes(session, person)
    else:
        services.invite(circle.staff, session_id=session.pk, person_id=person.pk)
    programs.pause(viewer_of(person.pk), enrollment_id=person.enrollments.get().pk)
    services.cancel(circle.staff, session_id=session.pk)
    work()
    assert [one for one in said(person) if one != "groups.invited"] == told


def test_whoever_rests_may_give_up_their_seat(circle):
    person, session = circle.people[0], circle.plan()
    circle.comes(session, person)
    programs.pause(viewer_of(person.pk), enrollment_id=person.enrollments.get().pk)
    assert services.give_up(viewer_of(person.pk), session_id=session.pk, person_id=person.pk).state == "out"
