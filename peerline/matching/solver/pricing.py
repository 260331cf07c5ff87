"""A proof over all pairs when only some of them were solved.

A large cohort has too many pairs to solve on, so one solves on promising ones. Its duals then price every other pair: one
that gains more than the duals over it could make the matching better. Those are added, the worst few of each person, and
the larger graph is solved again, until no pair is left that gains more. Then the certificate holds over all pairs.

Solving anew each time is a small part of it: the time goes into looking at every pair, a tile at a time, on all cores.
"""

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from peerline.matching.solver import Solution, jit, solve
from peerline.matching.solver.certificate import SCALE, Slacks, dual_of, exact_sum
from peerline.matching.solver.jit import entry, kernel
from peerline.matching.solver.state import NEVER, NOBODY

Ints = npt.NDArray[np.int64]
ScoreBlock = Callable[[int, int, int, int], npt.NDArray[np.int64] | npt.NDArray[np.int32]]

ROWS, COLUMNS = 256, 4096  # of a tile: 8 MB of points
STRETCH = 64  # pairs that are passed together
WORST = 12  # pairs that one person brings from one tile at most
NEAR = 200  # a pair is added too when its slack is below this part of the largest weight: it saves a round or two
MOST_ROUNDS = 60

log = logging.getLogger(__name__)


class NotFinished(RuntimeError):
    """After many rounds there are still pairs that gain more than the duals over them."""


@dataclass(frozen=True)
class Priced:
    """solution: the best over all pairs. u, v, weight: the pairs it was solved on in the end. rounds: of solving.

    short: quarters by which the duals, all together, must be raised to hold over all pairs; 0 when they do.
    """

    solution: Solution
    u: npt.NDArray[np.int32]
    v: npt.NDArray[np.int32]
    weight: Ints
    rounds: int
    short: int = 0

    @property
    def bound(self) -> int:
        """No matching of as many pairs weighs more."""
        return (dual_of(self.solution) + self.short) // SCALE

    @property
    def has_most_pairs(self) -> bool:
        """Whoever is free may not be matched, nothing weighing less than 0: one pair more would cost twice the floor."""
        solution = self.solution
        free = int((solution.mate < 0).sum())
        return free <= len(solution.mate) % 2 or dual_of(solution) + self.short + 2 * solution.floor < 0


class Cheap(NamedTuple):
    """Pairs u · n + v with their weight, and the little, or less than nothing, that the duals over them have more.

    short: as in Priced. Everybody who found a pair that gains more than its duals is raised by the most it does.
    """

    key: Ints
    weight: Ints
    slack: Ints
    short: int


