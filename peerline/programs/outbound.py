"""The calls the line places by itself: each has a second of its own, inside the hours of everybody it is for.

Room is kept for people's own calls: of what the carrier takes each second, and of the lines, the line itself uses
SHARE. A call that is due gets the best quarter of an hour of the next day (slots.py says which) and in it a free second;
the database refuses two calls in one place. Reminders that are called share
its seconds: they take what room_for_reminders leaves, and no call is planned into one they have. What does not fit is put off, least urgent first, and looked at again; its
row stays, and when its time is over people are told. `ring` starts one in its second, or, late, in a free one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import F

from peerline.exchange import queries as exchange
from peerline.jobs.services import enqueue
from peerline.kernel import quarters, week
from peerline.kernel.duties import Duty
from peerline.kernel.quarters import A_DAY, QUARTER
from peerline.messaging import services as messaging
from peerline.people.queries import calling_weeks
from peerline.programs import slots
from peerline.programs.models import DueThing
from peerline.programs.slots import Call


class Hours(Protocol):
    """What rings, as far as its hours go."""

    @property
    def hours(self) -> int: ...


SHARE = 0.75
A_CALL = timedelta(minutes=5)  # a line is taken so long: ringing, words, and with luck a talk
PUT_OFF = timedelta(hours=1)
ALL_LINES_BUSY = timedelta(minutes=1)
MOST = 5000  # rows planned in one go; the next tick goes on
A_SECOND = timedelta(seconds=1)


def room_in(begins: datetime, count: int = A_DAY) -> list[int]:
    """How many calls the line may begin in each quarter: what the carrier takes, and what the lines hold."""
    lines, first = int(settings.LINES * SHARE * (QUARTER / A_CALL)), int(begins.timestamp())
    return [min(lines, _allowed(first + 900 * number, 900)) for number in range(count)]


def _allowed(second: int, seconds: int = 1) -> int:
    return slots.allowed(second, second + seconds, settings.CALLS_A_SECOND, SHARE)


def room_for_reminders(first: datetime, count: int) -> list[int]:
    """How many calls besides those planned here may begin in each of `count` seconds. One query."""
    end = first + count * A_SECOND
    taken = Counter(DueThing.objects.filter(slot_at__gte=first, slot_at__lt=end).values_list("slot_at", flat=True))
    seconds = (first + number * A_SECOND for number in range(count))
    return [max(0, _allowed(int(at.timestamp())) - taken[at]) for at in seconds]


def lines_are_free() -> bool:
    """Is a line left that is not kept for people's own calls?"""
    return exchange.lines_in_use() < settings.LINES * SHARE


def may_ring(duty: Duty, people: Iterable[int], now: datetime) -> bool:
    """Are all of them inside their hours at this instant? They may have moved, or changed them, since it was planned."""
    people = list(people)
    known = calling_weeks(people)
    return len(known) == len(set(people)) and all(
        week.holds(duty.hours & ~week.from_text(blocked), now, zone) for zone, blocked in known.values()
    )


# --- Planning --------------------------------------------------------------------------------------------------------


def plan(duties: dict[str, Duty], now: datetime) -> int:
    """Slots for the calls that are due and have none; how many got one. Whoever calls holds the lock: one at a time."""
    ringing = [one.name for one in duties.values() if one.rings]
    waiting = DueThing.objects.filter(state="waiting", duty__in=ringing, slot_at=None)
    rows = list(waiting.filter(due_at__lte=now, until__gt=now).order_by("due_at", "pk")[:MOST])
    if not rows:
        return 0
    begins = quarters.quarter_of(now)
    free = free_quarters([(duties[row.duty], row.people, now, row.until) for row in rows], begins)
    calls = [
        Call(row.pk, (duties[row.duty].urgency, row.until), bits) for row, bits in zip(rows, free, strict=True) if bits
    ]
    placed = slots.place(calls, _room_left(begins, now))
    _give_seconds(rows, placed, begins, now)
    _put_off(rows, {call.key for call in calls}, now)
    return len(placed)


