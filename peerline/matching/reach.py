"""Looking from one person over a whole cohort, past everybody who cannot be good enough.

Asked is: who has the lowest slack with this person, below some bar? Slack is the prices of both, less four times their
points: with all prices 0 those are simply the best partners; with the duals of a solution as prices, and a bar of 0,
they are the pairs that gain more than the duals over them, and if nobody finds one, the solution is proven.

Likenesses and lists of challenges are gone through best first, so the first whose bound is not good enough ends the loop;
of the cells that are left, leaf by leaf, most are passed by their bound too. A pair is seen from the side with the lower
price only: then the bound may count on the other's price being at least as high, and a few people of very low
price do not make everybody else look at them.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from peerline.matching.solver.jit import bits_of, entry, kernel
from peerline.matching.solver.pricing import held_together, note_worst

SCALE = 4
TALLY = 0


class Prices(NamedTuple):
    """price: of each person, never more than its share of the duals over any pair; least: of each leaf, cell
    and likeness the lowest. y, place, lowest: the duals themselves, as in certificate.Slacks; no lowest: no blossoms."""

    price: npt.NDArray[np.int64]
    leaf: npt.NDArray[np.int64]
    cell: npt.NDArray[np.int64]  # [likenesses, masks]
    like: npt.NDArray[np.int64]
    y: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    lowest: npt.NDArray[np.int64]


@entry
def look(cells, prices, people, slacks, partners, effort):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """For each of these people their partners of lowest slack, rising; slacks hold the bar at first.

    effort: leaves and people that one person looks at, at most.
    """
    for row in range(len(people)):
        _look_at_all(cells, prices, people[row], slacks[row], partners[row], effort)


@kernel
def _look_at_all(cells, prices, i, slacks, partners, effort):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    like, mask, mine = cells.like[i], cells.mask[i], prices.price[i]
    best_mask = cells.masks[mask, cells.mask_order[mask, 0]]
    left = effort
    for a in range(len(cells.likes)):
        other = cells.like_order[like, a]
        base = cells.likes[like, other]
        if base < 0:
            break
        most = base + _most_near(cells, like, other)
        theirs = max(mine, prices.like[other])
        bar = slacks[len(slacks) - 1]
        if mine + theirs - SCALE * (most + best_mask) >= bar:
            continue
        for b in range(len(cells.masks)):
            m = cells.mask_order[mask, b]
            points = cells.masks[mask, m]
            if mine + theirs - SCALE * (most + points) >= slacks[len(slacks) - 1]:
                break
            if mine + max(mine, prices.cell[other, m]) - SCALE * (most + points) < slacks[len(slacks) - 1]:
                left -= _look_in_cell(cells, prices, i, cells.cell[other, m], other, base + points, slacks, partners)
                if left < 0:
                    return


@kernel
def _most_near(cells, like, other):  # type: ignore[no-untyped-def]
    """What two people of these likenesses can have at most of features known of both, and of hours."""
    most = cells.hours[1] * cells.hours[2]
    for feature in range(3):
        most += cells.known[like, feature] * cells.known[other, feature] * cells.steps[feature] * cells.reaches[feature]
    return most


@kernel
def _look_in_cell(cells, prices, i, cell, other, base, slacks, partners):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Leaf after leaf, each person beginning at a place of their own: equals are then not all found by everybody."""
    first, end = cells.first_leaf[cell], cells.first_leaf[cell + 1]
    leaf = cells.leaf[i]
    if not first <= leaf < end:
        leaf = first + (i * 7919) % (end - first)
    seen, like, mine = end - first, cells.like[i], prices.price[i]
    most = cells.hours[1] * cells.hours[2]
    for _ in range(end - first):
        bound = base + most + _near_box(cells, i, cells.box[leaf], cells.known[like], cells.known[other])
        if mine + max(mine, prices.leaf[leaf]) - SCALE * bound < slacks[len(slacks) - 1]:
            seen += cells.first[leaf + 1] - cells.first[leaf]
            _look_in_leaf(cells, prices, i, leaf, other, base, slacks, partners)
        leaf = leaf + 1 if leaf + 1 < end else first
    return seen


