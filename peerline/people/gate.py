"""The gate in front of every view: deny by default.

Somebody who is not signed in is asked to sign in; somebody who is, and may not, is told the page is not there.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseBase

from peerline.audit import services as audit
from peerline.people.access import Request, Rule, signed_in, viewer_of

# What else must hold for somebody signed in, once the view's own rule lets them in: a room adds its function of request
# and view at start; a response of it is sent instead of the page.
further_checks: list[Callable[[Request, Callable[..., Any]], HttpResponseBase | None]] = []

# Views of libraries, by their full dotted name or the module they live in: config/wiring.py fills this.
library_rules: dict[str, Rule] = {}


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """The access rule of a view: its own mark, its class's, or the one wired for a library."""
    view_class = getattr(view, "view_class", None)
    for holder in (view, view_class):
        rule: Rule | None = getattr(holder, "access_rule", None)
        if rule is not None:
            return rule
    holder = view_class or view
    name = f"{holder.__module__}.{getattr(holder, '__qualname__', '')}"
    return next((rule for prefix, rule in library_rules.items() if name.startswith(prefix)), None)


class Gate:
    """Django middleware. Sets request.viewer, the audit door, and the person's language."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        user = request.user
        request.viewer = viewer_of(user.person_id if user.is_authenticated and user.is_active else None)
        token = audit.door.set("web")
        try:
            return self.get_response(request)
        finally:
            audit.door.reset(token)

    def process_view(
        self, request: Request, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        rule = rule_of(view)
        if rule is not None and rule(request.viewer):
            return self._further(request, view) if signed_in(request.viewer) else None
        if rule is None or signed_in(request.viewer):
            raise Http404
        return redirect_to_login(request.get_full_path())

    def _further(self, request: Request, view: Callable[..., Any]) -> HttpResponseBase | None:
        answers = (check(request, view) for check in further_checks)
        return next((answer for answer in answers if answer is not None), None)


__all__ = ["Gate", "further_checks", "library_rules", "rule_of"]
