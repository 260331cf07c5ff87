"""Reading the files of this folder, once. What is wrong with one is said with its name."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from peerline.kernel.languages import LANGUAGES
from peerline.outcomes.instruments.shape import Alarm, Band, Instrument, Item, Option, Scale, Words

FOLDER = Path(__file__).parent
PLAIN = ("licence", "licence_url", "source", "ours", "spoken", "mood", "about", "opening_of", "loinc", "benchmark")


class BadInstrument(ValueError):
    """A file that cannot be used; says which and why."""


class NoSuchInstrument(KeyError):
    """Nobody wrote a file of this name."""


@cache
def keys() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "answers"))


@cache
def of(key: str) -> Instrument:
    """Raises NoSuchInstrument, BadInstrument."""
    if key not in keys():
        raise NoSuchInstrument(key)
    return made(tomllib.loads((FOLDER / f"{key}.toml").read_text()))


def made(raw: Mapping[str, Any]) -> Instrument:
    """An instrument of what stood in its file. Raises BadInstrument."""
    try:
        found = _made(raw)
    except (KeyError, TypeError, ValueError, ArithmeticError) as reason:
        raise BadInstrument(f"{raw.get('key', '?')}: {reason!r}") from reason
    if fault := next(_faults(found), ""):
        raise BadInstrument(f"{found.key}: {fault}")
    return found


def _made(raw: Mapping[str, Any]) -> Instrument:
    items = tuple(_items(raw))
    follow = raw.get("follow")
    return Instrument(
        key=raw["key"],
        version=raw["version"],
        title=_words(raw["title"]),
        items=items,
        scales=tuple(_scale(one, items) for one in raw["scores"]),
        stem=_words(raw["stem"]) if "stem" in raw else {},
        bands=tuple(Band(Decimal(str(one["at_least"])), one["tone"], _words(one)) for one in raw.get("bands", ())),
        alarms=tuple(Alarm(**{**one, "at_least": Decimal(str(one["at_least"]))}) for one in raw.get("alarms", ())),
        follow=(Decimal(follow["at_least"]), follow["with"]) if follow else None,
        **{name: raw[name] for name in PLAIN if name in raw},
    )


def _words(raw: Mapping[str, str]) -> Words:
    return {language: raw[language] for language in LANGUAGES}


@cache
def _answer_sets() -> Mapping[str, tuple[Option, ...]]:
    raw = tomllib.loads((FOLDER / "answers.toml").read_text())
    return {name: tuple(_options(one)) for name, one in raw.items()}


def _options(raw: Mapping[str, Any]) -> Sequence[Option]:
    codes = raw.get("loinc", [""] * len(raw["values"]))
    rows = zip(raw["values"], codes, *(raw[language] for language in LANGUAGES), strict=True)
    return [Option(value, dict(zip(LANGUAGES, words, strict=True)), code) for value, code, *words in rows]


def _items(raw: Mapping[str, Any]) -> Sequence[Item]:
    if "items" in raw:
        return [_item(one, raw.get("answers", "")) for one in raw["items"]]
    ranges = raw.get("ranges", {})
    spans = {str(number): ranges.get(str(number), (raw["least"], raw["most"])) for number in range(1, raw["count"] + 1)}
    return [Item(key, {}, least, most) for key, (least, most) in spans.items()]


def _item(raw: Mapping[str, Any], answers: str) -> Item:
    answers = raw.get("answers", "" if "most" in raw else answers)
    options = _answer_sets()[answers] if answers else ()
    values = [one.value for one in options]
    only_if = raw.get("only_if")
    return Item(
        raw["key"], _words(raw), min(values, default=raw.get("least", 0)), max(values, default=raw.get("most", 0)),
        options, answers, raw.get("low", {}), raw.get("high", {}), raw.get("loinc", ""), raw.get("same_as", ""),
        (only_if["item"], only_if["at_least"]) if only_if else None,
    )  # fmt: skip


def _scale(raw: Mapping[str, Any], items: Sequence[Item]) -> Scale:
    names = tuple(raw.get("items", [one.key for one in items]))
    missing = raw.get("missing", len(names) * raw.get("missing_percent", 0) // 100)
    return Scale(
        raw["key"], raw["how"], names, Decimal(str(raw.get("times", 1))), missing, raw.get("prorate", False),
        frozenset(raw.get("reverse", ())), _words(raw) if "en" in raw else {},
    )  # fmt: skip


def _faults(found: Instrument) -> Any:
    names = set(found.item_keys)
    if len(names) != len(found.items) or not names:
        yield "its questions have no names of their own"
    for scale in found.scales:
        if scale.how not in ("sum", "mean") or not set(scale.items) <= names or not scale.reverse <= set(scale.items):
            yield f"the score {scale.key} cannot be worked out"
    levels = [one.at_least for one in found.bands]
    if levels != sorted(levels):
        yield "its bands are out of order"
    for item in found.items:
        if item.only_if and item.only_if[0] not in names:
            yield f"{item.key} hangs on a question that is not there"
    if not found.licence or not found.source:
        yield "it does not say whose it is"


def with_words(
    found: Instrument, texts: Mapping[str, Sequence[str]], options: Mapping[str, Sequence[str]]
) -> Instrument:
    """The instrument with the words a licensed site entered: language → one line a question, one line an answer.

    Raises BadInstrument where a line is missing.
    """
    if any(len(texts.get(language, ())) != len(found.items) for language in LANGUAGES):
        raise BadInstrument("lines")
    return replace(found, items=tuple(_worded(item, number, texts, options) for number, item in enumerate(found.items)))


def _worded(item: Item, number: int, texts: Mapping[str, Sequence[str]], options: Mapping[str, Sequence[str]]) -> Item:
    values = range(item.least, item.most + 1)
    named = all(len(options.get(language, ())) == len(values) for language in LANGUAGES)
    chosen = tuple(
        Option(value, {language: options[language][at] for language in LANGUAGES}) for at, value in enumerate(values)
    ) if named else ()  # fmt: skip
    return replace(item, words={language: texts[language][number] for language in LANGUAGES}, options=chosen)
