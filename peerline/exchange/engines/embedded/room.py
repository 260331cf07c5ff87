"""A conversation's audio: each leg hears all the others and never itself.

Two legs without a tone are copied straight across: no mixing, no delay. Otherwise each tick takes one frame from every
leg's inbox, adds them up and gives each leg the sum less its own part.
"""

from collections.abc import Iterable

import numpy as np

from peerline.exchange.engines.embedded import tones
from peerline.exchange.engines.embedded.leg import FRAME_BYTES, Leg

CUSHION = 2 * FRAME_BYTES  # what an inbox holds before it is heard: two ticks of jitter
MOST = 6 * FRAME_BYTES
SAMPLES = FRAME_BYTES // 2


def mix_minus(frames: np.ndarray) -> np.ndarray:
    """Frames (legs × samples, int16) → what each leg hears (legs × samples, int16): the others' sum, clipped."""
    wide = frames.astype(np.int32)
    return np.clip(wide.sum(axis=0) - wide, -32768, 32767).astype(np.int16)


class Inbox:
    """One leg's audio on its way into the mix."""

    def __init__(self) -> None:
        self.held, self.flowing = bytearray(), False

    def put(self, pcm: bytes) -> None:
        self.held += pcm
        if len(self.held) > MOST:
            del self.held[: len(self.held) - CUSHION]

    def take(self) -> bytes:
        """The next 20 ms; silence until there is a cushion, and again after it ran dry."""
        self.flowing = len(self.held) >= (FRAME_BYTES if self.flowing else CUSHION)
        if not self.flowing:
            return bytes(FRAME_BYTES)
        frame = bytes(self.held[:FRAME_BYTES])
        del self.held[:FRAME_BYTES]
        return frame


class Room:
    """Legs that hear each other, and the tone they all hear."""

    def __init__(self, room_id: int) -> None:
        self.id, self.tone, self.place = room_id, "", 0
        self.inboxes: dict[Leg, Inbox] = {}

    def enter(self, leg: Leg) -> None:
        self.inboxes[leg] = Inbox()

    def leave(self, leg: Leg) -> None:
        self.inboxes.pop(leg, None)

    def set_tone(self, name: str) -> None:
        if name != self.tone:
            self.tone, self.place = name, 0

    def carry(self, heard: dict[Leg, bytes]) -> Iterable[tuple[Leg, bytes]]:
        """One tick: what each leg said in → what each leg is to hear."""
        if len(self.inboxes) == 2 and not self.tone:
            first, second = self.inboxes
            return ((first, heard[second]), (second, heard[first]))
        return self._mixed(heard)

    def _mixed(self, heard: dict[Leg, bytes]) -> Iterable[tuple[Leg, bytes]]:
        for leg, inbox in self.inboxes.items():
            inbox.put(heard[leg])
        frames = np.frombuffer(b"".join(inbox.take() for inbox in self.inboxes.values()), "<i2").reshape(-1, SAMPLES)
        told = mix_minus(frames).astype(np.int32) + self._tone_frame()
        told = np.clip(told, -32768, 32767).astype("<i2")
        return ((leg, frame.tobytes()) for leg, frame in zip(self.inboxes, told, strict=True))

    def _tone_frame(self) -> np.ndarray | int:
        if not self.tone:
            return 0
        loop = tones.loop(self.tone)
        frame = loop[(self.place + np.arange(SAMPLES)) % len(loop)]
        self.place = (self.place + SAMPLES) % len(loop)
        return frame
