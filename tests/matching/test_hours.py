"""Common hours, checked hour by hour against the zones' own data, across the change of the clocks."""

from dataclasses import replace
from datetime import date

import pytest

from peerline.kernel import week
from peerline.matching import hours
from peerline.matching.cohort import Person, build
from tests.matching import naive

EVENINGS = week.ALL & ~week.of_days(range(7), 18, 20)  # free from six to eight only


def common(one: Person, other: Person, first_day: date, weeks: int) -> int:
    cohort = build([one, other], first_day=first_day, weeks=weeks)
    return int(hours.common_hours(cohort.free, slice(0, 1), slice(1, 2))[0, 0])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("day", [date(2026, 10, 19), date(2026, 2, 23)])
def test_common_hours_are_those_of_the_zone_data_hour_by_hour_over_a_change_of_the_clocks(seed, day):
    one, other = naive.cohort(seed, 2)
    assert common(one, other, day, 4) == naive.common_hours(one, other, day, 4)


def test_hours_that_meet_in_winter_and_not_in_summer_are_not_common():
    detroit = Person("a", time_zone="America/Detroit", blocked=EVENINGS)
    phoenix = Person("b", time_zone="America/Phoenix", blocked=week.ALL & ~week.of_days(range(7), 16, 18))
    assert common(detroit, phoenix, date(2026, 11, 9), 8) == 14
    assert common(detroit, phoenix, date(2026, 7, 6), 8) == 7
    assert common(detroit, phoenix, date(2026, 11, 9), 26) == 7


def test_two_evenings_of_one_zone_stay_common_all_year_though_the_worlds_clock_moves():
    one, other = (Person(key, time_zone="America/Detroit", blocked=EVENINGS) for key in "ab")
    assert common(one, other, date(2026, 9, 1), 52) == 14


def test_an_hour_of_the_worlds_clock_that_lies_in_two_of_nepals_is_free_only_when_both_are():
    nepal = Person("a", time_zone="Asia/Kathmandu", blocked=week.ALL & ~week.of_days([0], 9, 12))
    assert common(nepal, Person("b"), date(2026, 11, 9), 1) == 2


def test_two_hours_on_sunday_evening_are_two_also_where_the_worlds_week_ends_between_them():
    sundays = week.ALL & ~week.of_days([6], 18, 20)
    one, other = (Person(key, time_zone="America/Detroit", blocked=sundays) for key in "ab")
    assert common(one, other, date(2026, 10, 1), 10) == 2


def test_a_season_is_a_way_in_which_the_clocks_stand_to_each_other():
    def count(*zones: str, first_day: date = date(2026, 11, 9), weeks: int = 30) -> int:
        return len(hours.seasons(zones, first_day, weeks))

    assert hours.seasons(["America/Detroit"], date(2026, 11, 9), 12) == [{"America/Detroit": -300}]
    assert count("America/Detroit") == count("America/Detroit", "America/Los_Angeles", weeks=52) == 1
    assert count("America/Detroit", "America/Phoenix") == 2
    assert count("America/Detroit", "Europe/Berlin") == 2  # Berlin's clocks move three weeks later
    assert count("Australia/Lord_Howe", first_day=date(2026, 3, 1)) == 2  # by half an hour: no whole turn of the week


@pytest.mark.parametrize("seed", range(6))
def test_clocks_that_move_together_are_one_season_and_the_common_hours_of_every_week_are_the_same(seed, monkeypatch):
    one, other = (
        replace(person, time_zone=zone)
        for person, zone in zip(naive.cohort(seed, 2), ["America/Detroit", "America/Los_Angeles"], strict=True)
    )
    together = common(one, other, date(2026, 10, 19), 26)
    assert together == naive.common_hours(one, other, date(2026, 10, 19), 26)
    monkeypatch.setattr(hours, "_to_each_other", lambda way: way)
    assert len(hours.seasons([one.time_zone, other.time_zone], date(2026, 10, 19), 26)) == 2
    assert together == common(one, other, date(2026, 10, 19), 26)
