"""The plan as a card on the participant's own page and on the staff's page of one person."""

from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.people.access import Viewer
from peerline.plans import queries, words
from peerline.plans.models import Plan
from peerline.ui.shelves import Piece


def mine(viewer: Viewer, person_id: int) -> Piece | None:
    """The step, and the one thing to do about it; for who has no program nothing is said."""
    plan = queries.newest_open(person_id)
    there = reverse("plans:my")
    if plan is None:
        return Piece(_("My plan"), _("A small step for the next two weeks. You choose it."), there, _("Make a plan"))
    if plan.state == "draft":
        return Piece(_("My plan"), _("You have begun a plan. It is not finished yet."), there, _("Go on with it"))
    due = queries.days_late(plan) >= 0
    return Piece(_("My plan"), step_words(plan), there, _("How did it go?") if due else _("See my plan"))


def of_person(viewer: Viewer, person_id: int) -> Piece | None:
    plan = queries.newest_open(person_id)
    if plan is None:
        return Piece(_("Action plan"), _("There is no plan under way."))
    there = reverse("plans:person", args=[plan.enrollment_id])
    return Piece(_("Action plan"), step_words(plan), there, _("Open the plan"))


def step_words(plan: Plan) -> str:
    """ "Walk around the block: 20 minutes, after lunch, 3 times a week"."""
    step = plan.newest
    if step is None or not (step.what or step.voice_id):
        return str(_("A plan that is not finished yet."))
    what = step.what or _("A step that was spoken by telephone")
    line = words.step_line(step.how_much, step.at_when, step.times_a_week)
    return f"{what}: {line}" if line else str(what)
