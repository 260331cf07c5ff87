"""Is this really the best matching? Arithmetic that knows nothing of how it was found.

The argument is weak duality. Give every vertex a number y, never below a floor, and every blossom (an odd set) a number
z > 0, so that over each edge y + y + Σ z of the blossoms holding both ends is at least 4 · weight. Then any matching of k
pairs has 4 · weight ≤ Σ y of the vertices it matches + Σ z · (size − 1) / 2, as a blossom holds at most (size − 1) / 2
pairs. If the vertices a matching leaves free lie at the floor, that sum is the largest possible for k pairs; if the
matching reaches it, nothing of k pairs is heavier. Each further pair costs twice the floor: is that more than all weight
there is, then there is no matching with more pairs. With the floor at 0, pairs do not count and only weight does.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
SCALE = 4


class Claim(Protocol):
    """What is to be checked; a solver's `Solution` has this shape. Blossom k is order[low[k] : high[k]]."""

    @property
    def mate(self) -> npt.NDArray[np.int32]: ...
    @property
    def value(self) -> int: ...
    @property
    def y(self) -> Ints: ...
    @property
    def floor(self) -> int: ...
    @property
    def order(self) -> npt.NDArray[np.int32]: ...
    @property
    def low(self) -> Ints: ...
    @property
    def high(self) -> Ints: ...
    @property
    def z(self) -> Ints: ...


def flaws(
    n: int, u: npt.ArrayLike, v: npt.ArrayLike, weight: npt.ArrayLike, claim: Claim, *, maximum_cardinality: bool = True
) -> list[str]:
    """What keeps the claim from being proven, a sentence each. An empty list is a proof."""
    ends, others, weights = np.asarray(u, np.int64), np.asarray(v, np.int64), np.asarray(weight, np.int64)
    shape = [*_flaws_of_matching(n, ends, others, weights, claim), *_flaws_of_blossoms(n, claim)]
    if shape:
        return shape
    return [
        *_flaws_of_vertices(claim),
        *_flaws_of_edges(ends, others, weights, claim),
        *_flaws_of_value(claim),
        *_flaws_of_floor(n, weights, claim, maximum_cardinality),
    ]


def _flaws_of_matching(n: int, u: Ints, v: Ints, weight: Ints, claim: Claim) -> list[str]:
    """Partners are mutual, joined by an edge, and worth what is said."""
    mate = np.asarray(claim.mate, np.int64)
    if mate.shape != (n,) or (mate >= n).any() or (mate < -1).any():
        return ["the partners are not one of the vertices, or −1, each"]
    matched = np.flatnonzero(mate >= 0)
    if (mate[mate[matched]] != matched).any() or (mate[matched] == matched).any():
        return ["somebody's partner has another partner"]
    used = mate[u] == v
    best = np.full(n, np.iinfo(np.int64).min)
    np.maximum.at(best, np.minimum(u[used], v[used]), weight[used])
    firsts = matched[matched < mate[matched]]
    joined = np.isin(firsts, np.minimum(u[used], v[used]))
    if not joined.all():
        return [f"{firsts[~joined][0]} and {mate[firsts[~joined][0]]} are matched but no edge joins them"]
    value = exact_sum(best[firsts])
    return [] if value == claim.value else [f"the pairs weigh {value}, not {claim.value}"]


def _flaws_of_blossoms(n: int, claim: Claim) -> list[str]:
    """They are odd, have a dual above 0, and lie in each other or apart."""
    if not np.array_equal(np.sort(claim.order), np.arange(n)):
        return ["the order does not have every vertex once"]
    size = claim.high - claim.low
    if not len(size) == len(claim.low) == len(claim.z):
        return ["the blossoms are not as many as their duals"]
    if (size < 3).any() or (size % 2 == 0).any() or (claim.low < 0).any() or (claim.high > n).any():
        return ["a blossom is not an odd set of three or more"]
    if (claim.z <= 0).any():
        return ["a blossom's dual is not above 0"]
    around: list[int] = []
    for at in np.lexsort((-claim.high, claim.low)):
        while around and around[-1] <= claim.low[at]:
            around.pop()
        if around and claim.high[at] > around[-1]:
            return ["two blossoms cross"]
        around.append(int(claim.high[at]))
    return []


