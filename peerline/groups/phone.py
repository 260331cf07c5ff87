"""The telephone door of groups: when the next session is, come or not, bring a point, go in; and the training.

A telephone session is a conversation anybody with a seat may enter from ten minutes before it begins; late comers enter,
and whoever steps aside comes back. One who is alone waits for the others.
"""

from typing import Any

from peerline.exchange.phone import leave_for_staff, leave_message
from peerline.kernel.dialogue import Dialogue, Do, Enter, Left, Look, Meet, Say
from peerline.kernel.menus import BACK, NOTHING, STAFF, choose

SCREENS = 6


def group_sessions(person_id: int) -> Dialogue:
    """The caller's next sessions one after the other, then the training if it is still to do. Returns "*", "0" or ""."""
    mine: list[dict[str, Any]] = yield Look("groups.mine", person_id)
    trained = yield Look("groups.trained", person_id)
    yield Say("groups.count", count=len(mine))
    for session in mine:
        key = yield from _one_session(person_id, session["session"])
        if key in (STAFF, NOTHING):
            return key
    if not trained:
        key = yield from _offer_training(person_id)
        if key in (STAFF, NOTHING):
            return key
    yield Say("groups.no_more")
    return BACK


def _one_session(person_id: int, session_id: int) -> Dialogue:
    """Hear it and decide; star or 4 goes on to the next one."""
    while True:
        session = yield Look("groups.session", person_id, session_id)
        if session is None:
            return BACK
        options = [("2", "groups.sign_up")]
        if session["state"] in ("coming", "waiting"):
            options = [("2", "groups.give_up"), ("3", "groups.bring")]
        if session["open"]:
            options = [("1", "groups.go_in"), *options]
        key = yield from choose("groups.session", [*options, ("4", "groups.next")], before=_told(session))
        if key == "1":
            yield from enter_session(person_id, session_id)
        elif key == "2":
            yield from _come_or_not(session)
        elif key == "3":
            key = yield from _bring_a_point(session_id)
        if key in (BACK, STAFF, NOTHING, "4"):
            return key


def _told(session: dict[str, Any]) -> list[Say]:
    way = {"place": "groups.is_in_a_room", "telephone": "groups.is_by_telephone", "link": "groups.is_by_link"}
    state = {"coming": "groups.coming", "waiting": "groups.waiting", "invited": "groups.invited", "out": "groups.not_coming"}  # fmt: skip
    when = Say("groups.when", on_date=session["date"], at_time=session["time"])
    return [when, Say(way[session["way"]]), Say(state[session["state"]])]


def _come_or_not(session: dict[str, Any]) -> Dialogue:
    if session["state"] in ("coming", "waiting"):
        yield Do("groups.give_up", session["session"])
        return
    state = yield Do("groups.sign_up", session["session"])
    if state == "":
        yield Say("groups.too_late")


def _bring_a_point(session_id: int) -> Dialogue:
    """What the group should talk about: one of the topics, or in the caller's own voice (S44). Returns a key, "" to go on."""
    key = yield from choose("groups.bring", [("1", "groups.by_topic"), ("2", "groups.by_voice")])
    if key == "1":
        options = [("1", "groups.topic_food"), ("2", "groups.topic_moving"), ("3", "groups.topic_medicine"), ("4", "groups.topic_mood")]  # fmt: skip
        topic = yield from choose("groups.topic", options)
        if topic in (STAFF, NOTHING):
            return topic
        if topic != BACK:
            brought = yield Do("groups.bring_topic", session_id, topic)
            yield Say("groups.brought" if brought else "groups.too_late")
    elif key == "2":
        yield from leave_message("groups.bring_voice", session_id)
    return key if key in (STAFF, NOTHING) else "again"


# --- The conversation of a telephone session -------------------------------------------------------------------------


def enter_session(person_id: int, session_id: int) -> Dialogue:
    """Into the room, as long as it is open; aside and back as often as one likes; until the caller or the time ends it."""
    door = yield Look("groups.door", person_id, session_id)
    if not door["open"]:
        yield Say("groups.not_open")
        return
    yield Do("groups.came", session_id)
    yield Say("groups.inside", count=door["inside"])
    yield Say("groups.step_aside")
    left = yield Meet(
        "groups.room", (), invited="groups.gathered", label=door["label"], longest_seconds=door["longest_seconds"], gathers=True
    )  # fmt: skip
    yield from _stay(left)


def _stay(left: Left) -> Dialogue:
    while left.why == "away":
        key = yield from choose("groups.aside", [("1", "aside.nurse"), ("2", "groups.back"), ("3", "groups.leave")])
        if key in ("1", STAFF):
            yield from leave_for_staff()
        if key == "3":
            return
        yield Say("groups.going_back")
        left = yield Enter("groups.again", left.room)
    yield Say("groups.room_over")


def gathered(person_id: int, session_id: int) -> Dialogue:
    """The line rings because the session begins: one key and the person is in it. A machine hears nothing of an illness."""
    name = yield Look("people.nickname", person_id)
    options = [("1", "groups.come_in"), ("2", "pair.decline")]
    key = yield from choose("groups.gathered", options, back=False, before=[Say("groups.begins", name=name)])
    if key == "1":
        yield from enter_session(person_id, session_id)
    elif key == STAFF:
        yield from leave_for_staff()
    else:
        yield Say("pair.not_now")


# --- The training ----------------------------------------------------------------------------------------------------


def _offer_training(person_id: int) -> Dialogue:
    yield Say("training.offer")
    key = yield from choose("training.offer", [("1", "training.begin"), ("2", "training.later")])
    return (yield from training(person_id)) if key == "1" else key


def training(person_id: int) -> Dialogue:
    """The six screens from where the caller left off, then three questions without marks. Returns a key."""
    reached = yield Look("groups.training", person_id)
    screen = min(reached + 1, SCREENS) if reached < SCREENS else SCREENS
    while screen <= SCREENS:
        options = [("1", "training.on"), ("2", "training.back")]
        words = [Say(f"training.screen_{screen}"), Say(f"training.try_{screen}")]
        key = yield from choose("training.screen", options, before=words)
        if key in (BACK, STAFF, NOTHING):
            return key
        if key == "1":
            yield Do("groups.screen", person_id, screen)
        screen = max(1, screen + (1 if key == "1" else -1))
    return (yield from _look_back(person_id))


def _look_back(person_id: int) -> Dialogue:
    """Nobody is marked: each answer is met with the reason, and then it is done."""
    for number in (1, 2, 3):
        options = [("1", f"training.first_{number}"), ("2", f"training.second_{number}")]
        key = yield from choose("training.check", options, before=[Say(f"training.ask_{number}")])
        if key in (BACK, STAFF, NOTHING):
            return key
        yield Say(f"training.because_{number}")
    yield Do("groups.training_done", person_id)
    yield Say("training.done")
    return BACK
