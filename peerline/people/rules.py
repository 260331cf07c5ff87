"""What people decides, as pure functions."""

import re
import unicodedata
from collections.abc import Iterable

LEAST_SEARCH_LETTERS = 3
GENDERS = ("", "woman", "man", "another")


class PeopleError(ValueError):
    """A change to a person that cannot be made. `word` names the reason; the doors put it into a sentence.

    number_removed, bad_number, bad_email, nickname_taken, nickname_empty, unknown_zone, unknown_language, last_administrator
    """

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


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
