"""What plans decides, as pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# Of the challenges somebody names at intake: what a first step could be about (S95)
ABOUT_A_CHALLENGE = {
    "food": "diet", "exercise": "exercise", "checking_sugar": "monitoring", "low_mood": "coping",
    "insulin_feels_like_failure": "coping", "burden_of_treatment": "coping", "little_support": "coping",
    "cost_of_medicine": "medication", "fear_of_injection": "medication", "injection_technique": "medication",
    "fear_of_low_sugar": "monitoring",
}  # fmt: skip
DOMAINS = ("medication", "diet", "exercise", "monitoring", "coping")  # Heisler and others 2010 (S115)
STATES = ("draft", "active", "reviewed")
OUTCOMES = ("done", "partly", "changed", "not_done")
NEXT = ("continue", "modify", "new", "rest")
ENOUGH = 7  # of 10: below it the plan is made easier, or what is in the way is looked at, and the person is asked again
DAYS = 14
LIMITS = {"times_a_week": (1, 7), "confidence": (0, 10)}
SUGGESTED_TIMES = (3, 5)  # a week: "every day" fails on the first bad day
LONGEST = {"what": 200, "how_much": 100, "at_when": 100, "barrier": 300, "support": 100, "ideas": 500, "chosen": 200}
FIELDS = ("domain", "times_a_week", "confidence", *LONGEST)

MOVES = {"draft": ("active",), "active": ("reviewed",), "reviewed": ()}


class PlanError(ValueError):
    """A change to a plan that cannot be made. `word` names the reason; the doors put it into a sentence.

    no_domain, no_step, no_times, no_confidence, out_of_range, too_long, unknown, is_reviewed, not_active, not_a_draft,
    not_known, not_taking_part, bad_sheet, typed_already
    """

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def may_become(state: str, wanted: str) -> bool:
    return wanted in MOVES.get(state, ())


def is_unsure(confidence: int | None, enough: int = ENOUGH) -> bool:
    """Below 7 a plan tends to fail: make it easier or solve what is in the way (Lorig and others, CDSMP)."""
    return confidence is not None and confidence < enough


def last_day(begins_on: date, days: int = DAYS) -> date:
    """The day of the review: two weeks after the first day. 2026-11-02 → 2026-11-16."""
    return begins_on + timedelta(days=days)


def times_planned(times_a_week: int, begins_on: date, ends_on: date) -> int:
    """How often in all, at least once: three times a week for two weeks is 6."""
    return max(1, round(times_a_week * (ends_on - begins_on).days / 7))


def missing(step: Mapping[str, Any], *, spoken: bool = False) -> list[str]:
    """What keeps a draft from becoming a plan, in the order it is asked. `spoken`: the words are a recording."""
    found = [] if step.get("domain") in DOMAINS else ["no_domain"]
    if not (spoken or step.get("what")):
        found.append("no_step")
    if step.get("times_a_week") is None:
        found.append("no_times")
    if step.get("confidence") is None:
        found.append("no_confidence")
    return found


def fault(changes: Mapping[str, Any]) -> str:
    """The word for what is wrong with these values of a plan; "" when nothing is."""
    if set(changes) - set(FIELDS):
        return "unknown"
    if changes.get("domain", DOMAINS[0]) not in DOMAINS:
        return "no_domain"
    if any(len(str(changes.get(name) or "")) > most for name, most in LONGEST.items()):
        return "too_long"
    return "" if all(_within(name, changes.get(name)) for name in LIMITS) else "out_of_range"


def _within(name: str, value: Any) -> bool:
    least, most = LIMITS[name]
    return value is None or (isinstance(value, int) and least <= value <= most)


@dataclass(frozen=True)
class SharedStep:
    """All a partner ever sees of a plan."""

    what: str
    how_much: str
    times_a_week: int | None
    until: date | None


def domains_for(challenges: Iterable[str]) -> tuple[str, ...]:
    """The five, those first that somebody said are hard, in the order they were said.

    domains_for(["low_mood", "food"])[:2] == ("coping", "diet")
    """
    return tuple(dict.fromkeys([*hard_domains(challenges), *DOMAINS]))


def hard_domains(challenges: Iterable[str]) -> tuple[str, ...]:
    """Those of the five that somebody said are hard, in the order they were said."""
    return tuple(dict.fromkeys(ABOUT_A_CHALLENGE[one] for one in challenges if one in ABOUT_A_CHALLENGE))
