"""What a program's own pairs say about its weights (S40): an estimate, how sure it is, and a plain warning.

Partners are asked whether they could learn from each other and contribute to each other. How much of that goes with
which likeness is estimated by least squares, held back towards nothing (ridge) so that few answers claim little. It is
association in pairs that a program chose itself, never a proof of what helps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from peerline.matching.scoring import FEATURES

PAIRS_A_FEATURE = 10  # fewer pairs than this for each feature are few
HELD_BACK = 1.0  # the ridge, in pairs
SURE = 1.96  # standard errors to each side: 95 of 100 intervals hold the true value


@dataclass(frozen=True)
class Answers:
    """One pair: what part of a feature's points it has, 0 to 1, and the mean of its partners' answers, 0 to 1."""

    likeness: Mapping[str, float]
    fit: float


@dataclass(frozen=True)
class Effect:
    """By how much fit rises, of 1, when a feature goes from nothing alike to all alike; between low and high for sure."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Learned:
    """weights: shares of a hundred for features that go with a better fit; empty when none does.

    warnings: "few" pairs, "unsure": no effect is surely above nothing, "alike": a feature is the same in all pairs.
    """

    weights: dict[str, int]
    effects: dict[str, Effect]
    pairs: int
    warnings: tuple[str, ...]


def learn(answers: Sequence[Answers]) -> Learned:
    """Re-estimated weights from these pairs. A feature that a pair does not name counts as half alike."""
    if len(answers) < 3:
        return Learned({}, {}, len(answers), ("few",))
    likeness = np.array([[one.likeness.get(name, 0.5) for name in FEATURES] for one in answers], float)
    fit = np.array([one.fit for one in answers], float)
    if ((fit < 0) | (fit > 1)).any():
        raise ValueError("an answer is not between 0 and 1")
    varies = likeness.std(axis=0) > 1e-9
    effects = _effects(likeness[:, varies], fit, [name for name, does in zip(FEATURES, varies, strict=True) if does])
    return Learned(_shares(effects), effects, len(answers), _warnings(effects, len(answers), bool(varies.all())))


def _effects(likeness: np.ndarray, fit: np.ndarray, names: list[str]) -> dict[str, Effect]:
    centered, target = likeness - likeness.mean(axis=0), fit - fit.mean()
    inverse = np.linalg.inv(centered.T @ centered + HELD_BACK * np.eye(len(names)))
    values = inverse @ centered.T @ target
    left = target - centered @ values
    spread = left @ left / max(1, len(fit) - len(names) - 1)
    errors = SURE * np.sqrt(spread * np.diag(inverse))
    return {
        name: Effect(float(value), float(value - error), float(value + error))
        for name, value, error in zip(names, values, errors, strict=True)
    }


def _shares(effects: Mapping[str, Effect]) -> dict[str, int]:
    total = sum(max(0.0, effect.value) for effect in effects.values())
    if total <= 0:
        return {}
    return {name: round(100 * max(0.0, effects[name].value) / total) if name in effects else 0 for name in FEATURES}


def _warnings(effects: Mapping[str, Effect], pairs: int, all_vary: bool) -> tuple[str, ...]:
    said = []
    if pairs < PAIRS_A_FEATURE * len(FEATURES):
        said.append("few")
    if not any(effect.low > 0 for effect in effects.values()):
        said.append("unsure")
    if not all_vary:
        said.append("alike")
    return tuple(said)
