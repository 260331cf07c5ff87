"""The list of dialogues, and of the looks and deeds they may ask for. config/wiring.py fills it from all rooms.

A look or deed is called as answer(leg, *args) inside the step's transaction and returns plain JSON values. `leg` tells
who asks: leg.person_id, leg.call_id, leg.telephone_hash, leg.language.
"""

from collections.abc import Callable
from typing import Any

from peerline.kernel.dialogue import Dialogue, Dialogues, Press, Say

dialogues: Dialogues = {}
answers: dict[str, Callable[..., Any]] = {}

FRONT_DOOR = "front_door"  # the dialogue that greets whoever dials the line
RESCUE = "rescue"


def leads(name: str, dialogue: Callable[..., Dialogue]) -> None:
    """This generator function leads legs under this name."""
    dialogues[name] = dialogue


def answer(name: str, ask: Callable[..., Any]) -> None:
    """Look(name, …), Do(name, …) and Secret(verdict=name) are answered by ask(leg, …)."""
    answers[name] = ask


def rescue() -> Dialogue:
    """For a leg whose dialogue was changed under it: say sorry, and end kindly."""
    yield Say("rescue.sorry")
    yield Press("rescue.wait", keys="", seconds=1)
    yield Say("goodbye")


leads(RESCUE, rescue)
