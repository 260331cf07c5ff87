from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from peerline.kernel.languages import LANGUAGES
from peerline.kernel.phone_numbers import BadNumber, e164
from peerline.ui.forms import CodeField


class ReachForm(forms.Form):
    """A telephone number or an e-mail address, as people write them."""

    reach = forms.CharField(
        label=_("Your telephone number or e-mail address"),
        help_text=_(
            "We send you a code. At a home telephone we ring you and say it, in the hours when you take calls."
        ),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )

    def clean_reach(self) -> tuple[str, str]:
        """(kind, address in its one written form)."""
        text = self.cleaned_data["reach"].strip()
        try:
            if "@" in text:
                validate_email(text)
                return "email", text.lower()
            return "phone", e164(text)
        except (BadNumber, forms.ValidationError) as reason:
            words = _("Enter a telephone number with its area code, like 734-555-0123, or an e-mail address.")
            raise forms.ValidationError(words) from reason


class TheCodeForm(forms.Form):
    code = CodeField(label=_("Your code"), help_text=_("Six digits."))


class StaffForm(LoginForm):
    """E-mail and password; the second step follows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Work e-mail")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for name, hint in (("login", "username"), ("password", "current-password")):
            self.fields[name].widget.attrs = {"autocomplete": hint}


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        help_text=_("12 characters or more. Four words that only you would put together are good."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("password", self.cleaned_data["again"]):
            raise forms.ValidationError(_("The two passwords are not the same."))
        again: str = self.cleaned_data["again"]
        return again


class AddPasskeyForm(AddWebAuthnForm):
    """allauth's form, in words of this house and in Spanish."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What is this device?")
        self.fields["name"].help_text = _("For example: my work computer.")
        self.fields["passwordless"].label = _("Sign me in with this passkey alone")
        self.fields["passwordless"].help_text = _("Then you need no password on this device.")


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("Work e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class FirstForm(PasswordForm):
    """An empty server's first administrator."""

    key = forms.CharField(label=_("Key"), help_text=_("It was printed where Peerline was started."), max_length=60)
    organization = forms.CharField(label=_("Name of your clinic or organization"), max_length=120)
    first_name = forms.CharField(label=_("Your first name"), max_length=60)
    last_name = forms.CharField(label=_("Your last name"), max_length=60, required=False)
    email = forms.EmailField(label=_("Work e-mail"))
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()), widget=forms.RadioSelect)
    field_order = ["key", "organization", "first_name", "last_name", "email", "language", "password", "again"]


class ConfirmedForm(forms.Form):
    """An administrator says how they made sure who is asking."""

    how = forms.CharField(
        label=_("How did you make sure it is really them?"),
        help_text=_("For example: I saw them at the clinic. This goes on record."),
        max_length=200,
    )
