"""Every zone, every change of its clock from 2024 to 2034: nobody is rung in a blocked hour, and nothing comes twice (R7).

Enumerated, not sampled; an everyday run takes every tenth zone that changes its clock, all of them with --long.
"""

import os
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from peerline.kernel import quarters, week
from peerline.kernel.quarters import QUARTER

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = sorted(zone for zone in available_timezones() if zone not in ("localtime", "Factory"))


def offset(zone, at):
    return at.astimezone(ZoneInfo(zone)).utcoffset()


@lru_cache(maxsize=1000)
def changes(zone):
    """The instants at which this zone's clock jumps, to the minute, from its offsets alone."""
    found, at = [], FIRST
    while at < LAST:
        if offset(zone, at) != offset(zone, at + 7 * DAY):
            found += changes_within(zone, at, at + 7 * DAY)
        at += 7 * DAY
    return found


def changes_within(zone, low, high):
    if high - low <= timedelta(minutes=1):
        return [high]
    middle = low + (high - low) / 2
    middle = middle.replace(second=0, microsecond=0)
    found = []
    for first, last in ((low, middle), (middle, high)):
        if first < last and (offset(zone, first) != offset(zone, last)):
            found += changes_within(zone, first, last)
    return found


CHANGING = [zone for zone in ZONES if changes(zone)]
LOOKED_AT = CHANGING if os.environ.get("PEERLINE_LONG") else CHANGING[::10]


def wall(zone, at):
    """The oracle: what a clock on the wall there shows, by its offset and nothing else."""
    return (at + offset(zone, at)).replace(tzinfo=None)


def around(change):
    begin = quarters.quarter_of(change) - DAY
    return [begin + number * QUARTER for number in range(2 * quarters.A_DAY)]


def test_there_are_as_many_zones_and_changes_as_the_world_has():
    assert len(ZONES) > 550 and len(CHANGING) > 150
    assert len(changes("America/Detroit")) == len(changes("Europe/Madrid")) == 22
    assert len(changes("America/Phoenix")) == 0
    assert len(changes("Africa/Casablanca")) > 20, "around Ramadan"


@pytest.mark.req("R7")
def test_every_change_of_every_clock_falls_on_a_quarter_of_an_hour():
    for zone in CHANGING:
        assert all(change == quarters.quarter_of(change) for change in changes(zone)), zone
    for zone in ZONES:
        assert offset(zone, FIRST) % QUARTER == timedelta(0), zone


@pytest.mark.req("R7", "S6")
@pytest.mark.parametrize("zone", LOOKED_AT)
def test_around_every_change_a_quarter_is_free_exactly_when_the_wall_clock_shows_a_free_hour(zone):
    blocked = week.as_text(week.of_days(range(7), 2, 3) | week.of_hours([0, 25, 167]))
    shut = set(week.hours_in(week.from_text(blocked)))
    for change in changes(zone):
        instants = around(change)
        row = quarters.free([(zone, blocked)], instants[0], len(instants))[0]
        for free, at in zip(row, instants, strict=True):
            shown = wall(zone, at)
            assert free == (shown.weekday() * 24 + shown.hour not in shut), (zone, at)


@pytest.mark.req("R7", "S6")
@pytest.mark.parametrize("zone", LOOKED_AT)
@pytest.mark.parametrize("half_past", [30, 90, 150])
def test_a_weekly_time_comes_once_a_week_through_every_change(zone, half_past):
    """00:30, 01:30 and 02:30 of the day it changes: in a gap the hour after, in a doubled hour the first of the two."""
    for change in changes(zone):
        day = wall(zone, change).date()
        wanted = time(half_past // 60, half_past % 60)
        came = [week.instant_of(day + timedelta(days=7 * number), wanted, zone) for number in (-1, 0, 1)]
        gaps = [later - sooner for sooner, later in pairwise(came)]
        assert all(timedelta(days=6, hours=20) < gap < timedelta(days=7, hours=4) for gap in gaps), (zone, day)
        assert len({wall(zone, at).date() for at in came}) == 3 or zone_skipped_a_day(zone, day), (zone, day)
        for at, number in zip(came, (-1, 0, 1), strict=True):
            shown, asked = wall(zone, at), datetime.combine(day + timedelta(days=7 * number), wanted)
            exists = any(wall(zone, one) == asked for one in around(at))
            assert shown == asked if exists else shown > asked, (zone, at)
            assert wall(zone, at - timedelta(minutes=30)) != asked, (zone, at, "the second of two")


@pytest.mark.req("R7", "S6")
@pytest.mark.parametrize("zone", LOOKED_AT)
def test_an_hour_that_a_change_skips_or_repeats_is_found_when_it_really_comes(zone):
    """Of each hour of the night of a change, alone free in its week: the first quarter at which the wall clock shows it."""
    for change in changes(zone)[:4]:
        for hour in range(-1, 3):
            shown = wall(zone, change - timedelta(minutes=1)) + timedelta(hours=hour)
            free = shown.weekday() * 24 + shown.hour
            begin = quarters.quarter_of(change) - timedelta(hours=4)
            came = week.next_free(week.ALL & ~week.of_hours([free]), begin, zone)
            assert came == next(at for at in walked(begin) if hour_shown(zone, at) == free), (zone, change, hour)


def walked(begin):
    return (begin + number * QUARTER for number in range(14 * quarters.A_DAY))


def hour_shown(zone, at):
    shown = wall(zone, at)
    return shown.weekday() * 24 + shown.hour


def zone_skipped_a_day(zone, day):
    return offset(zone, FIRST) - offset(zone, LAST) > timedelta(hours=20)


@pytest.mark.req("R7")
def test_naive_clock_arithmetic_would_have_rung_people_in_their_blocked_hours():
    """The guard is seen to catch its fault: adding days on the wall, or keeping one offset, is wrong by an hour."""
    wrong = 0
    for zone in LOOKED_AT:
        for change in changes(zone):
            kept = offset(zone, change - DAY)
            instants = around(change)
            row = quarters.free([(zone, week.as_text(week.of_days(range(7), 2, 3)))], instants[0], len(instants))[0]
            naive = [(at + kept).hour != 2 for at in instants]
            wrong += any(free != assumed for free, assumed in zip(row, naive, strict=True))
    assert wrong > len(LOOKED_AT)


def test_the_29th_of_february_is_a_day_like_any_other():
    at = week.instant_of(datetime(2028, 2, 29).date(), time(18, 0), "America/Detroit")
    assert at == datetime(2028, 2, 29, 23, 0, tzinfo=UTC)
    assert quarters.hours_of("America/Detroit", at)[0] == 24 + 18
