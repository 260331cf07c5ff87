"""The telephone door of pairs: talk to my partner, now or at a time, step aside, stop taking part.

The partner is rung from the line's own number, hears who is calling by nickname, and presses 1 to talk. During the talk
the star key steps aside; either side may. Nobody ever hears, sees or is told a number.
"""

from typing import Any

from peerline.entry.phone import prove
from peerline.exchange.phone import leave_for_staff, leave_message
from peerline.kernel.dialogue import Dialogue, Do, Enter, Left, Look, Meet, Say, Unsaid
from peerline.kernel.menus import BACK, NOTHING, STAFF, choose
from peerline.pairs.talk_phone import question_first, says_rest, time_with
from peerline.programs.phone import take_a_rest

NOT_REACHED = {"declined", "busy", "no_answer", "unreachable"}


def talk_to_partner(person_id: int) -> Dialogue:
    """Ring the caller's partner and talk; where that cannot be, say why and offer to leave a message (S3, S6, S9)."""
    pair = yield from which_pair(person_id)
    if pair is None:
        yield Say("pair.none_yet")
        yield from leave_for_staff()
        return
    if isinstance(pair, str):
        return
    key = yield from question_first(person_id, pair)
    if key == STAFF:
        yield from leave_for_staff()
    if key:
        return
    yield Do("pairs.placed", pair["pair"])
    if not pair["reachable"]:
        if not (yield from says_rest(pair)):
            yield Say("pair.resting", name=pair["name"])
        yield from _offer_message(person_id, pair)
        return
    yield Say("pair.calling", name=pair["name"])
    left = yield Meet(
        "pair.talk", tuple(pair["people"]), invited="pairs.invited", args=(pair["pair"],), label=f"pair:{pair['pair']}",
        not_rung=tuple(pair["resting"]), seconds=pair["ring_seconds"], longest_seconds=pair["longest_seconds"],
    )  # fmt: skip
    why = yield from converse(left)
    if why in NOT_REACHED:
        yield Say(f"missed.{why}", name=pair["name"])
        yield from _offer_message(person_id, pair)


def which_pair(person_id: int) -> Dialogue:
    """The caller's pair, chosen if there are several; None without one, a key when the caller turned back."""
    found: list[dict[str, Any]] = yield Look("pairs.mine", person_id)
    if len(found) < 2:
        return found[0] if found else None
    options = [
        (str(index), Say("pair.which", name=pair["name"], key=str(index))) for index, pair in enumerate(found[:4], 1)
    ]
    key = yield from choose("pair.which", options)
    return found[int(key) - 1] if key in "1234" and key else key


def _offer_message(person_id: int, pair: dict[str, Any]) -> Dialogue:
    options = [("1", "pair.leave_message"), ("2", "time.agree_on_one")]
    if pair["rests"] is not None:
        key = yield from choose("pair.message", options[:1], before=[Say("rest.message_waits", name=pair["name"])])
    else:
        key = yield from choose("pair.message", options)
    if key == "1":
        yield from leave_message("pairs.message", pair["pair"])
    elif key == "2":
        key = yield from time_with(person_id, pair)
    if key == STAFF:
        yield from leave_for_staff()


def converse(left: Left) -> Dialogue:
    """As long as the leg steps aside and comes back; then why it left for good."""
    while left.why == "away":
        if not (yield from _step_aside()):
            return "ended"
        yield Say("talk.going_back")
        left = yield Enter("pair.back", left.room)
    if left.why == "alone":
        yield Say("talk.partner_gone")
    elif left.why == "time":
        yield Say("talk.time_over")
    return left.why


def _step_aside() -> Dialogue:
    """1 a message for the nurse, 2 back, 3 end. The partner hears that this one will be right back (S8). True: go back."""
    key = yield from choose("talk.aside", [("1", "aside.nurse"), ("2", "aside.back"), ("3", "aside.end")])
    if key in ("1", STAFF):
        yield from leave_for_staff()
    return key != "3"


