"""What the embedded line can do on this machine: pairs, set-ups, processor time, and how fast a key is answered.

The line runs in a process of its own with a switchboard that only remembers, so the figures are the engine's; the
telephones are a crowd (crowd.py) in this process. `python -m peerline.exchange.engines.embedded.bench` prints JSON lines.
"""

import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from peerline.exchange.engines.embedded.crowd import LOUD, Crowd
from peerline.exchange.engines.embedded.tones import RATE
from peerline.exchange.port import Answer, Answered, Incoming, Perform, Report
from peerline.kernel.dialogue import Enter, Press, Spoken

TICKS = os.sysconf("SC_CLK_TCK")
Line = dict[str, Any]


class Memory:
    """A switchboard that remembers only what it must: callers named pair-N meet their partner in room N."""

    def __init__(self, line: Any) -> None:
        self.line, self.legs, self.rooms = line, 0, {}

    def __call__(self, report: Report) -> Perform | None:
        match report:
            case Incoming():
                return self._arrived(report)
            case Answered():
                return Perform(report.leg_id, 1, (), Enter("talk", self.rooms[report.leg_id]))
            case Answer():
                return Perform(report.leg_id, report.step + 1, (Spoken("en", "loud"),), Press("again", seconds=60))
        return None

    def _arrived(self, report: Incoming) -> Perform:
        self.legs += 2
        caller, partner = self.legs, self.legs + 1
        if not report.from_number:
            return Perform(caller, 1, (), Press("again", seconds=60))
        self.rooms[caller] = self.rooms[partner] = caller
        self.line.ring(partner, "+17345550199", 20, f"ring-{partner}")
        return Perform(caller, 1, (), Enter("talk", caller))


