"""The words of every prompt, read from the two data files beside this one. Pure but for reading them once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from peerline.exchange.prompts.values import BadValue, Words, digits_in_words, kind_of, words
from peerline.kernel.dialogue import Spoken
from peerline.kernel.languages import LANGUAGES, known

FOLDER = Path(__file__).parent
NUMBERS = ("zero", "one", "other")  # which form: by {count}; "zero" and "one" fall back to "other"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class NoSuchPrompt(KeyError):
    """A key, or a language, that the catalogue does not have."""


class BadCatalogue(ValueError):
    """A data file that cannot be used; says which key and why."""


@dataclass(frozen=True)
class Prompt:
    """One prompt in one language. forms: "other", and "one" and "zero" where the wording turns with {count}."""

    key: str
    language: str
    forms: Mapping[str, str]

    @property
    def section(self) -> str:
        return self.key.split(".")[0]

    @property
    def names(self) -> frozenset[str]:
        """The names of the values it speaks."""
        return frozenset().union(*(_names_in(form) for form in self.forms.values()))

    @property
    def asks_for(self) -> frozenset[str]:
        """The names of the values it must be given: those it speaks, and {count} where it turns with it."""
        return self.names | ({"count"} if len(self.forms) > 1 else frozenset())

    @property
    def is_fixed(self) -> bool:
        """The same words every time: it can be recorded by a person."""
        return not self.asks_for

    def form(self, values: Mapping[str, Any]) -> str:
        if len(self.forms) == 1:
            return self.forms["other"]
        number = {0: "zero", 1: "one"}.get(int(values["count"]), "other")
        return self.forms.get(number, self.forms["other"])


@cache
def prompts(language: str) -> Mapping[str, Prompt]:
    """Every prompt of a language by its key, in the order of its file. Raises BadCatalogue, NoSuchPrompt."""
    if language not in LANGUAGES:
        raise NoSuchPrompt(language)
    return {prompt.key: prompt for prompt in _read(language)[0]}


def prompt(key: str, language: str) -> Prompt:
    try:
        return prompts(language)[key]
    except KeyError:
        raise NoSuchPrompt(key) from None


def text_of(spoken: Spoken) -> str:
    """What this says, as a reader sees it: a transcript's line. Raises NoSuchPrompt, BadValue.

    A language the line does not speak is English, here and in `sentences_of`.
    """
    form, said = _filled(spoken)
    return form.format(**{name: each.written for name, each in said.items()})


def sentences_of(spoken: Spoken) -> tuple[str, ...]:
    """What this says, sentence by sentence, in the words the voice is given: numbers spelled, digits apart."""
    form, said = _filled(spoken)
    sounds = {name: each.spoken for name, each in said.items()}
    return tuple(_sayable(part, known(spoken.language)).format(**sounds) for part in _SENTENCE_END.split(form))


def fixed_sentences(language: str) -> list[str]:
    """Every sentence of the language that holds no value, once each, in order: what can be spoken ahead of any call."""
    forms = (form for each in prompts(language).values() for form in each.forms.values())
    parts = (part for form in forms for part in _SENTENCE_END.split(form) if not _names_in(part))
    return list(dict.fromkeys(_sayable(part, language) for part in parts))


def _filled(spoken: Spoken) -> tuple[str, dict[str, Words]]:
    """The form that its count chooses, and the words of each value in it."""
    values, language = dict(spoken.values), known(spoken.language)
    try:
        form = prompt(spoken.prompt, language).form(values)
        return form, {name: words(name, values[name], language) for name in _names_in(form)}
    except KeyError as missing:
        raise missing if isinstance(missing, NoSuchPrompt) else BadValue(f"{spoken.prompt} needs {missing}") from None


def _sayable(text: str, language: str) -> str:
    """A pattern as the voice needs it: 911 digit by digit, and words it would misread spelled by ear."""
    for word, sound in _read(language)[1].items():
        text = re.sub(rf"\b{re.escape(word)}\b", sound, text)
    return re.sub(r"\d{3,}", lambda run: digits_in_words(run[0], language), text)


def _names_in(form: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(form) if name is not None}


@cache
def _read(language: str) -> tuple[tuple[Prompt, ...], Mapping[str, str]]:
    path = FOLDER / f"{language}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as reason:
        raise BadCatalogue(f"{path.name}: {reason}") from reason
    return parse(data, language)


def parse(data: Mapping[str, Any], language: str) -> tuple[tuple[Prompt, ...], Mapping[str, str]]:
    """(prompts, sounds) of a data file that has been read. Raises BadCatalogue naming the key that is wrong."""
    found = []
    for section, content in data.items():
        if section == "sounds":
            continue
        if _is_wording(content):
            found.append(_prompt(section, language, content))
            continue
        found += [_prompt(f"{section}.{name}", language, wording) for name, wording in content.items()]
    return tuple(found), data.get("sounds", {})


def _is_wording(content: Any) -> bool:
    return not isinstance(content, dict) or set(content) <= set(NUMBERS)


def _prompt(key: str, language: str, wording: Any) -> Prompt:
    forms = dict(wording) if isinstance(wording, dict) else {"other": wording}
    if "other" not in forms or not set(forms) <= set(NUMBERS):
        raise BadCatalogue(f"{key}: needs one text, or texts called {', '.join(NUMBERS)} with other among them")
    if not all(isinstance(form, str) and form.strip() for form in forms.values()):
        raise BadCatalogue(f"{key}: has an empty text")
    made = Prompt(key, language, forms)
    for name in sorted(made.names):
        if kind_of(name) is None:
            raise BadCatalogue(f"{key}: {{{name}}} is no kind of value; values.py lists the kinds")
    if len(forms) > 1 and "count" not in _names_in(forms["other"]):
        raise BadCatalogue(f"{key}: chooses by number but its other text has no {{count}}")
    return made
