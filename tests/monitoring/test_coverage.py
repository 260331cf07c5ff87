"""The six elements of a program and of each person, with the gaps, in as many questions for fifty people as for three (S100)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.care.models import Voicemail
from peerline.exchange.models import VoiceMessage
from peerline.groups import training
from peerline.kernel import elements
from peerline.kernel.elements import Element
from peerline.monitoring import coverage
from peerline.pairs import queries as pair_queries
from peerline.pairs.models import PairWeek
from peerline.people.access import PLATFORM
from peerline.plans import services as plans
from peerline.programs import services as programs
from tests import cast
from tests.plans.conftest import STEP, Here, here

__all__ = ["here"]


def begin_plan(person):
    plan = plans.start(PLATFORM, enrollment_id=person.enrollments.get().pk)
    plans.write(PLATFORM, plan_id=plan.pk, **STEP)
    plans.begin(PLATFORM, plan_id=plan.pk)


@pytest.mark.req("S96", "S98", "S100")
def test_each_element_says_whom_it_reached(here):
    begin_plan(here.rosa)
    begin_plan(here.rosa)
    PairWeek.objects.create(pair=here.pair, monday=here.now.date(), talks=3)
    covers = {one.element: one for one in coverage.of_program(here.program.pk)}
    assert list(covers) == list(Element)
    goals, support = covers[Element.GOALS], covers[Element.FOLLOWUP]
    assert (goals.people, goals.contacts, goals.of) == (1, 2, 2)
    assert (support.people, support.contacts, support.is_gap) == (2, 6, False)
    assert covers[Element.COMMUNITY].is_gap


@pytest.mark.req("S100")
def test_each_person_has_their_six_and_what_is_missing(here):
    begin_plan(here.rosa)
    rows, end = coverage.of_people(here.program.pk)
    by_name = {row.nickname: row for row in rows}
    goals = list(Element).index(Element.GOALS)
    assert by_name["Maple"].counts[goals] == 1 and by_name["Elm"].counts[goals] == 0
    assert "Goals set together" in by_name["Elm"].missing and "Goals set together" not in by_name["Maple"].missing
    assert end == ""


@pytest.mark.req("S94", "S97", "S100")
def test_the_training_is_education_and_a_message_the_staff_saw_to_is_access(here):
    training.record(PLATFORM, person_id=here.rosa.pk, how="paper")
    training.record(PLATFORM, person_id=here.elias.pk, how="session")  # counted as the session they came to
    for number, handled_at in enumerate((here.now, None)):
        voice = VoiceMessage.objects.create(
            file=f"voice-{number}", author=here.rosa, for_staff=True, seconds=3, left_at=here.now
        )
        Voicemail.objects.create(voice=voice, program=here.program, due_at=here.now, handled_at=handled_at)
    found = elements.counts(here.program.pk)
    assert found[Element.EDUCATION] == found[Element.ACCESS] == {here.rosa.pk: 1}
    assert elements.counts(here.program.pk, [here.elias.pk])[Element.ACCESS] == {}


def test_who_left_is_not_counted(here):
    begin_plan(here.rosa)
    programs.stop(here.me, here.enrollment_id)
    goals = next(one for one in coverage.of_program(here.program.pk) if one.element == Element.GOALS)
    assert (goals.people, goals.of) == (0, 1)


def test_talks_of_another_program_do_not_count(here):
    PairWeek.objects.create(pair=here.pair, monday=here.now.date(), talks=3)
    assert pair_queries.talks_of_each(here.program.pk + 1) == {}
    assert pair_queries.talks_of_each(here.program.pk, [here.rosa.pk]) == {here.rosa.pk: 3}


def asked(here: Here, client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/calls/programs/{here.program.pk}/elements/").status_code == 200
    return len(queries)


@pytest.mark.req("S100")
def test_the_page_asks_as_often_for_sixty_as_for_two_and_pages_through_all(here, client):
    cast.sign_in(client, here.nurse)
    asked(here, client)
    few = asked(here, client)
    for number in range(coverage.A_PAGE + 8):
        here.participant(f"P{number}", f"Fern {number:02}")
    assert asked(here, client) == few
    found, place = [], ""
    while True:
        rows, place = coverage.of_people(here.program.pk, place)
        found += [row.nickname for row in rows]
        if not place:
            break
    assert len(found) == len(set(found)) == coverage.A_PAGE + 10


def test_a_room_that_asks_for_each_person_would_be_noticed(here, client, monkeypatch):
    cast.sign_in(client, here.nurse)
    asked(here, client)
    few = asked(here, client)
    monkeypatch.setattr(elements, "_told", dict(elements._told))

    def one_by_one(program_id, people):
        return {who: pair_queries.talks_of_each(program_id, [who]).get(who, 0) for who in people or []}

    elements.tell("careless", Element.ACCESS, one_by_one)
    assert asked(here, client) > few
