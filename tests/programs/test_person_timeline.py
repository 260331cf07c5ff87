"""One record and one timeline: all that happened with somebody and is to come, over all their programs (S112)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.audit import queries as audit
from peerline.care import needs
from peerline.groups import services as groups
from peerline.kernel import clock
from peerline.messaging.models import Written
from peerline.outcomes import services as outcomes
from peerline.pairs import services as pairs
from peerline.people.access import PLATFORM
from peerline.plans import services as plans
from peerline.programs import moments as reading
from peerline.programs import services as programs
from peerline.programs.models import Enrollment
from peerline.ui import moments
from tests import cast
from tests.monitoring.conftest import clinic, other_clinic, programs_enroll  # noqa: F401

SECRET = "My words are mine"


@pytest.fixture
def anna(clinic):  # noqa: F811
    """In both programs, with something of every kind."""
    north, south = clinic.programs
    pair = clinic.pairs[0]
    person = pair.partners.order_by("pk").first().person
    partner = pair.partners.order_by("pk").last().person_id
    programs_enroll(south, person)
    clinic.call(pair, clock.now() - timedelta(days=3), seconds=840)
    clinic.call(pair, clock.now() - timedelta(days=2), outcome="no_answer", seconds=0)
    Written.objects.create(
        label=f"pair:{pair.pk}", author=person, to_person_id=partner, words=SECRET, by="web", at=clock.now()
    )
    mine = Enrollment.objects.get(person=person, program=north)
    plan = plans.start(PLATFORM, enrollment_id=mine.pk)
    plans.write(PLATFORM, plan_id=plan.pk, domain="exercise", what=SECRET, times_a_week=3, confidence=9)
    plans.begin(PLATFORM, plan_id=plan.pk)
    outcomes.open_sheet(PLATFORM, enrollment_id=mine.pk, occasion="asked", instruments=["phq2"])
    session = groups.plan(
        PLATFORM, program_id=south.pk, begins_at=clock.now() + timedelta(days=5), way="telephone", time_zone="UTC"
    )
    groups.sign_up(PLATFORM, session_id=session.pk, person_id=person.pk)
    needs.arise(
        kind="plans.unsure", key="a need", level="E3", program_id=north.pk, person_id=person.pk, facts={"confidence": 3}
    )
    return person


def page(client, clinic, who, path):  # noqa: F811
    cast.sign_in(client, who)
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def whole(viewer, person_id, size=40):
    """All lines, page by page."""
    reader, found, place = reading.reader_of(viewer, person_id), [], ""
    for _ in range(60):
        lines, place = moments.past(reader, clock.now(), place, size)
        found += lines
        if not place:
            return found
    raise AssertionError("the pages do not end")


@pytest.mark.req("S112")
def test_staff_read_on_one_page_what_happened_in_all_programs_and_what_comes(client, clinic, anna):  # noqa: F811
    nurse = cast.somebody(clinic.organization, "nurse", email="dana@example.org")
    html = page(client, clinic, nurse, f"/people/{anna.pk}/timeline/")
    for words in ("A talk, 14 minutes", "A plan begun", "Looking back on the plan", "A pair with B begun", "Session:",
                  "Words written to the partner", "Put before the staff", "Willow north", "Willow south", "Questions:"):  # fmt: skip
        assert words in html, words
    assert SECRET not in html, "what was written and planned is nobody's timeline"
    assert html.index("Looking back on the plan") < html.index("A plan begun"), "what comes stands first"
    assert audit.about(anna.pk).filter(verb="people.saw", detail__what="timeline", actor_id=nurse.pk).count() == 1


@pytest.mark.req("S112")
def test_the_person_reads_their_own_time_in_plain_words_and_nothing_of_the_staff_s_work(client, clinic, anna):  # noqa: F811
    html = page(client, clinic, anna, "/me/time/")
    assert "A talk, 14 minutes" in html and "A pair with B begun" in html and "Session:" in html
    assert "Put before the staff" not in html and SECRET not in html and f"/people/{anna.pk}/" not in html


@pytest.mark.req("S112", "T2")
def test_whoever_keeps_one_program_reads_the_lines_of_that_program_only(client, clinic, anna):  # noqa: F811
    _north, south = clinic.programs
    viewer = cast.viewer(clinic.organization, "nurse", program_id=south.pk)
    reader = reading.reader_of(viewer, anna.pk)
    assert list(reader.programs) == [south.pk]
    told = [one.told for one in (*moments.to_come(reader, clock.now()), *whole(viewer, anna.pk))]
    assert told and {one.program_id for one in told} <= {None, south.pk}
    assert not any("talk" in one.words.lower() or "pair" in one.words.lower() for one in told if one.program_id)


def test_another_clinic_s_staff_find_no_such_person(client, clinic, other_clinic, anna):  # noqa: F811
    cast.sign_in(client, cast.somebody(other_clinic.organization, "nurse", email="x@example.org"))
    assert client.get(f"/people/{anna.pk}/timeline/").status_code == 404


@pytest.mark.req("S112")
def test_each_line_stands_on_exactly_one_page_though_many_are_of_the_same_second(clinic, anna):  # noqa: F811
    pair, at = clinic.pairs[0], clock.now() - timedelta(hours=1)
    for _ in range(9):
        clinic.call(pair, at)
        Written.objects.create(label=f"pair:{pair.pk}", author=anna, to_person_id=anna.pk, words="w", by="web", at=at)
    viewer = cast.viewer(clinic.organization, "coordinator")
    at_once, by_pages = whole(viewer, anna.pk, 500), whole(viewer, anna.pk, 4)
    assert len(at_once) > 20 and by_pages == at_once
    assert len({one[1:3] for one in by_pages}) == len(by_pages)
    assert [one.at for one in by_pages] == sorted((one.at for one in by_pages), reverse=True)
    assert moments.past(reading.reader_of(viewer, anna.pk), clock.now(), "no~place")[0][0] == at_once[0]


@pytest.mark.req("S112")
def test_a_timeline_of_years_asks_as_often_as_a_new_one(client, clinic, anna):  # noqa: F811
    cast.sign_in(client, cast.somebody(clinic.organization, "nurse", email="dana@example.org"))
    counts = []
    for number in (1, 60):
        for _ in range(number):
            clinic.call(clinic.pairs[0])
            needs.arise(kind="plans.unsure", key=f"{clock.now()}", level="E3", program_id=clinic.programs[0].pk,
                        person_id=anna.pk, facts={"confidence": 3})  # fmt: skip
        client.get(f"/people/{anna.pk}/timeline/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/people/{anna.pk}/timeline/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 70, counts


def test_a_pair_that_ended_and_a_rest_stand_there_too(clinic, anna):  # noqa: F811
    pairs.end_pair(PLATFORM, pair_id=clinic.pairs[0].pk, reason="moved")
    row = Enrollment.objects.get(person=anna, program=clinic.programs[0])
    programs.pause(PLATFORM, enrollment_id=row.pk)
    told = [one.told.words for one in whole(cast.viewer(clinic.organization, "administrator"), anna.pk)]
    assert "The pair with B ended" in told and f"A rest begun: {clinic.programs[0].name}" in told
