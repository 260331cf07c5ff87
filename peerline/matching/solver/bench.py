"""`python -m peerline.matching.solver.bench`: this solver and others on the same graphs, as JSON lines.

People are points in a room of three traits, the nearer the better, and three in ten pairs are allowed. Up to COMPLETE
people all allowed pairs are solved; beyond, each person's neighbors in several orders. All seconds are the processor's.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from peerline.matching.solver import jit, pricing, rivals, solve, warm
from peerline.matching.solver.certificate import flaws
from peerline.matching.solver.graph import Edges
from peerline.matching.solver.jit import entry

Line = dict[str, Any]
COMPLETE = 2000  # people of whom all pairs are solved
ORDERS, STEPS = 8, 10  # beyond: so many orders of the people, and so many neighbors in each


class Crowd:
    """n made-up people."""

    def __init__(self, n: int, seed: int) -> None:
        lots = np.random.default_rng(seed)
        self.n, self.lots = n, lots
        self.traits = lots.integers(0, 10_000, (n, 3))
        self.lot = lots.integers(1, 1 << 62, n)

    def points_of(self, u: npt.NDArray[np.int64], v: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Of these pairs, −1 for those not allowed."""
        near = 10_000 - np.abs(self.traits[u] - self.traits[v]).sum(axis=1) // 4
        return np.where((u != v) & ((self.lot[u] ^ self.lot[v]) % 10 < 3), near, -1)

    def block(self, i0: int, i1: int, j0: int, j1: int) -> npt.NDArray[np.int64]:
        points = np.empty((i1 - i0, j1 - j0), np.int64)
        jit.compiled(fill_block)(points, i0, j0, self.traits, self.lot)
        return points

    def all_pairs(self) -> Edges:
        u, v = np.triu_indices(self.n, 1)
        return self._allowed(u, v)

    def neighbors(self) -> Edges:
        """Pairs that stand near each other in one of several orders of the people."""
        keys = [self._near_in(self.traits @ self.lots.normal(size=3)) for _ in range(ORDERS)]
        key = np.unique(np.concatenate(keys))
        return self._allowed(key // self.n, key % self.n)

    def _near_in(self, height: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        order = np.argsort(height)
        pairs = [(order[step:], order[:-step]) for step in range(1, STEPS + 1)]
        return np.concatenate([np.minimum(a, b) * self.n + np.maximum(a, b) for a, b in pairs])

    def _allowed(self, u: npt.NDArray[np.int64], v: npt.NDArray[np.int64]) -> Edges:
        points = self.points_of(u, v)
        kept = points >= 0
        return Edges(u[kept].astype(np.int32), v[kept].astype(np.int32), points[kept])


@entry
def fill_block(points, i0, j0, traits, lot):  # type: ignore[no-untyped-def]
    for row in range(points.shape[0]):
        i = i0 + row
        for column in range(points.shape[1]):
            j = j0 + column
            far = abs(traits[i, 0] - traits[j, 0]) + abs(traits[i, 1] - traits[j, 1]) + abs(traits[i, 2] - traits[j, 2])
            points[row, column] = 10_000 - far // 4 if i != j and (lot[i] ^ lot[j]) % 10 < 3 else -1


def lines(args: argparse.Namespace) -> Iterator[Line]:
    _, seconds = rivals.timed(warm)
    yield {"measure": "warm", "seconds": round(seconds, 2)}
    solve(3, [0], [1], [1], compiled=True)
    with tempfile.TemporaryDirectory(prefix="peerline-rivals-") as folder:
        for n in args.n:
            yield from _solvers(Crowd(n, args.seed), args, Path(folder))
    for n in args.over_all:
        yield _over_all(Crowd(n, args.seed), args.threads)


def _solvers(crowd: Crowd, args: argparse.Namespace, folder: Path) -> Iterator[Line]:
    n, edges = crowd.n, crowd.all_pairs() if crowd.n <= COMPLETE else crowd.neighbors()
    about = {"measure": "solve", "n": n, "edges": len(edges.u)}
    solution, ours = rivals.timed(lambda: solve(n, *edges, compiled=True))
    found, check = rivals.timed(lambda: flaws(n, *edges, solution))
    pairs = int((solution.mate >= 0).sum()) // 2
    proof = {"flaws": found, "check_seconds": round(check, 3), "blossoms": len(solution.z)}
    yield {**about, "by": "peerline", "pairs": pairs, "value": solution.value, "seconds": round(ours, 4), **proof}
    others = {
        "lemon": lambda: rivals.lemon(n, edges, folder),
        "rustworkx": lambda: rivals.rustworkx(n, edges) if n <= args.rustworkx_most else None,
        "networkx": lambda: rivals.networkx(n, edges) if n <= args.networkx_most else None,
    }
    for name, solved in others.items():
        if outcome := solved():
            same = outcome[:2] == (pairs, solution.value)
            seconds, times = round(outcome[2], 4), round(outcome[2] / ours, 1)
            yield {**about, "by": name, "same_optimum": same, "seconds": seconds, "times_ours": times}


def _over_all(crowd: Crowd, threads: int) -> Line:
    """Candidates, solving, and pricing every pair until the proof holds over all."""
    candidates, before = rivals.timed(crowd.neighbors)
    pricing.cheap_pairs(2, crowd.block, solve(2, [0], [1], [1], compiled=True), threads=1)  # compiles
    priced, seconds = rivals.timed(
        lambda: pricing.solve_over_all(crowd.n, crowd.block, *candidates, threads=threads or 0)
    )
    about = {"measure": "proven over all pairs", "n": crowd.n, "pairs_of_people": crowd.n * (crowd.n - 1) // 2}
    found = {"value": priced.solution.value, "matched": int((priced.solution.mate >= 0).sum()), "rounds": priced.rounds}
    times = {"candidates_seconds": round(before, 2), "seconds": round(seconds, 2)}
    return {**about, **found, **times, "edges": [len(candidates.u), len(priced.u)]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="*", default=[1000, 10_000], help="people to solve")
    parser.add_argument("--over-all", type=int, nargs="*", default=[10_000], help="people to prove over all pairs")
    parser.add_argument("--networkx-most", type=int, default=200, help="networkx solves so many people at most (200)")
    parser.add_argument("--rustworkx-most", type=int, default=1000, help="and rustworkx (1000)")
    parser.add_argument("--threads", type=int, default=1, help="for pricing (1)")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    for line in lines(args):
        print(json.dumps(line), flush=True)
    print(json.dumps({"measure": "load", "of_the_last_minutes": os.getloadavg()}))


if __name__ == "__main__":
    main()
