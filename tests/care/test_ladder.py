"""By when a need must be seen: minutes where it cannot wait, working days where it can."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from peerline.care.ladder import DEFAULTS, Hours, Rule, due_at
from peerline.kernel import week

OFFICE = Hours(week.of_days(range(5), 9, 17), "America/Detroit")
DETROIT = ZoneInfo("America/Detroit")


def at(day, hour, minute=0):
    """In November 2026, which begins on a Sunday, on Detroit's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=DETROIT).astimezone(UTC)


@pytest.mark.parametrize(
    ("level", "since", "due"),
    [
        ("E0", at(21, 23), at(21, 23, 10)),  # Saturday night: ten minutes all the same
        ("E1", at(21, 23), at(22, 0)),
        ("E2", at(16, 10), at(17, 10)),  # Monday morning: Tuesday morning
        ("E2", at(20, 12), at(23, 12)),  # Friday noon: Monday noon
        ("E2", at(21, 12), at(24, 9)),  # Saturday: a day from Monday 9 on
        ("E3", at(20, 12), at(25, 12)),  # Friday noon: Wednesday noon
        ("E3", at(19, 18), at(25, 9)),  # Thursday evening: from Friday 9 on
    ],
)
def test_each_level_has_its_time(level, since, due):
    assert due_at(DEFAULTS[level], since, OFFICE) == due


def test_where_nobody_said_when_they_are_there_the_clock_just_runs():
    assert due_at(DEFAULTS["E3"], at(20, 12), None) == at(23, 12)
    assert due_at(DEFAULTS["E3"], at(20, 12), Hours(week.NONE, "UTC")) == at(23, 12)


def test_the_clock_begins_when_the_holiday_ends():
    away = Hours(OFFICE.week, OFFICE.zone, at(24, 0))
    assert due_at(DEFAULTS["E2"], at(16, 10), away) == at(25, 9)


def test_minutes_that_end_after_hours_end_when_somebody_is_there_again():
    four_hours = Rule("E2", "nurse", 240, "coordinator", quiet_hours=True)
    assert due_at(four_hours, at(16, 16), OFFICE) == at(17, 9)


def test_a_day_stays_a_working_day_over_the_change_of_the_clocks():
    friday = datetime(2026, 10, 30, 12, tzinfo=DETROIT)
    due = due_at(DEFAULTS["E2"], friday, OFFICE)
    assert (due - friday) == timedelta(days=3) and due.astimezone(DETROIT).weekday() == 0


def test_a_ladder_ends_with_the_administrators_and_asks_nobody_twice():
    rule = Rule("E1", "nurse", 60, "nurse", quiet_hours=False)
    assert [rule.role_at(step) for step in range(3)] == ["nurse", "administrator", ""]
    assert [DEFAULTS["E1"].role_at(step) for step in range(4)] == ["nurse", "coordinator", "administrator", ""]
