"""Maximum weight matching of a general graph with a certificate. Arrays in, pairs out; whole numbers only.

`solve` finds the heaviest matching, at most pairs first if wished, together with duals that prove it (certificate.py).
The same kernels (blossom.py) run as plain Python while a graph is small and compiled when it is large; `warm` compiles
them ahead of time. The answer does not depend on the order of the edges, nor on the way it was computed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peerline.matching.solver import jit
from peerline.matching.solver.blossom import open_all, search, write_order
from peerline.matching.solver.graph import Edges, edges_of, lay_edges
from peerline.matching.solver.state import FLOOR, NO_FLOOR, NOBODY, Search, column, new_search

SMALL = 100_000  # edges: plain Python takes about a second


@dataclass(frozen=True)
class Solution:
    """mate: partner or −1. value: sum of the weights of the pairs. The rest is the proof, in quarters of a weight:

    y: dual of each vertex, never below `floor`, and there if it is free. A blossom k is the vertices order[low[k] : high[k]]
    and has the dual z[k] > 0; blossoms lie in each other or apart. For every edge y[u] + y[v] + Σ z of the blossoms that
    hold both ≥ 4 · weight, and = for the pairs.
    """

    mate: npt.NDArray[np.int32]
    value: int
    y: npt.NDArray[np.int64]
    floor: int
    order: npt.NDArray[np.int32]
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    z: npt.NDArray[np.int64]


def solve(
    n: int,
    u: npt.ArrayLike,
    v: npt.ArrayLike,
    weight: npt.ArrayLike,
    *,
    maximum_cardinality: bool = True,
    compiled: bool | None = None,
) -> Solution:
    """The heaviest matching among those with most pairs, or among all, of the edges u[i]–v[i] with whole weights.

    compiled: None chooses by size. Raises ValueError for edges outside 0 … n−1, loops, and weights of n · |weight| ≥ 2⁵⁸.
    """
    arrays = compiled if compiled is not None else jit.is_better(search, np.size(u), SMALL)
    edges = edges_of(n, u, v, weight)
    s = new_search(n, len(edges.u), arrays=arrays)
    _run(lay_edges, arrays)(s, *(edges if arrays else (part.tolist() for part in edges)))
    if not maximum_cardinality:
        s.dial[FLOOR] = 0
    _run(search, arrays)(s)
    return _solution(s, edges, arrays)


def warm() -> None:
    """Compile the solver, or read it from the cache: about half a minute once, half a second later."""
    solve(3, [0, 1, 0], [1, 2, 2], [1, 1, 1], compiled=True)


def _run(function, arrays):  # type: ignore[no-untyped-def]
    return jit.compiled(function) if arrays else function


def _solution(s: Search, edges: Edges, arrays: bool) -> Solution:
    order, low, high, z = _blossoms(s, arrays)
    _run(open_all, arrays)(s)
    n = len(s.group)
    group = column(s.vertex, "group", arrays)[:n]
    y = column(s.vertex, "y", arrays)[:n] + column(s.group, "shift", arrays)[group]
    mate = column(s.group, "match_out", arrays)[group].astype(np.int32)
    floor = int(s.dial[FLOOR])
    if floor == NO_FLOOR:
        floor = int(y.min(initial=0))
    return Solution(mate, _value(edges, mate), y, floor, order, low, high, z)


def _blossoms(s: Search, arrays: bool) -> tuple[npt.NDArray[np.int32], ...]:
    """order, low, high and z of the blossoms with a dual."""
    order = np.zeros(len(s.group), np.int32)
    _run(write_order, arrays)(s, order)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    z, child = column(s.node, "z", arrays), column(s.node, "child", arrays)
    found = np.flatnonzero((child != NOBODY) & (z > 0))
    low = place[column(s.node, "first", arrays)[found]].astype(np.int64)
    return order, low, low + column(s.node, "size", arrays)[found], z[found]


def _value(edges: Edges, mate: npt.NDArray[np.int32]) -> int:
    """Of two edges between the same people the heavier one counts."""
    used = np.flatnonzero(mate[edges.u] == edges.v)
    best = np.full(len(mate), np.iinfo(np.int64).min, np.int64)
    np.maximum.at(best, edges.u[used], edges.weight[used])
    return sum(best[np.unique(edges.u[used])].tolist())
