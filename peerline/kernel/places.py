"""A place in a list that is ordered by an instant and a number: where the next page begins, as text in its address.

A page asked for by its place costs what any other page costs; one asked for by its number reads all pages before it.
"""

from datetime import datetime


def place(instant: datetime, number: int) -> str:
    """As "2026-11-24T20:00:00+00:00~7" for the row with that instant and number."""
    return f"{instant.isoformat()}~{number}"


def read(text: str) -> tuple[datetime, int] | None:
    """The instant and the number; None for what is no place, so that whoever made it up begins at the start."""
    at, _, number = text.rpartition("~")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return None
    return None if instant.tzinfo is None else (instant, int(number))
