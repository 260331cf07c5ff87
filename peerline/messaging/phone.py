"""The telephone door of messaging: a reminder that is called, and how one wants to be reminded.

Before a key is pressed no word says what it is about: a machine that picks up keeps nothing but that somebody called.
"""

from peerline.kernel.dialogue import Dialogue, Do, Look, Say
from peerline.kernel.menus import choose

MENU = "menu"


def reminded(person_id: int, message_id: int) -> Dialogue:
    """Say the reminder to whoever presses 1. Returns "menu" when they want to do it at once, else a key."""
    asked = yield Look("reminders.words", person_id, message_id)
    greeting = [Say("reminder.hello", name=asked["name"])]
    options = [("1", "reminder.hear"), ("2", "reminder.no_calls")]
    key = yield from choose("reminder.ready", options, back=False, before=greeting)
    if key == "2":
        yield Do("reminders.no_calls", person_id)
        yield Say("remind.stopped")
    if key != "1":
        return key
    yield Do("reminders.heard", message_id)
    words = Say(asked["prompt"], **asked["values"]) if asked["prompt"] else Say("reminder.something")
    options = [("1", "reminder.do_it"), ("2", "reminder.enough")]
    key = yield from choose("reminder.heard", options, back=False, before=[words])
    return MENU if key == "1" else key
