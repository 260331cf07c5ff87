"""What was solved on some pairs is proven over all of them, and a pair that gains too much is never overlooked."""

import random

import numpy as np
import pytest

from peerline.matching import solver
from peerline.matching.solver import pricing
from peerline.matching.solver.certificate import flaws
from tests.matching.solver.graphs import drawn

pytestmark = pytest.mark.req("S24")


class Cohort:
    """All points of a drawn graph, given a tile at a time; losses count as not allowed."""

    def __init__(self, graph) -> None:
        self.n = graph.n
        self.points = np.full((graph.n, graph.n), -1, np.int64)
        for u, v, weight in graph.edges:
            self.points[u, v] = self.points[v, u] = weight
        u, v = np.nonzero(np.triu(self.points >= 0, 1))
        self.all = u.astype(np.int32), v.astype(np.int32), self.points[u, v]

    def block(self, i0, i1, j0, j1):
        return self.points[i0:i1, j0:j1]

    def some(self, lots, share):
        kept = np.array([lots.random() < share for _ in self.all[0]], bool)
        return tuple(part[kept] for part in self.all)


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch):
    monkeypatch.setattr(pricing, "ROWS", 7)
    monkeypatch.setattr(pricing, "COLUMNS", 5)


@pytest.fixture(autouse=True)
def in_plain_python(monkeypatch):
    monkeypatch.setattr(pricing.jit, "compiled", lambda function: function)


@pytest.mark.parametrize("share", [0, 0.1, 0.5])
def test_from_any_pairs_the_best_over_all_pairs_is_found_and_proven(share):
    for graph in drawn(66, most=26, seed=11):
        cohort = Cohort(graph)
        found = pricing.solve_over_all(cohort.n, cohort.block, *cohort.some(random.Random(1), share), threads=1)
        assert flaws(cohort.n, *cohort.all, found.solution) == [], graph
        assert found.solution.value == solver.solve(cohort.n, *cohort.all).value, graph


def test_every_pair_that_gains_more_than_its_duals_is_seen():
    """One pair after the other is made to gain too much: each is found, whatever tile and stretch it is in."""
    cohort = Cohort(next(graph for graph in drawn(99, least=24, most=26, seed=12) if graph.name.startswith("complete")))
    solution = solver.solve(cohort.n, *cohort.all)
    assert not len(pricing.cheap_pairs(cohort.n, cohort.block, solution, threads=1).key)
    for u in range(cohort.n):
        for v in range(u + 1, cohort.n):
            kept = cohort.points[u, v]
            cohort.points[u, v] += 10_000
            seen = pricing.cheap_pairs(cohort.n, cohort.block, solution, threads=1)
            cohort.points[u, v] = kept
            assert seen.key.tolist() == [u * cohort.n + v] and seen.slack[0] < 0


def test_two_threads_find_what_one_finds():
    cohort = Cohort(next(graph for graph in drawn(99, least=26, most=26, seed=13) if graph.name.startswith("dense")))
    few = cohort.some(random.Random(2), 0.2)
    one, two = (pricing.solve_over_all(cohort.n, cohort.block, *few, threads=threads) for threads in (1, 2))
    assert one.rounds == two.rounds and (one.solution.mate == two.solution.mate).all()


def test_a_search_for_pairs_that_does_not_end_says_so(monkeypatch):
    monkeypatch.setattr(pricing, "MOST_ROUNDS", 1)
    cohort = Cohort(next(graph for graph in drawn(99, least=20, most=26, seed=14) if graph.name.startswith("complete")))
    with pytest.raises(pricing.NotFinished):
        pricing.solve_over_all(cohort.n, cohort.block, [], [], [], threads=1)
