"""Chance that hangs on no order: the same question has the same answer in every run, also after a restart."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

Any = TypeVar("Any")


@dataclass(frozen=True)
class Chance:
    """Words in, a number out. Each person, pair and week has its own: chance.of("person 7")."""

    seed: str

    def of(self, *words: object) -> "Chance":
        return Chance(":".join([self.seed, *map(str, words)]))

    def number(self, *words: object) -> float:
        """From 0 up to and without 1, evenly."""
        digest = blake2b(self.of(*words).seed.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def happens(self, how_likely: float, *words: object) -> bool:
        return self.number(*words) < how_likely

    def between(self, least: float, most: float, *words: object) -> float:
        return least + (most - least) * self.number(*words)

    def one_of(self, choices: Sequence[Any], *words: object) -> Any:
        return choices[int(self.number(*words) * len(choices))]
