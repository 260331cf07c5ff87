"""How a carrier's news arrives, and how often a request is made."""

import random
from collections.abc import Callable
from typing import Any

News = tuple[str, dict[str, str]]


class Orderly:
    """Everything once, in order."""

    def times(self) -> int:
        """How often a request that wants a reply is made; the last reply counts."""
        return 1

    def arranged(self, news: list[News]) -> list[News]:
        """What arrives of this news, in which order."""
        return news

    def last_word_lost(self) -> bool:
        """The request that would be made when somebody hangs up in the middle of something is not made."""
        return False

    def requested(self, url: str, fields: dict[str, str]) -> None:
        """A request was made."""


class Unruly(Orderly):
    """Up to five times, in any order, some lost, and everything ever said may be said again later."""

    def __init__(self, chance: random.Random, *, lose: float = 0.0) -> None:
        self.chance, self.lose = chance, lose
        self.past: list[News] = []
        self.lost = 0

    def times(self) -> int:
        return self.chance.choice((1, 1, 2, 5))

    def last_word_lost(self) -> bool:
        return self.chance.random() < self.lose

    def requested(self, url: str, fields: dict[str, str]) -> None:
        self.past.append((url, dict(fields)))

    def arranged(self, news: list[News]) -> list[News]:
        kept = [one for one in news if self.chance.random() >= self.lose]
        self.lost += len(news) - len(kept)
        arriving = [one for one in kept for _ in range(self.chance.choice((1, 1, 2, 5)))]
        self.chance.shuffle(arriving)
        return arriving

    def again(self, send: Callable[[str, dict[str, str]], Any], most: int) -> None:
        """Old requests, word for word, as a carrier or a thief repeats them."""
        for url, fields in self.chance.sample(self.past, min(most, len(self.past))):
            send(url, fields)
