"""Writes: begin, change, rate, share and look back on a plan. First argument: the Viewer who acts, for themself or as staff.

Each is one transaction, audited. Raises access.NotThere when the actor may not, rules.PlanError when it cannot be done.
The door is the one the actor came by; paper is typed in on the website and says so.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from peerline.audit import services as audit
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import NeedMet, NeedsStaff, WordsWritten
from peerline.messaging import services as messaging
from peerline.people.access import Viewer
from peerline.plans import queries, rules
from peerline.plans.models import Plan, PlanReview, PlanVersion
from peerline.plans.rules import PlanError
from peerline.programs import queries as programs

STEP = (*rules.FIELDS, "voice_id")  # what the next version takes over from the one before


def _note(actor: Viewer, plan: Plan, verb: str, **detail: Any) -> None:
    audit.record(actor.person_id, verb, subject_id=plan.person_id, object=f"plan:{plan.pk}", **detail)


def saw(actor: Viewer, person_id: int) -> None:
    """Staff opened somebody's plans."""
    audit.record(actor.person_id, "plans.saw", subject_id=person_id)


def _locked(actor: Viewer, plan_id: int) -> Plan:
    queries.plan_for(actor, plan_id)
    return Plan.objects.select_for_update(of=("self",)).select_related("newest").get(pk=plan_id)


@transaction.atomic
def start(actor: Viewer, *, enrollment_id: int, follows: Plan | None = None, door: str = "") -> Plan:
    """The person's draft: the one they have, or a new one; after `follows` with its words, to be changed. Idempotent."""
    enrollment = programs.enrollment_for(actor, enrollment_id)
    if enrollment.state in ("stopped", "removed"):
        raise PlanError("not_taking_part")
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                enrollment=enrollment, person_id=enrollment.person_id, program_id=enrollment.program_id, made_at=clock.now(),
                follows=follows, shared=bool(follows and follows.shared),
            )  # fmt: skip
    except IntegrityError:
        return queries.open_plans(enrollment_id)["draft"]
    if follows and follows.newest:
        _write(actor, plan, _step(follows.newest) | {"confidence": None}, door)
    _note(actor, plan, "plans.started")
    return plan


@transaction.atomic
def write(actor: Viewer, *, plan_id: int, door: str = "", **changes: Any) -> PlanVersion:
    """The next version: what stood there, with these changes. The same again writes nothing.

    changes: rules.FIELDS and voice_id. Raises PlanError is_reviewed, unknown, no_domain, too_long, out_of_range.
    """
    plan = _locked(actor, plan_id)
    if plan.state == "reviewed":
        raise PlanError("is_reviewed")
    if word := rules.fault({name: value for name, value in changes.items() if name != "voice_id"}):
        raise PlanError(word)
    before = _step(plan.newest)
    if before | changes == before and plan.newest:
        return plan.newest
    version = _write(actor, plan, before | changes, door)
    _note(actor, plan, "plans.written", fields=sorted(changes))
    if plan.state == "active":
        _tell_how_sure(plan, _is_unsure(plan, before.get("confidence")))
    if before.get("voice_id") and not before.get("what") and not plan.to_type:
        announce(NeedMet(f"plans.to_type:{plan.pk}"))
    return version


def _step(version: PlanVersion | None) -> dict[str, Any]:
    return {name: getattr(version, name) for name in STEP} if version else {}


def _write(actor: Viewer, plan: Plan, step: dict[str, Any], door: str) -> PlanVersion:
    number = plan.newest.number + 1 if plan.newest else 1
    facts = {"at": clock.now(), "by_id": actor.person_id, "door": door or audit.door.get()}
    plan.newest = PlanVersion.objects.create(plan=plan, number=number, **facts, **step)
    plan.to_type = bool(step.get("voice_id") and not step.get("what"))
    plan.save(update_fields=["newest", "to_type"])
    announce(WordsWritten("plans.version", plan.newest.pk, plan.program_id, plan.person_id))
    return plan.newest


@transaction.atomic
def begin(actor: Viewer, *, plan_id: int, begins_on: date | None = None) -> Plan:
    """The draft is the plan from today (or that day) on, for as many days as the protocol says; its own review is due then.

    A plan still under way is looked back on as changed. Announces NeedsStaff plans.unsure below the protocol's confidence.
    Raises PlanError not_a_draft, no_domain, no_step, no_times, no_confidence.
    """
    plan = _locked(actor, plan_id)
    if not rules.may_become(plan.state, "active"):
        raise PlanError("not_a_draft")
    step = _step(plan.newest)
    if missing := rules.missing(step, spoken=bool(step.get("voice_id"))):
        raise PlanError(missing[0])
    if under_way := queries.open_plans(plan.enrollment_id).get("active"):
        _look_back(actor, under_way, outcome="changed", next="modify")
    _set_out(plan, begins_on or queries.today_of(plan.person_id))
    _note(actor, plan, "plans.began")
    _tell_how_sure(plan)
    if plan.to_type:
        _announce_need(plan, "to_type")
    return plan


