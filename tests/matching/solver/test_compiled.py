"""Compiled or not, the answer is the same, down to each dual; and what is compiled is kept where it belongs."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest

from peerline.matching import solver
from peerline.matching.solver import jit, pricing, rivals
from peerline.matching.solver.blossom import search
from peerline.matching.solver.certificate import flaws
from peerline.matching.solver.graph import edges_of
from tests.matching.solver.graphs import Drawn, drawn, near

LONG = bool(os.environ.get("PEERLINE_LONG"))


def assert_same(graph: Drawn, **how) -> None:
    plain = solver.solve(graph.n, *graph.columns, compiled=False, **how)
    fast = solver.solve(graph.n, *graph.columns, compiled=True, **how)
    for field in ("mate", "y", "order", "low", "high", "z"):
        assert np.array_equal(getattr(plain, field), getattr(fast, field)), (field, graph)
    assert (plain.value, plain.floor) == (fast.value, fast.floor)


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="compiling takes half a minute; ./run test --long does it")
def test_compiled_and_plain_give_the_same_answer_and_the_same_duals():
    solver.warm()
    assert jit.is_compiled(search) and any(jit.cache_folder().rglob("*.nbc"))
    for graph in drawn(2200, most=30, seed=21):
        assert_same(graph)
        assert_same(graph, maximum_cardinality=False)
    for graph in drawn(33, least=100, most=300, seed=22):
        assert_same(graph)


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="compiling takes half a minute; ./run test --long does it")
def test_a_thousand_people_are_proven_over_all_pairs_by_compiled_pricing():
    graph = Drawn("near", 600, near(random.Random(23), 600))
    u, v, weight = (np.array(column) for column in graph.columns)
    points = np.full((graph.n, graph.n), -1, np.int64)
    points[u, v] = points[v, u] = weight
    few = np.random.default_rng(24).random(len(u)) < 0.02
    for block in (points, points.astype(np.int32)):
        found = pricing.solve_over_all(
            graph.n, lambda i0, i1, j0, j1, block=block: block[i0:i1, j0:j1], u[few], v[few], weight[few]
        )
        assert flaws(graph.n, u, v, weight, found.solution) == []


def test_kernels_are_cached_in_the_state_folder_under_a_name_that_follows_their_text(monkeypatch, tmp_path):
    monkeypatch.setenv("PEERLINE_STATE", str(tmp_path))
    before = jit.cache_folder()
    assert before.is_relative_to(tmp_path)
    (tmp_path / "kernel.py").write_text("changed")
    monkeypatch.setattr(jit, "ROOM", tmp_path)
    monkeypatch.setattr(jit, "_digest", jit._digest.__wrapped__)
    changed = jit.cache_folder()
    (tmp_path / "kernel.py").write_text("changed again")
    assert len({before, changed, jit.cache_folder()}) == 3


def test_what_is_not_in_the_cache_yet_is_worth_a_wait_only_when_plain_python_takes_as_long(monkeypatch, tmp_path):
    monkeypatch.setenv("PEERLINE_STATE", str(tmp_path))
    monkeypatch.setattr(jit, "is_compiled", lambda entry: False)
    assert [jit.is_better(search, size, 100) for size in (100, 101, 1000, 1001)] == [False, False, False, True]
    jit.note_cached()
    assert [jit.is_better(search, size, 100) for size in (100, 101, 1000, 1001)] == [False, True, True, True]
    monkeypatch.setattr(jit, "is_compiled", lambda entry: True)
    assert jit.is_better(search, 1, 100)


SMALL_WORK = """
import sys
from datetime import date
from peerline.matching import solver
from peerline.matching.draws import drawn_people
from peerline.matching.matching import Wish, match
assert match(drawn_people(60, 0), Wish(), first_day=date(2026, 1, 5)).people_paired == 60
assert not solver.jit.is_better(solver.search, 281_000, solver.SMALL)  # a thousand people, all pairs
assert "numba" not in sys.modules
"""
ONE_KERNEL = """
from peerline.matching.solver import edges_of, jit, lay_edges, new_search
jit.compiled(lay_edges)(new_search(2, 1, arrays=True), *edges_of(2, [0], [1], [3]))
print(sum(jit.compiled(lay_edges).stats.cache_hits.values()))
"""


def said(tmp_path, program: str) -> str:
    """By a process that begins with nothing, not even with where this one keeps its cache."""
    env = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    env["PEERLINE_STATE"] = str(tmp_path)
    return subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, check=True, text=True).stdout


def test_with_nothing_compiled_sixty_people_and_a_thousand_wait_for_no_compiler(tmp_path):
    said(tmp_path, SMALL_WORK)


def test_what_one_process_compiled_another_finds(tmp_path):
    assert [int(said(tmp_path, ONE_KERNEL)) for _time in range(2)] == [0, 1]


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="compiling takes half a minute; ./run test --long does it")
def test_once_warm_every_kernel_is_found_by_every_process(tmp_path):
    warmed = "from peerline.matching.warming import warm; from peerline.matching.solver import jit; warm()\n"
    told = "for name, one in jit._all_compiled().items(): print(name, sum(one.stats.cache_hits.values()))"
    first, second = (dict(line.split() for line in said(tmp_path, warmed + told).splitlines()) for _time in range(2))
    assert set(first.values()) == {"0"}
    assert {name for name, hits in second.items() if hits == "0"} == {
        "price_tile"
    }  # only the solver's own bench runs it


def test_two_kernels_of_one_name_are_refused():
    def solve_twice(s):
        return s

    jit.kernel(solve_twice)
    try:
        with pytest.raises(ValueError, match="two kernels"):
            jit.kernel(solve_twice)
    finally:
        del jit._kernels["solve_twice"]


def test_the_rivals_of_the_bench_find_the_same_optimum():
    graph = Drawn("near", 40, near(random.Random(25), 40))
    edges = edges_of(graph.n, *graph.columns)
    ours = solver.solve(graph.n, *edges)
    for rival in (rivals.networkx, rivals.rustworkx):
        assert rival(graph.n, edges)[:2] == (int((ours.mate >= 0).sum()) // 2, ours.value)
