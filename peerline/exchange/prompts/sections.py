"""What staff call each part of what the line says: the first word of a prompt's key."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "goodbye": _("Goodbye"),
    "emergency": _("First words of every call"),
    "arrive": _("Arriving"),
    "consent": _("What people agree to"),
    "tour": _("Try before you join"),
    "menu": _("Menus"),
    "settings": _("Settings"),
    "pair": _("Calling my partner"),
    "pin": _("A PIN of one's own"),
    "code": _("Saying a code or a PIN"),
    "check": _("Checking a number"),
    "talk": _("During the talk"),
    "aside": _("Stepping aside"),
    "messages": _("Messages"),
    "hours": _("My calling hours"),
    "plan": _("My plan"),
    "time": _("A time to talk"),
    "remind": _("When two have not talked for a while"),
    "reminder": _("Reminder calls"),
    "care": _("The staff call back"),
    "groups": _("Group sessions"),
    "training": _("Training in talking with a partner"),
    "stop": _("Stopping"),
    "rest": _("Taking a rest"),
    "staff": _("Reaching the staff"),
    "missed": _("When the partner cannot talk"),
    "ask": _("Questions"),
    "answer": _("Answers to questions"),
    "rescue": _("When something goes wrong"),
}


def name_of(section: str) -> str:
    """The section as staff read it; the word of the key itself for one that has no name yet."""
    return str(NAMES.get(section, section.replace("_", " ").capitalize()))