def solve_over_all(
    n: int, score_block: ScoreBlock, u: npt.ArrayLike, v: npt.ArrayLike, weight: npt.ArrayLike, *, threads: int = 0
) -> Priced:
    """The best matching of n people over all pairs, beginning with the promising ones u < v of that weight.

    score_block(i0, i1, j0, j1) → points of i0 ≤ i < i1 with j0 ≤ j < j1, below 0 for those who may not be paired.
    threads: how many tiles at a time; as many as there are cores without it. Raises NotFinished.
    """
    margin = SCALE * (int(np.abs(np.asarray(weight, np.int64)).max(initial=0)) // NEAR)
    return until_proven(
        n, lambda solution: cheap_pairs(n, score_block, solution, margin=margin, threads=threads), u, v, weight
    )


def until_proven(
    n: int,
    price: Callable[[Solution], Cheap],
    u: npt.ArrayLike,
    v: npt.ArrayLike,
    weight: npt.ArrayLike,
    *,
    enough: float = 1,
) -> Priced:
    """The same with another way to price all pairs, and to the end only if it is not `enough` of its bound before.

    Of a pair that is found again the first weight stays. Raises NotFinished.
    """
    keys = np.asarray(u, np.int64) * n + np.asarray(v, np.int64)
    weights = np.asarray(weight, np.int64)
    for done in range(1, MOST_ROUNDS + 1):
        keys, first = np.unique(keys, return_index=True)
        weights = weights[first]
        ends, others = (keys // max(n, 1)).astype(np.int32), (keys % max(n, 1)).astype(np.int32)
        solution = solve(n, ends, others, weights)
        log.info("round %d: %d people solved on %d pairs; now for all pairs", done, n, len(keys))
        more = price(solution)
        found = Priced(solution, ends, others, weights, done, more.short)
        log.info("round %d: %d points, none has more than %d", done, solution.value, found.bound)
        if not more.short or (found.has_most_pairs and solution.value >= enough * found.bound):
            return found
        keys, weights = np.concatenate([keys, more.key]), np.concatenate([weights, more.weight])
    raise NotFinished(f"after {MOST_ROUNDS} rounds there are still pairs to add")


def cheap_pairs(n: int, score_block: ScoreBlock, solution: Solution, *, margin: int = 0, threads: int = 0) -> Cheap:
    """Of all pairs those whose slack is below the margin, the lowest of each row of each tile.

    With a margin of 0 or more: if none has a slack below 0, then no pair has.
    """
    tiles = _Tiles(n, score_block, solution, margin)
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        found = list(pool.map(lambda tile: tiles.cheap(*tile), _tiles(n)))
    nothing = np.zeros(0, np.int64)
    key, weight, slack = (np.concatenate(part) for part in zip((nothing,) * 3, *found, strict=True))
    return Cheap(key, weight, slack, shortest(n, key // max(n, 1), slack))


def shortest(n: int, finder: Ints, slack: Ints) -> int:
    """The sum of what each finder's pairs lack at most."""
    lack = np.zeros(n, np.int64)
    np.maximum.at(lack, finder, -slack)
    return exact_sum(lack)


def _tiles(n: int) -> Iterator[tuple[int, int, int, int]]:
    """Rectangles over all pairs i < j."""
    for i0 in range(0, n, ROWS):
        for j0 in range(i0, n, COLUMNS):
            yield i0, min(i0 + ROWS, n), j0, min(j0 + COLUMNS, n)


class Prices(NamedTuple):
    """The duals of one solution, made ready for looking at every pair; place and lowest as in certificate.Slacks."""

    y: Ints
    place: Ints
    lowest: Ints  # [level, place]
    margin: int


class Worst(NamedTuple):
    """Of each row, from the row `first` on, the pairs of lowest slack, rising, and the columns they are in."""

    first: int
    slack: Ints
    column: Ints


class _Tiles:
    def __init__(self, n: int, score_block: ScoreBlock, solution: Solution, margin: int) -> None:
        slacks = Slacks(solution)
        slacks.prepare_all()
        lowest = np.zeros((len(slacks.lowest), n), np.int64)
        for level, row in enumerate(slacks.lowest):
            lowest[level, : len(row)] = row
        self.n, self.score_block = n, score_block
        self.prices = Prices(solution.y, slacks.place, lowest, margin)
        self.look = jit.compiled(price_tile) if jit.is_compiled(price_tile) or n > ROWS else price_tile

    def cheap(self, i0: int, i1: int, j0: int, j1: int) -> tuple[Ints, Ints, Ints]:
        """Those of one tile."""
        points = np.ascontiguousarray(self.score_block(i0, i1, j0, j1))
        shape = (i1 - i0, WORST)
        worst = Worst(i0, np.full(shape, NEVER, np.int64), np.full(shape, NOBODY, np.int64))
        self.look(points, j0, self.prices, worst)
        row, at = np.nonzero(worst.column >= 0)
        j = worst.column[row, at]
        return (row + i0) * self.n + j, points[row, j - j0].astype(np.int64), worst.slack[row, at]


@entry
def price_tile(points, j0, prices, worst):  # type: ignore[no-untyped-def]
    """Note each row's pairs of lowest slack below the margin.

    Nearly all pairs have plenty, so a stretch of them is passed at once if the least of it has.
    """
    y, end = prices.y, j0 + points.shape[1]
    for row in range(points.shape[0]):
        i = worst.first + row
        for begin in range(max(j0, i + 1), end, STRETCH):
            stop = min(begin + STRETCH, end)
            least = NEVER
            for j in range(begin, stop):
                least = min(least, y[j] - SCALE * points[row, j - j0])
            if least + y[i] < prices.margin:
                for j in range(begin, stop):
                    _price_pair(points[row, j - j0], i, j, prices, worst)


@kernel
def _price_pair(gain, i, j, prices, worst):  # type: ignore[no-untyped-def]
    slack = prices.y[i] + prices.y[j] - SCALE * gain
    if gain < 0 or slack >= prices.margin:
        return
    slack += held_together(prices.place[i], prices.place[j], prices.lowest)
    row = i - worst.first
    if slack < min(prices.margin, worst.slack[row, WORST - 1]):
        note_worst(worst.slack[row], worst.column[row], slack, j)


@kernel
def held_together(one, other, lowest):  # type: ignore[no-untyped-def]
    """Σ z of the blossoms that hold both places: the lowest step between them."""
    first, steps = min(one, other), abs(one - other)
    level = 0
    while steps >> (level + 1):
        level += 1
    return min(lowest[level, first], lowest[level, first + steps - (1 << level)])


@kernel
def note_worst(slacks, columns, slack, j):  # type: ignore[no-untyped-def]
    at = len(slacks) - 1
    while at > 0 and slacks[at - 1] > slack:
        slacks[at], columns[at] = slacks[at - 1], columns[at - 1]
        at -= 1
    slacks[at], columns[at] = slack, j
