"""A pair's contacts week by week, against the program's weekly target (S18). Set-based: the same few queries for all pairs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from peerline.exchange import queries as exchange
from peerline.kernel import clock

MOST_WEEKS = 26


@dataclass
class Week:
    """Monday, how many conversations (S18), how many tries that were none, and seconds talked."""

    monday: date
    talks: int = 0
    tries: int = 0
    seconds: int = 0


@dataclass
class Contacts:
    """One pair's weeks, oldest first, the present one last."""

    weeks: list[Week] = field(default_factory=list)
    last_talk_at: datetime | None = None
    target: int = 1

    @property
    def strip(self) -> list[str]:
        """The weeks as the rhythm strip's states."""
        past = ["talked" if week.talks >= self.target else "missed" for week in self.weeks[:-1]]
        now = self.weeks[-1:] and ("now_talked" if self.weeks[-1].talks >= self.target else "now")
        return [*past, now] if now else past

    @property
    def talked_weeks(self) -> int:
        return sum(week.talks >= self.target for week in self.weeks)

    def days_silent(self, began_at: datetime) -> int:
        """Whole days since the last talk, or since the pair began."""
        return (clock.now() - (self.last_talk_at or began_at)).days


def monday_of(instant: datetime) -> date:
    local = instant.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return local - timedelta(days=local.weekday())


def of_pairs(pairs: Iterable[Any]) -> dict[int, Contacts]:
    """pair number → Contacts, from the calls themselves; one query for all pairs. Each pair's .program is used."""
    pairs = list(pairs)
    this_monday = monday_of(clock.now())
    oldest = datetime.combine(this_monday - timedelta(weeks=MOST_WEEKS - 1), time.min, ZoneInfo(settings.TIME_ZONE))
    calls = (
        exchange.calls()
        .filter(label__in=[f"pair:{pair.pk}" for pair in pairs], began_at__gte=oldest)
        .exclude(ended_at=None)
    )
    rows = defaultdict(list)
    for label, began_at, seconds in calls.values_list("label", "began_at", "talk_seconds"):
        rows[label].append((began_at, seconds))
    return {pair.pk: _contacts(pair, rows[f"pair:{pair.pk}"], this_monday) for pair in pairs}


def _contacts(pair: Any, calls: list[tuple[datetime, int]], this_monday: date) -> Contacts:
    first = max(monday_of(pair.began_at), this_monday - timedelta(weeks=MOST_WEEKS - 1))
    last = monday_of(pair.ended_at) if pair.ended_at else this_monday
    weeks = {first + timedelta(weeks=n): Week(first + timedelta(weeks=n)) for n in range((last - first).days // 7 + 1)}
    found = Contacts(list(weeks.values()), target=pair.program.talks_a_week)
    for began_at, seconds in calls:
        week = weeks.get(monday_of(began_at))
        if week is None:
            continue
        week.seconds += seconds
        if seconds >= pair.program.conversation_seconds:
            week.talks += 1
            found.last_talk_at = max(found.last_talk_at or began_at, began_at)
        else:
            week.tries += 1
    return found
