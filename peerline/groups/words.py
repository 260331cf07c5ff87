"""Words for what the tables keep as short names, and for what went wrong."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

GROUP_SESSION = _("Group session")
VOICE_NOTE = _("Said by telephone; hear it in the voicemail")
WAYS = {"place": _("In a room"), "telephone": _("By telephone on our line"), "link": _("By video link")}
STATES = {"planned": _("planned"), "held": _("was held"), "canceled": _("canceled")}
STATE_TONES = {"planned": "calm", "held": "ok", "canceled": "stop"}
SEATS = {
    "invited": _("invited"),
    "coming": _("is coming"),
    "waiting": _("waits for a seat"),
    "out": _("is not coming"),
}
SEAT_TONES = {"invited": "calm", "coming": "ok", "waiting": "warm", "out": "calm"}
MY_SEATS = {
    "invited": _("You are invited."),
    "coming": _("You are coming."),
    "waiting": _("All seats are taken. You are on the waiting list, and we tell you when a seat is free."),
    "out": _("You are not coming."),
}
TOPICS = {
    "food": _("Eating well"),
    "moving": _("Moving more"),
    "medicine": _("Taking medicine"),
    "insulin": _("Insulin and the needle"),
    "mood": _("Stress and mood"),
    "checking": _("Checking my numbers"),
    "cost": _("What it costs"),
    "family": _("Family and friends"),
    "visits": _("Talking with the doctor"),
}
PHONE_TOPICS = ("food", "moving", "medicine", "mood")
STEPS = {
    "explore": _("Explore the problem"),
    "feelings": _("Clarify the feelings"),
    "plan": _("Make a plan"),
    "commit": _("Commit to a step"),
    "evaluate": _("Look back at the step"),
}
ANOTHER = {
    "telephone": _("A session by telephone"),
    "nurse": _("A call from the nurse"),
    "next": _("The next group"),
    "none": _("Nothing for now"),
}
HOW = {
    "web": _("on the website"),
    "phone": _("by telephone"),
    "paper": _("on paper"),
    "session": _("in a session"),
}
# GroupError.word → a sentence
SENTENCES = {
    "is_over": _("This session is over."),
    "is_canceled": _("This session was canceled."),
    "not_yet": _("This session has not begun yet."),
    "in_the_past": _("Choose a time that is still to come."),
    "not_in_the_program": _("This person does not take part in the program now."),
    "too_few_seats": _("More people are coming than there would be seats."),
    "no_place": _("Say where it is: a place, or the address of the video link."),
    "nothing_said": _("Choose a topic, or say it in your own words."),
    "already_done": _("This was done already."),
    "not_a_telephone_session": _("This session is not by telephone."),
    "no_number": _("There is no checked telephone number to ring, or a call with this person goes on already."),
    "not_a_choice": _("Choose one of the answers."),
}


def why_missed(facts: dict[str, Any]) -> str:
    return ngettext("Missed %(n)s session.", "Missed %(n)s sessions in a row.", facts["missed"]) % {
        "n": facts["missed"]
    }


def why_wants_nurse(facts: dict[str, Any]) -> str:
    return gettext("Missed a session, and asks for a call from the nurse.")


def why_wants_telephone(facts: dict[str, Any]) -> str:
    return gettext("Missed a session, and would come to one by telephone.")


def why_unmarked(facts: dict[str, Any]) -> str:
    return gettext("A session is over, and nobody has said who came.")


def why_no_session(facts: dict[str, Any]) -> str:
    people = facts["people"]
    return ngettext(
        "%(n)s person is due for a session that nobody has planned.",
        "%(n)s people are due for a session that nobody has planned.",
        people,
    ) % {"n": people}


def opens_session(facts: dict[str, Any]) -> str:
    return reverse("groups:session", args=[facts["session"]])


def opens_sessions(facts: dict[str, Any]) -> str:
    return reverse("groups:index")
