"""The 20 ms tick that carries all audio.

Numbered, for each tick: 1. read every leg; 2. put it on the leg's tape if it is being recorded; 3. carry it through its
room; 4. give every leg that is being told something its next frame. A late tick is followed by the ones that were
missed, so the average rate holds; the lead and the cushions hide the gap.
"""

import asyncio
import logging
import time
from collections.abc import Collection

from peerline.exchange.engines.embedded.leg import Leg
from peerline.exchange.engines.embedded.room import Room

log = logging.getLogger("peerline.exchange.embedded")
TICK_SECONDS = 0.02
TRIM_TICKS = 50


class Pump:
    """Owns the legs' clock. `legs` and `rooms` are live views of the engine's own."""

    def __init__(self, legs: Collection[Leg], rooms: dict[int, Room]) -> None:
        self.legs, self.rooms = legs, rooms
        self.ticks, self.latest = 0, 0.0  # latest: the worst lateness so far, in seconds

    async def run(self) -> None:
        due = time.monotonic()
        while True:
            if not self.legs:  # nobody to serve: look up less often
                await asyncio.sleep(2 * TICK_SECONDS)
                due = time.monotonic()
                continue
            self.tick()
            due += TICK_SECONDS
            late = time.monotonic() - due
            self.latest = max(self.latest, late)
            if late > 1.0:  # the machine slept: what was missed is past
                due = time.monotonic()
            await asyncio.sleep(max(0.0, -late))

    def tick(self) -> None:
        self.ticks += 1
        heard: dict[Leg, bytes] = {}
        for leg in list(self.legs):
            try:
                self._serve(leg, heard)
            except Exception:  # one leg's fault is its own
                log.exception("leg %s: audio failed", leg.id)
        for room in self.rooms.values():
            if room.inboxes:
                self._carry(room, heard)

    def _serve(self, leg: Leg, heard: dict[Leg, bytes]) -> None:
        if not leg.up.is_set() or leg.gone.is_set():
            return
        if leg.room or leg.tape is not None or self.ticks % 4 == 0:  # nobody listens: look in now and then
            pcm = leg.read()
            if leg.tape is not None:
                leg.tape += pcm
            heard[leg] = pcm
        if leg.words:
            leg.say_frame()

    def _carry(self, room: Room, heard: dict[Leg, bytes]) -> None:
        for leg in room.inboxes:
            heard.setdefault(leg, b"")
        try:
            for leg, pcm in room.carry(heard):
                if pcm and not leg.gone.is_set():
                    leg.write(pcm)
            if self.ticks % TRIM_TICKS == 0:
                for leg in room.inboxes:
                    leg.trim()
        except Exception:
            log.exception("room %s: audio failed", room.id)
