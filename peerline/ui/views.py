"""The language switch, and the living pattern page."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from peerline.kernel.languages import known
from peerline.ui import patterns


def _anyone(viewer: Any) -> bool:
    return True


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the page, change its language. A cookie, so it works before sign-in and without scripts."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}) or not urlsplit(target).path.startswith("/"):
        target = "/"
    answer = HttpResponseRedirect(target)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        known(request.POST.get("language")),
        max_age=400 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def pattern_page(request: HttpRequest, part: str = "") -> HttpResponse:
    """Every component in each state. Demo and debug only: elsewhere it is not there."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return render(request, "ui/patterns.html", patterns.page(request.method == "POST", request.POST or None))


# The gate reads this mark. This room lies below people, so it cannot borrow @allow.
choose_language.access_rule = _anyone  # type: ignore[attr-defined]
pattern_page.access_rule = _anyone  # type: ignore[attr-defined]
