"""Why these two, and why not those: what a couple would have, and what the group would lose if they were made a pair."""

from dataclasses import dataclass

from peerline.matching import report, rules
from peerline.matching.matching import Matcher
from peerline.matching.proof import least_loss, proven
from peerline.matching.scoring import DENSE_MOST, FULL


@dataclass(frozen=True)
class Explained:
    """broken: the rules that keep the two apart; then the rest says what would be without them.

    ranks: how high each stands with the other. loss: the fewest points the whole group loses when the two are made a
    pair and all others are matched anew as well as can be; None when a rule keeps them apart. pairs_lost: pairs fewer.
    """

    keys: tuple[str, str]
    broken: tuple[str, ...]
    features: dict[str, int]
    common_hours: int
    points: int
    ranks: tuple[int, int]
    choices: tuple[int, int]
    loss: int | None
    pairs_lost: int = 0


def explain(matcher: Matcher, one: str, other: str) -> Explained:
    """Raises KeyError for somebody who is not in the cohort, ValueError for one and the same person."""
    first, second = matcher.at[one], matcher.at[other]
    if first == second:
        raise ValueError("one person is no couple")
    scorer = matcher.scorer
    broken = rules.broken(matcher.cohort, matcher.wish.rules, first, second)
    features = scorer.by_feature(first, second)
    loss, fewer = (None, 0) if broken else forced(matcher, first, second)
    return Explained(
        keys=(one, other),
        broken=tuple(broken),
        features=features,
        common_hours=scorer.common_hours(first, second),
        points=sum(features.values()),
        ranks=(report.rank(scorer, first, second), report.rank(scorer, second, first)),
        choices=(report.choices(scorer, first), report.choices(scorer, second)),
        loss=loss,
        pairs_lost=fewer,
    )


def forced(matcher: Matcher, first: int, second: int) -> tuple[int, int]:
    """(points, pairs) that the best matching loses when these two must be a pair: no matching with them loses less.

    Exact where all pairs are kept: the others are matched again without the two. In a larger cohort the duals say what is
    lost at least. A loss of 0 points says that another best matching has them.
    """
    if matcher.cohort.n > DENSE_MOST:
        return _certified(matcher, first, second)
    edges = matcher.edges
    others = edges.where((edges.u != first) & (edges.v != first) & (edges.u != second) & (edges.v != second))
    best, whole = proven(matcher.cohort.n, edges)
    rest, proof = proven(matcher.cohort.n, others)
    pairs_lost = int((best >= 0).sum() - (rest >= 0).sum()) // 2 - 1
    return whole.points - proof.points - matcher.scorer.points(first, second), pairs_lost


def _certified(matcher: Matcher, first: int, second: int) -> tuple[int, int]:
    """More than all points there are can only be lost together with a pair."""
    _, proof = matcher.best()
    slack = least_loss(matcher.solution, first, second, matcher.scorer.points(first, second))
    loss = max(0, slack - (proof.bound - proof.points))
    return (loss, 0) if loss <= FULL * matcher.cohort.n // 2 else (0, 1)
