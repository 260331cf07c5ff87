"""What an instrument holds, as frozen values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Words = Mapping[str, str]  # language → text


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    value: int
    words: Words
    loinc: str = ""


@dataclass(frozen=True)
class Item:
    """One question. options: what can be chosen; without any, a whole number from least to most.

    same_as: an earlier instrument that asks the very same; its answer counts here. only_if: (item, least value).
    """

    key: str
    words: Words
    least: int
    most: int
    options: tuple[Option, ...] = ()
    answers: str = ""  # the name of the set of options, which the telephone has words for
    low: Words = field(default_factory=dict)
    high: Words = field(default_factory=dict)
    loinc: str = ""
    same_as: str = ""
    only_if: tuple[str, int] | None = None

    def takes(self, value: int) -> bool:
        return any(one.value == value for one in self.options) if self.options else self.least <= value <= self.most


@dataclass(frozen=True)
class Scale:
    """One score: the items it is made of, how, and how many of them may be missing before there is none.

    how: sum or mean, then times `times`. prorate: a sum with items missing is scaled up to all of them, rounded.
    """

    key: str
    how: str
    items: tuple[str, ...]
    times: Decimal = Decimal(1)
    missing: int = 0
    prorate: bool = False
    reverse: frozenset[str] = frozenset()
    words: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Band:
    """What a total from `at_least` on is called, and its tone: calm, ok, warm, stop."""

    at_least: Decimal
    tone: str
    words: Words


@dataclass(frozen=True)
class Alarm:
    """From `at_least` on, of a score or of one item, somebody of the staff is needed."""

    need: str
    level: str
    at_least: Decimal
    score: str = ""
    item: str = ""


@dataclass(frozen=True)
class Instrument:
    """ours: written for Peerline, never called validated. spoken: the line has its words.

    mood: asks about low mood, so the emergency numbers stand beside it. about: whom it is about, besides the person
    ("pair"). follow: (least total, the instrument that then follows).
    """

    key: str
    version: int
    title: Words
    licence: str
    source: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    licence_url: str = ""
    stem: Words = field(default_factory=dict)
    opening_of: str = ""  # which instrument opens in the same words: they are recorded once
    bands: tuple[Band, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    ours: bool = False
    spoken: bool = False
    mood: bool = False
    about: str = ""
    follow: tuple[Decimal, str] | None = None
    loinc: Mapping[str, str] = field(default_factory=dict)
    benchmark: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_words(self) -> bool:
        """False: a licensed site has to enter them first."""
        return all(item.words for item in self.items)

    def item(self, key: str) -> Item:
        """Raises KeyError."""
        return {one.key: one for one in self.items}[key]

    @property
    def item_keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.items)

    def band(self, total: Decimal | None) -> Band | None:
        """The highest band that a total reaches."""
        reached = [one for one in self.bands if total is not None and total >= one.at_least]
        return reached[-1] if reached else None
