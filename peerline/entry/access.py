"""What must hold before staff get any further than the pages where they set up their second factor."""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from peerline.people import accounts
from peerline.people import queries as people
from peerline.people.access import Request, demo_is_open
from peerline.people.gate import further_checks

View = TypeVar("View", bound=Callable[..., Any])
BACKEND = "django.contrib.auth.backends.ModelBackend"
SECOND = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def before_second_factor(view: View) -> View:
    """This view may be used by staff who have no second factor yet."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def _is_before(view: Callable[..., Any]) -> bool:
    holder = getattr(view, "view_class", view)
    return bool(getattr(holder, "before_second_factor", False)) or holder.__module__.startswith("peerline.ui.")


def proved_themselves(request: Request) -> bool:
    """This session began with a password or passkey, not with a code to a telephone."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return any(record.get("method") in ("password", "mfa") for record in records)


def second_factor_first(request: Request, view: Callable[..., Any]) -> HttpResponseBase | None:
    """Staff without a second factor are led to the pages where they set one up (T21).

    The factor is off only for made-up people, and only while nobody but this machine can reach the server; anywhere
    else their known passwords open nothing at all.
    """
    account = request.user
    if getattr(account, "second_factor_off", False):
        return None if demo_is_open() else _out(request)
    if not request.viewer.is_staff:
        return None
    if not proved_themselves(request):
        return _out(request)
    if _is_before(view) or is_mfa_enabled(account, SECOND):
        return None
    return redirect("mfa_index")


def _out(request: Request) -> HttpResponseBase:
    logout(request)
    return redirect("entry:sign_in")


def stand_guard() -> None:
    """Once at start."""
    if second_factor_first not in further_checks:
        further_checks.append(second_factor_first)


def let_in(request: Request, person_id: int, to: str = "/") -> HttpResponse:
    """Begin the session of this person, in their language, and lead them there."""
    login(request, accounts.account_for(person_id), backend=BACKEND)
    response = redirect(to)
    response.set_cookie("django_language", people.person_known(person_id).language, samesite="Lax")
    return response
