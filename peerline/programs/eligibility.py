"""Who may take part, judged by the protocol's rules (S34). Pure. What is not known is neither yes nor no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peerline.programs.protocols.shape import Criterion, Protocol

Facts = Mapping[str, Any]  # field → value; None or absent: not known


@dataclass(frozen=True)
class Judged:
    """One rule, and whether it is met; None: it is not known."""

    rule: Criterion
    met: bool | None


@dataclass(frozen=True)
class Verdict:
    """word: eligible, not_eligible, not_known. rules: all of them, in the protocol's order."""

    word: str
    rules: tuple[Judged, ...]

    @property
    def unknown(self) -> list[str]:
        """The facts that would decide it."""
        return sorted({one.rule.field for one in self.rules if one.met is None})


def judge(protocol: Protocol, facts: Facts) -> Verdict:
    """Rules without a way must all hold; of the ways, one with all its rules. A protocol without rules is for all.

    Source 001's example: {"medication": "maximum_oral", "a1c_percent": 9.1} is eligible by the way "pills", and so is
    {"insulin_change": True} by the way "insulin", whatever the A1C.
    """
    rules = tuple(Judged(rule, is_met(rule, facts.get(rule.field))) for rule in protocol.eligibility)
    ways = dict.fromkeys(one.rule.way for one in rules if one.rule.way)
    always = _all(one.met for one in rules if not one.rule.way)
    either = _any(_all(one.met for one in rules if one.rule.way == way) for way in ways) if ways else True
    word = {True: "eligible", False: "not_eligible", None: "not_known"}[_all((always, either))]
    return Verdict(word, rules)


def is_met(rule: Criterion, value: Any) -> bool | None:
    """Does this value do what the rule asks? None for a value nobody knows, or that cannot be compared."""
    if value in (None, ""):
        return None
    if rule.one_of:
        return value in rule.one_of
    if rule.equals is not None:
        return bool(value == rule.equals)
    if isinstance(value, str):
        return None
    above = rule.at_least is None or value >= rule.at_least
    return bool(above and (rule.at_most is None or value <= rule.at_most))


def _all(values: Iterable[bool | None]) -> bool | None:
    """False if any is; else None if any is; else True."""
    known = list(values)
    return False if False in known else None if None in known else True


def _any(values: Iterable[bool | None]) -> bool | None:
    """True if any is; else None if any is; else False."""
    known = list(values)
    return True if True in known else None if None in known else False


def facts_about(*, year: int, born_year: int | None, diagnosed_year: int | None, **known: Any) -> dict[str, Any]:
    """The facts of a rule from what is kept: years become ages (a birthday later this year counts as had)."""
    return {
        **known,
        "age": year - born_year if born_year else None,
        "diagnosed_years": year - diagnosed_year if diagnosed_year else None,
    }
