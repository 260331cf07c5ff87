"""The vocabulary of telephone dialogues, and the one pure function that runs them.

A dialogue is a generator. It yields what the caller should hear or do and is sent what the caller did; it reads
nothing else. The list of answers so far, its journal, is its whole state: any process takes the call up by replaying
the journal into a fresh generator. So a dialogue has no clock, no chance, no set order and no effect of its own: what
it wants to know it asks with Look, what it wants done it asks with Do.

    def greet(person_id):
        name = yield Look("people.nickname", person_id)
        yield Say("greet.hello", name=name)
        key = yield Press("greet.choice", keys="12")

Say, Hear and Speak are no steps: nobody answers them. They go before the next command, so rewording never disturbs a
call that is under way. Several may be yielded at once as a tuple, in which a plain text is a prompt without values. A command's `asked` is what a replay compares; wording and seconds are left out of it.
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

Dialogue: TypeAlias = Generator[Any, Any, Any]
Dialogues: TypeAlias = dict[str, Callable[..., Dialogue]]


class HungUp(BaseException):
    """This leg is gone; only Look and Do may follow. Not an Exception, so that `except Exception` lets it pass."""


class Diverged(RuntimeError):
    """The code no longer asks what the journal answers: it was changed under a live call."""


class Left(NamedTuple):
    """How a leg came out of a room.

    why: away (its own key), alone (the others left), declined, busy, no_answer, time (the longest call), lost (no audio).
    """

    room: int
    why: str


class Voice(NamedTuple):
    """A recording that is whole and safe. why: key, time, silence, hangup, full (the disk: nothing was kept, id is 0)."""

    id: int
    seconds: float
    why: str


# --- Words before a step -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """A prompt by its key, with the values it speaks: Say("messages.count", count=3)."""

    prompt: str
    values: dict[str, Any] = field(default_factory=dict)

    def __init__(self, prompt: str, **values: Any) -> None:
        object.__setattr__(self, "prompt", prompt)
        object.__setattr__(self, "values", values)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A value of a Say that must stand in no journal: Say("code.digit", key=Unsaid("entry.digit", 12, 0)).

    It is asked of the service each time the words are performed, as answer(leg, *args), and kept nowhere.
    """

    service: str
    args: tuple[Any, ...]

    def __init__(self, service: str, *args: Any) -> None:
        object.__setattr__(self, "service", service)
        object.__setattr__(self, "args", args)


@dataclass(frozen=True, slots=True)
class Hear:
    """A voice message played to the caller."""

    voice_id: int


@dataclass(frozen=True, slots=True)
class Speak:
    """From here on in this language."""

    language: str


Word: TypeAlias = Say | Hear | str
Words: TypeAlias = Word | tuple[Word, ...]


# --- Steps ---------------------------------------------------------------------------------------------------------


class Step:
    """A command that is answered. `speaks`: the caller hears or does something; a hang-up is thrown there."""

    speaks = True
    name: str

    @property
    def asked(self) -> tuple[Any, ...]:
        return (type(self).__name__, self.name)

    def read(self, answer: Any) -> Any:
        """The answer as the dialogue receives it, made afresh so that nothing it does to it reaches the journal."""
        return answer


@dataclass(frozen=True)
class Press(Step):
    """One key of `keys`, or "" when none came in time. Any other key is answered as it is."""

    name: str
    keys: str = "1234567890*#"
    seconds: int = 8


@dataclass(frozen=True)
class Keys(Step):
    """Several keys, up to `most` or `ends`; "" when none came. One of `lone` as the first key is answered at once."""

    name: str
    most: int
    ends: str = "#"
    seconds: int = 8
    lone: str = "*0"


@dataclass(frozen=True)
class Secret(Step):
    """Keys that never enter the journal: they go to the service `verdict`, whose answer is what the dialogue gets.

    The service is called as verdict(leg, keys, *args) in the step's own transaction. A lone "*" or "0" is no secret
    and comes through as it is; so no PIN begins with 0.
    """

    name: str
    verdict: str
    args: tuple[Any, ...] = ()
    most: int = 6
    ends: str = "#"
    seconds: int = 10
    lone: str = "*0"

    @property
    def asked(self) -> tuple[Any, ...]:
        return ("Secret", self.name, self.verdict, *self.args)


@dataclass(frozen=True)
class Record(Step):
    """The caller's voice until a key, silence or the limit. Answered with a Voice, after the file is safe on disk."""

    name: str
    seconds: int = 180
    silence_seconds: int = 6

    def read(self, answer: Any) -> Voice:
        return Voice(*answer)


