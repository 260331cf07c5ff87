"""From the digits a carrier collected to the answers of steps. Pure."""

from peerline.kernel.dialogue import Keys, Press, Secret, Step

LATE_END_SECONDS = 4.0  # how long after a number's last digit its needless # may still come, travel time included


def answer_in(step: Step, digits: str) -> tuple[str, str] | None:
    """This step's answer and the keys left over. None for a step that is not answered by keys.

    A lone key counts as soon as the carrier tells it; what was pressed after it belongs to the next question.
    """
    if isinstance(step, Press):
        return digits[:1], digits[1:]
    if not isinstance(step, Keys | Secret):
        return None
    if digits and digits[0] in step.lone:
        return digits[0], digits[1:]
    return digits[: step.most], digits[step.most :]


def fills(step: Step, digits: str) -> bool:
    """Would these keys by themselves end the step, with nobody pressing more?"""
    if isinstance(step, Press):
        return bool(digits)
    return isinstance(step, Keys | Secret) and bool(digits) and (digits[0] in step.lone or len(digits) >= step.most)
