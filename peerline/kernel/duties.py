"""What falls due, as plain values. A room says it as one set-based question; the timeline (programs) writes it down once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peerline.kernel import week

DONE, OVER = "done", "over"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due for a subject ("pair:12"), once for each `occurrence`.

    From `at` on it is tried, until `until` it has sense. facts: short values the room itself will say the reason with;
    never a name, a number or an address. people: those who must all take calls at that hour, for a duty that rings; for
    any other, whom it is about.
    """

    subject: str
    occurrence: str
    program_id: int
    at: datetime
    until: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of it. state: DONE, OVER (nobody wants it any more), or "" for not now: tried again at `again_at`."""

    state: str
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A kind of thing that falls due, and what to do about one.

    falls_due(now): all that is due now, in a fixed number of queries whatever the number of people; the same thing may
    come in each answer. act(subject, facts, now): looks again whether it is still wanted and allowed, and does it; in
    the transaction of the row. why(subject, facts): the reason in a sentence, in the language in force.

    between(since, until): only what falls due after `since` and not after `until`, read from an index. With it a tick
    costs what is new; falls_due is then asked once a day, and when a setting changed (timeline.ask_anew).
    rings: acting places a call, so the timeline gives it a second of its own (programs/outbound.py), inside `hours` and
    the hours of its people; of two that want the same second the one of the lower `urgency` has it.
    missed: the level at which staff hear that its time went by undone; "" where that does not matter.
    """

    name: str
    falls_due: Callable[[datetime], Iterable[Due]]
    act: Callable[[str, dict[str, Any], datetime], Acted]
    why: Callable[[str, dict[str, Any]], str]
    between: Callable[[datetime, datetime], Iterable[Due]] | None = None
    rings: bool = False
    hours: int = week.ALL
    urgency: int = 5
    missed: str = "E3"
