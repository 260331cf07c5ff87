"""What the room has written itself, in both languages: the training and the facilitator's guide. Read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from peerline.groups import words
from peerline.kernel.languages import known

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Screen:
    """One part of the training: what it says, and something to try."""

    title: str
    words: tuple[str, ...]
    attempt: str


@dataclass(frozen=True)
class Check:
    """One look back: a question, two answers, and why the first one helps. Nobody is marked."""

    ask: str
    answers: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Step:
    """One step of empowerment in the guide."""

    key: str
    percent: int
    ask: tuple[str, ...]
    listen_for: str

    @property
    def title(self) -> str:
        return str(words.STEPS[self.key])


@cache
def _read(name: str, language: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.{known(language)}.toml").read_text(encoding="utf-8"))


def screens(language: str) -> list[Screen]:
    return [Screen(one["title"], tuple(one["words"]), one["try"]) for one in _read("lesson", language)["screens"]]


def checks(language: str) -> list[Check]:
    return [Check(one["ask"], tuple(one["answers"]), one["because"]) for one in _read("lesson", language)["check"]]


def guide(language: str) -> dict[str, Any]:
    """before, opening, closing, and steps."""
    read = _read("guide", language)
    steps = [Step(one["key"], one["percent"], tuple(one["ask"]), one["listen_for"]) for one in read["steps"]]
    return {"before": read["before"], "opening": read["opening"], "closing": read["closing"], "steps": steps}
