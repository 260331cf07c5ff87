"""What a protocol holds, as frozen values. Each field says how its value is checked; `reading` walks them."""

# ruff: noqa: RUF009 (must, may, table and rows are fields by another name)

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from peerline.kernel.elements import Element
from peerline.kernel.languages import LANGUAGES

Words = Mapping[str, str]  # language → text
Check = Callable[[Any], Any]

KINDS = ("group", "telephone")
LEADERS = ("nurse", "peer", "coordinator")
LEVELS = ("E0", "E1", "E2", "E3")
OWNERS = ("nurse", "coordinator", "administrator")
PHASES = ("education", "support")
ELEMENTS = tuple(one.value for one in Element)  # the six of source 004
FACTS = ("age", "a1c_percent", "medication", "insulin", "insulin_change", "diabetes_type", "diagnosed_years", "phone", "language")  # fmt: skip


class Bad(ValueError):
    """A value that cannot stand there. word and facts become a sentence: see words.PROTOCOL_PROBLEMS."""

    def __init__(self, word: str, **facts: Any) -> None:
        super().__init__(word)
        self.word, self.facts = word, facts


def whole(least: int, most: int) -> Check:
    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Bad("not_whole", least=least, most=most)
        return value

    return check


def number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Bad("not_a_number")
    return float(value)


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Bad("not_yes_no")
    return value


def name(value: Any) -> str:
    """A short name for programs to use: small letters, digits, "-" and "_"."""
    if not isinstance(value, str) or not 0 < len(value) <= 40 or not _is_plain(value):
        raise Bad("not_a_name")
    return value


def _is_plain(text: str) -> bool:
    return text.isascii() and all(one.islower() or one.isdigit() or one in "-_" for one in text)


def one_of(*choices: str) -> Check:
    def check(value: Any) -> str:
        if value not in choices:
            raise Bad("not_a_choice", value=str(value)[:40], choices=", ".join(choices))
        return str(value)

    return check


def several(one: Check) -> Check:
    def check(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Bad("not_a_list")
        return tuple(one(item) for item in value)

    return check


def plain(value: Any) -> Any:
    """A word, a number, or yes or no."""
    if not isinstance(value, str | int | float | bool):
        raise Bad("not_plain")
    return value


def texts(value: Any) -> Words:
    """Something to read, in every language."""
    if not isinstance(value, dict) or any(not isinstance(text, str) for text in value.values()):
        raise Bad("not_texts")
    missing = [language for language in LANGUAGES if not value.get(language, "").strip()]
    if missing:
        raise Bad("language_missing", languages=", ".join(missing))
    return MappingProxyType({language: value[language].strip() for language in LANGUAGES})


def must(check: Check) -> Any:
    return field(metadata={"check": check})


def may(check: Check, otherwise: Any) -> Any:
    return field(default=otherwise, metadata={"check": check})


def table(kind: type) -> Any:
    """A table of its own, [name]; without it, its defaults hold."""
    return field(default_factory=kind, metadata={"table": kind})


def rows(kind: type) -> Any:
    """Any number of tables, [[name]]."""
    return field(default=(), metadata={"rows": kind})


@dataclass(frozen=True, kw_only=True)
class PairRules:
    """How often partners talk, and when the line reminds them (S7, S18). training_first: both were trained before (S28)."""

    talks_a_week: int = may(whole(1, 7), 1)
    remind_after_days: int = may(whole(0, 60), 9)
    conversation_seconds: int = may(whole(10, 600), 60)
    training_first: bool = may(yes_no, True)


@dataclass(frozen=True, kw_only=True)
class PlanRules:
    """How long one action plan runs, and from which confidence (0 to 10) on it stands as it is (S30, S31)."""

    days: int = may(whole(1, 90), 14)
    confidence_enough: int = may(whole(0, 10), 7)


@dataclass(frozen=True, kw_only=True)
class CheckupRules:
    """Staff are told of whoever has had no A1C for so many weeks (S94); 0: of nobody. Twice a year is what the American
    Diabetes Association asks for at the least (Standards of Care in Diabetes 2024, section 6)."""

    a1c_every_weeks: int = may(whole(0, 104), 0)


@dataclass(frozen=True, kw_only=True)
class Session:
    """One meeting. week: of each person's own, from 0; may lie after the calendar's end. again_every_weeks: it
    comes round for ever (S98); 0: once."""

    key: str = must(name)
    week: int = must(whole(0, 520))
    kind: str = must(one_of(*KINDS))
    title: Words = must(texts)
    led_by: str = may(one_of(*LEADERS), "nurse")
    minutes: int = may(whole(5, 480), 90)
    optional: bool = may(yes_no, False)
    training: bool = may(yes_no, False)
    plan: bool = may(yes_no, False)
    elements: tuple[str, ...] = may(several(one_of(*ELEMENTS)), ())
    again_every_weeks: int = may(whole(0, 520), 0)


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Questions asked in that week, answered within so many days. instruments: keys of the questionnaires."""

    key: str = must(name)
    week: int = must(whole(0, 520))
    instruments: tuple[str, ...] = must(several(name))
    within_days: int = may(whole(1, 180), 14)
    again_every_weeks: int = may(whole(0, 520), 0)
    title: Words = must(texts)


@dataclass(frozen=True, kw_only=True)
class Phase:
    """Education (DSME) and ongoing support (DSMS) are phases of one journey (S107). The last one has no end (S98)."""

    key: str = must(one_of(*PHASES))
    from_week: int = must(whole(0, 520))
    title: Words = must(texts)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One rule of who may take part (S34): a fact of the intake, and what it must be.

    Rules without a `way` hold for everybody. Of those with one, all rules of at least one way must hold: "the most pills
    there are and A1C of 8 or more" is one way, "insulin is to begin" another.
    """

    key: str = must(name)
    field: str = must(one_of(*FACTS))
    title: Words = must(texts)
    at_least: float | None = may(number, None)
    at_most: float | None = may(number, None)
    one_of: tuple[Any, ...] = may(several(plain), ())
    equals: Any = may(plain, None)  # written as `is` in the file
    way: str = may(name, "")


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One level of the ladder: who looks after it within how long, and who is told when they do not."""

    level: str = must(one_of(*LEVELS))
    owner: str = must(one_of(*OWNERS))
    within_minutes: int = must(whole(1, 20160))
    then: str = may(one_of("", *OWNERS), "")
    quiet_hours: bool = may(yes_no, False)  # does this level wait while staff do not listen?


@dataclass(frozen=True, kw_only=True)
class Protocol:
    key: str = must(name)
    version: int = must(whole(1, 10000))
    title: Words = must(texts)
    summary: Words = must(texts)
    weeks: int = may(whole(1, 520), 26)  # how far the calendar goes; nobody is ended by it (S98)
    pairs: PairRules = table(PairRules)
    plans: PlanRules = table(PlanRules)
    checkups: CheckupRules = table(CheckupRules)
    sessions: tuple[Session, ...] = rows(Session)
    assessments: tuple[Assessment, ...] = rows(Assessment)
    phases: tuple[Phase, ...] = rows(Phase)
    eligibility: tuple[Criterion, ...] = rows(Criterion)
    escalation: tuple[Rung, ...] = rows(Rung)