def _flaws_of_vertices(claim: Claim) -> list[str]:
    found = []
    if (claim.y < claim.floor).any():
        found.append(f"the dual of {int(np.argmin(claim.y))} is below the floor")
    raised = np.flatnonzero((claim.mate < 0) & (claim.y != claim.floor))
    if len(raised):
        found.append(f"{raised[0]} is free with a dual above the floor")
    return found


def _flaws_of_edges(u: Ints, v: Ints, weight: Ints, claim: Claim) -> list[str]:
    short = np.flatnonzero(Slacks(claim).of(u, v, weight) < 0)
    return [f"the edge {u[e]}–{v[e]} gains more than its ends have" for e in short[:1]]


def _flaws_of_value(claim: Claim) -> list[str]:
    """The duals of the matched vertices and the blossoms amount to just what the pairs weigh."""
    gap = dual_of(claim) - SCALE * claim.value
    return [f"the bound is {gap} quarters away from the value"] if gap else []


def dual_of(claim: Claim) -> int:
    """Nothing of as many pairs weighs more than a quarter of this."""
    pairs_held = ((claim.high - claim.low - 1) // 2).tolist()
    blossoms = sum(z * held for z, held in zip(claim.z.tolist(), pairs_held, strict=True))
    return exact_sum(claim.y[claim.mate >= 0]) + blossoms


def _flaws_of_floor(n: int, weight: Ints, claim: Claim, maximum_cardinality: bool) -> list[str]:
    free = int((claim.mate < 0).sum())
    if not maximum_cardinality:
        return [] if claim.floor == 0 else ["the floor is not 0"]
    least = (n // 2) * min(0, int(weight.min(initial=0)))
    if free <= n % 2 or SCALE * claim.value + 2 * claim.floor < SCALE * least:
        return []
    return ["the floor is too high to rule out one more pair"]


class Slacks:
    """How much the duals over a pair exceed what it gains, in quarters of a weight.

    Two vertices lie together in all blossoms that span every step between their places in the order, and blossoms do not
    cross: so the sum of z over both is the lowest of the sums over each step. `lowest[k][p]` is that of 2ᵏ steps from p on.
    """

    def __init__(self, claim: Claim) -> None:
        self.y, self.n = claim.y, len(claim.y)
        self.place = np.empty(self.n, np.int64)
        self.place[claim.order] = np.arange(self.n)
        rises = np.zeros(self.n, np.int64)
        np.add.at(rises, claim.low, claim.z)
        np.subtract.at(rises, claim.high - 1, claim.z)
        self.lowest = [np.cumsum(rises)]

    def of(self, u: Ints, v: Ints, weight: Ints) -> Ints:
        slack = self.y[u] + self.y[v] - SCALE * weight
        short = np.flatnonzero(slack < 0)  # only these need their blossoms
        slack[short] += self.together(u[short], v[short])
        return slack

    def together(self, u: Ints, v: Ints) -> Ints:
        """Σ z of the blossoms that hold both."""
        if not len(u):
            return np.zeros(0, np.int64)
        first, last = np.minimum(self.place[u], self.place[v]), np.maximum(self.place[u], self.place[v])
        level = np.frexp((last - first).astype(np.float64))[1] - 1
        self._prepare(int(level.max()))
        found = np.empty(len(u), np.int64)
        for k in range(int(level.max()) + 1):
            here = level == k
            found[here] = np.minimum(self.lowest[k][first[here]], self.lowest[k][last[here] - (1 << k)])
        return found

    def prepare_all(self) -> None:
        self._prepare(max(0, self.n.bit_length() - 1))

    def _prepare(self, level: int) -> None:
        while len(self.lowest) <= level:
            step, last = 1 << (len(self.lowest) - 1), self.lowest[-1]
            self.lowest.append(np.minimum(last[:-step], last[step:]))


def exact_sum(numbers: Ints) -> int:
    """Without leaving 64 bits on the way."""
    return (int((numbers >> 32).sum()) << 32) + int((numbers & 0xFFFFFFFF).sum())
