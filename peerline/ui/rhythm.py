"""The rhythm strip: one block a week, filled when the two talked, striped for this week. The signature of the product."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

TALKED = "talked"
MISSED = "missed"
NOW = "now"  # this week, not talked yet
NOW_TALKED = "now_talked"
REST = "rest"  # the pair was resting: neither talked nor missed
AHEAD = "ahead"  # weeks still to come
STATES = (TALKED, MISSED, NOW, NOW_TALKED, REST, AHEAD)


@dataclass(frozen=True)
class Strip:
    """Weeks oldest first, and what they say in words."""

    weeks: tuple[str, ...]
    sentence: str

    @property
    def is_long(self) -> bool:
        return len(self.weeks) > 14


def strip(weeks: Sequence[str]) -> Strip:
    """The strip of these weeks. Raises ValueError for a state that is none of STATES."""
    if strange := set(weeks) - set(STATES):
        raise ValueError(f"not a state of a week: {sorted(strange)}")
    return Strip(tuple(weeks), sentence(weeks))


def sentence(weeks: Sequence[str]) -> str:
    """ "Talked in 5 of 6 weeks. This week: not yet." Resting weeks and weeks ahead are not counted."""
    past = [week for week in weeks if week in (TALKED, MISSED)]
    told = []
    if past:
        words = ngettext(
            "Talked in %(talked)s of %(weeks)s week.", "Talked in %(talked)s of %(weeks)s weeks.", len(past)
        )
        told.append(words % {"talked": past.count(TALKED), "weeks": len(past)})
    if NOW in weeks:
        told.append(_("This week: not yet."))
    if NOW_TALKED in weeks:
        told.append(_("This week: talked."))
    return " ".join(told) or _("No weeks yet.")
