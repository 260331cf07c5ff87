"""The number on every sheet of a workbook, by which what was written on it finds its person. Pure."""

import re

from peerline.plans.rules import PlanError


def sheet_number(enrollment_id: int) -> str:
    """What is printed on every sheet of a workbook: the enrollment and a check digit (Luhn). 4117 → "4117-8"."""
    return f"{enrollment_id}-{_check_digit(str(enrollment_id))}"


def read_sheet_number(typed: str) -> int:
    """The enrollment of a sheet. Raises PlanError bad_sheet for a slip of the finger in one digit or two neighbors."""
    digits = re.sub(r"[\s-]", "", typed)
    if (
        not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 18)
        or _check_digit(digits[:-1]) != digits[-1]
    ):
        raise PlanError("bad_sheet")
    return int(digits[:-1])


def _check_digit(digits: str) -> str:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return str(-sum(number - 9 if number > 9 else number for number in doubled) % 10)
