"""The parent's side: start a telephone and drive it."""

import contextlib
import json
import os
import queue
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from peerline.exchange.telephone.hearing import read_growing, tone, write_wav

Event = dict[str, Any]


class NotHeard(AssertionError):
    """The awaited event did not come in time; says what came instead."""


def free_port() -> int:
    """A port nobody uses at this moment, by UDP or TCP; below those that a system gives to whoever calls out (on Linux
    from 32768 on): one of those may be given away while a process that used it is started again."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
            socket.socket() as tcp,
            contextlib.suppress(OSError),
        ):
            udp.bind(("127.0.0.1", port))
            tcp.bind(("127.0.0.1", port))
            return port


class Telephone:
    """A phone in its own process: `phone.dial(to=…)`, then `phone.wait("answered")`. Ends with the with-block."""

    def __init__(
        self, user: str, *, host: str = "127.0.0.1", port: int = 0, stack: str = "", folder: Path | None = None
    ) -> None:
        self.port, self.user = port or free_port(), user
        self.address = f"sip:{user}@{host}:{self.port}"
        self.folder = folder or Path(tempfile.mkdtemp(prefix="telephone-"))
        self.ear = self.folder / "ear-1.wav"  # of the latest call
        self.hearing = -1  # as of the last event that was waited for
        command = [sys.executable, "-m", "peerline.exchange.telephone", "--host", host, "--port", str(self.port)]
        command += ["--user", user, "--ears", str(self.folder), *(["--stack", stack] if stack else [])]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.past: list[Event] = []
        self._fresh: queue.SimpleQueue[Event] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.stack = self.wait("ready", 20)["stack"]

    def __enter__(self) -> "Telephone":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("{"):  # a stack may chatter on stdout too
                self._fresh.put(json.loads(line))

    def tell(self, do: str, **details: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **details}) + "\n")
        self.process.stdin.flush()

    def wait(self, event: str, seconds: float = 10, **wanted: Any) -> Event:
        """The next event of this name with these details; others on the way are kept in `past`. Raises NotHeard."""
        until = time.monotonic() + seconds
        seen = []
        while (left := until - time.monotonic()) > 0:
            try:
                fresh = self._fresh.get(timeout=left)
            except queue.Empty:
                break
            self.past.append(fresh)
            seen.append(fresh)
            self._note(fresh)
            if fresh["event"] == event and all(fresh.get(key) == value for key, value in wanted.items()):
                return fresh
        raise NotHeard(f"{self.user}: no {event} {wanted} in {seconds} s; instead {seen[-6:]}")

    def _note(self, fresh: Event) -> None:
        if fresh["event"] == "answered":
            self.ear, self.hearing = Path(fresh["ear"]), -1
        elif fresh["event"] == "hears":
            self.hearing = fresh["hz"]

    def dial(self, to: str) -> None:
        self.tell("dial", to=to)

    def press(self, keys: str) -> None:
        self.tell("press", keys=keys)

    def hum(self, hz: int, level: float = 0.3) -> None:
        """Speak this tone until told otherwise. A whole number of waves, so that its loop has no seam."""
        path = self.folder / f"hum-{hz}.wav"
        self.tell("play", wav=str(write_wav(path, tone(hz, 1.0, level))), loop=True)

    def speak(self, wav: Path) -> None:
        self.tell("play", wav=str(wav), loop=False)

    def hear(self, hz: int, seconds: float = 10) -> None:
        """Wait until this tone is heard, unless it is already. -1: silence."""
        if self.hearing != hz:
            self.wait("hears", seconds, hz=hz)

    def heard(self) -> Any:
        """All that was heard in the latest call, as int16 samples."""
        return read_growing(self.ear)

    def settle(self, seconds: float = 0.1) -> None:
        """Take in all events of the past, so that the next wait sees only new ones."""
        with contextlib.suppress(NotHeard):
            self.wait("nothing", seconds)

    def freeze(self) -> None:
        """Stop the process as a phone whose battery ran out: no goodbye, no more audio."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def close(self) -> None:
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGCONT)
            self.process.terminate()
        self.process.wait(5)
