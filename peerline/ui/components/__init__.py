"""The tags of `{% load peerline %}`, by kind. Each draws one template in templates/ui/ and knows nothing of the domain."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def drawn(name: str, **values: Any) -> SafeString:
    """templates/ui/<name>.html with these values."""
    return render_to_string(f"ui/{name}.html", values)
