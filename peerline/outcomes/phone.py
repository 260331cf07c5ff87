"""The telephone door of outcomes: the questions that wait for the caller, one after the other.

Answers are keys 1 to 4, never 0, which always reaches the staff; a number is keyed in and said back before it counts. Every
answer is kept at once, so hanging up loses nothing and the next call goes on with the next question.
"""

from typing import Any

from peerline.kernel.dialogue import Dialogue, Do, Look, Say
from peerline.kernel.menus import BACK, NOTHING, STAFF, ask_number, choose

# The sets of answers the instruments name; the first one is key 1.
CHOICES: dict[str, list[tuple[str, str]]] = {
    "often": [("1", "answer.often_1"), ("2", "answer.often_2"), ("3", "answer.often_3"), ("4", "answer.often_4")],
    "much": [("1", "answer.much_1"), ("2", "answer.much_2"), ("3", "answer.much_3"), ("4", "answer.much_4")],
    "yes": [("1", "answer.yes"), ("2", "answer.no")],
    "reason": [("1", "answer.forgot"), ("2", "answer.cost"), ("3", "answer.felt_bad"), ("4", "answer.other")],
}
MOST = 60  # questions in one call


def answer_questions(person_id: int) -> Dialogue:
    """All that waits, until it is done or the caller has had enough. Returns "*", "0" or ""."""
    waiting: int = yield Look("outcomes.waiting", person_id)
    yield Say("ask.waiting", count=waiting)
    if not waiting:
        return BACK
    mood = False
    for number in range(MOST):
        question: dict[str, Any] | None = yield Look("outcomes.next", person_id, number)
        if question is None:
            break
        if question["mood"] and not mood:
            mood = True
            yield Say("ask.mood")
        key = yield from _ask(person_id, question)
        if key in (BACK, STAFF, NOTHING):
            yield Say("ask.later")
            return key
    yield Say("ask.thanks_mood" if mood else "ask.thanks")
    return BACK


def _ask(person_id: int, question: dict[str, Any]) -> Dialogue:
    """One question, answered or passed over: returns "kept"; or "*", "0" or "" when the caller stops here."""
    while True:
        answer = yield from _number(question) if question["number"] else _choice(question)
        if answer == BACK:
            options = [("1", "ask.skip"), ("2", "ask.again"), ("3", "ask.stop")]
            key = yield from choose("ask.aside", options, back=False)
            if key == "2":
                continue
            if key != "1":
                return BACK if key == "3" else key
            answer = None
        elif answer in (STAFF, NOTHING):
            return answer
        yield Do("outcomes.answer", person_id, question["sheet"], question["question"], answer)
        return "kept"


def _words(question: dict[str, Any]) -> list[Say]:
    """What the instrument opens with, where it begins, and the question."""
    opening = [Say(f"ask.{question['opening']}")] if question["opening"] else []
    return [*opening, Say(f"ask.{question['words']}")]


def _choice(question: dict[str, Any]) -> Dialogue:
    """The number of the answer that was chosen, from 0; or "*", "0" or ""."""
    key = yield from choose("ask.choice", CHOICES[question["answers"]], before=_words(question))
    return int(key) - 1 if key in "1234" and key else key


def _number(question: dict[str, Any]) -> Dialogue:
    """The number itself, after it was said back; or "*", "0" or ""."""
    while True:
        yield from _words(question)
        keyed = yield from ask_number(
            "ask.number", "ask.enter", least=question["least"], most=question["most"], digits=2
        )
        if not isinstance(keyed, int):
            return keyed
        options = [("1", "ask.right"), ("2", "ask.wrong")]
        key = yield from choose("ask.confirm", options, before=[Say("ask.entered", count=keyed)])
        if key == "1":
            return keyed
        if key in (STAFF, NOTHING):
            return key
