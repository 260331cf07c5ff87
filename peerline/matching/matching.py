"""The door of this room: `match` people, and get pairs with their reasons, who is left out and why, and a proof.

result = match(people, Wish(weights={"a1c": 50, "age": 50}), first_day=date(2026, 1, 5))
for pair in result.pairs: print(pair.keys, pair.points, pair.features)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from peerline.matching import candidates, cells, cohort, report, rules, styles, threes
from peerline.matching.candidates import Edges
from peerline.matching.cohort import Cohort, Person
from peerline.matching.proof import Proof, proven, proven_over_all, solved
from peerline.matching.rules import Couple, Rules
from peerline.matching.scoring import DENSE_MOST, WEIGHTS, Scorer

Group = tuple[int, ...]


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    locked: groups of keys that stay together. current: couples that are pairs now, each given stay_bonus points on top
    so that a happy pair is not broken for a little gain. weeks: so many ahead must have common hours.
    """

    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    rules: Rules = field(default_factory=Rules)
    style: str = "best"
    threes: bool = True
    locked: tuple[tuple[str, ...], ...] = ()
    current: frozenset[Couple] = frozenset()
    stay_bonus: int = 0
    weeks: int = 26
    seed: int = 0


@dataclass(frozen=True)
class Proposed:
    """Two people, or three. points: 0 to 10,000, of three the mean. ranks: keys → how high the second stands with the first."""

    keys: tuple[str, ...]
    points: int
    features: dict[str, int]
    common_hours: int
    ranks: dict[tuple[str, str], int]
    locked: bool = False


@dataclass(frozen=True)
class LeftOut:
    """why: the rule after which nobody is left (rules.NAMES), "nobody" in a cohort of one, or "taken": those who suit
    have another partner. choices: how many suit at all."""

    key: str
    why: str
    choices: int


@dataclass(frozen=True)
class Swap:
    """A couple that is not together, of whom each would gain so many points."""

    keys: tuple[str, str]
    gain: int


@dataclass(frozen=True)
class Result:
    """points: of all pairs. proof: of the highest total of pairs. released: locked groups that break a rule by now."""

    pairs: tuple[Proposed, ...]
    left_out: tuple[LeftOut, ...]
    points: int
    proof: Proof
    restless: int
    swaps: tuple[Swap, ...]
    released: tuple[tuple[str, ...], ...] = ()

    @property
    def worst(self) -> Proposed | None:
        return min(self.pairs, key=lambda pair: (pair.points, pair.keys), default=None)

    @property
    def people_paired(self) -> int:
        return sum(len(pair.keys) for pair in self.pairs)


def match(people: Iterable[Person], wish: Wish, *, first_day: date) -> Result:
    """The partition of these people that the wish asks for, as many paired as possible. The order of people means nothing.

    Raises ValueError for two people with one key, a feature or style that does not exist, somebody locked twice.
    """
    everybody = cohort.build(people, first_day=first_day, weeks=wish.weeks, seed=wish.seed)
    return Matcher(everybody, wish).result()


