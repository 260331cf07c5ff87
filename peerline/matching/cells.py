"""A large cohort laid out so that whoever suits one person well is found without looking at everybody.

People of one likeness (insulin, type, culture) with the same challenges are a cell: towards any other cell they all have
the same points of those features. Within a cell, people near each other in A1C, age and years stand side by side in leaves of a few. So
a cell, or a leaf with its lowest and highest values, has a bound that no pair with anybody in it can pass.

The numbers are those of tiles.py: what is not known gives half, and whether it is known is part of the likeness.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from peerline.matching import hours, tiles
from peerline.matching.cohort import UNKNOWN
from peerline.matching.scoring import REACH, Scorer

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
LEAF = 16  # people


class Cells(NamedTuple):
    """Arrays only, for the kernels. People are named by where they stand; order[place] is their place in the cohort."""

    order: Ints
    like: Small  # which likeness each is of
    mask: Small
    kind: Small
    values: Small  # [people, features]
    free: npt.NDArray[np.uint64]  # [people, 3 words a season]
    leaf: Small  # of each person
    first: Ints  # person of each leaf, and the end
    box: Small  # [leaves, 6]: the lowest of each feature, and the highest
    cell: Small  # [likenesses, masks], −1 where nobody is
    first_leaf: Ints  # of each cell, and the end
    likes: Small  # points between likenesses; below 0 where arm or site differ
    like_order: Small  # those that are best for each first
    masks: Small
    mask_order: Small
    suits: npt.NDArray[np.bool_]  # [kinds, kinds]: may they be paired, hours and forbidden couples aside?
    known: Small  # [likenesses, features]
    steps: Ints  # of each feature
    reaches: Ints
    hours: Ints  # least, step, reach
    apart_first: Ints  # where each person's forbidden partners begin, and the end
    apart: Ints


def lay_out(scorer: Scorer, held: npt.NDArray[np.bool_]) -> Cells:
    """The cells of a scorer's cohort, without those who are held."""
    cohort, scale = scorer.cohort, scorer.scale
    chosen = np.flatnonzero(~held)
    values = np.stack([getattr(cohort, name)[chosen] for name in tiles.NEAR], axis=1)
    like, likes, known = _likes(scorer, chosen, values != UNKNOWN)
    mask, masks = tiles.masks_of(scorer, chosen)
    kind, kinds = tiles.kinds_of(tiles.columns_of(scorer, tiles.RULES)[chosen])
    order, first = _leaves(like.astype(np.int64) * len(masks) + mask, values, [scale.step[name] for name in tiles.NEAR])
    people, values, like, mask = chosen[order], values[order], like[order], mask[order]
    cell, first_leaf = _cells(like[first[:-1]], mask[first[:-1]], (len(likes), len(masks)))
    return Cells(
        people, like, mask, kind[order], np.ascontiguousarray(values),
        np.ascontiguousarray(cohort.free[:, people].transpose(1, 0, 2).reshape(len(people), hours.WORDS * len(cohort.free))),
        np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first)), first,
        np.hstack([lowest_of.reduceat(values, first[:-1]) for lowest_of in (np.minimum, np.maximum)]), cell, first_leaf,
        likes, _best_first(likes), masks, _best_first(masks), scorer.suit(chosen[kinds]), known,
        np.array([scale.step[name] for name in tiles.NEAR]), np.array([REACH[name] for name in tiles.NEAR]),
        np.array([scorer.rules.least_common_hours, scale.step["hours"], REACH["hours"]]), *_apart(people, scorer),
    )  # fmt: skip


def _likes(scorer: Scorer, chosen: Ints, known: npt.NDArray[np.bool_]) -> tuple[Small, ...]:
    """Each person's likeness, points between any two of them, and what is known of each.

    Of what is not known of both they have half, whatever their values. Other arms and sites are never looked at.
    """
    table = np.column_stack([tiles.columns_of(scorer, ("arm", *tiles.LIKENESS))[chosen], known])
    like, firsts = tiles.kinds_of(table)
    points = scorer.of_likeness(chosen[firsts])
    for feature, name in enumerate(tiles.NEAR):
        both = known[firsts, None, feature] & known[None, firsts, feature]
        points += np.where(both, 0, scorer.scale.full[name] // 2)
    for wall in [0, 4][: 1 + scorer.rules.same_site]:
        points[table[firsts, None, wall] != table[None, firsts, wall]] = tiles.FORBIDDEN
    return like, points.astype(np.int32), known[firsts].astype(np.int32)


def _best_first(points: Small) -> Small:
    """Of each row the columns, those with most points first; itself before its equals."""
    keyed = 2 * points
    np.fill_diagonal(keyed, keyed.diagonal() + 1)
    return np.argsort(-keyed, axis=1, kind="stable").astype(np.int32)


def _leaves(cell: Ints, values: Small, steps: list[int]) -> tuple[Ints, Ints]:
    """An order in which cells, and in them leaves, stand side by side; and where each leaf begins, and the end.

    Halves what is too large at the middle of the feature in which it is widest, until nothing is.
    """
    order = np.argsort(cell, kind="stable")
    begin = np.flatnonzero(np.r_[True, np.diff(cell[order]) != 0]) if len(cell) else np.zeros(0, np.int64)
    while True:
        size = np.diff(np.r_[begin, len(cell)])
        large = size > LEAF
        if not large.any():
            return order, np.r_[begin, len(cell)].astype(np.int64)
        widths = np.maximum.reduceat(values[order], begin) - np.minimum.reduceat(values[order], begin)
        widest = (widths * np.array(steps)).argmax(axis=1)
        part = np.repeat(np.arange(len(begin)), size)
        at = np.flatnonzero(large[part])
        key = values[order[at], widest[part[at]]]
        order[at] = order[at[np.lexsort((key, part[at]))]]
        begin = np.sort(np.r_[begin, (begin + size // 2)[large]])


def _cells(like: Small, mask: Small, shape: tuple[int, int]) -> tuple[Small, Ints]:
    """Which cell is of that likeness and mask, and the leaf each begins with. like, mask: of each leaf's people."""
    new = np.r_[True, (np.diff(like) != 0) | (np.diff(mask) != 0)][: len(like)]
    first_leaf = np.flatnonzero(new)
    cell = np.full(shape, -1, np.int32)
    cell[like[first_leaf], mask[first_leaf]] = np.arange(len(first_leaf))
    return cell, np.r_[first_leaf, len(like)]


def _apart(people: Ints, scorer: Scorer) -> tuple[Ints, Ints]:
    """Each person's forbidden partners, side by side."""
    place = np.full(scorer.n, -1, np.int64)
    place[people] = np.arange(len(people))
    pairs = place[scorer.apart].reshape(-1, 2)
    pairs = pairs[(pairs >= 0).all(axis=1)]
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    return np.searchsorted(pairs[:, 0], np.arange(len(people) + 1)), np.ascontiguousarray(pairs[:, 1])
