"""Where a recording goes while it is being spoken, and how it becomes a file that survives a power cut.

A sink makes tapes: `sink(name) -> Tape`. The exchange's own (voices.Recorder) seals what it writes; the plain one here writes
a WAV, for tests and measurements. All of a tape's methods are called from worker threads, one after the other.
"""

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

HEAD_BYTES = 44
RATE = 8000


class Tape(Protocol):
    """One recording. Making it, write and keep raise OSError when the disk is full; then drop is called."""

    def write(self, pcm: bytes) -> None:
        """Add 8 kHz mono 16 bit PCM."""

    def keep(self) -> Path:
        """Make it whole and safe on disk, and say where. A half-written one is never found there."""

    def drop(self) -> None:
        """Leave nothing behind. Harmless when there is nothing."""


Sink = Callable[[str], Tape]


def head(pcm_bytes: int) -> bytes:
    """The 44 bytes in front of 8 kHz mono 16 bit PCM."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    return b"RIFF" + struct.pack("<I", 36 + pcm_bytes) + b"WAVE" + form + b"data" + struct.pack("<I", pcm_bytes)


class PlainTape:
    """A WAV written beside its place, then synced, renamed, and its folder synced."""

    def __init__(self, path: Path) -> None:
        self.path, self.fresh, self.length = path, path.with_suffix(".part"), 0
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file = self.fresh.open("wb")
        self.write(head(0))
        self.length = 0

    def write(self, pcm: bytes) -> None:
        self.file.write(pcm)
        self.file.flush()  # so that a full disk is noticed while there is somebody to tell
        self.length += len(pcm)

    def keep(self) -> Path:
        self.file.seek(0)
        self.file.write(head(self.length))
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.fresh.rename(self.path)
        _sync_folder(self.path.parent)
        return self.path

    def drop(self) -> None:
        try:
            self.file.close()
        except OSError:  # what was still to be flushed does not fit; it is not wanted any more
            pass
        finally:
            self.fresh.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """The new name itself survives a power cut only after this."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def plain_sink(folder: Path) -> Sink:
    """Recordings as WAV files in this folder."""
    return lambda name: PlainTape(folder / f"{name}.wav")
