"""Group sessions by nothing but a kitchen telephone: hear, come, bring a point, go in, twenty at once; and the training."""

from datetime import timedelta

import pytest

from peerline.entry import services as entry
from peerline.exchange.models import Call, Member, Room, VoiceMessage
from peerline.groups import agenda, queries, services, training
from peerline.groups.models import Point, Seat
from peerline.people.access import PLATFORM
from peerline.people.queries import number_to_dial
from tests.groups.conftest import NOW, Circle

MINUTE = timedelta(minutes=1)


def dial(circle, person):
    """At the menu of the caller's sessions."""
    telephone = circle.line.dial(number_to_dial(person.pk))
    circle.line.press(telephone, entry.issue_pin(PLATFORM, person.pk))
    if telephone.asked.startswith("pin."):
        circle.line.press(telephone, "*")
    assert telephone.asked == "menu.main", telephone.transcript
    circle.line.press(telephone, "42")
    return telephone


@pytest.fixture
def by_telephone(circle):
    """A telephone session in an hour, everybody comes."""
    circle.session = circle.plan(way="telephone", place="", begins_at=NOW + timedelta(hours=1), seats=30)
    circle.comes(circle.session, *circle.people)
    return circle


def test_a_caller_hears_when_it_is_and_comes_or_not(circle):
    session = circle.plan()
    services.invite(circle.staff, session_id=session.pk, person_id=circle.people[0].pk)
    caller = dial(circle, circle.people[0])
    assert caller.asked == "groups.session" and "groups.invited" in caller.heard
    circle.line.press(caller, "2")
    assert "groups.coming" in caller.heard and Seat.objects.get().state == "coming"
    circle.line.press(caller, "2")
    assert "groups.not_coming" in caller.heard and Seat.objects.get().door == "phone"


@pytest.mark.req("S44")
def test_a_caller_brings_a_topic_and_a_voice_note_that_staff_hear(circle):
    session = circle.plan()
    circle.comes(session, circle.people[0])
    caller = dial(circle, circle.people[0])
    circle.line.press(caller, "314")
    assert "groups.brought" in caller.transcript and agenda.points_of(session)[0].topic == "mood"
    circle.line.press(caller, "32")
    circle.line.speak(caller, 3)
    circle.line.press(caller, "1")
    note = Point.objects.exclude(voice=None).get()
    assert note.door == "phone" and VoiceMessage.objects.get(pk=note.voice_id).for_staff


def test_nobody_goes_in_before_it_opens_and_late_comers_do(by_telephone):
    circle, (early, late) = by_telephone, by_telephone.people[:2]
    caller = dial(circle, early)
    assert "groups.go_in" not in caller.heard
    circle.line.hang_up(caller)
    circle.at(circle.session.begins_at + 80 * MINUTE)
    caller = dial(circle, late)
    circle.line.press(caller, "1")
    assert caller.asked == "groups.room" and caller.tone == "hold", "alone, and waits for others"
    assert "groups.inside" in caller.heard
    assert Seat.objects.get(person=late).came and Seat.objects.get(person=late).came_by == "telephone"
    circle.line.hang_up(caller)
    assert not Room.objects.filter(closed_at=None).exists()


