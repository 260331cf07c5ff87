"""What programs decides, as pure functions."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from peerline.kernel import week
from peerline.programs.protocols.shape import Phase, Protocol

# Challenges people name, for matching (S25); the insulin ones are those of the source (S35).
CHALLENGES = (
    "fear_of_injection",
    "injection_technique",
    "fear_of_low_sugar",
    "insulin_feels_like_failure",
    "burden_of_treatment",
    "cost_of_medicine",
    "food",
    "exercise",
    "checking_sugar",
    "low_mood",
    "little_support",
)
# What stands in the way, as the sources name it (S114: 001, 002).
BARRIERS = ("knowledge", "confidence", "money", "other_illness", "little_support")
MEDICATIONS = ("", "none", "oral", "maximum_oral", "insulin")
DIABETES_TYPES = ("", "type 1", "type 2", "other")
STATES = ("invited", "active", "paused", "stopped", "removed")
# Only these may be rung for a partner, matched or reminded. Where a program has a text that people agree to, nobody
# becomes active before they agreed: services.enroll, resume and write_consent see to it.
IN_CONTACT = ("active",)

# state → the states it may become
MOVES = {
    "invited": ("active", "stopped"),
    "active": ("paused", "stopped"),
    "paused": ("active", "invited", "stopped"),
    "stopped": ("removed",),
    "removed": (),
}


class ProgramError(ValueError):
    """A change to a program that cannot be made. `word` names the reason; the doors put it into a sentence.

    already_enrolled, cannot_become, name_taken, language_missing, no_such_version, out_of_range, no_such_protocol,
    protocol_changed, in_the_past
    """

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def may_become(state: str, wanted: str) -> bool:
    """A stopped enrollment never becomes active again: the person would be enrolled anew, with a new consent."""
    return wanted in MOVES.get(state, ())


@dataclass(frozen=True)
class Listening:
    """When somebody will listen to what a caller leaves. now; else from `at` on; at None: nobody has said."""

    now: bool
    at: datetime | None


def listening(hours: int, zone: str, away_until: datetime | None, instant: datetime) -> Listening:
    """`hours`: the week in which staff listen, on the wall clock of `zone`.

    Monday 9 to 5, asked on Friday noon: Listening(False, Monday 9:00). During a holiday the search begins at its end.
    """
    away = away_until is not None and away_until > instant
    begin = away_until if away and away_until else instant
    if not hours:
        return Listening(False, None)
    at = week.next_free(week.ALL & ~hours, begin, zone)
    return Listening(not away and at == instant, at)


# Settings a coordinator may change: least and most, in the unit of the name.
LIMITS = {
    "weeks": (1, 520),
    "talks_a_week": (1, 7),
    "conversation_seconds": (10, 600),
    "ring_seconds": (10, 60),
    "longest_call_minutes": (5, 240),
    "voice_kept_days": (1, 3650),
    "nurse_answers_within_hours": (1, 168),
    "remind_after_days": (0, 60),
}


def out_of_range(settings: dict[str, object]) -> list[str]:
    """The names of those settings that are no whole number within their limits."""
    return [
        name
        for name, value in settings.items()
        if name in LIMITS and not (isinstance(value, int) and LIMITS[name][0] <= value <= LIMITS[name][1])
    ]


def week_of(began_at: datetime, zone: str, today: date) -> int:
    """Which week of their own program somebody is in, from 0, by the dates on their wall clock.

    Began on Tuesday, November 3: November 9 is week 0, November 10 is week 1. Before the first day it is below 0.
    """
    return (today - began_at.astimezone(ZoneInfo(zone)).date()).days // 7


def phase_in(protocol: Protocol, week_number: int) -> Phase | None:
    """The phase that holds in this week (S107): the last one that has begun. The last phase never ends (S98)."""
    begun = [phase for phase in protocol.phases if phase.from_week <= max(0, week_number)]
    return max(begun, key=lambda phase: phase.from_week, default=None)


def settings_from(protocol: Protocol) -> dict[str, int]:
    """What a program made from this protocol does at first; a coordinator may change it later."""
    pairs = protocol.pairs
    return {
        "weeks": protocol.weeks,
        "talks_a_week": pairs.talks_a_week,
        "remind_after_days": pairs.remind_after_days,
        "conversation_seconds": pairs.conversation_seconds,
    }
