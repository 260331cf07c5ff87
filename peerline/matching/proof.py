"""A matching of highest total among those with most pairs, with a bound that no other can pass."""

from dataclasses import dataclass

from peerline.matching import solver
from peerline.matching.candidates import Edges
from peerline.matching.solver import certificate
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


def solved(n: int, edges: Edges) -> Mates:
    """The same without the check: for the many searches that only look around."""
    return solver.solve(n, edges.u, edges.v, edges.points).mate
