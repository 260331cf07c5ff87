"""What every page needs, whichever room drew it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from peerline.kernel.phone_numbers import for_reading, is_toll_free
from peerline.ui import navigation
from peerline.ui.crisis import pack


def page(request: HttpRequest) -> dict[str, Any]:
    """Template variables: demo, crisis, line_number (E.164), line_number_read, line_is_free, other_languages, here, links, account_links, demo_links."""
    viewer = getattr(request, "viewer", None)
    return {
        "demo": settings.DEMO,
        "crisis": pack(settings.LOCALE_PACK),
        "line_number": settings.LINE_NUMBER,
        "line_number_read": for_reading(settings.LINE_NUMBER),
        "line_is_free": is_toll_free(settings.LINE_NUMBER),
        "other_languages": [(code, name) for code, name in settings.LANGUAGES if code != get_language()],
        "here": request.get_full_path(),
        "links": navigation.shown_to(viewer, request.path) if viewer else [],
        "account_links": navigation.shown_to(viewer, request.path, "account") if viewer else [],
        "demo_links": navigation.shown_to(viewer, request.path, "demo") if viewer and settings.DEMO else [],
    }
