"""How a call ended, in the port's words."""

from typing import NamedTuple

WORDS = {
    "busy": {486, 600},
    "declined": {603, 607},
    "no_answer": {408, 480, 487},
    "unreachable": {0, 404, 410, 415, 484, 488, 500, 502, 503, 504, 604, 606},
}


class Ending(NamedTuple):
    """cause: a word of ours; code: SIP status, 0 if none came; by: "them", "us" or ""."""

    cause: str
    code: int = 0
    by: str = ""


def status_of(text: str) -> int:
    """The SIP status in front of a close reason ("486 Busy Here" → 486), 0 where there is none."""
    head = text.partition(" ")[0]
    return int(head) if len(head) == 3 and head.isdigit() else 0


def ending(text: str, was_up: bool, ours: str = "") -> Ending:
    """What the stack's free text means. `was_up`: they called us, or picked up. `ours`: the cause we hung up with.

    The stack calls an ordinary goodbye of the other side "Connection reset by peer [104]", so its words count for
    nothing in such a call, except where the audio stopped.
    """
    code = status_of(text)
    if ours:
        return Ending(ours, code, "us")
    if "rtp stream error" in text:
        return Ending("lost", code, "us")
    if was_up:
        return Ending("hangup", code, "them")
    word = next((word for word, codes in WORDS.items() if code in codes), "failed")
    return Ending(word, code, "them" if code else "")
