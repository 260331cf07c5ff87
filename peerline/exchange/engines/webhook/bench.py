"""How fast a carrier is answered on this machine: signed key presses at an even rate, each one a durable step.

The website runs as it always does (one process, eight threads, SQLite with WAL and FULL) on a state folder that is thrown
away; the carrier is this process. A request's time runs from the instant it was due, so that a queue is not hidden.
`python -m peerline.exchange.engines.webhook.bench` prints JSON lines.
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import queue
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

Line = dict[str, Any]
ACCOUNT, TOKEN = "AC" + "0" * 32, "a token for measuring"
CALLS, HANDS = 60, 24
IDLE_SECONDS = 1.0
KEYS = ("3", "*")  # into the settings and back


def bench(seconds: float = 10, rates: tuple[int, ...] = (20, 100)) -> Iterator[Line]:
    """One JSON line a rate (requests a second, for so many seconds)."""
    with tempfile.TemporaryDirectory(prefix="peerline-bench-") as state:
        port = _free_port()
        environment = _environment(state, port)
        _peerline(environment, "peerline", "manage", "migrate", "--verbosity", "0")
        legs = json.loads(_peerline(environment, __spec__.name if __spec__ else __name__, "seed"))
        with _website(environment, port) as pid:
            calls = [_Call(leg_id, ref, step, port) for leg_id, ref, step in legs]
            _at_rate(calls, port, pid, 20, 2)  # everything loaded once
            for rate in rates:
                yield _at_rate(calls, port, pid, rate, seconds)


# --- The website and its callers --------------------------------------------------------------------------------------


def _environment(state: str, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEERLINE_", "DJANGO_"))}
    mine = {
        "STATE": state, "DEMO": "0", "ENGINE": "webhook", "HTTP": f"127.0.0.1:{port}", "LOG": "ERROR",
        "CARRIER_ACCOUNT": ACCOUNT, "CARRIER_TOKEN": TOKEN,
    }  # fmt: skip
    return kept | {f"PEERLINE_{name}": value for name, value in mine.items()}


def _peerline(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], env=environment, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


@contextmanager
def _website(environment: dict[str, str], port: int) -> Iterator[int]:
    """The website in a process of its own; its id."""
    process = subprocess.Popen([sys.executable, "-m", "peerline", "web"], env=environment)
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _seed() -> None:
    """In a process of its own: callers at the main menu. Prints [[leg, ref, step], …]."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from peerline.exchange import services
    from peerline.exchange.dialogues import answer
    from peerline.exchange.port import Answer, Incoming
    from peerline.exchange.switchboard import take
    from peerline.people import services as people
    from peerline.people.access import PLATFORM

    clinic = people.make_organization(PLATFORM, name="Measured")
    names = iter(f"Caller {number}" for number in range(CALLS))

    def let_in(leg: Any, _keys: str, _household: str) -> dict[str, Any]:
        person = people.add_person(PLATFORM, place=people.Place(clinic.pk), first_name=next(names), nickname="Maple")
        services.identified(leg, person.pk, "en")
        return {"person_id": person.pk, "language": "en", "nickname": "Maple"}

    answer("entry.try_pin", let_in)
    found = []
    for number in range(CALLS):
        ref = f"CA{number:032x}"
        perform = take("webhook", Incoming(ref, f"+1734555{number:04d}"))
        for keys in ("1", "7345550100", "111111"):  # the language, a home number, a PIN
            assert perform is not None
            perform = take("webhook", Answer(perform.leg_id, perform.number, keys))
        assert perform is not None and perform.step.name == "menu.main", perform
        found.append([perform.leg_id, ref, perform.number])
    print(json.dumps(found))


class _Call:
    """One caller who presses a key whenever it is asked for."""

    def __init__(self, leg_id: int, ref: str, step: int, port: int) -> None:
        self.leg_id, self.ref, self.step, self.pressed = leg_id, ref, step, 0
        self._base = f"http://127.0.0.1:{port}"
        self.free = threading.Lock()

    def request(self) -> tuple[str, str, dict[str, str]]:
        """Path, body and headers of the next key."""
        path = f"/carrier/leg/{self.leg_id}/{self.step}/keys/"
        fields = {
            "AccountSid": ACCOUNT,
            "CallSid": self.ref,
            "CallStatus": "in-progress",
            "Digits": KEYS[self.pressed % 2],
        }
        text = self._base + path + "".join(name + fields[name] for name in sorted(fields))
        word = base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()
        return (
            path,
            urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": word},
        )

    def answered(self, body: bytes) -> bool:
        """Whether the reply asks the next question."""
        found = re.search(rb"/leg/\d+/(\d+)/keys/", body)
        if found is None or int(found[1]) <= self.step:
            return False
        self.step, self.pressed = int(found[1]), self.pressed + 1
        return True


# --- Measuring ----------------------------------------------------------------------------------------------------------


def _at_rate(calls: list[_Call], port: int, pid: int, rate: int, seconds: float) -> Line:
    due: queue.SimpleQueue[float | None] = queue.SimpleQueue()
    free: queue.SimpleQueue[_Call] = queue.SimpleQueue()
    for call in calls:
        free.put(call)
    took: list[float] = []
    wrong: list[int] = []
    hands = [threading.Thread(target=_press, args=(due, free, port, took, wrong), daemon=True) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    began, used = time.monotonic(), _cpu_seconds(pid)
    for number in range(int(rate * seconds)):
        at = began + number / rate
        time.sleep(max(0.0, at - time.monotonic()))
        due.put(at)
    for _ in hands:
        due.put(None)
    for hand in hands:
        hand.join(60)
    spent, elapsed = _cpu_seconds(pid) - used, time.monotonic() - began
    took.sort()
    return {
        "measure": "carrier answers", "asked_per_second": rate, "answered": len(took), "wrong": len(wrong),
        "p50_ms": _at(took, 0.5), "p90_ms": _at(took, 0.9), "p99_ms": _at(took, 0.99), "most_ms": _at(took, 1.0),
        "cpu_ms_per_answer": round(1000 * spent / max(1, len(took)), 2), "seconds": round(elapsed, 1),
    }  # fmt: skip


def _press(due: Any, free: Any, port: int, took: list[float], wrong: list[int]) -> None:
    """One hand: takes what is due, presses a key on a call that waits for one."""
    connection, last = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0.0
    while (at := due.get()) is not None:
        call = free.get()
        if time.monotonic() - last > IDLE_SECONDS:
            connection.close()  # the website closes what is idle, and a key pressed into that would be lost
        last = time.monotonic()
        path, body, headers = call.request()
        try:
            connection.request("POST", path, body, headers)
            reply = connection.getresponse()
            fine = call.answered(reply.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            fine = False
        took.append(time.monotonic() - at) if fine else wrong.append(1)
        free.put(call)
    connection.close()


def _at(took: list[float], part: float) -> float:
    return round(1000 * took[min(len(took) - 1, int(len(took) * part))], 1) if took else 0.0


def _cpu_seconds(pid: int) -> float:
    """Of the website and the workers it forked."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            own, rest = path.read_text().rsplit(")", 1)
            fields = rest.split()
            if int(own.split()[0]) == pid or int(fields[1]) == pid:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    if sys.argv[1:] == ["seed"]:
        _seed()
    else:
        for result in bench(*(float(argument) for argument in sys.argv[1:2])):
            print(json.dumps(result), flush=True)
