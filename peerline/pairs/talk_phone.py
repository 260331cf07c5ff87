"""The telephone door of a time to talk: ask for one, choose one, change or cancel it."""

from typing import Any

from peerline.kernel.dialogue import Dialogue, Do, Look, Say
from peerline.kernel.menus import choose

NOTHING_ASKED, TO_ANSWER, WAITS, AGREED = "", "to_answer", "waits", "agreed"


def time_with(person_id: int, pair: dict[str, Any]) -> Dialogue:
    """What is asked or agreed with this partner, and what can be done about it. Returns a key as `choose` does."""
    if (yield from says_rest(pair)):
        return ""
    now = yield Look("pairs.talk_time", person_id, pair["pair"])
    if now["state"] == TO_ANSWER:
        return (yield from _answer(person_id, pair, now))
    if now["state"] in (WAITS, AGREED):
        return (yield from _change(person_id, pair, now))
    return (yield from _ask(person_id, pair))


def says_rest(pair: dict[str, Any]) -> Dialogue:
    """The partner takes a rest, and until when. False, and nothing said, where they do not."""
    if pair["rests"]:
        yield Say("rest.until", name=pair["name"], until_date=pair["rests"])
    elif pair["rests"] is not None:
        yield Say("rest.rests", name=pair["name"])
    return pair["rests"] is not None


def question_first(person_id: int, pair: dict[str, Any]) -> Dialogue:
    """Before a call: does the partner ask for a time? Returns "" to go on with the call, else the key to go back with."""
    now = yield Look("pairs.talk_time", person_id, pair["pair"])
    if now["state"] != TO_ANSWER:
        return ""
    key = yield from choose(
        "time.asked_first", [("1", "time.hear"), ("2", "time.call_now")], before=[Say("time.asks", name=pair["name"])]
    )
    if key == "2":
        return ""
    return (yield from _answer(person_id, pair, now)) or "*" if key == "1" else key or "*"


def _answer(person_id: int, pair: dict[str, Any], now: dict[str, Any]) -> Dialogue:
    """Up to three times, and one key for none of them."""
    greeting = [Say("time.weekly_asked" if now["weekly"] else "time.asked", name=pair["name"])]
    key = yield from choose("time.answer", [*_options(now["times"]), ("4", "time.none_suits")], before=greeting)
    if key == "4":
        yield Do("pairs.drop_time", person_id, now["id"])
        return (yield from _ask(person_id, pair))
    if key in ("1", "2", "3"):
        chosen = now["times"][int(key) - 1]
        done = yield Do("pairs.agree_time", person_id, now["id"], chosen["at"])
        yield Say("time.agreed", day=chosen["day"], time=chosen["time"]) if done else Say("time.gone")
    return key


def _change(person_id: int, pair: dict[str, Any], now: dict[str, Any]) -> Dialogue:
    if now["state"] == AGREED:
        greeting = [Say("time.stands", name=pair["name"], day=now["times"][0]["day"], time=now["times"][0]["time"])]
    else:
        greeting = [Say("time.waits", name=pair["name"])]
    key = yield from choose("time.change", [("1", "time.another"), ("2", "time.cancel")], before=greeting)
    if key == "1":
        return (yield from _ask(person_id, pair))
    if key == "2":
        yield Do("pairs.drop_time", person_id, now["id"])
        yield Say("time.cancelled")
    return key


def _ask(person_id: int, pair: dict[str, Any]) -> Dialogue:
    """Three times at which both are free; the chosen one goes to the partner."""
    times = yield Look("pairs.times_to_offer", person_id, pair["pair"])
    if not times:
        yield Say("time.no_common")
        return ""
    key = yield from choose("time.ask", _options(times), before=[Say("time.choose")])
    if key not in ("1", "2", "3"):
        return key
    weekly = yield from choose("time.how_often", [("1", "time.once"), ("2", "time.weekly")])
    if weekly not in ("1", "2"):
        return weekly
    done = yield Do("pairs.ask_time", person_id, pair["pair"], times[int(key) - 1]["at"], weekly == "2")
    yield Say("time.sent", name=pair["name"]) if done else Say("time.gone")
    return key


def _options(times: list[dict[str, Any]]) -> list[tuple[str, Say]]:
    return [
        (str(number), Say("time.option", day=one["day"], time=one["time"], key=str(number)))
        for number, one in enumerate(times[:3], 1)
    ]