@kernel
def _near_box(cells, i, box, known, theirs):  # type: ignore[no-untyped-def]
    """What this person can have at most of A1C, age and years with anybody in the box."""
    near = 0
    if known[0] & theirs[0]:
        near += _near(cells, 0, max(box[0] - cells.values[i, 0], cells.values[i, 0] - box[3]))
    if known[1] & theirs[1]:
        near += _near(cells, 1, max(box[1] - cells.values[i, 1], cells.values[i, 1] - box[4]))
    if known[2] & theirs[2]:
        near += _near(cells, 2, max(box[2] - cells.values[i, 2], cells.values[i, 2] - box[5]))
    return near


@kernel
def _near(cells, feature, far):  # type: ignore[no-untyped-def]
    """Points of a feature for values so many steps apart."""
    return cells.steps[feature] * max(0, cells.reaches[feature] - max(far, 0))


@kernel
def _look_in_leaf(cells, prices, i, leaf, other, base, slacks, partners):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    mine, most, last = prices.price[i], cells.hours[1] * cells.hours[2], len(slacks) - 1
    known, theirs, suits = cells.known[cells.like[i]], cells.known[other], cells.suits[cells.kind[i]]
    for j in range(cells.first[leaf], cells.first[leaf + 1]):
        if prices.price[j] < mine:
            continue
        points = base + _near_pair(cells, i, j, known, theirs)
        if mine + prices.price[j] - SCALE * (points + most) >= slacks[last] or not suits[cells.kind[j]] or i == j:
            continue
        common = _common_hours(cells, i, j)
        if common >= cells.hours[0]:
            _note_if_low(cells, prices, i, j, points + _of_hours(cells, common), slacks, partners)


@kernel
def _near_pair(cells, i, j, known, theirs):  # type: ignore[no-untyped-def]
    near = 0
    if known[0] & theirs[0]:
        near += _near(cells, 0, abs(cells.values[i, 0] - cells.values[j, 0]))
    if known[1] & theirs[1]:
        near += _near(cells, 1, abs(cells.values[i, 1] - cells.values[j, 1]))
    if known[2] & theirs[2]:
        near += _near(cells, 2, abs(cells.values[i, 2] - cells.values[j, 2]))
    return near


@kernel
def _note_if_low(cells, prices, i, j, points, slacks, partners):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """These two may be paired: is their slack low enough, all blossoms that hold both counted?"""
    slack, last = prices.y[i] + prices.y[j] - SCALE * points, len(slacks) - 1
    if slack < slacks[last] and len(prices.lowest):
        slack += held_together(prices.place[i], prices.place[j], prices.lowest)
    if slack < slacks[last] and not _is_apart(cells, i, j):
        note_worst(slacks, partners, slack, j)


@entry
def write_points(cells, ones, others, points):  # type: ignore[no-untyped-def]
    """Points of these pairs, whoever may be paired with whom."""
    for at in range(len(ones)):
        i, j = ones[at], others[at]
        base = cells.likes[cells.like[i], cells.like[j]] + cells.masks[cells.mask[i], cells.mask[j]]
        near = _near_pair(cells, i, j, cells.known[cells.like[i]], cells.known[cells.like[j]])
        points[at] = base + near + _of_hours(cells, _common_hours(cells, i, j))


@kernel
def _of_hours(cells, common):  # type: ignore[no-untyped-def]
    return cells.hours[1] * min(cells.hours[2], max(0, common - cells.hours[0]))


@kernel
def _common_hours(cells, i, j):  # type: ignore[no-untyped-def]
    """In the season that gives them least."""
    least = 168
    for season in range(cells.free.shape[1] // 3):
        common = 0
        for word in range(3 * season, 3 * season + 3):
            common += np.int64(bits_of(cells.free[i, word] & cells.free[j, word]))
        least = min(least, common)
    return least


@kernel
def _is_apart(cells, i, j):  # type: ignore[no-untyped-def]
    apart = False
    for at in range(cells.apart_first[i], cells.apart_first[i + 1]):
        apart |= cells.apart[at] == j
    return apart
