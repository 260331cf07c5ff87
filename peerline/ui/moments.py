"""One person's time, told by every room: what happened and what is to come, a line each, with its instant.

A room says at start which rows of its tables are such lines, by which of their instants, and in which words:

    moments.tell(Strand("plans.begun", begun_of, "begun_at", say_begun))

A page costs as many queries as there are strands, however long somebody has been here: each strand gives its newest
lines from the place on, and of these the newest are taken.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from peerline.kernel import places

A_PAGE = 40
AHEAD = 20


@dataclass(frozen=True)
class Reader:
    """Whose time is read, by whom, and in which programs they may: number → name, of programs and of enrollments.

    own: the person themself, who reads less of what the staff do, and never more of a partner than anywhere else.
    """

    person_id: int
    viewer: Any
    programs: Mapping[int, str]
    enrollments: Mapping[int, str]

    @property
    def own(self) -> bool:
        return bool(self.viewer.person_id == self.person_id)


class Told(NamedTuple):
    """A line's words. why: a second, softer line; url: where staff see more of it."""

    words: str
    why: str = ""
    program_id: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Strand:
    """Rows of one table that are lines of somebody's time.

    rows(reader): that person's, in the programs the reader may read, in no order; what say needs is selected with them.
    at: their instant, which may lie in another table ("session__begins_at"); rows without one are left out.
    ahead: it may still be to come.
    """

    name: str
    rows: Callable[[Reader], QuerySet[Any]]
    at: str
    say: Callable[[Any, Reader], Told]
    ahead: bool = False
    staff_only: bool = False


class Moment(NamedTuple):
    """A line: at, strand and number are its place in the order of all."""

    at: datetime
    strand: str
    number: int
    told: Told


Foresee = Callable[[Reader], Iterable[tuple[datetime, Told]]]
_strands: dict[str, Strand] = {}
_foresights: dict[str, Foresee] = {}


def tell(*strands: Strand) -> None:
    """Told again, a strand replaces the one of its name."""
    _strands.update({one.name: one for one in strands})


def foresee(name: str, ask: Foresee) -> None:
    """ask(reader): what is to come that stands in no row of its own; a few at most, in a fixed number of queries."""
    _foresights[name] = ask


def past(reader: Reader, now: datetime, before: str = "", size: int = A_PAGE) -> tuple[list[Moment], str]:
    """What happened until now, newest first from a place on, and the place where the next page begins ("" at the end)."""
    place = _read(before)
    found = [line for strand in _heard(reader) for line in _lines(strand, reader, _until(strand, now, place), size + 1)]
    found.sort(key=lambda one: one[:3], reverse=True)
    end = _place(found[size - 1]) if len(found) > size else ""
    return found[:size], end


def to_come(reader: Reader, now: datetime) -> list[Moment]:
    """What is to come, the next first."""
    heard, after = [one for one in _heard(reader) if one.ahead], Q(moment_at__gt=now)
    strands = [line for strand in heard for line in _lines(strand, reader, after, -AHEAD)]
    asked = [
        Moment(at, name, number, told)
        for name, ask in sorted(_foresights.items())
        for number, (at, told) in enumerate(ask(reader))
    ]
    return sorted([*strands, *asked], key=lambda one: one[:3])


def _heard(reader: Reader) -> list[Strand]:
    return [one for one in _strands.values() if not (one.staff_only and reader.own)]


def _lines(strand: Strand, reader: Reader, span: Q, size: int) -> list[Moment]:
    """So many of a strand within a span, newest first; size below 0: oldest first."""
    rows = strand.rows(reader).annotate(moment_at=F(strand.at)).filter(span)
    order = ("-moment_at", "-pk") if size > 0 else ("moment_at", "pk")
    return [
        Moment(row.moment_at, strand.name, row.pk, strand.say(row, reader))
        for row in rows.order_by(*order)[: abs(size)]
    ]


def _until(strand: Strand, now: datetime, place: tuple[str, datetime, int] | None) -> Q:
    """Lines before the place in the order (instant, strand, number), none of them still to come."""
    if place is None:
        return Q(moment_at__lte=now)
    name, at, number = place
    same = Q(moment_at=at)
    if strand.name == name:
        same &= Q(pk__lt=number)
    elif strand.name > name:
        same = Q(pk__in=[])
    return (Q(moment_at__lt=at) | same) & Q(moment_at__lte=now)


def _place(one: Moment) -> str:
    return f"{one.strand}~{places.place(one.at, one.number)}"


def _read(text: str) -> tuple[str, datetime, int] | None:
    """None for what is no place, so that whoever made it up begins at the start."""
    name, _, rest = text.partition("~")
    found = places.read(rest)
    return (name, *found) if found and name in _strands else None
