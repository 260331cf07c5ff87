from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.care import notes, notices, words
from peerline.care.minutes import MOST
from peerline.kernel import clock
from peerline.kernel.languages import LANGUAGES
from peerline.messaging.rules import TELLING


def _few_words(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), **more)


def _ticks(label: Any, choices: dict[str, Any]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=list(choices.items()), widget=forms.CheckboxSelectMultiple
    )


class MinutesForm(forms.Form):
    """Prefilled with a guess: as a rule nothing has to be typed."""

    minutes = forms.IntegerField(
        label=_("How many minutes did it take?"),
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )

    def clean_minutes(self) -> int:
        return self.cleaned_data["minutes"] or 0


class WorkForm(MinutesForm):
    """Work that was done. What it served is folded away: nothing ticked is a good answer."""

    template_name = "care/work_form.html"
    elements = _ticks(_("Which parts of good support did it serve?"), words.ELEMENTS)
    support = _ticks(_("What kind of support was it?"), words.SUPPORT)

    def clean(self) -> dict[str, Any]:
        """Both lists of ticks as one: `served`."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["served"] = [*cleaned.pop("elements", []), *cleaned.pop("support", [])]
        return cleaned


class HandledForm(WorkForm):
    note = _few_words(_("What did you do?"), help_text=_("A few words for your colleagues."))
    field_order = ["note", "minutes"]


class DoneForm(HandledForm):
    """A need is done."""


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label=_("Who takes it over?"))

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(person_id), name) for person_id, name in colleagues]  # type: ignore[attr-defined]


class RestForm(forms.Form):
    until = forms.DateField(
        label=_("On which day shall it be on the list again?"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= clock.now().date():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return until


class TaskForm(RestForm):
    """A task of one's own about a person; on its day it stands on the list."""

    words = _few_words(_("What shall be done?"), help_text=_("For example: ask how the new meter works."))
    whose = forms.ChoiceField(label=_("Whose is it?"), required=False, widget=forms.RadioSelect)
    field_order = ["words", "until", "whose"]

    def __init__(self, *args: Any, whose: list[tuple[int, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].label = _("On which day?")
        self.fields["whose"].choices = [(str(person_id), label) for person_id, label in whose]  # type: ignore[attr-defined]
        if len(whose) < 2:
            self.fields["whose"].widget = forms.HiddenInput()


class NarrowForm(forms.Form):
    """What the list shows; kept in the address, so that a bookmark is a view of one's own."""

    whose = forms.ChoiceField(label=_("Whose"), required=False)
    room = forms.ChoiceField(label=_("About what"), required=False)
    program = forms.ChoiceField(label=_("Program"), required=False)

    def __init__(self, *args: Any, programs: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("everything"))]
        choices = {
            "whose": list(zip(("now", "mine", "free", "theirs"), words.RANKS, strict=True)),
            "room": list(words.ROOMS.items()),
            "program": [(str(program_id), name) for program_id, name in programs],
        }
        for name, found in choices.items():
            self.fields[name].choices = everything + found  # type: ignore[attr-defined]


class PairNoteForm(WorkForm):
    did = forms.ChoiceField(label=_("What did you do?"), widget=forms.RadioSelect, choices=list(words.DEEDS.items()))
    note = _few_words(_("Anything to remember?"), required=False)
    look_again_on = forms.DateField(
        label=_("When shall the pair be on the list again, if they still do not talk?"),
        help_text=_("Without a day it stays on the list."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ["did", "note", "minutes", "look_again_on"]


class PanelForm(forms.Form):
    staff = forms.ChoiceField(label=_("Who looks after this person?"), required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("nobody in particular")), *((str(person_id), name) for person_id, name in colleagues)]
        self.fields["staff"].choices = choices  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A note about a person, in one of their programs."""

    words = forms.CharField(
        label=_("What do you want to write down?"), max_length=notes.MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip
    program = forms.ChoiceField(label=_("Program"))

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].choices = [(str(pk), name) for pk, name in places]  # type: ignore[attr-defined]
        self.fields["program"].initial = self.fields["program"].choices[0][0] if places else ""  # type: ignore[attr-defined]
        if len(places) < 2:
            self.fields["program"].widget = forms.HiddenInput()

    def place(self) -> int:
        return int(self.cleaned_data["program"])


class NoticeForm(forms.Form):
    """One text to many, in each language. What is read aloud is the text itself."""

    who = forms.ChoiceField(label=_("To whom?"), choices=list(words.NOTICE_WHO.items()), widget=forms.RadioSelect)
    session = forms.ChoiceField(label=_("Which session?"), required=False)

    def __init__(self, *args: Any, sessions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, name in LANGUAGES.items():
            self.fields[f"subject_{language}"] = forms.CharField(
                label=_("In a few words (%(language)s)") % {"language": name}, max_length=60
            )
            self.fields[f"body_{language}"] = forms.CharField(
                label=_("The text (%(language)s)") % {"language": name}, max_length=notices.MOST_LETTERS,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        self.fields["session"].choices = [("", "–"), *((str(pk), title) for pk, title in sessions)]  # type: ignore[attr-defined]
        if not sessions:
            self.fields["session"].widget = forms.HiddenInput()
            self.fields["who"].choices = [one for one in words.NOTICE_WHO.items() if one[0] != "session"]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("who") == "session" and not cleaned.get("session"):
            self.add_error("session", _("Choose the session."))
        for language in LANGUAGES:
            words_of = f"{cleaned.get(f'subject_{language}', '')} {cleaned.get(f'body_{language}', '')}"
            if found := TELLING.search(words_of):
                said = _("“%(word)s” would show an illness on a locked screen. Say it another way.")
                self.add_error(f"body_{language}", said % {"word": found.group()})
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """Whom it goes to."""
        session = self.cleaned_data["session"]
        return {"who": self.cleaned_data["who"], "session_id": int(session) if session else None}

    def texts(self) -> dict[str, dict[str, str]]:
        said = self.cleaned_data
        return {one: {"subject": said[f"subject_{one}"], "body": said[f"body_{one}"]} for one in LANGUAGES}
