"""The whole of Peerline as one process tree on ports of its own, whose processes can be killed one by one.

`python -m tests.reliability.house LEASE_SECONDS [FAULT]` is what is started: config/processes.py, with leases that run
out sooner where a test can not wait for them. FAULT plants one.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random

MARK = "A_HOUSE_OF_THE_TESTS"
WHO = ("web", "worker", "line", "parent")


class House:
    """Start it, kill somebody in it, end it."""

    def __init__(self, environment: dict[str, str], log: Path, *arguments: str) -> None:
        self.environment, self.log, self.arguments = environment, log, arguments
        self.http, self.sip = environment["PEERLINE_HTTP"], environment["PEERLINE_SIP"]
        self.killed: dict[str, int] = dict.fromkeys(WHO, 0)
        self.left: set[int] = set()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", __name__, *self.arguments]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, env=self.environment | {MARK: "1"}, stdout=log, stderr=log)

    def is_up(self) -> bool:
        """The line and the website listen."""
        return bool(_inodes("udp", self.sip)) and bool(_inodes("tcp", self.http))

    def wait_until_up(self, seconds: float = 40) -> None:
        until = time.monotonic() + seconds
        while not self.is_up():
            assert time.monotonic() < until and self.process.poll() is None, self.log.read_text()[-3000:]
            time.sleep(0.1)

    def kill(self, chance: Random) -> str:
        """kill -9 for one of those who live now; who it was. A parent is started again, as its keeper would."""
        living = self._living()
        who = chance.choice([who for who in WHO if living[who]])
        with suppress(ProcessLookupError):
            os.kill(chance.choice(living[who]), signal.SIGKILL)
        self.killed[who] += 1
        if who == "parent":
            self.left |= _below(self.process.pid)
            self.process.wait()
            self.start()
        return who

    def _living(self) -> dict[str, list[int]]:
        children = _children(self.process.pid)
        line = _owners(children, _inodes("udp", self.sip))
        web = _owners([*children, *(one for child in children for one in _children(child))], _inodes("tcp", self.http))
        worker = [child for child in children if child not in line and child not in web]
        return {"web": web, "worker": worker if line and web else [], "line": line, "parent": [self.process.pid]}

    def close(self, patience_seconds: float = 20) -> None:
        """Nobody of it lives on: neither who does not listen, nor whom a killed parent left behind."""
        self.left |= _below(self.process.pid)
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience_seconds)
        self.process.kill()
        for pid in self.left:
            if _is_ours(pid):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def _below(pid: int) -> set[int]:
    """Its children, and theirs."""
    found: set[int] = set()
    for child in _children(pid):
        found |= {child, *_below(child)}
    return found


def _is_ours(pid: int) -> bool:
    """It lives, and is no stranger who got the number of somebody who is gone."""
    with suppress(OSError):
        return MARK in Path(f"/proc/{pid}/environ").read_text()
    return False


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _inodes(kind: str, bind: str) -> set[str]:
    """The sockets that listen there."""
    host, port = bind.rsplit(":", 1)
    place = f"{socket.inet_aton(host)[::-1].hex().upper()}:{int(port):04X}"
    rows = [line.split() for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[1] == place and row[3] in ("07", "0A")}


def _owners(pids: list[int], inodes: set[str]) -> list[int]:
    return [pid for pid in pids if inodes & set(_sockets(pid))]


def _sockets(pid: int) -> list[str]:
    found = []
    with suppress(OSError):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.append(str(handle.readlink()).removeprefix("socket:[").rstrip("]"))
    return found


def _forget_lost_legs() -> None:
    from peerline.exchange import services

    services.end_lost_legs = lambda engine, alive: 0
    services.end_silent_legs = lambda engine, alive, suspected: set()


def _lose_what_was_kept() -> None:
    from peerline.exchange import voices

    proper = voices.Recorder.keep

    def keep(self: voices.Recorder) -> Path:
        path = proper(self)
        path.unlink()
        return path

    voices.Recorder.keep = keep  # type: ignore[method-assign]


PLANTED = {"forget lost legs": _forget_lost_legs, "lose what was kept": _lose_what_was_kept}

if __name__ == "__main__":
    from datetime import timedelta

    import django

    django.setup()
    from config.processes import Tree, children
    from peerline.jobs import services as jobs

    jobs.LEASE = timedelta(seconds=float(sys.argv[1]))
    for fault in sys.argv[2:]:
        PLANTED[fault]()
    sys.exit(Tree(children()).run())
