"""The embedded engine on a port of its own, a house full of telephones, and the exchange between them.

The engine's desk asks in a thread of its own; here the test's thread answers, in the transaction that scripts.py takes
back, while it also carries the telephones. What is made short: a word is a millisecond of sound, a silence a moment
(told.py). A recording has whatever length it came to and counts for the two seconds of the other stages.
"""

import queue
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from peerline.exchange.effects import carry_out
from peerline.exchange.engines.embedded.engine import EmbeddedEngine
from peerline.exchange.engines.embedded.sounds import wav_of
from peerline.exchange.engines.numbers import Numbers
from peerline.exchange.port import Answer, Incoming, Perform, Report
from peerline.exchange.process import sink
from peerline.exchange.switchboard import take
from peerline.exchange.telephone.handset import free_port
from tests.exchange.conftest import ELM, ROSA, THIRD
from tests.exchange.embedded.house import House
from tests.exchange.embedded.told import Told

WORD = wav_of(bytes(16))
SPOKEN_SECONDS = 2.0


class Facts(NamedTuple):
    """The engine's side at one moment: the step number of every leg that rests, and what is not at rest.

    ending: legs that were told to end, and whose telephone has not yet said that it did.
    """

    rests: dict[int, int]
    others: set[int]
    unnamed: int
    ending: set[int]


class Loopback:
    """The engine, the house and the desk between them; one for many scripts."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.house, self.asked = House(f"127.0.0.1:{port}"), queue.SimpleQueue[tuple[Report, Future[Any]]]()
        table = "".join(f"{number},sip:{number}@{self.house.place}\n" for number in (ROSA, ELM, THIRD))
        (folder / "numbers.csv").write_text(table)
        self.engine = EmbeddedEngine(
            audio_for=lambda spoken: WORD, sink=sink, numbers=Numbers(folder / "numbers.csv", "+18005550142"),
            bind=f"127.0.0.1:{port}", lost_seconds=600,
        )  # fmt: skip
        lives = self.engine.lives
        self.told = lives.steps = Told(lives.steps.audio_for, sink, lives.room, lives.entered)
        self.keys_in: Counter[int] = Counter()
        self.pressed = self.lost = 0
        self.losses: list[str] = []
        self.past: deque[str] = deque(maxlen=200)  # what was reported and ordered, with its time
        self.engine.line.keyed = self._keyed
        self.playing, self.arrived = False, 0
        self.engine.open(self._ask)
        for verb in ("ring", "hang", "perform"):
            setattr(self.engine, verb, self._noted(verb, getattr(self.engine, verb)))

    def _noted(self, verb: str, proper: Callable[..., None]) -> Callable[..., None]:
        def note(*given: Any) -> None:
            self._note(f"{verb} {given}")
            proper(*given)

        return note

    def _note(self, what: str) -> None:
        self.past.append(f"{time.monotonic():.3f} {what}")

    def _keyed(self, leg: Any, key: str) -> None:
        self.engine.lives.keyed(leg, key)
        self.keys_in[leg.id] += 1

    def _ask(self, report: Report) -> Perform | None:
        """In the desk's thread: hand the report over, and wait."""
        self._note(repr(report))
        answer: Future[Perform | None] = Future()
        self.asked.put((report, answer))
        return answer.result(60)

    def serve(self) -> None:
        """In the test's thread: let the telephones live for a moment, and answer what was asked."""
        self.house.run(0.003, until=lambda: not self.asked.empty())
        while not self.asked.empty():
            report, answer = self.asked.get()
            try:
                answer.set_result(self._taken(report) if self.playing else None)
            except Exception as reason:  # the desk's to judge
                answer.set_exception(reason)
            while self.playing and carry_out(self.engine):
                pass

    def _taken(self, report: Report) -> Perform | None:
        if isinstance(report, Answer) and isinstance(report.value, dict):
            report = replace(report, value=report.value | {"seconds": SPOKEN_SECONDS})
        perform = take(self.engine.name, report)
        if isinstance(report, Incoming) and perform:
            self.arrived = perform.leg_id
        return perform

    def on_loop(self, look: Callable[[], Any]) -> Any:
        """What this says between two turns of the engine's loop."""
        found: Future[Any] = Future()
        self.engine._on_loop(lambda: found.set_result(look()))
        return found.result(5)

    def facts(self) -> Facts:
        return self.on_loop(self._facts)

    def _facts(self) -> Facts:
        lives = self.engine.lives
        rests = {leg_id: leg.number for leg_id, leg in lives.legs.items() if self.told.rests(leg)}
        ending = {leg_id for leg_id, leg in lives.legs.items() if leg.ours}
        return Facts(rests, set(lives.legs) - set(rests), len(lives.unnamed), ending)

    def begin_again(self) -> None:
        """Nobody on the line, nothing remembered: the next script's legs have the same numbers."""
        self.playing = False
        until = time.monotonic() + 10
        for leg_id in self.engine.alive():
            self.engine.hang(leg_id, "hangup")
        while (facts := self.facts()).rests or facts.others or facts.unnamed or not self._is_told():
            assert time.monotonic() < until, "the line never ends its calls"
            self.serve()
        self.on_loop(self._forget)
        self.house.forget()
        self.playing = True

    def _is_told(self) -> bool:
        """Whether the desk has nothing left to ask: else an old leg's end could be taken for a new one's."""
        done = self.engine.desk._thread.submit(lambda: None)
        until = time.monotonic() + 5
        while not done.done() and time.monotonic() < until:
            self.serve()
        return done.done() and self.asked.empty()

    def _forget(self) -> None:
        self.past.clear()
        self.engine.lives.rung.clear()
        self.engine.lives.rooms.clear()
        self.told.forget()
        self.keys_in.clear()

    def close(self) -> None:
        self.begin_again()
        self.engine.close()
