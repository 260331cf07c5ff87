"""Pairs worth looking at: all that are allowed in a cohort of some thousands, the best few of everybody beyond."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peerline.matching.scoring import BLOCK, DENSE_MOST, Scorer

EVERYBODYS_BEST = 20  # how many partners each person is given in a large cohort
SCARCE_BEST = 60  # and how many somebody who suits few


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


def best_of_everybody(scorer: Scorer, how_many: int = EVERYBODYS_BEST) -> Edges:
    """Each person's best partners, both ways together. Whoever suits few people brings more of them."""
    found = []
    for start in range(0, scorer.n, BLOCK):
        block = scorer.score_block(start, min(start + BLOCK, scorer.n), 0, scorer.n)
        found.append(_best_of_block(block, start, how_many))
    return _once(_edges(found), scorer.n)


def _best_of_block(block: npt.NDArray[np.int64], start: int, how_many: int) -> tuple[npt.NDArray[np.int64], ...]:
    most = min(SCARCE_BEST, block.shape[1])
    best = np.argpartition(-block, most - 1, axis=1)[:, :most]
    points = np.take_along_axis(block, best, axis=1)
    order = np.argsort(-points, axis=1, kind="stable")
    best, points = np.take_along_axis(best, order, axis=1), np.take_along_axis(points, order, axis=1)
    wanted = np.where((block >= 0).sum(axis=1) <= 2 * SCARCE_BEST, most, min(how_many, most))
    keep = (np.arange(most)[None, :] < wanted[:, None]) & (points >= 0)
    rows = np.broadcast_to(np.arange(len(block))[:, None] + start, best.shape)
    one, other = rows[keep], best[keep]
    return np.minimum(one, other), np.maximum(one, other), points[keep]


def _edges(found: list[tuple[npt.NDArray[np.int64], ...]]) -> Edges:
    u, v, points = (
        (np.concatenate(part) if part else np.zeros(0, np.int64))
        for part in (zip(*found, strict=True) if found else ((), (), ()))
    )
    return Edges(u.astype(np.int32), v.astype(np.int32), points.astype(np.int64))


def _once(edges: Edges, n: int) -> Edges:
    """Without repetitions, by place."""
    _, first = np.unique(edges.u.astype(np.int64) * n + edges.v, return_index=True)
    return Edges(edges.u[first], edges.v[first], edges.points[first])


def of(scorer: Scorer) -> Edges:
    """All pairs where they can be kept, else everybody's best."""
    return all_pairs(scorer) if scorer.n <= DENSE_MOST else best_of_everybody(scorer)
