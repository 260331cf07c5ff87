"""Which call in which quarter of an hour, so that as many as possible fit. Pure.

A day of calls is a matching: each call has quarters in which all its people take calls, each quarter holds so many. Calls
are placed in order of urgency; one that finds its quarters full may move others along a path of quarters, but never out.
So it is known that what does not fit could not fit, and that no less urgent call took the place of a more urgent one (the
sets of calls that fit are the independent sets of a transversal matroid, for which this greedy order is best: Edmonds and
Fulkerson, 1965). Nobody's morning is a rush: a quarter first takes twice its even share, more only where need is.

    place([Call(1, (5,), 0b01), Call(2, (5,), 0b11)], [1, 1])  →  {1: 0, 2: 1}
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

LEAST_A_QUARTER = 15  # one a minute is no rush


@dataclass(frozen=True, slots=True)
class Call:
    """order: whoever sorts first is placed first. quarters: the bits of those in which it may be placed."""

    key: int
    order: tuple[Any, ...]
    quarters: int


def place(calls: Iterable[Call], room: Sequence[int]) -> dict[int, int]:
    """key → quarter. Whoever is not in it does not fit: all the quarters that it could be in are full of calls placed
    before it, and none of these can go elsewhere."""
    waiting = sorted(calls, key=lambda call: (call.order, call.key))
    day = _Day(room, _even_share(waiting, room))
    for call in waiting:
        day.put(call)
    return {key: quarter for quarter, held in enumerate(day.held) for keys in held.values() for key in keys}


def _even_share(calls: list[Call], room: Sequence[int]) -> list[int]:
    wanted = 0
    for call in calls:
        wanted |= call.quarters
    quarters = sum(1 for quarter, most in enumerate(room) if most and wanted >> quarter & 1)
    share = max(LEAST_A_QUARTER, 2 * -(-len(calls) // max(1, quarters)))
    return [min(most, share) for most in room]


class _Day:
    """held: for each quarter the calls in it, by the quarters they could be in."""

    def __init__(self, room: Sequence[int], share: Sequence[int]) -> None:
        self.room, self.share = room, share
        self.held: list[dict[int, list[int]]] = [{} for _ in room]
        self.count = [0] * len(room)
        self.full = 0  # quarters from which no path leads to a free one, now or ever

    def put(self, call: Call) -> bool:
        open_ = call.quarters & ~self.full & ((1 << len(self.room)) - 1)
        for most in (self.share, self.room):
            for quarter in _bits(open_):
                if self.count[quarter] < most[quarter]:
                    self._add(quarter, call.quarters, call.key)
                    return True
        return self._make_room(call, open_)

    def _add(self, quarter: int, quarters: int, key: int) -> None:
        self.held[quarter].setdefault(quarters, []).append(key)
        self.count[quarter] += 1

    def _make_room(self, call: Call, begin: int) -> bool:
        """Breadth first from its quarters to those where a call held there could be instead, until one has room."""
        came_from: dict[int, tuple[int, int]] = {}
        seen, queue = begin, deque(_bits(begin))
        while queue:
            here = queue.popleft()
            for quarters in self.held[here]:
                for there in _bits(quarters & ~seen):
                    seen |= 1 << there
                    came_from[there] = (here, quarters)
                    if self.count[there] < self.room[there]:
                        self._shift(there, came_from, call)
                        return True
                    queue.append(there)
        self.full |= seen
        return False

    def _shift(self, quarter: int, came_from: dict[int, tuple[int, int]], call: Call) -> None:
        while quarter in came_from:
            before, quarters = came_from[quarter]
            keys = self.held[before][quarters]
            self._add(quarter, quarters, keys.pop())
            self.count[before] -= 1
            if not keys:
                del self.held[before][quarters]
            quarter = before
        self._add(quarter, call.quarters, call.key)


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


# --- Seconds ---------------------------------------------------------------------------------------------------------


def allowed(first: int, end: int, calls_a_second: float, share: float) -> int:
    """How many calls the line itself may place in the seconds first ≤ s < end (of the epoch): its share of what the
    carrier takes, spread evenly. One a second and three quarters of it: 1, 1, 1, 0, 1, 1, 1, 0 …"""
    thousandths = round(calls_a_second * share * 1000)
    return -(-thousandths * end // 1000) + (-thousandths * first // 1000)


def spread(places: Sequence[Any], how_many: int) -> list[Any]:
    """So many of these places, evenly."""
    return [places[number * len(places) // how_many] for number in range(min(how_many, len(places)))]
