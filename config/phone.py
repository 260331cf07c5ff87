"""The telephone front door: what somebody who dials the line is led through."""

from peerline.entry.phone import change_language, change_pin, first_pin, greet, identify, prove, replace_given_pin
from peerline.exchange.phone import hear_messages, leave_for_staff
from peerline.groups.phone import group_sessions
from peerline.kernel.dialogue import Dialogue, Look, Say
from peerline.kernel.menus import BACK, NOTHING, STAFF, choose
from peerline.messaging.phone import MENU
from peerline.messaging.phone import reminded as say_reminder
from peerline.outcomes.phone import answer_questions
from peerline.pairs.phone import a_time_to_talk, hear_partners_step, stop_taking_part, talk_to_partner
from peerline.people.phone import calling_hours
from peerline.plans.phone import my_plan
from peerline.programs.phone import answer_invitations, offer_to_go_on


def front_door(telephone_hash: str) -> Dialogue:
    """Greet, find out who it is, lead through the main menu, say goodbye."""
    line = yield from greet(telephone_hash)
    caller = (yield from identify(telephone_hash, line)) if line else None
    if caller and (yield from answer_invitations(caller["person_id"])):
        if caller.get("by_letter"):
            yield from first_pin()
        yield from replace_given_pin(caller["person_id"])
        yield from offer_to_go_on(caller["person_id"])
        yield from main_menu(caller["person_id"], caller["nickname"])
    yield Say("goodbye")


def main_menu(person_id: int, nickname: str) -> Dialogue:
    """Talk, messages, settings, what the program holds besides; until the caller has had enough."""
    new = yield Look("messages.new", person_id)
    greeting = [Say("arrive.hello", name=nickname), Say("messages.new", count=new)]
    options = [("1", "menu.talk"), ("2", "menu.messages"), ("3", "menu.settings"), ("4", "menu.program")]
    while True:
        key = yield from choose("menu.main", options, before=greeting, back=False)
        greeting = [Say("menu.again")]
        if key == "1":
            yield from talk_to_partner(person_id)
        elif key == "2":
            key = yield from hear_messages(person_id)
        elif key == "3":
            key = yield from settings(person_id)
        elif key == "4":
            key = yield from my_program(person_id)
        if key == STAFF:
            yield from leave_for_staff()
        if key in (NOTHING, "stopped"):
            return


def my_program(person_id: int) -> Dialogue:
    """My plan, group sessions, questions, a time to talk. Returns "*", "0" or ""."""
    options = [("1", "menu.my_plan"), ("2", "menu.sessions"), ("3", "menu.questions"), ("4", "menu.time")]
    key = yield from choose("menu.program", options)
    if key == "1":
        yield from hear_partners_step(person_id)
        key = yield from my_plan(person_id)
    elif key == "2":
        key = yield from group_sessions(person_id)
    elif key == "3":
        key = yield from answer_questions(person_id)
    elif key == "4":
        key = yield from a_time_to_talk(person_id)
    return key


def settings(person_id: int) -> Dialogue:
    """Calling hours, language, stop taking part, another PIN. Returns "*", "0", "" or "stopped"."""
    while True:
        options = [("1", "menu.hours"), ("2", "menu.language"), ("3", "menu.stop"), ("4", "menu.pin")]
        key = yield from choose("menu.settings", options)
        if key in (BACK, STAFF, NOTHING):
            return key
        if key == "1":
            key = yield from calling_hours(person_id)
        elif key == "2":
            yield from change_language(person_id)
        elif key == "4":
            key = yield from change_pin()
        elif (yield from stop_taking_part(person_id)):
            return "stopped"
        if key in (STAFF, NOTHING):
            return key


def reminded(person_id: int, message_id: int) -> Dialogue:
    """The line rings with a reminder; whoever wants to do it at once proves who they are and has the main menu."""
    key = yield from say_reminder(person_id, message_id)
    if key == STAFF:
        yield from leave_for_staff()
    elif key == MENU and (yield from prove(person_id)):
        yield from main_menu(person_id, (yield Look("people.nickname", person_id)))
    yield Say("goodbye")
