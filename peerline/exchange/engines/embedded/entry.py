"""Keys into an answer: pure."""

from typing import NamedTuple

from peerline.kernel.dialogue import Keys, Press, Secret

LATE_END_SECONDS = 3.0


class Entered(NamedTuple):
    """answer: None while more keys are wanted. swallow: a key that may still come and then counts for nothing."""

    answer: str | None
    swallow: str = ""


def entered(step: Press | Keys | Secret, pressed: str) -> Entered:
    """What the keys so far amount to.

    Many people end a number with # although it was complete with its last digit; that # must not fall into the next
    question.
    """
    if isinstance(step, Press):
        return Entered(pressed[:1] or None)
    if len(pressed) == 1 and pressed in step.lone:
        return Entered(pressed)
    if pressed.endswith(step.ends) and pressed:
        return Entered(pressed[: -len(step.ends)])
    if len(pressed) >= step.most:
        return Entered(pressed, swallow=step.ends)
    return Entered(None)
