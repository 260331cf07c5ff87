"""What the pages of this room show, gathered: a few queries each."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.kernel import clock
from peerline.people.access import Viewer
from peerline.people.queries import known
from peerline.plans import cards, guide, queries, rules, words
from peerline.plans.models import Plan, PlanVersion
from peerline.programs import queries as programs
from peerline.ui.charts import BarChart, bar_chart

A_PAGE = 30


def home_of(viewer: Viewer, plan: Plan) -> str:
    """Where this viewer sees the plan among the others: one's own page, or the staff's."""
    return (
        reverse("plans:my")
        if viewer.person_id == plan.person_id
        else reverse("plans:person", args=[plan.enrollment_id])
    )


def of_enrollment(enrollment_id: int) -> dict[str, Any]:
    """The present plan, what came before, and how sure the person was each time."""
    found = queries.open_plans(enrollment_id)
    active = found.get("active")
    chart, sentence = sureness(enrollment_id)
    return {
        "enrollment_id": enrollment_id,
        "active": active,
        "draft": found.get("draft"),
        "is_due": active is not None and queries.days_late(active) >= 0,
        "line": line_of(active.newest) if active else "",
        "past": [(plan, line_of(plan.newest)) for plan in queries.past(enrollment_id)[:A_PAGE]],
        "chart": chart,
        "sentence": sentence,
        "columns": [_("Begins on"), _("How sure, of 10")],
    }


def line_of(step: PlanVersion | None) -> str:
    return words.step_line(step.how_much, step.at_when, step.times_a_week) if step else ""


def sureness(enrollment_id: int) -> tuple[BarChart | None, str]:
    """A bar for each plan that began, newest right; and the sentence beside it."""
    rows = queries.sureness(enrollment_id)[-12:]
    if len(rows) < 2:
        return None, ""
    chart = bar_chart([(f"{day.month}/{day.day}", sure) for day, sure in rows], top=10)
    first, last = rows[0][1], rows[-1][1]
    told = _("How sure you were: %(first)s at first, %(last)s now, of 10.") % {"first": first, "last": last}
    return chart, told


def of_person(person_id: int) -> list[dict[str, Any]]:
    """Each program the person is in, with its plans."""
    living = programs.enrolled(person_id, "invited", "active", "paused")
    return [{"program": one.program_name, **of_enrollment(one.enrollment_id)} for one in living]


def answers(plan: Plan) -> list[dict[str, Any]]:
    """Every answer of a plan, with where it is changed: the page that is looked over before it begins."""
    step = plan.newest or PlanVersion()
    often = ngettext("%(n)s time a week", "%(n)s times a week", step.times_a_week or 0) % {"n": step.times_a_week}
    sure = _("%(n)s of 10") % {"n": step.confidence} if step.confidence is not None else ""
    spoken = _("spoken by telephone") if step.voice_id and not step.what else ""
    rows: list[tuple[str, Any, Any]] = [
        ("domain", _("About"), step.domain_words),
        ("what", _("What I will do"), step.what or spoken),
        ("how_much", _("How much"), step.how_much),
        ("at_when", _("When"), step.at_when),
        ("times_a_week", _("How often"), often if step.times_a_week else ""),
        ("barrier", _("What could get in the way"), step.barrier),
        ("support", _("Who or what makes it easier"), step.support),
        ("confidence", _("How sure I am"), sure),
        ("share", _("May my partner see the step?"), _("yes") if plan.shared else _("no")),
    ]
    if step.barrier or step.chosen:
        rows[6:6] = [("chosen", _("What I will try about it"), step.chosen)]
    return [
        {"label": label, "value": value, "href": reverse("plans:ask", args=[plan.pk, "one", question])}
        for question, label, value in rows
    ]


def history(plan: Plan) -> list[dict[str, Any]]:
    """Each version with what was new in it, newest first."""
    shown: list[dict[str, Any]] = []
    before: PlanVersion | None = None
    for version in queries.versions(plan.pk):
        shown.insert(0, {"version": version, "line": line_of(version), "new": _changed(before, version)})
        before = version
    return shown


def _changed(before: PlanVersion | None, version: PlanVersion) -> str:
    """ "How often, How sure I am": the names of what differs."""
    labels = {
        "domain": _("About"), "what": _("What I will do"), "how_much": _("How much"), "at_when": _("When"),
        "times_a_week": _("How often"), "barrier": _("What could get in the way"), "ideas": _("Ideas"),
        "chosen": _("What I will try about it"), "support": _("Who or what makes it easier"),
        "confidence": _("How sure I am"), "voice_id": _("spoken by telephone"),
    }  # fmt: skip
    old = {name: getattr(before, name, None) or None for name in labels}
    return ", ".join(label for name, label in labels.items() if (getattr(version, name) or None) != old[name])


def question_page(viewer: Viewer, plan: Plan, way: str, question: str) -> dict[str, Any]:
    """What stands around one question: where one is, where back leads, what was said about it before."""
    number, count = guide.place(way, question)
    before = guide.before(way, question)
    back = reverse("plans:check", args=[plan.pk])
    if before != guide.CHECK:
        back = reverse("plans:ask", args=[plan.pk, way, before])
    elif way == "new":
        back = home_of(viewer, plan)
    step = plan.newest
    lead = step.barrier if step and question in ("ideas", "chosen") and step.barrier else ""
    where = _("Question %(number)s of %(count)s") % {"number": number, "count": count} if count else ""
    voice = step.voice if step and step.voice_id and question == "what" else None
    return {"plan": plan, "back": back, "caption": where, "lead": lead, "voice": voice, "for_whom": whose(viewer, plan)}


def hard(plan: Plan) -> list[str]:
    """The challenges this person named at intake that a step could be about."""
    return [one for one in plan.enrollment.challenges if one in rules.ABOUT_A_CHALLENGE]


def whose(viewer: Viewer, plan: Plan) -> str:
    """The nickname, where somebody else does it with the person."""
    return "" if viewer.person_id == plan.person_id else known([plan.person_id])[plan.person_id].nickname


def for_staff(viewer: Viewer) -> dict[str, Any]:
    """Whom staff may want to talk with about a plan: words to type, plans nobody looked back on, plans that feel too big."""
    plans = queries.plans_for(viewer).filter(enrollment__state="active")
    lists = {
        "to_type": plans.filter(to_type=True).exclude(state="draft").order_by("begun_at", "pk"),
        "late": plans.filter(state="active", review_at__lte=clock.now()).order_by("review_at", "pk"),
        "unsure": queries.unsure(plans).order_by("newest__confidence", "pk"),
    }
    found = {name: list(rows[:A_PAGE]) for name, rows in lists.items()}
    names = known({plan.person_id for rows in found.values() for plan in rows})
    shown = {name: _named(rows, names) for name, rows in found.items()}
    return {**shown, "programs": programs.programs(viewer, "coordinator", "nurse", "administrator")}


def _named(plans: Iterable[Plan], names: dict[int, Any]) -> list[dict[str, Any]]:
    return [
        {"plan": plan, "name": names[plan.person_id].nickname, "words": cards.step_words(plan),
         "days": queries.days_late(plan)}
        for plan in plans
    ]  # fmt: skip
