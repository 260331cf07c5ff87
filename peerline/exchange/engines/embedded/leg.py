"""One call's audio and keys. Used on the engine's loop only."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from baresip import AudioNotActive, AudioRestarted

from peerline.exchange.engines.embedded.causes import Ending

if TYPE_CHECKING:
    from peerline.exchange.port import Perform

FRAME_BYTES = 320  # 20 ms of 8 kHz mono 16 bit
SECOND_BYTES = 50 * FRAME_BYTES
LEAD_FRAMES = 3  # words run this far ahead of the wire, so that a late tick is not heard
BACKLOG_BYTES = 10 * FRAME_BYTES


class Leg:
    """A telephone at the other end, from the first ring to the last.

    id: the switchboard's number, None until it gave one. up: both sides can talk. gone: the call is over.
    """

    def __init__(self, ref: str, call: Any = None, leg_id: int | None = None) -> None:
        self.ref, self.call, self.id, self.inbound = ref, call, leg_id, leg_id is None
        self.up, self.gone, self.ours = asyncio.Event(), asyncio.Event(), ""
        self.ended: Ending | None = None
        self.keys: deque[str] = deque()
        self.stirred = asyncio.Event()  # a key came, or the leg went
        self.swallow = ("", 0.0)  # a key that no longer counts, and until when
        # what it performs
        self.language = "en"
        self.number, self.woken = -1, asyncio.Event()
        self.waiting: Perform | None = None
        self.step: asyncio.Task[Any] | None = None
        self.life: asyncio.Task[None] | None = None
        # what it hears and says
        self.words, self.place, self.told = b"", 0, asyncio.Event()
        self.tape: bytearray | None = None
        self.recording = False  # its end is waited for, so that what was said is kept
        self.room: Any = None

    def take_waiting(self) -> "Perform | None":
        waiting, self.waiting = self.waiting, None
        return waiting

    # --- keys -----------------------------------------------------------------------------------------------------

    def press(self, key: str, now: float) -> None:
        """A key came. One that only ended an entry already complete is dropped."""
        dropped, until = self.swallow
        self.swallow = ("", 0.0)
        if key == dropped and now < until:
            return
        self.keys.append(key)
        self.stirred.set()

    async def key_within(self, seconds: float) -> str:
        """The next key, or "" when none came in time or the leg went."""
        try:
            async with asyncio.timeout(seconds):
                while not self.keys and not self.gone.is_set():
                    self.stirred.clear()
                    await self.stirred.wait()
        except TimeoutError:
            return ""
        return self.keys.popleft() if self.keys else ""

    # --- audio ----------------------------------------------------------------------------------------------------

    def has_audio(self) -> bool:
        try:
            return bool(self.call.audio.info().tx_ready)
        except (AudioNotActive, AudioRestarted):
            return False

    def read(self) -> bytes:
        """All that came in since the last read; b"" while the streams change or are gone."""
        try:
            pcm = bytes(self.call.audio.read(2 * FRAME_BYTES))
            while len(pcm) % (2 * FRAME_BYTES) == 0 and pcm:
                more = self.call.audio.read(2 * FRAME_BYTES)
                if not more:
                    break
                pcm += more
            return pcm
        except (AudioNotActive, AudioRestarted):
            return b""

    def write(self, pcm: bytes) -> None:
        try:
            self.call.audio.write(pcm)
        except (AudioNotActive, AudioRestarted):
            return

    def hush(self) -> None:
        """Say nothing more: what was written and not yet sent is dropped."""
        self.words, self.place = b"", 0
        self.told.set()
        try:
            self.call.audio.flush_tx()
        except (AudioNotActive, AudioRestarted):
            return

    def trim(self) -> None:
        """Keep a conversation prompt: a far clock that runs fast fills the buffer over an hour."""
        try:
            if self.call.audio.info().tx_buffered > BACKLOG_BYTES:
                self.call.audio.flush_tx()
        except (AudioNotActive, AudioRestarted):
            return

    def begin(self, pcm: bytes) -> None:
        """Start to say this; `told` is set once the pump has given it all away."""
        self.words, self.place = pcm, 0
        self.told.clear()
        for _ in range(LEAD_FRAMES):
            self.say_frame()

    def say_frame(self) -> None:
        frame = self.words[self.place : self.place + FRAME_BYTES]
        if frame:
            self.write(frame)
            self.place += FRAME_BYTES
        if self.place >= len(self.words):
            self.words, self.place = b"", 0
            self.told.set()

    async def say(self, pcm: bytes) -> None:
        """Say all of it and return when it has been heard. Cancelled: falls silent at once."""
        self.begin(pcm)
        try:
            await self.told.wait()
            await asyncio.sleep(LEAD_FRAMES * 0.02)
        except asyncio.CancelledError:
            self.hush()
            raise