@pytest.mark.req("S21", "S33")
def test_twenty_telephones_are_in_one_room_and_each_may_step_aside_leave_and_come_back(db, time_machine):
    circle = Circle(time_machine, 20)
    circle.session = circle.plan(way="telephone", place="", begins_at=NOW + timedelta(hours=1), seats=30)
    circle.comes(circle.session, *circle.people)
    circle.at(circle.session.begins_at - 5 * MINUTE)
    callers = [dial(circle, person) for person in circle.people]
    for caller in callers:
        circle.line.press(caller, "1")
    inside = [legs for legs in circle.line.rooms.values() if legs]
    assert [len(legs) for legs in inside] == [20] and Room.objects.filter(closed_at=None).count() == 1
    assert {caller.tone for caller in callers} == {""}, "nobody hears a waiting tone"
    assert len(queries.inside(circle.session)) == 20
    circle.line.press(callers[0], "*")
    assert callers[0].asked == "groups.aside" and len(queries.inside(circle.session)) == 20, "one aside is still there"
    circle.line.press(callers[0], "2")
    assert callers[0].asked == "groups.again" and len(inside[0]) == 20
    circle.line.hang_up(callers[1])
    again = dial(circle, circle.people[1])
    circle.line.press(again, "1")
    assert len(inside[0]) == 20 and again.leg_id in inside[0]
    for caller in [callers[0], again, *callers[2:]]:
        circle.line.hang_up(caller)
    assert not Member.objects.exclude(state="gone").exists() and not Room.objects.filter(closed_at=None).exists()
    assert Call.objects.filter(label=circle.session.label, ended_at=None).count() == 0
    assert Seat.objects.filter(came=True).count() == 20


def test_the_last_one_in_the_room_is_not_sent_away(by_telephone):
    circle = by_telephone
    circle.at(circle.session.begins_at)
    one, two = (dial(circle, person) for person in circle.people[:2])
    circle.line.press(one, "1")
    circle.line.press(two, "1")
    circle.line.hang_up(one)
    assert two.asked == "groups.room" and two.tone == "hold" and not two.over


def test_when_it_begins_the_line_rings_those_who_come_once(by_telephone):
    circle = by_telephone
    first = dial(circle, circle.people[0])
    services.give_up(circle.staff, session_id=circle.session.pk, person_id=circle.people[1].pk)
    for second in range(0, 180, 20):
        circle.at(circle.session.begins_at + timedelta(seconds=second))
        circle.tick()
    circle.line.settle()
    rung = {number for _leg, number in circle.line.ring_log}
    assert rung == {number_to_dial(person.pk) for person in circle.people[2:]}, "not who is on the line, nor who does not come"  # fmt: skip
    assert len(circle.line.ring_log) == len(rung)
    guest = circle.line.ringing_at(number_to_dial(circle.people[2].pk))
    circle.line.answer(guest)
    assert guest.heard[0] == "groups.begins"
    circle.line.press(guest, "1")
    assert guest.asked == "groups.room" and Seat.objects.get(person=circle.people[2]).came
    circle.line.hang_up(first)


def test_whoever_leads_is_rung_into_it_and_counts_as_nobodys_seat(by_telephone):
    from tests.cast import fresh_number, somebody

    circle = by_telephone
    nurse = somebody(circle.organization, "nurse", phone=fresh_number())
    circle.at(circle.session.begins_at)
    services.ring_leader(circle.as_(nurse), session_id=circle.session.pk)
    circle.line.settle()
    telephone = circle.line.ringing_at(number_to_dial(nurse.pk))
    circle.line.answer(telephone)
    circle.line.press(telephone, "1")
    assert telephone.asked == "groups.room" and queries.inside(circle.session) == {nurse.pk}
    assert not Seat.objects.filter(person=nurse).exists()


@pytest.mark.req("S28")
def test_the_training_by_telephone_goes_on_where_it_was_left_off(circle):
    me = circle.people[0]
    caller = dial(circle, me)
    assert caller.asked == "training.offer"
    circle.line.press(caller, "1111")
    assert "training.screen_4" in caller.heard
    circle.line.hang_up(caller)
    assert training.reached(me.pk).screen == 3
    caller = dial(circle, me)
    circle.line.press(caller, "1")
    assert "training.screen_4" in caller.heard
    circle.line.press(caller, "111")
    circle.line.press(caller, "2")
    assert "training.because_1" in caller.heard, "no answer is wrong, each is met with the reason"
    circle.line.press(caller, "11")
    assert "training.done" in caller.transcript
    assert training.reached(me.pk).how == "phone" and training.trained([me.pk]) == {me.pk}
