"""A carrier that repeats, reorders, delays, loses and is impersonated: the end is that of an orderly one (R8)."""

import random

import pytest

from peerline.exchange import services, switchboard
from peerline.exchange.engines.webhook import engine as engines
from peerline.exchange.engines.webhook import recordings, reports
from peerline.exchange.models import CarrierNote, CarrierRecording, Effect, Leg
from tests.carrier.faults import Orderly, Unruly
from tests.exchange.scripts import live
from tests.exchange.stages import CODES, WebhookStage
from tests.exchange.webhook.test_same import differences
from tests.lengths import length

HISTORIES = length(10_000, 40)
ACTS = 9
# Only the news of its end tells a call that was declined from a busy one; asked later, a carrier calls both busy.
ASKED_LATER = CODES | {"declined": CODES["busy"]}


@pytest.fixture
def at_once(monkeypatch):
    """What is looked for after a while is looked for at once, so that nothing differs but who told."""
    monkeypatch.setattr(engines, "UNHEARD_FOR", engines.UNHEARD_FOR * 0)
    monkeypatch.setattr(recordings, "SEARCH_AFTER", recordings.SEARCH_AFTER * 0)


def ended(stage) -> list[object]:
    """Who is still there, after each act; what was heard and written is compared at the end."""
    return list(Leg.objects.order_by("pk").values_list("state", "cause"))


class Trial:
    """One history on an orderly carrier, and the same people on an unruly one."""

    def __init__(self, exchange, seed: int, *, lose: float) -> None:
        self.exchange, self.lose, self.forged = exchange, lose, 0
        exchange.carrier.faults = Orderly()
        codes = ASKED_LATER if lose else CODES
        self.orderly = live(WebhookStage(exchange, codes), seed=seed, length=ACTS, look=ended)
        self.faults = exchange.carrier.faults = Unruly(random.Random(seed), lose=lose)
        stage = WebhookStage(exchange, codes)
        self.unruly = live(
            stage, acts=self.orderly.acts, between=self._between, afterwards=self._a_day_later, look=ended
        )

    def _between(self) -> None:
        self._look()
        self.faults.again(self.exchange.carrier.send, 1)
        self._forge()
        self.exchange.settle()

    def _look(self) -> None:
        """What the worker does every few seconds, and what mends lost news."""
        if self.lose:
            services.sweep("webhook", self.exchange.engine.alive())
            self.exchange.engine.listen()
            self.exchange.settle()

    def _forge(self) -> None:
        url, fields = self.faults.chance.choice(self.faults.past)
        reply = self.exchange.door(url, fields | {"Digits": "1", "CallStatus": "completed"}, "forged")
        assert reply.status == 403, "a forged request was let in"
        self.forged += 1

    def _a_day_later(self) -> None:
        self.faults.again(self.exchange.carrier.send, 40)
        self.exchange.settle()
        assert not Effect.objects.filter(done_at=None).exists()
        assert not CarrierRecording.objects.exclude(state="gone").exists()
        left = set(self.exchange.carrier.recordings) - self.exchange.carrier.dropped
        assert not left, "the carrier still has a copy"

    def differences(self) -> list[str]:
        return differences(self.orderly, self.unruly)


@pytest.mark.req("R8")
@pytest.mark.parametrize("part", range(4))
def test_whatever_a_carrier_does_to_its_news_the_end_is_the_same(exchange, at_once, part):
    for seed in range(part, HISTORIES, 4):
        found = Trial(exchange, seed, lose=0.5 if seed % 8 >= 4 else 0.0).differences()
        assert not found, f"history {seed}: " + "\n".join(found[:4])


def careless(engine, report):
    """Takes every answer for an answer to the step that waits."""
    if isinstance(report, switchboard.Answer):
        report = switchboard.Answer(report.leg_id, Leg.objects.get(pk=report.leg_id).number, report.value)
    return switchboard_take(engine, report)


switchboard_take = switchboard._take


@pytest.mark.req("R8")
@pytest.mark.parametrize("fault", ["old answers count", "lost ends are not looked for", "a held end is let go early"])
def test_a_planted_fault_makes_a_difference(exchange, at_once, monkeypatch, fault):
    if fault == "old answers count":
        monkeypatch.setattr(
            "peerline.exchange.engines.webhook.views.step_waits", lambda perform, step: perform is not None
        )
        monkeypatch.setattr(switchboard, "_take", careless)
    elif fault == "lost ends are not looked for":
        monkeypatch.setattr(type(exchange.engine), "alive", lambda self: set(Leg.objects.values_list("pk", flat=True)))
    else:
        monkeypatch.setattr(reports, "Record", type("Never", (), {}))
    with pytest.raises((AssertionError, LookupError, StopIteration)):
        for seed in range(4, 200, 4 if fault != "old answers count" else 1):
            assert not Trial(exchange, seed, lose=0.5 if "lost" in fault or "held" in fault else 0.0).differences()


def test_an_end_that_is_heard_of_before_the_beginning_counts(exchange):
    fields = {
        "AccountSid": exchange.carrier.account,
        "CallSid": "CA" + "7" * 32,
        "From": "+17345550101",
        "To": "+18005550142",
    }
    url = exchange.carrier.public_url
    exchange.carrier.send(f"{url}/carrier/status/", fields | {"CallStatus": "completed"})
    reply = exchange.carrier.send(f"{url}/carrier/call/", fields | {"CallStatus": "ringing"})
    assert b"<Hangup" in reply.body
    assert Leg.objects.get().state == "over"


def test_the_ledger_knows_news_it_has_taken_and_forgets_it_after_a_while(exchange):
    done = []
    assert reports.first_time("news", lambda: done.append(1))
    assert not reports.first_time("news", lambda: done.append(2))
    assert done == [1]
    reports.forget_notes()
    assert CarrierNote.objects.count() == 1
    CarrierNote.objects.update(made_at="2020-01-01T00:00:00Z")
    reports.forget_notes()
    assert CarrierNote.objects.count() == 0