@dataclass(frozen=True)
class Meet(Step):
    """Ring these people and go into a room with them; answered with Left.

    Each one rung is led by the dialogue `invited(person_id, room_id, *args)`, which ends in Enter or declines.
    not_rung: those of them whom nobody may ring now; they belong to the room and may come in by themselves.
    label: an opaque word of the room above, kept with the conversation ("pair:12").
    gathers: whoever meets under this label comes into one and the same room, whoever they are, and may be alone in it.
    """

    name: str
    people: tuple[int, ...]
    invited: str
    args: tuple[Any, ...] = ()
    not_rung: tuple[int, ...] = ()
    label: str = ""
    away_key: str = "*"
    seconds: int = 25
    longest_seconds: int = 3600
    gathers: bool = False

    @property
    def asked(self) -> tuple[Any, ...]:
        return ("Meet", self.name, *self.people)

    def read(self, answer: Any) -> Left:
        return Left(*answer)


@dataclass(frozen=True)
class Enter(Step):
    """Go (back) into a room; answered with Left."""

    name: str
    room: int
    away_key: str = "*"

    @property
    def asked(self) -> tuple[Any, ...]:
        return ("Enter", self.name, self.room)

    def read(self, answer: Any) -> Left:
        return Left(*answer)


@dataclass(frozen=True)
class Hang(Step):
    """Say what is left to say, then end the call."""

    name: str = "hang"


@dataclass(frozen=True)
class Look(Step):
    """A question to a room's queries. Answered at once, kept in the journal, never asked twice."""

    name: str
    args: tuple[Any, ...]
    speaks = False

    def __init__(self, name: str, *args: Any) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "args", args)

    @property
    def asked(self) -> tuple[Any, ...]:
        return (type(self).__name__, self.name, *self.args)


@dataclass(frozen=True)
class Do(Look):
    """A change by a room's services, in the step's own transaction: done once, or not at all."""

    def __init__(self, name: str, *args: Any) -> None:
        Look.__init__(self, name, *args)


# --- The journal ---------------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """One answered step. `hung`: the cause, when the answer was that the caller had gone."""

    asked: tuple[Any, ...]
    answer: Any = None
    hung: str | None = None


class Spoken(NamedTuple):
    """One thing to be heard before the pending step, in one language. Either a prompt or a voice message."""

    language: str
    prompt: str = ""
    values: tuple[tuple[str, Any], ...] = ()
    voice_id: int = 0


class Turn(NamedTuple):
    """Where a dialogue stands: what is to be said, and the step that waits. step None: it is over."""

    said: tuple[Spoken, ...]
    step: Step | None


def _same(left: Any, right: Any) -> bool:
    """Equal once both have been through JSON, where a tuple and a list are one."""
    if left == right:
        return True
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    return False


def _spoken(words: list[tuple[str, Words]]) -> tuple[Spoken, ...]:
    """Made only of the words that are still to be heard: most of a replay's have been."""
    return tuple(
        _one_spoken(language, word)
        for language, together in words
        for word in (together if isinstance(together, tuple) else (together,))
    )


def _one_spoken(language: str, word: Word) -> Spoken:
    if isinstance(word, Hear):
        return Spoken(language, voice_id=word.voice_id)
    return (
        Spoken(language, word) if isinstance(word, str) else Spoken(language, word.prompt, tuple(word.values.items()))
    )


def advance(talk: Dialogue, journal: Iterable[Entry], language: str = "en") -> Turn:
    """Replay `journal` into a fresh dialogue and say where it stands. Pure; about 2 µs an entry.

    Raises Diverged when the dialogue asks something else than the journal answers, HungUp never.
    """
    said: list[tuple[str, Words]] = []
    past = iter(journal)
    try:
        command = next(talk)
        while True:
            if isinstance(command, Step):
                entry = next(past, None)
                if entry is None:
                    return Turn(_spoken(said), command)
                if not _same(entry.asked, command.asked):
                    raise Diverged(entry.asked, command.asked)
                if command.speaks:
                    said.clear()  # it was heard before that answer came
                command = talk.throw(HungUp(entry.hung)) if entry.hung else talk.send(command.read(entry.answer))
                continue
            if isinstance(command, Speak):
                language = command.language
            else:
                said.append((language, command))
            command = next(talk)
    except StopIteration:
        return Turn(_spoken(said), Hang())
    except HungUp:
        return Turn((), None)
    finally:
        talk.close()
