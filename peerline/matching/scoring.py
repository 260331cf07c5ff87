"""Points: how well two people suit, as whole numbers from 0 to 10,000. One kernel, the same everywhere.

Weights become points a step once; from then on there is only adding and multiplying of whole numbers, so that a proof
made here holds to the last point there. What is not known about either of two people gives half of a feature's points.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peerline.matching import hours, rules, tiles
from peerline.matching.cohort import UNKNOWN, Cohort
from peerline.matching.rules import Rules

FULL = 10_000
NEVER = -1  # may not be paired
FEATURES = ("challenges", "a1c", "insulin", "age", "hours", "type", "years", "culture")
# What a program begins with: shares of a hundred. A preference, not evidence: see docs/reference/matching.md.
WEIGHTS = {
    "challenges": 25,
    "a1c": 20,
    "insulin": 15,
    "age": 15,
    "hours": 10,
    "type": 5,
    "years": 5,
    "culture": 5,
}  # fmt: skip
# From how many steps apart on a feature gives nothing: tenths of a percent, years, steps of the logarithm of years,
# and for hours: so many beyond the least that is required give all.
REACH = {"a1c": 30, "age": 20, "years": 50, "hours": 10}

DENSE_MOST = 3000  # people of whom all pairs are kept: 18 MB
BLOCK = 256  # rows at a time

Points = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Scale:
    """full: what each feature gives at most; step: what one step of it is worth."""

    full: dict[str, int]
    step: dict[str, int]
    shared: npt.NDArray[np.int64]  # points for [challenges both have, challenges either has]


def scale(weights: Mapping[str, int]) -> Scale:
    """Shares of any size, none below 0, as points. Raises ValueError for a feature that does not exist."""
    if strange := set(weights) - set(FEATURES):
        raise ValueError(f"no such feature: {', '.join(sorted(strange))}")
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is below 0")
    total = sum(weights.values()) or 1
    full = {name: weights.get(name, 0) * FULL // total for name in FEATURES}
    step = {name: full[name] // reach for name, reach in REACH.items()}
    full |= {name: step[name] * reach for name, reach in REACH.items()}
    return Scale(full, step, _shared(full["challenges"]))


def _shared(full: int) -> npt.NDArray[np.int64]:
    both, either = np.arange(65)[:, None], np.maximum(np.arange(65), 1)[None, :]
    return full * np.minimum(both, either) // either


class Scorer:
    """Points of any two people of one cohort under one program's weights and rules."""

    def __init__(self, cohort: Cohort, weights: Mapping[str, int], hard: Rules) -> None:
        self.cohort, self.rules, self.scale = cohort, hard, scale(weights)
        self.apart = rules.positions_of(cohort, hard.apart | hard.former)
        self._all: npt.NDArray[np.int16] | None = None
        self._tables: tiles.Tables | None = None

    @property
    def n(self) -> int:
        return self.cohort.n

    def score_block(self, i0: int, i1: int, j0: int, j1: int) -> Points:
        """Points of the people i0 ≤ i < i1 with j0 ≤ j < j1; NEVER where they may not be paired. int64[i1−i0, j1−j0]"""
        if self._all is None and self.n <= DENSE_MOST:
            self._all = np.empty((self.n, self.n), np.int16)
            for start in range(0, self.n, BLOCK):
                end = min(start + BLOCK, self.n)
                self._all[start:end] = self._computed(start, end, 0, self.n)
        if self._all is not None:
            return self._all[i0:i1, j0:j1].astype(np.int64)
        return self.tile(i0, i1, j0, j1).astype(np.int64)

    def tile(self, i0: int, i1: int, j0: int, j1: int) -> npt.NDArray[np.int16]:
        """The same by the compiled kernel (tiles.py), for a large cohort. int16[i1−i0, j1−j0]"""
        if self._tables is None:
            self._tables = tiles.Tables(self)
        points = self._tables.points(i0, i1, j0, j1, REACH)
        rules.cross_out(points, self.apart, slice(i0, i1), slice(j0, j1), NEVER)
        return points

    def _computed(self, i0: int, i1: int, j0: int, j1: int) -> Points:
        rows, columns = slice(i0, i1), slice(j0, j1)
        common = hours.common_hours(self.cohort.free, rows, columns)
        points = sum(self.parts(rows, columns, common).values(), np.zeros(common.shape, np.int64))
        points[~self._may(rows, columns, common)] = NEVER
        rules.cross_out(points, self.apart, rows, columns, NEVER)
        same = np.arange(max(i0, j0), min(i1, j1))
        points[same - i0, same - j0] = NEVER
        return points

    def _may(self, rows: slice, columns: slice, common: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        return (common >= self.rules.least_common_hours) & self._suit(self.cohort, rows, columns)

    def _suit(self, cohort: Cohort, rows: slice, columns: slice) -> npt.NDArray[np.bool_]:
        """As far as language, wishes, arm and site go."""
        may = (cohort.languages[rows, None] & cohort.languages[None, columns]) != 0
        may &= rules.wished(cohort, rows, columns)
        may &= cohort.arm[rows, None] == cohort.arm[None, columns]
        if self.rules.same_site:
            may &= cohort.site[rows, None] == cohort.site[None, columns]
        return may

    def parts(self, rows: slice, columns: slice, common: npt.NDArray[np.int32]) -> dict[str, Points]:
        """Points of each feature, whether or not the two may be paired."""
        cohort = self.cohort
        return {
            "challenges": self._challenges(rows, columns),
            "a1c": self._near("a1c", cohort.a1c, rows, columns),
            "insulin": self._same("insulin", cohort.insulin, rows, columns),
            "age": self._near("age", cohort.age, rows, columns),
            "hours": self._hours(common),
            "type": self._same("type", cohort.type, rows, columns),
            "years": self._near("years", cohort.years, rows, columns),
            "culture": self._same("culture", cohort.culture, rows, columns),
        }

    def _near(self, name: str, values: npt.NDArray[np.int32], rows: slice, columns: slice) -> Points:
        these, those = values[rows, None], values[None, columns]
        near = self.scale.step[name] * np.maximum(0, REACH[name] - np.abs(these - those)).astype(np.int64)
        near[(these == UNKNOWN) | (those == UNKNOWN)] = self.scale.full[name] // 2
        return near

    def _same(self, name: str, codes: npt.NDArray[np.int32], rows: slice, columns: slice) -> Points:
        these, those = codes[rows, None], codes[None, columns]
        same = np.where(these == those, self.scale.full[name], 0).astype(np.int64)
        same[(these == UNKNOWN) | (those == UNKNOWN)] = self.scale.full[name] // 2
        return same

    def _challenges(self, rows: slice, columns: slice) -> Points:
        return self.of_challenges(self.cohort.challenges[rows, None], self.cohort.challenges[None, columns])

    def of_challenges(self, these: npt.NDArray[np.uint64], those: npt.NDArray[np.uint64]) -> Points:
        """Points of any lists of challenges, as bits."""
        found = self.scale.shared[np.bitwise_count(these & those), np.bitwise_count(these | those)]
        found[(these == 0) | (those == 0)] = self.scale.full["challenges"] // 2
        return found

    def of_kinds(self, people: npt.NDArray[np.int64], forbidden: int) -> Points:
        """Between these people: points of all that is the same or not, `forbidden` where they do not suit, hours aside."""
        return np.where(self.suit(people), self.of_likeness(people), forbidden)

    def suit(self, people: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Between these people: may they be paired, hours and forbidden couples aside?"""
        return self._suit(self.cohort.only(people), slice(0, len(people)), slice(0, len(people)))

    def of_likeness(self, people: npt.NDArray[np.int64]) -> Points:
        """Between these people: points of all that is the same or not."""
        few, everybody = self.cohort.only(people), slice(0, len(people))
        same = [self._same(name, getattr(few, name), everybody, everybody) for name in ("insulin", "type", "culture")]
        return sum(same, np.zeros((len(people), len(people)), np.int64))

    def _hours(self, common: npt.NDArray[np.int32]) -> Points:
        beyond = np.clip(common - self.rules.least_common_hours, 0, REACH["hours"]).astype(np.int64)
        return self.scale.step["hours"] * beyond

    # --- Single pairs and people -----------------------------------------------------------------------------------

    def points(self, one: int, other: int) -> int:
        return int(self.score_block(one, one + 1, other, other + 1)[0, 0])

    def by_feature(self, one: int, other: int) -> dict[str, int]:
        """feature → points of these two."""
        rows, columns = slice(one, one + 1), slice(other, other + 1)
        common = hours.common_hours(self.cohort.free, rows, columns)
        return {name: int(found[0, 0]) for name, found in self.parts(rows, columns, common).items()}

    def common_hours(self, one: int, other: int) -> int:
        found = hours.common_hours(self.cohort.free, slice(one, one + 1), slice(other, other + 1))
        return int(found[0, 0])

    def with_everybody(self, one: int) -> Points:
        """Points of this person with everybody, NEVER with themself. int64[n]"""
        if self._all is None and self.n <= DENSE_MOST:
            return self._computed(one, one + 1, 0, self.n)[0]
        return self.score_block(one, one + 1, 0, self.n)[0]
