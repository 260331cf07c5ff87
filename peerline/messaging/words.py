"""Words for what the tables keep as short names."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CHANNELS = {"sms": _("Text message"), "email": _("E-mail"), "voice": _("Spoken by telephone"), "letter": _("Letter")}
SENT_BY = {
    "sms": _("A text message sent"),
    "email": _("An e-mail sent"),
    "voice": _("A call by the line, with something to say"),
    "letter": _("A letter to print"),
}
STATES = {
    "waiting": _("waiting"),
    "taken": _("being handed over"),
    "sent": _("sent"),
    "failed": _("failed"),
    "expired": _("too late"),
    "unsure": _("nobody can say whether it left"),
    "delivered": _("arrived"),
    "read": _("read"),
    "undelivered": _("did not arrive"),
}
TONES = {
    "waiting": "calm", "taken": "calm", "sent": "ok", "failed": "stop", "expired": "warm", "unsure": "warm",
    "delivered": "ok", "read": "ok", "undelivered": "stop",
}  # fmt: skip
RECEIPTS = {
    "accepted": _("taken"), "scheduled": _("taken"), "queued": _("taken"), "sending": _("on its way"), "sent": _("on its way"),
    "failed": _("did not arrive"), "undelivered": _("did not arrive"), "canceled": _("did not arrive"),
    "delivered": _("arrived"), "read": _("read"),
}  # fmt: skip
WAYS = {"voice": _("A telephone call"), "sms": _("A text message"), "email": _("An e-mail"), "letter": _("A letter")}
BY = {"voice": _("by telephone"), "sms": _("by text message"), "email": _("by e-mail"), "letter": _("by letter")}


def said_in_a_row(first: str, also: list[str]) -> str:
    """ "By telephone. If that does not work: by e-mail, by letter." """
    begin = str(BY[first])
    begin = begin[0].upper() + begin[1:]
    if not also:
        return f"{begin}."
    return gettext("%(first)s. If that does not work: %(also)s.") % {
        "first": begin,
        "also": ", ".join(str(BY[one]) for one in also),
    }


REMINDERS = {
    "waiting": _("It looks for the next way."),
    "out": _("News of it is waited for."),
    "delivered": _("It has come."),
    "nowhere": _("No way is left; the staff were told."),
    "missed": _("Its time went by; the staff were told."),
    "dropped": _("It is not wanted any more."),
}


def tried(number: int, state: str) -> str:
    return gettext("Reminder, try %(n)s.") % {"n": number} + f" {REMINDERS.get(state, '')}"


def why_missed(facts: dict[str, Any]) -> str:
    return gettext("A reminder did not reach this person in time.")


def why_nowhere(facts: dict[str, Any]) -> str:
    return gettext("A reminder reached this person in no way they allow. Ask them how we may reach them.")


def why_unsure(facts: dict[str, Any]) -> str:
    return gettext("Nobody can say whether a reminder left. It was not sent twice.")


def why_reported(facts: dict[str, Any]) -> str:
    return gettext("This person reported their partner. Calls and words between the two rest until you have looked.")
