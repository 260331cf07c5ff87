"""The solver finds the best matching: against brute force, against networkx, and whatever the order of the edges."""

import os
import random
from functools import cache
from itertools import combinations, product

import networkx
import numpy as np
import pytest

from peerline.matching import solver
from peerline.matching.solver.certificate import flaws
from tests.matching.solver.graphs import Drawn, drawn, near, odd_rings

LONG = bool(os.environ.get("PEERLINE_LONG"))


def pairs_and_value(graph: Drawn, **how) -> tuple[int, int]:
    solution = solver.solve(graph.n, *graph.columns, **how)
    return int((solution.mate >= 0).sum()) // 2, solution.value


def assert_proven(graph: Drawn, **how) -> None:
    solution = solver.solve(graph.n, *graph.columns, **how)
    how.pop("compiled", None)
    assert flaws(graph.n, *graph.columns, solution, **how) == [], graph


def by_trying_everything(graph: Drawn, *, maximum_cardinality: bool) -> tuple[int, int]:
    """Pairs and value of the best matching: either each lowest vertex stays alone or it takes one of its neighbors."""
    weight = {frozenset(edge[:2]): edge[2] for edge in graph.edges}

    @cache
    def best(left: frozenset) -> tuple[int, int]:
        if not left:
            return 0, 0
        one = min(left)
        rest = left - {one}
        found = [best(rest)]
        for other in rest:
            if (gain := weight.get(frozenset((one, other)))) is not None:
                pairs, value = best(rest - {other})
                found.append((pairs + 1, value + gain))
        return max(found, key=lambda it: it if maximum_cardinality else it[1])

    return best(frozenset(range(graph.n)))


def by_networkx(graph: Drawn, *, maximum_cardinality: bool) -> tuple[int, int]:
    oracle = networkx.Graph()
    oracle.add_nodes_from(range(graph.n))
    oracle.add_weighted_edges_from(graph.edges)
    found = networkx.max_weight_matching(oracle, maxcardinality=maximum_cardinality)
    return len(found), sum(oracle[u][v]["weight"] for u, v in found)


@pytest.mark.parametrize("maximum_cardinality", [True, False])
def test_every_graph_of_up_to_four_people_with_weights_of_zero_to_two_is_solved_best(maximum_cardinality):
    for n in range(5):
        pairs = list(combinations(range(n), 2))
        for weights in product([None, -1, 1, 2] if n < 4 else [None, 1, 2], repeat=len(pairs)):
            edges = [(*pair, w) for pair, w in zip(pairs, weights, strict=True) if w is not None]
            graph = Drawn("exhaustive", n, edges)
            best = by_trying_everything(graph, maximum_cardinality=maximum_cardinality)
            found = pairs_and_value(graph, maximum_cardinality=maximum_cardinality)
            assert found[1] == best[1] and (found[0] == best[0] or not maximum_cardinality), graph


def test_every_way_to_join_five_people_is_solved_best():
    pairs = list(combinations(range(5), 2))
    for joined in range(1 << len(pairs)):
        lots = random.Random(joined)
        graph = Drawn("joined", 5, [(*pair, lots.randint(0, 9)) for at, pair in enumerate(pairs) if joined >> at & 1])
        assert pairs_and_value(graph) == by_trying_everything(graph, maximum_cardinality=True), graph
        assert_proven(graph)


@pytest.mark.parametrize("maximum_cardinality", [True, False])
def test_up_to_fourteen_people_are_solved_as_well_as_by_trying_everything(maximum_cardinality):
    for graph in drawn(800 if LONG else 66, most=14, seed=1):
        best = by_trying_everything(graph, maximum_cardinality=maximum_cardinality)
        found = pairs_and_value(graph, maximum_cardinality=maximum_cardinality)
        assert found[1] == best[1] and (found[0] == best[0] or not maximum_cardinality), graph
        assert_proven(graph, maximum_cardinality=maximum_cardinality)


