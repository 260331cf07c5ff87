"""Help is one key away, and nobody is asked the same thing more than four times (F1)."""

import pytest

from peerline.exchange.dialogues import FRONT_DOOR
from peerline.kernel.dialogue import Enter, Keys, Meet, Press, Record, Secret
from peerline.kernel.menus import choose
from tests.exchange.graph import KEYS, OVER, SILENCE, Graph, Situation, answered, settle, state_of, walk
from tests.exchange.test_graph import DIALOGUES, SITUATIONS, is_human, walked

RE_PROMPTS = 3
ONE_KEY_MORE = {"arrive.language"}  # asked in two languages, once: any key leads to the next question, where 0 is staff


def helpless(graph: Graph) -> list:
    """States from which no single key repeats the words, reaches staff, leads back to a menu or ends the call.

    Whoever speaks or talks has a key as well: any key ends a recording, and star steps aside from a conversation.
    """
    return [
        state
        for state, turn in graph.states.items()
        if state != OVER
        and state[0] not in ONE_KEY_MORE
        and not any(_helps(graph, state, after) for after in _by_one_key(graph, state, turn.step))
    ]


def _by_one_key(graph: Graph, state: tuple, step: object) -> list[tuple]:
    acts = {Meet: ("away",), Enter: ("away",), Record: ("key",)}.get(type(step), tuple(KEYS))
    return [graph.edges[state][act] for act in acts if act in graph.edges[state]]


def _helps(graph: Graph, state: tuple, after: tuple) -> bool:
    return (
        after == OVER
        or is_human(after)
        or after[0] == state[0]
        or after[0].startswith(("menu.", "talk.", "messages.", "groups.aside", "plan.spoken"))
    )


@pytest.mark.req("F1", "F2")
@pytest.mark.parametrize("name", DIALOGUES)
@pytest.mark.parametrize("case", SITUATIONS, ids=lambda case: case.name)
def test_help_is_one_key_away_from_every_state(name, case):
    assert helpless(walked(name, case)) == []


def asked_again(make, journal: list, situation: Situation, mistake: str) -> int:
    """How often somebody who only ever makes this mistake hears the same question again."""
    journal = list(journal)
    first = settle(make, journal, situation)
    name = state_of(first)[0]
    for count in range(9):
        turn = settle(make, journal, situation)
        if state_of(turn)[0] != name or count == 8:
            return count - 1
        journal.append(answered(turn.step, mistake, situation))
    return 9


def mistakes(step: object) -> list[str]:
    """Silence, and each key that is no choice here."""
    if isinstance(step, Press):
        return [SILENCE, *(key for key in KEYS if key not in step.keys)]
    return [SILENCE, "wrong"] if isinstance(step, Secret) else [SILENCE, "99"] if isinstance(step, Keys) else []


@pytest.mark.req("F1", "F2")
@pytest.mark.parametrize("name", DIALOGUES)
@pytest.mark.parametrize("case", SITUATIONS, ids=lambda case: case.name)
def test_nobody_is_asked_the_same_thing_again_more_than_three_times(name, case):
    graph = walked(name, case)
    often = {
        (state[0], mistake): asked_again(DIALOGUES[name], graph.journals[state], case, mistake)
        for state, turn in graph.states.items()
        if state != OVER
        for mistake in mistakes(turn.step)
    }
    assert {asked: count for asked, count in often.items() if count > RE_PROMPTS} == {}


def stubborn():
    """Takes no answer but 1, for ever."""
    while (yield Press("stubborn", keys="1")) != "1":
        pass


def deaf():
    """Asks once, and whatever is pressed leads somewhere else where the same is done."""
    for number in range(3):
        yield Press(f"deaf.{number}", keys="")
    yield from choose("deaf.end", [("1", "menu.talk")])


def test_a_dialogue_that_insists_and_one_without_help_are_caught():
    assert asked_again(stubborn, [], SITUATIONS[0], "5") > RE_PROMPTS
    assert [state[0] for state in helpless(walk(deaf, SITUATIONS[0]))] == ["deaf.0", "deaf.1", "deaf.2"]


def test_there_is_something_to_be_asked_again():
    graph = walked(FRONT_DOOR, SITUATIONS[0])
    asked = next(state for state in graph.states if state != OVER and state[0] == "menu.main")
    assert asked_again(DIALOGUES[FRONT_DOOR], graph.journals[asked], SITUATIONS[0], "5") == 2
