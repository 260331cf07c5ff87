"""Words for what the tables keep as short names, and for what went wrong."""

import re
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from peerline.kernel.languages import DEFAULT

STATES = {
    "open": _("waits for answers"),
    "done": _("answered"),
    "missed": _("its days went by"),
    "void": _("not asked any more"),
}
TONES = {"open": "calm", "done": "ok", "missed": "warm", "void": "calm"}
DOORS = {
    "web": _("on the website"),
    "phone": _("by telephone"),
    "paper": _("on paper"),
    "staff": _("read to them by staff"),
}
KINDS = {
    "a1c": _("A1C"),
    "glucose": _("Blood sugar"),
    "systolic": _("Blood pressure, upper number"),
    "diastolic": _("Blood pressure, lower number"),
    "weight": _("Weight"),
    "height": _("Height"),
    "bmi": _("Body mass index"),
    "cholesterol": _("Cholesterol"),
    "hdl": _("HDL cholesterol"),
    "ldl": _("LDL cholesterol"),
    "triglycerides": _("Triglycerides"),
}
UNITS = {
    "%": "%",
    "mmol/mol": "mmol/mol",
    "mg/dL": "mg/dL",
    "mmol/L": "mmol/L",
    "mm[Hg]": "mmHg",
    "kg": "kg",
    "[lb_av]": "lb",
    "cm": "cm",
    "[in_i]": "in",
    "kg/m2": "kg/m²",
}
METHODS = {"lab": _("a laboratory"), "poc": _("the clinic, on the spot"), "self": _("the person told us")}
OCCASIONS = {
    "baseline": _("at the start"),
    "month-6": _("after six months"),
    "asked": _("asked by staff"),
}

# OutcomeError.word → a sentence
SENTENCES = {
    "closed": _("These questions are closed. Ask the staff if you still want to answer them."),
    "not_an_answer": _("Choose one of the answers."),
    "no_such_question": _("This question is not asked any more. Here is the next one."),
    "unit": _("This value does not come in this unit."),
    "impossible": _("This value cannot be. Look at the number and its unit again."),
    "unusual": _("This value is unusual. If it is right, tick the box below the number."),
    "future": _("This day has not come yet."),
    "there_already": _("There is a value of this day already. Strike it out first if it is wrong."),
    "upside_down": _("The upper number must be higher than the lower one."),
    "no_words": _("A site that holds the license has to enter the words first."),
    "lines": _("Enter one line for each question, in every language."),
    "already_open": _("These questions are open for this person already."),
    "out_of_contact": _("This person does not take part now."),
}


def said(words: Any) -> str:
    """Text of an instrument in the language in force."""
    return str(words.get((get_language() or DEFAULT)[:2]) or words.get(DEFAULT, ""))


def why_low_mood(facts: dict[str, Any]) -> str:
    """For the desk: what was answered, and what is asked of staff."""
    return gettext("The mood questions (%(name)s) came to %(score)s. Talk with this person about how they feel.") % {
        "name": facts.get("name", ""), "score": facts.get("score", ""),
    }  # fmt: skip


def why_life_in_danger(facts: dict[str, Any]) -> str:
    return gettext("An answer tells of thoughts of death. Call now; do not wait for a good time.")


def why_checkup(facts: dict[str, Any]) -> str:
    return gettext("A check-up is due: no A1C for a long time. Enter a newer one, or help to make an appointment.")


def why_distress(facts: dict[str, Any]) -> str:
    return gettext("The questions on distress (%(name)s) came to %(score)s. Ask what weighs on this person.") % {
        "name": facts.get("name", ""), "score": facts.get("score", ""),
    }  # fmt: skip


def why_missed(facts: dict[str, Any]) -> str:
    return gettext("Questions were not answered in time. Offer to read them by telephone, or send them on paper.")


def opens_person(facts: dict[str, Any]) -> str:
    """Where staff see all answers of this person."""
    return f"/people/{facts['person']}/outcomes/" if "person" in facts else ""


def occasion(key: str) -> str:
    """ "at the start", "week 6"; of any other occasion the protocol names itself, its key in words."""
    plain = key.partition("+")[0]
    if week := re.fullmatch(r"week[-_ ](\d+)", plain):
        return gettext("week %(n)s") % {"n": week[1]}
    return str(OCCASIONS.get(plain, plain.replace("-", " ").replace("_", " ")))
