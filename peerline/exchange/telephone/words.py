"""What a telephone may be told and what it tells: one JSON object a line, in on stdin, out on stdout.

Told, as {"do": …}:
    dial      to (a SIP address)
    answer    pick up
    reject    code (486 busy, 603 declined, 302 with `to`: try elsewhere)
    press     keys ("12#"), sent as RFC 4733 events, one after the other
    play      wav (8 kHz mono 16 bit), loop (true: for ever)
    silence   stop playing
    refer     to (ask the line to call somebody else)
    hang      hang up
    quit      end the process

Tells, as {"event": …, "at": seconds on this machine's monotonic clock}:
    ready     port, stack
    incoming  from, text (the whole SIP message as it came, where the stack shows it)
    ringing   the other side rings
    answered  both can talk; ear: the WAV file that now fills, a new one each call
    hears     hz (the loudest known tone; 0: other sound; -1: nothing)
    key       key (one that the other side sent)
    ended     code (SIP; 200: a plain hang-up), reason
    wrong     what (a command that could not be done)
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

TONES_HZ = (350, 400, 440, 480, 523, 587, 620, 659, 698, 784, 880, 988, 1000, 1175, 1319, 1568)


def tell(event: str, **details: Any) -> None:
    """Write one event. The parent reads it line by line."""
    sys.stdout.write(json.dumps({"event": event, "at": time.monotonic(), **details}) + "\n")
    sys.stdout.flush()


def next_ear(folder: Path) -> Path:
    """A place for what the next call brings to hear."""
    return folder / f"ear-{sum(1 for _ in folder.glob('ear-*.wav')) + 1}.wav"
