"""A large cohort: nobody who suits somebody better than the bar is overlooked, and the bound is one."""

import os
import random
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from peerline.matching import bench, cells, explain, matching, overall, reach, scoring
from peerline.matching.cells import lay_out
from peerline.matching.cohort import build
from peerline.matching.crowd import drawn_cohort
from peerline.matching.matching import Matcher, Wish, match
from peerline.matching.rules import Rules, couples
from peerline.matching.scoring import WEIGHTS, Scorer
from peerline.matching.solver import Solution, pricing, solve
from tests.matching import naive
from tests.matching.naive import DAY

pytestmark = pytest.mark.req("S24")
LONG = bool(os.environ.get("PEERLINE_LONG"))
PLAIN = Wish(weeks=2, threes=False)


@pytest.fixture(autouse=True)
def few_in_a_leaf(monkeypatch):
    monkeypatch.setattr(cells, "LEAF", 2)


@pytest.fixture(autouse=True)
def in_plain_python(monkeypatch):
    """Whatever another test has compiled, so that a kernel can be spoiled here."""
    monkeypatch.setattr(overall, "jit", SimpleNamespace(is_compiled=lambda entry: False))


@pytest.fixture
def as_if_large(monkeypatch):
    for room in (scoring, matching, explain):
        monkeypatch.setattr(room, "DENSE_MOST", 10)
    monkeypatch.setattr(overall, "BEST", 1)


def laid_out(seed, n, weights=WEIGHTS):
    people = [replace(one, site="EW"[number % 2]) for number, one in enumerate(naive.cohort(seed, n))]
    hard = Rules(same_site=seed % 3 == 0, apart=couples([["p1", "p2"], ["p3", "p7"], ["p3", "p9"]]))
    scorer = Scorer(build(people, first_day=DAY, weeks=2), weights, hard)
    held = np.random.default_rng(seed).random(n) < 0.1
    laid = lay_out(scorer, held)
    return laid, scorer._computed(0, n, 0, n)[np.ix_(laid.order, laid.order)]


def priced(laid, chance):
    """Duals that prove nothing, some low, some high, one odd set with a dual of its own."""
    n = len(laid.order)
    y = chance.integers(-4000, 20_000, n)
    order = chance.permutation(n).astype(np.int32)
    low, high, z = np.array([0]), np.array([n - 1 - n % 2]), np.array([int(chance.integers(1, 8000))])
    return Solution(np.full(n, -1, np.int32), 0, y, int(y.min()), order, low, high, z)


def slacks_of(points, solution):
    together = np.zeros(len(points), bool)
    together[solution.order[: solution.high[0]]] = True
    slacks = solution.y[:, None] + solution.y[None, :] - 4 * points
    return slacks + np.where(together[:, None] & together[None, :], solution.z[0], 0)


@pytest.mark.parametrize("seed", range(8))
def test_from_the_side_of_the_lower_price_every_pair_below_the_bar_is_seen(seed):
    laid, points = laid_out(seed, 50)
    solution = priced(laid, np.random.default_rng(seed))
    prices, slacks = overall.prices_of(laid, solution), slacks_of(points, solution)
    seen = overall.seek(laid, prices, bar=0, how_many=50)
    found = {(one, other) for one, row in enumerate(seen.partners) for other in row if other >= 0}
    below = np.argwhere((points >= 0) & (slacks < 0))
    assert found == {(i, j) for i, j in below if prices.price[i] <= prices.price[j]} and found
    assert all(slacks[i, seen.partners[i, at]] == seen.slacks[i, at] for i, at in np.argwhere(seen.partners >= 0))


