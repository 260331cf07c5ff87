"""An engine without sound: keys in, words out. For tests, the rehearsal telephone, and played life.

Nothing happens by itself: the one who drives it presses keys, lets time pass in silence, answers what rings. Every
telephone keeps a transcript, one line for each thing heard, asked or done.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from peerline.exchange.effects import carry_out
from peerline.exchange.port import Answer, Answered, Entered, Hung, Incoming, Perform, Report
from peerline.exchange.voices import Recorder
from peerline.kernel.dialogue import Enter, Hang, Keys, Press, Record, Secret, Spoken


@dataclass
class Telephone:
    """One simulated telephone. ringing until answered; `now` is what it performs."""

    leg_id: int
    number: str = ""
    ringing: bool = False
    over: bool = False
    cause: str = ""
    now: Perform | None = None
    room: int = 0
    tone: str = ""
    keyed: str = ""
    early: str = ""
    transcript: list[str] = field(default_factory=list)

    @property
    def asked(self) -> str:
        """The name of the step that waits."""
        return self.now.step.name if self.now else ""

    @property
    def heard(self) -> list[str]:
        """The prompts of the present step, by key."""
        return [spoken.prompt or f"voice:{spoken.voice_id}" for spoken in self.now.said] if self.now else []


class Simulated:
    """The engine. `telephones` by leg id; `ring_log` is every number ever dialled, in order."""

    name = "simulated"

    def __init__(self, say: Callable[[Spoken], str] | None = None) -> None:
        self.telephones: dict[int, Telephone] = {}
        self.ring_log: list[tuple[int, str]] = []
        self.rooms: dict[int, set[int]] = {}
        self._say = say or (lambda spoken: spoken.prompt or f"voice {spoken.voice_id}")
        self._report: Callable[[Report], Perform | None] = lambda report: None
        self._refs = 0

    # --- the port ---

    def open(self, report: Callable[[Report], Perform | None]) -> None:
        self._report = report

    def close(self) -> None:
        for leg_id in list(self.telephones):
            self.hang(leg_id, "closed")

    def ring(self, leg_id: int, number: str, seconds: int, key: str) -> None:
        if leg_id not in self.telephones:
            self.telephones[leg_id] = Telephone(leg_id, number, ringing=True)
            self.ring_log.append((leg_id, number))

    def perform(self, perform: Perform) -> None:
        telephone = self.telephones.get(perform.leg_id)
        if telephone is None or telephone.over:
            return
        if telephone.now is not None and telephone.now.number == perform.number:
            return
        telephone.now, telephone.keyed = perform, ""
        telephone.transcript += [self._say(spoken) for spoken in perform.said]
        telephone.transcript.append(f"[{perform.step.name}]")
        self._leave(telephone)
        if isinstance(perform.step, Enter):
            telephone.room = perform.step.room
            self.rooms.setdefault(telephone.room, set()).add(perform.leg_id)
            self._report(Entered(perform.leg_id, perform.step.room))
        if isinstance(perform.step, Hang):
            self._end(telephone, "hangup", by="us")
        elif telephone.early:
            early, telephone.early = telephone.early, ""
            self._keys(telephone, early)

    def tone(self, room_id: int, name: str) -> None:
        for leg_id in self.rooms.get(room_id, ()):
            self.telephones[leg_id].tone = name

    def hang(self, leg_id: int, cause: str) -> None:
        telephone = self.telephones.get(leg_id)
        if telephone is not None and not telephone.over:
            self._end(telephone, cause, by="us")

    def alive(self) -> set[int]:
        return {leg_id for leg_id, telephone in self.telephones.items() if not telephone.over}

    # --- the people at the telephones ---

    def dial(self, from_number: str = "") -> Telephone:
        """Somebody dials the line."""
        self._refs += 1
        perform = self._report(Incoming(f"sim-{id(self)}-{self._refs}", from_number))
        assert perform is not None, "an incoming call is always answered"
        telephone = self.telephones[perform.leg_id] = Telephone(perform.leg_id, from_number)
        self.perform(perform)
        self.settle()
        return telephone

    def ringing_at(self, number: str) -> Telephone:
        """The telephone with this number that rings now."""
        return next(one for one in self.telephones.values() if one.number == number and one.ringing and not one.over)

    def answer(self, telephone: Telephone) -> None:
        telephone.ringing = False
        self._next(telephone, self._report(Answered(telephone.leg_id)))

    def refuse(self, telephone: Telephone, cause: str = "busy", code: int = 486) -> None:
        """Busy, declined, no_answer, unreachable: the network says so."""
        self._end(telephone, cause, by="them", code=code)
        self.settle()

    def press(self, telephone: Telephone, keys: str) -> None:
        """Keys one after another, as fast as fingers go. Each that answers a step also settles what came of it."""
        self._keys(telephone, keys)

    def silence(self, telephone: Telephone) -> None:
        """Nothing until the step's seconds are over. In a room nobody waits for a key."""
        if telephone.now is None or isinstance(telephone.now.step, Enter):
            return
        if isinstance(telephone.now.step, Record):
            self.speak(telephone, why="silence")
        else:
            self._answer(telephone, telephone.keyed)

    def speak(self, telephone: Telephone, seconds: float = 2.0, why: str = "key", sound: bytes = b"") -> None:
        """Speak into the recording that waits, then end it. `sound`: what is said, 16-bit at 8 kHz; else a hum."""
        recorder = Recorder()
        recorder.write(sound or b"\x10\x20" * int(8000 * seconds))
        self._answer(telephone, {"path": str(recorder.keep()), "seconds": recorder.seconds, "why": why})

    def hang_up(self, telephone: Telephone) -> None:
        if telephone.now is not None and isinstance(telephone.now.step, Record):
            self.speak(telephone, why="hangup")
        if not telephone.over:
            self._end(telephone, "hangup", by="them")
        self.settle()

    def settle(self) -> None:
        """Carry out effects until there are none."""
        while carry_out(self):
            pass

    # --- inside ---

    def _keys(self, telephone: Telephone, keys: str) -> None:
        for index, key in enumerate(keys):
            step = telephone.now.step if telephone.now else None
            if telephone.over or step is None:
                telephone.early += keys[index:]
                return
            if isinstance(step, Enter):
                if key == step.away_key:
                    self._leave(telephone)
                    self._answer(telephone, "key")
            elif isinstance(step, Press):
                self._answer(telephone, key)
            elif isinstance(step, Record):
                self.speak(telephone)
            elif isinstance(step, Keys | Secret):
                self._one_of_several(telephone, step, key)

    def _one_of_several(self, telephone: Telephone, step: Keys | Secret, key: str) -> None:
        alone = not telephone.keyed and key in step.lone
        if alone or key == step.ends:
            self._answer(telephone, key if alone else telephone.keyed)
            return
        telephone.keyed += key
        if len(telephone.keyed) >= step.most:
            self._answer(telephone, telephone.keyed)

    def _leave(self, telephone: Telephone) -> None:
        inside = self.rooms.get(telephone.room, set())
        inside.discard(telephone.leg_id)
        if not inside:
            self.rooms.pop(telephone.room, None)
        telephone.room, telephone.tone = 0, ""

    def _answer(self, telephone: Telephone, value: object) -> None:
        if telephone.now is None or telephone.over:
            return
        shown = "…" if isinstance(telephone.now.step, Secret) else value if isinstance(value, str) else "voice"
        telephone.transcript.append(f"> {shown}")
        self._next(telephone, self._report(Answer(telephone.leg_id, telephone.now.number, value)))

    def _next(self, telephone: Telephone, perform: Perform | None) -> None:
        if perform is not None:
            self.perform(perform)
        self.settle()

    def _end(self, telephone: Telephone, cause: str, *, by: str, code: int = 0) -> None:
        telephone.over, telephone.ringing, telephone.cause = True, False, cause
        telephone.transcript.append(f"({cause})")
        self._leave(telephone)
        self._report(Hung(telephone.leg_id, cause, code=code, by=by))
