"""Groups of three: where one would be left alone, they join the pair with whom it is best for all."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from peerline.matching.scoring import Scorer

MOST_TRIED = 24  # people who are tried as the third one

Group = tuple[int, ...]


@dataclass(frozen=True)
class Joined:
    groups: list[Group]
    left: list[int]
    points: int


def worth(scorer: Scorer, group: Group) -> int:
    """Points of a pair; of three, what the three couples have together, halved: each has the mean of two partners."""
    if len(group) == 2:
        return scorer.points(*group)
    one, two, three = group
    return (scorer.points(one, two) + scorer.points(one, three) + scorer.points(two, three)) // 2


Prize = Callable[[int, int, int], int]  # of a pair's own points, and of the third one's with each of the two


def gain(own: int, first: int, second: int) -> int:
    return first + second - own


def join(scorer: Scorer, pairs: list[Group], left: list[int], prize: Prize = gain) -> Joined:
    """Everybody left joins a pair in which all three suit each other, the highest prize first; a pair takes one."""
    groups, alone = list(pairs), []
    for one in sorted(left, key=lambda person: -_best_prize(scorer, groups, person, prize)[0]):
        _, at = _best_prize(scorer, groups, one, prize)
        if at < 0:
            alone.append(one)
        else:
            groups[at] = (*groups[at], one)
    return Joined(groups, sorted(alone), sum(worth(scorer, group) for group in groups))


def _best_prize(scorer: Scorer, groups: list[Group], one: int, prize: Prize) -> tuple[int, int]:
    """(prize, which pair) for the best pair this person can join; (least, −1) when there is none."""
    with_all = scorer.with_everybody(one)
    best, where = np.iinfo(np.int64).min, -1
    for at, group in enumerate(groups):
        if len(group) != 2:
            continue
        first, second = (int(with_all[other]) for other in group)
        won = prize(scorer.points(*group), first, second)
        if first >= 0 and second >= 0 and won > best:
            best, where = won, at
    return best, where


def best_third(
    scorer: Scorer, pairs: list[Group], left: list[int], without: Callable[[int], tuple[list[Group], list[int]]]
) -> Joined:
    """When just one is left: also try leaving somebody else over, those first who suit their partner least.

    without(person) is the best matching of the others, and who is left besides.
    """
    found = join(scorer, pairs, left)
    if len(left) != 1:
        return found
    by_fit = sorted(pairs, key=lambda pair: (scorer.points(*pair), pair))
    for person in [one for pair in by_fit for one in pair][:MOST_TRIED]:
        others, besides = without(person)
        if besides:
            continue
        tried = join(scorer, others, [person])
        if len(tried.left) < len(found.left) or (tried.left == found.left and tried.points > found.points):
            found = tried
    return found
