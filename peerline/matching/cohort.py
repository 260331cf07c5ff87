"""A cohort: people as arrays of whole numbers, in an order that no list's order can change."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from peerline.matching import hours

UNKNOWN = -1
MOST_WORDS = 63  # of languages, and of challenges: each is one bit
YEARS_STEPS = 50 / 3  # of a doubling of the years with diabetes: eight times as long is 50 steps apart
A_YEAR_AHEAD = 53

Ints = npt.NDArray[np.int32]
Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Person:
    """One person, as matching needs them. What is not known or was not given is None or empty.

    key: whatever names the person for the caller; nothing else is told apart by it. blocked: a week on the wall clock.
    """

    key: str
    languages: tuple[str, ...] = ("en",)
    time_zone: str = "UTC"
    blocked: int = 0
    gender: str = ""
    wants: str = ""  # the gender this person asks for in a partner
    site: str = ""
    arm: str = ""
    age: int | None = None
    a1c_percent: Decimal | float | None = None
    insulin: bool | None = None
    diabetes_type: str = ""
    years: int | None = None  # since the diagnosis
    challenges: tuple[str, ...] = ()
    culture: str = ""


@dataclass(frozen=True)
class Cohort:
    """Arrays over the same people; −1 stands for what is not known."""

    people: Sequence[Person]
    languages: Bits
    free: hours.Hours  # [seasons, people, 3]
    gender: Ints
    wants: Ints  # the wished-for gender, −1 for anybody
    site: Ints
    arm: Ints
    age: Ints
    a1c: Ints  # tenths of a percent
    insulin: Ints
    type: Ints
    years: Ints  # steps of a logarithm: see YEARS_STEPS
    challenges: Bits
    culture: Ints

    @property
    def n(self) -> int:
        return len(self.people)

    @property
    def keys(self) -> list[str]:
        return [person.key for person in self.people]

    def only(self, places: npt.NDArray[np.int64]) -> "Cohort":
        """The people at these places, in this order."""
        kept = {field.name: getattr(self, field.name)[places] for field in fields(self)[1:] if field.name != "free"}
        return Cohort(tuple(self.people[at] for at in places), free=self.free[:, places], **kept)

    def positions(self) -> dict[str, int]:
        return {person.key: at for at, person in enumerate(self.people)}


def build(people: Iterable[Person], *, first_day: date, weeks: int = 26, seed: int = 0) -> Cohort:
    """The cohort, looking so many weeks ahead from that day. The same people in any order are the same cohort.

    seed chooses between partitions that are equally good. Raises ValueError when two people have the same key.
    """
    listed = sorted(people, key=lambda person: (lot(seed, person.key), person.key))
    if len({person.key for person in listed}) != len(listed):
        raise ValueError("two people have the same key")
    zones = [person.time_zone for person in listed]
    standing = hours.seasons(zones, first_day, min(weeks, A_YEAR_AHEAD))
    genders = _codes([person.gender for person in listed] + [person.wants for person in listed])
    return Cohort(
        people=tuple(listed),
        languages=_bits([person.languages for person in listed]),
        free=hours.free_hours([person.blocked for person in listed], zones, standing),
        gender=genders[: len(listed)],
        wants=genders[len(listed) :],
        site=_codes([person.site for person in listed]),
        arm=_codes([person.arm for person in listed]),
        age=whole([person.age for person in listed]),
        a1c=whole([tenths(person.a1c_percent) for person in listed]),
        insulin=whole([person.insulin for person in listed]),
        type=_codes([person.diabetes_type for person in listed]),
        years=whole([steps(person.years) for person in listed]),
        challenges=_bits([person.challenges for person in listed]),
        culture=_codes([person.culture.strip().casefold() for person in listed]),
    )


def lot(seed: int, key: str) -> bytes:
    """A person's place among equals: drawn from the key, so that no list's order and no early number is favored."""
    return hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=8).digest()


def _codes(words: Sequence[str]) -> Ints:
    """0, 1, 2 … for the different words in their own order, −1 for the empty one."""
    numbers = {word: code for code, word in enumerate(sorted({*words} - {""}))}
    return np.array([numbers.get(word, UNKNOWN) for word in words], np.int32)


def _bits(sets: Sequence[Iterable[str]]) -> Bits:
    words = sorted({word for one in sets for word in one})
    if len(words) > MOST_WORDS:
        raise ValueError(f"more than {MOST_WORDS} different words")
    bit = {word: 1 << place for place, word in enumerate(words)}
    return np.array([sum({bit[word] for word in one}) for one in sets], np.uint64)


def whole(values: Sequence[Any]) -> Ints:
    return np.array([UNKNOWN if value is None else int(value) for value in values], np.int32)


def tenths(percent: Decimal | float | None) -> int | None:
    return None if percent is None else round(Decimal(str(percent)) * 10)


def steps(years: int | None) -> int | None:
    """Ten years and eleven are nearly the same; one and two are not."""
    return None if years is None else round(YEARS_STEPS * math.log2(1 + max(0, years)))
