"""What one partner writes to the other, without what would tell who they are. Pure.

Telephone numbers, e-mail addresses and links go, in figures or in words, and so do the writer's own names; what is left out
is marked, and the writer is told. Whoever wants to be found out can write around it: this keeps people from giving
themselves away by habit, a signature, a number out of politeness.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

LEFT_OUT = "[…]"
MOST_LETTERS = 2_000

_EMAIL = re.compile(r"[\w.+%-]{1,64}\s?@\s?[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_EMAIL_IN_WORDS = re.compile(
    r"[\w.+-]{1,64}\s*(?:\(at\)|\[at\]|\barroba\b|\bat\b)\s*[\w-]{1,64}\s*(?:\(dot\)|\[dot\]|\bdot\b|\bpunto\b|\.)\s*"
    r"(?:com|net|org|edu|gov|mx|es|us)\b",
    re.I,
)
_LINK = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w-]{1,64}(?:\.[\w-]{1,64}){0,3}\.(?:com|net|org|edu|gov|io|me|us|mx|info|ly|app|link|chat)\b(?:/\S*)?",
    re.I,
)
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_FIGURES = re.compile(r"(?<![\w])\+?\(?\d(?:[\s(),.\-–—·_/*]{0,3}\d){6,20}(?!\w)")
_DIGIT_WORDS = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|"
    "cero|uno|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|doble"
)
_NUMBER_IN_WORDS = re.compile(rf"\b(?:(?:{_DIGIT_WORDS}|\d{{1,4}})\b[\s,.\-–]{{0,3}}){{7,20}}", re.I)


class Cleaned(NamedTuple):
    """text: what may be passed on; left_out: number, email, link, name."""

    text: str
    left_out: frozenset[str]


def cleaned(words: str, names: Iterable[str] = ()) -> Cleaned:
    """`words` without what tells who wrote them. names: the writer's own, which the partner does not know.

    >>> cleaned("Call me at 734 555 0123, Rosa", ["Rosa"]).text
    'Call me at […], […]'
    """
    text, left_out = words[: MOST_LETTERS + 60], set()  # so that no number is cut in two before it is seen
    for kind, pattern in (("email", _EMAIL), ("email", _EMAIL_IN_WORDS), ("link", _LINK)):
        text, found = pattern.subn(LEFT_OUT, text)
        left_out |= {kind} if found else set()
    for pattern in (_FIGURES, _NUMBER_IN_WORDS):
        kept = pattern.sub(_number, text)
        left_out |= {"number"} if kept != text else set()
        text = kept
    for name in names:
        if len(name) >= 3:
            text, found = re.subn(rf"\b{re.escape(name)}\b", LEFT_OUT, text, flags=re.I)
            left_out |= {"name"} if found else set()
    return Cleaned(text[:MOST_LETTERS].strip(), frozenset(left_out))


def _number(found: re.Match[str]) -> str:
    """A date, and readings like 120 135 142 or 120/80 130/85, are no telephone number."""
    text = found.group()
    return text if _DATE.fullmatch(text.strip()) or _are_readings(text) else f"{LEFT_OUT}{_tail(text)}"


def _are_readings(text: str) -> bool:
    groups = re.findall(r"\d+", text)
    if "/" in text and all(re.fullmatch(r"\d{2,3}/\d{2,3}", one) for one in re.split(r"[\s,]+", text.strip())):
        return True
    if len(groups) < 3 or not all(len(one) in (2, 3) for one in groups):
        return False
    listed = set(re.findall(r"\d(\D+)(?=\d)", text)) <= {", ", ","} and len(groups[-2]) == len(groups[1])
    return listed or sum(map(len, groups)) not in (7, 10, 11)


def _tail(text: str) -> str:
    return " " if text[-1:].isspace() else ""
