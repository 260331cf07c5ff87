"""The website and the worker as they really run, over real HTTP: a ring leaves within a second, and two people talk."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.carrier.carrier import Carrier, Reply
from tests.carrier.rest import Rest
from tests.exchange.webhook.conftest import ACCOUNT, TOKEN

ROOT = Path(__file__).resolve().parents[3]
AT_ONCE = 3
SOON_SECONDS = 5.0  # a second on an idle machine; tests share theirs


class Server:
    """Website and worker on a state folder of their own, and a carrier that knows them by their real address."""

    def __init__(self, state: Path, port: int) -> None:
        self.state, self.url = state, f"http://127.0.0.1:{port}"
        self.carrier = Carrier(ACCOUNT, TOKEN, self.url, self.door)
        self.rest = Rest(self.carrier)
        (state / "numbers.csv").write_text("+1734*,carrier\n")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEERLINE_", "DJANGO_"))}
        mine = {
            "STATE": str(state), "DEMO": "0", "ENGINE": "webhook", "HTTP": f"127.0.0.1:{port}", "CARRIER_ACCOUNT": ACCOUNT,
            "CARRIER_TOKEN": TOKEN, "CARRIER_URL": self.rest.url, "LOG": "WARNING",
        }  # fmt: skip
        self.environment = kept | {f"PEERLINE_{name}": value for name, value in mine.items()}
        self.children: list[subprocess.Popen] = []

    def seed(self, what: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tests.exchange.webhook.seed", what], env=self.environment, cwd=ROOT, check=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        return done.stdout.decode()

    def start(self) -> None:
        for name in ("web", "worker"):
            self.children.append(
                subprocess.Popen(
                    [sys.executable, "-W", "ignore", "-m", "peerline", name], env=self.environment, cwd=ROOT
                )
            )
        assert self.until(self._answers, 60), "the website does not answer"

    def _answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
            return True
        return False

    def door(self, url: str, fields: dict[str, str], signature: str) -> Reply:
        """Every request three times at the same instant: all are answered, and one counts."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            replies = list(pool.map(lambda _: self._ask(url, fields, signature), range(AT_ONCE)))
        assert {reply.status for reply in replies} <= {200, 204}, replies
        return replies[0]

    def _ask(self, url: str, fields: dict[str, str], signature: str) -> Reply:
        request = urllib.request.Request(url, urlencode(fields).encode(), {"X-Twilio-Signature": signature})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Reply(answer.status, answer.headers.get("Content-Type", ""), answer.read())
        except urllib.error.HTTPError as refusal:
            return Reply(refusal.code, "", b"")

    def until(self, done, seconds: float = 30) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.carrier.settle()
            if done():
                return True
            time.sleep(0.05)
        return False

    def ringing(self):
        return [call for call in self.carrier.calls.values() if call.status == "ringing"]

    def count(self, rows: str) -> int:
        return self.ask(f"SELECT COUNT(*) FROM {rows}")

    def ask(self, query: str):
        with sqlite3.connect(self.state / "peerline.sqlite3") as tables:
            return tables.execute(query).fetchone()[0]

    def seconds_to_ring(self) -> float:
        """The longest that a ring waited between its commit and somebody's taking it up."""
        waited = "(julianday(taken_at) - julianday(made_at)) * 86400"
        return self.ask(f"SELECT MAX({waited}) FROM exchange_effect WHERE verb = 'ring'")

    def stop(self) -> list[int]:
        """How each child ended."""
        for child in self.children:
            child.terminate()
        ends = [child.wait(20) for child in self.children]
        self.rest.close()
        return ends


@pytest.fixture
def server(tmp_path):
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = Server(tmp_path, port)
    yield server
    for child in server.children:
        child.kill()


@pytest.mark.req("S3", "R8")
@pytest.mark.skipif("PGHOST" in os.environ, reason="a server of its own, on SQLite; once is enough")
def test_website_and_worker_carry_a_conversation_over_http(server):
    carrier = server.carrier
    server.seed("make")
    server.start()
    server.seed("ring")
    assert server.until(server.ringing), "nobody is rung"
    [rosa] = server.ringing()
    carrier.answer(rosa)
    carrier.press(rosa, "1")
    assert server.until(server.ringing), "the partner is not rung"
    [elm] = server.ringing()
    assert carrier.tones[rosa.sid].endswith("/ringing.wav")
    carrier.answer(elm)
    carrier.press(elm, "1")
    assert server.until(lambda: carrier.hears(rosa) == [elm] and carrier.hears(elm) == [rosa])
    carrier.press(rosa, "*")
    assert server.until(lambda: carrier.tones.get(elm.sid, "").endswith("/hold.wav")), "the partner hears nothing"
    for address in {*rosa.heard, *elm.heard, *carrier.tones.values()}:
        with urllib.request.urlopen(address, timeout=30) as sound:
            assert sound.read(4) == b"RIFF"
    carrier.hang_up(rosa)
    assert server.until(lambda: elm.doing != "Dial"), "the partner is not told"
    carrier.hang_up(elm)
    assert server.until(lambda: server.count("exchange_leg WHERE state <> 'over'") == 0)
    assert (server.count("exchange_leg"), server.count("exchange_call"), server.count("exchange_room")) == (2, 1, 1)
    assert len([path for method, path, _ in server.rest.asked if (method, path) == ("POST", "Calls.json")]) == 2
    for address in rosa.heard:
        if "/words/" in address and address.count("/") == 5:
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(address, timeout=30)
    print(f"the longest a ring waited: {server.seconds_to_ring():.2f} s")
    assert server.seconds_to_ring() < SOON_SECONDS
    assert set(server.stop()) <= {0, -15}
