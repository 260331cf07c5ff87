"""Mentors with room for several people each: everybody placed who can be, and then the most points, with a proof (S66).

A mentor and whoever comes to them are not equal partners: this is for programs that ask for mentors, never for
reciprocal pairs. Rules, weights and points are those of pairs. The answer comes with a price for each mentor, and the
prices prove that no other placing is better (solver/places_certificate.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from peerline.matching import cohort, rules
from peerline.matching.cohort import Person
from peerline.matching.matching import LeftOut, Wish
from peerline.matching.proof import NotProven
from peerline.matching.scoring import Scorer
from peerline.matching.solver.places import Ints, Placing, place
from peerline.matching.solver.places_certificate import flaws


@dataclass(frozen=True)
class Mentorship:
    """A person and their mentor. points: 0 to 10,000. place: how high this mentor stands with the person, of all mentors."""

    person: str
    mentor: str
    points: int
    features: dict[str, int]
    common_hours: int
    place: int


@dataclass(frozen=True)
class Mentored:
    """left_out: who has no mentor, and why. full: what each feature gives at most. It is proven that nothing is better."""

    pairs: tuple[Mentorship, ...]
    left_out: tuple[LeftOut, ...]
    points: int
    full: dict[str, int]


def assign_mentors(
    people: Sequence[Person], mentors: Sequence[Person], room: Mapping[str, int], wish: Wish, *, first_day: date
) -> Mentored:
    """A mentor for as many of these people as possible, within the rules; room: mentor's key → how many they take.

    The order of people and mentors means nothing. Raises ValueError for a key that two of them have, NotProven.
    """
    two = _Sides(people, mentors, wish, first_day)
    rooms = np.array([max(0, room.get(key, 0)) for key in two.keys[two.count :]], np.int64)
    placing = proven(two.points, rooms)
    found = [(one, int(at) + two.count) for one, at in enumerate(placing.mentor)]
    pairs = [two.pair(one, mentor) for one, mentor in found if mentor >= two.count]
    left = [two.left_out(one) for one, mentor in found if mentor < two.count]
    return Mentored(
        tuple(sorted(pairs, key=lambda pair: (-pair.points, pair.person))),
        tuple(sorted(left, key=lambda one: one.key)),
        placing.value,
        two.scorer.scale.full,
    )


def proven(points: Ints, room: Ints) -> Placing:
    """The best placing, checked by arithmetic that does not know how it was found. Raises NotProven."""
    placing = place(points, room)
    if found := flaws(points, room, placing):
        raise NotProven(found[0])
    return placing


class _Sides:
    """One cohort in which all people stand before all mentors; count: of the people."""

    def __init__(self, people: Sequence[Person], mentors: Sequence[Person], wish: Wish, first_day: date) -> None:
        mixed = cohort.build([*people, *mentors], first_day=first_day, weeks=wish.weeks, seed=wish.seed)
        at, self.count = mixed.positions(), len(people)
        order = [where for group in (people, mentors) for where in sorted(at[one.key] for one in group)]
        self.cohort = mixed.only(np.array(order, np.int64))
        self.wish, self.mentors = wish, slice(self.count, len(order))
        self.scorer = Scorer(self.cohort, wish.weights, wish.rules)
        self.points: Ints = self.scorer.score_block(0, self.count, self.count, self.cohort.n)
        self.keys = self.cohort.keys

    def pair(self, one: int, mentor: int) -> Mentorship:
        points = int(self.points[one, mentor - self.count])
        features, hours = self.scorer.by_feature(one, mentor), self.scorer.common_hours(one, mentor)
        place = 1 + int((self.points[one] > points).sum())
        return Mentorship(self.keys[one], self.keys[mentor], points, features, hours, place)

    def left_out(self, one: int) -> LeftOut:
        why = rules.why_alone(self.cohort, self.wish.rules, one, among=self.mentors)
        return LeftOut(self.keys[one], why or "taken", int((self.points[one] >= 0).sum()))
