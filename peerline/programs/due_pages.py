"""What a program's timeline shows: what is coming and why it waits, what was missed, what was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.kernel import clock
from peerline.programs import timeline
from peerline.programs.models import DueThing, OutboundDay
from peerline.ui.phrases import before_dot, moment_words, sentence_moment

COMING, MISSED, PAST = 40, 20, 60


@dataclass(frozen=True)
class Shown:
    """A due thing as the page shows it: why it is there, and when."""

    row: DueThing
    why: str
    when: str


def page(program_id: int) -> dict[str, Any]:
    """Three lists, each the first of an index, and what was foreseen of tomorrow."""
    rows, now = DueThing.objects.filter(program_id=program_id), clock.now()
    coming = rows.filter(state="waiting").order_by("due_at", "pk")[:COMING]
    missed = rows.filter(state="missed").order_by("-due_at", "-pk")[:MISSED]
    past = rows.filter(state__in=["done", "over"]).order_by("-due_at", "-pk")[:PAST]
    return {
        "coming": sorted((_shown(row, now) for row in coming), key=lambda one: one.row.slot_at or one.row.due_at),
        "missed": [_shown(row, now) for row in missed],
        "past": sorted((_shown(row, now) for row in past), key=lambda one: one.row.acted_at or now, reverse=True),
        "foreseen": _foreseen(program_id, now),
    }


def _shown(row: DueThing, now: datetime) -> Shown:
    return Shown(row, timeline.why(row), _when(row, now))


def _when(row: DueThing, now: datetime) -> str:
    """ "Monday, 8:00 am, when everybody takes calls" """
    if row.state != "waiting":
        return moment_words(row.acted_at or row.due_at, now)
    if row.slot_at is not None:
        return _("The line rings %(when)s, within everybody's hours.") % {"when": sentence_moment(row.slot_at, now)}
    if row.put_off:
        times = ngettext("put off %(n)s time", "put off %(n)s times", row.put_off) % {"n": row.put_off}
        words = _("The day is too full for it: %(times)s. Looked at again %(when)s.")
        return words % {"times": times, "when": before_dot(sentence_moment(row.due_at, now))}
    if row.due_at > now:
        return _("Not now. Tried again %(when)s.") % {"when": before_dot(sentence_moment(row.due_at, now))}
    return _("It is its turn within the next minutes.")


def _foreseen(program_id: int, now: datetime) -> str:
    """What was said the evening before, of the newest day that is not over; "" when there is nothing to say."""
    day = OutboundDay.objects.filter(program_id=program_id, day__gte=now.date(), calls__gt=0).order_by("-day").first()
    if day is None:
        return ""
    if day.fit < day.calls:
        words = _("%(calls)s calls are foreseen for %(day)s, and %(fit)s fit. The least urgent wait for the day after.")
    else:
        words = _("%(calls)s calls are foreseen for %(day)s. All of them fit.")
    return words % {"calls": day.calls, "fit": day.fit, "day": date_format(day.day, "MONTH_DAY_FORMAT")}