def _be_the_line(pipe: Connection, port: int, crowd: str) -> None:
    """The child process: the line until the parent says it is enough."""
    from peerline.exchange.engines.embedded.engine import EmbeddedEngine
    from peerline.exchange.engines.embedded.sounds import wav_of
    from peerline.exchange.engines.embedded.tape import plain_sink
    from peerline.exchange.engines.numbers import Numbers

    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    (folder / "numbers.csv").write_text(f"+17345550199,sip:partner@{crowd}\n")
    loud = wav_of(np.full(RATE // 4, _plateau(), "<i2").tobytes())
    engine = EmbeddedEngine(
        audio_for=lambda spoken: loud,
        sink=plain_sink(folder),
        numbers=Numbers(folder / "numbers.csv"),
        bind=f"127.0.0.1:{port}",
    )
    engine.open(Memory(engine))
    pipe.send("open")
    while pipe.recv() != "enough":
        pipe.send({"late_ms": round(engine.pump.latest * 1000, 1), "alive": len(engine.alive())})
        engine.pump.latest = 0.0
    engine.close()


def _plateau() -> int:
    """The sample that PCMU writes as the crowd's loud byte (ITU-T G.711)."""
    inverted = ~LOUD & 0xFF
    size = (((inverted & 0x0F) << 3) + 0x84) << ((inverted & 0x70) >> 4)
    return 0x84 - size if inverted & 0x80 else size - 0x84


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


class _Line:
    """The line's process, seen from here."""

    def __init__(self, crowd_place: str, port: int) -> None:
        self.pipe, far = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self.process = context.Process(target=_be_the_line, args=(far, port, crowd_place), daemon=True)
        self.process.start()
        assert self.pipe.recv() == "open"
        self.pid = self.process.pid or 0

    def ask(self) -> Line:
        self.pipe.send("how")
        return self.pipe.recv()  # type: ignore[no-any-return]

    def close(self) -> None:
        self.pipe.send("enough")
        self.process.join(20)


def bench(seconds: float = 10, pairs: tuple[int, ...] = (1, 10, 25, 50), keys: int = 30) -> Iterator[Line]:
    """One JSON line a measurement; `seconds` is how long each one lasts."""
    from peerline.exchange.telephone.handset import free_port

    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    port = free_port()
    crowd = Crowd(f"127.0.0.1:{port}")
    line = _Line(crowd.place, port)
    try:
        yield {"measure": "idle", "rss_mb": _rss_mb(line.pid)} | _processor(line, lambda: crowd.run(2))
        yield _keys(crowd, line, keys)
        yield _setups(crowd, line, seconds)
        for count in pairs:
            yield _pairs(crowd, line, count, seconds)
    finally:
        line.close()


def _processor(line: _Line, work: Any) -> Line:
    """Percent of one core that the line used while the work lasted."""
    began, used = time.monotonic(), _cpu_seconds(line.pid)
    work()
    return {"cpu_percent": round(100 * (_cpu_seconds(line.pid) - used) / (time.monotonic() - began), 2)}


def _pairs(crowd: Crowd, line: _Line, count: int, seconds: float) -> Line:
    """Hold this many pairs; how much of what one said the other heard."""
    for number in range(count):
        crowd.dial(f"+1734555{number:04d}")
        crowd.run(0.05)
    crowd.run(5, until=lambda: sum(phone.up for phone in crowd.phones.values()) == 2 * count)
    crowd.run(1.0)
    line.ask()
    phones = list(crowd.phones.values())
    before = [(phone.loud_in, phone.loud_out) for phone in phones]
    used = _processor(line, lambda: crowd.run(seconds))
    heard = sum(phone.loud_in for phone in phones) - sum(loud for loud, _ in before)
    said = sum(phone.loud_out for phone in phones) - sum(loud for _, loud in before)
    held = len([phone for phone in phones if phone.up])
    facts = {"rss_mb": _rss_mb(line.pid)} | line.ask()
    for phone in [phone for phone in phones if not phone.invite]:
        crowd.drop(phone)
    for phone in [phone for phone in phones if phone.invite]:
        crowd.drop(phone)
    crowd.run(1.0)
    return {
        "measure": "pairs", "pairs": count, "legs_up": held, "heard_percent": round(100 * heard / max(said, 1), 2),
        "seconds": seconds, **used, "cpu_percent_per_pair": round(used["cpu_percent"] / count, 2), **facts,
    }  # fmt: skip


def _setups(crowd: Crowd, line: _Line, seconds: float, at_once: int = 4) -> Line:
    """Call after call, a few at a time: dial, answered, hang up."""
    done, number, began, used = 0, 0, time.monotonic(), _cpu_seconds(line.pid)
    waiting = []
    while time.monotonic() < began + seconds:
        while len(waiting) < at_once:
            number += 1
            waiting.append(crowd.dial(f"setup-{number}-{os.getpid()}"))
        crowd.run(0.5, until=lambda: any(phone.up for phone in waiting))
        for phone in [phone for phone in waiting if phone.up]:
            crowd.drop(phone)
            waiting.remove(phone)
            done += 1
    spent, elapsed = _cpu_seconds(line.pid) - used, time.monotonic() - began
    crowd.run(2.0, until=lambda: all(phone.up for phone in waiting))
    for phone in waiting:
        crowd.drop(phone)
    crowd.run(1.0)
    return {
        "measure": "setups", "per_second": round(done / elapsed, 1), "calls": done, "refused": crowd.refused,
        "cpu_ms_per_call": round(1000 * spent / max(done, 1), 2), "seconds": round(elapsed, 1),
    }  # fmt: skip


def _keys(crowd: Crowd, line: _Line, times: int) -> Line:
    """From the first packet of a key to the first packet of the prompt that answers it, in milliseconds."""
    phone = crowd.dial(f"keys-{os.getpid()}")
    crowd.run(3, until=lambda: phone.up)
    phone.speaks = False
    crowd.run(0.5)
    took = []
    for _ in range(times):
        pressed, phone.first_loud_at = time.monotonic(), 0.0
        phone.key(5)
        crowd.run(2, until=lambda: bool(phone.first_loud_at))
        if phone.first_loud_at:
            took.append(1000 * (phone.first_loud_at - pressed))
        crowd.run(0.5)
    crowd.drop(phone)
    crowd.run(0.2)
    took.sort()
    return {
        "measure": "key to prompt", "keys": times, "answered": len(took),
        "p50_ms": round(took[len(took) // 2], 1), "p99_ms": round(took[int(len(took) * 0.99) - 1], 1),
    }  # fmt: skip


if __name__ == "__main__":
    for result in bench(*(float(argument) for argument in sys.argv[1:2])):
        print(json.dumps(result), flush=True)
