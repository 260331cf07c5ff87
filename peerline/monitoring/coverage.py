"""Contacts by the six elements, per program and per participant, with the gaps where they are (S100).

Each room counts its own in one question (kernel/elements.py); a page asks as often however many people there are.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from peerline.kernel import elements
from peerline.kernel.elements import Element
from peerline.monitoring import words
from peerline.programs import queries as programs

A_PAGE = 50


@dataclass(frozen=True)
class Cover:
    """One element in a program: how many people it has reached, and by how many contacts."""

    element: Element
    people: int
    contacts: int
    of: int

    @property
    def words(self) -> str:
        return str(words.ELEMENTS[self.element])

    @property
    def is_gap(self) -> bool:
        """Half of the people or more have nothing of it."""
        return self.people * 2 <= self.of


@dataclass(frozen=True)
class Row:
    """One person: contacts by element in the order of the six."""

    person_id: int
    nickname: str
    counts: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(str(words.ELEMENTS[element]), count) for element, count in zip(Element, self.counts, strict=True)]

    @property
    def missing(self) -> list[str]:
        return [element for element, count in self.cells if not count]


def of_program(program_id: int) -> list[Cover]:
    """The six, over everybody who takes part now."""
    here = set(programs.people_in_contact(program_id).values_list("person_id", flat=True))
    found = elements.counts(program_id)
    return [_cover(element, {who: n for who, n in counts.items() if who in here}, len(here)) for element, counts in found.items()]  # fmt: skip


def _cover(element: Element, counts: dict[int, int], of: int) -> Cover:
    return Cover(element, len(counts), sum(counts.values()), of)


def of_people(program_id: int, after: str = "", *, named: bool = True) -> tuple[list[Row], str]:
    """A page of those who take part, by nickname from a place on, and the place where the next page begins. Without
    names: by our own numbers, in their order."""
    rows = programs.people_in_contact(program_id)
    nickname, _, number = after.replace("\0", "").rpartition("~")
    if number.isdecimal() and len(number) < 19:
        later = Q(person_id__gt=int(number))
        rows = rows.filter(
            Q(person__nickname__gt=nickname) | (later & Q(person__nickname=nickname)) if named else later
        )
    order = ("person__nickname", "person_id") if named else ("person_id",)
    page = [one.person for one in rows.order_by(*order)[: A_PAGE + 1]]
    end = f"{page[A_PAGE - 1].nickname if named else ''}~{page[A_PAGE - 1].pk}" if len(page) > A_PAGE else ""
    return _shown(program_id, page[:A_PAGE], named), end


def _shown(program_id: int, people: list[Any], named: bool) -> list[Row]:
    found = elements.counts(program_id, [one.pk for one in people])
    names = {one.pk: one.nickname if named else f"P{one.pk}" for one in people}
    return [Row(who, name, tuple(found[element].get(who, 0) for element in Element)) for who, name in names.items()]
