"""What rooms put on pages of rooms below or beside them: cards, registered at start.

    shelves.put("my", plan_card, order=20)

"my" is the participant's own page, "person" the staff's page of one person. A room that has nothing to say returns None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Piece:
    """A card: a heading, a sentence or two, and at most one action."""

    heading: Any
    words: Any
    url: str = ""
    action: Any = ""
    icon: str = ""


Ask = Callable[[Any, int], Piece | None]
_shelves: dict[str, dict[Ask, int]] = {"my": {}, "person": {}}


def put(shelf: str, ask: Ask, *, order: int = 50) -> None:
    """ask(viewer, person_id) is asked each time the page is shown; at most two queries each."""
    _shelves[shelf][ask] = order


def pieces(shelf: str, viewer: Any, person_id: int) -> list[Piece]:
    """The cards that have something to say, in order."""
    asks = sorted(_shelves[shelf], key=lambda ask: _shelves[shelf][ask])
    return [piece for piece in (ask(viewer, person_id) for ask in asks) if piece]
