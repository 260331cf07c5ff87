"""A recording that somebody uploads, from bytes nobody has checked to telephone samples.

The size is looked at before anything is read, every length is checked against what is really there, and nothing is
converted before the recording is known to be short: at most 5 MB of file is ever held, whatever its header claims.
"""

import struct
from typing import Any, NamedTuple

import numpy as np
from django.utils.translation import gettext_lazy as _

from peerline.exchange.prompts.sound import RATE, for_telephone

MOST_BYTES = 5 * 1024 * 1024
MOST_SECONDS = 30
LEAST_SECONDS = 0.3
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_MOST_CHUNKS = 1000


class BadUpload(ValueError):
    """A recording that cannot be used. `sentence` says why, and what to do, in the reader's language."""

    sentence: Any = ""

    def __str__(self) -> str:
        return str(self.sentence)


class NotAWave(BadUpload):
    sentence = _("This is not a WAV file. Save the recording as WAV and upload it again.")


class TooBig(BadUpload):
    sentence = _("This file is larger than 5 MB. Record with one channel, or at a lower rate, and upload it again.")


class TooLong(BadUpload):
    sentence = _("This recording is longer than 30 seconds. Callers lose the thread: please record it shorter.")


class Lies(BadUpload):
    sentence = _("This file is cut short: it says it holds more sound than it does. Save the recording again.")


class UnknownFormat(BadUpload):
    sentence = _("This kind of WAV file cannot be read. Save the recording as plain WAV (PCM, 16 bit).")


class NothingHeard(BadUpload):
    sentence = _("There is no sound in this recording. Check the microphone and record it again.")


class Format(NamedTuple):
    """The `fmt ` chunk, as far as it matters."""

    tag: int
    channels: int
    rate: int
    frame_bytes: int
    bits: int


def taken(upload: Any) -> bytes:
    """The bytes of an uploaded file (anything with `read`, and `size` if known). Raises TooBig."""
    if (getattr(upload, "size", 0) or 0) > MOST_BYTES:
        raise TooBig
    data: bytes = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TooBig
    return data


def telephone_sound(data: bytes) -> np.ndarray:
    """A WAV file's bytes as 16-bit samples at 8 kHz, ready for the line. Raises BadUpload in one of its kinds.

    Read: PCM of 8, 16, 24 or 32 bits, floats of 32 or 64; 1 to 8 channels, mixed down; 8 to 192 kHz.
    """
    form, body = _parts(data)
    frames = len(body) // form.frame_bytes
    if frames > MOST_SECONDS * form.rate:
        raise TooLong
    if frames < LEAST_SECONDS * form.rate:
        raise NothingHeard
    samples = _samples(body[: frames * form.frame_bytes], form)
    if not np.isfinite(samples).all():
        raise UnknownFormat
    try:
        sound = for_telephone(samples.reshape(-1, form.channels).mean(axis=1), form.rate)
    except ValueError as reason:
        raise NothingHeard from reason
    if len(sound) < LEAST_SECONDS * RATE:
        raise NothingHeard
    return sound


def _parts(data: bytes) -> tuple[Format, memoryview]:
    """The format and the sound of a WAV file, each length checked against the bytes that are there."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise NotAWave
    if struct.unpack_from("<I", data, 4)[0] > len(data) - 8 + 1:
        raise Lies
    form, at = None, 12
    for _chunk in range(_MOST_CHUNKS):
        if at + 8 > len(data):
            break
        name, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > len(data):
            raise Lies
        if name == b"fmt ":
            form = _format(data[at + 8 : at + 8 + size])
        elif name == b"data" and form:
            return form, memoryview(data)[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise UnknownFormat


def _format(chunk: bytes) -> Format:
    if len(chunk) < 16:
        raise UnknownFormat
    tag, channels, rate, _bytes_a_second, frame_bytes, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        tag = struct.unpack_from("<H", chunk, 24)[0]
    known = (tag == _PCM and bits in (8, 16, 24, 32)) or (tag == _FLOAT and bits in (32, 64))
    if not (known and 1 <= channels <= 8 and RATE <= rate <= 192_000 and frame_bytes == channels * bits // 8):
        raise UnknownFormat
    return Format(tag, channels, rate, frame_bytes, bits)


def _samples(body: memoryview, form: Format) -> np.ndarray:
    """All channels interleaved, as floats in -1..1."""
    if form.tag == _FLOAT:
        return np.frombuffer(body, f"<f{form.bits // 8}").astype(np.float32)
    if form.bits == 8:
        return (np.frombuffer(body, np.uint8).astype(np.float32) - 128) / 128
    if form.bits == 24:
        low, middle, high = np.frombuffer(body, np.uint8).reshape(-1, 3).astype(np.int32).T
        return ((low | middle << 8 | high << 16) - ((high & 0x80) << 17)).astype(np.float32) / 2**23
    return np.frombuffer(body, f"<i{form.bits // 8}").astype(np.float32) / 2 ** (form.bits - 1)
