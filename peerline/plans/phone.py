"""The telephone door of plans: hear my plan, say how it went, make a new one, by keys and by voice.

The words of a step are spoken once and typed later by the person or by staff. From the first word on the step is kept:
whoever hangs up half way finds the draft again. What the line says of a plan's own words stands in no journal.
"""

from typing import Any

from peerline.kernel.dialogue import Dialogue, Do, Hear, HungUp, Look, Record, Say, Unsaid
from peerline.kernel.menus import BACK, NOTHING, STAFF, ask_number, choose

OUTCOMES = {"1": "done", "2": "partly", "3": "changed", "4": "not_done"}
NEXT = {"1": "continue", "2": "new", "3": "rest"}
ABOUT = {"1": "medication", "2": "diet", "3": "exercise"}
MORE = {"1": "monitoring", "2": "coping"}
MOST_HARD = 3
SHORTEST_SECONDS = 1.0
TAKES = 3  # how often somebody may say it again
ROUNDS = 2  # how often a plan that feels too big is looked at
DONE = "done"


def my_plan(person_id: int) -> Dialogue:
    """Hear the plan, then what to do about it. Returns "*", "0" or ""."""
    while True:
        plan = yield Look("plans.mine", person_id)
        if plan is None:
            yield Say("plan.no_program")
            return BACK
        key = yield from choose("plan.menu", _options(plan), before=_told(plan))
        if key in (BACK, STAFF, NOTHING):
            return key
        key = yield from _do(person_id, plan, key)
        if key in (STAFF, NOTHING):
            return key


def _options(plan: dict[str, Any]) -> list[tuple[str, str | Say]]:
    if not plan["plan"]:
        return [("1", "plan.make")]
    share = "plan.hide" if plan["shared"] else "plan.show"
    return [("1", "plan.tell"), ("2", "plan.make_new"), ("3", "plan.change_sure"), ("4", share)]


def _told(plan: dict[str, Any]) -> list[Say | Hear]:
    """The plan in words: as it was typed, else as it was spoken."""
    if not plan["plan"]:
        return [Say("plan.none")]
    step: list[Say | Hear] = [Say("plan.spoken_before")]
    if plan["typed"]:
        step = [Say("plan.step", step=Unsaid("plans.words", plan["plan"]))]
    elif plan["voice"]:
        step = [Say("plan.listen"), Hear(plan["voice"])]
    return [*step, Say("plan.often", times=plan["times"], date=plan["until"])]


def _do(person_id: int, plan: dict[str, Any], key: str) -> Dialogue:
    if key == "1" and plan["plan"]:
        return (yield from _how_it_went(person_id, plan))
    if key in "12":
        return (yield from _new_plan(person_id))
    if key == "3":
        return (yield from _how_sure(person_id, plan["plan"]))
    if (yield Do("plans.share", person_id, plan["plan"], not plan["shared"])):
        yield Say("plan.shared" if not plan["shared"] else "plan.hidden")
    return DONE


# --- How it went -----------------------------------------------------------------------------------------------------


def _how_it_went(person_id: int, plan: dict[str, Any]) -> Dialogue:
    """In the caller's own judgment: what came of it, how often, and what comes next."""
    key = yield from choose(
        "plan.went", [("1", "plan.done"), ("2", "plan.partly"), ("3", "plan.changed"), ("4", "plan.not_done")]
    )
    if key not in OUTCOMES:
        return key
    times = None
    if key in "23":
        times = yield from ask_number("plan.times_done", "plan.ask_times_done", least=0, most=99, digits=2)
        if not isinstance(times, int):
            return times
    yield Say("plan.that_happens" if key == "4" else "plan.well_done")
    then = yield from choose("plan.next", [("1", "plan.keep_on"), ("2", "plan.choose_new"), ("3", "plan.rest")])
    if then not in NEXT:
        return then
    until = yield Do("plans.review", person_id, plan["plan"], [OUTCOMES[key], times, NEXT[then]])
    yield Say("plan.noted")
    if until:
        yield Say("plan.goes_on", date=until)
    return (yield from _new_plan(person_id)) if then == "2" else DONE


# --- A new plan ------------------------------------------------------------------------------------------------------


