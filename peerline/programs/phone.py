"""The telephone door of programs: what one would agree to, read aloud by the line, and an answer by one key (S121)."""

from typing import Any

from peerline.exchange.phone import leave_for_staff
from peerline.kernel.dialogue import Dialogue, Do, Look, Say
from peerline.kernel.menus import NOTHING, STAFF, choose
from peerline.programs.tour_phone import take as take_the_tour

SENTENCES_AT_ONCE = 4  # then a key goes on: nobody is read to for minutes


def answer_invitations(person_id: int) -> Dialogue:
    """Each program that waits for a yes or no. True when the call goes on; False when the caller takes part nowhere."""
    for asked in (yield Look("programs.invitations", person_id)):
        if (yield from _ask(person_id, asked)) is False:
            return False
    return True


def take_a_rest(person_id: int) -> Dialogue:
    """For so long, or until they say."""
    options = [("1", "rest.one_week"), ("2", "rest.two_weeks"), ("3", "rest.four_weeks"), ("4", "rest.until_i_say")]
    key = yield from choose("rest.how_long", options, before=[Say("rest.how_long")])
    weeks = {"1": 1, "2": 2, "3": 4, "4": 0}.get(key)
    if weeks is not None:
        until = yield Do("programs.begin_rest", person_id, weeks)
        yield Say("rest.begun_until", until_date=until) if until else Say("rest.begun")
    elif key == STAFF:
        yield from leave_for_staff()


def offer_to_go_on(person_id: int) -> Dialogue:
    """Whoever rests hears so, and may end it by one key."""
    rest = yield Look("programs.rest", person_id)
    if rest is None:
        return
    said = Say("rest.you_until", until_date=rest["until"]) if rest["until"] else Say("rest.you")
    key = yield from choose("rest.go_on", [("1", "rest.go_on"), ("2", "rest.go_on_resting")], back=False, before=[said])
    if key == "1":
        yield Do("programs.end_rest", person_id)
        yield Say("rest.over")
    elif key == STAFF:
        yield from leave_for_staff()


def _ask(person_id: int, asked: dict[str, Any]) -> Dialogue:
    """Hear it, put it off, or say no. False: no, and there is nothing else they take part in."""
    first = Say("consent.invited", program=asked["program"]) if asked["new"] else Say("consent.changed")
    options = [("1", "consent.hear"), ("2", "consent.later"), ("3", "consent.never")]
    key = yield from choose("consent.offer", _with_a_tour(options, asked), back=False, before=[first])
    if key == "4":
        key = yield from take_the_tour()
        if key not in (STAFF, NOTHING):
            key = yield from choose("consent.after_tour", options, back=False)
    if key == "1":
        key = yield from _read(person_id, asked)
    if key == "3":
        stays = yield Do("programs.decline", person_id, asked["enrollment"])
        yield Say("consent.declined")
        return bool(stays)
    if key == "2":
        yield Say("consent.put_off")
    elif key == STAFF:
        yield from leave_for_staff()
    return True


def _with_a_tour(options: list[tuple[str, str]], asked: dict[str, Any]) -> list[tuple[str, str]]:
    """Whoever is new may try it first."""
    return [*options, ("4", "tour.offer")] if asked["new"] else options


def _read(person_id: int, asked: dict[str, Any]) -> Dialogue:
    """The whole text, a few sentences at a time; 1 agrees at its end. Returns "1", or what was pressed instead."""
    words = [Say("consent.text", sentence=one) for one in asked["sentences"]]
    while len(words) > SENTENCES_AT_ONCE:
        now, words = words[:SENTENCES_AT_ONCE], words[SENTENCES_AT_ONCE:]
        key = yield from choose(
            "consent.more", [("1", "consent.go_on"), ("3", "consent.never")], back=False, before=now
        )
        if key != "1":
            return key
    options = [("1", "consent.agree"), ("2", "consent.later"), ("3", "consent.never")]
    key = yield from choose("consent.ask", options, back=False, before=words)
    if key == "1":
        yield Do("programs.agree", person_id, asked["enrollment"], asked["version"])
        yield Say("consent.agreed")
    return key
