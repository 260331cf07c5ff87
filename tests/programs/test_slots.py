"""As many calls as can fit are placed, the urgent ones first, and never more than a quarter or a second holds."""

import math
import random

import pytest

from peerline.programs import slots
from peerline.programs.slots import Call, place


def most_that_fit(calls, room):
    """The same question to another method: augmenting paths over single places, one call after another."""
    places = [quarter for quarter, most in enumerate(room) for _ in range(most)]
    held = {}

    def seat(call, seen):
        for number, quarter in enumerate(places):
            if call.quarters >> quarter & 1 and number not in seen:
                seen.add(number)
                if number not in held or seat(held[number], seen):
                    held[number] = call
                    return True
        return False

    return sum(seat(call, set()) for call in calls)


def crowd(seed):
    chance = random.Random(seed)
    quarters = chance.randrange(1, 9)
    room = [chance.randrange(4) for _ in range(quarters)]
    calls = [
        Call(key, (chance.randrange(3),), chance.getrandbits(quarters) & chance.getrandbits(quarters) or 1)
        for key in range(chance.randrange(25))
    ]
    return calls, room


def kept_rules(calls, room, found):
    by_key = {call.key: call for call in calls}
    inside = all(by_key[key].quarters >> quarter & 1 for key, quarter in found.items())
    return inside and all(list(found.values()).count(quarter) <= most for quarter, most in enumerate(room))


@pytest.mark.parametrize("seed", range(300))
def test_as_many_fit_as_can_and_no_urgent_call_gives_way_to_a_less_urgent_one(seed):
    calls, room = crowd(seed)
    found = place(calls, room)
    assert kept_rules(calls, room, found)
    for least in range(3):
        urgent = [call for call in calls if call.order[0] <= least]
        assert sum(call.key in found for call in urgent) == most_that_fit(urgent, room)


def test_placing_one_after_another_without_moving_any_would_leave_some_out():
    """The guard is seen to catch its fault: first come, first served is not enough."""

    def first_come(calls, room):
        found = {}
        for call in sorted(calls, key=lambda call: call.order):
            for quarter, most in enumerate(room):
                if call.quarters >> quarter & 1 and list(found.values()).count(quarter) < most:
                    found[call.key] = quarter
                    break
        return found

    worse = [seed for seed in range(300) if len(first_come(*crowd(seed))) < most_that_fit(*crowd(seed))]
    assert len(worse) > 10


def test_nobodys_morning_is_a_rush():
    found = place([Call(key, (), 0b1111) for key in range(100)], [90] * 4)
    assert max(list(found.values()).count(quarter) for quarter in range(4)) == 50, "twice the even share"


def test_a_day_that_is_too_full_leaves_out_the_least_urgent():
    calls = [Call(key, (key,), 0b1) for key in range(10)]
    assert sorted(place(calls, [4])) == [0, 1, 2, 3]


@pytest.mark.parametrize("rate", [0.1, 0.5, 1, 1.5, 3, 10])
def test_no_second_has_more_than_the_carrier_takes_and_the_line_leaves_a_quarter_to_people(rate):
    seconds = [slots.allowed(second, second + 1, rate, 0.75) for second in range(1_764_000_000, 1_764_004_000)]
    assert max(seconds) <= math.ceil(rate) and sum(seconds) == pytest.approx(4000 * rate * 0.75, abs=1)
    assert sum(seconds) == slots.allowed(1_764_000_000, 1_764_004_000, rate, 0.75)


def test_what_is_left_out_of_a_full_day_of_ten_thousand_calls_had_no_quarter_with_room():
    chance = random.Random(1)
    spans = [((1 << chance.randrange(20, 60)) - 1) << chance.randrange(30) for _ in range(10_000)]
    found = place([Call(key, (5,), span) for key, span in enumerate(spans)], [80] * 96)
    count = [list(found.values()).count(quarter) for quarter in range(96)]
    left = [span for key, span in enumerate(spans) if key not in found]
    assert left and not any(span >> quarter & 1 and count[quarter] < 80 for span in left for quarter in range(96))
