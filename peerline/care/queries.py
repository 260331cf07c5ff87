"""Voicemail, and pairs that have difficulty in reaching each other. The one list they stand in is desk.py."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.care import words
from peerline.care.models import Need, PairNote, Voicemail
from peerline.kernel import clock, week
from peerline.pairs import queries as pairs
from peerline.people.access import CARE, PLATFORM, NotThere, Viewer
from peerline.people.queries import Known
from peerline.prepared import prepared
from peerline.programs import queries as programs
from peerline.ui.phrases import before_dot, hour_words

DEEDS = ("called", "messaged", "hours", "new_match", "waiting")
SILENT_DAYS = 14  # two weekly targets missed
MANY_TRIES = 3


def voicemails(viewer: Viewer) -> QuerySet[Voicemail]:
    """Messages for the staff of the viewer's programs; those of callers nobody could name go to whole-clinic care staff of
    the organization that was called."""
    mine = Q(program__in=programs.programs(viewer, *CARE).values("pk"))
    mine |= Q(program=None, voice__organization_id__in=viewer.clinics(*CARE))
    return Voicemail.objects.filter(mine, voice__state="kept").select_related("voice", "program")


def open_voicemails(viewer: Viewer) -> QuerySet[Voicemail]:
    return voicemails(viewer).filter(handled_at=None).order_by("due_at", "pk")


@prepared()
def all_open_voicemails() -> QuerySet[Voicemail]:
    """Of every program, for the platform's own work."""
    return open_voicemails(PLATFORM)


def answered_of_each(program_id: int, people: Collection[int] | None = None) -> dict[int, int]:
    """person → how many of their messages the staff saw to: contacts of the element "access" (S94). One query."""
    rows = Voicemail.objects.filter(program=program_id, voice__author__isnull=False).exclude(handled_at=None)
    rows = rows if people is None else rows.filter(voice__author__in=list(people))
    return dict(rows.order_by().values_list("voice__author").annotate(Count("pk")))


def voicemail_for(viewer: Viewer, voicemail_id: int) -> Voicemail:
    """Raises NotThere."""
    row = voicemails(viewer).filter(pk=voicemail_id).first()
    if row is None:
        raise NotThere
    return row


def hard_pairs(viewer: Viewer) -> QuerySet[Any]:
    """Pairs that seem to have difficulty in making contact (S14), the longest silence first."""
    silent = clock.now() - timedelta(days=SILENT_DAYS)
    return pairs.hard_to_reach(viewer, silent_since=silent, tries=MANY_TRIES)


def difficulties(pair_ids: Iterable[int]) -> dict[int, str]:
    """pair → what is hard about it, in sentences: "2 tries without a talk in two weeks. They share Sunday, 2 pm to 5 pm." """
    found = pairs.pairs_for(PLATFORM).filter(pk__in=list(pair_ids)).select_related("program")
    return {row.pair.pk: _difficulty(row) for row in pairs.shown(found)}


def _difficulty(row: pairs.Shown) -> str:
    days = row.contacts.days_silent(row.pair.began_at)
    tries = sum(one.tries for one in row.contacts.weeks[-2:])
    tried = ngettext("%(n)s try without a talk in two weeks.", "%(n)s tries without a talk in two weeks.", tries)
    why = [words.silence(row.contacts.last_talk_at is not None, days), tried % {"n": tries} if tries else ""]
    return " ".join(one for one in [*why, shared_words(row.people)] if one)


def shared_words(people: list[Known]) -> str:
    """The longest stretch of waking hours in which all of them take calls, in the first one's week: "Sunday 2–5"."""
    spans = shared_spans(people, clock.now())
    if not spans:
        return _("They share no hour in which both take calls. Talk with them about their hours.")
    day, first, end = max(spans, key=lambda span: (span[2] - span[1], -span[0]))
    hours = {"day": WEEKDAYS[day], "first": hour_words(first), "end": before_dot(hour_words(end))}
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


def need_of(row: Voicemail) -> Need | None:
    """How this voicemail stands on the desk; None once it is closed there."""
    return Need.objects.filter(key=f"care.voicemail:{row.pk}", closed_at=None).first()


def waiting_of(program_id: int, kind: str) -> int:
    """How many needs of this kind are open in the program, without a name."""
    return Need.objects.filter(program=program_id, kind=kind, closed_at=None).count()


def hard_pair_need(pair_id: int) -> Need | None:
    return Need.objects.filter(kind="care.hard_pair", pair=pair_id, closed_at=None).first()
