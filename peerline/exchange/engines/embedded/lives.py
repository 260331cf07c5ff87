"""The lives of legs: each is one task, from the first report to Hung.

Reported, answered, then step after step until it is gone. A newer Perform cancels the step under way; what comes while
the switchboard is being asked waits for its answer, and the newer of the two is done. A recording that the other side
ends by hanging up is brought home and reported before the leg is reported Hung. All of it runs on the engine's loop.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from peerline.exchange.engines.embedded.desk import Desk
from peerline.exchange.engines.embedded.leg import Leg
from peerline.exchange.engines.embedded.line import Caller, Line
from peerline.exchange.engines.embedded.room import Room
from peerline.exchange.engines.embedded.steps import Steps
from peerline.exchange.engines.numbers import Numbers, Refused
from peerline.exchange.port import Answer, Answered, Entered, Hung, Incoming, Perform, Report
from peerline.kernel.dialogue import Spoken

log = logging.getLogger("peerline.exchange.embedded")
UP_SECONDS = 3.0  # from the other side's answer to audio both ways
MOST_REMEMBERED = 2000
SORRY = ("rescue.sorry", "goodbye")
Start = Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]


class Lives:
    """All legs of the line, and the rooms they are in. `start` runs a coroutine as a task of the engine."""

    def __init__(self, line: Line, numbers: Numbers, start: Start) -> None:
        self.line, self.numbers, self._start = line, numbers, start
        line.incoming, line.keyed, line.closed = self.incoming, self.keyed, self.closed
        self.steps: Steps
        self.desk: Desk
        self.legs: dict[int, Leg] = {}
        self.unnamed: set[Leg] = set()  # came in, and the switchboard has not said who they are
        self.rooms: OrderedDict[int, Room] = OrderedDict()
        self.rung: OrderedDict[str, None] = OrderedDict()  # the keys of rings already done
        self.alive: frozenset[int] = frozenset()

    async def end_all(self) -> None:
        """Hang up everywhere, and wait until it is reported."""
        legs = [*self.legs.values(), *self.unnamed]
        for leg in legs:
            await self.line.hang(leg, "lost")
        if lives := [leg.life for leg in legs if leg.life]:
            await asyncio.wait(lives, timeout=5)

    def room(self, room_id: int) -> Room:
        """The room of this number. Empty ones are kept for their tone until many newer ones came."""
        if room_id not in self.rooms:
            self.rooms[room_id] = Room(room_id)
            for old in [key for key, room in self.rooms.items() if not room.inboxes][
                : len(self.rooms) - MOST_REMEMBERED
            ]:
                del self.rooms[old]
        return self.rooms[room_id]

    def entered(self, leg: Leg, room_id: int) -> None:
        self._start(self._tell(Entered(leg.id or 0, room_id)))

    async def _tell(self, report: Report) -> None:
        if perform := await self.desk.ask(report):
            self.perform(perform)

    def keyed(self, leg: Leg, key: str) -> None:
        leg.press(key, time.monotonic())

    def _name(self, leg: Leg, leg_id: int) -> None:
        leg.id = leg_id
        self.unnamed.discard(leg)
        self.legs[leg_id] = leg
        self.alive = frozenset(self.legs)

    def incoming(self, leg: Leg, caller: Caller) -> None:
        leg.ref = secrets.token_hex(12)
        self.unnamed.add(leg)
        leg.life = self._start(self._led(leg, self._answered_in(leg, caller)))

    async def _answered_in(self, leg: Leg, caller: Caller) -> Perform | None:
        """Report an incoming call, and pick up if the switchboard wants it."""
        number, dialed = self.numbers.number_of(caller.sender, caller.contact), self.numbers.dialed(caller.dialed)
        perform = await self.desk.ask(Incoming(leg.ref, number, dialed))
        if perform is None:
            await self.line.refuse(leg)
            return None
        self._name(leg, perform.leg_id)
        if not leg.gone.is_set():
            await self.line.answer(leg)
            await self._both_ways(leg)
        return perform

    def ring(self, leg_id: int, number: str, seconds: int, key: str) -> None:
        if leg_id in self.legs or key in self.rung:
            return
        self.rung[key] = None
        if len(self.rung) > MOST_REMEMBERED:
            self.rung.popitem(last=False)
        leg = Leg(secrets.token_hex(12), leg_id=leg_id)
        self._name(leg, leg_id)
        leg.life = self._start(self._led(leg, self._answered_out(leg, number, seconds)))

    async def _answered_out(self, leg: Leg, number: str, seconds: int) -> Perform | None:
        """Dial and wait; the first step once they picked up."""
        try:
            address = self.numbers.address_of(number)
        except Refused as reason:
            log.error("leg %s: not dialed: %s", leg.id, reason)
            self.line.never(leg, "failed", 403)
            return None
        await self.line.dial(leg, address)
        patience = asyncio.get_running_loop().call_later(seconds, lambda: self._start(self._give_up(leg)))
        await _first(leg.up, leg.gone)
        patience.cancel()
        if leg.gone.is_set():
            return None
        await self._both_ways(leg)
        return await self.desk.ask(Answered(leg.id or 0, leg.ref))

    async def _give_up(self, leg: Leg) -> None:
        if not leg.up.is_set():
            await self.line.hang(leg, "no_answer")

    async def _both_ways(self, leg: Leg) -> None:
        """Until audio flows, or the leg went, or UP_SECONDS passed."""
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until and not leg.gone.is_set():
            if leg.up.is_set() and leg.has_audio():
                return
            await asyncio.sleep(0.01)

    async def _led(self, leg: Leg, first: Coroutine[Any, Any, Perform | None]) -> None:
        """A leg's whole life; at its end, and only there, it is reported Hung."""
        try:
            perform = newest(await first, leg.waiting)
            while not leg.gone.is_set():
                perform = await self._next(leg, perform)
        except Exception:  # this leg's fault ends this leg
            log.exception("leg %s failed", leg.id)
            await self._say_sorry(leg)
            await self.line.hang(leg, "failed")
        await leg.gone.wait()
        self.unnamed.discard(leg)
        if leg.id is not None:
            self.legs.pop(leg.id, None)
            self.alive = frozenset(self.legs)
            assert leg.ended
            await self.desk.ask(Hung(leg.id, *leg.ended))

    async def _say_sorry(self, leg: Leg) -> None:
        """The switchboard itself failed (a full disk, no database): the caller hears so, instead of a dead line."""
        if leg.up.is_set() and not leg.gone.is_set():
            with contextlib.suppress(Exception):
                await self.steps.say(leg, tuple(Spoken(leg.language, prompt) for prompt in SORRY), barge_in=False)

    async def _next(self, leg: Leg, perform: Perform | None) -> Perform | None:
        """Do one step and report it; what comes next. None: nothing yet, so wait to be told."""
        if perform is None or perform.number <= leg.number:
            leg.woken.clear()
            await _first(leg.woken, leg.gone)
            return leg.take_waiting()
        leg.number = perform.number
        leg.language = perform.said[-1].language if perform.said else leg.language
        leg.step = asyncio.ensure_future(self.steps.do(leg, perform))
        await asyncio.wait({leg.step})
        if leg.step.cancelled():
            return leg.take_waiting()
        value = leg.step.result()
        if value is None:
            await self.line.hang(leg, "hangup")
            await leg.gone.wait()
            return None
        return newest(await self.desk.ask(Answer(perform.leg_id, perform.number, value)), leg.take_waiting())

    def perform(self, perform: Perform) -> None:
        """Told from outside: replaces what is under way, unless it is what is under way, or older."""
        leg = self.legs.get(perform.leg_id)
        if leg is None or perform.number <= leg.number:
            return
        leg.waiting = newest(perform, leg.waiting)
        leg.woken.set()
        if leg.step:
            leg.step.cancel()

    def hang(self, leg_id: int, cause: str) -> None:
        if leg := self.legs.get(leg_id):
            self._start(self.line.hang(leg, cause))

    def closed(self, leg: Leg) -> None:
        """The call is over. A step under way ends, but a recording may first be brought home."""
        leg.gone.set()
        leg.stirred.set()
        leg.told.set()
        if leg.step and not leg.recording:
            leg.step.cancel()


def newest(one: Perform | None, other: Perform | None) -> Perform | None:
    if one is None or other is None:
        return one or other
    return one if one.number >= other.number else other


async def _first(*events: asyncio.Event) -> None:
    """Until one of them is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
