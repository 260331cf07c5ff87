"""The telephone door of care: a nurse calls back through the line, and nobody sees a number; the ladder rings staff."""

from peerline.exchange.phone import leave_for_staff, leave_message
from peerline.kernel.dialogue import Dialogue, Do, Enter, Look, Meet, Say
from peerline.kernel.menus import STAFF, choose
from peerline.pairs.phone import NOT_REACHED, converse


def call_back(person_id: int, participant_id: int) -> Dialogue:
    """For the staff person, who is rung first; whoever does not pick up can be left a message (S9)."""
    key = yield from choose(
        "care.call_back", [("1", "pair.accept"), ("2", "pair.decline")], back=False, before=[Say("care.ready")]
    )
    if key != "1":
        return
    yield Say("care.calling")
    left = yield Meet("care.talk", (participant_id,), invited="care.invited", label="staff")
    if (yield from converse(left)) not in NOT_REACHED:
        return
    yield Say("care.not_reached")
    key = yield from choose("care.message", [("1", "care.leave_message")])
    if key == "1":
        yield from leave_message("care.message", participant_id)
    elif key == STAFF:
        yield from leave_for_staff()


def invited(person_id: int, room_id: int) -> Dialogue:
    """For the participant, who is rung then."""
    me = yield Look("people.nickname", person_id)
    whisper = [Say("care.whisper", name=me)]
    key = yield from choose("care.invited", [("1", "pair.accept"), ("2", "pair.decline")], back=False, before=whisper)
    if key != "1":
        yield Say("pair.not_now")
        return
    left = yield Enter("care.talk", room_id)
    yield from converse(left)


def told(person_id: int, need_id: int) -> Dialogue:
    """For the staff person whom the ladder rings: something waits. A machine presses no key and learns nothing of whom."""
    need = yield Look("care.need", person_id, need_id)
    if not need["open"]:
        yield Say("care.settled")
        return
    before = [Say("care.drill")] * need["drill"] + [Say("care.needed")]
    key = yield from choose("care.told", [("1", "care.seen")], back=False, before=before)
    if key == "1":
        yield Do("care.seen", person_id, need_id)
        yield Say("care.look")
