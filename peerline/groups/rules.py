"""What groups decides, as pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WAYS = ("place", "telephone", "link")
OTHER_WAYS = ("telephone", "nurse", "next", "none")
# The steps of empowerment: what a facilitator ticks off, and what the guide leads through.
STEPS = ("explore", "feelings", "plan", "commit", "evaluate")
SCREENS = 6  # of the training
TRAINED_BY_STAFF = ("session", "paper", "phone")  # how staff may have seen it done

OPENS_BEFORE = timedelta(minutes=10)  # a telephone session can be entered from then on
STAYS_OPEN = timedelta(minutes=30)  # and goes on so long beyond its end at most
INVITE_BEFORE = timedelta(days=28)
EARLY = timedelta(days=10)  # a group is not planned for one person: so much before one's week counts as come


class GroupError(ValueError):
    """A change that cannot be made. `args[0]` is the word the doors translate into a sentence.

    is_over, is_canceled, not_yet, in_the_past, not_in_the_program, too_few_seats, no_place, nothing_said, already_done,
    not_a_telephone_session, no_number, not_a_choice
    """

    @property
    def word(self) -> str:
        return str(self.args[0])


def is_open(way: str, begins_at: datetime, minutes: int, now: datetime) -> bool:
    """May somebody enter a telephone session at this instant? Ten minutes early; late comers until its end.

    A session of 90 minutes from 14:00 is open from 13:50 until 15:30.
    """
    return way == "telephone" and begins_at - OPENS_BEFORE <= now < begins_at + timedelta(minutes=minutes)


def longest_seconds(begins_at: datetime, minutes: int, now: datetime) -> int:
    """How long the line holds the room that opens now: until half an hour after the session's end."""
    return max(60, round((begins_at + timedelta(minutes=minutes) + STAYS_OPEN - now).total_seconds()))


@dataclass(frozen=True)
class Span:
    """A session of the protocol and the weeks of an enrollment for which it is meant; until None: from then on, again
    and again every `every` weeks."""

    key: str
    from_week: int
    until_week: int | None
    every: int = 0


def spans(sessions: Iterable[tuple[str, int, int]]) -> list[Span]:
    """(key, week, every) of the protocol's sessions → for whom each is: from its week to the next one's.

    The last one has no end (S98).
        spans([("first", 0, 0), ("month1", 4, 0), ("yearly", 52, 52)]) → first 0–4, month1 4–52, yearly 52– every 52
    """
    rows = sorted(sessions, key=lambda row: row[1])
    ends: list[int | None] = [row[1] for row in rows[1:]]
    return [Span(key, week, end, every) for (key, week, every), end in zip(rows, [*ends, None], strict=True)]


def span_of(found: Sequence[Span], key: str) -> Span | None:
    return next((span for span in found if span.key == key), None)


def begun_between(span: Span, begins_at: datetime) -> tuple[datetime | None, datetime]:
    """(earliest, latest) instants at which an enrollment began whose week for this session has come when it begins."""
    latest = begins_at - timedelta(weeks=span.from_week) + EARLY
    earliest = None if span.until_week is None else begins_at - timedelta(weeks=span.until_week) + EARLY
    return earliest, latest


def moves_up(waiting: Sequence[tuple[datetime, int]], free: int) -> list[int]:
    """Which of those who wait get the free seats: (since, seat) pairs, longest wait first."""
    return [seat for _since, seat in sorted(waiting)[: max(free, 0)]]
