"""One question a page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peerline.pairs import words


class TwoPeopleForm(forms.Form):
    """Who shall be a pair? Both from those who wait."""

    first = forms.TypedChoiceField(label=_("Who is the first?"), coerce=int)
    second = forms.TypedChoiceField(label=_("Who is the second?"), coerce=int)
    again = forms.BooleanField(label=_("Pair them again, though it ended"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].choices = [("", _("Choose a person")), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("first") and given.get("first") == given.get("second"):
            self.add_error("second", words.SENTENCES["how_many"])
        return given

    def ask_again(self) -> None:
        """They were a pair before: it is made once more only when that is said."""
        self.add_error(None, words.SENTENCES["were_a_pair"])
        self.fields["again"].widget = forms.CheckboxInput()


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why does this pair end?"),
        help_text=_("Nobody is blamed. The reason helps to find a better partner."),
        widget=forms.RadioSelect,
        choices=[(word, sentence) for word, sentence in words.END_REASONS.items() if word != "stopped"],
    )


class TimesForm(forms.Form):
    """Up to three of the hours that are free for both."""

    times = forms.MultipleChoiceField(
        label=_("When would you like to talk?"),
        help_text=_("Choose one, two or three times. Your partner chooses one of them."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": words.SENTENCES["how_many_times"]},
    )
    act = forms.CharField(initial="ask", widget=forms.HiddenInput)
    how_often = forms.ChoiceField(
        label=_("How often?"),
        widget=forms.RadioSelect,
        initial="once",
        choices=[("once", _("This once")), ("weekly", _("Every week at this time"))],
    )

    def __init__(self, *args: Any, times: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["times"].choices = times  # type: ignore[attr-defined]

    def clean_times(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["times"]
        if len(chosen) > 3:
            raise forms.ValidationError(words.SENTENCES["how_many_times"])
        return chosen
