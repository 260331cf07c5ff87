"""How a value is written and how it is spoken, by its kind. Pure.

The last word of a value's name is its kind: {count}, {partner_name}, {from_time}. Values are what a journal can hold
(whole numbers and strings). Written: "3", "9:30 in the morning", "734 555 0123". Spoken: "three", "nine thirty in the
morning", "seven three four, five five five, zero one two three".

    kind                          value            means
    name, nickname, program       text             cleaned of all but letters, digits and plain punctuation; & is said
    sentence                      text             as the clinic wrote it: what people agree to, read aloud
    step                          text             a person's own words, cleaned likewise; their sound is not kept
    count, least, most            whole number     in Spanish before a masculine noun: veintiún mensajes
    seconds minutes hours days weeks times   whole number     with its unit: "20 minutes", "1 hour and 5 minutes"
    time                          "09:30" or hour 0..24   in Spanish with its article: "las 9:30 de la mañana"
    day                           0..6             Monday is 0
    date                          "2026-11-23"
    number, code                  digits           one by one, in groups; a leading +1 is left out
    key                           "1", "*", "#"    a key of the telephone
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from peerline.exchange.prompts.numerals import english, english_ordinal, spanish


class Words(NamedTuple):
    """One value, as a reader sees it and as a caller hears it."""

    written: str
    spoken: str


class BadValue(ValueError):
    """A value that its kind cannot say."""


LONGEST_NAME, LONGEST_STEP = 40, 160
LONGEST_SENTENCE = 400
_DAYS = {
    "en": str.split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "es": str.split("lunes martes miércoles jueves viernes sábado domingo"),
}
_MONTHS = {
    "en": str.split("January February March April May June July August September October November December"),
    "es": str.split("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
}
_UNITS = {  # (one, several) and, for Spanish, how "uno" bends before it
    "en": {
        "seconds": ("second", "seconds"),
        "minutes": ("minute", "minutes"),
        "hours": ("hour", "hours"),
        "days": ("day", "days"),
        "weeks": ("week", "weeks"),
        "times": ("time", "times"),
    },
    "es": {
        "seconds": ("segundo", "segundos"),
        "minutes": ("minuto", "minutos"),
        "hours": ("hora", "horas"),
        "days": ("día", "días"),
        "weeks": ("semana", "semanas"),
        "times": ("vez", "veces"),
    },
}
_FEMININE = {"hours", "weeks", "times"}
_KEYS = {"en": {"*": "star", "#": "pound"}, "es": {"*": "asterisco", "#": "numeral"}}
_LARGER = {"seconds": ("minutes", 60), "minutes": ("hours", 60)}
_AND = {"en": "and", "es": "y"}


def kind_of(name: str) -> str | None:
    """The kind that a value's name tells ("from_time" is a "time"), or None for a name that tells none."""
    kind = name.rsplit("_", 1)[-1]
    return kind if kind in KINDS else None


def words(name: str, value: Any, language: str) -> Words:
    """The value called `name` in `language`. Raises BadValue."""
    kind = kind_of(name)
    if kind is None:
        raise BadValue(f"{name} is not a kind of value that the line can say")
    try:
        return KINDS[kind](value, language)
    except (ValueError, TypeError, ArithmeticError, LookupError) as reason:
        raise BadValue(f"{name}={value!r} cannot be said: {reason}") from reason


def cardinal(number: int, language: str, one: str = "un") -> str:
    """A number in words; `one` as in numerals.spanish."""
    return english(number) if language == "en" else spanish(number, one)


def digits_in_words(digits: str, language: str) -> str:
    """ "911" → "nine one one"."""
    return " ".join(cardinal(int(digit), language, "uno") for digit in digits)


def is_own_words(name: str) -> bool:
    """Is this value something a person wrote about themself? Its sound must not stay in the cache."""
    return kind_of(name) == "step"


def _step(value: Any, language: str) -> Words:
    plain = _name(str(value).replace(".", ","), language, LONGEST_STEP).written
    return Words(plain, re.sub(r"\d{1,6}", lambda found: cardinal(int(found[0]), language), plain))


def _name(value: Any, language: str, longest: int = LONGEST_NAME) -> Words:
    joined = str(value).replace(" & ", f" {_AND[language]} ")
    plain = re.sub(r"[^\w '’.,-]", " ", joined).replace("_", " ")
    plain = " ".join(plain.split())[:longest].strip()
    if not plain:
        raise ValueError("no letters")
    return Words(plain, plain)


def _sentence(value: Any, language: str) -> Words:
    """Free text. Numbers of three digits and more are said digit by digit, as 911 is."""
    plain = " ".join(re.sub(r"[^\w\s'’\"“”«»¿?¡!.,:;()%$&/+-]", " ", str(value)).split())[:LONGEST_SENTENCE].strip()
    if not re.search(r"\w", plain):
        raise ValueError("no letters")
    return Words(plain, re.sub(r"\d{3,}", lambda run: digits_in_words(run[0], language), plain))


def _count(value: Any, language: str) -> Words:
    number = int(value)
    return Words(f"{number:,}" if language == "en" else str(number), cardinal(number, language))


