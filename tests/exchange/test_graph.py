"""Every state of every dialogue × every key, silence and hanging up: exhaustively, not sampled (F2)."""

from functools import partial

import pytest

from peerline.exchange.dialogues import FRONT_DOOR, RESCUE, dialogues
from peerline.exchange.phone import leave_for_staff
from peerline.kernel.dialogue import Dialogue, Press, Record, Say
from peerline.kernel.menus import choose
from tests.exchange.graph import HANG_UP, OVER, Graph, Situation, silences_to_the_end, walk

PAIR = {
    "pair": 12,
    "people": [8],
    "resting": [],
    "rests": None,
    "name": "Elm",
    "reachable": True,
    "ring_seconds": 25,
    "longest_seconds": 3600,
}
PLAN = {"plan": 12, "typed": True, "voice": 0, "times": 3, "until": "2026-12-08", "shared": False}
SESSION = {"session": 5, "date": "2026-12-02", "time": "14:00", "way": "telephone", "state": "coming", "open": True}
MESSAGES = [
    {"id": 1, "new": True, "staff": False, "day": 1, "time": "09:30"},
    {"id": 2, "new": False, "staff": True, "day": 2, "time": "17:05"},
]
CALLER = {"person_id": 7, "language": "es", "nickname": "Maple"}
NO_TIME = {"state": "", "id": 0, "times": [], "weekly": False}
TIMES = [{"at": f"2026-12-0{day}T23:00:00+00:00", "day": day, "time": "18:00"} for day in (1, 2, 3)]
LINE = {"pack": "us", "known": True, "removed": False, "language": "en"}
CHOICE = {
    "sheet": 5, "question": "phq2.down", "words": "phq2_down", "opening": "phq2", "mood": True, "number": False,
    "answers": "often", "least": 0, "most": 3,
}  # fmt: skip
PLAIN = {**CHOICE, "opening": "", "mood": False}
QUESTIONS = [
    CHOICE,
    {**PLAIN, "words": "partner_fit_learn", "opening": "partner_fit", "answers": "much"},
    {**PLAIN, "words": "confidence_sure", "number": True, "most": 10},
    {**PLAIN, "words": "adherence_reason", "answers": "reason"},
    {**PLAIN, "words": "satisfaction_satisfied", "answers": "yes"},
]


def next_question(person_id, number):
    return QUESTIONS[number] if number < len(QUESTIONS) else None


INVITED = {
    "enrollment": 4,
    "program": "Pairs",
    "version": 1,
    "sentences": ["You will talk.", "You can stop."],
    "new": True,
}

ALWAYS = {
    "line.facts": LINE,
    "entry.line_closed": False,
    "entry.household:right": "token",
    "entry.household:wrong": "",
    "entry.try_pin:right": CALLER,
    "entry.try_pin:wrong": None,
    "entry.is_their_pin:right": True,
    "entry.is_their_pin:wrong": False,
    "entry.must_change_pin": False,
    "programs.invitations": [],
    "programs.agree": True,
    "programs.decline": False,
    "programs.rest": None,
    "programs.begin_rest": "2026-12-15",
    "plans.hard": [],
    "entry.new_pin_first:right": "again",
    "entry.new_pin_first:wrong": "weak",
    "entry.new_pin_second:right": "changed",
    "entry.new_pin_second:wrong": "different",
    "entry.digits_begin": [[3, "Maple"], [4, "Elm"]],
    "entry.digits_drop": None,
    "entry.number_answered": True,
    "messages.new": 1,
    "messages.waiting": MESSAGES,
    "messages.may_answer": True,
    "pairs.mine": [PAIR],
    "pairs.message": True,
    "groups.mine": [SESSION],
    "groups.session": SESSION,
    "groups.trained": False,
    "groups.training": 2,
    "groups.sign_up": "coming",
    "groups.bring_topic": True,
    "groups.bring_voice": True,
    "groups.door": {"open": True, "inside": 2, "label": "session:5", "longest_seconds": 7200},
    "pairs.silent_days": 9,
    "pairs.shared_steps": [{"person": 8, "name": "Elm"}],
    "pairs.talk_time": NO_TIME,
    "pairs.times_to_offer": TIMES,
    "pairs.ask_time": True,
    "pairs.agree_time": True,
    "messages.answer": True,
    "staff.message": True,
    "people.nickname": "Elm",
    "pairs.invitation": {"name": "Elm", "partner_name": "Maple", "asks_pin": False},
    "people.calling_hours": None,
    "reminders.words": {"name": "Elm", "prompt": "hours.none", "values": {}},
    "outcomes.waiting": len(QUESTIONS),
    "outcomes.next": next_question,
    "outcomes.answer": True,
    "plans.mine": PLAN,
    "plans.speak": 12,
    "plans.sure": False,
    "plans.begin": "2026-12-08",
    "plans.review": "2026-12-08",
    "plans.share": True,
    "staff.desk": {"full": False, "day": 2, "time": "09:00"},
    "care.need": {"open": True, "drill": True},
    "care.message": True,
}


