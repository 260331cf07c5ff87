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
from peerline.matching.solver.graph import SCALE, graph_of
from peerline.matching.solver.state import FLOOR, NO_FLOOR, NOBODY, Search, column, new_search

SMALL = 20_000  # edges: plain Python takes about a second


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
    arrays = compiled if compiled is not None else jit.is_warm() or np.size(u) > SMALL
    graph = graph_of(n, u, v, weight, arrays=arrays)
    s = new_search(graph, arrays=arrays)
    if not maximum_cardinality:
        s.dial[FLOOR] = 0
    _run(search, arrays)(s)
    return _solution(s, arrays)


def warm() -> None:
    """Compile the solver, or read it from the cache: about half a minute once, half a second later."""
    solve(3, [0, 1, 0], [1, 2, 2], [1, 1, 1], compiled=True)


def _run(function, arrays):  # type: ignore[no-untyped-def]
    return jit.compiled(function) if arrays else function


def _solution(s: Search, arrays: bool) -> Solution:
    order, low, high, z = _blossoms(s, arrays)
    _run(open_all, arrays)(s)
    group = column(s.vertex, "group", arrays)
    y = column(s.vertex, "y", arrays) + column(s.group, "shift", arrays)[group]
    mate = column(s.group, "match_out", arrays)[group].astype(np.int32)
    floor = int(s.dial[FLOOR])
    if floor == NO_FLOOR:
        floor = int(y.min(initial=0))
    return Solution(mate, _value(s, mate), y, floor, order, low, high, z)


def _blossoms(s: Search, arrays: bool) -> tuple[npt.NDArray[np.int32], ...]:
    """order, low, high and z of the blossoms with a dual."""
    order = np.zeros(len(s.vertex), np.int32)
    _run(write_order, arrays)(s, order)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    z, child = column(s.node, "z", arrays), column(s.node, "child", arrays)
    found = np.flatnonzero((child != NOBODY) & (z > 0))
    low = place[column(s.node, "first", arrays)[found]].astype(np.int64)
    return order, low, low + column(s.node, "size", arrays)[found], z[found]


def _value(s: Search, mate: npt.NDArray[np.int32]) -> int:
    """Of each pair the heaviest edge counts, as matched edges are tight."""
    start, to, gain = (np.asarray(part) for part in (s.start, s.to, s.gain))
    end = np.repeat(np.arange(len(mate)), np.diff(start))
    paired = np.flatnonzero((mate[end] == to) & (end < to))
    best = np.full(len(mate), np.iinfo(np.int64).min, np.int64)
    np.maximum.at(best, end[paired], gain[paired])
    return int(best[np.unique(end[paired])].sum()) // SCALE
