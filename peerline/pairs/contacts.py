"""A pair's contacts week by week, against the program's weekly target (S18). Set-based: one query for all pairs.

The weeks are counted as calls end (services.call_ended) and kept as PairWeek.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from peerline.exchange import queries as exchange
from peerline.kernel import clock
from peerline.pairs.models import PairWeek

MOST_WEEKS = 26


@dataclass
class Week:
    """Monday, how many conversations (S18), how many tries that were none, and seconds talked."""

    monday: date
    talks: int = 0
    tries: int = 0
    seconds: int = 0
    last_talk_at: datetime | None = None  # known only when counted from calls

    def add(self, began_at: datetime, seconds: int, conversation_seconds: int) -> None:
        """One more call of this week."""
        self.seconds += seconds
        if seconds < conversation_seconds:
            self.tries += 1
            return
        self.talks += 1
        self.last_talk_at = max(self.last_talk_at or began_at, began_at)


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


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE))


def of_pairs(pairs: Iterable[Any]) -> dict[int, Contacts]:
    """pair number → Contacts, from the weeks counted; one query for all pairs. Each pair's .program is used."""
    pairs = list(pairs)
    this_monday = monday_of(clock.now())
    oldest = this_monday - timedelta(weeks=MOST_WEEKS - 1)
    rows: dict[int, list[PairWeek]] = defaultdict(list)
    for row in PairWeek.objects.filter(pair__in=pairs, monday__gte=oldest):
        rows[row.pair_id].append(row)
    return {pair.pk: _contacts(pair, rows[pair.pk], this_monday) for pair in pairs}


def _contacts(pair: Any, rows: list[PairWeek], this_monday: date) -> Contacts:
    first = max(monday_of(pair.began_at), this_monday - timedelta(weeks=MOST_WEEKS - 1))
    last = monday_of(pair.ended_at) if pair.ended_at else this_monday
    mondays = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    counted = {row.monday: Week(row.monday, row.talks, row.tries, row.seconds) for row in rows}
    weeks = [counted.get(monday, Week(monday)) for monday in mondays]
    return Contacts(weeks, pair.last_talk_at, pair.program.talks_a_week)


# --- Counting --------------------------------------------------------------------------------------------------------


def from_calls(pairs: Iterable[Any], monday: date | None = None) -> dict[tuple[int, date], Week]:
    """(pair number, monday) → Week, from the calls themselves: of all weeks, or of this one. One query."""
    threshold = {f"pair:{pair.pk}": (pair.pk, pair.program.conversation_seconds) for pair in pairs}
    calls = exchange.calls().filter(label__in=list(threshold)).exclude(ended_at=None)
    calls = calls.exclude(way="reminder", talk_seconds=0)  # the line's own try is not one of theirs
    if monday:
        calls = calls.filter(began_at__gte=midnight(monday), began_at__lt=midnight(monday + timedelta(weeks=1)))
    weeks: dict[tuple[int, date], Week] = {}
    for label, began_at, seconds in calls.order_by().values_list("label", "began_at", "talk_seconds").iterator():
        pair_id, conversation_seconds = threshold[label]
        key = (pair_id, monday_of(began_at))
        weeks.setdefault(key, Week(key[1])).add(began_at, seconds, conversation_seconds)
    return weeks