def situation(name: str, **changes: object) -> Situation:
    return Situation(name, {**ALWAYS, **{key.replace("__", "."): value for key, value in changes.items()}})


SITUATIONS = [
    situation("all is well"),
    situation("an unknown telephone", line__facts={**LINE, "known": False, "language": ""}),
    situation("no partner, no messages", pairs__mine=[], messages__waiting=[], messages__new=0),
    situation("no plan", plans__mine={"plan": 0}, plans__sure=True),
    situation("no program", plans__mine=None),
    situation("a plan that was spoken", plans__mine={**PLAN, "typed": False, "voice": 7}, plans__sure=True),
    situation(
        "a plan whose words are gone",
        plans__mine={**PLAN, "typed": False, "shared": True},
        plans__speak=0,
        plans__begin="",
        plans__review="",
        plans__share=False,
    ),
    situation("a resting partner", pairs__mine=[{**PAIR, "reachable": False}], messages__may_answer=False),
    situation(
        "a partner who takes a rest",
        pairs__mine=[{**PAIR, "reachable": False, "rests": "2026-12-15"}],
        programs__begin_rest="",
        plans__hard=["coping", "diet"],
    ),
    situation(
        "a caller who takes a rest",
        pairs__mine=[{**PAIR, "reachable": False, "rests": ""}],
        programs__rest={"until": ""},
    ),
    situation("a rest until a day", programs__rest={"until": "2026-12-15"}),
    situation("a pair that ended while the caller spoke", pairs__message=False, messages__answer=False),
    situation("two pairs", pairs__mine=[PAIR, {**PAIR, "pair": 13, "name": "Oak"}]),
    situation("a removed number", line__facts={**LINE, "removed": True}),
    situation("a line under attack", entry__line_closed=True, staff__desk={"full": True, "day": None, "time": None}),
    situation("a PIN that was told by the line", entry__must_change_pin=True),
    situation(
        "nobody has said when somebody listens", staff__desk={"full": False, "now": False, "day": None, "time": None}
    ),
    situation(
        "a code that is too old, a need somebody saw to",
        entry__digits_begin=[],
        care__need={"open": False, "drill": False},
    ),
    situation("a time is asked for", pairs__talk_time={"state": "to_answer", "id": 5, "times": TIMES, "weekly": True}),
    situation(
        "a time that just went",
        pairs__talk_time={"state": "to_answer", "id": 5, "times": TIMES[:1], "weekly": False},
        pairs__agree_time=False,
        pairs__times_to_offer=[],
    ),
    situation(
        "a time that waits for the partner",
        pairs__talk_time={"state": "waits", "id": 5, "times": TIMES, "weekly": False},
        pairs__ask_time=False,
    ),
    situation("a time is agreed", pairs__talk_time={"state": "agreed", "id": 5, "times": TIMES[:1], "weekly": False}),
    situation("no questions wait", outcomes__waiting=0, outcomes__next=None),
    situation(
        "a letter with a code",
        line__facts={**LINE, "known": False, "language": ""},
        programs__invitations=[INVITED],
        **{"entry__household:right": {**CALLER, "by_letter": True}},
    ),
    situation(
        "a long text that has changed",
        programs__invitations=[{**INVITED, "new": False, "sentences": ["You will talk."] * 6}],
        programs__decline=True,
    ),
    situation(
        "an invitation to a room, and it is too late",
        groups__session={**SESSION, "way": "place", "state": "invited", "open": False},
        groups__sign_up="",
        groups__bring_topic=False,
        groups__bring_voice=False,
        groups__trained=True,
        groups__training=6,
    ),
    situation("a session that was canceled meanwhile", groups__session=None, groups__door={"open": False}),
    situation("no session, and a lesson not begun", groups__mine=[], groups__training=0),
    situation(
        "hours set",
        people__calling_hours=[
            {"days": "weekdays", "values": {"from_time": 9, "until_time": 20}},
            {"days": "weekend_closed", "values": {}},
        ],
    ),
]
ARGS = {
    FRONT_DOOR: ("hash",),
    "pairs.invited": (7, 1, 12),
    "pairs.called_back": (7,),
    "pairs.reminded": (7, 12),
    "pairs.at_the_time": (7, 12),
    "messaging.reminded": (7, 3),
    "groups.gathered": (7, 5),
    "care.call_back": (3, 7),
    "care.invited": (7, 1),
    "care.told": (3, 5),
    "entry.say_digits": (7, "code:12"),
    "entry.check_number": (7, 3),
}
DIALOGUES = {name: partial(dialogues[name], *args) for name, args in ARGS.items()}


