"""Mentors with room for several: as many placed as can be, at the most points, and proven."""

import random
from dataclasses import replace
from itertools import product

import networkx
import numpy as np
import pytest

from peerline.matching.cohort import Person
from peerline.matching.matching import Wish
from peerline.matching.mentors import assign_mentors, place
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
    assert (int((placed.mentor >= 0).sum()), placed.points) == best_by_trying_all(points.tolist(), room.tolist())
    assert placed.bound == placed.points


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
    assert ((placed.mentor >= 0).sum(), placed.points, placed.bound) == (len(oracle), sum(oracle), sum(oracle))


@pytest.mark.req("S66")
def test_everybody_who_suits_gets_a_mentor_within_room_and_rules_whatever_the_order_of_the_lists():
    people = naive.cohort(1, 40)
    mentors = [replace(one, key=f"m{one.key}", arm="", wants="") for one in naive.cohort(2, 8)]
    room = {one.key: 5 for one in mentors}
    found = assign_mentors(people, mentors, room, Wish(weeks=2), first_day=DAY)
    by_key = {one.key: one for one in [*people, *mentors]}
    assert all(naive.may(by_key[person], by_key[mentor]) for person, mentor, _ in found.pairs)
    assert max(sum(pair[1] == key for pair in found.pairs) for key in room) <= 5
    assert {pair[0] for pair in found.pairs} | set(found.left_out) == {one.key for one in people}
    for shuffle in range(5):
        random.Random(shuffle).shuffle(people)
        random.Random(shuffle + 9).shuffle(mentors)
        assert assign_mentors(people, mentors, room, Wish(weeks=2), first_day=DAY) == found


def test_nobody_and_no_room_are_answers():
    assert assign_mentors([], [], {}, Wish(), first_day=DAY).pairs == ()
    alone = assign_mentors([Person("a")], [Person("m")], {"m": 0}, Wish(), first_day=DAY)
    assert alone.pairs == () and alone.left_out == ("a",) and alone.points == alone.bound == 0
