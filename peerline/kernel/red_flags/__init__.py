"""Red flags: words that may mean danger, found in what people said or wrote. They only ask a person to look.

Whole words and phrases, never parts of words; words of six letters or more with one slip of the pen; accents and case do
not matter; both languages are read, for people mix them. Negation is not trusted ("no chest pain" is found, too): a
person reads every hit. Glucose values are read with and without their unit (numbers.py), blood pressure as "185/110".
The lines are those of the escalation table (docs/reference/red-flags.md); its levels order what is found.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from peerline.kernel.languages import LANGUAGES
from peerline.kernel.red_flags import numbers
from peerline.kernel.red_flags.letters import is_a_slip_of, sentences, words

HERE = Path(__file__).parent
LEVELS = ("E0", "E1", "E2", "E3")
GAP = 4  # words that "..." may stand for
LONG = 6  # letters from which on a slip is forgiven

Choice = frozenset[str]  # any of these words; empty: a gap


@dataclass(frozen=True, slots=True)
class Flag:
    """What was found. key: a line of the lexicon; level: how soon somebody must look; said: the words, as they stand."""

    key: str
    level: str
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    level: str
    phrases: tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    lines: tuple[Line, ...]
    ordinary: Choice
    long: Choice  # its words that may be misspelled


def find(text: str) -> tuple[Flag, ...]:
    """One flag a line of the lexicon, the most urgent first. Nothing found: ()."""
    found: dict[str, Flag] = {}
    for sentence in sentences(text):
        for flag in (*_in_sentence(sentence), *numbers.pressures(sentence)):
            found.setdefault(flag[0], Flag(*flag))
    for key, level, said in numbers.glucose(text, ill="sick_and_high" in found or numbers.tells_of_illness(text)):
        found[key] = Flag(key, level, said)
    return tuple(sorted(found.values(), key=lambda flag: (flag.level, flag.key)))


def keys() -> dict[str, str]:
    """line → level, as the lexicon has them, with those that numbers raise."""
    return {line.key: line.level for line in _lexicon("en").lines} | numbers.LEVELS


def _in_sentence(sentence: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for language in LANGUAGES:
        lexicon = _lexicon(language)
        meant = [_meant(word, language) for word in sentence]
        for line in lexicon.lines:
            said = next((one for one in (_said(phrase, sentence, meant) for phrase in line.phrases) if one), "")
            if said:
                yield line.key, line.level, said


def _said(phrase: tuple[Choice, ...], sentence: Sequence[str], meant: Sequence[Choice]) -> str:
    """The words of the sentence that are this phrase; "" if it does not hold it."""
    for start in range(len(sentence)):
        end = _end(phrase, meant, start)
        if end:
            return " ".join(sentence[start:end])
    return ""


def _end(phrase: tuple[Choice, ...], meant: Sequence[Choice], at: int) -> int:
    """Where the phrase ends if it begins at this word; 0 if it does not."""
    if not phrase:
        return at
    if not phrase[0]:
        tries = range(at, min(at + GAP, len(meant)) + 1)
        return next((end for end in (_end(phrase[1:], meant, begin) for begin in tries) if end), 0)
    if at >= len(meant) or not phrase[0] & meant[at]:
        return 0
    return _end(phrase[1:], meant, at + 1)


@lru_cache(maxsize=20_000)
def _meant(word: str, language: str) -> Choice:
    """The words of the lexicon this one may be meant for: itself, and those it is one slip away from."""
    lexicon = _lexicon(language)
    if len(word) < LONG - 1 or word in lexicon.ordinary:
        return frozenset({word})
    return frozenset({word} | {one for one in lexicon.long if is_a_slip_of(word, one)})


@lru_cache
def _lexicon(language: str) -> Lexicon:
    table = tomllib.loads((HERE / f"{language}.toml").read_text())
    ordinary = frozenset(word for one in table.pop("ordinary", []) for word in words(one))
    lines = tuple(Line(key, line["level"], tuple(map(_phrase, line["phrases"]))) for key, line in table.items())
    every = {word for line in lines for phrase in line.phrases for choice in phrase for word in choice}
    return Lexicon(lines, ordinary, frozenset(word for word in every if len(word) >= LONG))


def _phrase(text: str) -> tuple[Choice, ...]:
    """ "chest ... pain|pains" as its words. Raises ValueError for a level nobody knows: see the tests."""
    return tuple(frozenset() if part == "..." else frozenset(part.split("|")) for part in text.split())
