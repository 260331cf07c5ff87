"""What rooms above put on the pages of this one, at start: they know people, people does not know them."""

from typing import Any

# What can be done about a number that is not proven yet: (label, name of the address, which takes person and number).
number_acts: list[tuple[Any, str]] = []
