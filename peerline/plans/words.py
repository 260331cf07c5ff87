"""Words for what the tables keep as short names, and for what went wrong."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from peerline.kernel.dialogue import Say
from peerline.kernel.phone_numbers import for_reading
from peerline.messaging.rules import Text

STATES = {"draft": _("not finished yet"), "active": _("under way"), "reviewed": _("looked back on")}
STATE_TONES = {"draft": "warm", "active": "ok", "reviewed": "calm"}
DOMAINS = {
    "medication": _("Medicine"),
    "diet": _("Food"),
    "exercise": _("Moving more"),
    "monitoring": _("Checking my sugar"),
    "coping": _("Coping with feelings"),
}
OUTCOMES = {
    "done": _("I did it"),
    "partly": _("I did some of it"),
    "changed": _("I changed it along the way"),
    "not_done": _("It did not work out this time"),
}
OUTCOME_TONES = {"done": "ok", "partly": "ok", "changed": "calm", "not_done": "warm"}
NEXT = {
    "continue": _("Keep on with the same step"),
    "modify": _("Change the step a little"),
    "new": _("Choose a new step"),
    "rest": _("Take a rest from plans"),
}

# PlanError.word → a sentence
SENTENCES = {
    "no_domain": _("Choose what the step is about."),
    "no_step": _("Say in a few words what you will do."),
    "no_times": _("Say how many times a week."),
    "no_confidence": _("Say how sure you are, from 0 to 10."),
    "out_of_range": _("One of the numbers is too small or too large."),
    "too_long": _("One of the answers is too long. Use fewer words."),
    "unknown": _("This is no part of a plan."),
    "is_reviewed": _("This plan is over. Make a new one."),
    "not_active": _("This plan is not under way."),
    "not_a_draft": _("This plan is under way already."),
    "not_known": _("Choose one of the answers."),
    "not_taking_part": _("This person does not take part any more."),
    "typed_already": _("This sheet was typed in already."),
    "bad_sheet": _("There is no such sheet number here. Look at the top of the sheet again."),
}
# goals.goal_named → what to ask instead, with steps that others chose
INSTEAD = {
    "weight": _("Losing weight is where you want to arrive. What could you do this week? For example: walk 15 minutes after lunch."),
    "sugar": _("Better numbers are where you want to arrive. What could you do this week? For example: drink water instead of soda."),
    "health": _("Feeling well is where you want to arrive. What could you do this week? For example: go to bed at ten."),
    "eating": _("That is a good direction. What could you do this week? For example: fill half of my plate with vegetables."),
    "moving": _("That is a good direction. What could you do this week? For example: walk around the block before dinner."),
    "stress": _("That is a good direction. What could you do this week? For example: breathe slowly for five minutes, or call my sister."),
}  # fmt: skip


def step_line(how_much: str, at_when: str, times_a_week: int | None) -> str:
    """ "20 minutes, after lunch, 3 times a week", as far as it is known."""
    often = ngettext("%(n)s time a week", "%(n)s times a week", times_a_week or 0) % {"n": times_a_week}
    return ", ".join(part for part in (how_much, at_when, often if times_a_week else "") if part)


# --- Needs, on the desk ----------------------------------------------------------------------------------------------


def why_unsure(facts: dict[str, Any]) -> str:
    return gettext("The action plan still feels too big: how sure, %(n)s of 10.") % {"n": facts["confidence"]}


def why_not_reviewed(facts: dict[str, Any]) -> str:
    return ngettext(
        "The action plan ended %(days)s day ago, and nobody looked back on it.",
        "The action plan ended %(days)s days ago, and nobody looked back on it.",
        facts["days"],
    ) % {"days": facts["days"]}


def why_to_type(facts: dict[str, Any]) -> str:
    return gettext("An action plan was spoken by telephone. Its words are to be typed.")


def opens(facts: dict[str, Any]) -> str:
    """Where such a need is seen to: the person's plans."""
    return reverse("plans:person", args=[facts["enrollment"]])


# --- Reminders: any of them may light up on a locked screen, so none says what the plan is about ---------------------


def review_due(language: str) -> Text:
    subject, body = gettext("How did it go?"), gettext("Your two weeks are over. Tell us how it went: %(line)s")
    return Text(subject, body % {"line": _line()}, Say("plan.remind_review"))


def renewal_due(language: str) -> Text:
    subject, body = gettext("A new step?"), gettext("It is a good time for a new small step: %(line)s")
    return Text(subject, body % {"line": _line()}, Say("plan.remind_new"))


def _line() -> str:
    return for_reading(settings.LINE_NUMBER)
