"""Whoever calls through a text relay is slow and is never cut off for it.

An operator reads each menu to them as text, waits, and presses the key. So their steps wait four times as long, and a
silence is not told to the dialogue, which would count it as a mistake: they are asked the same again, words and all. Only
after MOST silences in a row is one told, so that a line with nobody there still ends.
"""

from dataclasses import replace
from typing import Any

from peerline.exchange.models import Leg
from peerline.kernel.dialogue import Keys, Press, Record, Secret, Step

TIMES = 4
MOST = 3


def of(leg: Leg, step: Step) -> Step:
    """The step with the seconds this leg is given. What a replay compares has no seconds in it."""
    if not leg.slow:
        return step
    if isinstance(step, Press | Keys | Secret):
        return replace(step, seconds=step.seconds * TIMES)
    if isinstance(step, Record):
        return replace(step, seconds=step.seconds * TIMES, silence_seconds=step.silence_seconds * TIMES)
    return step


def asks_again(leg: Leg, step: Step, value: Any) -> bool:
    """Is this silence met by asking the same again? Counts it."""
    silent = leg.slow and isinstance(step, Press | Keys | Secret) and not value
    leg.silences = leg.silences + 1 if silent and leg.silences < MOST else 0
    return bool(silent and leg.silences)
