"""Whoever just came hears at once whom they would suit best."""

import numpy as np
import pytest

from peerline.matching import newcomer
from peerline.matching.cohort import build
from peerline.matching.newcomer import best_partners, highest
from peerline.matching.rules import Rules
from peerline.matching.scoring import WEIGHTS, Scorer
from tests.matching import naive
from tests.matching.naive import DAY

pytestmark = pytest.mark.req("S24")


@pytest.mark.parametrize("stretch", [2, 1024])
def test_the_best_of_all_who_wait_are_named_with_points_reasons_and_hours(stretch, monkeypatch):
    monkeypatch.setattr(newcomer, "STRETCH", stretch)
    scorer = Scorer(build(naive.cohort(1, 50), first_day=DAY, weeks=2), WEIGHTS, Rules())
    points = scorer.score_block(0, 50, 0, 50)
    for one in range(50):
        best = sorted((at for at in range(50) if points[one, at] >= 0), key=lambda at: (-points[one, at], at))[:5]
        found = best_partners(scorer, one, 5)
        assert [(partner.key, partner.points) for partner in found] == [
            (scorer.cohort.keys[at], points[one, at]) for at in best
        ]
        assert all(sum(partner.features.values()) == partner.points for partner in found)
        assert all(partner.common_hours >= 2 for partner in found)


def test_alone_or_where_nobody_suits_nobody_is_named():
    alone = Scorer(build(naive.cohort(1, 1), first_day=DAY, weeks=2), WEIGHTS, Rules())
    assert best_partners(alone, 0) == [] and not len(highest(np.full(9, -1), 3))


@pytest.mark.parametrize("how_many", [1, 3, 10])
def test_the_highest_are_found_whatever_the_stretches(how_many, monkeypatch):
    chance = np.random.default_rng(how_many)
    for stretch in (1, 3, 8, 64):
        monkeypatch.setattr(newcomer, "STRETCH", stretch)
        points = chance.integers(-1, 12, 60)
        sure = np.argsort(-points, kind="stable")
        assert highest(points, how_many).tolist() == [at for at in sure[:how_many] if points[at] >= 0]
