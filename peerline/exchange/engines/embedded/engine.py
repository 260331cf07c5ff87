"""The port, on baresip.

One loop in a thread of its own holds the SIP end (line.py), the legs (lives.py) and the pump. The port's verbs come from
any thread and are handed to the loop.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from baresip import BaresipError

from peerline.exchange.engines.embedded.desk import Desk
from peerline.exchange.engines.embedded.line import CannotListen, Line
from peerline.exchange.engines.embedded.lives import Lives
from peerline.exchange.engines.embedded.pump import Pump
from peerline.exchange.engines.embedded.steps import Steps
from peerline.exchange.engines.embedded.tape import Sink
from peerline.exchange.engines.numbers import Numbers
from peerline.exchange.port import Perform, Report
from peerline.kernel.dialogue import Spoken

log = logging.getLogger("peerline.exchange.embedded")


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
        self.poll = poll
        self.line = Line(host, int(port), line_number, lost_seconds, rtp_ports)
        self.line.died = self._died
        self.lives = Lives(self.line, numbers, self._start)
        self.lives.steps = Steps(audio_for, sink, self.lives.room, self.lives.entered)
        self.pump = Pump(self.lives.legs.values(), self.lives.rooms)
        self.dead = threading.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._failed: BaseException | None = None

    # --- the port's verbs: any thread -------------------------------------------------------------------------------

    def open(self, report: Callable[[Report], Perform | None]) -> None:
        """Raises line.CannotListen when the address cannot be had."""
        self.desk = self.lives.desk = Desk(report, self.poll)
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
        self._on_loop(self.lives.ring, leg_id, number, seconds, key)

    def perform(self, perform: Perform) -> None:
        self._on_loop(self.lives.perform, perform)

    def tone(self, room_id: int, name: str) -> None:
        self._on_loop(lambda: self.lives.room(room_id).set_tone(name))

    def hang(self, leg_id: int, cause: str) -> None:
        self._on_loop(self.lives.hang, leg_id, cause)

    def alive(self) -> set[int]:
        return set(self.lives.alive)

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
        await self.lives.end_all()
        await self.line.close()
        for task in self._tasks:
            task.cancel()

    async def _poll(self) -> None:
        while True:
            self.desk.glance()
            await asyncio.sleep(0.1)

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
