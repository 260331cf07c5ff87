"""Two weeks later the person is reminded once; a week after that a person of the staff is told; and a new plan is offered."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.care.models import Need
from peerline.jobs.services import drain
from peerline.messaging.models import Reminder
from peerline.people.access import PLATFORM
from peerline.plans import duties
from peerline.plans import services as plans
from peerline.programs import services as programs
from peerline.programs import timeline
from peerline.programs.models import DueThing
from tests.plans.conftest import STEP

DAY = timedelta(days=1)


def tick(here, days=0):
    here.now += days * DAY
    timeline.tick()
    drain()


def reminders():
    return list(Reminder.objects.filter(kind__startswith="plans.").order_by("pk").values_list("kind", flat=True))


@pytest.mark.req("S31")
def test_after_two_weeks_one_reminder_comes(here):
    here.plan()
    tick(here, 13)
    assert reminders() == []
    for _ in range(3):
        tick(here, 1)
    assert reminders() == ["plans.review"]
    reminder = Reminder.objects.get(kind="plans.review")
    assert reminder.person == here.rosa and reminder.prompt == "plan.remind_review"
    assert "Maple" in timeline.why(DueThing.objects.get(duty="plans.review"))


@pytest.mark.req("S31")
def test_who_looked_back_already_is_not_reminded(here):
    plan = here.plan()
    here.now += 10 * DAY
    plans.review(here.me, plan_id=plan.pk, outcome="done", next="rest")
    tick(here, 10)
    assert reminders() == []


def test_a_reminder_that_waits_is_dropped_when_they_look_back(here):
    plan = here.plan()
    tick(here, 15)
    plans.review(here.me, plan_id=plan.pk, outcome="done", next="rest")
    assert Reminder.objects.get(kind="plans.review").state == "dropped"


def test_a_plan_nobody_looked_back_on_comes_to_the_staff_and_leaves_again(here):
    plan = here.plan()
    here.now += 14 * DAY
    timeline.tick()
    tick(here, 7)
    need = Need.objects.get(kind="plans.not_reviewed")
    assert need.person == here.rosa and need.facts["days"] == 7
    plans.review(here.me, plan_id=plan.pk, outcome="partly", next="rest")
    drain()
    need.refresh_from_db()
    assert need.closed_how == "met"


@pytest.mark.req("S31")
@pytest.mark.parametrize(("next", "offered"), [("new", True), ("rest", False), ("continue", False)])
def test_two_weeks_without_a_plan_bring_the_offer_of_a_new_one(here, next, offered):
    plans.review(here.me, plan_id=here.plan().pk, outcome="done", next=next)
    here.now += 13 * DAY
    timeline.tick()
    assert "plans.renewal" not in reminders()
    tick(here, 2)
    assert ("plans.renewal" in reminders()) is offered


def test_who_rests_or_left_is_left_in_peace(here):
    here.plan()
    programs.pause(here.me, enrollment_id=here.enrollment_id)
    tick(here, 15)
    assert reminders() == []


@pytest.mark.parametrize("duty", [duties.REVIEW, duties.NOT_REVIEWED, duties.RENEWAL], ids=lambda duty: duty.name)
def test_what_is_due_is_one_question_however_many_people(here, duty):
    counts = []
    for people in (2, 12):
        for number in range(people):
            begun(here, here.participant(f"P{people}{number}", f"N{people}{number}"), over=duty is duties.RENEWAL)
        with CaptureQueriesContext(connection) as asked:
            assert len(list(duty.between(here.now - DAY, here.now + 40 * DAY))) >= people
        counts.append(len(asked))
    assert counts == [1, 1]


def begun(here, person, *, over):
    """A plan of theirs under way, or looked back on."""
    plan = plans.start(PLATFORM, enrollment_id=person.enrollments.get().pk)
    plans.write(PLATFORM, plan_id=plan.pk, **STEP)
    plans.begin(PLATFORM, plan_id=plan.pk)
    if over:
        plans.review(PLATFORM, plan_id=plan.pk, outcome="done", next="new")
