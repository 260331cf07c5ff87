"""Words for needs, for what staff did, and for what went wrong."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peerline.kernel import clock
from peerline.messaging import words as message_words
from peerline.ui.phrases import length_words

DEEDS = {
    "called": gettext_lazy("I called one or both of them"),
    "messaged": gettext_lazy("I left a message"),
    "hours": gettext_lazy("We changed their hours"),
    "new_match": gettext_lazy("They asked for a new partner"),
    "waiting": gettext_lazy("I wait a little longer"),
}
SENTENCES = {
    "no_caller": gettext_lazy("We do not know who left this message, so the line cannot call back."),
    "resting": gettext_lazy("This person takes no calls at this time of day. Try again within their calling hours."),
    "no_number": gettext_lazy(
        "The line cannot ring you now: your telephone number is not checked yet, or you are on a call."
    ),
    "closed": gettext_lazy("A colleague has closed this already."),
}
LEVELS = {
    "E0": gettext_lazy("now"),
    "E1": gettext_lazy("at once"),
    "E2": gettext_lazy("within a day"),
    "E3": gettext_lazy("within three working days"),
}
ROOMS = {  # the first part of a kind
    "care": gettext_lazy("Voicemail, pairs, alarms"),
    "plans": gettext_lazy("Action plans"),
    "groups": gettext_lazy("Group sessions"),
    "outcomes": gettext_lazy("Questionnaires"),
    "pairs": gettext_lazy("Partners"),
    "messaging": gettext_lazy("Messages"),
    "timeline": gettext_lazy("What the line does by itself"),
    "programs": gettext_lazy("Taking part"),
}
RANKS = (
    gettext_lazy("What cannot wait"),
    gettext_lazy("Yours"),
    gettext_lazy("Nobody has it yet"),
    gettext_lazy("Your colleagues have it"),
)
ELEMENTS = {  # kernel.elements.Element → how staff tick it
    "access": gettext_lazy("Regular care: a check-up, an appointment"),
    "assessment": gettext_lazy("Finding out what this person needs"),
    "goals": gettext_lazy("Setting a goal together"),
    "education": gettext_lazy("Knowledge and skills"),
    "followup": gettext_lazy("Keeping in touch"),
    "community": gettext_lazy("Help nearby: a group, food, a ride"),
}
SUPPORT = {
    "emotional": gettext_lazy("Listening and caring"),
    "appraisal": gettext_lazy("Saying what goes well"),
    "informational": gettext_lazy("Facts and skills"),
    "instrumental": gettext_lazy("Help with a practical thing"),
    "outreach": gettext_lazy("Reaching out to somebody we had not heard from"),
    "coordination": gettext_lazy("Talking with their clinic"),
}
SERVED = ELEMENTS | SUPPORT
NOTICE_WHO = {
    "all": gettext_lazy("Everybody who takes part"),
    "no_partner": gettext_lazy("Those without a partner"),
    "silent": gettext_lazy("Pairs without a talk for two weeks"),
    "session": gettext_lazy("Those who come to a session"),
}
NOTICE_STATES = {
    "written": gettext_lazy("has not left yet"),
    "canceled": gettext_lazy("called back"),
    "waiting": gettext_lazy("waits for a good time"),
    "out": gettext_lazy("on its way"),
    "delivered": gettext_lazy("arrived"),
    "nowhere": gettext_lazy("no way to reach them; on the desk"),
    "missed": gettext_lazy("not in time; on the desk"),
    "dropped": gettext_lazy("not sent: they rest or stopped"),
}
NOTICE_TONES = {
    "written": "calm", "canceled": "calm", "waiting": "calm", "out": "calm", "delivered": "ok", "nowhere": "stop",
    "missed": "warm", "dropped": "calm",
}  # fmt: skip
NAMELESS = {
    "care.voicemail": gettext_lazy("A caller we do not know"),
    "care.drill": gettext_lazy("A drill"),
}


def way(channel: str) -> str:
    """ "By text message"; of no channel: in no way."""
    if not channel:
        return _("in no way: there is no address")
    return str(message_words.BY[channel])


def why_voicemail(facts: dict[str, Any]) -> str:
    return _("Left a voicemail, %(length)s.") % {"length": length_words(facts["seconds"])}


def opens_voicemail(facts: dict[str, Any]) -> str:
    return reverse("care:message", args=[facts["voicemail"]])


def why_hard_pair(facts: dict[str, Any]) -> str:
    return silence(facts["ever"], (clock.now().date() - date.fromisoformat(facts["since"])).days)


def silence(ever: bool, days: int) -> str:
    """ "No talk for 16 days." ever: did they talk at all?"""
    if not ever:
        return ngettext("No talk yet in %(n)s day.", "No talk yet in %(n)s days.", days) % {"n": days}
    return ngettext("No talk for %(n)s day.", "No talk for %(n)s days.", days) % {"n": days}


def opens_hard_pair(facts: dict[str, Any]) -> str:
    return reverse("care:difficulty", args=[facts["pair_id"]])


def why_leaving(facts: dict[str, Any]) -> str:
    return _("Stopped taking part. Complete the removal of their numbers.")


def opens_leaving(facts: dict[str, Any]) -> str:
    return reverse("programs:person", args=[facts["person_id"]])


def why_task(facts: dict[str, Any]) -> str:
    return str(facts["words"])


def why_drill(facts: dict[str, Any]) -> str:
    return _("A made-up alarm: open it, or press 1 when the line rings you. Nobody is in danger.")


LINES = {  # of the lexicon of red flags
    "unresponsive": gettext_lazy("somebody who does not respond or fainted"),
    "chest_pain": gettext_lazy("chest pain"),
    "stroke": gettext_lazy("signs of a stroke"),
    "breath": gettext_lazy("trouble breathing"),
    "suicide_now": gettext_lazy("suicide, with the means at hand"),
    "suicide": gettext_lazy("suicidal thoughts"),
    "helped_low": gettext_lazy("a low in which others had to help"),
    "very_low": gettext_lazy("glucose under 54"),
    "low": gettext_lazy("glucose under 70"),
    "low_sugar": gettext_lazy("low blood sugar"),
    "high": gettext_lazy("glucose over 300"),
    "very_high": gettext_lazy("very high glucose, twice or with illness"),
    "sick_and_high": gettext_lazy("vomiting or ketones"),
    "foot": gettext_lazy("a wound on the foot"),
    "rationing": gettext_lazy("insulin or medicine made to last"),
    "abuse": gettext_lazy("violence or fear at home"),
    "misconduct": gettext_lazy("a partner who asks or advises what partners must not"),
    "pressure": gettext_lazy("very high blood pressure"),
}
VERDICTS = {
    "real": gettext_lazy("it was real"),
    "false": gettext_lazy("a false alarm"),
    "": gettext_lazy("nobody has said yet"),
}


def why_red_flag(facts: dict[str, Any]) -> str:
    """ "Words that may mean danger: chest pain, low blood sugar." """
    return _("Words that may mean danger: %(what)s.") % {"what": lines_words(facts["found"])}


def lines_words(found: list[str]) -> str:
    return ", ".join(str(LINES.get(key, key)) for key in found)
