"""Sessions and who comes: seats are never sold twice, whoever waits moves up, everybody is told once (S33, S54, S55)."""

from datetime import timedelta

import pytest

from peerline.groups import agenda, queries, services
from peerline.groups.models import Seat, Session
from peerline.groups.rules import GroupError
from peerline.jobs.services import drain
from peerline.kernel.elements import Element
from peerline.kernel.events import NeedMet, NeedsStaff
from peerline.people.access import NotThere
from peerline.programs import services as programs
from tests.cast import clinic, viewer
from tests.groups.conftest import JOINED, NOW

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def refused(word, act, *args, **facts):
    with pytest.raises(GroupError) as reason:
        act(*args, **facts)
    assert reason.value.word == word


@pytest.mark.req("S33")
def test_a_session_of_the_protocol_takes_its_title_from_it(circle):
    session = circle.plan()
    assert session.title == "Group session, month 1"
    refused("not_a_choice", circle.plan, key="month-99")
    refused("no_place", circle.plan, place="")
    refused("in_the_past", circle.plan, begins_at=NOW - DAY)


@pytest.mark.req("S33")
def test_those_whose_week_has_come_are_invited_once_and_nobody_else(circle):
    late = circle.joins(50)  # joined today: a month too early for this one
    session = circle.plan()
    circle.tick()
    circle.tick()
    assert set(session.seats_taken.values_list("person_id", flat=True)) == {one.pk for one in circle.people}
    assert [circle.told(one, "invited") for one in (*circle.people, late)] == [1] * 12 + [0]


@pytest.mark.req("S98", "S54")
def test_after_the_last_session_a_yearly_one_goes_on_for_good_once_a_year(circle):
    for year in range(2):
        begins_at = JOINED + timedelta(weeks=78 + 52 * year)
        circle.at(begins_at - 2 * WEEK)
        session = circle.plan(key="yearly", begins_at=begins_at)
        circle.tick()
        assert session.seats_taken.count() == 12, "graduates are asked every year"
        circle.comes(session, *circle.people)
        circle.at(begins_at + timedelta(hours=1))
        for one in circle.people:
            services.mark(circle.staff, session_id=session.pk, person_id=one.pk, came=True)
        services.close(circle.staff, session_id=session.pk)
        again = circle.plan(key="yearly", begins_at=begins_at + 3 * WEEK)
        assert queries.to_invite(again) == [], "and not twice in one year"
        services.cancel(circle.staff, session_id=again.pk)


def test_one_made_by_hand_is_for_everybody(circle):
    late = circle.joins(50)
    session = circle.plan(key="", titles={"en": "A walk", "es": "Una caminata"}, seats=2)
    assert len(queries.to_invite(session)) == 13 and late.pk in queries.to_invite(session)


def test_seats_are_never_more_than_there_are_and_whoever_waits_longest_moves_up(circle):
    session = circle.plan(seats=2)
    one, two, three, four = circle.people[:4]
    assert [seat.state for seat in circle.comes(session, one, two, three, four)] == ["coming", "coming", "waiting", "waiting"]  # fmt: skip
    services.give_up(circle.staff, session_id=session.pk, person_id=one.pk)
    states = dict(session.seats_taken.values_list("person_id", "state"))
    assert states == {one.pk: "out", two.pk: "coming", three.pk: "coming", four.pk: "waiting"}
    assert circle.told(three, "moved_up") == 1 and circle.told(four, "moved_up") == 0
    refused("too_few_seats", services.change, circle.staff, session_id=session.pk, seats=1)
    services.change(circle.staff, session_id=session.pk, seats=3)
    assert circle.told(four, "moved_up") == 1, "another seat is as good as one given up"


def test_whoever_leaves_the_program_leaves_their_seat(circle):
    session = circle.plan(seats=1)
    one, two = circle.people[:2]
    circle.comes(session, one, two)
    programs.stop(circle.staff, programs.queries.enrolled(one.pk)[0].enrollment_id)
    drain()
    assert dict(session.seats_taken.values_list("person_id", "state")) == {one.pk: "out", two.pk: "coming"}


def test_another_time_is_told_to_everybody_and_another_leader_to_nobody(circle):
    session = circle.plan()
    circle.comes(session, *circle.people[:2])
    services.change(circle.staff, session_id=session.pk, led_by_id=circle.staff.person_id)
    assert circle.told(circle.people[0], "moved") == 0
    services.change(circle.staff, session_id=session.pk, begins_at=session.begins_at + DAY)
    assert [circle.told(one, "moved") for one in circle.people[:3]] == [1, 1, 0]
    services.cancel(circle.staff, session_id=session.pk)
    services.cancel(circle.staff, session_id=session.pk)
    assert [circle.told(one, "canceled") for one in circle.people[:3]] == [1, 1, 0]
    refused("is_canceled", services.sign_up, circle.staff, session_id=session.pk, person_id=circle.people[0].pk)


