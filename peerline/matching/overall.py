"""The best over all pairs of a large cohort, up to a million people, and a bound that none can pass.

1. Everybody's best partners are found among all (reach.py), some for each.
2. The solver matches on those, and gives duals: a price for each person, so that no pair it saw gains more than both.
3. Again everybody looks at all, now for pairs that gain more than the prices of both. Nearly nobody has one.
4. If nobody has, no matching of all pairs is worth more than the prices together, and ours is worth just that: proven.
5. If some have, raising one price of each such pair by what it lacks mends all of it. No matching is worth more than
   the prices together then: the bound, a little above our points. That may be enough; else these pairs are added,
   and it goes on at 2.

This is weak duality (J. Edmonds, Maximum matching and a polyhedron with 0,1-vertices, 1965): a matching has everybody at
most once, so it is worth at most the sum of prices that cover every pair. Of two people each worth 5,000 and a pair of
10,020 points, one is raised by 20, and 10,020 is the bound.
"""

import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from peerline.matching import reach
from peerline.matching.cells import Cells
from peerline.matching.reach import Prices
from peerline.matching.solver import Solution, jit, pricing
from peerline.matching.solver.certificate import SCALE, Slacks
from peerline.matching.solver.pricing import Cheap, Priced
from peerline.matching.solver.state import NEVER

Ints = npt.NDArray[np.int64]
TASK = 1024  # people whose partners are looked for together
FEW = 256  # people for whom nothing is compiled
BEST = 12  # partners that each brings at first
EFFORT = 20_000  # leaves and people that one looks at for that
WORST = 12  # pairs that each brings in a round
LARGE = 200_000  # from so many people on the bound need not be reached
ENOUGH = 0.999  # but this much of it

log = logging.getLogger(__name__)


class Seen(NamedTuple):
    """Of each person the partners of lowest slack, −1 for none, and those slacks."""

    partners: Ints
    slacks: Ints


class Pairs(NamedTuple):
    u: npt.NDArray[np.integer]
    v: npt.NDArray[np.integer]
    points: Ints


def best_over_all(cells: Cells, pairs: Pairs) -> Priced:
    """The best matching of those in the cells, beginning with these pairs u < v. All of them by where they stand."""
    n = len(cells.order)
    enough = ENOUGH if n >= LARGE else 1
    return pricing.until_proven(n, lambda solution: cheap_pairs(cells, solution), *pairs, enough=enough)


def best_partners(cells: Cells) -> Pairs:
    """Some of the best partners of everybody, each pair once."""
    seen = seek(cells, no_prices(cells), bar=1, how_many=BEST, effort=EFFORT)
    n = len(cells.order)
    one, at = np.nonzero(seen.partners >= 0)
    other = seen.partners[one, at]
    key, first = np.unique(np.minimum(one, other) * n + np.maximum(one, other), return_index=True)
    return Pairs(key // max(n, 1), key % max(n, 1), -seen.slacks[one, at][first] // SCALE)


def cheap_pairs(cells: Cells, solution: Solution) -> Cheap:
    """Of all pairs those that gain more than the duals over them, the worst few of each person.

    While people are free who need not be, their whole trees have prices far below 0, and any pair that leads out of them
    is a help: then only these look, and not for long.
    """
    prices, free = prices_of(cells, solution), int((solution.mate < 0).sum())
    if free > len(cells.order) % 2:
        low = np.flatnonzero(prices.price < 0)
        found = _priced_by(cells, seek(cells, prices, bar=0, how_many=WORST, effort=EFFORT, people=low), low)
        if found.short:
            return found._replace(short=NEVER)
    return _priced_by(cells, seek(cells, prices, bar=0, how_many=WORST), np.arange(len(cells.order)))


def _priced_by(cells: Cells, seen: Seen, people: Ints) -> Cheap:
    row, at = np.nonzero(seen.partners >= 0)
    n, one, other, slack = len(cells.order), people[row], seen.partners[row, at], seen.slacks[row, at]
    key = np.minimum(one, other) * n + np.maximum(one, other)
    return Cheap(key, points_of(cells, one, other), slack, pricing.shortest(n, one, slack))


def points_of(cells: Cells, ones: Ints, others: Ints) -> Ints:
    """Of these pairs."""
    points = np.zeros(len(ones), np.int64)
    _run(reach.write_points, cells)(cells, ones, others, points)
    return points


def seek(
    cells: Cells, prices: Prices, *, bar: int, how_many: int, effort: int = NEVER, people: Ints | None = None
) -> Seen:
    """The partners of a slack below the bar, of these people or of all, on all cores."""
    asked = np.arange(len(cells.order)) if people is None else people
    log.info("%d of %d people look for partners", len(asked), len(cells.order))
    shape = (len(asked), how_many)
    partners, slacks = np.full(shape, -1, np.int64), np.full(shape, bar, np.int64)
    look = _run(reach.look, cells)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(
            pool.map(
                lambda part: look(cells, prices, asked[part], slacks[part], partners[part], effort), _tasks(len(asked))
            )
        )
    return Seen(partners, slacks)


def _tasks(n: int) -> Iterator[slice]:
    return (slice(at, min(at + TASK, n)) for at in range(0, n, TASK))


def _run(entry: Any, cells: Cells) -> Any:
    return jit.compiled(entry) if jit.is_compiled(entry) or len(cells.order) > FEW else entry


# --- Prices ----------------------------------------------------------------------------------------------------------


def no_prices(cells: Cells) -> Prices:
    """With these, the partners of lowest slack are those of most points."""
    zero = np.zeros(len(cells.order), np.int64)
    return _priced(cells, zero, zero, zero, np.zeros((0, 1), np.int64))


def prices_of(cells: Cells, solution: Solution) -> Prices:
    """The duals of a solution."""
    slacks = Slacks(solution)
    slacks.prepare_all()
    lowest = np.zeros((len(slacks.lowest), len(cells.order)), np.int64)
    for level, row in enumerate(slacks.lowest):
        lowest[level, : len(row)] = row
    return _priced(cells, _shared_out(solution), solution.y, slacks.place, lowest)


def _shared_out(solution: Solution) -> Ints:
    """A price each, so that two are never more than all duals over that pair.

    That would be y, were there not the odd cohort: it is one blossom, whose dual is as high as all y are low. So half of
    the largest outermost blossom's dual is added within it, and taken off without.
    """
    if not len(solution.z):
        return solution.y
    largest = int(np.argmax(solution.high - solution.low))
    same = (solution.low == solution.low[largest]) & (solution.high == solution.high[largest])
    half = int(solution.z[same].sum()) // 2
    inside = np.zeros(len(solution.y), bool)
    inside[solution.order[solution.low[largest] : solution.high[largest]]] = True
    return np.where(inside, solution.y + half, solution.y - half)


def _priced(cells: Cells, price: Ints, y: Ints, place: Ints, lowest: Ints) -> Prices:
    leaf = np.minimum.reduceat(price, cells.first[:-1])
    cell = np.full(cells.cell.shape, NEVER, np.int64)
    here = cells.cell >= 0
    cell[here] = np.minimum.reduceat(leaf, cells.first_leaf[:-1])[cells.cell[here]]
    return Prices(price, leaf, cell, cell.min(axis=1, initial=NEVER), y, place, lowest)
