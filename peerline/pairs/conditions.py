"""What must be so before two people may be a pair, as rooms beside and above this one say it. config/wiring.py fills it.

conditions.needs("training", training.lacking, "groups:training")
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Lacking = Callable[[int, Iterable[int]], set[int]]


@dataclass(frozen=True)
class Condition:
    """lacking(program_id, people): those who are not ready yet; one question, however many people. url_name: the page,
    given the program, where staff see to it."""

    name: str
    lacking: Lacking
    url_name: str


_conditions: dict[str, Condition] = {}


def needs(name: str, lacking: Lacking, url_name: str) -> None:
    """A condition; words.CONDITIONS has its sentences. Told again it replaces."""
    _conditions[name] = Condition(name, lacking, url_name)


def unmet(program_id: int, people: Iterable[int]) -> dict[str, set[int]]:
    """condition → who is not ready; those that everybody meets are left out."""
    asked = set(people)
    found = {one.name: one.lacking(program_id, asked) for one in _conditions.values()}
    return {name: who for name, who in found.items() if who}


def page_of(name: str) -> str:
    return _conditions[name].url_name
