"""The rules and points again, one couple at a time and in the plainest way, and the best partition by trying all.

Shares nothing with the room but its numbers: an error would have to be made twice to go unseen.
"""

import math
import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from peerline.matching.cohort import Person

DAY = date(2026, 11, 24)


def free_at(person: Person, hour: datetime) -> bool:
    """Is every minute of this hour outside the person's blocked hours, on the wall clock?"""
    for minute in range(0, 60, 5):
        local = (hour + timedelta(minutes=minute)).astimezone(ZoneInfo(person.time_zone))
        if person.blocked >> (local.weekday() * 24 + local.hour) & 1:
            return False
    return True


@cache
def free_week(person: Person, monday: datetime) -> frozenset[int]:
    return frozenset(ahead for ahead in range(168) if free_at(person, monday + timedelta(hours=ahead)))


def clocks_change(person: Person, monday: datetime) -> bool:
    zone = ZoneInfo(person.time_zone)
    return monday.astimezone(zone).utcoffset() != (monday + timedelta(days=7)).astimezone(zone).utcoffset()


def common_hours(one: Person, other: Person, day: date = DAY, weeks: int = 2) -> int:
    """In the week that has fewest, of those in which neither clock changes."""
    monday = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=day.weekday())
    mondays = [monday + timedelta(weeks=ahead) for ahead in range(weeks)]
    plain = [week for week in mondays if not clocks_change(one, week) and not clocks_change(other, week)]
    return min(len(free_week(one, week) & free_week(other, week)) for week in plain)


def may(one: Person, other: Person, *, least: int = 2, weeks: int = 2) -> bool:
    wishes = (one.wants in ("", other.gender)) and (other.wants in ("", one.gender))
    speak = set(one.languages) & set(other.languages)
    return bool(wishes and speak and one.arm == other.arm and common_hours(one, other, weeks=weeks) >= least)


def near(one, other, reach, full):
    if one is None or other is None:
        return full // 2
    return full // reach * max(0, reach - abs(one - other))


def same(one, other, full):
    if one in (None, "") or other in (None, ""):
        return full // 2
    return full if one == other else 0


def steps(years):
    return None if years is None else round(50 / 3 * math.log2(1 + years))


def points(one: Person, other: Person, full: dict[str, int], *, weeks: int = 2) -> int:
    """full: feature → most points. The eight features one after another."""
    these, those = set(one.challenges), set(other.challenges)
    shared = full["challenges"] // 2
    if these and those:
        shared = full["challenges"] * len(these & those) // len(these | those)
    tenths = [None if who.a1c_percent is None else round(who.a1c_percent * 10) for who in (one, other)]
    return (
        shared
        + near(*tenths, 30, full["a1c"])
        + same(one.insulin, other.insulin, full["insulin"])
        + near(one.age, other.age, 20, full["age"])
        + full["hours"] // 10 * min(10, max(0, common_hours(one, other, weeks=weeks) - 2))
        + same(one.diabetes_type, other.diabetes_type, full["type"])
        + near(steps(one.years), steps(other.years), 50, full["years"])
        + same(one.culture.casefold(), other.culture.casefold(), full["culture"])
    )


def best(table: list[list[int]]) -> tuple[int, int]:
    """(pairs, points) of the best matching: most pairs first, then most points. table[i][j] < 0: never. By trying all."""

    @cache
    def of(left: frozenset[int]) -> tuple[int, int]:
        if len(left) < 2:
            return 0, 0
        one = min(left)
        rest = left - {one}
        found = of(rest)
        for other in rest:
            if table[one][other] >= 0:
                pairs, total = of(rest - {other})
                found = max(found, (pairs + 1, total + table[one][other]))
        return found

    return of(frozenset(range(len(table))))


ZONES = ["America/Detroit", "America/Chicago", "America/Phoenix", "Asia/Kathmandu"]
TAGS = ["food", "exercise", "low_mood", "fear_of_injection", "cost_of_medicine"]


def somebody(chance: random.Random, key: str, **facts) -> Person:
    """A made-up person of whom much is not known."""
    maybe = lambda value: value if chance.random() < 0.85 else None  # noqa: E731
    first = chance.randrange(0, 20)
    blocked = sum(1 << hour for hour in range(168) if not first <= hour % 24 < first + chance.choice([1, 2, 4, 9]))
    made = {
        "languages": tuple(chance.sample(["en", "es", "ar"], chance.choice([1, 1, 2]))),
        "time_zone": chance.choice(ZONES),
        "blocked": chance.choice([0, blocked, blocked]),
        "gender": chance.choice(["woman", "man", "another", ""]),
        "wants": chance.choice(["", "", "", "woman", "man"]),
        "arm": chance.choice(["", "", "", "A"]),
        "age": maybe(chance.randrange(20, 90)),
        "a1c_percent": maybe(chance.randrange(50, 140) / 10),
        "insulin": maybe(chance.random() < 0.4),
        "diabetes_type": chance.choice(["", "type 1", "type 2", "type 2"]),
        "years": maybe(chance.randrange(0, 40)),
        "challenges": tuple(chance.sample(TAGS, chance.randrange(0, 4))),
        "culture": chance.choice(["", "", "Hmong", "Arab"]),
    }
    return Person(key, **{**made, **facts})


def cohort(seed: int, n: int, **facts) -> list[Person]:
    chance = random.Random(seed)
    return [somebody(chance, f"p{number}", **facts) for number in range(n)]


__all__ = ["DAY", "best", "cohort", "common_hours", "may", "points", "somebody"]
