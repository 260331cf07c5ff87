"""WAV files of every make, good and lying, for the tests of uploads."""

import io
import struct

import numpy as np


def tone(rate: int = 16_000, seconds: float = 1.0, hz: float = 500, level: float = 0.4) -> np.ndarray:
    return level * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)


def coded(samples: np.ndarray, bits: int, tag: int = 1) -> bytes:
    if tag == 3:
        return samples.astype(f"<f{bits // 8}").tobytes()
    if bits == 8:
        return np.round(samples * 127 + 128).astype(np.uint8).tobytes()
    whole = np.round(samples * (2 ** (bits - 1) - 1)).astype("<i4")
    if bits == 24:
        return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    return whole.astype(f"<i{bits // 8}").tobytes()


def wav(
    samples: np.ndarray | None = None,
    *,
    rate: int = 16_000,
    bits: int = 16,
    channels: int = 1,
    tag: int = 1,
    data_says: int | None = None,
    riff_says: int | None = None,
    extensible: bool = False,
    before: bytes = b"",
) -> bytes:
    """A WAV file; `data_says` and `riff_says` are what its header claims if not the truth. `before`: chunks put first."""
    samples = tone(rate) if samples is None else samples
    body = coded(np.repeat(samples, channels), bits, tag)
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", 0xFFFE if extensible else tag, channels, rate, rate * frame, frame, bits)
    if extensible:
        form += struct.pack("<HHIH", 22, bits, 0, tag) + bytes.fromhex("000000001000800000aa00389b71")
    chunks = before + b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(body) if data_says is None else data_says) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) if riff_says is None else riff_says) + b"WAVE" + chunks


def upload(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)