@pytest.mark.parametrize("weights", [WEIGHTS, {"age": 1}, {"hours": 1, "challenges": 1}])
def test_the_best_partners_are_the_best_of_all(weights):
    laid, points = laid_out(4, 60, weights)
    seen = overall.seek(laid, overall.no_prices(laid), bar=1, how_many=5)
    best = -np.sort(-np.maximum(points, -1), axis=1)[:, :5]
    assert np.array_equal(np.where(seen.partners >= 0, -seen.slacks // 4, -1), best)


def test_two_prices_are_never_more_than_all_duals_over_the_pair():
    for seed in range(20):
        laid, points = laid_out(seed, 30)
        solution = priced(laid, np.random.default_rng(seed))
        price = overall.prices_of(laid, solution).price
        assert (price[:, None] + price[None, :] <= slacks_of(0 * points, solution)).all()


# --- The bound -------------------------------------------------------------------------------------------------------


def stopped_at_once(laid):
    """One round only: the best on one partner each, and the bound over all."""
    pairs = overall.best_partners(laid)
    return pricing.until_proven(len(laid.order), lambda found: overall.cheap_pairs(laid, found), *pairs, enough=0)


def optimum(points):
    u, v = np.nonzero(np.triu(points >= 0, 1))
    return solve(len(points), u, v, points[u, v], compiled=False)


def test_no_matching_passes_the_bound_though_few_pairs_were_solved_on(as_if_large):
    above = 0
    for seed in range(20):
        laid, points = laid_out(seed, 26 + seed % 3)
        best, found = optimum(points), stopped_at_once(laid)
        if (found.solution.mate >= 0).sum() == (best.mate >= 0).sum():
            assert found.solution.value <= best.value <= found.bound
            above += found.bound > best.value
    assert above > 2


def test_a_dual_made_too_low_raises_the_bound_again_by_as_much_as_it_lacks():
    laid, points = laid_out(1, 24)
    best = optimum(points)
    assert overall.cheap_pairs(laid, best).short == 0
    for one in np.flatnonzero(best.mate >= 0):
        y = best.y.copy()
        y[one] -= 400
        spoiled = overall.cheap_pairs(laid, replace(best, y=y))
        assert spoiled.short >= 400 and any(one in divmod(int(key), len(points)) for key in spoiled.key)


@pytest.mark.parametrize("fault", ["_near_box", "_most_near", "_common_hours", "held_together"])
def test_a_fault_in_what_people_are_passed_by_is_noticed(fault, monkeypatch):
    """Each of these, giving less or more than is true, makes some pair be overlooked or misjudged."""
    true = getattr(reach, fault)
    wrong = (lambda *args: true(*args) + 5000) if fault == "held_together" else (lambda *args: true(*args) // 2)
    monkeypatch.setattr(reach, fault, wrong)
    with pytest.raises(AssertionError):
        for seed in range(8):
            test_from_the_side_of_the_lower_price_every_pair_below_the_bar_is_seen(seed)


def test_the_order_of_a_large_list_changes_nothing(as_if_large):
    people = naive.cohort(3, 21)
    first = match(people, PLAIN, first_day=DAY)
    for shuffle in range(20):
        random.Random(shuffle).shuffle(people)
        assert match(people, PLAIN, first_day=DAY) == first


@pytest.mark.parametrize("everybody", [0, 1])
def test_with_everybody_locked_there_is_nobody_to_match(everybody, as_if_large):
    people = naive.cohort(8, 40, wants="", arm="", blocked=0, languages=("en",))
    locked = tuple((f"p{at}", f"p{at + 1}") for at in range(0, 40 - 2 * (1 - everybody), 2))
    found = match(people, replace(PLAIN, locked=locked), first_day=DAY)
    assert len(found.pairs) == 20 and not found.left_out and found.proof.is_exact


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="a million people take minutes; ./run test --long does it")
def test_a_million_people_are_all_matched_within_a_hundredth_of_the_bound(monkeypatch):
    monkeypatch.undo()
    everybody = drawn_cohort(1_000_000, 0, first_day=bench.DAY)
    mate, proof = Matcher(everybody, Wish()).best()
    assert (mate >= 0).all() and proof.points >= 0.99 * proof.bound
