"""The sounds the engine makes itself. Each is a loop of int16 samples at 8,000 a second."""

from functools import cache

import numpy as np

RATE = 8000
BEEP_HZ, HOLD_HZ, RINGING_HZ = 1000, (523, 659), (440, 480)


def _sine(hz: float, seconds: float, level: float) -> np.ndarray:
    """A sine with 20 ms of swell at each end, so that it neither clicks nor startles."""
    instants = np.arange(int(seconds * RATE)) / RATE
    swell = np.minimum(1.0, np.minimum(instants, instants[::-1]) / 0.02)
    return level * 32767 * swell * np.sin(2 * np.pi * hz * instants)


def _quiet(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE))


@cache
def loop(name: str) -> np.ndarray:
    """The loop of this name.

    ringing: North American ringback, 440 and 480 Hz, 2 s on and 4 s off (ITU-T E.180 supplement 2).
    hold: two soft rising notes every 3 s; says "still here" without asking for anything.
    """
    parts = {
        "ringing": lambda: [_sine(440, 2, 0.1) + _sine(480, 2, 0.1), _quiet(4)],
        "hold": lambda: [_sine(523, 0.3, 0.15), _sine(659, 0.3, 0.15), _quiet(2.4)],
    }[name]()
    return np.concatenate(parts).round().astype(np.int16)


@cache
def beep() -> bytes:
    """The tone after which one speaks: 1,000 Hz, 0.3 s, as PCM."""
    return _sine(BEEP_HZ, 0.3, 0.2).round().astype("<i2").tobytes()
