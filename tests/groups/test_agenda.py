"""The agenda is the participants': brought by any door, wanted by others, carried on until it was talked about (S44)."""

from datetime import timedelta

import pytest

from peerline.care.models import RedFlag
from peerline.groups import agenda, content, rules, services, words
from peerline.groups.models import Point, Record
from peerline.groups.rules import GroupError
from peerline.jobs.services import drain
from peerline.kernel import elements
from peerline.kernel.elements import Element
from peerline.kernel.languages import LANGUAGES


def said(session):
    return [point.said for point in agenda.points_of(session)]


@pytest.mark.req("S44")
def test_what_most_people_want_comes_first_and_one_person_counts_once(circle):
    session = circle.plan()
    one, two, three = circle.people[:3]
    circle.comes(session, one, two, three)
    first = agenda.add_point(circle.as_(one), session_id=session.pk, topic="food")
    second = agenda.add_point(circle.as_(two), session_id=session.pk, said="How to say no to seconds")
    for person in (one, one, three):
        agenda.vote(circle.as_(person), session_id=session.pk, point_id=second.pk, wants=True)
    assert said(session) == ["How to say no to seconds", "Eating well"]
    assert agenda.points_of(session)[0].wanted == 2
    agenda.vote(circle.as_(three), session_id=session.pk, point_id=second.pk, wants=False)
    assert agenda.points_of(session)[0].wanted == 1
    assert (first.door, agenda.add_point(circle.staff, session_id=session.pk, said="On paper", door="paper").person_id) == ("worker", None)  # fmt: skip
    with pytest.raises(GroupError, match="nothing_said"):
        agenda.add_point(circle.as_(one), session_id=session.pk, said="  ")


@pytest.mark.req("S44")
def test_what_was_not_reached_goes_on_until_it_is(circle):
    first = circle.plan()
    circle.comes(first, circle.people[0])
    reached = agenda.add_point(circle.staff, session_id=first.pk, topic="food")
    agenda.add_point(circle.staff, session_id=first.pk, topic="mood")
    agenda.settle_point(circle.staff, session_id=first.pk, point_id=reached.pk, state="reached")
    circle.at(first.begins_at + timedelta(hours=2))
    services.close(circle.staff, session_id=first.pk)
    first.refresh_from_db()
    assert said(first) == ["Eating well"], "what a session talked about stays with it"
    later = circle.plan(key="", titles={"en": "Later"}, begins_at=circle.now + timedelta(days=30))
    sooner = circle.plan(key="", titles={"en": "Sooner"}, begins_at=circle.now + timedelta(days=9))
    assert (said(sooner), said(later)) == (["Stress and mood"], [])
    services.cancel(circle.staff, session_id=sooner.pk)
    assert said(later) == ["Stress and mood"]
    circle.at(later.begins_at)
    services.close(circle.staff, session_id=later.pk)
    assert Point.objects.get(topic="mood").rolled == 1


def test_the_record_is_kept_sealed_and_only_known_steps_count(circle):
    session = circle.plan()
    with pytest.raises(GroupError, match="not_yet"):
        agenda.write_record(circle.staff, session_id=session.pk, solved="The bus")
    circle.at(session.begins_at)
    agenda.write_record(circle.staff, session_id=session.pk, solved="The bus", fidelity=["commit", "explore", "dance"])
    row = Record.objects.get()
    assert (row.solved, row.fidelity) == ("The bus", ["explore", "commit"])
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT solved FROM groups_record")
        assert "bus" not in cursor.fetchone()[0]


@pytest.mark.req("S29", "S43", "S47")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_leads_through_the_five_steps_in_a_whole_session(language):
    guide = content.guide(language)
    assert tuple(step.key for step in guide["steps"]) == rules.STEPS == tuple(words.STEPS)
    assert sum(step.percent for step in guide["steps"]) == 100
    assert all(sentence.endswith("?") for step in guide["steps"] for sentence in step.ask[:1]), (
        "it asks, it does not teach"
    )


@pytest.mark.req("S28", "S47")
def test_the_lesson_is_the_same_in_both_languages():
    english, spanish = content.screens("en"), content.screens("es")
    assert len(english) == len(spanish) == rules.SCREENS
    assert [len(one.words) for one in english] == [len(one.words) for one in spanish]
    assert [len(one.answers) for one in content.checks("en")] == [len(one.answers) for one in content.checks("es")]


@pytest.mark.req("S116")
def test_what_is_brought_and_what_the_leader_writes_is_read_for_red_flags_each_time(circle):
    session = circle.plan()
    agenda.add_point(circle.staff, session_id=session.pk, said="I can't afford the insulin", door="paper")
    circle.at(session.begins_at)
    agenda.write_record(circle.staff, session_id=session.pk, solved="The bus")
    drain()
    assert [(flag.source.partition(":")[0], flag.found) for flag in RedFlag.objects.all()] == [
        ("groups.point", ["rationing"])
    ]
    circle.at(circle.now + timedelta(minutes=5))
    agenda.write_record(circle.staff, session_id=session.pk, emotions="He said: I want to kill myself")
    drain()
    assert RedFlag.objects.latest("pk").source == f"groups.record:{Record.objects.get().pk}"


@pytest.mark.req("S99")
def test_whoever_came_and_is_named_as_sent_somewhere_was_linked_to_help_nearby(circle):
    session = circle.plan()
    here, not_named, away = circle.people[1:4]
    circle.comes(session, here, not_named, away)
    circle.at(session.begins_at + timedelta(hours=2))
    for person in (here, not_named, away):
        services.mark(circle.staff, session_id=session.pk, person_id=person.pk, came=person is not away)
    words_there = "TREE 01: the food bank. Tree 03: a ride."
    agenda.write_record(circle.staff, session_id=session.pk, referrals=words_there)
    found = elements.counts(circle.program.pk)[Element.COMMUNITY]
    assert found == {here.pk: 1}
    assert elements.counts(circle.program.pk, [not_named.pk])[Element.COMMUNITY] == {}
