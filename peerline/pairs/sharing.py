"""The step a partner chose to share, and nothing else of their plan (S31)."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peerline.pairs.models import Partner
from peerline.people.access import Viewer
from peerline.plans import queries as plans
from peerline.plans import words as plan_words
from peerline.plans.rules import SharedStep
from peerline.ui.shelves import Piece


@dataclass(frozen=True)
class Theirs:
    """A partner by nickname, and the step they share."""

    person_id: int
    nickname: str
    step: SharedStep


def steps_of_partners(person_id: int) -> list[Theirs]:
    """What this person's partners of now share with them. Two queries where somebody is in one program."""
    mine = Partner.objects.filter(person=person_id, active=True).values("pair")
    others = Partner.objects.filter(pair__in=mine, active=True).exclude(person=person_id).order_by("pk")
    rows = list(others.values_list("program_id", "person_id", "person__nickname"))
    found: list[Theirs] = []
    for program_id in sorted({row[0] for row in rows}):
        names = {who: name for program, who, name in rows if program == program_id}
        steps = plans.shared_steps(names, program_id)
        found += [Theirs(who, name, steps[who]) for who, name in names.items() if who in steps]
    return found


def card(viewer: Viewer, person_id: int) -> Piece | None:
    """On one's own page: "Elm's step"."""
    found = steps_of_partners(person_id)
    if not found:
        return None
    heading = _("What %(name)s wants to do") % {"name": " & ".join(one.nickname for one in found)}
    return Piece(heading, " ".join(_sentence(one.step) for one in found))


def _sentence(step: SharedStep) -> str:
    line = plan_words.step_line(step.how_much, "", step.times_a_week)
    said = f"{step.what}: {line}" if line else step.what
    if step.until is None:
        return f"{said}."
    return _("%(step)s, until %(day)s.") % {"step": said, "day": date_format(step.until, "MONTH_DAY_FORMAT")}
