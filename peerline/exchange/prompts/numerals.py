"""Whole numbers in words, 0 to 999,999, English and Spanish. Pure.

Spanish follows the Nueva gramática (RAE 2009, 21.2): one word up to treinta, "y" only between tens and ones, "ciento"
except for 100 alone, and "uno" bends to what is counted: veintiún mensajes, veintiuna veces.
"""

from collections.abc import Callable

_EN = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_EN_TENS = str.split("twenty thirty forty fifty sixty seventy eighty ninety")
_EN_ORDINAL = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_ES = str.split(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
_ES_TENS = str.split("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = str.split(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
MOST = 999_999


def english(number: int) -> str:
    """english(342) == "three hundred forty-two". Raises ValueError outside 0..999,999."""
    _check(number)
    if number >= 1000:
        return _and_rest(f"{english(number // 1000)} thousand", number % 1000, english)
    if number >= 100:
        return _and_rest(f"{_EN[number // 100]} hundred", number % 100, english)
    if number < 20:
        return _EN[number]
    tens = _EN_TENS[number // 10 - 2]
    return f"{tens}-{_EN[number % 10]}" if number % 10 else tens


def english_ordinal(number: int) -> str:
    """english_ordinal(23) == "twenty-third": days of the month."""
    words = english(number)
    head, dash, last = words.rpartition("-")
    if last in _EN_ORDINAL:
        return head + dash + _EN_ORDINAL[last]
    return head + dash + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def spanish(number: int, one: str = "uno") -> str:
    """spanish(342) == "trescientos cuarenta y dos". Raises ValueError outside 0..999,999.

    one: how a final "uno" is said: "uno" when counting, "un" before a masculine noun, "una" before a feminine one
    (which turns the hundreds too: doscientas veces).
    """
    _check(number)
    if number >= 1000:
        thousands = "mil" if number < 2000 else f"{spanish(number // 1000, 'una' if one == 'una' else 'un')} mil"
        return _and_rest(thousands, number % 1000, lambda rest: spanish(rest, one))
    if number == 100:
        return "cien"
    if number > 100:
        hundreds = _ES_HUNDREDS[number // 100 - 1]
        hundreds = hundreds[:-2] + "as" if one == "una" and number >= 200 else hundreds
        return _and_rest(hundreds, number % 100, lambda rest: spanish(rest, one))
    if number < 30:
        return _bend(_ES[number], one)
    tens = _ES_TENS[number // 10 - 3]
    return f"{tens} y {_bend(_ES[number % 10], one)}" if number % 10 else tens


def _bend(word: str, one: str) -> str:
    if word == "veintiuno" and one == "un":
        return "veintiún"
    return word[: -len("uno")] + one if word.endswith("uno") else word


def _and_rest(head: str, rest: int, say: Callable[[int], str]) -> str:
    return f"{head} {say(rest)}" if rest else head


def _check(number: int) -> None:
    if not 0 <= number <= MOST:
        raise ValueError(f"{number} is not between 0 and {MOST}")
