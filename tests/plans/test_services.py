"""A plan is made, changed, looked back on and renewed; nothing of it is ever lost, and a partner sees the step at most."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.plans import queries, rules
from peerline.plans import services as plans
from peerline.plans.models import Plan, PlanReview, PlanVersion
from peerline.plans.rules import PlanError, SharedStep
from peerline.programs import services as programs
from tests.cast import clinic, viewer
from tests.plans.conftest import STEP


@pytest.mark.req("S30", "S96")
def test_a_plan_begins_when_all_is_answered_and_ends_two_weeks_later(here):
    plan = here.plan()
    assert (plan.state, plan.begins_on, plan.ends_on) == ("active", date(2026, 11, 2), date(2026, 11, 16))
    assert plan.review_at.isoformat() == "2026-11-16T10:00:00-05:00"
    assert queries.open_plans(here.enrollment_id) == {"active": plan}


def test_one_answer_after_the_other_is_safe_at_once(here):
    plan = plans.start(here.me, enrollment_id=here.enrollment_id)
    for name, value in STEP.items():
        plans.write(here.me, plan_id=plan.pk, **{name: value})
    assert plans.start(here.me, enrollment_id=here.enrollment_id) == plan, "the draft that waits is gone on with"
    last = queries.versions(plan.pk)[-1]
    assert {name: getattr(last, name) for name in STEP} == STEP and last.number == len(STEP)
    plans.write(here.me, plan_id=plan.pk, what=STEP["what"])
    assert len(queries.versions(plan.pk)) == len(STEP), "the same once more is no new version"


@pytest.mark.parametrize(("missing", "word"), [("domain", "no_domain"), ("what", "no_step"), ("confidence", "no_confidence")])  # fmt: skip
def test_a_plan_does_not_begin_half_answered(here, missing, word):
    plan = plans.start(here.me, enrollment_id=here.enrollment_id)
    plans.write(here.me, plan_id=plan.pk, **{name: value for name, value in STEP.items() if name != missing})
    with pytest.raises(PlanError, match=word):
        plans.begin(here.me, plan_id=plan.pk)


@pytest.mark.req("S30")
def test_staff_may_do_it_with_the_person_and_others_may_not(here):
    nurse = viewer_of(here.nurse.pk)
    plan = plans.start(nurse, enrollment_id=here.enrollment_id)
    assert plans.write(nurse, plan_id=plan.pk, **STEP).by == here.nurse
    for stranger in (
        viewer_of(here.elias.pk),
        viewer(clinic("Elsewhere"), "nurse"),
        viewer(here.organization, "researcher"),
    ):
        for act in (
            lambda who: plans.start(who, enrollment_id=here.enrollment_id),
            lambda who: plans.write(who, plan_id=plan.pk, what="Mine"),
            lambda who: plans.begin(who, plan_id=plan.pk),
            lambda who: plans.share(who, plan_id=plan.pk, shared=True),
            lambda who: queries.plan_for(who, plan.pk),
        ):
            with pytest.raises(NotThere):
                act(stranger)
    assert plans.begin(PLATFORM, plan_id=plan.pk).state == "active"


@pytest.mark.req("S31")
def test_keeping_on_is_a_new_plan_with_the_same_step_under_way_at_once(here):
    plan = here.plan()
    here.now += timedelta(days=14)
    again = plans.review(here.me, plan_id=plan.pk, outcome="partly", times_done=4, next="continue", note="It rained")
    assert (again.state, again.begins_on, again.ends_on) == ("active", date(2026, 11, 16), date(2026, 11, 30))
    assert again.follows == plan and again.newest.what == STEP["what"]
    review = PlanReview.objects.get(plan=plan)
    assert (review.outcome, review.times_done, review.times_planned, review.note) == ("partly", 4, 6, "It rained")
    assert Plan.objects.get(pk=plan.pk).state == "reviewed"


@pytest.mark.req("S31")
@pytest.mark.parametrize(("next", "left"), [("modify", STEP["what"]), ("new", None), ("rest", None)])
def test_what_comes_next_is_the_persons_choice(here, next, left):
    following = plans.review(here.me, plan_id=here.plan().pk, outcome="not_done", next=next)
    assert (following is None) is (next == "rest")
    if following:
        assert following.state == "draft" and (following.newest.what if following.newest else None) == left
        assert following.newest is None or following.newest.confidence is None, "how sure is asked anew"


def test_who_did_it_all_did_it_as_often_as_planned(here):
    plan = here.plan()
    plans.review(here.me, plan_id=plan.pk, outcome="done", next="rest")
    assert PlanReview.objects.get().times_done == 6
    with pytest.raises(PlanError, match="not_active"):
        plans.review(here.me, plan_id=plan.pk, outcome="done", next="rest")


def test_a_new_plan_ends_the_one_under_way_as_changed(here):
    first = here.plan()
    second = here.plan(what="Swim on Fridays")
    assert queries.open_plans(here.enrollment_id) == {"active": second}
    assert PlanReview.objects.get(plan=first).outcome == "changed"


def test_who_left_makes_no_plan(here):
    programs.stop(here.me, here.enrollment_id)
    with pytest.raises(PlanError, match="not_taking_part"):
        plans.start(here.me, enrollment_id=here.enrollment_id)


@pytest.mark.req("S58")
def test_a_plan_that_feels_too_big_is_told_to_staff_until_it_feels_right(here):
    events = heard()
    plan = here.plan(confidence=4)
    assert [(one.kind, one.level, one.facts) for one in events.needs] == [
        ("plans.unsure", "E3", {"confidence": 4, "enrollment": here.enrollment_id})
    ]
    plans.write(here.me, plan_id=plan.pk, how_much="5 minutes", confidence=8)
    assert [one.key for one in events.met] == [events.needs[0].key]


class Heard:
    def __init__(self):
        self.needs, self.met = [], []

    def __call__(self, event):
        {"NeedsStaff": self.needs, "NeedMet": self.met}.get(type(event).__name__, []).append(event)


def heard():
    """What plans announces from now on."""
    events = Heard()
    plans.announce = events
    return events


@pytest.fixture(autouse=True)
def announcing(monkeypatch):
    monkeypatch.setattr(plans, "announce", plans.announce)


# --- Never lost ------------------------------------------------------------------------------------------------------

CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "domain": st.sampled_from(rules.DOMAINS),
        "what": st.sampled_from(["", "Walk", "Swim", "Call my sister"]),
        "times_a_week": st.integers(1, 7),
        "confidence": st.integers(0, 10),
        "barrier": st.sampled_from(["", "Rain"]),
    },
)
ACTS = st.one_of(
    st.tuples(st.just("write"), CHANGES),
    st.tuples(st.just("begin"), st.none()),
    st.tuples(st.just("start"), st.none()),
    st.tuples(st.just("share"), st.booleans()),
    st.tuples(st.just("review"), st.tuples(st.sampled_from(rules.OUTCOMES), st.sampled_from(rules.NEXT))),
)


def play(here, act, what):
    """One act on the newest plan, if it can be done."""
    plan = Plan.objects.order_by("-pk").first()
    try:
        if act == "start" or plan is None:
            plans.start(here.me, enrollment_id=here.enrollment_id)
        elif act == "write":
            plans.write(here.me, plan_id=plan.pk, **what)
        elif act == "begin":
            plans.begin(here.me, plan_id=plan.pk)
        elif act == "share":
            plans.share(here.me, plan_id=plan.pk, shared=what)
        else:
            plans.review(here.me, plan_id=plan.pk, outcome=what[0], next=what[1])
    except PlanError:
        return


def everything():
    """Every version and review that stands, by its number."""
    versions = {("version", one.pk): [getattr(one, name) for name in (*plans.STEP, "number", "at", "plan_id")] for one in PlanVersion.objects.all()}  # fmt: skip
    reviews = {("review", one.pk): [one.outcome, one.next, one.plan_id, one.times_done] for one in PlanReview.objects.all()}  # fmt: skip
    return versions | reviews | {("plan", one.pk): [one.made_at] for one in Plan.objects.all()}


def check_nothing_lost(before, after):
    for key, row in before.items():
        assert after.get(key) == row, f"{key} was changed or lost"


@pytest.mark.req("S30")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=14))
def test_whatever_is_done_nothing_that_stood_there_is_changed_or_lost(here, acts):
    with transaction.atomic():
        known = everything()
        for act, what in acts:
            play(here, act, what)
            here.now += timedelta(hours=5)
            after = everything()
            check_nothing_lost(known, after)
            known = after
        for plan in Plan.objects.all():
            numbers = [one.number for one in queries.versions(plan.pk)]
            assert numbers == list(range(1, len(numbers) + 1))
            assert (plan.newest.number if plan.newest else 0) == len(numbers)
        assert Plan.objects.filter(state="active").count() <= 1
        transaction.set_rollback(True)


def test_a_version_that_is_overwritten_or_gone_is_noticed(here):
    version = here.plan().newest
    with pytest.raises(TypeError):
        version.save()
    before = everything()
    PlanVersion.objects.filter(pk=version.pk).update(confidence=1)
    with pytest.raises(AssertionError):
        check_nothing_lost(before, everything())


# --- What the partner sees -------------------------------------------------------------------------------------------


@pytest.mark.req("S31")
def test_a_partner_sees_nothing_unless_it_is_shared_and_then_the_step_only(here):
    plan = here.plan()
    assert queries.shared_step(here.rosa.pk, here.program.pk) is None, "off unless chosen"
    plans.share(here.me, plan_id=plan.pk, shared=True)
    assert queries.shared_step(here.rosa.pk, here.program.pk) == SharedStep(
        "Walk around the block", "15 minutes", 3, date(2026, 11, 16)
    )
    plans.share(here.me, plan_id=plan.pk, shared=False)
    assert queries.shared_step(here.rosa.pk, here.program.pk) is None


@pytest.mark.req("S31", "T5")
def test_nothing_else_of_a_shared_plan_leaks(here):
    secret = {"barrier": "BARRIER", "support": "SUPPORT", "ideas": "IDEAS", "chosen": "CHOSEN", "at_when": "WHEN"}
    plan = here.plan(**secret, confidence=6)
    plans.share(here.me, plan_id=plan.pk, shared=True)
    seen = repr(queries.shared_step(here.rosa.pk, here.program.pk))
    assert not [word for word in (*secret.values(), "confidence", "exercise", "Rosa", "Maple") if word in seen]
    assert "Walk" in seen, "the guard sees what is there"


@pytest.mark.req("S31")
@pytest.mark.parametrize("end", ["review", "stop", "draft"])
def test_what_is_over_or_not_begun_is_shared_no_more(here, end):
    plan = here.plan() if end != "draft" else here.draft()
    plans.share(here.me, plan_id=plan.pk, shared=True)
    if end == "review":
        plans.review(here.me, plan_id=plan.pk, outcome="done", next="rest")
    elif end == "stop":
        programs.stop(here.me, here.enrollment_id)
    assert queries.shared_step(here.rosa.pk, here.program.pk) is None


def test_the_words_of_a_plan_are_sealed_in_the_table(here):
    here.plan()
    with connection.cursor() as cursor:
        cursor.execute("select what, how_much, at_when, barrier, support from plans_planversion")
        rows = repr(cursor.fetchall())
    assert not [value for value in ("Walk", "15 minutes", "after lunch", "Rain", "sister") if value in rows]
