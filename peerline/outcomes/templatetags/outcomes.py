"""What templates of this room need of its words."""

from typing import Any

from django import template

from peerline.outcomes import words

register = template.Library()


@register.simple_tag
def said(text: Any) -> str:
    """Text of an instrument in the language in force."""
    return words.said(text) if text else ""
