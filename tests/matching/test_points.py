"""The hard rules and the points, against the same written plainly; what is not known is neither good nor bad."""

from dataclasses import replace

import numpy as np
import pytest

from peerline.matching import rules
from peerline.matching.cohort import Person, build
from peerline.matching.rules import Rules, couple
from peerline.matching.scoring import FULL, NEVER, WEIGHTS, Scorer, scale
from tests.matching import naive
from tests.matching.naive import DAY

ALIKE = Person(
    "a", age=60, a1c_percent=8.0, insulin=True, diabetes_type="type 2", years=10, challenges=("food",), culture="Hmong"
)

ALL = sum(scale(WEIGHTS).full.values())


def scorer(people, hard=None, weights=WEIGHTS):
    return Scorer(build(people, first_day=DAY, weeks=2), weights, hard or Rules())


@pytest.mark.req("S24", "S25", "S26", "S67")
@pytest.mark.parametrize("seed", range(20))
def test_the_kernel_gives_to_every_couple_what_the_plain_rules_give(seed):
    people = naive.cohort(seed, 24)
    block = scorer(people)
    full = scale(WEIGHTS).full
    ordered = block.cohort.people
    wanted = [[naive.points(a, b, full) if a is not b and naive.may(a, b) else NEVER for b in ordered] for a in ordered]
    assert block.score_block(0, 24, 0, 24).tolist() == wanted
    assert block._computed(3, 9, 5, 20).tolist() == [row[5:20] for row in wanted[3:9]]


def test_the_features_have_together_what_the_weights_share_out_but_for_rounding():
    assert FULL - 60 < ALL <= FULL


def test_people_alike_in_everything_have_all_points_and_strangers_of_whom_nothing_is_known_half():
    twins = scorer([ALIKE, replace(ALIKE, key="b")])
    assert twins.points(0, 1) == ALL
    unknown = scorer([Person("a"), Person("b")], weights={**WEIGHTS, "hours": 0})
    assert abs(unknown.points(0, 1) - FULL // 2) < 50


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"languages": ("es",)}, "language"),
        ({"gender": "man"}, "gender"),
        ({"gender": ""}, "gender"),
        ({"arm": "B"}, "arm"),
        ({"site": "East"}, "site"),
        ({"blocked": (1 << 168) - 1}, "hours"),
        ({"blocked": (1 << 168) - 2}, "hours"),
    ],
)
def test_each_rule_alone_keeps_two_people_apart_and_is_named(change, rule):
    one = replace(ALIKE, gender="woman", wants="woman", site="West")
    other = replace(one, key="b")
    hard = Rules(same_site=True)
    assert scorer([one, other], hard).points(0, 1) == ALL
    kept = scorer([one, replace(other, **change)], hard)
    assert kept.points(0, 1) == NEVER
    assert rules.broken(kept.cohort, hard, 0, 1) == [rule]
    assert rules.why_alone(kept.cohort, hard, 0) == rule


@pytest.mark.parametrize("rule", ["apart", "former"])
def test_two_who_must_not_meet_and_a_pair_that_ended_are_not_put_together(rule):
    people = [ALIKE, replace(ALIKE, key="b"), replace(ALIKE, key="c")]
    kept = scorer(people, Rules(**{rule: frozenset({couple("a", "c")})}))
    at = kept.cohort.positions()
    assert kept.points(at["a"], at["c"]) == kept.points(at["c"], at["a"]) == NEVER
    assert kept.points(at["a"], at["b"]) == ALL
    assert rules.broken(kept.cohort, kept.rules, at["a"], at["c"]) == [rule]


def test_a_wish_of_one_binds_both():
    asks = replace(ALIKE, gender="man", wants="woman")
    kept = scorer([asks, replace(ALIKE, key="b", gender="man")])
    assert kept.points(0, 1) == kept.points(1, 0) == NEVER


def test_more_weight_on_a_feature_never_lowers_the_points_of_those_who_are_alike_in_it():
    one, other = ALIKE, replace(ALIKE, key="b", age=75, challenges=("exercise",))
    low, high = (scorer([one, other], weights={**WEIGHTS, "a1c": weight}).points(0, 1) for weight in (10, 60))
    assert high > low


@pytest.mark.parametrize("weights", [{"shoe_size": 3}, {"age": -1}])
def test_a_weight_that_makes_no_sense_is_refused(weights):
    with pytest.raises(ValueError):
        scale(weights)


def test_without_any_weight_everybody_suits_alike():
    assert np.unique(scorer(naive.cohort(1, 20), weights={}).score_block(0, 20, 0, 20)).tolist() == [NEVER, 0]
