"""What plans answers to dialogues: answer(leg, …), plain values. The words of a step go through here and are kept nowhere.

What cannot be done any more (somebody changed it on the website meanwhile) is answered with nothing, not with a fault.
"""

from typing import Any

from peerline.exchange import services as exchange
from peerline.people.access import NotThere, viewer_of
from peerline.plans import queries, rules, services
from peerline.plans.models import Plan
from peerline.plans.rules import PlanError
from peerline.programs import queries as programs

LIVING = ("active", "paused", "invited")


def mine(leg: Any, person_id: int) -> dict[str, Any] | None:
    """The plan under way; plan 0 where there is none; None where the caller is in no program."""
    plan = queries.active_of(person_id)
    if plan is None:
        return {"plan": 0} if programs.enrolled(person_id, *LIVING) else None
    step = plan.newest
    voice = step.voice if step and step.voice_id else None
    return {
        "plan": plan.pk,
        "typed": bool(step and step.what),
        "voice": voice.pk if voice and voice.state == "kept" else 0,
        "times": step.times_a_week if step else 0,
        "until": str(plan.ends_on),
        "shared": plan.shared,
    }


def hard(leg: Any, person_id: int) -> list[str]:
    """What a step of the caller's could be about, of what they said is hard at intake (S95)."""
    found = programs.enrolled(person_id, *LIVING)
    return list(rules.hard_domains(programs.challenges_of(found[0].enrollment_id))) if found else []


def words(leg: Any, plan_id: int) -> str:
    """The step of the caller's own plan, for the voice that reads it."""
    plan = queries.plan_for(viewer_of(leg.person_id), plan_id)
    if plan.person_id != leg.person_id or plan.newest is None:
        raise NotThere
    return ", ".join(filter(None, (plan.newest.what, plan.newest.how_much, plan.newest.at_when)))


def speak(leg: Any, person_id: int, plan_id: int, domain: str, voice_id: int) -> int:
    """The recording is the step of this plan, or of the caller's draft; its id, 0 where there is none to write in."""
    found = programs.enrolled(person_id, *LIVING)
    if not found:
        return 0
    viewer = viewer_of(person_id)
    exchange.address(
        leg,
        voice_id,
        to_person_id=None,
        for_staff=True,
        program_id=found[0].program_id,
        label="plan",
        as_voicemail=False,
    )
    changed = {"voice_id": voice_id, "what": "", "how_much": "", "at_when": ""}
    if domain:
        changed["domain"] = domain
    plan_id = plan_id or services.start(viewer, enrollment_id=found[0].enrollment_id).pk
    return plan_id if _written(person_id, plan_id, **changed) else 0


def often(leg: Any, person_id: int, plan_id: int, times: int) -> bool:
    return _written(person_id, plan_id, times_a_week=times)


def sure(leg: Any, person_id: int, plan_id: int, confidence: int) -> bool:
    """True: not sure enough, by the protocol of the plan."""
    if not _written(person_id, plan_id, confidence=confidence):
        return False
    plan = queries.plan_for(viewer_of(person_id), plan_id)
    return rules.is_unsure(confidence, queries.terms(plan.enrollment_id).enough)


def _written(person_id: int, plan_id: int, **changes: Any) -> bool:
    try:
        services.write(viewer_of(person_id), plan_id=plan_id, **changes)
    except PlanError:
        return False
    return True


def begin(leg: Any, person_id: int, plan_id: int) -> str:
    """The last day; "" where it cannot begin."""
    try:
        return _last_day(services.begin(viewer_of(person_id), plan_id=plan_id))
    except PlanError:
        return ""


def review(leg: Any, person_id: int, plan_id: int, said: list[Any]) -> str:
    """said: outcome, times done or None, what is next. The last day of the two weeks that follow at once; "" where none do."""
    outcome, times, next = said
    try:
        following = services.review(viewer_of(person_id), plan_id=plan_id, outcome=outcome, times_done=times, next=next)
    except PlanError:
        return ""
    return _last_day(following) if following and following.state == "active" else ""


def _last_day(plan: Plan) -> str:
    return str(plan.ends_on)


def share(leg: Any, person_id: int, plan_id: int, shared: bool) -> bool:
    return services.share(viewer_of(person_id), plan_id=plan_id, shared=shared).shared is shared
