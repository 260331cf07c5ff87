"""allauth's pages for staff, in this house's clothes: password, second step, passkeys, app, recovery codes.

Only these of its addresses exist. Their names are allauth's, because it finds its own pages by them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpResponse
from django.urls import path

from peerline.entry.access import before_second_factor
from peerline.entry.forms import AddPasskeyForm, StaffForm
from peerline.entry.views import sign_in_page
from peerline.people.access import allow, anyone, staff


@allow(anyone)
class StaffSignIn(account.LoginView):
    """E-mail and password, on the same page as the participants' way in."""

    form_class = StaffForm

    def get_form_class(self) -> type[StaffForm]:
        return StaffForm

    def render_to_response(self, context: dict[str, object], **more: object) -> HttpResponse:
        return sign_in_page(self.request, staff_form=context["form"], form=context["form"], staff_first=True)


@allow(anyone)
class SecondStep(base.AuthenticateView):
    template_name = "entry/second_step.html"


@allow(anyone)
class PasskeySignIn(webauthn.LoginWebAuthnView):
    """A passkey alone: it is something one has and something one knows or is."""


@allow(staff)
@before_second_factor
class Again(account.ReauthenticateView):
    template_name = "entry/again.html"


@allow(staff)
@before_second_factor
class AgainByCode(base.ReauthenticateView):
    template_name = "entry/again.html"


@allow(staff)
@before_second_factor
class AgainByPasskey(webauthn.ReauthenticateWebAuthnView):
    template_name = "entry/again_by_passkey.html"


@allow(staff)
@before_second_factor
class Keys(base.IndexView):
    template_name = "entry/keys.html"


@allow(staff)
@before_second_factor
class AddApp(totp.ActivateTOTPView):
    template_name = "entry/add_app.html"


@allow(staff)
class DropApp(totp.DeactivateTOTPView):
    template_name = "entry/drop_app.html"


@allow(staff)
@before_second_factor
class AddPasskey(webauthn.AddWebAuthnView):
    template_name = "entry/add_passkey.html"

    def get_form_class(self) -> type[AddPasskeyForm]:
        return AddPasskeyForm


@allow(staff)
class Passkeys(webauthn.ListWebAuthnView):
    template_name = "entry/passkeys.html"


@allow(staff)
class DropPasskey(webauthn.RemoveWebAuthnView):
    template_name = "entry/drop_passkey.html"


@allow(staff)
class RecoveryCodes(recovery.ViewRecoveryCodesView):
    template_name = "entry/recovery_codes.html"


@allow(staff)
class NewRecoveryCodes(recovery.GenerateRecoveryCodesView):
    template_name = "entry/new_recovery_codes.html"


@allow(anyone)
@before_second_factor
class SignOut(account.LogoutView):
    """Leave the middle of a sign-in. A plain visit asks nothing and does nothing."""

    http_method_names = ("post",)


urlpatterns = [
    path("sign-in/staff/", StaffSignIn.as_view(), name="account_login"),
    path("sign-in/second/", SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/leave/", SignOut.as_view(), name="account_logout"),
    path("keys/", Keys.as_view(), name="mfa_index"),
    path("keys/again/", Again.as_view(), name="account_reauthenticate"),
    path("keys/again/code/", AgainByCode.as_view(), name="mfa_reauthenticate"),
    path("keys/again/passkey/", AgainByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("keys/app/", AddApp.as_view(), name="mfa_activate_totp"),
    path("keys/app/remove/", DropApp.as_view(), name="mfa_deactivate_totp"),
    path("keys/passkeys/", Passkeys.as_view(), name="mfa_list_webauthn"),
    path("keys/passkeys/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("keys/passkeys/<int:pk>/remove/", DropPasskey.as_view(), name="mfa_remove_webauthn"),
    path("keys/recovery/", RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("keys/recovery/new/", NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