def _amount(unit: str) -> Callable[[Any, str], Words]:
    def say(value: Any, language: str) -> Words:
        number = int(value)
        if unit in _LARGER and number >= _LARGER[unit][1]:
            return _two_units(number, unit, language)
        noun = _UNITS[language][unit][number != 1]
        return Words(f"{number} {noun}", f"{cardinal(number, language, 'una' if unit in _FEMININE else 'un')} {noun}")

    return say


def _two_units(number: int, unit: str, language: str) -> Words:
    larger, size = _LARGER[unit]
    whole, rest = _amount(larger)(number // size, language), number % size
    if not rest:
        return whole
    part = _amount(unit)(rest, language)
    return Words(*(f"{big} {_AND[language]} {small}" for big, small in zip(whole, part, strict=True)))


def _time(value: Any, language: str) -> Words:
    hour, minute = (value, 0) if isinstance(value, int) else map(int, str(value).split(":"))
    if not (0 <= hour <= 24 and 0 <= minute < 60 and (hour < 24 or minute == 0)):
        raise ValueError("not a time of day")
    return _TIMES[language](hour % 24, minute)


def _english_time(hour: int, minute: int) -> Words:
    if minute == 0 and hour in (0, 12):
        return Words(*(["noon" if hour else "midnight"] * 2))
    part = "in the morning" if hour < 12 else "in the afternoon" if hour < 17 else "in the evening"
    part = "at night" if hour >= 21 or hour == 0 else part
    clock, said = (hour - 1) % 12 + 1, ""
    if minute:
        said = f" oh {english(minute)}" if minute < 10 else f" {english(minute)}"
    return Words(f"{clock}:{minute:02} {part}" if minute else f"{clock} {part}", f"{english(clock)}{said} {part}")


def _spanish_time(hour: int, minute: int) -> Words:
    part = "de la mañana" if 1 <= hour < 12 else "de la tarde" if 12 <= hour < 19 else "de la noche"
    part = "del día" if (hour, minute) == (12, 0) else part
    clock = (hour - 1) % 12 + 1
    article = "la" if clock == 1 else "las"
    written = f"{clock}:{minute:02}" if minute else str(clock)
    said = spanish(clock, "una") + (f" y {spanish(minute)}" if minute else "")
    return Words(f"{article} {written} {part}", f"{article} {said} {part}")


_TIMES = {"en": _english_time, "es": _spanish_time}


def _day(value: Any, language: str) -> Words:
    if not 0 <= int(value) <= 6:
        raise ValueError("not a day of the week")
    return Words(*([_DAYS[language][int(value)]] * 2))


def _date(value: Any, language: str) -> Words:
    on = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    day, month = _DAYS[language][on.weekday()], _MONTHS[language][on.month - 1]
    if language == "en":
        return Words(f"{day}, {month} {on.day}", f"{day}, {month} {english_ordinal(on.day)}")
    spoken = "primero" if on.day == 1 else spanish(on.day)
    return Words(f"{day} {on.day} de {month}", f"{day} {spoken} de {month}")


def _digits(value: Any, language: str) -> Words:
    digits = re.sub(r"\D", "", str(value))
    if not digits:
        raise ValueError("no digits")
    groups = _groups(digits.removeprefix("1") if len(digits) == 11 else digits)
    return Words(" ".join(groups), ", ".join(digits_in_words(group, language) for group in groups))


def _groups(digits: str) -> list[str]:
    """Threes, and a four at the end rather than a lone one: 734 555 0123, 123 456, 1234."""
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _key(value: Any, language: str) -> Words:
    key = str(value)
    if key in _KEYS[language]:
        return Words(*([_KEYS[language][key]] * 2))
    return Words(key, cardinal(int(key), language, "uno"))


KINDS: dict[str, Callable[[Any, str], Words]] = {
    **dict.fromkeys(("name", "nickname", "program"), _name),
    "sentence": _sentence,
    "step": _step,
    **dict.fromkeys(("count", "least", "most"), _count),
    **{unit: _amount(unit) for unit in _UNITS["en"]},
    **dict.fromkeys(("number", "code"), _digits),
    "time": _time,
    "day": _day,
    "date": _date,
    "key": _key,
}

SAMPLES: dict[
    str, dict[str, Any]
] = {  # a value of each kind, and a second name, to show or play a prompt outside a call
    language: {
        "name": name,
        "nickname": name,
        "partner_name": partner,
        "program": program,
        "sentence": sentence,
        "step": step,
        "count": 3,
        "least": 1,
        "most": 12,
        **dict.fromkeys(_UNITS["en"], 20),
        "number": "7345550123",
        "code": "482913",
        "time": "09:30",
        "day": 0,
        "date": "2026-11-23",
        "key": "5",
    }
    for language, name, partner, program, sentence, step in (
        ("en", "Maple", "Blue Heron", "Talking Pairs", "You can stop at any time.", "Walk after lunch, 15 minutes"),
        (
            "es",
            "Arce",
            "Garza Azul",
            "Pares que hablan",
            "Puede dejarlo en cualquier momento.",
            "Caminar después de comer, 15 minutos",
        ),
    )
}
