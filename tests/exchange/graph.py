"""The state graph of the dialogues, walked whole. Pure: looks and deeds are answered from a table of situations.

A state is what the caller hears and is asked: the keys of the prompts, the name of the step, and what was on the way
(the stack of dialogues). From each state every key, silence and hanging up are tried.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from peerline.kernel.dialogue import (
    Dialogue,
    Do,
    Enter,
    Entry,
    Hang,
    Keys,
    Look,
    Meet,
    Press,
    Record,
    Secret,
    Step,
    Turn,
    advance,
)

KEYS = "1234567890*#"
SILENCE, HANG_UP = "silence", "hang up"


@dataclass
class Situation:
    """Answers to looks, deeds and verdicts by name; a callable is asked with the arguments."""

    name: str
    answers: dict[str, Any]
    left: tuple[str, ...] = ("away", "alone", "declined", "busy", "no_answer", "unreachable", "time")

    def answer(self, name: str, args: tuple[Any, ...]) -> Any:
        found = self.answers.get(name)
        return found(*args) if callable(found) else found


@dataclass
class Graph:
    """states: key → turn; edges: state → {act: state}; "over" is the end."""

    states: dict[tuple[Any, ...], Turn] = field(default_factory=dict)
    edges: dict[tuple[Any, ...], dict[str, tuple[Any, ...]]] = field(default_factory=dict)
    journals: dict[tuple[Any, ...], list[Entry]] = field(default_factory=dict)  # one way to each state

    def distance(self, start: tuple[Any, ...], goal: Callable[[tuple[Any, ...]], bool], most: int = 9) -> int:
        """How many acts from `start` to a state of the goal; most + 1 when there is none within `most`."""
        seen, wave = {start}, [start]
        for steps in range(most + 1):
            if any(goal(state) for state in wave):
                return steps
            wave = list({after for state in wave for after in self.edges.get(state, {}).values()} - seen)
            seen |= set(wave)
        return most + 1


OVER = ("over",)


def settle(make: Callable[[], Dialogue], journal: list[Entry], situation: Situation) -> Turn:
    """Answer looks and deeds until the caller is asked or the dialogue is over."""
    while True:
        turn = advance(make(), journal)
        step = turn.step
        if isinstance(step, Look | Do):
            journal.append(Entry(step.asked, situation.answer(step.name, step.args)))
        else:
            return turn


def state_of(turn: Turn) -> tuple[Any, ...]:
    if turn.step is None or isinstance(turn.step, Hang):
        return OVER
    return (turn.step.name, tuple(one.prompt or "voice" for one in turn.said))


def acts(step: Step, situation: Situation) -> list[str]:
    if isinstance(step, Meet | Enter):
        return [*situation.left, HANG_UP]
    if isinstance(step, Record):
        return ["key", "silence", "hangup", "full", "short", HANG_UP]
    if isinstance(step, Secret):
        return ["right", "wrong", *step.lone, SILENCE, HANG_UP]
    if isinstance(step, Keys):
        return [*KEYS, "24", "99", SILENCE, HANG_UP]
    return [*KEYS, SILENCE, HANG_UP]


def answered(step: Step, act: str, situation: Situation) -> Entry:
    """The journal's entry when the telephone does `act`."""
    if act == HANG_UP:
        return Entry(step.asked, None, "hangup")
    if isinstance(step, Meet | Enter):
        return Entry(step.asked, [1, act])
    if isinstance(step, Record):
        voice = {"full": [0, 0, "full"], "short": [0, 0.2, "key"]}.get(act, [7, 4.0, act])
        return Entry(step.asked, voice)
    if isinstance(step, Secret) and act in ("right", "wrong"):
        return Entry(step.asked, situation.answer(f"{step.verdict}:{act}", step.args))
    assert isinstance(step, Press | Keys | Secret)
    return Entry(step.asked, "" if act == SILENCE else act)


def walk(make: Callable[[], Dialogue], situation: Situation, most_states: int = 5000) -> Graph:
    """Every state that can be reached, and every act from it."""
    graph = Graph()
    first: list[Entry] = []
    turn = settle(make, first, situation)
    graph.states[state_of(turn)], graph.journals[state_of(turn)] = turn, first
    waiting = deque([(state_of(turn), first)])
    while waiting:
        state, journal = waiting.popleft()
        if state == OVER:
            continue
        step = graph.states[state].step
        assert step is not None
        edges = graph.edges.setdefault(state, {})
        for act in acts(step, situation):
            after = [*journal, answered(step, act, situation)]
            try:
                turn = settle(make, after, situation)
            except Exception as fault:
                raise AssertionError(f"{state} → {act}: {fault!r}") from fault
            new = state_of(turn)
            if act == HANG_UP and new != OVER:
                new = _tidied(make, after, situation)
            edges[act] = new
            if new not in graph.states:
                assert len(graph.states) < most_states, "the graph does not end"
                graph.states[new], graph.journals[new] = turn, after
                waiting.append((new, after))
    return graph


def silences_to_the_end(
    make: Callable[[], Dialogue], journal: list[Entry], situation: Situation, most: int = 40
) -> int:
    """How often somebody who says nothing any more is asked before the line hangs up; `most` when it never does."""
    journal = list(journal)
    for count in range(most):
        turn = settle(make, journal, situation)
        if state_of(turn) == OVER:
            return count
        assert turn.step is not None
        act = (
            "alone" if isinstance(turn.step, Meet | Enter) else "silence" if isinstance(turn.step, Record) else SILENCE
        )
        journal.append(answered(turn.step, act, situation))
    return most


def _tidied(make: Callable[[], Dialogue], journal: list[Entry], situation: Situation) -> tuple[Any, ...]:
    """After a hang-up only looks and deeds may follow; a second thing said to nobody is a fault."""
    turn = settle(make, journal, situation)
    raise AssertionError(f"after the caller hung up the dialogue still asks {state_of(turn)}")
