"""Who may speak to the carrier's doors: the carrier, and nobody else.

The carrier signs the address it asks and every form field with a secret of the account; the address is the one it knows
us by, PEERLINE_PUBLIC_URL, whatever a proxy made of it. The signature says nothing about when, so that old ones are
stopped by each room's own once-only ledger.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def _twilio(request: HttpRequest, header: str = "X-Twilio-Signature") -> bool:
    """HMAC-SHA1 over address and sorted form fields, base64 (Twilio, "Webhooks security")."""
    signature = request.headers.get(header, "")
    to = settings.PUBLIC_URL + request.get_full_path()
    return bool(RequestValidator(settings.CARRIER["token"]).validate(to, request.POST, signature))


def _signalwire(request: HttpRequest) -> bool:
    """The same sum under its own name."""
    return _twilio(request, "X-SignalWire-Signature")


SIGNED_BY: dict[str, Callable[[HttpRequest], bool]] = {"twilio": _twilio, "signalwire": _signalwire}


def is_from_carrier(request: HttpRequest) -> bool:
    """A form, of our account, with a right signature. False where no carrier is set: nothing is ever let in for free."""
    carrier = settings.CARRIER
    if not (carrier["account"] and carrier["token"]):
        return False
    if request.content_type != "application/x-www-form-urlencoded":
        return False  # its fields would not be what was signed
    if not constant_time_compare(request.POST.get("AccountSid", ""), carrier["account"]):
        return False
    return SIGNED_BY[carrier["kind"]](request)


def from_carrier(is_open: Callable[[], bool] = lambda: True) -> Callable[[View], View]:
    """For a door that only the carrier uses, where it is open at all. What is keyed never gets into an error report."""

    def guard(view: View) -> View:
        @csrf_exempt
        @require_POST
        @sensitive_post_parameters()
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_open():
                return HttpResponse(status=404)
            if not is_from_carrier(request):
                match = request.resolver_match
                log.warning("a request to %s was not signed by the carrier", match and match.view_name)
                return HttpResponseForbidden()
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return HttpResponse(status=404)  # without a page around it: no reader sees this

        return checked

    return guard
