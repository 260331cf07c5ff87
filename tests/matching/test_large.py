"""Large cohorts: the compiled kernel has the very points of the plain one, and the proof goes over all pairs."""

from dataclasses import replace

import numpy as np
import pytest

from peerline.matching import explain, matching, overall, scoring, tiles
from peerline.matching.cohort import build
from peerline.matching.matching import Matcher, Wish, match
from peerline.matching.rules import Rules, couples
from peerline.matching.scoring import WEIGHTS, Scorer
from tests.matching import naive
from tests.matching.naive import DAY

PLAIN = Wish(weeks=2, threes=False)


@pytest.fixture
def few_at_once(monkeypatch):
    """As if already thirty people were too many to keep all their pairs."""
    for room in (scoring, matching, explain):
        monkeypatch.setattr(room, "DENSE_MOST", 30)
    monkeypatch.setattr(overall, "BEST", 4)


@pytest.mark.parametrize("seed", range(6))
def test_the_compiled_kernel_has_the_very_points_of_the_plain_one(seed):
    people = [replace(one, site="EW"[seed % 2]) for one in naive.cohort(seed, 90)]
    hard = Rules(same_site=seed % 3 == 0, least_common_hours=1 + seed % 4, apart=couples([["p1", "p2"], ["p3", "p70"]]))
    weights = {**WEIGHTS, "hours": 0} if seed == 5 else WEIGHTS
    scorer = Scorer(build(people, first_day=DAY, weeks=30), weights, hard)
    for i0, i1, j0, j1 in [(0, 90, 0, 90), (3, 17, 40, 90), (50, 51, 0, 90)]:
        assert np.array_equal(scorer.tile(i0, i1, j0, j1), scorer._computed(i0, i1, j0, j1))


@pytest.mark.parametrize("seed", range(6))
def test_begun_with_a_few_partners_each_the_best_over_all_pairs_is_found(seed, few_at_once, monkeypatch):
    people = naive.cohort(seed, 70)
    large = match(people, PLAIN, first_day=DAY)
    monkeypatch.undo()
    small = match(people, PLAIN, first_day=DAY)
    assert (len(large.pairs), large.points, large.proof.bound) == (len(small.pairs), small.points, small.proof.bound)
    assert large.proof.couples == 70 * 69 // 2


def test_what_is_locked_and_what_shall_stay_is_heeded_there_too(few_at_once, monkeypatch):
    people = naive.cohort(8, 70)
    now = match(people, PLAIN, first_day=DAY)
    locked = (now.pairs[-1].keys,)
    wish = replace(PLAIN, current=couples(pair.keys for pair in now.pairs), stay_bonus=3000, locked=locked)
    large = match(people, replace(wish, weights={"age": 1}), first_day=DAY)
    monkeypatch.undo()
    small = match(people, replace(wish, weights={"age": 1}), first_day=DAY)
    assert large.proof.bound == small.proof.bound and large.points == small.points
    assert locked[0] in [pair.keys for pair in large.pairs]


def test_everybodys_best_partners_are_candidates(few_at_once):
    made = Matcher(build(naive.cohort(3, 70), first_day=DAY, weeks=2), PLAIN)
    block = made.scorer._computed(0, 70, 0, 70)
    listed = set(zip(made.edges.u.tolist(), made.edges.v.tolist(), strict=True))
    for one in range(70):
        best = np.argsort(-block[one], kind="stable")[:1]
        assert all(block[one, other] < 0 or tuple(sorted((one, int(other)))) in listed for other in best)


def test_what_a_forced_couple_costs_is_at_least_what_the_duals_say(few_at_once, monkeypatch):
    cohort = build(naive.cohort(4, 40), first_day=DAY, weeks=2)
    large = Matcher(cohort, PLAIN)
    couples_asked = [(a, b) for a in range(0, 40, 3) for b in range(a + 1, 40) if large.scorer.points(a, b) >= 0]
    said = [explain.forced(large, a, b) for a, b in couples_asked]
    monkeypatch.undo()
    true = [explain.forced(Matcher(cohort, PLAIN), a, b) for a, b in couples_asked]
    for (loss, pairs), (most, lost) in zip(said, true, strict=True):
        assert lost >= pairs and (lost or 0 <= loss <= most)
    assert any(loss for loss, _ in said)


def test_in_plain_python_the_kernel_has_the_very_points_of_the_compiled_one(monkeypatch):
    people = [
        replace(one, time_zone=["America/Detroit", "America/Phoenix"][at % 2])
        for at, one in enumerate(naive.cohort(5, 40))
    ]
    scorer = Scorer(build(people, first_day=DAY, weeks=30), WEIGHTS, Rules())
    found = scorer.tile(2, 40, 0, 40)
    assert scorer.cohort.free.shape[0] == 2 and (found >= 0).any()
    monkeypatch.setattr(tiles, "_compiled", lambda: tiles._tile)
    assert np.array_equal(scorer.tile(2, 40, 0, 40), found)


def test_in_columns_of_any_number_at_a_time_the_points_are_the_same(monkeypatch):
    scorer = Scorer(build(naive.cohort(2, 60), first_day=DAY, weeks=2), WEIGHTS, Rules())
    monkeypatch.setattr(tiles, "_compiled", lambda: tiles._tile)
    monkeypatch.setattr(tiles, "CHUNK", 7)
    assert np.array_equal(scorer.tile(3, 30, 5, 60), scorer._computed(3, 30, 5, 60))
