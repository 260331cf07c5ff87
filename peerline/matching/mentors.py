"""Mentors with room for several people each: everybody placed who can be, and then the most points, with a proof (S66).

One person after another looks for the cheapest way in: a mentor with room, or a full one from whom somebody moves on to
another, and so on. The ways are found by Dijkstra's rule over prices that full mentors carry (Edmonds and Karp 1972,
Tomizawa 1971); the prices prove the end: no placing can cost less than what everybody pays at the best price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from peerline.matching import cohort
from peerline.matching.cohort import Person
from peerline.matching.matching import Wish
from peerline.matching.scoring import FULL, Scorer

Ints = npt.NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True)
class Placed:
    """mentor: of each person the place of the mentor, or −1. points: of all. bound: no placing of as many has more."""

    mentor: Ints
    points: int
    bound: int


@dataclass(frozen=True)
class Mentored:
    """pairs: (person, mentor, points). left_out: who suits no mentor with room. bound: see Placed."""

    pairs: tuple[tuple[str, str, int], ...]
    left_out: tuple[str, ...]
    points: int
    bound: int


def assign_mentors(
    people: Sequence[Person], mentors: Sequence[Person], room: Mapping[str, int], wish: Wish, *, first_day: date
) -> Mentored:
    """A mentor for as many of these people as possible, within the rules; room: mentor's key → how many they take.

    The order of people and mentors means nothing. Raises ValueError for a key that two of them have.
    """
    everybody = cohort.build([*people, *mentors], first_day=first_day, weeks=wish.weeks, seed=wish.seed)
    points = Scorer(everybody, wish.weights, wish.rules)
    at = everybody.positions()
    rows, columns = (sorted(at[one.key] for one in group) for group in (people, mentors))
    keys = everybody.keys
    table = points.score_block(0, everybody.n, 0, everybody.n)[np.ix_(rows, columns)]
    placed = place(table, np.array([max(0, room.get(keys[column], 0)) for column in columns], np.int64))
    found = [(row, int(mentor)) for row, mentor in enumerate(placed.mentor)]
    pairs = [(keys[rows[row]], keys[columns[at]], int(table[row, at])) for row, at in found if at != NOBODY]
    left = [keys[rows[row]] for row, at in found if at == NOBODY]
    return Mentored(tuple(sorted(pairs)), tuple(sorted(left)), placed.points, placed.bound)


def place(points: Ints, room: Ints) -> Placed:
    """points[person, mentor], below 0 for never; room[mentor]. Most people placed first, then most points."""
    people, mentors = points.shape
    alone = (people + 1) * FULL  # dearer than any chain of moves can save
    cost = np.where(points >= 0, FULL - points, 4 * alone).astype(np.int64)
    cost = np.concatenate([cost, np.full((people, 1), alone, np.int64)], axis=1)  # the last column: no mentor
    places = _Places(cost, np.append(room, people))
    for person in range(people):
        places.take_in(person)
    mentor = np.where(places.where < mentors, places.where, NOBODY)
    placed = mentor != NOBODY
    total = int(points[placed, mentor[placed]].sum())
    left = int((~placed).sum())
    return Placed(mentor, total, int(placed.sum()) * FULL + left * alone - places.least_cost())


class _Places:
    """Who is where, and the prices: price[c] ≤ 0, and 0 while there is room at c."""

    def __init__(self, cost: Ints, room: Ints) -> None:
        self.cost, self.room = cost, room
        self.price = np.zeros(cost.shape[1], np.int64)
        self.where = np.full(len(cost), NOBODY, np.int64)
        self.inside: list[list[int]] = [[] for _ in room]

    def take_in(self, person: int) -> None:
        """Along the cheapest chain of moves that ends where there is room."""
        far = self.cost[person] - self.price
        through = np.full(len(far), person, np.int64)
        done = np.zeros(len(far), bool)
        while True:
            at = int(np.argmin(np.where(done, np.iinfo(np.int64).max, far)))
            if len(self.inside[at]) < self.room[at]:
                break
            done[at] = True
            self._look_on(at, far, through, done)
        self.price[done] -= far[at] - far[done]
        self._move(person, at, through)

    def _look_on(self, at: int, far: Ints, through: Ints, done: npt.NDArray[np.bool_]) -> None:
        """Where those who are at this full mentor could move on to, and at what cost altogether."""
        rows = np.array(self.inside[at], np.int64)
        if not len(rows):
            return
        reduced = self.cost[rows] - self.price
        ways = far[at] + reduced - reduced[:, at][:, None]
        best = ways.argmin(axis=0)
        least = ways[best, np.arange(len(far))]
        nearer = (least < far) & ~done
        far[nearer], through[nearer] = least[nearer], rows[best[nearer]]

    def _move(self, person: int, at: int, through: Ints) -> None:
        while True:
            mover = int(through[at])
            before = int(self.where[mover])
            self.where[mover] = at
            self.inside[at].append(mover)
            if mover == person:
                return
            self.inside[before].remove(mover)
            at = before

    def least_cost(self) -> int:
        """What everybody costs at least, whatever the placing: the best price for each, and the rent of full mentors."""
        return int((self.cost - self.price).min(axis=1).sum() + (self.price * self.room).sum())
