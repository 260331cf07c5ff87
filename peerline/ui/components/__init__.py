"""The tags of `{% load peerline %}`, by kind. Each draws one template in templates/ui/ and knows nothing of the domain."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


def drawn(part: str, /, **values: Any) -> SafeString:
    """templates/ui/<part>.html with these values."""
    return render_to_string(f"ui/{part}.html", values)


def trimmed(content: str) -> SafeString:
    """What stood in a block tag, already escaped by the template around it, without the space at its ends."""
    return mark_safe(content.strip())
