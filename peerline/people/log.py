"""The audit log for an administrator: who looked at what and changed what, in words, newest first, a page at a time.

Whoever is administrator reads the lines about people of their reach, and of their reach's work that is about nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from peerline.audit import queries as audit
from peerline.kernel import places
from peerline.people import queries, words
from peerline.people.access import Viewer
from peerline.people.models import Person

A_PAGE = 40
PLATFORM_ITSELF = 0  # in the filter: what nobody did by hand


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for; what is empty asks for everything."""

    actor_id: int | None = None  # PLATFORM_ITSELF, or a person
    about: str = ""  # the beginnings of a name, as a search takes them
    person_id: int | None = None
    deed: str = ""  # "looks" or "changes"
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Shown:
    """One line. `who` and `about` are nicknames, "" for Peerline itself and for nobody."""

    at: datetime
    who: str
    deed: str
    about: str
    about_id: int | None


def page(viewer: Viewer, wanted: Wanted, before: str) -> tuple[list[Shown], str]:
    """Forty lines from a place on, and the place where the next page begins ("" at the end). Five queries at most."""
    lines = _asked(_reached(viewer), viewer, wanted)
    if found := places.read(before):
        lines = lines.filter(Q(at__lt=found[0]) | Q(pk__lt=found[1]), at__lte=found[0])
    rows = list(lines.order_by("-at", "-pk")[: A_PAGE + 1])
    older = places.place(rows[A_PAGE - 1].at, rows[A_PAGE - 1].pk) if len(rows) > A_PAGE else ""
    return _shown(rows[:A_PAGE]), older


def _reached(viewer: Viewer) -> QuerySet[Any]:
    """A line is looked up by its person, so a page costs the same however many people there are."""
    clinics = viewer.clinics("administrator")
    everywhere = all(one.organization_id in clinics for one in viewer.grants if one.role == "administrator")
    people = Person.objects.filter(organization__in=clinics) if everywhere else queries.reach(viewer, "administrator")
    about, by = (Exists(people.filter(pk=OuterRef(name))) for name in ("subject_id", "actor_id"))
    return audit.lines().filter(Q(about) | Q(by, subject_id=None))


def _asked(lines: QuerySet[Any], viewer: Viewer, wanted: Wanted) -> QuerySet[Any]:
    if wanted.actor_id is not None:
        lines = lines.filter(actor_id=wanted.actor_id or None)
    if wanted.person_id:
        lines = lines.filter(subject_id=wanted.person_id)
    if wanted.about:
        people = queries.matching_words(queries.reach(viewer, "administrator"), wanted.about)
        lines = lines.filter(subject_id__in=list(people.values_list("pk", flat=True)[:200]))
    if wanted.deed:
        looks = Q(verb__in=words.LOOKS)
        lines = lines.filter(looks if wanted.deed == "looks" else ~looks)
    if wanted.first_day:
        lines = lines.filter(at__gte=_midnight(wanted.first_day))
    if wanted.last_day:
        lines = lines.filter(at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return lines


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE))


def _shown(rows: Iterable[Any]) -> list[Shown]:
    rows = list(rows)
    known = queries.known({number for row in rows for number in (row.actor_id, row.subject_id) if number})
    names = {number: one.nickname for number, one in known.items()}
    return [
        Shown(
            row.at,
            names.get(row.actor_id, "") if row.actor_id else "",
            words.deed(row.verb),
            names.get(row.subject_id, ""),
            row.subject_id if row.subject_id in names else None,
        )
        for row in rows
    ]
