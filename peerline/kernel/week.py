"""A week as 168 bits: hour 0 is Monday midnight to 1 a.m. on the person's own wall clock.

Blocked hours are kept this way because people think in their kitchen's clock: "never before nine" stays true on the
morning the clocks change. The rule follows: an instant is turned into local time first, then looked up. The hour that
a change repeats is blocked both times; the hour it skips never comes.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOURS = 168
NONE = 0
ALL = (1 << HOURS) - 1


def hour_of_week(instant: datetime, zone: str) -> int:
    """0..167 for an aware instant on the wall clock of `zone`."""
    local = instant.astimezone(ZoneInfo(zone))
    return local.weekday() * 24 + local.hour


def holds(week: int, instant: datetime, zone: str) -> bool:
    """Is this instant inside the hours `week` marks, on the wall clock of `zone`?"""
    return bool(week >> hour_of_week(instant, zone) & 1)


def of_hours(hours: Iterable[int]) -> int:
    """The week in which just these hours (0..167) are marked."""
    week = NONE
    for hour in hours:
        if not 0 <= hour < HOURS:
            raise ValueError(f"hour of the week {hour} is not 0..167")
        week |= 1 << hour
    return week


def of_days(days: Iterable[int], first_hour: int, end_hour: int) -> int:
    """Hours first_hour ≤ h < end_hour on each of `days` (0 = Monday)."""
    return of_hours(day * 24 + hour for day in days for hour in range(first_hour, end_hour))


def hours_in(week: int) -> list[int]:
    return [hour for hour in range(HOURS) if week >> hour & 1]


def as_text(week: int) -> str:
    """42 hexadecimal digits, hour 0 in the lowest bit: what a table keeps."""
    return f"{week:042x}"


def from_text(text: str) -> int:
    week = int(text or "0", 16)
    if not 0 <= week <= ALL:
        raise ValueError("a week has 168 hours")
    return week


def next_free(week: int, instant: datetime, zone: str) -> datetime | None:
    """The first instant at or after `instant`, on a whole local quarter of an hour unless now, outside `week`; None if all is blocked.

    Walks real time, so a skipped or repeated local hour is met as it really comes; two weeks, because the only free hour
    may be the one that a change of clocks skips in the first.
    """
    if week == ALL:
        return None
    if not holds(week, instant, zone):
        return instant
    at = instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)
    for _ in range(2 * HOURS * 4):
        at += timedelta(minutes=15)
        if not holds(week, at, zone):
            return at
    return None


def instant_of(day: date, at: time, zone: str) -> datetime:
    """The instant at which the wall clock of `zone` shows this time on this day, in UTC.

    Of a time that a change repeats, the first; of one that it skips, the first instant after the gap: a talk at 2:30 on
    the night the clocks go forward begins at 3.
    """
    asked = datetime.combine(day, at, ZoneInfo(zone))
    instant = asked.astimezone(UTC)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == asked.replace(tzinfo=None):
        return instant
    before, after = asked.replace(fold=0).utcoffset(), asked.replace(fold=1).utcoffset()
    gap = (before or timedelta()) - (after or timedelta())
    return _end_of_gap(instant - abs(gap) - timedelta(hours=3), instant, zone)


def _end_of_gap(early: datetime, late: datetime, zone: str) -> datetime:
    """The minute between the two at which the clock of `zone` jumps forward."""
    offset = early.astimezone(ZoneInfo(zone)).utcoffset()
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) // timedelta(minutes=2) * timedelta(minutes=1)
        if middle.astimezone(ZoneInfo(zone)).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late