class Matcher:
    """One cohort under one wish; keeps the points of all pairs between the questions."""

    def __init__(self, everybody: Cohort, wish: Wish) -> None:
        if wish.style not in styles.STYLES:
            raise ValueError(f"no such style: {wish.style}")
        self.cohort, self.wish = everybody, wish
        self.scorer = Scorer(everybody, wish.weights, wish.rules)
        self.locked, self.released = self._locks()
        stays = rules.positions_of(everybody, wish.current) if wish.stay_bonus else rules.NOBODY
        self._stays = stays if len(stays) else None
        self.edges = self._edges()

    @cached_property
    def at(self) -> dict[str, int]:
        return self.cohort.positions()

    def _locks(self) -> tuple[list[Group], list[tuple[str, ...]]]:
        """Locked groups by place, and those that may not stay because a rule keeps two of them apart by now."""
        kept: list[Group] = []
        released: list[tuple[str, ...]] = []
        for keys in self.wish.locked:
            group = tuple(sorted(self.at[key] for key in keys if key in self.at))
            fits = len(group) == len(keys) and all(self.scorer.points(a, b) >= 0 for a in group for b in group if a < b)
            kept.append(group) if fits else released.append(keys)
        if len({one for group in kept for one in group}) != sum(map(len, kept)):
            raise ValueError("somebody is locked twice")
        return kept, released

    def _edges(self) -> Edges:
        """Pairs among those who are not locked: all, or in a large cohort everybody's best, and those that may stay."""
        held = np.zeros(self.cohort.n, bool)
        held[[one for group in self.locked for one in group]] = True
        if self.cohort.n > DENSE_MOST:
            self.cells = cells.lay_out(self.scorer, held)
            return candidates.joined(candidates.best_of_everybody(self.cells), self._may_stay(held))
        edges = candidates.all_pairs(self.scorer)
        return edges.where(~held[edges.u] & ~held[edges.v])

    def _may_stay(self, held: npt.NDArray[np.bool_]) -> list[tuple[int, int, int]]:
        """Present pairs with their points."""
        stays = [] if self._stays is None else self._stays.tolist()
        couples = [(u, v, self.scorer.points(u, v)) for u, v in stays if u < v and not held[u] and not held[v]]
        return [couple for couple in couples if couple[2] >= 0]

    def best(self) -> tuple[styles.Mates, Proof]:
        """The best pairs of those who are not locked, proven over all of their pairs."""
        edges = self._with_bonus(self.edges)
        if self.cohort.n <= DENSE_MOST:
            return proven(self.cohort.n, edges)
        self.solution, proof, used = proven_over_all(self.cohort.n, self.cells, edges)
        self.edges = self._with_bonus(used, sign=-1)
        return self.solution.mate, proof

    def result(self) -> Result:
        best, proof = self.best()
        joined = self._joined(_pairs(best))
        if self.wish.style == "fair":
            raised = self._joined(_pairs(styles.fair(self._with_bonus(self.edges), best, self._solve)), prize=min)
            joined = max((joined, raised), key=self._fairness)
        if self.wish.style == "steady":
            joined = self._joined(_pairs(styles.steady(self._with_bonus(self.edges), self._solve)))
        return self._told(joined, proof)

    def _joined(self, pairs: list[Group], prize: threes.Prize = threes.gain) -> threes.Joined:
        """These pairs and the locked groups, and whoever is alone as a third one where that is wished for."""
        groups, alone = [*self.locked, *pairs], self._alone(pairs)
        if not self.wish.threes or not alone:
            return threes.Joined(groups, alone, sum(threes.worth(self.scorer, group) for group in groups))
        if self.wish.style == "best" and not self.locked:
            return threes.best_third(self.scorer, groups, alone, self._without)
        return threes.join(self.scorer, groups, alone, prize)

    def _without(self, person: int) -> tuple[list[Group], list[int]]:
        """The best pairs of all others, and who of them is alone."""
        edges = self._with_bonus(self.edges)
        others = _pairs(self._solve(edges.where((edges.u != person) & (edges.v != person))))
        return others, self._alone(others, besides=person)

    def _fairness(self, joined: threes.Joined) -> tuple[int, int, int]:
        worst = min((self._mean(group) for group in joined.groups), default=0)
        return -len(joined.left), worst, joined.points

    def _mean(self, group: Group) -> int:
        """Points of a pair, or the mean of a three's couples."""
        couples = [self.scorer.points(one, other) for one in group for other in group if one < other]
        return sum(couples) // len(couples)

    def _with_bonus(self, edges: Edges, sign: int = 1) -> Edges:
        """The points the search goes by: those of present pairs are higher by the bonus. sign −1 takes it off again."""
        if self._stays is None:
            return edges
        codes = edges.u.astype(np.int64) * self.cohort.n + edges.v
        stay = np.isin(codes, self._stays[:, 0] * self.cohort.n + self._stays[:, 1])
        return Edges(edges.u, edges.v, edges.points + sign * stay * self.wish.stay_bonus)

    def _solve(self, edges: Edges) -> styles.Mates:
        return solved(self.cohort.n, edges)

    def _alone(self, pairs: list[Group], besides: int = -1) -> list[int]:
        paired = {one for group in [*self.locked, *pairs] for one in group}
        return [one for one in range(self.cohort.n) if one not in paired and one != besides]

    def choices_of(self, key: str) -> int:
        """How many people this one may be paired with at all."""
        return report.choices(self.scorer, self.at[key])

    # --- In words of keys ------------------------------------------------------------------------------------------

    def _told(self, joined: threes.Joined, proof: Proof) -> Result:
        keys = self.cohort.keys
        count, swaps = report.restless(self.scorer, joined.groups)
        told = [self._proposed(group) for group in joined.groups]
        return Result(
            pairs=tuple(sorted(told, key=lambda pair: (-pair.points, pair.keys))),
            left_out=tuple(sorted((self._left_out(one) for one in joined.left), key=lambda one: one.key)),
            points=joined.points,
            proof=proof,
            restless=count,
            swaps=tuple(Swap((keys[one.one], keys[one.other]), one.gain) for one in swaps),
            released=tuple(self.released),
        )

    def _proposed(self, group: Group) -> Proposed:
        keys, scorer = self.cohort.keys, self.scorer
        ordered = sorted(group, key=lambda one: keys[one])
        couples = [(one, other) for one in ordered for other in ordered if one < other]
        parts = [scorer.by_feature(*couple) for couple in couples]
        return Proposed(
            keys=tuple(keys[one] for one in ordered),
            points=self._mean(group),
            features={name: sum(part[name] for part in parts) // len(parts) for name in parts[0]},
            common_hours=min(scorer.common_hours(*couple) for couple in couples),
            ranks={
                (keys[one], keys[other]): report.rank(scorer, one, other)
                for one in ordered
                for other in ordered
                if one != other
            },
            locked=group in self.locked,
        )

    def _left_out(self, one: int) -> LeftOut:
        why = rules.why_alone(self.cohort, self.wish.rules, one)
        return LeftOut(self.cohort.keys[one], why or "taken", report.choices(self.scorer, one))


def _pairs(mate: styles.Mates) -> list[Group]:
    return [(one, int(other)) for one, other in enumerate(mate) if one < other]
