"""The call log: which calls a viewer reaches, filtered, a page at a time.

What a viewer reaches is a few streams: one a clinic, or one a program where the role is for a program or site. A
stream is an index walked newest first, and a page is the newest of the newest of each; so page 4,000 of ten million
calls costs what page 1 of ten costs. One filter `program_id IN (…)` would be less to read, and sorts the log each time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from peerline.exchange import queries as exchange
from peerline.kernel import places
from peerline.pairs import queries as pairs
from peerline.people.access import STAFF, NotThere, Viewer
from peerline.programs import queries as programs

A_PAGE = 25
MOST_LIVE = 1000
MOST_AT_ONCE = 100  # streams in one statement; SQLite takes 500

Streams = Sequence[QuerySet[Any]]


@dataclass(frozen=True)
class Wanted:
    """What the reader of the log asked for; empty fields ask for everything."""

    program_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    outcome: str = ""
    pair_id: int | None = None

    def of(self, calls: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one stream in these days that ended so."""
        if self.first_day:
            calls = calls.filter(began_at__gte=midnight(self.first_day))
        if self.last_day:
            calls = calls.filter(began_at__lt=midnight(self.last_day + timedelta(days=1)))
        if self.outcome:
            calls = calls.filter(outcome="" if self.outcome == "live" else self.outcome)
        return calls


def midnight(day: date) -> datetime:
    """When that day begins, on the clinic's clock."""
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE))


def streams(viewer: Viewer, wanted: Wanted) -> Streams:
    """The calls this viewer asked for and may see, each once. Calls nobody could be named for are for whole-clinic staff of
    the organization that was called."""
    return [wanted.of(stream) for stream in _reached(viewer, wanted)]


def _reached(viewer: Viewer, wanted: Wanted) -> Iterator[QuerySet[Any]]:
    calls = exchange.calls()
    if wanted.pair_id:
        pair = pairs.pairs_for(viewer, *STAFF).filter(pk=wanted.pair_id).first()
        if pair is not None and wanted.program_id in (None, pair.program_id):
            yield calls.filter(label=f"pair:{pair.pk}")
    elif wanted.program_id:
        if programs.programs(viewer, *STAFF).filter(pk=wanted.program_id).exists():
            yield calls.filter(program_id=wanted.program_id)
    else:
        clinics, single = reach(viewer)
        yield from (calls.filter(organization_id=clinic) for clinic in clinics)
        yield from (calls.filter(program_id=program) for program in single)


def reach(viewer: Viewer) -> tuple[list[int], list[int]]:
    """The clinics the viewer reaches whole, and the single programs of others."""
    grants = [grant for grant in viewer.grants if grant.role in STAFF]
    clinics = viewer.clinics(*STAFF)
    if all(grant.organization_id in clinics for grant in grants):
        return clinics, []
    single = programs.programs(viewer, *STAFF).exclude(organization__in=clinics)
    return clinics, list(single.values_list("pk", flat=True))


def _within(viewer: Viewer) -> Q:
    """The same as one filter: right for a handful of calls, far too slow for the log."""
    clinics, single = reach(viewer)
    return Q(organization_id__in=clinics) | Q(program_id__in=single)


def call_for(viewer: Viewer, call_id: int) -> Any:
    """Raises NotThere."""
    call = exchange.calls().filter(_within(viewer), pk=call_id).first()
    if call is None:
        raise NotThere
    return call


def live_calls(viewer: Viewer, most: int = 100) -> list[Any]:
    """The calls that go on now, newest first. Chosen here: asked to, SQLite looks for them in the whole log."""
    clinics, single = reach(viewer)
    living = exchange.live_calls().order_by()[:MOST_LIVE]
    mine = [call for call in living if call.organization_id in clinics or call.program_id in single]
    return sorted(mine, key=lambda call: (call.began_at, call.pk), reverse=True)[:most]


def page(found: Streams, before: str, size: int = A_PAGE) -> tuple[list[Any], str]:
    """`size` calls from a place in the log on, newest first, and the place where the next page begins ("" at the end).

    A place that makes no sense is the start.
    """
    calls = _newest([_from(stream, before) for stream in found], size + 1)
    if len(calls) <= size:
        return calls, ""
    return calls[:size], places.place(calls[size - 1].began_at, calls[size - 1].pk)


def _from(stream: QuerySet[Any], before: str) -> QuerySet[Any]:
    found = places.read(before)
    if found is None:
        return stream
    # `<=` is what the index is entered with; the rest only drops those of the very same instant.
    return stream.filter(Q(began_at__lt=found[0]) | Q(pk__lt=found[1]), began_at__lte=found[0])


def _newest(found: Streams, size: int) -> list[Any]:
    """The newest of all streams: each gives its own newest by number, in one statement for a hundred streams."""
    heads = [stream.model.objects.filter(pk__in=stream.values("pk")[:size]) for stream in found]
    calls: list[Any] = []
    for first in range(0, len(heads), MOST_AT_ONCE):
        one, *others = heads[first : first + MOST_AT_ONCE]
        calls += one.union(*others, all=True).order_by("-began_at", "-id")[:size]
    return sorted(calls, key=lambda call: (call.began_at, call.pk), reverse=True)[:size]


def whole(found: Streams, size: int = 1000) -> Iterator[list[Any]]:
    """The log in pieces, for a file: each piece a statement of its own, so that nothing is held open while it streams."""
    place = ""
    while True:
        calls, place = page(found, place, size)
        yield calls
        if not place:
            return
