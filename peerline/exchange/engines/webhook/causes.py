"""How a call ended, in the port's words. Pure."""

from typing import NamedTuple

OVER = {"completed", "busy", "no-answer", "canceled", "failed"}
DECLINED = {603, 607}
CODES = {"busy": {486, 600}, "no_answer": {408, 480, 487}, "unreachable": {404, 410, 484, 488, 502, 503, 604, 606}}
WORDS = {"completed": "hangup", "busy": "busy", "no-answer": "no_answer", "canceled": "no_answer", "failed": "failed"}


class Ending(NamedTuple):
    """cause: a word of ours; code: the SIP status, 0 if none came; by: "them", "us" or ""."""

    cause: str
    code: int = 0
    by: str = ""


def ending(status: str, code: str = "", *, ours: bool = False) -> Ending:
    """What the carrier's last word on a call means; the network's code says more only where that word says little.

    ours: the leg's last step was to hang up.
    """
    number = int(code) if code.isdigit() and len(code) == 3 else 0
    if status == "completed":
        return Ending("hangup", number, "us" if ours else "them")
    word = "declined" if number in DECLINED else WORDS[status]
    if word == "failed":
        word = next((better for better, codes in CODES.items() if number in codes), word)
    return Ending(word, number, "them" if number >= 400 else "")
