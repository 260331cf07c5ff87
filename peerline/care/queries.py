"""What waits for staff: voicemail, and pairs that have difficulty in reaching each other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.care.models import PairNote, Voicemail
from peerline.kernel import clock, places, week
from peerline.pairs import queries as pairs
from peerline.people.access import CARE, NotThere, Viewer
from peerline.people.queries import Known
from peerline.programs import queries as programs
from peerline.ui.phrases import day_names, hour_words

DEEDS = ("called", "messaged", "hours", "new_match", "waiting")
SILENT_DAYS = 14  # two weekly targets missed
MANY_TRIES = 3
A_PAGE = 20


def voicemails(viewer: Viewer) -> QuerySet[Voicemail]:
    """Messages for the staff of the viewer's programs; those of callers nobody could name go to whole-clinic care staff."""
    mine = Q(program__in=programs.programs(viewer, *CARE).values("pk"))
    if any(grant.role in CARE and grant.site_id is None and grant.program_id is None for grant in viewer.grants):
        mine |= Q(program=None)
    return Voicemail.objects.filter(mine, voice__state="kept").select_related("voice", "program")


def open_voicemails(viewer: Viewer) -> QuerySet[Voicemail]:
    return voicemails(viewer).filter(handled_at=None).order_by("due_at", "pk")


def voicemail_for(viewer: Viewer, voicemail_id: int) -> Voicemail:
    """Raises NotThere."""
    row = voicemails(viewer).filter(pk=voicemail_id).first()
    if row is None:
        raise NotThere
    return row


@dataclass(frozen=True)
class Difficulty:
    """A pair, why it is here in a sentence, and what could help."""

    pair: Any
    names: str
    state: str
    why: str


def hard_pairs(viewer: Viewer) -> QuerySet[Any]:
    """Pairs that seem to have difficulty in making contact (S14), the longest silence first.

    Without those somebody saw to, whose day to look again has not come.
    """
    now = clock.now()
    seen_to = PairNote.objects.filter(look_again_on__gt=now.date()).values("pair")
    silent = now - timedelta(days=SILENT_DAYS)
    return pairs.hard_to_reach(viewer, silent_since=silent, tries=MANY_TRIES).exclude(pk__in=seen_to)


def difficulties(viewer: Viewer, after: str = "", size: int = A_PAGE) -> tuple[list[Difficulty], str]:
    """`size` of them from a place on, each with its reason in a sentence, and the place where the next page begins."""
    found, begin = hard_pairs(viewer), places.read(after)
    if begin:
        found = found.filter(Q(silent_since__gt=begin[0]) | Q(pk__gt=begin[1]), silent_since__gte=begin[0])
    some = list(found[: size + 1])
    end = places.place(some[size - 1].silent_since, some[size - 1].pk) if len(some) > size else ""
    return [_difficulty(row) for row in pairs.shown(some[:size])], end


def _difficulty(row: pairs.Shown) -> Difficulty:
    days = row.contacts.days_silent(row.pair.began_at)
    tries = sum(one.tries for one in row.contacts.weeks[-2:])
    tried = ngettext("%(n)s try without a talk in two weeks.", "%(n)s tries without a talk in two weeks.", tries) % {
        "n": tries
    }
    why = [tried] if tries else []
    return Difficulty(row.pair, row.names, _silence(row, days), " ".join([*why, shared_words(row.people)]))


def _silence(row: pairs.Shown, days: int) -> str:
    if row.contacts.last_talk_at is None:
        return ngettext("no talk yet in %(n)s day", "no talk yet in %(n)s days", days) % {"n": days}
    return ngettext("no talk for %(n)s day", "no talk for %(n)s days", days) % {"n": days}


def shared_words(people: list[Known]) -> str:
    """The longest stretch of waking hours in which all of them take calls, in the first one's week: "Sunday 2–5"."""
    spans = shared_spans(people, clock.now())
    if not spans:
        return _("They share no hour in which both take calls. Talk with them about their hours.")
    day, first, end = max(spans, key=lambda span: (span[2] - span[1], -span[0]))
    hours = {"day": day_names()[day], "first": hour_words(first), "end": hour_words(end)}
    return _("They share %(day)s, %(first)s to %(end)s.") % hours


def shared_spans(people: list[Known], now: datetime) -> list[tuple[int, int, int]]:
    """(day, first hour, end hour) on the first person's clock over the coming week, 8 to 21 only. Walks real time."""
    start = now.replace(minute=0, second=0, microsecond=0)
    ours = _hours_ahead(start, people[0].time_zone if people else "UTC")
    theirs = [(one.blocked, _hours_ahead(start, one.time_zone)) for one in people]
    spans: list[tuple[int, int, int]] = []
    for ahead, hour_of_week in enumerate(ours):
        day, hour = divmod(hour_of_week, 24)
        if not 8 <= hour < 21 or any(blocked >> hours[ahead] & 1 for blocked, hours in theirs):
            continue
        if spans and spans[-1][0] == day and spans[-1][2] == hour:
            spans[-1] = (day, spans[-1][1], hour + 1)
        else:
            spans.append((day, hour, hour + 1))
    return spans


@lru_cache(maxsize=64)
def _hours_ahead(start: datetime, zone: str) -> tuple[int, ...]:
    """The coming 168 hours as hours of the week on that zone's clock; the same for all who live there."""
    return tuple(week.hour_of_week(start + timedelta(hours=ahead), zone) for ahead in range(week.HOURS))


def notes_of(pair_id: int) -> QuerySet[PairNote]:
    return PairNote.objects.filter(pair_id=pair_id).select_related("author").order_by("-at")
