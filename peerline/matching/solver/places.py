"""People to mentors who have room for several: everybody placed who can be, then the most points. Whole numbers only.

One person after another comes in along the cheapest chain of moves: to a mentor with room, or to a full one from whom
somebody moves on, and so on to where there is room. Chains are found by Dijkstra's rule over prices that full mentors
carry (Edmonds and Karp 1972, Tomizawa 1971). They are looked for among mentors, not among people: of all who are with
one mentor only who moves most cheaply to each other mentor matters. That row is made when a chain first gets there, and
anew only after somebody came or went. The prices prove the answer in the end (places_certificate.py).
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from peerline.matching.solver import jit
from peerline.matching.solver.jit import entry, kernel
from peerline.matching.solver.state import NEVER, NOBODY

Ints = npt.NDArray[np.int64]
SMALL = 100_000  # cells of the table: plain Python takes about a second
DONE = 0  # on the dial: how many mentors the present search has gone through


@dataclass(frozen=True)
class Placing:
    """mentor: of each person the place of the mentor, or −1. value: points of all.

    The rest is the proof: price of each mentor, never above 0, and 0 while there is room.
    """

    mentor: Ints
    value: int
    price: Ints


class Places(NamedTuple):
    """What the search keeps. The last choice, after all mentors, is to be with nobody; it is never full.

    where: the choice of each person, who sits on seat[slot]. A mentor's seats begin at `start`, the first `taken` are taken.
    hop, mover: what it costs to move somebody from one mentor to another choice, and whom; true while `fresh`.
    far, through: the cheapest chain to each choice, and who comes at its end. ahead: the same as far until gone through.
    """

    points: Any
    room: Any
    price: Any
    where: Any
    slot: Any
    start: Any
    seat: Any
    taken: Any
    hop: Any
    mover: Any
    fresh: Any
    far: Any
    ahead: Any
    through: Any
    done: Any
    dial: Any


def place(points: npt.ArrayLike, room: npt.ArrayLike, *, compiled: bool | None = None) -> Placing:
    """Most people placed first, then most points. points[person, mentor], below 0 for never; room[mentor].

    compiled: None chooses by size. The answer is the same either way.
    """
    table = np.ascontiguousarray(points, np.int64)
    arrays = compiled if compiled is not None else jit.is_better(place_all, table.size, SMALL)
    s = _places(table, np.maximum(0, np.asarray(room, np.int64)), arrays)
    (jit.compiled(place_all) if arrays else place_all)(s)
    mentor = np.array(s.where, np.int64)
    mentor[mentor == table.shape[1]] = NOBODY
    placed = np.flatnonzero(mentor != NOBODY)
    return Placing(mentor, int(table[placed, mentor[placed]].sum()), np.array(s.price[:-1], np.int64))


def alone_costs(people: int, most_points: int) -> int:
    """To leave somebody out is dearer than any chain of moves can save."""
    return (people + 1) * (most_points + 1)


def _places(points: Ints, room: Ints, arrays: bool) -> Places:
    people, mentors = points.shape
    seats = np.append(np.minimum(room, people), people)
    start = np.concatenate([[0], np.cumsum(seats)])
    choices = mentors + 1
    zeros = lambda *shape: np.zeros(shape, np.int64)  # noqa: E731
    s = Places(
        points, seats, zeros(choices), np.full(people, NOBODY), zeros(people), start, zeros(start[-1]), zeros(choices),
        zeros(mentors, choices), zeros(mentors, choices), zeros(mentors), zeros(choices), zeros(choices),
        zeros(choices), zeros(choices), np.array([0, alone_costs(people, int(points.max(initial=0)))]),
    )  # fmt: skip
    return s if arrays else Places(*(part.tolist() for part in s))


@entry
def place_all(s):  # type: ignore[no-untyped-def]
    for person in range(len(s.where)):
        at = _nearest_room(s, person)
        _lower_prices(s, s.far[at])
        _move_along(s, person, at)


@kernel
def _nearest_room(s, person):  # type: ignore[no-untyped-def]
    """The end of the cheapest chain that begins with this person."""
    _begin_chain(s, person, s.points[person])
    while True:
        at = _nearest(s.ahead)
        if s.taken[at] < s.room[at]:
            return at
        s.ahead[at] = NEVER
        s.done[s.dial[DONE]] = at
        s.dial[DONE] += 1
        if not s.fresh[at]:
            _find_movers(s, at, s.hop[at], s.mover[at])
        _look_on(s, s.far[at] + s.price[at], s.hop[at], s.mover[at])


@kernel
def _begin_chain(s, person, points):  # type: ignore[no-untyped-def]
    s.dial[DONE] = 0
    for to in range(len(points)):
        s.far[to] = s.ahead[to] = -points[to] - s.price[to] if points[to] >= 0 else NEVER
        s.through[to] = person
    nobody = len(points)
    s.far[nobody] = s.ahead[nobody] = s.dial[1]
    s.through[nobody] = person


@kernel
def _nearest(ahead):  # type: ignore[no-untyped-def]
    least = NEVER
    for at in range(len(ahead)):
        least = min(least, ahead[at])
    at = 0
    while ahead[at] != least:
        at += 1
    return at


@kernel
def _find_movers(s, at, hop, mover):  # type: ignore[no-untyped-def]
    s.fresh[at] = 1
    nobody = len(hop) - 1
    for to in range(nobody + 1):
        hop[to] = NEVER
    for seat in range(s.start[at], s.start[at] + s.taken[at]):
        person = s.seat[seat]
        points = s.points[person]
        own = points[at]
        for to in range(nobody):
            if points[to] >= 0 and own - points[to] < hop[to]:
                hop[to], mover[to] = own - points[to], person
        if own + s.dial[1] < hop[nobody]:
            hop[nobody], mover[nobody] = own + s.dial[1], person


@kernel
def _look_on(s, far, hop, mover):  # type: ignore[no-untyped-def]
    """Where the chain to this full mentor could go on."""
    for to in range(len(hop)):
        way = far + hop[to] - s.price[to]
        if way < s.far[to]:
            s.far[to] = s.ahead[to] = way
            s.through[to] = mover[to]


@kernel
def _lower_prices(s, far):  # type: ignore[no-untyped-def]
    """So that no later chain is cheaper through those that this search went through."""
    for k in range(s.dial[DONE]):
        at = s.done[k]
        s.price[at] -= far - s.far[at]


@kernel
def _move_along(s, person, at):  # type: ignore[no-untyped-def]
    """Everybody on the chain takes a seat: the last one a new one, each other that of the one who goes on."""
    seat = s.start[at] + s.taken[at]
    s.taken[at] += 1
    while True:
        mover = s.through[at]
        before, left = s.where[mover], s.slot[mover]
        s.where[mover], s.slot[mover], s.seat[seat] = at, seat, mover
        if at < len(s.fresh):
            s.fresh[at] = 0
        if mover == person:
            return
        at, seat = before, left
