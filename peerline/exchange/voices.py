"""Voice on disk: sealed, whole or not there, under a random name.

A file is lines, each one sealed second of 16-bit 8 kHz mono sound, so that a power cut costs the last line at most and
nothing is ever on disk in the clear. It is written as NAME.part, synced every second, and becomes NAME only when it is
whole: write, sync the file, rename, sync the folder, and only then a row (switchboard.py). The sweep removes what a
crash left without a row.
"""

import contextlib
import io
import os
import secrets
import wave
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from peerline.exchange.models import VoiceMessage
from peerline.kernel import clock
from peerline.vault.services import CannotOpen, seal, unseal

RATE = 8000
SECOND = RATE * 2  # bytes


def folder() -> Path:
    """Made when it is first needed, so that it survives a power cut like what is put into it."""
    path = Path(settings.STATE) / "voices"
    if not path.exists():
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync(path.parent)
    return path


class Recorder:
    """One recording being made: write() as sound comes, then keep() or drop(). Raises OSError when the disk is full."""

    def __init__(self) -> None:
        self.name = secrets.token_urlsafe(24)
        self._part = folder() / f"{self.name}.part"
        self._file = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._waiting = b""
        self._bytes = 0

    @property
    def seconds(self) -> float:
        return (self._bytes + len(self._waiting)) / SECOND

    def write(self, pcm: bytes) -> None:
        """16-bit little-endian 8 kHz mono. Every whole second is sealed and synced."""
        self._waiting += pcm
        while len(self._waiting) >= SECOND:
            self._seal(self._waiting[:SECOND])
            self._waiting = self._waiting[SECOND:]

    def keep(self) -> Path:
        """Make the file whole, and say where it is. After this it survives a power cut."""
        if self._waiting:
            self._seal(self._waiting)
            self._waiting = b""
        self._close()
        whole = self._part.rename(folder() / self.name)
        _sync(folder())
        return whole

    def drop(self) -> None:
        """Nothing was kept, even where keep() failed half way."""
        with contextlib.suppress(OSError):
            self._close()
        with contextlib.suppress(OSError):  # of a disk that fails; the sweep finds what is left
            self._part.unlink(missing_ok=True)
            remove([self.name])

    def _close(self) -> None:
        """Once: by the second time the number may be another file's."""
        handle, self._file = self._file, -1
        if handle >= 0:
            os.close(handle)

    def _seal(self, pcm: bytes) -> None:
        line = seal(pcm) + b"\n"
        written = os.write(self._file, line)
        if written != len(line):
            raise OSError(28, "No space left on device")
        os.fsync(self._file)
        self._bytes += len(pcm)


def _sync(place: Path) -> None:
    """The names in this folder survive a power cut."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sound(name: str) -> Iterator[bytes]:
    """The recording, second by second. Raises FileNotFoundError, CannotOpen. A torn last line is left out."""
    with (folder() / name).open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            yield unseal(line.rstrip(b"\n"))


def another_name(name: str) -> str:
    """A second name for the same sound on the disk: it stays until both names are removed."""
    other = secrets.token_urlsafe(24)
    (folder() / other).hardlink_to(folder() / name)
    _sync(folder())
    return other


def wav(name: str) -> bytes:
    """The whole recording as a WAV file in memory, for the player and the engines."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for pcm in sound(name):
            file.writeframes(pcm)
    return out.getvalue()


def remove(names: Iterable[str]) -> None:
    """Gone, and gone for good when this returns: a power cut brings none of them back."""
    for name in names:
        (folder() / name).unlink(missing_ok=True)
    _sync(folder())


def drop_parts() -> int:
    """After a crash: recordings that were under way. Nobody was told they are safe; how many. Only while nobody records."""
    parts = list(folder().glob("*.part"))
    for part in parts:
        part.unlink(missing_ok=True)
    return len(parts)


def strays(untouched_for: timedelta) -> list[str]:
    """Whole files that no row names: the process died between the rename and the commit.

    Young ones are let be: a living process may be on its way from the one to the other.
    """
    before = (clock.now() - untouched_for).timestamp()
    names = {path.name for path in folder().iterdir() if path.suffix != ".part" and _touched(path) <= before}
    return sorted(names - set(VoiceMessage.objects.filter(file__in=names).values_list("file", flat=True)))


def _touched(path: Path) -> float:
    """When it was last written; never, for one that went this moment."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


__all__ = ["CannotOpen", "Recorder", "another_name", "drop_parts", "folder", "remove", "sound", "strays", "wav"]
