"""The embedded engine's steps, noting what each leg is told, with a script's silences made short."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

from peerline.exchange.engines.embedded import steps
from peerline.exchange.engines.embedded.leg import Leg
from peerline.exchange.engines.embedded.steps import Steps
from peerline.exchange.port import Perform
from peerline.kernel.dialogue import Enter, Keys, Press, Record, Secret, Spoken, Step

MOMENT = 0.03
SILENCE_SECONDS = 0.3  # after which a recording ends


class Told(Steps):
    """told: prompts by key, voice messages as "voice N", steps as [name], by leg id. Used on the engine's loop."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.told: defaultdict[int, list[str]] = defaultdict(list)
        self.now: dict[Leg, Step] = {}
        self.noted: set[Leg] = set()  # the words of its step have begun
        self.listening: set[Leg] = set()  # they are over, and it waits for keys
        self.silent: set[Leg] = set()  # its caller presses nothing any more

    def forget(self) -> None:
        for one in (self.told, self.now, self.noted, self.listening, self.silent):
            one.clear()

    async def do(self, leg: Leg, perform: Perform) -> Any:
        self.now[leg] = perform.step
        for those in (self.noted, self.listening, self.silent):
            those.discard(leg)
        if not perform.said:
            self._note(leg, ())
        return await super().do(leg, perform)

    async def _spoken(self, leg: Leg, said: tuple[Spoken, ...]) -> None:
        self._note(leg, said)
        await super()._spoken(leg, said)

    def _note(self, leg: Leg, said: tuple[Spoken, ...]) -> None:
        words = [spoken.prompt or f"voice {spoken.voice_id}" for spoken in said]
        self.told[leg.id or 0] += [*words, f"[{self.now[leg].name}]"]
        self.noted.add(leg)

    async def record(self, leg: Leg, step: Record) -> dict[str, Any] | None:
        return await super().record(leg, replace(step, silence_seconds=SILENCE_SECONDS))  # type: ignore[arg-type]

    def rests(self, leg: Leg) -> bool:
        """It was told its step, and does nothing until its telephone does."""
        if leg.ours or leg.keys or leg.step is None or leg.step.done() or leg not in self.noted:
            return False
        match self.now[leg]:
            case Press() | Keys() | Secret():
                return True
            case Record():
                return leg.tape is not None
            case Enter():
                return leg.room is not None
        return False

    def fall_silent(self, leg: Leg) -> None:
        self.silent.add(leg)
        leg.stirred.set()


def be_patient(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step's seconds begin when the script says that the caller is silent, and are a moment then."""
    proper = Leg.key_within

    async def key_within(leg: Leg, seconds: float) -> str:
        if seconds == steps.LOOK_SECONDS or isinstance(told.now.get(leg), Enter):
            return await proper(leg, seconds)
        told.listening.add(leg)
        while not leg.keys and not leg.gone.is_set() and leg not in told.silent:
            leg.stirred.clear()
            await leg.stirred.wait()
        return await proper(leg, MOMENT)

    monkeypatch.setattr(Leg, "key_within", key_within)
    monkeypatch.setattr(steps, "LATE_END_SECONDS", 0.0)  # between two acts ten seconds pass, in which a late # is past
