"""What is to be heard in a recording: tones, when they began, and how much of one recording is in another.

Samples are numpy int16 or float arrays at 8,000 a second.
"""

import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np

RATE = 8000
FRAME = 160  # 20 ms
HEAD_BYTES = 44
QUIET_RMS = 60.0  # below this a frame is silence: about -55 dB of full scale


class Sound(NamedTuple):
    """A stretch of one tone. hz 0: some other sound; -1: silence. Seconds from the recording's start."""

    hz: int
    began: float
    ended: float


class Likeness(NamedTuple):
    """How much of `spoken` is in `heard`: shift in samples, gain, and the signal-to-noise ratio of the rest in dB."""

    shift: int
    gain: float
    snr_db: float


def tone(hz: float, seconds: float, level: float = 0.3) -> np.ndarray:
    """A sine as int16 samples; level 1.0 is full scale."""
    instants = np.arange(int(seconds * RATE)) / RATE
    return np.round(level * 32767 * np.sin(2 * np.pi * hz * instants)).astype(np.int16)


def write_wav(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def read_growing(path: Path, start: int = 0) -> np.ndarray:
    """Samples from `start` on of a WAV that is still being written, whatever its head says about its length."""
    if not path.exists():
        return np.zeros(0, np.int16)
    with path.open("rb") as file:
        file.seek(HEAD_BYTES + 2 * start)
        data = file.read()
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2")


def power(samples: np.ndarray, hz: float) -> float:
    """Goertzel's figure: the share of a full sine of `hz` in these samples, as its RMS."""
    count = len(samples)
    turns = np.exp(-2j * np.pi * hz / RATE * np.arange(count))
    return float(abs(np.dot(samples, turns)) * np.sqrt(2) / count)


def loudness(samples: np.ndarray, hz: float, window: float = 0.1) -> float:
    """RMS of this tone over a longer stretch. In windows, since a telephone that slips a frame jumps in phase."""
    size = int(window * RATE)
    parts = [samples[start : start + size].astype(float) for start in range(0, len(samples) - size + 1, size)]
    return float(np.sqrt(np.mean([power(part, hz) ** 2 for part in parts]))) if parts else 0.0


def tone_of(samples: np.ndarray, known_hz: tuple[int, ...]) -> int:
    """The loudest known tone if it carries most of the energy; 0: other sound; -1: silence."""
    samples = samples.astype(float)
    rms = float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    if rms < QUIET_RMS:
        return -1
    found = max(known_hz, key=lambda hz: power(samples, hz))
    return found if power(samples, found) > 0.7 * rms else 0


def sounds(samples: np.ndarray, known_hz: tuple[int, ...], window: float = 0.1) -> list[Sound]:
    """The recording as stretches of one tone each, looked at in windows of `window` seconds."""
    size, found = int(window * RATE), []
    for start in range(0, len(samples) - size + 1, size):
        hz, began = tone_of(samples[start : start + size], known_hz), start / RATE
        if found and found[-1].hz == hz:
            found[-1] = found[-1]._replace(ended=began + window)
        else:
            found.append(Sound(hz, began, began + window))
    return found


def both(samples: np.ndarray, first_hz: float, second_hz: float, window: float = 0.2) -> float:
    """Seconds in which both tones are there together, each at an RMS above silence."""
    size = int(window * RATE)
    starts = range(0, len(samples) - size + 1, size)
    parts = (samples[start : start + size].astype(float) for start in starts)
    return window * sum(min(power(part, first_hz), power(part, second_hz)) > QUIET_RMS for part in parts)


def likeness(spoken: np.ndarray, heard: np.ndarray) -> Likeness:
    """Find `spoken` in `heard` by cross-correlation, fit its gain, and compare sample by sample.

    PCMU alone leaves about 37 dB; a lost or repeated 20 ms shows as a few dB.
    """
    spoken, heard = spoken.astype(float), heard.astype(float)
    size = 1 << int(np.ceil(np.log2(len(spoken) + len(heard))))
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(spoken, size)), size)
    shift = int(np.argmax(match[: max(1, len(heard))]))
    part = heard[shift : shift + len(spoken)]
    told = spoken[: len(part)]
    gain = float(np.dot(part, told) / max(np.dot(told, told), 1e-9))
    rest = part - gain * told
    return Likeness(
        shift, gain, float(10 * np.log10(max(np.sum((gain * told) ** 2), 1e-9) / max(np.sum(rest**2), 1e-9)))
    )
