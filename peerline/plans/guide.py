"""The questions of a plan, one a page, and which comes after which. Pure."""

from typing import Final

CHECK, EASIER = "check", "easier"
WAYS: Final = {
    "new": ("domain", "what", "how_much", "at_when", "times_a_week", "barrier", "support", "confidence", "share"),
    "smaller": ("what", "how_much", "times_a_week", "confidence"),  # revise the step …
    "solve": ("barrier", "ideas", "chosen", "confidence"),  # … or look at what is in the way, and ask again
    "one": (),  # one answer is changed, from the page that shows them all
}
QUESTIONS = frozenset(question for way in WAYS.values() for question in way)


def first(way: str) -> str:
    return WAYS[way][0]


def after(way: str, question: str, *, unsure: bool = False) -> str:
    """The question that follows, or CHECK; EASIER after a confidence that is too low."""
    if question == "confidence" and unsure:
        return EASIER
    order = WAYS[way]
    place = order.index(question) + 1 if question in order else len(order)
    return order[place] if place < len(order) else CHECK


def before(way: str, question: str) -> str:
    """The question to go back to, or CHECK."""
    order = WAYS[way]
    place = order.index(question) if question in order else 0
    return order[place - 1] if place else CHECK


def place(way: str, question: str) -> tuple[int, int]:
    """(which, of how many), from 1; (0, 0) where there is no row of questions."""
    order = WAYS[way]
    return (order.index(question) + 1, len(order)) if question in order else (0, 0)
