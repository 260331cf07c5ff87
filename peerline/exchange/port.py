"""What an engine is to the exchange: seven verbs down, five reports up.

An engine moves audio and notices keys. It decides nothing: which step comes next, who is rung, why somebody left a
room is the switchboard's. Each verb may come twice (the process died between doing and noting) and must then change
nothing more. Each report may come twice, late, or for a leg long gone; the switchboard drops it by its step number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from peerline.kernel.dialogue import Spoken, Step


@dataclass(frozen=True, slots=True)
class Incoming:
    """Somebody dialled the line. `ref` is the engine's own unique word for the leg; numbers are E.164 or ""."""

    ref: str
    from_number: str = ""
    to_number: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A leg that was rung picked up. `ref`: the engine's word for it, if it has one."""

    leg_id: int
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The step with this number was answered.

    value by step: Press → "5" or ""; Keys, Secret → "7345550123" or ""; Record → {"path": …, "seconds": …, "why": …}
    with the finished file (no answer at all when the call ended before a word was said); Enter → "key" when the leg
    pressed the away key, "over" when the room was ended.
    """

    leg_id: int
    step: int
    value: Any


@dataclass(frozen=True, slots=True)
class Entered:
    """The leg now hears the room."""

    leg_id: int
    room_id: int


@dataclass(frozen=True, slots=True)
class Hung:
    """The leg is gone. cause: a word of ours (hangup, busy, declined, no_answer, unreachable, lost, failed).

    code: the network's own number for it (SIP status or Q.850), 0 if it gave none. by: "them", "us" or "".
    """

    leg_id: int
    cause: str
    code: int = 0
    by: str = ""


Report = Incoming | Answered | Answer | Entered | Hung


@dataclass(frozen=True, slots=True)
class Perform:
    """What a leg is to hear and be asked now. The step number comes back with the answer."""

    leg_id: int
    number: int
    said: tuple[Spoken, ...]
    step: Step


class Engine(Protocol):
    """One way to move audio. `report` hands a report to the switchboard and returns what that leg performs next."""

    name: str

    def open(self, report: Callable[[Report], Perform | None]) -> None:
        """Start listening. Called once, before anything else."""

    def close(self) -> None:
        """End every leg and stop."""

    def ring(self, leg_id: int, number: str, seconds: int, key: str) -> None:
        """Dial `number` (E.164) from the line's own number. Reported: Answered, or Hung. `key` is the same on a repeat."""

    def perform(self, perform: Perform) -> None:
        """Say, then wait for the answer. A newer Perform for the same leg replaces the one that is under way.

        Keys pressed while something is said interrupt it and count; keys that came too early are kept for the next
        step. For Enter: hear the room step.room, until the leg's step.away_key, the room's end or a hang-up.
        """

    def tone(self, room_id: int, name: str) -> None:
        """What those in the room hear from now on besides each other: "ringing", "hold" (be right back), or "" (nothing)."""

    def hang(self, leg_id: int, cause: str) -> None:
        """End this leg, ringing or not. Reported as Hung."""

    def alive(self) -> set[int]:
        """The legs that still have a telephone at their end."""
