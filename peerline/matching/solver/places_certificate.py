"""Is this really the best placing? Arithmetic that knows nothing of how it was found.

The argument is weak duality. Let every mentor ask a rent, never below 0 (the price, with its sign turned). Whatever the
placing, a person then brings at most the most points that any mentor gives beyond the rent, and mentors give back at most
the rent of all their room. To leave somebody out costs more than all points there are, so nobody who can be placed is
left out for points' sake. If a placing reaches that bound, no other places more people, nor as many with more points.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
ROWS = 1024  # at a time


class Claim(Protocol):
    """What is to be checked; a solver's `Placing` has this shape."""

    @property
    def mentor(self) -> Ints: ...
    @property
    def value(self) -> int: ...
    @property
    def price(self) -> Ints: ...


def flaws(points: Ints, room: Ints, claim: Claim) -> list[str]:
    """What keeps the claim from being proven, a sentence each. An empty list is a proof."""
    people, mentors = points.shape
    if claim.mentor.shape != (people,) or (claim.mentor < -1).any() or (claim.mentor >= mentors).any():
        return ["the mentors are not one of the mentors, or −1, each"]
    placed = np.flatnonzero(claim.mentor >= 0)
    given = points[placed, claim.mentor[placed]]
    if (given < 0).any():
        return [f"{placed[given < 0][0]} may not have that mentor"]
    crowded = np.bincount(claim.mentor[placed], minlength=mentors) > np.maximum(room, 0)
    if crowded.any():
        return [f"mentor {np.flatnonzero(crowded)[0]} has no room for that many"]
    if int(given.sum()) != claim.value:
        return [f"the placing is worth {int(given.sum())}, not {claim.value}"]
    return _flaws_of_price(points, room, claim)


def _flaws_of_price(points: Ints, room: Ints, claim: Claim) -> list[str]:
    if claim.price.shape != room.shape or (claim.price > 0).any():
        return ["a price is above 0, or missing"]
    gap = bound_of(points, room, claim) - claim.value
    return [f"the bound is {gap} points away from the value"] if gap else []


def bound_of(points: Ints, room: Ints, claim: Claim) -> int:
    """No placing of as many people has more points than this, whatever the prices are, as long as none is above 0."""
    people = len(points)
    alone = (people + 1) * (int(points.max(initial=0)) + 1)  # what it costs to leave somebody out
    rent = -int((claim.price * np.maximum(room, 0)).sum())
    best = sum(_most(points[row : row + ROWS], claim.price, alone) for row in range(0, people, ROWS))
    return best + rent + alone * int((claim.mentor < 0).sum())


def _most(points: Ints, price: Ints, alone: int) -> int:
    beyond_rent = np.where(points >= 0, points + price, -alone)
    return int(beyond_rent.max(axis=1, initial=-alone).sum())