def _set_out(plan: Plan, begins_on: date) -> None:
    plan.state, plan.begins_on, plan.begun_at = "active", begins_on, clock.now()
    plan.ends_on = rules.last_day(begins_on, queries.terms(plan.enrollment_id).days)
    plan.review_at = queries.morning_of(plan.person_id, plan.ends_on)
    plan.save()


def _is_unsure(plan: Plan, sure: int | None) -> bool:
    return rules.is_unsure(sure, queries.terms(plan.enrollment_id).enough)


def _tell_how_sure(plan: Plan, was_unsure: bool = False) -> None:
    """A plan that went ahead though it feels too big is somebody's to talk about, until it feels right."""
    sure = plan.newest.confidence if plan.newest else None
    if _is_unsure(plan, sure):
        _announce_need(plan, "unsure", confidence=sure)
    elif was_unsure:
        announce(NeedMet(f"plans.unsure:{plan.pk}"))


def _announce_need(plan: Plan, kind: str, **facts: Any) -> None:
    """facts: besides whose plan it is, what the sentence of this kind needs (words.py)."""
    facts["enrollment"] = plan.enrollment_id
    announce(NeedsStaff(f"plans.{kind}", f"plans.{kind}:{plan.pk}", plan.program_id, plan.person_id, "E3", facts))


def tell_not_reviewed(plan: Plan) -> None:
    """Nobody looked back on it in time, though its person was reminded: a person of the staff asks."""
    _announce_need(plan, "not_reviewed", days=queries.days_late(plan))


@transaction.atomic
def share(actor: Viewer, *, plan_id: int, shared: bool) -> Plan:
    """May the partner see the step? Only the person chooses, or staff who sit with them; off unless chosen (S31)."""
    plan = _locked(actor, plan_id)
    plan.shared = shared
    plan.save(update_fields=["shared"])
    _note(actor, plan, "plans.shared" if shared else "plans.unshared")
    return plan


@transaction.atomic
def review(
    actor: Viewer,
    *,
    plan_id: int,
    outcome: str,
    next: str,
    times_done: int | None = None,
    note: str = "",
    door: str = "",
) -> Plan | None:
    """How it went, in the person's own judgment, and what comes next; the plan that follows, if one does.

    continue: the same step for two more weeks, under way at once. modify: a draft with the same words. new: an empty
    draft. rest: none. Raises PlanError not_active, not_known, out_of_range, too_long.
    """
    plan = _locked(actor, plan_id)
    if not rules.may_become(plan.state, "reviewed"):
        raise PlanError("not_active")
    if outcome not in rules.OUTCOMES or next not in rules.NEXT:
        raise PlanError("not_known")
    if times_done is not None and not 0 <= times_done <= 99:
        raise PlanError("out_of_range")
    if len(note) > 500:
        raise PlanError("too_long")
    facts = {"outcome": outcome, "next": next, "note": note} | (
        {} if times_done is None else {"times_done": times_done}
    )
    _look_back(actor, plan, door, **facts)
    return _what_follows(actor, plan, next, door)


def _look_back(actor: Viewer, plan: Plan, door: str = "", **facts: Any) -> None:
    """facts: columns of PlanReview. Who did it all did it as often as planned, where they do not say how often."""
    times = planned(plan)
    if facts["outcome"] == "done":
        facts.setdefault("times_done", times)
    review = PlanReview.objects.create(
        plan=plan, at=clock.now(), by_id=actor.person_id, door=door or audit.door.get(), times_planned=times, **facts
    )
    announce(WordsWritten("plans.review", review.pk, plan.program_id, plan.person_id))
    plan.state, plan.reviewed_at = "reviewed", clock.now()
    plan.save(update_fields=["state", "reviewed_at"])
    _note(actor, plan, "plans.reviewed", outcome=facts["outcome"])
    messaging.no_longer(f"plans.review:{plan.pk}")
    for kind in _open_needs(plan):
        announce(NeedMet(f"plans.{kind}:{plan.pk}"))


def _open_needs(plan: Plan) -> list[str]:
    """What staff may still have on their desk about a plan that is over. Its words may still be worth typing."""
    unsure = _is_unsure(plan, plan.newest.confidence if plan.newest else None)
    return ["unsure"] * unsure + ["not_reviewed"] * (queries.days_late(plan) > 0)


def planned(plan: Plan) -> int:
    """How many times in all, at least once."""
    times = plan.newest.times_a_week if plan.newest else None
    if times is None or plan.begins_on is None or plan.ends_on is None:
        return 1
    return rules.times_planned(times, plan.begins_on, plan.ends_on)


def _what_follows(actor: Viewer, plan: Plan, next: str, door: str) -> Plan | None:
    """A draft that waits already is left as it is."""
    if next == "rest":
        return None
    if next != "continue":
        return start(actor, enrollment_id=plan.enrollment_id, follows=plan if next == "modify" else None, door=door)
    again = Plan.objects.create(
        enrollment_id=plan.enrollment_id, person_id=plan.person_id, program_id=plan.program_id, made_at=clock.now(),
        follows=plan, shared=plan.shared, state="active",
    )  # fmt: skip
    _write(actor, again, _step(plan.newest), door)
    _set_out(again, queries.today_of(plan.person_id))
    _note(actor, again, "plans.began")
    return again
