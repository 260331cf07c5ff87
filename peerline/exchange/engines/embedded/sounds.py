"""WAV files into what a telephone can be told: 8 kHz mono 16 bit PCM. A broken file is silence and a line in the log."""

import io
import logging
import struct
from functools import lru_cache
from pathlib import Path

import numpy as np

log = logging.getLogger("peerline.exchange.embedded")
RATE = 8000
MOST_BYTES = 12_000_000  # 10 minutes of 48 kHz would be more; nothing the line says is
GAP = bytes(RATE // 10 * 2)  # a breath between two things that are said


class BadSound(ValueError):
    """Not a WAV file a telephone can be told; says why."""


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """The file's chunks by name. One that claims to be longer than the file is cut to what is there."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BadSound("not a WAV file")
    found, place = {}, 12
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        found.setdefault(name, data[place + 8 : place + 8 + size])
        place += 8 + size + size % 2
    return found


def pcm_of(data: bytes) -> bytes:
    """The sound in a WAV file as telephone PCM. Raises BadSound.

    Any rate and number of channels of 16 bit samples is accepted; what is not already 8 kHz mono is converted.
    """
    found = _chunks(data)
    if b"fmt " not in found or b"data" not in found or len(found[b"fmt "]) < 16:
        raise BadSound("its head or its sound is missing")
    coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", found[b"fmt "])
    if coding not in (1, 0xFFFE) or bits != 16 or not 1 <= channels <= 8 or not 4000 <= rate <= 192_000:
        raise BadSound(f"coding {coding}, {channels} channels of {bits} bits at {rate} Hz is not understood")
    sound = found[b"data"]
    sound = sound[: len(sound) // (2 * channels) * 2 * channels]
    return sound if (channels, rate) == (1, RATE) else _converted(sound, channels, rate)


def _converted(sound: bytes, channels: int, rate: int) -> bytes:
    import soxr

    samples = np.frombuffer(sound, "<i2").reshape(-1, channels).mean(axis=1)
    resampled = soxr.resample(samples, rate, RATE) if len(samples) else samples
    return np.clip(resampled, -32768, 32767).round().astype("<i2").tobytes()


@lru_cache(maxsize=128)
def _loaded(path: str, changed_ns: int, size: int) -> bytes:
    return pcm_of(Path(path).read_bytes())


def load(source: Path | bytes) -> bytes:
    """PCM of a file, or of a WAV already in memory; b"" when there is none to be had. Kept while the file is unchanged."""
    try:
        if isinstance(source, bytes):
            return pcm_of(source)
        found = source.stat()
        if found.st_size > MOST_BYTES:
            raise BadSound("longer than anything the line says")
        return _loaded(str(source), found.st_mtime_ns, found.st_size)
    except (BadSound, OSError) as reason:
        log.error("cannot be said: %s: %s", "a sound" if isinstance(source, bytes) else source.name, reason)
        return b""


def joined(parts: list[bytes]) -> bytes:
    return GAP.join(part for part in parts if part)


def wav_of(pcm: bytes) -> bytes:
    """A whole WAV file with this telephone PCM in it, and nothing else: no date, no name."""
    import wave

    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return buffer.getvalue()