def free_quarters(
    wanted: Sequence[tuple[Hours, Iterable[int], datetime, datetime]], begins: datetime, count: int = A_DAY
) -> list[int]:
    """(duty, or what else rings, people, from, until) each → the bits of those quarters in which all its people may be rung. One query."""
    known = calling_weeks({person for _duty, people, _at, _until in wanted for person in people})
    free: dict[int, dict[int, int]] = {}
    for hours in {duty.hours for duty, *_ in wanted}:
        bits = quarters.as_bits(quarters.free(known.values(), begins, count, hours=hours))
        free[hours] = dict(zip(known, bits, strict=True))
    found = []
    for duty, people, at, until in wanted:
        open_ = _span(at, until, begins, count)
        for person in people:
            open_ &= free[duty.hours].get(person, 0)
        found.append(open_)
    return found


def _span(at: datetime, until: datetime, begins: datetime, count: int) -> int:
    """The quarter `at` is in and all that follow and are over by `until`, as bits."""
    first = max(0, (at - begins) // QUARTER)
    end = max(first + 1, min(count, (until - begins) // QUARTER))
    return (1 << end) - (1 << first) if first < count else 0


def _room_left(begins: datetime, now: datetime) -> list[int]:
    """What slots given before, and the part of this quarter that is over, leave."""
    room, taken = room_in(begins), [0] * A_DAY
    ahead = DueThing.objects.filter(slot_at__gte=now.replace(microsecond=0), slot_at__lt=begins + A_DAY * QUARTER)
    for at in ahead.values_list("slot_at", flat=True):
        taken[(at - begins) // QUARTER] += 1
    room[0] = min(room[0], _allowed(int(now.timestamp()), int((begins + QUARTER - now).total_seconds()) + 1))
    return [max(0, most - held) for most, held in zip(room, taken, strict=True)]


def _give_seconds(rows: list[DueThing], placed: dict[int, int], begins: datetime, now: datetime) -> None:
    by_quarter: dict[int, list[DueThing]] = {}
    for row in rows:
        if row.pk in placed:
            by_quarter.setdefault(placed[row.pk], []).append(row)
    for quarter, some in by_quarter.items():
        places = _free_places(max(begins + quarter * QUARTER, now.replace(microsecond=0)), len(some), now)
        for row, (row.slot_at, row.slot_place) in zip(some, places, strict=False):
            row.save(update_fields=["slot_at", "slot_place"])
            _remember(row)


def _free_places(first: datetime, how_many: int, now: datetime) -> list[tuple[datetime, int]]:
    """Free seconds of the quarter that begins at `first`, or goes on: the next ones of the present quarter, else spread."""
    end = quarters.quarter_of(first) + QUARTER
    first = max(first, messaging.hold_calls())
    taken = set(DueThing.objects.filter(slot_at__gte=first, slot_at__lt=end).values_list("slot_at", "slot_place"))
    seconds = (first + number * A_SECOND for number in range(int((end - first).total_seconds())))
    places = [
        (at, place) for at in seconds for place in range(_allowed(int(at.timestamp()))) if (at, place) not in taken
    ]
    return places[:how_many] if end - QUARTER <= now else slots.spread(places, how_many)


def _remember(row: DueThing) -> None:
    """A job rings in that second."""
    enqueue("programs.ring", f"programs.ring:{row.pk}:{row.slot_at:%Y%m%dT%H%M%S}", at=row.slot_at, due_id=row.pk)


def _put_off(rows: list[DueThing], willing: set[int], now: datetime) -> None:
    """Looked at again in an hour: what found the day full, and what nobody may be rung for within a day."""
    left = [row.pk for row in rows if row.slot_at is None]
    DueThing.objects.filter(pk__in=left).update(due_at=now + PUT_OFF)
    DueThing.objects.filter(pk__in=[pk for pk in left if pk in willing]).update(put_off=F("put_off") + 1)


def take_place(row: DueThing, now: datetime) -> bool:
    """May it ring in this very second? In its own; when that is over, in this one if it has a place left. False: it has
    been given the next free one."""
    second = now.replace(microsecond=0)
    if row.slot_at is None or row.slot_at > now:
        return False
    if row.slot_at == second:
        return True
    row.slot_at, row.slot_place = next(_next_places(second))
    row.save(update_fields=["slot_at", "slot_place"])
    if row.slot_at > second:
        _remember(row)
    return row.slot_at == second


def _next_places(first: datetime) -> Iterator[tuple[datetime, int]]:
    while True:
        yield from _free_places(first, 1, first)
        first = quarters.quarter_of(first) + QUARTER