_walked: dict[tuple[str, str], Graph] = {}


def walked(name: str, case: Situation) -> Graph:
    """The graph of a dialogue in a situation, walked once however many tests look at it."""
    if (name, case.name) not in _walked:
        _walked[name, case.name] = walk(DIALOGUES[name], case)
    return _walked[name, case.name]


def is_human(state: tuple) -> bool:
    """The caller may speak to staff here, or is told that they cannot listen now."""
    return state == OVER or any(prompt.startswith("staff.") for prompt in state[1])


@pytest.mark.req("F2")
@pytest.mark.parametrize("name", DIALOGUES)
@pytest.mark.parametrize("case", SITUATIONS, ids=lambda case: case.name)
def test_every_state_takes_every_key_silence_and_hanging_up(name, case):
    graph = walked(name, case)
    for state in graph.states:
        if state == OVER:
            continue
        assert graph.edges[state][HANG_UP] == OVER
        assert graph.distance(state, lambda one: one == OVER or is_human(one), 3) <= 3, f"no way out of {state}"


@pytest.mark.req("F1", "F2")
@pytest.mark.parametrize("case", SITUATIONS, ids=lambda case: case.name)
def test_zero_reaches_the_staff_from_every_question(case):
    graph = walked(FRONT_DOOR, case)
    deaf = [
        state
        for state, turn in graph.states.items()
        if "0" in graph.edges.get(state, {})
        and state[0] not in ("messages.review",)
        and not is_human(graph.edges[state]["0"])
        and not any(is_human(after) for after in graph.edges[graph.edges[state]["0"]].values())
    ]
    assert deaf == []


@pytest.mark.req("F1")
@pytest.mark.parametrize("name", DIALOGUES)
def test_silence_alone_ends_every_dialogue(name):
    graph = walked(name, SITUATIONS[0])
    for journal in graph.journals.values():
        assert silences_to_the_end(DIALOGUES[name], journal, SITUATIONS[0]) <= 16


def test_no_dialogue_is_left_out_of_the_walk():
    assert set(DIALOGUES) == set(dialogues) - {RESCUE}


def test_the_graph_is_not_empty():
    states = walked(FRONT_DOOR, SITUATIONS[0]).states
    named = {state[0] for state in states if state != OVER}
    assert {"arrive.pin", "menu.main", "talk.aside", "messages.recording", "hours.from", "stop.confirm"} <= named
    assert {"ask.choice", "ask.number", "ask.confirm", "ask.aside"} <= named
    assert len(states) > 60


def trap() -> Dialogue:
    while True:
        yield Say("menu.again")
        yield from choose("trap", [("1", "menu.talk")])


def talks_to_the_dead() -> Dialogue:
    try:
        yield Press("first")
    finally:
        yield Record("second")


def falls_over() -> Dialogue:
    key = yield Press("first")
    yield Say({"1": "menu.talk"}[key])
    yield from leave_for_staff()


@pytest.mark.parametrize("faulty", [trap, talks_to_the_dead, falls_over])
def test_a_dead_end_a_crash_and_words_to_nobody_are_caught(faulty):
    with pytest.raises((AssertionError, RuntimeError)):
        graph = walk(faulty, SITUATIONS[0])
        for state in graph.states:
            assert graph.distance(state, lambda one: one == OVER or is_human(one), 3) <= 3
            assert silences_to_the_end(faulty, graph.journals[state], SITUATIONS[0]) <= 16
