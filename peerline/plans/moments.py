"""What this room tells of one person's time: plans begun and looked back on."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.plans.models import Plan, PlanReview
from peerline.ui.moments import Reader, Strand, Told


def _plans(reader: Reader) -> QuerySet[Any]:
    return Plan.objects.filter(person=reader.person_id, program__in=reader.programs)


def _under_way(reader: Reader) -> QuerySet[Any]:
    return _plans(reader).filter(state="active")


def _reviews(reader: Reader) -> QuerySet[Any]:
    rows = PlanReview.objects.filter(plan__person=reader.person_id, plan__program__in=reader.programs)
    return rows.select_related("plan")


def _there(enrollment_id: int, reader: Reader) -> str:
    return "" if reader.own else reverse("plans:person", args=[enrollment_id])


def _say_begun(row: Any, reader: Reader) -> Told:
    return Told(_("A plan begun"), "", row.program_id, _there(row.enrollment_id, reader))


def _say_due(row: Any, reader: Reader) -> Told:
    why = _("The plan is over then, and its person says how it went.")
    return Told(_("Looking back on the plan"), why, row.program_id, _there(row.enrollment_id, reader))


def _say_reviewed(row: Any, reader: Reader) -> Told:
    said = _("Looked back on a plan: “%(outcome)s”") % {"outcome": row.outcome_words}
    return Told(said, "", row.plan.program_id, _there(row.plan.enrollment_id, reader))


STRANDS = (
    Strand("plans.begun", _plans, "begun_at", _say_begun),
    Strand("plans.due", _under_way, "review_at", _say_due, ahead=True),
    Strand("plans.reviewed", _reviews, "at", _say_reviewed),
)


def subjects(person_id: int) -> list[str]:
    return [f"plan:{pk}" for pk in Plan.objects.filter(person=person_id).values_list("pk", flat=True)]
