"""The town on a carrier's line: Peerline's real doors, worker's moves and REST, and a simulated carrier at the other end."""

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from peerline.exchange.effects import carry_out
from peerline.exchange.engines.webhook import recordings
from peerline.exchange.engines.webhook.engine import WebhookEngine
from peerline.exchange.models import CarrierRecording
from peerline.exchange.switchboard import reporter
from peerline.kernel import clock
from tests.carrier.carrier import Call, Carrier, Reply
from tests.carrier.rest import Rest
from tests.exchange.conftest import ROSA

ACCOUNT, TOKEN = "AC" + "0" * 32, "the tests' own token"
PUBLIC_URL, LINE = "https://peerline.example", "+18005550142"


class Exchange:
    """A carrier, and this side's worker: `settle` runs both until nothing is left to do."""

    def __init__(self) -> None:
        self.client = Client()
        self.carrier = Carrier(ACCOUNT, TOKEN, PUBLIC_URL, self.door)
        self.rest = Rest(self.carrier)

    def open(self) -> None:
        self.engine = WebhookEngine()
        self.engine.open(reporter("webhook"))

    def door(self, url: str, fields: dict[str, str], signature: str) -> Reply:
        parts = urlsplit(url)
        response = self.client.post(
            parts.path + (f"?{parts.query}" if parts.query else ""), urlencode(fields),
            content_type="application/x-www-form-urlencoded", headers={"X-Twilio-Signature": signature, "Host": parts.netloc},
        )  # fmt: skip
        return Reply(response.status_code, response.headers.get("Content-Type", ""), response.content)

    def settle(self) -> None:
        for _ in range(200):
            if not self.settle_once():
                return
        raise AssertionError("the line never comes to rest")

    def settle_once(self) -> bool:
        """One round of the worker and the carrier; whether there was something to do."""
        busy = carry_out(self.engine) + recordings.fetch_due(self.engine.rest)
        return (self.carrier.settle() and not self._only_waits()) or bool(busy)

    def _only_waits(self) -> bool:
        """Everybody pauses, and no recording is due yet: nothing happens until time goes on."""
        pausing = all(call.doing == "Pause" for call in self.carrier.calls.values() if not call.over)
        return pausing and CarrierRecording.objects.filter(state="waiting", next_at__gt=clock.now()).exists()

    # --- people; each act is followed by rest ---

    def dial(self, number: str = ROSA) -> Call:
        call = self.carrier.dial(number, LINE)
        self.settle()
        return call

    def press(self, call: Call, keys: str) -> None:
        for key in keys:
            self.carrier.press(call, key)
            self.settle()

    def speak(self, call: Call, **how: object) -> None:
        self.carrier.speak(call, **how)  # type: ignore[arg-type]
        self.settle()

    def answer(self, call: Call) -> None:
        self.carrier.answer(call)
        self.settle()

    def hang_up(self, call: Call) -> None:
        self.carrier.hang_up(call)
        self.settle()

    def ringing(self) -> Call:
        """The telephone that rings now."""
        return next(call for call in self.carrier.calls.values() if not call.inbound and call.status == "ringing")

    def close(self) -> None:
        self.rest.close()


@pytest.fixture
def exchange(town, settings, tmp_path) -> Iterator[Exchange]:
    exchange = Exchange()
    settings.ENGINE, settings.PUBLIC_URL, settings.LINE_NUMBER = "webhook", PUBLIC_URL, LINE
    settings.ALLOWED_HOSTS = ["peerline.example"]
    settings.NUMBERS_FILE = tmp_path / "numbers.csv"
    settings.NUMBERS_FILE.write_text("+1734*,carrier\n")
    settings.CARRIER = {
        "kind": "twilio",
        "account": ACCOUNT,
        "token": TOKEN,
        "url": exchange.rest.url,
        "guess_machines": False,
    }
    exchange.town = town
    exchange.open()
    yield exchange
    exchange.close()
