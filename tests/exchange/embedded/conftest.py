"""A real line, real telephones, and a scripted switchboard between them."""

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from peerline.exchange.engines.embedded import available
from peerline.exchange.engines.embedded.tape import plain_sink
from peerline.exchange.engines.numbers import Numbers
from peerline.exchange.port import Answer, Entered, Hung, Incoming, Perform, Report
from peerline.exchange.telephone.handset import NotHeard, Telephone, free_port
from peerline.exchange.telephone.hearing import tone, write_wav
from peerline.kernel.dialogue import Spoken, Step

LOST_SECONDS = 4
NUMBERS = {"alice": "+17345550101", "bob": "+17345550102", "carol": "+17345550103"}


def words(*tones_hz: int) -> tuple[Spoken, ...]:
    """What the line says, as tones the telephones can tell apart: one second each."""
    return tuple(Spoken("en", str(hz)) for hz in tones_hz)


class Switchboard:
    """Stands in for the exchange: each test says how reports are answered, and waits for those that matter."""

    def __init__(self) -> None:
        self.reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self.past: list[Report] = []
        self.asked: Callable[[Report], Perform | None] = lambda report: None
        self.legs = 100

    def __call__(self, report: Report) -> Perform | None:
        self.reports.put(report)
        return self.asked(report)

    def wait(self, kind: type, seconds: float = 10, **wanted: Any) -> Any:
        until = time.monotonic() + seconds
        seen = []
        while (left := until - time.monotonic()) > 0:
            try:
                report = self.reports.get(timeout=left)
            except queue.Empty:
                break
            self.past.append(report)
            seen.append(report)
            if isinstance(report, kind) and all(getattr(report, key) == value for key, value in wanted.items()):
                return report
        raise NotHeard(f"no {kind.__name__} {wanted} in {seconds} s; instead {seen}")


class Stage:
    """The line, its switchboard, and the telephones of alice, bob and carol."""

    def __init__(self, folder: Path) -> None:
        from peerline.exchange.engines.embedded.engine import EmbeddedEngine

        self.folder, self.switchboard = folder, Switchboard()
        self.phones: dict[str, Telephone] = {}
        self.port = free_port()
        self.address = f"sip:line@127.0.0.1:{self.port}"
        self.sink = plain_sink(folder / "voice")
        self.sounds: Callable[[Spoken], Path | bytes] = self.tone_file
        self.numbers = Numbers(folder / "numbers.csv", "+18005550142")
        self.engine = EmbeddedEngine(
            audio_for=lambda spoken: self.sounds(spoken),  # noqa: PLW0108 (tests change it)
            sink=lambda name: self.sink(name),  # noqa: PLW0108
            numbers=self.numbers,
            bind=f"127.0.0.1:{self.port}",
            lost_seconds=LOST_SECONDS,
        )
        self.engine.open(self.switchboard)

    def tone_file(self, spoken: Spoken) -> Path:
        path = self.folder / f"{spoken.prompt}.wav"
        return path if path.exists() else write_wav(path, tone(int(spoken.prompt), 1.0))

    def phone(self, name: str, host: str = "127.0.0.1") -> Telephone:
        if name not in self.phones or self.phones[name].process.poll() is not None:
            self.phones[name] = Telephone(name, host=host)
            self.write_numbers()
        return self.phones[name]

    def write_numbers(self) -> None:
        rows = [f"{NUMBERS[name]},{phone.address}" for name, phone in self.phones.items() if name in NUMBERS]
        (self.folder / "numbers.csv").write_text("number,address\n" + "\n".join(rows) + "\n")

    # --- the two ways a leg comes about ---------------------------------------------------------------------------

    def call_in(self, phone: Telephone, said: tuple[Spoken, ...], step: Step) -> int:
        """This phone dials the line and is asked this; the leg's number."""
        leg_id = self._next_leg()
        self.switchboard.asked = lambda report: Perform(leg_id, 1, said, step) if isinstance(report, Incoming) else None
        phone.dial(self.address)
        phone.wait("answered")
        return leg_id

    def call_in_unanswered(self, phone: Telephone) -> None:
        """This phone dials, and the switchboard does as it likes."""
        phone.dial(self.address)

    def ring(self, name: str, seconds: int = 20) -> int:
        """The line rings this person's number; the leg's number."""
        self.phone(name)
        leg_id = self._next_leg()
        self.engine.ring(leg_id, NUMBERS[name], seconds, f"ring-{leg_id}")
        return leg_id

    def pick_up(self, name: str, room: int) -> int:
        """Ring this person, let them answer, and put them into the room."""
        from peerline.exchange.port import Answered
        from peerline.kernel.dialogue import Enter

        leg_id, phone = self.ring(name), self.phone(name)
        phone.wait("incoming")
        phone.tell("answer")
        phone.wait("answered")
        self.switchboard.wait(Answered, leg_id=leg_id)
        self.engine.perform(Perform(leg_id, 1, (), Enter("talk", room)))
        self.switchboard.wait(Entered, leg_id=leg_id)
        return leg_id

    def answer(self, leg_id: int, step: int = 1, seconds: float = 10) -> Any:
        return self.switchboard.wait(Answer, seconds, leg_id=leg_id, step=step).value

    def hung(self, leg_id: int, seconds: float = 10) -> Hung:
        return self.switchboard.wait(Hung, seconds, leg_id=leg_id)

    def _next_leg(self) -> int:
        self.switchboard.legs += 1
        return self.switchboard.legs

    def reset(self) -> None:
        """Between tests: nobody on the line, nothing in the queues."""
        for leg_id in self.engine.alive():
            self.engine.hang(leg_id, "hangup")
        until = time.monotonic() + 5
        while self.engine.alive() and time.monotonic() < until:
            time.sleep(0.02)
        self.sounds, self.sink = self.tone_file, plain_sink(self.folder / "voice")
        self.switchboard.asked = lambda report: None
        for phone in self.phones.values():
            phone.tell("silence")
            phone.settle()
        while not self.switchboard.reports.empty():
            self.switchboard.reports.get()

    def close(self) -> None:
        self.engine.close()
        for phone in self.phones.values():
            phone.close()


@pytest.fixture(scope="session")
def _stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    if missing := available():
        pytest.skip(missing)
    stage = Stage(tmp_path_factory.mktemp("line"))
    yield stage
    stage.close()


@pytest.fixture
def stage(_stage: Stage) -> Iterator[Stage]:
    yield _stage
    _stage.reset()