def test_reminders_come_a_week_and_a_day_before_once_each_and_only_to_those_who_come(circle):
    session = circle.plan()
    early, late, out = circle.people[:3]
    circle.comes(session, early, out)
    circle.at(session.begins_at - 2 * DAY)
    services.give_up(circle.staff, session_id=session.pk, person_id=out.pk)
    circle.comes(session, late)
    for hours in range(9 * 24, -1, -6):
        circle.at(session.begins_at - timedelta(hours=hours))
        circle.tick()
    assert [(circle.told(one, "week"), circle.told(one, "day")) for one in (early, late, out)] == [(1, 1), (0, 1), (0, 0)]  # fmt: skip


@pytest.mark.req("S55")
def test_whoever_missed_one_is_offered_another_way_and_after_two_staff_are_told(circle, monkeypatch):
    announced = []
    monkeypatch.setattr(services, "announce", announced.append)
    one, two = circle.people[:2]
    for number, key in enumerate(("month-1", "")):
        session = circle.plan(key=key, begins_at=circle.now + 2 * DAY, titles={"en": "More", "es": "Más"})
        circle.comes(session, one, two)
        circle.at(session.begins_at + timedelta(hours=2))
        services.mark(circle.staff, session_id=session.pk, person_id=two.pk, came=True)
        services.close(circle.staff, session_id=session.pk)
        circle.at(circle.now + timedelta(hours=2))
        circle.tick()
        assert (circle.told(one, "missed"), circle.told(two, "missed")) == (number + 1, 0)
    needs = [event for event in announced if isinstance(event, NeedsStaff) and event.kind == "groups.missed"]
    assert [(event.person_id, event.facts) for event in needs] == [(one.pk, {"missed": 2})]
    seat = Seat.objects.get(session=session, person=one)
    services.choose_another(circle.as_(one), seat_id=seat.pk, another="nurse")
    assert NeedMet(needs[0].key) in announced, "somebody who chose has been seen to"
    assert announced[-1].kind == "groups.wants_nurse"
    with pytest.raises(NotThere):
        services.choose_another(circle.as_(two), seat_id=seat.pk, another="none")


def test_who_came_is_known_only_after_it_began_and_may_be_put_right(circle):
    session = circle.plan()
    person_id = circle.people[0].pk
    refused("not_yet", services.mark, circle.staff, session_id=session.pk, person_id=person_id, came=True)
    refused("not_yet", services.close, circle.staff, session_id=session.pk)
    circle.at(session.begins_at)
    assert services.mark(circle.staff, session_id=session.pk, person_id=person_id, came=True).came_by == "place"
    services.close(circle.staff, session_id=session.pk)
    services.mark(circle.staff, session_id=session.pk, person_id=person_id, came=False)
    assert queries.missed_in_a_row(person_id, circle.program.pk) == 1


def test_a_session_nobody_ticked_and_one_nobody_planned_reach_the_staff(circle):
    from peerline.care.models import Need

    session = circle.plan()
    circle.at(session.ends_at + 2 * DAY)
    circle.tick()
    drain()
    assert Need.objects.filter(kind="groups.unmarked").count() == 1
    services.close(circle.staff, session_id=session.pk)
    wanted = {row.key: row.people for row in queries.wanted(circle.program, circle.now)}
    assert wanted == {"month-1": 12}, "nobody came, so the session is due again"
    circle.at(circle.now + 2 * DAY)
    circle.tick()
    drain()
    assert Need.objects.filter(kind="groups.no_session", closed_at=None).count() == 1
    circle.plan(begins_at=circle.now + WEEK)
    drain()
    assert not Need.objects.filter(kind__startswith="groups.", closed_at=None).exists()


@pytest.mark.req("T1")
def test_nobody_acts_on_what_is_not_theirs(circle):
    session = circle.plan()
    one, two = circle.people[:2]
    services.invite(circle.staff, session_id=session.pk, person_id=one.pk)
    stranger = viewer(clinic("Elsewhere"), "coordinator")
    for actor, person in ((stranger, one), (circle.as_(two), one), (circle.as_(two), two)):
        with pytest.raises(NotThere):
            services.sign_up(actor, session_id=session.pk, person_id=person.pk)
    assert services.sign_up(circle.as_(one), session_id=session.pk, person_id=one.pk).state == "coming"
    with pytest.raises(NotThere):
        agenda.add_point(circle.as_(two), session_id=session.pk, topic="food")


@pytest.mark.req("S96", "S98")
def test_what_people_came_to_counts_for_the_elements_its_protocol_names(circle):
    session = circle.plan()
    one, two = circle.people[:2]
    circle.comes(session, one, two)
    circle.at(session.begins_at)
    services.mark(circle.staff, session_id=session.pk, person_id=one.pk, came=True)
    services.mark(circle.staff, session_id=session.pk, person_id=two.pk, came=False)
    counted = {element for element in Element if queries.came_to(element)(circle.program.pk) == {one.pk: 1}}
    assert counted == {Element.EDUCATION, Element.GOALS, Element.FOLLOWUP}
    assert queries.came_to(Element.GOALS)(circle.program.pk, [two.pk]) == {}


def test_inviting_asks_as_many_questions_for_a_hundred_people_as_for_ten(circle, django_assert_max_num_queries):
    for number in range(60, 110):
        circle.at(JOINED)
        circle.joins(number)
    circle.at(NOW)
    session = circle.plan()
    with django_assert_max_num_queries(3):
        assert len(queries.to_invite(session)) == 62
    assert Session.objects.count() == 1
