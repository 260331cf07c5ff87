"""Reads: the present plan, what came before, what a partner may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from peerline.kernel import clock
from peerline.people.access import KEEPERS, NotThere, Viewer
from peerline.people.queries import person_known
from peerline.plans.models import Plan, PlanReview, PlanVersion
from peerline.plans.rules import SharedStep
from peerline.prepared import prepared
from peerline.programs import queries as programs


@dataclass(frozen=True)
class Terms:
    """What the protocol of an enrollment says about plans."""

    days: int
    enough: int


def terms(enrollment_id: int) -> Terms:
    """As the person's own version of the protocol has them."""
    plans = programs.protocol_of_enrollment(enrollment_id).plans
    return Terms(plans.days, plans.confidence_enough)


def plans() -> QuerySet[Plan]:
    """With their words at hand."""
    return Plan.objects.select_related("newest", "program", "review")


def plan_for(viewer: Viewer, plan_id: int) -> Plan:
    """The viewer's own, or of somebody whose record they keep. Raises NotThere."""
    plan = _plan.first(plan_id)
    if plan is None:
        raise NotThere
    programs.enrollment_for(viewer, plan.enrollment_id)
    return plan


@prepared(int)
def _plan(plan_id: int) -> QuerySet[Plan]:
    return plans().filter(pk=plan_id)


def plans_for(viewer: Viewer) -> QuerySet[Plan]:
    """Plans of people whose records the viewer keeps, as staff."""
    scope = viewer.scope(*KEEPERS, organization="program__organization", site="program__site", program="program")
    return plans().filter(scope)


def unsure(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    """Those of these plans that are under way and feel too big, by what each person's own protocol calls sure enough.
    One query more."""
    rows = rows.filter(state="active")
    kept = rows.order_by().values_list("enrollment__program__protocol_key", "enrollment__protocol_version")
    too_big = Q(pk__in=[])
    for key, version in kept.distinct():
        enough = programs.protocol(key, version).plans.confidence_enough
        theirs = Q(enrollment__program__protocol_key=key, enrollment__protocol_version=version)
        too_big |= theirs & Q(newest__confidence__lt=enough)
    return rows.filter(too_big)


def open_plans(enrollment_id: int) -> dict[str, Plan]:
    """state → the draft and the active plan, as far as there are any. One query."""
    return {plan.state: plan for plan in _open_plans(enrollment_id)}


@prepared(int)
def _open_plans(enrollment_id: int) -> QuerySet[Plan]:
    return plans().filter(enrollment=enrollment_id, state__in=("draft", "active"))


def newest_open(person_id: int) -> Plan | None:
    """The plan under way, else the draft; the newest one where somebody is in several programs. One query."""
    rows = plans().filter(person=person_id, state__in=("draft", "active")).exclude(enrollment__state="removed")
    return rows.order_by("state", "-made_at", "-pk").first()  # "active" comes before "draft"


def active_of(person_id: int) -> Plan | None:
    """The plan under way, for the telephone."""
    return plans().filter(person=person_id, state="active").order_by("-begun_at", "-pk").first()


def past(enrollment_id: int) -> QuerySet[Plan]:
    """What was looked back on, newest first."""
    return plans().filter(enrollment=enrollment_id, state="reviewed").order_by("-reviewed_at", "-pk")


def versions(plan_id: int) -> list[PlanVersion]:
    """All there ever were, oldest first."""
    return list(PlanVersion.objects.filter(plan=plan_id).select_related("by").order_by("number"))


def review_of(plan: Plan) -> PlanReview | None:
    return getattr(plan, "review", None)


def sureness(enrollment_id: int) -> list[tuple[date, int]]:
    """(first day, how sure) of each plan that began, oldest first."""
    rows = Plan.objects.filter(enrollment=enrollment_id, begun_at__isnull=False, newest__confidence__isnull=False)
    return list(rows.order_by("begun_at", "pk").values_list("begins_on", "newest__confidence"))


# --- What a partner sees ---------------------------------------------------------------------------------------------


def shared_step(person_id: int, program_id: int) -> SharedStep | None:
    """The step this person shares with their partner in the program now; nothing else of the plan leaves it (S31)."""
    found = shared_steps([person_id], program_id)
    return found.get(person_id)


def shared_steps(people: Collection[int], program_id: int) -> dict[int, SharedStep]:
    """person → the step they share, in one query; who shares nothing is left out."""
    rows = plans().filter(person__in=list(people), program=program_id, state="active", shared=True)
    rows = rows.filter(enrollment__state="active")
    return {
        plan.person_id: SharedStep(step.what, step.how_much, step.times_a_week, plan.ends_on)
        for plan in rows
        if (step := plan.newest) and step.what
    }


# --- Counting --------------------------------------------------------------------------------------------------------


def plans_of_each(program_id: int, people: Collection[int] | None = None) -> Mapping[int, int]:
    """person → how many plans began. One query."""
    rows = Plan.objects.filter(program=program_id, begun_at__isnull=False)
    rows = rows if people is None else rows.filter(person__in=list(people))
    return dict(rows.order_by().values("person_id").annotate(n=Count("pk")).values_list("person_id", "n"))


# --- Due -------------------------------------------------------------------------------------------------------------


def _under_way() -> QuerySet[Plan]:
    """Active plans of people who take part now."""
    return Plan.objects.filter(state="active", enrollment__state="active", person__removed_at=None)


@prepared(datetime, datetime)
def to_review(since: datetime, now: datetime) -> QuerySet[Plan]:
    """Plans whose last day came within this span."""
    return _under_way().filter(review_at__gt=since, review_at__lte=now).order_by("review_at", "pk")


@prepared(datetime, datetime)
def without_plan(since: datetime, until: datetime) -> QuerySet[Plan]:
    """Plans looked back on within this span, of people who have begun no other since and did not choose a rest."""
    later = Plan.objects.filter(enrollment=OuterRef("enrollment"), begun_at__gte=OuterRef("reviewed_at"))
    later = later.exclude(pk=OuterRef("pk"))
    rows = Plan.objects.filter(state="reviewed", reviewed_at__gt=since, reviewed_at__lte=until)
    rows = rows.filter(enrollment__state="active", person__removed_at=None).exclude(review__next="rest")
    return rows.exclude(Exists(later)).order_by("reviewed_at", "pk")


def morning_of(person_id: int, day: date) -> datetime:
    """Ten in the morning of this day, on the person's own clock."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(person_known(person_id).time_zone))


def today_of(person_id: int) -> date:
    return clock.now().astimezone(ZoneInfo(person_known(person_id).time_zone)).date()


def days_late(plan: Plan) -> int:
    """Whole days since the review was due; below 0 before that."""
    return (clock.now() - plan.review_at) // timedelta(days=1) if plan.review_at else -1


def words_of_version(version_id: int) -> tuple[int, str]:
    """(plan, what the person wrote into this version of it), for those who look for red flags."""
    row = PlanVersion.objects.filter(pk=version_id).first()
    if row is None:
        return 0, ""
    written = (row.what, row.how_much, row.at_when, row.barrier, row.ideas, row.chosen, row.support)
    return row.plan_id, "\n".join(one for one in written if one)


def words_of_review(review_id: int) -> tuple[int, str]:
    """(plan, the note of the look back), for the same."""
    row = PlanReview.objects.filter(pk=review_id).first()
    return (row.plan_id, row.note) if row else (0, "")
