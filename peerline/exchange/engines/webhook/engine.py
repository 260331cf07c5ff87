"""The port, on a carrier's REST interface. It keeps nothing: what it knows of a leg stands in the leg's row.

A call at the carrier outlives us: closing this engine ends no call, and the next process goes on with it.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from peerline.carrier.rest import CarrierAway, CarrierRefused
from peerline.exchange import services
from peerline.exchange.engines.numbers import Numbers, Refused
from peerline.exchange.engines.webhook.addresses import address, room_name
from peerline.exchange.engines.webhook.causes import OVER, ending
from peerline.exchange.engines.webhook.reports import NAME, over
from peerline.exchange.engines.webhook.rest import Rest
from peerline.exchange.models import Leg, Member
from peerline.exchange.port import Entered, Hung, Perform, Report
from peerline.kernel import clock

log = logging.getLogger(__name__)
TRIES = 3  # of what is harmless to repeat
UNHEARD_FOR = timedelta(seconds=10)  # a leg that went into a room and of which the carrier said nothing since


class WebhookEngine:
    """The port (exchange/port.py)."""

    name = NAME

    def __init__(self, rest: Rest | None = None, numbers: Numbers | None = None) -> None:
        self.rest = rest or Rest()
        self.numbers = numbers or Numbers(settings.NUMBERS_FILE, settings.LINE_NUMBER)

    def open(self, report: Callable[[Report], Perform | None]) -> None:
        self._report = report

    def close(self) -> None:
        """Nothing to stop: see above."""

    def ring(self, leg_id: int, number: str, seconds: int, key: str) -> None:
        """Dial once. Where it is not known whether the carrier did, the leg counts as failed, and is hung up should it call."""
        try:
            if self.numbers.route(number) != "carrier":
                raise Refused("the table sends it to a telephone of its own, not to the carrier")
            sid = self.rest.ring(**self._ringing(leg_id, number, seconds))
        except Refused as reason:
            log.warning("leg %s is not dialed: %s", leg_id, reason)
            self._report(Hung(leg_id, "unreachable", by="us"))
        except CarrierRefused as reason:
            log.warning("leg %s is not dialed: %s", leg_id, reason)
            self._report(Hung(leg_id, "unreachable"))
        except CarrierAway as reason:
            log.error("leg %s could not be dialed: %s", leg_id, reason)
            self._report(Hung(leg_id, "failed"))
        else:
            if not services.known_as(leg_id, sid):
                self.rest.end(sid)

    def _ringing(self, leg_id: int, number: str, seconds: int) -> dict[str, str | list[str]]:
        fields: dict[str, str | list[str]] = {
            "To": number, "From": settings.LINE_NUMBER, "Timeout": str(seconds), "Url": address("now", leg_id), "Method": "POST",
            "StatusCallback": address("leg_status", leg_id), "StatusCallbackMethod": "POST", "StatusCallbackEvent": ["completed"],
        }  # fmt: skip
        if settings.CARRIER["guess_machines"]:
            fields |= {
                "MachineDetection": "Enable",
                "AsyncAmd": "true",
                "AsyncAmdStatusCallback": address("machine", leg_id),
            }
        return fields

    def perform(self, perform: Perform) -> None:
        """Send the leg to where it is told what to perform now: whatever that is by then."""
        ref = _ref(perform.leg_id)
        if ref:
            _insist(lambda: self.rest.send_to(ref, address("now", perform.leg_id)))

    def tone(self, room_id: int, name: str) -> None:
        """Who waits for the first other one hears it from the door `wait`; who is alone again is held to hear it."""
        if name and Member.objects.filter(room_id=room_id, ever_in=True).count() < 2:
            return
        conference, calls = _insist(lambda: self.rest.in_conference(room_name(room_id)))
        for sid in calls:
            to = address("tone", name) if name else ""
            _insist(lambda sid=sid, to=to: self.rest.hold(conference, sid, to))

    def hang(self, leg_id: int, cause: str) -> None:
        ref = _ref(leg_id)
        if ref:
            _insist(lambda: self.rest.end(ref))
        self._report(Hung(leg_id, cause, by="us"))

    def alive(self) -> set[int]:
        """The legs with a telephone at their end. One whose end the carrier never told us is reported now."""
        legs = list(Leg.objects.filter(engine=NAME).exclude(state="over").values_list("pk", "ref"))
        try:
            under_way = self.rest.under_way() if legs else set()
            return {leg_id for leg_id, ref in legs if ref and (ref in under_way or not self._is_over(leg_id, ref))}
        except (CarrierAway, CarrierRefused) as reason:
            log.warning("the carrier does not say which calls are under way: %s", reason)
            return {leg_id for leg_id, _ in legs}

    def _is_over(self, leg_id: int, ref: str) -> bool:
        word = self.rest.status(ref)
        if word in OVER:
            over(leg_id, ending(word))
        return word in OVER or not word

    def listen(self) -> int:
        """Legs that are in a room, but of which the carrier never said that they hear it: look; how many hear it."""
        silent = Member.objects.filter(state="in", hears=False, leg__engine=NAME, leg__state="up")
        rooms = set(silent.filter(room__opened_at__lte=clock.now() - UNHEARD_FOR).values_list("room_id", flat=True))
        return sum(self._listen_in(room_id, silent) for room_id in rooms)

    def _listen_in(self, room_id: int, silent: object) -> int:
        _, calls = self.rest.in_conference(room_name(room_id))
        there = silent.filter(room_id=room_id, leg__ref__in=calls).values_list("leg_id", flat=True)  # type: ignore[attr-defined]
        for leg_id in (found := list(there)):
            self._report(Entered(leg_id, room_id))
        return len(found)


def _ref(leg_id: int) -> str:
    return Leg.objects.filter(pk=leg_id).values_list("ref", flat=True).first() or ""


def _insist(work: Callable[[], object]) -> object:
    """Try what is harmless to repeat a few times. A call that is gone needs nothing any more."""
    for left in reversed(range(TRIES)):
        try:
            return work()
        except CarrierRefused as refusal:
            if refusal.status in (400, 404):
                return "", []
            raise
        except CarrierAway:
            if not left:
                raise
    raise AssertionError
