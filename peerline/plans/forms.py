"""One question a page. Labels are spoken to the person; staff read them aloud when they do it together."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.plans import goals, rules, words
from peerline.plans.models import PlanVersion
from peerline.programs import words as program_words
from peerline.ui.forms import ScaleField


def _short(name: str, label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=rules.LONGEST[name], required=required)


def _long(name: str, label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        label=label, help_text=help_text, max_length=rules.LONGEST[name], required=False, widget=widget
    )


def _radios(label: Any, choices: dict[str, Any], help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, choices=list(choices.items()), widget=forms.RadioSelect)


class DomainForm(forms.Form):
    """What was said to be hard at intake is offered first (S95)."""

    domain = _radios(_("What is your step about?"), words.DOMAINS)

    def __init__(self, *args: Any, hard: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(domain, words.DOMAINS[domain]) for domain in rules.domains_for(hard)]
        self.fields["domain"].choices = found  # type: ignore[attr-defined]
        if hard:
            said = ", ".join(str(program_words.CHALLENGES[one]) for one in hard)
            self.fields["domain"].help_text = _("You said this is hard: %(what)s. Choose that, or anything else.") % {
                "what": said
            }


class WhatForm(forms.Form):
    """A goal instead of a step is asked about once, and never refused."""

    what = _short(
        "what", _("What will you do?"), _("One small thing that you choose. Something you can do, like a walk."), required=True
    )  # fmt: skip
    sure = forms.BooleanField(label=_("This is what I will do"), required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        goal = goals.goal_named(given.get("what", ""))
        if goal and not given.get("sure"):
            self.add_error("what", words.INSTEAD[goal])
            self.fields["sure"].widget = forms.CheckboxInput()
        return given


class HowMuchForm(forms.Form):
    how_much = _short("how_much", _("How much?"), _("For example: 15 minutes, one cup, half of my plate."))


class WhenForm(forms.Form):
    at_when = _short("at_when", _("When?"), _("For example: after lunch, or when I brush my teeth."))


class TimesForm(forms.Form):
    times_a_week = ScaleField(
        label=_("How many times a week?"),
        help_text=_("Three to five is right for most people. It leaves room for a bad day."),
        top=7,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["times_a_week"].choices = [(times, str(times)) for times in range(1, 8)]  # type: ignore[attr-defined]


class BarrierForm(forms.Form):
    barrier = _long("barrier", _("What could get in the way?"), _("You know best. It may stay empty."))


class SupportForm(forms.Form):
    support = _short(
        "support",
        _("Who or what could make it easier?"),
        _("Somebody at home, a friend, a note on the door. It may stay empty."),
    )


class ConfidenceForm(forms.Form):
    confidence = ScaleField(
        label=_("How sure are you that you will do it?"), low=_("not at all sure"), high=_("completely sure")
    )


class IdeasForm(forms.Form):
    ideas = _long("ideas", _("What could you do about it?"), _("Whatever comes to mind. One idea on each line."))


class ChosenForm(forms.Form):
    """One of the ideas that were listed; in own words where none was."""

    chosen = _short("chosen", _("Which idea will you try first?"))

    def __init__(self, *args: Any, ideas: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if listed := ideas_of(ideas):
            label = self.fields["chosen"].label
            self.fields["chosen"] = _radios(label, {one: one for one in listed})


def ideas_of(text: str) -> list[str]:
    """One a line, each once."""
    lines = (" ".join(line.split())[: rules.LONGEST["chosen"]] for line in text.splitlines())
    return list(dict.fromkeys(filter(None, lines)))


class ShareForm(forms.Form):
    share = _radios(
        _("May your partner see this step?"),
        {"no": _("No, it stays with me and the staff"), "yes": _("Yes, my partner may see the step")},
        _("Your partner would see what you do, how often and until when. Nothing else."),
    )


FORMS: dict[str, type[forms.Form]] = {
    "domain": DomainForm,
    "what": WhatForm,
    "how_much": HowMuchForm,
    "at_when": WhenForm,
    "times_a_week": TimesForm,
    "barrier": BarrierForm,
    "support": SupportForm,
    "confidence": ConfidenceForm,
    "ideas": IdeasForm,
    "chosen": ChosenForm,
    "share": ShareForm,
}


def question_form(
    question: str, data: Any, step: PlanVersion | None, shared: bool, hard: Sequence[str] = ()
) -> forms.Form:
    """The form of one question, with what stands in the plan now. hard: the challenges named at intake."""
    initial = {question: getattr(step, question, None) if step else None, "share": "yes" if shared else "no"}
    of_one: dict[str, dict[str, Any]] = {"chosen": {"ideas": step.ideas if step else ""}, "domain": {"hard": hard}}
    more = of_one.get(question, {})
    return FORMS[question](data, initial=initial, **more)


class OutcomeForm(forms.Form):
    outcome = _radios(_("How did it go?"), words.OUTCOMES, _("Each answer is a good answer. You decide."))


class ReviewForm(forms.Form):
    """What came of it in numbers, what was learned, what comes next."""

    times_done = forms.IntegerField(
        label=_("How many times did you do it?"),
        min_value=0,
        max_value=99,
        required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    note = forms.CharField(
        label=_("What went well, or what was in the way?"),
        help_text=_("It may stay empty."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next = _radios(_("What comes next?"), words.NEXT)

    def __init__(self, *args: Any, outcome: str, planned: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["times_done"].help_text = _("You had planned %(n)s.") % {"n": planned}
        if outcome in ("done", "not_done"):
            del self.fields["times_done"]
