"""PINs and their budgets, as pure functions."""

import itertools
from dataclasses import dataclass
from datetime import timedelta

PIN_DIGITS = 6
CHECKS = 4  # as many slow comparisons for every attempt, so that time tells nothing about who lives there

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
A_HOUSEHOLD_FROM_STRANGE_A_DAY = 5
A_HOUSEHOLD_FROM_ITS_OWN_A_DAY = 10
LETTERS_A_DAY = 100  # wrong codes of letters, from everywhere together
THE_LINE_AN_HOUR = 50
THE_LINE_A_DAY = 200


@dataclass(frozen=True)
class Failures:
    """Wrong PINs so far. household_*: for this home number within a day; line_*: from strange telephones, anywhere."""

    household_from_strange: int = 0
    household_from_own: int = 0
    line_an_hour: int = 0
    line_a_day: int = 0
    line_closed: bool = False


def may_try(failures: Failures, *, from_registered: bool) -> bool:
    """May a PIN be checked at all?

    What strange telephones do never counts against a registered one: nobody can lock a participant out from afar (T3).
    Its own budget is there because a caller's number can be forged (T4).
    """
    if from_registered:
        return failures.household_from_own < A_HOUSEHOLD_FROM_ITS_OWN_A_DAY
    return not failures.line_closed and failures.household_from_strange < A_HOUSEHOLD_FROM_STRANGE_A_DAY


def closes_the_line_for(failures: Failures) -> timedelta | None:
    """How long strange telephones are to be turned to staff, once this many failures were counted; None: not at all.

    5 tries a day against each of 10,000 accounts would still be 0.05 break-ins a day, so the line has a budget of its
    own (quality.md T3): 50 an hour, and 200 a day against somebody patient. At 200 a day a million guesses take 13 years.
    """
    if failures.line_a_day >= THE_LINE_A_DAY:
        return DAY
    if failures.line_an_hour >= THE_LINE_AN_HOUR:
        return HOUR
    return None


def _is_run(digits: list[int]) -> bool:
    steps = {(after - before) % 10 for before, after in itertools.pairwise(digits)}
    return len(steps) == 1


def is_pattern(pin: str) -> bool:
    """All alike, a run up or down (123456, 987654, 246802), a half or a third repeated (123123, 121212), few digits."""
    digits = [int(digit) for digit in pin]
    halves, thirds = pin[:3] == pin[3:], pin[:2] == pin[2:4] == pin[4:]
    mirrored = pin == pin[::-1]
    return _is_run(digits) or halves or thirds or mirrored or len(set(pin)) < 3


def looks_like_a_birthday(pin: str) -> bool:
    """MMDDYY, DDMMYY, YYMMDD, or a year of the last century or this at either end (1957…, …2004)."""
    pairs = int(pin[:2]), int(pin[2:4]), int(pin[4:])

    def day(month: int, day_of_month: int) -> bool:
        return 1 <= month <= 12 and 1 <= day_of_month <= 31

    dated = day(pairs[0], pairs[1]) or day(pairs[1], pairs[0]) or day(pairs[1], pairs[2])
    return dated or pin[:2] in ("19", "20") or pin[2:4] in ("19", "20")


def is_weak(pin: str) -> bool:
    """Not six digits, or one that others guess first. Refused when a person chooses one; a pattern is never issued."""
    if len(pin) != PIN_DIGITS or not pin.isdecimal() or not pin.isascii():
        return True
    return pin[0] == "0" or is_pattern(pin) or looks_like_a_birthday(pin)


LETTER_DIGITS = 10


def is_letter_code(digits: str) -> bool:
    """Ten digits with a 1 in front: no telephone number of North America looks so, and the line tells them apart."""
    return len(digits) == LETTER_DIGITS and digits.isascii() and digits.isdecimal() and digits[0] == "1"
