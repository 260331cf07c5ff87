"""Sentences about due things, for the desk."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peerline.programs import timeline
from peerline.programs.models import DueThing


def why_missed(facts: dict[str, Any]) -> str:
    """Of a need "timeline.missed"."""
    row = DueThing.objects.filter(pk=facts["due"]).first()
    return _("Its time went by before it could be done: %(what)s") % {"what": timeline.why(row) if row else "–"}


def why_too_full(facts: dict[str, Any]) -> str:
    """Of a need "timeline.day_too_full"."""
    day = date_format(date.fromisoformat(facts["day"]), "MONTH_DAY_FORMAT")
    return _(
        "The line cannot place all its calls on %(day)s: %(calls)s are due, and %(fit)s fit. The least urgent wait."
    ) % {"day": day, "calls": facts["calls"], "fit": facts["fit"]}
