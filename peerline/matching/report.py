"""What can be said about a finished partition: ranks, and who would rather swap."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peerline.matching.scoring import BLOCK, NEVER, Scorer

MOST_NAMED = 50  # couples that would rather swap, the strongest first

Group = tuple[int, ...]


@dataclass(frozen=True)
class Restless:
    """Two people who are not together, and of whom each would gain: at least `gain` points for both."""

    one: int
    other: int
    gain: int


def own_points(scorer: Scorer, groups: list[Group]) -> npt.NDArray[np.int64]:
    """What each person has now: points with the partner, the mean of two in a group of three, NEVER alone."""
    own = np.full(scorer.n, NEVER, np.int64)
    for group in groups:
        for one in group:
            others = [scorer.points(one, other) for other in group if other != one]
            own[one] = sum(others) // len(others)
    return own


def restless(scorer: Scorer, groups: list[Group]) -> tuple[int, list[Restless]]:
    """How many couples would both gain by leaving their partners for each other, and the strongest of them."""
    own = own_points(scorer, groups)
    count, named = 0, []
    for start in range(0, scorer.n, BLOCK):
        end = min(start + BLOCK, scorer.n)
        block = scorer.score_block(start, end, start, scorer.n)
        gain = block - np.maximum(own[start:end, None], own[None, start:])
        one, other = np.nonzero(np.triu((gain > 0) & (block >= 0), 1))
        count += len(one)
        strongest = np.argsort(-gain[one, other], kind="stable")[:MOST_NAMED]
        named += [
            Restless(int(one[at] + start), int(other[at] + start), int(gain[one[at], other[at]])) for at in strongest
        ]
    return count, sorted(named, key=lambda found: (-found.gain, found.one, found.other))[:MOST_NAMED]


def rank(scorer: Scorer, one: int, other: int) -> int:
    """1 when nobody suits this person better than that partner does."""
    with_all = scorer.with_everybody(one)
    return 1 + int((with_all > with_all[other]).sum())


def choices(scorer: Scorer, one: int) -> int:
    """How many people this person may be paired with at all."""
    return int((scorer.with_everybody(one) >= 0).sum())
