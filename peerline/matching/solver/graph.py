"""The graph as the search reads it: each vertex's edges side by side, in one order whatever order they came in."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from peerline.matching.solver.jit import entry, kernel

SCALE = 4  # duals are kept in quarters of a point, so that all the search halves stays whole
MOST = 1 << 58  # (n + 2) · |weight| stays below: then no sum of duals leaves 64 bits


class Edges(NamedTuple):
    """u < v of each edge, sorted by u and then v, and its weight."""

    u: npt.NDArray[np.int32]
    v: npt.NDArray[np.int32]
    weight: npt.NDArray[np.int64]


def edges_of(n: int, u: npt.ArrayLike, v: npt.ArrayLike, weight: npt.ArrayLike) -> Edges:
    """Raises ValueError for an edge that leaves 0 … n−1 or joins a vertex to itself, and for weights too large."""
    edges = Edges(np.asarray(u, np.int32), np.asarray(v, np.int32), np.asarray(weight, np.int64))
    _check(n, *edges)
    return edges if _is_sorted(edges) else _sorted(n, edges)


def _is_sorted(edges: Edges) -> bool:
    rising, level = edges.u[1:] > edges.u[:-1], edges.u[1:] == edges.u[:-1]
    return bool((edges.u < edges.v).all() and (rising | (level & (edges.v[1:] > edges.v[:-1]))).all())


def _sorted(n: int, edges: Edges) -> Edges:
    first, last = np.minimum(edges.u, edges.v), np.maximum(edges.u, edges.v)
    order = np.lexsort((edges.weight, first.astype(np.int64) * n + last))
    return Edges(first[order], last[order], edges.weight[order])


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
def lay_edges(s, u, v, weight):  # type: ignore[no-untyped-def]
    """Both directions of sorted edges into the table, each vertex's in the order of the other end.

    From the last edge to the first, so that every vertex's start comes down from behind its last edge to its first.
    """
    for e in range(len(u)):
        s.vertex[u[e]].start += 1
        s.vertex[v[e]].start += 1
    for end in range(1, len(s.vertex)):
        s.vertex[end].start += s.vertex[end - 1].start
    for e in range(len(u) - 1, -1, -1):
        _lay(s, u[e], v[e], weight[e])
        _lay(s, v[e], u[e], weight[e])


@kernel
def _lay(s, end, to, weight):  # type: ignore[no-untyped-def]
    at = s.vertex[end].start - 1
    s.vertex[end].start = at
    s.edge[at].to, s.edge[at].gain = to, SCALE * weight