def _new_plan(person_id: int) -> Dialogue:
    """What it is about, the step in the caller's own voice, how often, how sure; then the two weeks begin."""
    domain = yield from _about((yield Look("plans.hard", person_id)))
    if domain in (BACK, STAFF, NOTHING):
        return domain
    plan_id = yield from _speak(person_id, 0, domain)
    if not isinstance(plan_id, int):
        return plan_id
    times = yield from ask_number("plan.times", "plan.ask_times", least=1, most=7, digits=1)
    if not isinstance(times, int):
        return times
    yield Do("plans.often", person_id, plan_id, times)
    key = yield from _how_sure(person_id, plan_id)
    if key != DONE:
        return key
    until = yield Do("plans.begin", person_id, plan_id)
    if until:
        yield Say("plan.begins", date=until)
    return DONE


def _about(hard: list[str]) -> Dialogue:
    """One of the five domains, those first that the caller said are hard (S95), or a key."""
    if hard:
        offered = [
            (str(key), Say(f"plan.hard_{domain}", key=str(key))) for key, domain in enumerate(hard[:MOST_HARD], 1)
        ]
        key = yield from choose("plan.hard", [*offered, ("4", "plan.something_else")], before=[Say("plan.you_said")])
        if key != "4":
            return hard[int(key) - 1] if key in ("1", "2", "3") else key
    options = [("1", "plan.medicine"), ("2", "plan.food"), ("3", "plan.moving"), ("4", "plan.something_else")]
    key = yield from choose("plan.about", options)
    if key != "4":
        return ABOUT.get(key, key)
    key = yield from choose("plan.about_more", [("1", "plan.checking"), ("2", "plan.feelings")])
    return MORE.get(key, key)


def _speak(person_id: int, plan_id: int, domain: str) -> Dialogue:
    """The step as a recording in this plan (0: in the draft); the plan's id, or a key."""
    for take in range(TAKES):
        yield Say("plan.speak")
        voice = yield Record("plan.recording", seconds=60)
        if voice.why == "full":
            yield Say("messages.not_kept")
            return BACK
        if voice.seconds < SHORTEST_SECONDS:
            yield Say("messages.too_short")
            continue
        key = yield from _is_right(voice.id, person_id, plan_id, domain)
        if key == STAFF:
            return key
        if take == TAKES - 1 or key != "3":
            return (yield Do("plans.speak", person_id, plan_id, domain, voice.id)) or BACK
    return NOTHING


def _is_right(voice_id: int, person_id: int, plan_id: int, domain: str) -> Dialogue:
    """Keep, hear or say it again. Silence keeps it; so does hanging up."""
    options = [("1", "plan.keep"), ("2", "messages.check"), ("3", "messages.again")]
    try:
        while True:
            key = yield from choose("plan.spoken", options, back=False)
            if key != "2":
                return key
            yield Hear(voice_id)
    except HungUp:
        yield Do("plans.speak", person_id, plan_id, domain, voice_id)
        raise


def _how_sure(person_id: int, plan_id: int) -> Dialogue:
    """0 to 10; where that is too low, what would make it easier, and then again. Returns DONE or a key."""
    for turn in range(ROUNDS + 1):
        sure = yield from ask_number("plan.sure", "plan.ask_sure", least=0, most=10, digits=2)
        if not isinstance(sure, int):
            return sure
        unsure = yield Do("plans.sure", person_id, plan_id, sure)
        if not unsure:
            yield Say("plan.sure_enough")
            return DONE
        if turn == ROUNDS:
            break
        key = yield from _easier(person_id, plan_id)
        if key != DONE:
            return DONE if key == "3" else key
    yield Say("plan.staff_will_ask")
    return DONE


def _easier(person_id: int, plan_id: int) -> Dialogue:
    """Less often, or a smaller step said anew, or leave it. DONE: ask again how sure; "3": it stays; else a key."""
    yield Say("plan.unsure")
    key = yield from choose("plan.easier", [("1", "plan.less_often"), ("2", "plan.smaller"), ("3", "plan.leave_it")])
    if key == "1":
        times = yield from ask_number("plan.times", "plan.ask_times", least=1, most=7, digits=1)
        if not isinstance(times, int):
            return times
        yield Do("plans.often", person_id, plan_id, times)
        return DONE
    if key == "2":
        spoken = yield from _speak(person_id, plan_id, "")
        return DONE if isinstance(spoken, int) else spoken
    return key
