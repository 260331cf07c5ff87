"""What may stand where others can read it."""

import re

CHANNELS = ("sms", "email", "voice", "letter")
SMS_LETTERS = 320  # two parts

# On a locked screen, a subject line or a text must not tell what somebody has.
TELLING = re.compile(
    r"\b(diabet\w*|insulin\w*|glucos\w*|a1c|hba1c|blood sugar|az[uú]car|hemoglobin\w*|metformin\w*|glyc\w*|glic\w*)\b",
    re.IGNORECASE,
)


class Telling(ValueError):
    """A subject or text that would show an illness on a locked screen: a fault of whoever wrote it, not of the reader."""


def seen_on_a_locked_screen(channel: str, subject: str, body: str) -> str:
    """The part that lights up: of an e-mail its subject, of a text all of it."""
    return {"email": subject, "sms": f"{subject} {body}"}.get(channel, "")


def require_discreet(channel: str, subject: str, body: str) -> None:
    """Raises Telling."""
    found = TELLING.search(seen_on_a_locked_screen(channel, subject, body))
    if found:
        raise Telling(found.group())
