"""What this room tells of one person's time: that questions were answered or wait, that something was measured. No answers."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.outcomes import words
from peerline.outcomes.models import Measure, Sheet
from peerline.people.access import CARE
from peerline.ui.moments import Reader, Strand, Told


def _sheets(reader: Reader) -> QuerySet[Any]:
    return Sheet.objects.filter(person=reader.person_id, program__in=reader.programs)


def _closing(reader: Reader) -> QuerySet[Any]:
    return _sheets(reader).filter(state__in=("open", "missed"))


def _there(reader: Reader) -> str:
    """Answers are for nurses and coordinators."""
    may = not reader.own and reader.viewer.has(*CARE)
    return reverse("outcomes:person", args=[reader.person_id]) if may else ""


def _what(row: Any) -> str:
    return _("Questions: %(what)s") % {"what": words.occasion(row.occasion)}


def _say_done(row: Any, reader: Reader) -> Told:
    return Told(_what(row), str(words.STATES["done"]), row.program_id, _there(reader))


def _say_closing(row: Any, reader: Reader) -> Told:
    why = _("They can be answered until then.") if row.state == "open" else row.state_words
    return Told(_what(row), why, row.program_id, _there(reader))


def _measures(reader: Reader) -> QuerySet[Any]:
    rows = Measure.objects.filter(enrollment__in=reader.enrollments, struck_at=None)
    return rows.select_related("enrollment")


def _say_measured(row: Any, reader: Reader) -> Told:
    said = _("A value entered: %(kind)s") % {"kind": words.KINDS.get(row.kind, row.kind)}
    return Told(said, "", row.enrollment.program_id, _there(reader))


STRANDS = (
    Strand("outcomes.done", _sheets, "done_at", _say_done),
    Strand("outcomes.closing", _closing, "closes_at", _say_closing, ahead=True),
    Strand("outcomes.measured", _measures, "at", _say_measured),
)


def subjects(person_id: int) -> list[str]:
    """Questions that wait for this person."""
    rows = Sheet.objects.filter(person=person_id, state="open")
    return [f"sheet:{pk}" for pk in rows.values_list("pk", flat=True)]
