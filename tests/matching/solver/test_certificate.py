"""The certificate lets nothing pass that is not proven: each kind of corruption is caught."""

import random
from dataclasses import replace

import numpy as np
import pytest

from peerline.matching import solver
from peerline.matching.solver.certificate import Slacks, flaws
from tests.matching.solver.graphs import Drawn, drawn, odd_rings


@pytest.fixture(scope="module")
def graph() -> Drawn:
    """One whose proof needs blossoms, and leaves somebody free."""
    for seed in range(100):
        lots = random.Random(seed)
        found = Drawn("rings", 31, odd_rings(lots, 31))
        if len(solver.solve(found.n, *found.columns).z) >= 3:
            return found
    raise AssertionError("no graph needed three blossoms")


@pytest.fixture(scope="module")
def solution(graph):
    return solver.solve(graph.n, *graph.columns)


def changed(values, at, by=1):
    copy = values.copy()
    copy[at] += by
    return copy


def test_the_uncorrupted_claim_is_proven(graph, solution):
    assert flaws(graph.n, *graph.columns, solution) == []


def test_every_corrupted_dual_of_a_vertex_is_caught(graph, solution):
    for v in range(graph.n):
        for by in (-1, 1, 1000):
            assert flaws(graph.n, *graph.columns, replace(solution, y=changed(solution.y, v, by)))


def test_every_corrupted_dual_of_a_blossom_is_caught(graph, solution):
    for at in range(len(solution.z)):
        for by in (-2, 1, 2, -int(solution.z[at])):
            assert flaws(graph.n, *graph.columns, replace(solution, z=changed(solution.z, at, by)))


def test_two_duals_moved_against_each_other_are_caught(graph, solution):
    """The sum stays what it was: only the edges can tell."""
    for v in range(1, graph.n):
        moved = changed(changed(solution.y, v, 1), v - 1, -1)
        assert flaws(graph.n, *graph.columns, replace(solution, y=moved))


def test_a_pair_taken_away_is_caught(graph, solution):
    one = int(np.flatnonzero(solution.mate >= 0)[0])
    mate = solution.mate.copy()
    mate[[one, mate[one]]] = -1
    assert flaws(graph.n, *graph.columns, replace(solution, mate=mate))


def test_partners_exchanged_between_two_pairs_are_caught(graph, solution):
    a, c = (int(v) for v in np.flatnonzero(solution.mate > np.arange(graph.n))[:2])
    b, d = int(solution.mate[a]), int(solution.mate[c])
    mate = solution.mate.copy()
    mate[[a, c, b, d]] = [c, a, d, b]
    assert flaws(graph.n, *graph.columns, replace(solution, mate=mate))


def test_a_partner_who_has_another_partner_is_caught(graph, solution):
    for wrong in (-2, graph.n, 0):
        mate = solution.mate.copy()
        mate[int(np.flatnonzero(mate > 0)[-1])] = wrong
        assert flaws(graph.n, *graph.columns, replace(solution, mate=mate))


def test_a_value_that_is_not_the_pairs_is_caught(graph, solution):
    assert "weigh" in flaws(graph.n, *graph.columns, replace(solution, value=solution.value + 1))[0]


def test_a_better_edge_that_was_left_out_is_caught(graph, solution):
    """The proof is about these edges: one that the solver never saw must satisfy it too."""
    u, v, weight = graph.columns
    lots = random.Random(8)
    for _ in range(50):
        a, b = lots.sample(range(graph.n), 2)
        assert flaws(graph.n, [*u, a], [*v, b], [*weight, 10_000], solution)


def test_heavier_edges_are_caught(graph, solution):
    u, v, weight = graph.columns
    for at in range(len(weight)):
        heavier = list(weight)
        heavier[at] += 2 * max(weight)
        assert flaws(graph.n, u, v, heavier, solution)


def test_blossoms_that_cross_or_are_even_or_whose_order_repeats_are_caught(graph, solution):
    assert flaws(graph.n, *graph.columns, replace(solution, high=changed(solution.high, 0)))
    assert flaws(graph.n, *graph.columns, replace(solution, order=changed(solution.order, 0)))
    crossing = replace(solution, low=np.array([0, 2]), high=np.array([3, 5]), z=np.array([2, 2]))
    assert flaws(graph.n, *graph.columns, crossing) == ["two blossoms cross"]


def test_a_floor_too_high_to_rule_out_one_more_pair_is_caught():
    """Two of a path of four: weight alone is best in the middle, and the proof for weight alone is none for pairs."""
    path = ([0, 1, 2], [1, 2, 3], [1, 10, 1])
    heaviest = solver.solve(4, *path, maximum_cardinality=False)
    assert heaviest.value == 10 and flaws(4, *path, heaviest, maximum_cardinality=False) == []
    assert flaws(4, *path, heaviest) == ["the floor is too high to rule out one more pair"]
    most = solver.solve(4, *path)
    assert most.value == 2 and flaws(4, *path, most) == []


def test_a_free_vertex_above_the_floor_and_a_floor_that_is_not_zero_are_caught():
    star = ([0, 0, 0], [1, 2, 3], [5, 6, 7])
    claim = solver.solve(4, *star)
    assert flaws(4, *star, claim) == []
    free = int(np.flatnonzero(claim.mate < 0)[0])
    assert flaws(4, *star, replace(claim, y=changed(claim.y, free)))
    assert flaws(4, *star, replace(claim, floor=claim.floor + 1))
    assert flaws(4, *star, claim, maximum_cardinality=False)


def test_what_blossoms_hold_both_is_told_as_by_looking_into_each():
    for graph in drawn(44, least=9, most=30, seed=9):
        claim = solver.solve(graph.n, *graph.columns)
        slacks = Slacks(claim)
        for u in range(graph.n):
            for v in range(u):
                members = [set(claim.order[low:high].tolist()) for low, high in zip(claim.low, claim.high, strict=True)]
                both = sum(int(z) for held, z in zip(members, claim.z, strict=True) if {u, v} <= held)
                assert slacks.together(np.array([u]), np.array([v]))[0] == both