def invited(person_id: int, room_id: int, pair_id: int) -> Dialogue:
    """For the one who is rung. A machine presses no key and learns nothing: no word here tells of an illness."""
    asked = yield Look("pairs.invitation", person_id, pair_id)
    whisper = [Say("pair.whisper", name=asked["name"], partner_name=asked["partner_name"])]
    key = yield from choose("pair.invited", [("1", "pair.accept"), ("2", "pair.decline")], back=False, before=whisper)
    if key != "1":
        yield Say("pair.not_now")
        return
    if asked["asks_pin"] and not (yield from prove(person_id)):
        return
    left = yield Enter("pair.talk", room_id)
    if left.why == "alone":
        yield Say("talk.partner_gone")
        return
    yield from converse(left)


def called_back(person_id: int) -> Dialogue:
    """The line rings this one first, as asked for on the web page or by staff, and then the partner."""
    asked = yield Look("pairs.invitation", person_id, 0)
    greeting = [Say("pair.ready", name=asked["name"])]
    key = yield from choose(
        "pair.called_back", [("1", "pair.accept"), ("2", "pair.decline")], back=False, before=greeting
    )
    if key != "1":
        yield Say("pair.not_now")
        return
    if asked["asks_pin"] and not (yield from prove(person_id)):
        return
    yield from talk_to_partner(person_id)


def reminded(person_id: int, pair_id: int) -> Dialogue:
    """The line rings because the two have not talked for a while (S7): one key and they are joined, another ends such calls."""
    asked = yield Look("pairs.invitation", person_id, pair_id)
    days = yield Look("pairs.silent_days", person_id, pair_id)
    greeting = [Say("remind.silent", name=asked["name"], partner_name=asked["partner_name"], days=days)]
    options = [("1", "pair.accept"), ("2", "pair.decline"), ("3", "remind.never")]
    key = yield from choose("pair.reminded", options, back=False, before=greeting)
    if key == "3":
        yield Do("pairs.no_reminders", person_id)
        yield Say("remind.stopped")
    elif key == STAFF:
        yield from leave_for_staff()
    elif key != "1":
        yield Say("pair.not_now")
    elif not asked["asks_pin"] or (yield from prove(person_id)):
        yield from talk_to_partner(person_id)


def at_the_time(person_id: int, pair_id: int) -> Dialogue:
    """The line rings at the agreed time: one key, and the partner is rung, too."""
    asked = yield Look("pairs.invitation", person_id, pair_id)
    greeting = [Say("time.now", name=asked["name"], partner_name=asked["partner_name"])]
    key = yield from choose(
        "pair.at_the_time", [("1", "pair.accept"), ("2", "pair.decline")], back=False, before=greeting
    )
    if key == STAFF:
        yield from leave_for_staff()
    elif key != "1":
        yield Say("pair.not_now")
    elif not asked["asks_pin"] or (yield from prove(person_id)):
        yield from talk_to_partner(person_id)


def a_time_to_talk(person_id: int) -> Dialogue:
    """From the menu: a time at which the line rings both. Returns a key as `choose` does."""
    pair = yield from which_pair(person_id)
    if pair is None:
        yield Say("pair.none_yet")
        return BACK
    return pair if isinstance(pair, str) else (yield from time_with(person_id, pair))


def stop_taking_part(person_id: int) -> Dialogue:
    """Out at once, for any reason, with nobody blamed (S15); or a rest instead. True when the caller stopped."""
    yield Say("stop.ask")
    key = yield from choose("stop.confirm", [("1", "stop.confirm"), ("2", "stop.stay"), ("3", "stop.rest")])
    if key == "3":
        yield from take_a_rest(person_id)
    if key == "1":
        yield Do("pairs.stop", person_id)
        yield Say("stop.done")
        return True
    if key in ("2", BACK, NOTHING):
        yield Say("stop.stayed")
    return False


def hear_partners_step(person_id: int) -> Dialogue:
    """The step a partner shares (S31), said once; no word of it stands in the journal."""
    for one in (yield Look("pairs.shared_steps", person_id)):
        yield Say("pair.shared_step", partner_name=one["name"], step=Unsaid("pairs.shared_words", one["person"]))
