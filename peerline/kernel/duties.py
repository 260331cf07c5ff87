"""What falls due, as plain values. A room says it as one set-based question; the timeline (programs) writes it down once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

DONE, OVER = "done", "over"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due for a subject ("pair:12"), once for each `occurrence`.

    From `at` on it is tried, until `until` it has sense. facts: short values the room itself will say the reason with;
    never a name, a number or an address.
    """

    subject: str
    occurrence: str
    program_id: int
    at: datetime
    until: datetime
    facts: dict[str, Any] = field(default_factory=dict)


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
    """

    name: str
    falls_due: Callable[[datetime], Iterable[Due]]
    act: Callable[[str, dict[str, Any], datetime], Acted]
    why: Callable[[str, dict[str, Any]], str]
