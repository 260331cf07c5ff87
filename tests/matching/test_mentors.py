"""Mentors with room for several: as many placed as can be, at the most points, and proven."""

import os
import random
from dataclasses import replace
from itertools import product

import networkx
import numpy as np
import pytest

from peerline.matching import bench
from peerline.matching.cohort import Person
from peerline.matching.matching import Wish
from peerline.matching.mentors import assign_mentors
from peerline.matching.proof import NotProven
from peerline.matching.solver.places import place
from peerline.matching.solver.places_certificate import bound_of, flaws
from tests.matching import naive
from tests.matching.naive import DAY


def best_by_trying_all(points, room):
    """(placed, points) of the best placing, one person after another tried everywhere."""
    found = (0, 0)
    for choice in product(range(-1, len(room)), repeat=len(points)):
        taken = [(person, mentor) for person, mentor in enumerate(choice) if mentor >= 0]
        fits = all(points[person][mentor] >= 0 for person, mentor in taken)
        if fits and all(choice.count(mentor) <= most for mentor, most in enumerate(room)):
            found = max(found, (len(taken), sum(points[person][mentor] for person, mentor in taken)))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_no_placing_of_a_few_people_is_better(seed):
    chance = np.random.default_rng(seed)
    points = chance.integers(0, 100, (5, 3)) - 200 * (chance.random((5, 3)) < 0.4)
    room = chance.integers(0, 3, 3)
    placed = place(points, room)
    assert (int((placed.mentor >= 0).sum()), placed.value) == best_by_trying_all(points.tolist(), room.tolist())
    assert flaws(points, room, placed) == []


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_a_flow_through_a_network_costs(seed):
    chance = np.random.default_rng(seed)
    points = chance.integers(0, 10_000, (60, 9)) - 20_000 * (chance.random((60, 9)) < 0.5)
    room = chance.integers(3, 8, 9)
    graph = networkx.DiGraph()
    for person, mentor in product(range(60), range(9)):
        if points[person, mentor] >= 0:
            graph.add_edge(("p", person), ("m", mentor), capacity=1, weight=int(-points[person, mentor]) - 1_000_000)
    for person in range(60):
        graph.add_edge("source", ("p", person), capacity=1, weight=0)
        graph.add_edge(("p", person), "sink", capacity=1, weight=0)
    for mentor in range(9):
        graph.add_edge(("m", mentor), "sink", capacity=int(room[mentor]), weight=0)
    flow = networkx.max_flow_min_cost(graph, "source", "sink")
    oracle = [points[p, m] for p, m in product(range(60), range(9)) if flow.get(("p", p), {}).get(("m", m))]
    placed = place(points, room)
    assert ((placed.mentor >= 0).sum(), placed.value) == (len(oracle), sum(oracle))
    assert flaws(points, room, placed) == []


def drawn(seed, people=60, mentors=9):
    """(points, room): half of all may not, and room for about nine in ten."""
    chance = np.random.default_rng(seed)
    points = chance.integers(0, 10_000, (people, mentors)) - 20_000 * (chance.random((people, mentors)) < 0.5)
    return points, chance.integers(4, 9, mentors)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_an_assignment_to_single_seats_gives(seed):
    """The way it is done with SciPy: a mentor with room for five becomes five columns."""
    points, room = drawn(seed, 300, 40)
    assert bench.by_seats(points, room) == ((placed := place(points, room)).value, int((placed.mentor >= 0).sum()))


def test_a_claim_that_is_wrong_anywhere_is_not_believed():
    points, room = drawn(5)
    placed = place(points, room)
    full = int(np.argmin(placed.price))
    one, other = (np.flatnonzero(placed.mentor == mentor)[0] for mentor in (full, (full + 1) % len(room)))
    wrong = {
        "may not": {"mentor": changed(placed.mentor, one, int(np.argmin(points[one])))},
        "no room": {"mentor": np.where((placed.mentor >= 0) & (points[:, full] >= 0), full, placed.mentor)},
        "is worth": {"value": placed.value + 1},
        "or −1": {"mentor": changed(placed.mentor, one, len(room))},
        "a price is above 0": {"price": changed(placed.price, full, 1)},
        "away from the value": {"price": changed(placed.price, full, placed.price[full] + 1)},
    }
    assert flaws(points, room, placed) == [] and placed.price[full] < 0 and other != one
    for said, field in wrong.items():
        assert said in flaws(points, room, replace(placed, **field))[0], said


