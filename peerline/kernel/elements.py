"""The six elements of support for people with diabetes (Brownson and Heisler 2009), and who counts what by them.

Each room says at start what it knows of one element; whoever draws a page of all asks `counts`. A room's answer is one
set-based question, whatever the number of people:

    elements.tell("plans", Element.GOALS, queries.plans_of_each)
"""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum


class Element(StrEnum):
    """(i) to (vi), in the source's order."""

    ACCESS = "access"  # regular, high-quality clinical care
    ASSESSMENT = "assessment"  # individual assessment and treatment
    GOALS = "goals"  # goals set together
    EDUCATION = "education"  # knowledge and skills
    FOLLOWUP = "followup"  # ongoing follow-up and support
    COMMUNITY = "community"  # links to resources nearby


# (program, people or None for all of it) → person → how many contacts; people without any are left out
Count = Callable[[int, Collection[int] | None], Mapping[int, int]]
_told: dict[tuple[str, Element], Count] = {}


def tell(room: str, element: Element, count: Count) -> None:
    """A room counts its contacts of one element. Told again it replaces."""
    _told[room, element] = count


def counts(program_id: int, people: Collection[int] | None = None) -> dict[Element, dict[int, int]]:
    """element → person → contacts of all rooms together, each of the six there. As many questions as rooms told."""
    found: dict[Element, dict[int, int]] = {element: {} for element in Element}
    for (_room, element), count in _told.items():
        for person_id, contacts in count(program_id, people).items():
            found[element][person_id] = found[element].get(person_id, 0) + contacts
    return found
