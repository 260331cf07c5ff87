"""A matching of highest total among those with most pairs, with a bound that no other can pass."""

from dataclasses import dataclass

import numpy as np

from peerline.matching import solver
from peerline.matching.candidates import Edges
from peerline.matching.solver import Solution, certificate, pricing
from peerline.matching.styles import Mates


class NotProven(ArithmeticError):
    """The solver's answer did not stand up to the check, which is a fault of ours: no answer is given instead."""


@dataclass(frozen=True)
class Proof:
    """points: of the best matching in pairs. bound: no matching of as many pairs has more. couples: how many were looked at.

    With bound equal to points it is proven that nothing better exists.
    """

    points: int
    bound: int
    couples: int

    @property
    def is_exact(self) -> bool:
        return self.points == self.bound


def proven(n: int, edges: Edges) -> tuple[Mates, Proof]:
    """The best matching of n people on these pairs, checked by arithmetic that does not know the solver. Raises NotProven."""
    solution = solver.solve(n, edges.u, edges.v, edges.points)
    if flaws := certificate.flaws(n, edges.u, edges.v, edges.points, solution):
        raise NotProven(flaws[0])
    bound = certificate.dual_of(solution) // certificate.SCALE
    return solution.mate, Proof(solution.value, bound, len(edges))


def proven_over_all(n: int, score_block: pricing.ScoreBlock, edges: Edges) -> tuple[Solution, Proof, Edges]:
    """As `proven`, for a cohort too large for all its pairs: begun with promising ones, proven over every pair there is.

    The edges that were needed in the end come along. Raises NotProven.
    """
    priced = pricing.solve_over_all(n, score_block, edges.u, edges.v, edges.points)
    used = Edges(priced.u, priced.v, priced.weight)
    if flaws := certificate.flaws(n, used.u, used.v, used.points, priced.solution):
        raise NotProven(flaws[0])
    bound = certificate.dual_of(priced.solution) // certificate.SCALE
    return priced.solution, Proof(priced.solution.value, bound, n * (n - 1) // 2), used


def least_loss(solution: Solution, one: int, other: int, points: int) -> int:
    """What every matching of as many pairs loses at least when it has this pair, by the duals over it."""
    slack = certificate.Slacks(solution).of(np.array([one]), np.array([other]), np.array([points]))
    return -(-int(slack[0]) // certificate.SCALE)


def solved(n: int, edges: Edges) -> Mates:
    """The same without the check: for the many searches that only look around."""
    return solver.solve(n, edges.u, edges.v, edges.points).mate
