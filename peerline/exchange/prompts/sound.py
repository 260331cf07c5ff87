"""Telephone sound: 8 kHz, mono, 16 bit. Arrays in, files out; no Django.

A telephone carries 300 to 3400 Hz. What lies below only takes loudness away from what can be heard (half of the
machine voice's energy does), so it is cut before the peak is set.
"""

import io
import os
import tempfile
import wave
from functools import cache
from pathlib import Path

import numpy as np
import soxr

RATE = 8000
PEAK = 0.5  # -6 dB
LOWEST_HZ = 280
QUIET = 0.01  # of the peak: what is below it at either end is cut off
LEAD_SECONDS, TAIL_SECONDS = 0.05, 0.15
TAPS = 401


def for_telephone(samples: np.ndarray, rate: int) -> np.ndarray:
    """Samples in -1..1 at `rate` as 16-bit samples at 8 kHz: cut below 280 Hz, ends trimmed, peak -6 dB.

    Raises ValueError when there is nothing to hear.
    """
    if not len(samples):
        raise ValueError("there is no sound in it")
    narrow = soxr.resample(samples.astype(np.float32), rate, RATE) if rate != RATE else samples
    clear = np.convolve(narrow, _high_pass(), mode="same") if len(narrow) else narrow
    peak = float(np.abs(clear).max(initial=0))
    if not np.isfinite(peak) or peak < 1e-3:
        raise ValueError("there is no sound in it")
    return np.round(_trimmed(clear / peak) * PEAK * 32767).astype("<i2")


def write(path: Path, samples: np.ndarray) -> None:
    """`samples` as a WAV file, whole or not at all: another process may be writing the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as out:
            out.setparams((1, 2, RATE, 0, "NONE", ""))
            out.writeframes(samples.astype("<i2").tobytes())
            file.flush()
            os.fsync(file.fileno())  # a name must not outlive a power cut that its sound did not
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def wave_file(samples: np.ndarray) -> bytes:
    """The same file, in memory."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(samples.astype("<i2").tobytes())
    return kept.getvalue()


def read(path: Path) -> np.ndarray:
    """The samples of one of our own files. Raises wave.Error, EOFError, OSError."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def silence(length_seconds: float) -> np.ndarray:
    return np.zeros(int(RATE * length_seconds), "<i2")


def _trimmed(samples: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    first = max(0, loud[0] - int(LEAD_SECONDS * RATE))
    return samples[first : loud[-1] + int(TAIL_SECONDS * RATE)]


@cache
def _high_pass() -> np.ndarray:
    """A windowed-sinc filter (Blackman): -74 dB below 200 Hz, flat above 370 Hz."""
    at = np.arange(TAPS) - TAPS // 2
    low = 2 * LOWEST_HZ / RATE * np.sinc(2 * LOWEST_HZ / RATE * at) * np.blackman(TAPS)
    high = -low / low.sum()
    high[TAPS // 2] += 1
    return high.astype(np.float32)
