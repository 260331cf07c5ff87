"""The graph as the search reads it: each vertex's edges side by side, in one order whatever order they came in."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from peerline.matching.solver.jit import compiled, entry, kernel

SCALE = 4  # duals are kept in quarters of a point, so that all the search halves stays whole
MOST = 1 << 58  # (n + 2) · |weight| stays below: then no sum of duals leaves 64 bits


class Graph(NamedTuple):
    """Vertex v's edges are start[v] … start[v + 1] − 1: they lead `to` rising vertices and gain 4 · weight."""

    n: int
    start: npt.NDArray[np.int64]
    to: npt.NDArray[np.int32]
    gain: npt.NDArray[np.int64]


def graph_of(n: int, u: npt.ArrayLike, v: npt.ArrayLike, weight: npt.ArrayLike, *, arrays: bool) -> Graph:
    """Raises ValueError for an edge that leaves 0 … n−1 or joins a vertex to itself, and for weights too large."""
    ends, others = np.asarray(u, np.int32), np.asarray(v, np.int32)
    weights = np.asarray(weight, np.int64)
    _check(n, ends, others, weights)
    sort = compiled(rows_of) if arrays else rows_of
    start, to, gain = sort(n, ends, others, weights)
    return Graph(n, start, to, gain)


def _check(n: int, u: npt.NDArray[np.int32], v: npt.NDArray[np.int32], weight: npt.NDArray[np.int64]) -> None:
    if not len(u) == len(v) == len(weight):
        raise ValueError("u, v and weight are not of one length")
    if not len(u):
        return
    if min(u.min(), v.min()) < 0 or max(u.max(), v.max()) >= n:
        raise ValueError(f"an edge leaves 0 … {n - 1}")
    if (u == v).any():
        raise ValueError("an edge joins a vertex to itself")
    if max(int(weight.max()), -int(weight.min())) * (n + 2) >= MOST:
        raise ValueError(f"weights are too large for {n} vertices: keep them below {MOST // (n + 2)}")


@entry
def rows_of(n, u, v, weight):  # type: ignore[no-untyped-def]
    """Both directions of every edge, sorted by end and then by other end: a counting sort by each."""
    m = len(u)
    first = offsets_of(n, u, v)
    here, edge = np.empty(2 * m, np.int32), np.empty(2 * m, np.int32)
    place = first.copy()
    for e in range(m):  # by the other end …
        here[place[v[e]]], edge[place[v[e]]] = u[e], e
        place[v[e]] += 1
        here[place[u[e]]], edge[place[u[e]]] = v[e], e
        place[u[e]] += 1
    to, gain = np.empty(2 * m, np.int32), np.empty(2 * m, np.int64)
    place = first.copy()
    for i in range(2 * m):  # … and then, keeping that order, by the end itself
        end = here[i]
        to[place[end]] = u[edge[i]] + v[edge[i]] - end
        gain[place[end]] = SCALE * weight[edge[i]]
        place[end] += 1
    return first, to, gain


@kernel
def offsets_of(n, u, v):  # type: ignore[no-untyped-def]
    """Where each vertex's edges begin, and where the last one's end."""
    first = np.zeros(n + 1, np.int64)
    for e in range(len(u)):
        first[u[e] + 1] += 1
        first[v[e] + 1] += 1
    for end in range(n):
        first[end + 1] += first[end]
    return first
