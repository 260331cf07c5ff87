"""A carrier's WAV file as sound for our own storage. Pure; nothing its header says is believed without looking."""

import struct

import numpy as np
import soxr

RATE = 8000
PCM, EXTENSIBLE = 1, 0xFFFE
MOST_CHUNKS = 100
ANYTHING_RMS = 60.0  # below this nothing at all was said: an empty message helps nobody (docs/decisions/0133)


class NoSound(ValueError):
    """Nothing in it can be kept; says why."""


def samples_in(wav: bytes, most_seconds: float) -> bytes:
    """16-bit 8 kHz mono PCM: what is really there, however long the header says it is, `most_seconds` at most.

    Raises NoSound for what is no WAV file, holds a format no carrier sends, or holds nothing that was said.
    """
    channels, rate, width, body = _parts(wav)
    frame = channels * width
    body = body[: min(len(body) // frame, int(most_seconds * rate)) * frame]
    samples = np.frombuffer(body, "<i2").reshape(-1, channels)
    mono = samples[:, 0] if channels == 1 else samples.astype(np.int32).sum(axis=1) // channels
    if rate != RATE:
        mono = soxr.resample(mono.astype(np.float32), rate, RATE).clip(-32768, 32767)
    pcm = mono.astype("<i2")
    if not len(pcm) or float(np.sqrt(np.mean(pcm.astype(np.float32) ** 2))) < ANYTHING_RMS:
        raise NoSound("nothing was said")
    return pcm.tobytes()


def _parts(wav: bytes) -> tuple[int, int, int, bytes]:
    """Channels, rate, bytes a sample, and the bytes of sound that are there."""
    if len(wav) < 12 or wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise NoSound("it is no WAV file")
    at, form = 12, None
    for _ in range(MOST_CHUNKS):
        if at + 8 > len(wav):
            break
        name, size = struct.unpack_from("<4sI", wav, at)
        chunk = wav[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = _format(chunk)
        elif name == b"data" and form:
            return *form, chunk
        at += 8 + size + size % 2
    raise NoSound("its parts are not those of a recording")


def _format(chunk: bytes) -> tuple[int, int, int]:
    if len(chunk) < 16:
        raise NoSound("its format is cut short")
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag not in (PCM, EXTENSIBLE) or bits != 16 or channels not in (1, 2) or not RATE <= rate <= 48_000:
        raise NoSound(f"format {tag}, {bits} bits, {channels} channels, {rate} a second is not read")
    return channels, rate, 2
