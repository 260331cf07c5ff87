"""The port, on baresip: leads every leg from step to step.

One loop in a thread of its own holds the SIP end, the legs and the pump. The port's verbs come from any thread and are
handed to the loop. A leg's life is one task: reported, answered, then step after step until it is gone; a newer Perform
cancels the step under way, and a recording that the other side ends by hanging up is finished and reported first.
"""

import asyncio
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from baresip import BaresipError

from peerline.exchange.engines.embedded.desk import Desk
from peerline.exchange.engines.embedded.leg import Leg
from peerline.exchange.engines.embedded.line import Caller, CannotListen, Line
from peerline.exchange.engines.embedded.pump import Pump
from peerline.exchange.engines.embedded.room import Room
from peerline.exchange.engines.embedded.steps import Steps
from peerline.exchange.engines.embedded.tape import Sink
from peerline.exchange.engines.numbers import Numbers, Refused
from peerline.exchange.port import Answer, Answered, Entered, Hung, Incoming, Perform, Report
from peerline.kernel.dialogue import Spoken

log = logging.getLogger("peerline.exchange.embedded")
UP_SECONDS = 3.0  # from the other side's answer to audio both ways
MOST_REMEMBERED = 2000


class EmbeddedEngine:
    """The port (exchange/port.py). audio_for: words → WAV file or its bytes; sink: see tape.py."""

    name = "embedded"

    def __init__(
        self,
        *,
        audio_for: Callable[[Spoken], Path | bytes],
        sink: Sink,
        numbers: Numbers,
        bind: str = "127.0.0.1:5060",
        line_number: str = "+18005550142",
        lost_seconds: int = 30,
        poll: Callable[[], None] | None = None,
        rtp_ports: str = "",
    ) -> None:
        host, port = bind.rsplit(":", 1)
        self.numbers, self.poll = numbers, poll
        self.line = Line(host, int(port), line_number, lost_seconds, rtp_ports)
        self.line.incoming, self.line.keyed, self.line.closed = self._incoming, self._keyed, self._closed
        self.line.died = self._died
        self.steps = Steps(audio_for, sink, self._room, self._entered)
        self.legs: dict[int, Leg] = {}
        self.unnamed: set[Leg] = set()  # came in, and the switchboard has not said who they are
        self.rooms: OrderedDict[int, Room] = OrderedDict()
        self.rung: OrderedDict[str, None] = OrderedDict()  # the keys of rings already done
        self.pump = Pump(self.legs.values(), self.rooms)
        self.dead = threading.Event()
        self._alive: frozenset[int] = frozenset()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._failed: BaseException | None = None

    # --- the port's verbs: any thread -------------------------------------------------------------------------------

    def open(self, report: Callable[[Report], Perform | None]) -> None:
        """Raises line.CannotListen when the address cannot be had."""
        self.desk = Desk(report, self.poll)
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="telephone line", daemon=True)
        self._thread.start()
        ready.wait()
        if self._failed:
            raise self._failed

    def close(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(15)
        self.desk.close()

    def ring(self, leg_id: int, number: str, seconds: int, key: str) -> None:
        self._on_loop(self._ring, leg_id, number, seconds, key)

    def perform(self, perform: Perform) -> None:
        self._on_loop(self._perform, perform)

    def tone(self, room_id: int, name: str) -> None:
        self._on_loop(lambda: self._room(room_id).set_tone(name))

    def hang(self, leg_id: int, cause: str) -> None:
        self._on_loop(self._hang, leg_id, cause)

    def alive(self) -> set[int]:
        return set(self._alive)

    # --- the loop ---------------------------------------------------------------------------------------------------

    def _on_loop(self, job: Callable[..., Any], *args: Any) -> None:
        self._loop.call_soon_threadsafe(job, *args)

    def _run(self, ready: threading.Event) -> None:
        self._loop = asyncio.new_event_loop()
        try:
            self._loop.run_until_complete(self._live(ready))
        finally:
            self._loop.close()
            ready.set()

    async def _live(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        try:
            await self.line.open()
        except (CannotListen, BaresipError) as reason:  # handed to whoever opened
            self._failed = reason
            return
        ready.set()
        self._start(self.pump.run())
        poll = self._start(self._poll())
        await self._stop.wait()
        poll.cancel()
        await self._hang_all()
        await self.line.close()
        for task in self._tasks:
            task.cancel()

    async def _poll(self) -> None:
        while True:
            self.desk.glance()
            await asyncio.sleep(0.1)

    async def _hang_all(self) -> None:
        lives = [leg.life for leg in [*self.legs.values(), *self.unnamed] if leg.life]
        for leg in [*self.legs.values(), *self.unnamed]:
            await self.line.hang(leg, "lost")
        if lives:
            await asyncio.wait(lives, timeout=5)

    def _died(self) -> None:
        log.critical("the SIP stack died; the exchange must be started again")
        self.dead.set()
        self._stop.set()

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (reason := task.exception()):
            log.error("a task failed", exc_info=reason)

    # --- legs -------------------------------------------------------------------------------------------------------

    def _room(self, room_id: int) -> Room:
        """The room of this number. Empty ones are kept for their tone until many newer ones came."""
        if room_id not in self.rooms:
            self.rooms[room_id] = Room(room_id)
            for old in [key for key, room in self.rooms.items() if not room.inboxes][
                : len(self.rooms) - MOST_REMEMBERED
            ]:
                del self.rooms[old]
        return self.rooms[room_id]

    def _entered(self, leg: Leg, room_id: int) -> None:
        self._start(self._tell(Entered(leg.id or 0, room_id)))

    async def _tell(self, report: Report) -> None:
        if perform := await self.desk.ask(report):
            self._perform(perform)

    def _keyed(self, leg: Leg, key: str) -> None:
        leg.press(key, self._loop.time())

    def _name(self, leg: Leg, leg_id: int) -> None:
        leg.id = leg_id
        self.unnamed.discard(leg)
        self.legs[leg_id] = leg
        self._alive = frozenset(self.legs)

    def _incoming(self, leg: Leg, caller: Caller) -> None:
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

    def _ring(self, leg_id: int, number: str, seconds: int, key: str) -> None:
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
        patience = self._loop.call_later(seconds, lambda: self._start(self._give_up(leg)))
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
        until = self._loop.time() + UP_SECONDS
        while self._loop.time() < until and not leg.gone.is_set():
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
            await self.line.hang(leg, "failed")
        await leg.gone.wait()
        self.unnamed.discard(leg)
        if leg.id is not None:
            self.legs.pop(leg.id, None)
            self._alive = frozenset(self.legs)
            assert leg.ended
            await self.desk.ask(Hung(leg.id, *leg.ended))

    async def _next(self, leg: Leg, perform: Perform | None) -> Perform | None:
        """Do one step and report it; what comes next. None: nothing yet, so wait to be told."""
        if perform is None or perform.number <= leg.number:
            leg.woken.clear()
            await _first(leg.woken, leg.gone)
            return leg.take_waiting()
        leg.number = perform.number
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

    def _perform(self, perform: Perform) -> None:
        """Told from outside: replaces what is under way, unless it is what is under way, or older."""
        leg = self.legs.get(perform.leg_id)
        if leg is None or perform.number <= leg.number:
            return
        leg.waiting = newest(perform, leg.waiting)
        leg.woken.set()
        if leg.step:
            leg.step.cancel()

    def _hang(self, leg_id: int, cause: str) -> None:
        if leg := self.legs.get(leg_id):
            self._start(self.line.hang(leg, cause))

    def _closed(self, leg: Leg) -> None:
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