def test_every_single_price_that_is_far_off_is_caught():
    points, room = drawn(6)
    placed = place(points, room)
    assert (placed.price < 0).sum() > 4
    for mentor in np.flatnonzero(placed.price < 0):
        for price in (0, 3 * placed.price[mentor]):
            claim = replace(placed, price=changed(placed.price, mentor, price))
            assert bound_of(points, room, claim) > placed.value and "away from" in flaws(points, room, claim)[0]


def test_a_placing_that_is_good_but_not_best_is_caught():
    points, room = drawn(7)
    placed = place(points, room)
    one = int(np.flatnonzero(placed.mentor >= 0)[0])
    without = replace(placed, mentor=changed(placed.mentor, one, -1))
    without = replace(without, value=placed.value - int(points[one, placed.mentor[one]]))
    assert "away from the value" in flaws(points, room, without)[0]


def changed(numbers, at, value):
    copy = numbers.copy()
    copy[at] = value
    return copy


def test_an_answer_that_does_not_stand_up_is_not_given(monkeypatch):
    monkeypatch.setattr("peerline.matching.mentors.place", lambda *given: replace(place(*given), value=10_001))
    with pytest.raises(NotProven):
        assign_mentors([Person("a")], [Person("m")], {"m": 1}, Wish(), first_day=DAY)


@pytest.mark.skipif(not os.environ.get("PEERLINE_LONG"), reason="compiling takes seconds; ./run test --long does it")
def test_compiled_and_plain_give_the_same_answer_and_the_same_prices():
    for seed in range(30):
        points, room = drawn(seed, people=seed * 2, mentors=1 + seed // 4)
        plain, fast = (place(points, room, compiled=compiled) for compiled in (False, True))
        assert (plain.mentor == fast.mentor).all() and (plain.price == fast.price).all() and plain.value == fast.value


@pytest.mark.req("S66")
def test_everybody_who_suits_gets_a_mentor_within_room_and_rules_whatever_the_order_of_the_lists():
    people = naive.cohort(1, 40)
    mentors = [replace(one, key=f"m{one.key}", arm="", wants="") for one in naive.cohort(2, 8)]
    room = {one.key: 5 for one in mentors}
    found = assign_mentors(people, mentors, room, Wish(weeks=2), first_day=DAY)
    by_key = {one.key: one for one in [*people, *mentors]}
    assert all(naive.may(by_key[pair.person], by_key[pair.mentor]) for pair in found.pairs)
    assert max(sum(pair.mentor == key for pair in found.pairs) for key in room) <= 5
    assert {pair.person for pair in found.pairs} | {one.key for one in found.left_out} == {one.key for one in people}
    for pair in found.pairs:
        one, mentor = by_key[pair.person], by_key[pair.mentor]
        with_all = [naive.points(one, other, found.full) for other in mentors if naive.may(one, other)]
        assert pair.points == sum(pair.features.values()) == naive.points(one, mentor, found.full)
        assert pair.place == 1 + sum(points > pair.points for points in with_all)
        assert pair.common_hours == naive.common_hours(one, mentor)
    for one in found.left_out:
        assert one.choices == sum(naive.may(by_key[one.key], other) for other in mentors)
        assert (one.why == "taken") == (one.choices > 0)
    for shuffle in range(5):
        random.Random(shuffle).shuffle(people)
        random.Random(shuffle + 9).shuffle(mentors)
        assert assign_mentors(people, mentors, room, Wish(weeks=2), first_day=DAY) == found


def test_nobody_and_no_room_are_answers():
    assert assign_mentors([], [], {}, Wish(), first_day=DAY).pairs == ()
    alone = assign_mentors([Person("a")], [Person("m")], {"m": 0}, Wish(), first_day=DAY)
    assert alone.pairs == () and [(one.key, one.why) for one in alone.left_out] == [("a", "taken")]
    assert [one.why for one in assign_mentors([Person("a")], [], {}, Wish(), first_day=DAY).left_out] == ["nobody"]
