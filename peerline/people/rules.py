"""What people decides, as pure functions."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

LEAST_SEARCH_LETTERS = 3
GENDERS = ("", "woman", "man", "another")


class PeopleError(ValueError):
    """A change to a person that cannot be made. `word` names the reason; the doors put it into a sentence.

    number_removed, bad_number, bad_email, nickname_taken, nickname_empty, unknown_zone, unknown_language,
    last_administrator, email_taken, in_use, merges_staff, were_partners, both_active, on_a_call, merged_since
    """

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """Every zone this machine knows. Reading them takes a moment, so once."""
    return frozenset(available_timezones())


def folded(text: str) -> str:
    """For comparing: no case, no accents. folded("José") == "jose"."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def words_of(*texts: str) -> list[str]:
    return re.findall(r"\w+", folded(" ".join(texts)))


def search_prefixes(texts: Iterable[str]) -> set[str]:
    """Every beginning of every word, from three letters on: what a search for it may be typed as.

    search_prefixes(["Ana Luz"]) == {"ana", "luz"}; a word of two letters stands whole.
    """
    found: set[str] = set()
    for word in words_of(*texts):
        found |= {word[:end] for end in range(min(LEAST_SEARCH_LETTERS, len(word)), len(word) + 1)}
    return found


def spoken_hours(blocked: int) -> list[dict[str, Any]] | None:
    """Blocked hours as a telephone can say them: when calls are welcome, days that are alike said once. None: always.

    Each is {"days": "all" | "weekdays" | "weekend" | "day" | "closed", "values": {day, from_time, until_time}}; a day with
    several gaps is said from its first welcome hour to its last.
    """
    if not blocked:
        return None
    spans = [_welcome(blocked, day) for day in range(7)]
    if len(set(spans)) == 1:
        return [_said("all", spans[0])]
    if len(set(spans[:5])) == 1 and len(set(spans[5:])) == 1:
        return [_said("weekdays", spans[0]), _said("weekend", spans[5])]
    return [_said("day", span, day=day) for day, span in enumerate(spans)]


def _welcome(blocked: int, day: int) -> tuple[int, int]:
    """First welcome hour of the day and the end of the last one; (0, 0) when there is none."""
    hours = [hour for hour in range(24) if not blocked >> (day * 24 + hour) & 1]
    return (hours[0], hours[-1] + 1) if hours else (0, 0)


def _said(days: str, span: tuple[int, int], **values: int) -> dict[str, Any]:
    if span == (0, 0):
        return {"days": f"{days}_closed", "values": values}
    return {"days": days, "values": {**values, "from_time": span[0], "until_time": span[1]}}
