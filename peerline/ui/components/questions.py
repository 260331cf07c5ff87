"""Forms as a whole. Their fields draw themselves: see peerline/ui/forms.py."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from peerline.ui.components import drawn
from peerline.ui.forms import problems

register = template.Library()


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """What must be put right, each with a link to its field. `{{ form }}` has it already; for forms laid out by hand."""
    return drawn("error_summary", problems=problems(form))


@register.inclusion_tag("ui/ask.html", takes_context=True)
def ask(
    context: Any,
    form: BaseForm,
    *,
    submit: str = "",
    action: str = "",
    tone: str = "",
    cancel: str = "",
    wide: bool = False,
) -> dict[str, Any]:
    """A whole form: its fields, its button, and a way out at `cancel`."""
    return {
        "form": form,
        "submit": submit or _("Continue"),
        "action": action,
        "tone": tone,
        "cancel": cancel,
        "wide": wide,
        "csrf_token": context.get("csrf_token"),
    }
