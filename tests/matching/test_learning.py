"""Fit items re-estimate weights: planted effects are found, intervals hold them, and few answers are said to be few."""

import numpy as np
import pytest

from peerline.matching.learning import Answers, learn
from peerline.matching.scoring import FEATURES

TRUE = {"challenges": 0.4, "age": 0.2}


def answers(pairs, seed, noise=0.1, effects=TRUE):
    chance = np.random.default_rng(seed)
    made = []
    for _pair in range(pairs):
        likeness = dict(zip(FEATURES, chance.random(len(FEATURES)), strict=True))
        fit = 0.2 + sum(effect * likeness[name] for name, effect in effects.items()) + noise * chance.normal()
        made.append(Answers(likeness, float(np.clip(fit, 0, 1))))
    return made


@pytest.mark.req("S40")
def test_what_goes_with_a_better_fit_gets_the_weight_and_what_does_not_gets_little():
    found = learn(answers(4000, seed=1, noise=0.05))
    assert found.warnings == () and found.pairs == 4000
    assert abs(found.weights["challenges"] - 67) <= 5 and abs(found.weights["age"] - 33) <= 5
    assert all(found.weights[name] <= 4 for name in FEATURES if name not in TRUE)


def test_the_intervals_hold_the_true_effect_about_95_times_of_100():
    held = [
        effect.low <= TRUE.get(name, 0) <= effect.high
        for seed in range(60)
        for name, effect in learn(answers(300, seed)).effects.items()
    ]
    assert 0.91 < np.mean(held) < 0.99


def test_few_answers_and_effects_that_may_be_nothing_are_said():
    assert learn([]).warnings == learn(answers(2, 1)).warnings == ("few",)
    assert "few" in learn(answers(30, 1)).warnings
    assert learn(answers(200, 4, noise=2.0, effects={})).warnings == ("unsure",)


def test_a_feature_that_is_the_same_in_all_pairs_teaches_nothing_and_is_said():
    same = [Answers({**one.likeness, "culture": 1.0}, one.fit) for one in answers(200, 2)]
    found = learn(same)
    assert "alike" in found.warnings and "culture" not in found.effects and found.weights["culture"] == 0


def test_an_answer_outside_the_scale_is_refused():
    with pytest.raises(ValueError):
        learn([Answers({}, 3.0)] * 5)
