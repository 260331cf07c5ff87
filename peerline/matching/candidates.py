"""Pairs worth looking at: all that are allowed in a cohort of some thousands, the best few of everybody beyond."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peerline.matching import overall
from peerline.matching.cells import Cells
from peerline.matching.scoring import BLOCK, Scorer


@dataclass(frozen=True)
class Edges:
    """Allowed pairs u < v with their points."""

    u: npt.NDArray[np.int32]
    v: npt.NDArray[np.int32]
    points: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.u)

    def where(self, keep: npt.NDArray[np.bool_]) -> "Edges":
        return Edges(self.u[keep], self.v[keep], self.points[keep])


def all_pairs(scorer: Scorer) -> Edges:
    """Every allowed pair, once."""
    found = []
    for start in range(0, scorer.n, BLOCK):
        block = scorer.score_block(start, min(start + BLOCK, scorer.n), start, scorer.n)
        one, other = np.nonzero(np.triu(block >= 0, 1))
        found.append((one + start, other + start, block[one, other]))
    return _edges(found)


def best_of_everybody(cells: Cells) -> Edges:
    """Each person's best partners, by their places in the cohort."""
    return by_name(cells.order, *overall.best_partners(cells))


def by_name(names: npt.NDArray[np.int64], u: npt.ArrayLike, v: npt.ArrayLike, points: npt.ArrayLike) -> Edges:
    """The same pairs between people named differently."""
    one, other = names[u], names[v]
    return _edges([(np.minimum(one, other), np.maximum(one, other), np.asarray(points, np.int64))])


def joined(edges: Edges, more: list[tuple[int, int, int]]) -> Edges:
    """With these pairs u < v and their points besides, none twice."""
    known = set(zip(edges.u.tolist(), edges.v.tolist(), strict=True)) if more else set()
    fresh = np.array([pair for pair in more if pair[:2] not in known], np.int64).reshape(-1, 3)
    return _edges([(edges.u, edges.v, edges.points), tuple(fresh.T)])


def _edges(found: list[tuple[npt.NDArray[np.int64], ...]]) -> Edges:
    u, v, points = (
        (np.concatenate(part) if part else np.zeros(0, np.int64))
        for part in (zip(*found, strict=True) if found else ((), (), ()))
    )
    return Edges(u.astype(np.int32), v.astype(np.int32), points.astype(np.int64))
