"""News that travels upward between rooms, as plain values. Each is written in the transaction it tells of, and
delivered by the worker to handlers that may see it twice. config/wiring.py says who listens."""

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """Fields are ids and short facts only: never a name, a number or an address.

    again: the same facts are news each time they are told. Of all others the same news twice is one job for ever.
    """

    again: ClassVar[bool] = False

    def payload(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class CallEnded(Event):
    call_id: int


@dataclass(frozen=True)
class VoiceLeft(Event):
    """A voice message is whole on disk and in its row."""

    voice_id: int
    for_staff: bool


@dataclass(frozen=True)
class EnrollmentStopped(Event):
    enrollment_id: int
    person_id: int


@dataclass(frozen=True)
class RestBegan(Event):
    """Somebody takes a rest from a program. at: when it began; each rest is news of its own."""

    enrollment_id: int
    at: str


@dataclass(frozen=True)
class RestEnded(Event):
    """They are back. at: when that rest began."""

    enrollment_id: int
    at: str


@dataclass(frozen=True)
class ConversationRedefined(Event):
    """From another length on a call counts as a conversation now, in this program."""

    program_id: int
    changed_at: str  # the same change twice is one job, a change back is another


@dataclass(frozen=True)
class PairBegan(Event):
    pair_id: int


@dataclass(frozen=True)
class WordsPassedOn(Event):
    """One person's written words went to another through the line; messaging.queries.written_words has them."""

    written_id: int
    label: str  # "pair:12"
    author_id: int


@dataclass(frozen=True)
class PairEnded(Event):
    pair_id: int
    reason: str


@dataclass(frozen=True)
class LineUnderAttack(Event):
    """The failure budget of the whole line is spent: somebody is guessing PINs."""

    failures: int  # wrong PINs from strange telephones within the hour
    alarm_id: int  # a new one each time: the same news twice is one job


@dataclass(frozen=True)
class NeedsStaff(Event):
    """Something a person of the staff must look at; the same `key` twice is one need.

    level: "E0" (now) to "E3" (within three working days), as the protocol's ladder knows them. facts: short values from
    which the kind's own words make a sentence.
    """

    again = True

    kind: str
    key: str
    program_id: int | None
    person_id: int | None
    level: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NeedMet(Event):
    """The reason for a need is gone: whoever has it on the desk need not act."""

    again = True

    key: str


@dataclass(frozen=True)
class WordsWritten(Event):
    """Somebody wrote or typed in words of their own: they are read for red flags. The words stay where they are; who
    can read out what `what` names is said in config/wiring.py. Written over, they are read again."""

    again = True

    what: str  # "plans.plan"
    row_id: int
    program_id: int | None
    person_id: int | None
