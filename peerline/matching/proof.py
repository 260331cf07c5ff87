"""A matching of highest total among those with most pairs, with a bound that no other can pass."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from peerline.matching import candidates, overall, solver
from peerline.matching.candidates import Edges
from peerline.matching.cells import Cells
from peerline.matching.overall import Pairs
from peerline.matching.solver import Solution, certificate
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


def proven_over_all(n: int, cells: Cells, edges: Edges) -> tuple[Solution, Proof, Edges]:
    """As `proven`, for a cohort too large for all its pairs: begun with promising ones, proven over every pair there is.

    The edges that were needed in the end come along. Raises NotProven.
    """
    stand = np.full(n, -1, np.int64)
    stand[cells.order] = np.arange(len(cells.order))
    begun = candidates.by_name(stand, edges.u, edges.v, edges.points)
    priced = overall.best_over_all(cells, Pairs(begun.u, begun.v, begun.points))
    if flaws := certificate.flaws(len(cells.order), priced.u, priced.v, priced.weight, priced.solution):
        raise NotProven(flaws[0])
    if not priced.has_most_pairs:
        raise NotProven("somebody who is free might be paired")
    used = candidates.by_name(cells.order, priced.u, priced.v, priced.weight)
    proof = Proof(priced.solution.value, priced.bound, n * (n - 1) // 2)
    return _by_name(priced.solution, cells.order, n), proof, used


def _by_name(solution: Solution, names: npt.NDArray[np.int64], n: int) -> Solution:
    """The same solution between people named differently; whoever had no part in it is free, down at the floor."""
    others = np.setdiff1d(np.arange(n), names)
    mate, y = np.full(n, -1, np.int32), np.full(n, solution.floor, np.int64)
    mate[names] = np.where(solution.mate >= 0, names[solution.mate], -1)
    y[names] = solution.y
    order = np.concatenate([names[solution.order], others]).astype(np.int32)
    return replace(solution, mate=mate, y=y, order=order)


def least_loss(solution: Solution, one: int, other: int, points: int) -> int:
    """What every matching of as many pairs loses at least when it has this pair, by the duals over it."""
    slack = certificate.Slacks(solution).of(np.array([one]), np.array([other]), np.array([points]))
    return -(-int(slack[0]) // certificate.SCALE)


def solved(n: int, edges: Edges) -> Mates:
    """The same without the check: for the many searches that only look around."""
    return solver.solve(n, edges.u, edges.v, edges.points).mate
