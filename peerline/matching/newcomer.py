"""Whom one person suits best among all who wait: an answer for somebody who just came, while nobody is matched anew."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peerline.matching.scoring import Scorer

STRETCH = 1024  # people of whom the best is looked at first


@dataclass(frozen=True)
class Partner:
    """Somebody the newcomer may be paired with: points of 10,000, in all and by feature, and common hours a week."""

    key: str
    points: int
    features: dict[str, int]
    common_hours: int


def best_partners(scorer: Scorer, one: int, how_many: int = 10) -> list[Partner]:
    """Those who suit the person at this place best, the best first; of equals whoever stands first in the cohort.

    Nobody who breaks a rule. Ten of a million take a few thousandths of a second.
    """
    points = scorer.with_everybody(one)
    return [
        Partner(
            scorer.cohort.people[other].key, int(points[other]), scorer.by_feature(one, other),
            scorer.common_hours(one, other),
        )
        for other in highest(points, how_many).tolist()
    ]  # fmt: skip


def highest(points: npt.NDArray[np.int64], how_many: int) -> npt.NDArray[np.intp]:
    """Where the highest of these stand, none below 0, the highest first.

    Each stretch has one that is its best, so no less than the last of so many best stretches need be looked at.
    """
    best = np.sort(np.maximum.reduceat(points, np.arange(0, len(points), STRETCH)))
    bar = max(0, int(best[-how_many])) if how_many <= len(best) else 0
    likely = np.flatnonzero(points >= bar)
    return likely[np.argsort(-points[likely], kind="stable")][:how_many]
