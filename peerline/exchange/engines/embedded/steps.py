"""One step on one leg: say the words, then wait for the answer. Each function may be cancelled at any await."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from peerline.exchange.engines.embedded import sounds, tones
from peerline.exchange.engines.embedded.entry import LATE_END_SECONDS, entered
from peerline.exchange.engines.embedded.leg import SECOND_BYTES, Leg
from peerline.exchange.engines.embedded.room import CUSHION, Room
from peerline.exchange.engines.embedded.tape import Sink, Tape
from peerline.exchange.port import Perform
from peerline.kernel.dialogue import Enter, Hang, Keys, Press, Record, Secret, Spoken

log = logging.getLogger("peerline.exchange.embedded")
SPEECH_RMS = 250.0  # of 32767: quiet speech is louder, a line's own noise is not
ANYTHING_RMS = 60.0  # below this nothing at all was said: an empty message helps nobody
LOOK_SECONDS = 0.2


class Steps:
    """Performs steps with what the engine was given: words to sound, a sink for recordings, the rooms."""

    def __init__(
        self,
        audio_for: Callable[[Spoken], Path | bytes],
        sink: Sink,
        room: Callable[[int], Room],
        entered_room: Callable[[Leg, int], None],
    ) -> None:
        self.audio_for, self.sink, self.room, self.entered_room = audio_for, sink, room, entered_room
        self.files = ThreadPoolExecutor(4, thread_name_prefix="files")  # speech and disks are slow

    async def do(self, leg: Leg, perform: Perform) -> Any:
        """The step's answer in the port's words; None when the leg is to be hung up, or is gone and said nothing."""
        step = perform.step
        match step:
            case Press() | Keys() | Secret():
                await self.say(leg, perform.said)
                return await self.keys(leg, step)
            case Record():
                await self.say(leg, perform.said)
                return await self.record(leg, step)
            case Enter():
                leg.keys.clear()  # an old key would throw the leg out of the room it just came to
                await self.say(leg, perform.said)
                return await self.enter(leg, step)
            case Hang():
                await self.say(leg, perform.said, barge_in=False)
                return None
        raise TypeError(f"no engine performs {type(step).__name__}")

    async def _off_loop(self, job: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.files, job, *args)

    async def say(self, leg: Leg, said: tuple[Spoken, ...], *, barge_in: bool = True) -> None:
        """Say it all. With barge_in a key falls into it, even one that came before, and is kept for the step."""
        if not said or (barge_in and leg.keys):
            return
        saying = asyncio.ensure_future(self._spoken(leg, said))
        try:
            await (_or_key(leg, saying) if barge_in else saying)
        finally:
            saying.cancel()
            await asyncio.wait({saying})  # silent before anything else is said

    async def _spoken(self, leg: Leg, said: tuple[Spoken, ...]) -> None:
        """Words that were never said before take a moment to make; a key need not wait for them."""
        pcm = sounds.joined(await asyncio.gather(*(self._off_loop(self._sound, spoken) for spoken in said)))
        await leg.say(pcm)

    def _sound(self, spoken: Spoken) -> bytes:
        try:
            return sounds.load(self.audio_for(spoken))
        except Exception:  # the call goes on without these words
            log.exception("no sound for %s", spoken.prompt or f"voice {spoken.voice_id}")
            return b""

    async def keys(self, leg: Leg, step: Press | Keys | Secret) -> str:
        """The keys the step asks for. Each key has `seconds` to come; what came till then is the answer."""
        pressed = ""
        while key := await leg.key_within(step.seconds):
            pressed += key
            answer, swallow = entered(step, pressed)
            if answer is not None:
                leg.swallow = (swallow, time.monotonic() + LATE_END_SECONDS)
                return answer
        return pressed

    async def enter(self, leg: Leg, step: Enter) -> str:
        """In the room until the away key; then "key". A newer step, or the end of the call, cancels it."""
        room = self.room(step.room)
        leg.read()  # what was said to the machine is not for the others
        leg.write(bytes(CUSHION))
        room.enter(leg)
        leg.room = room
        self.entered_room(leg, step.room)
        try:
            while await leg.key_within(86_400) != step.away_key:
                continue
            return "key"
        finally:
            room.leave(leg)
            leg.room = None
            leg.hush()

    async def record(self, leg: Leg, step: Record) -> dict[str, Any] | None:
        """After the beep: until any key, silence, the limit or the end of the call.

        Nothing kept ("path" is "") when the disk was full or nothing at all was said; no answer at all (None) where the
        call ended before anything was. A key pressed before the beep only skipped the words.
        """
        tape: Tape | None = None
        leg.recording = True
        try:
            tape = await self._off_loop(self.sink, secrets.token_hex(16))
            await leg.say(tones.beep())
            leg.keys.clear()
            leg.read()
            leg.tape = bytearray()
            why, length, spoken = await self._listen(leg, step, tape)
            leg.tape = None
            if not spoken:
                await self._off_loop(tape.drop)
                return None if why == "hangup" else {"path": "", "seconds": 0.0, "why": why}
            path = await self._off_loop(tape.keep)
            return {"path": str(path), "seconds": round(length / SECOND_BYTES, 2), "why": why}
        except OSError as reason:
            log.error("a recording could not be kept: %s", reason)
            await self._dropped(tape)
            return {"path": "", "seconds": 0.0, "why": "full"}
        except asyncio.CancelledError:
            await asyncio.shield(self._dropped(tape))
            raise
        finally:
            leg.tape, leg.recording = None, False

    async def _dropped(self, tape: Tape | None) -> None:
        if tape is not None:
            await self._off_loop(tape.drop)

    async def _listen(self, leg: Leg, step: Record, tape: Tape) -> tuple[str, int, bool]:
        """Move what the pump collects onto the tape. (why it ended, bytes, whether anything was said)."""
        length, last_loud, spoken, limit = 0, 0, False, step.seconds * SECOND_BYTES
        while True:
            key = await leg.key_within(LOOK_SECONDS)
            assert leg.tape is not None
            fresh, leg.tape = bytes(leg.tape)[: limit - length], bytearray()
            length += len(fresh)
            if fresh:
                loudness = _rms(fresh)
                last_loud = length if loudness > SPEECH_RMS else last_loud
                spoken = spoken or loudness > ANYTHING_RMS
                await self._off_loop(tape.write, fresh)
            if leg.gone.is_set():
                return "hangup", length, spoken
            if key:
                return "key", length, spoken
            if length >= limit:
                return "time", length, spoken
            if length - last_loud >= step.silence_seconds * SECOND_BYTES:
                return "silence", length, spoken


def _rms(pcm: bytes) -> float:
    return float(np.sqrt(np.mean(np.frombuffer(pcm, "<i2").astype(np.float32) ** 2)))


async def _or_key(leg: Leg, saying: Awaitable[None]) -> None:
    """Until it is said, a key came, or the leg went. The key stays where it is."""
    if leg.keys:
        return
    leg.stirred.clear()
    key = asyncio.ensure_future(leg.stirred.wait())
    try:
        await asyncio.wait({saying, key}, return_when=asyncio.FIRST_COMPLETED)  # type: ignore[type-var]
    finally:
        key.cancel()