@pytest.mark.parametrize("maximum_cardinality", [True, False])
def test_graphs_of_every_shape_are_solved_as_well_as_by_networkx(maximum_cardinality):
    for graph in drawn(6000 if LONG else 550, most=24, seed=2):
        best = by_networkx(graph, maximum_cardinality=maximum_cardinality)
        found = pairs_and_value(graph, maximum_cardinality=maximum_cardinality)
        assert found[1] == best[1] and (found[0] == best[0] or not maximum_cardinality), graph
        assert_proven(graph, maximum_cardinality=maximum_cardinality)


def test_a_free_vertex_at_the_floor_that_finds_a_partner_still_looks_for_other_trees():
    """Found among 4,500 graphs: its promise was used up, and an edge to another tree went unseen."""
    lots = random.Random("99 2275")
    graph = Drawn("odd rings", n := lots.randint(0, 40), odd_rings(lots, n))
    assert_proven(graph, maximum_cardinality=False)


def test_larger_graphs_are_solved_as_well_as_by_networkx():
    for graph in drawn(110 if LONG else 11, least=50, most=90, seed=3):
        assert pairs_and_value(graph) == by_networkx(graph, maximum_cardinality=True), graph
        assert_proven(graph)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_the_smallest_cohorts_are_answered(n):
    nobody = solver.solve(n, [], [], [])
    assert nobody.mate.tolist() == [-1] * n and nobody.value == 0
    everybody = list(combinations(range(n), 2))
    u, v = [pair[0] for pair in everybody], [pair[1] for pair in everybody]
    assert int((solver.solve(n, u, v, [7] * len(u)).mate >= 0).sum()) == n // 2 * 2


def test_the_order_and_direction_of_edges_do_not_matter():
    for graph in drawn(11, least=20, most=40, seed=4):
        answers = set()
        for seed in range(20):
            lots = random.Random(seed)
            shuffled = [edge if lots.random() < 0.5 else (edge[1], edge[0], edge[2]) for edge in graph.edges]
            lots.shuffle(shuffled)
            answers.add(tuple(solver.solve(graph.n, *Drawn("", graph.n, shuffled).columns).mate.tolist()))
        assert len(answers) == 1, graph


def test_people_in_any_order_get_the_same_value_and_with_a_tie_key_the_same_partners():
    lots = random.Random(5)
    n = 60
    edges = near(lots, n)
    tie = {frozenset(edge[:2]): lots.getrandbits(20) for edge in edges}
    answers = set()
    for _ in range(20):
        name = lots.sample(range(n), n)
        renamed = [(name[u], name[v], (w << 30) + tie[frozenset((u, v))]) for u, v, w in edges]
        mate = solver.solve(n, *Drawn("", n, renamed).columns).mate
        back = {name[v]: v for v in range(n)}
        answers.add(tuple(back.get(int(mate[name[v]]), -1) for v in range(n)))
    assert len(answers) == 1


def test_weights_too_large_loops_and_strangers_are_refused():
    with pytest.raises(ValueError, match="too large"):
        solver.solve(2, [0], [1], [1 << 57])
    with pytest.raises(ValueError, match="itself"):
        solver.solve(2, [1], [1], [1])
    with pytest.raises(ValueError, match="leaves"):
        solver.solve(2, [0], [2], [1])
    with pytest.raises(ValueError, match="length"):
        solver.solve(2, [0], [1], [])


def test_of_two_edges_between_the_same_people_the_heavier_counts():
    assert solver.solve(2, [0, 1], [1, 0], [3, 5]).value == 5


def test_weights_as_large_as_allowed_are_summed_exactly():
    most = ((1 << 58) - 1) // 102
    lots = random.Random(6)
    edges = [(u, v, most - lots.randint(0, 5)) for u, v in combinations(range(99), 2) if lots.random() < 0.2]
    assert_proven(Drawn("large", 99, edges))
    edges = [(u, 0, w) for u, _, w in edges if u]
    assert_proven(Drawn("large star", 99, edges))


def test_a_cohort_of_sixty_does_not_wait_for_a_compiler():
    graph = Drawn("near", 60, near(random.Random(7), 60))
    solution = solver.solve(graph.n, *graph.columns, compiled=False)
    assert int((solution.mate >= 0).sum()) == 60
    assert np.array_equal(solution.mate[solution.mate], np.arange(60))
