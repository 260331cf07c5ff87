"""How a need stands in a list."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peerline.care import words
from peerline.care.desk import Item
from peerline.kernel import clock
from peerline.ui.phrases import before_dot, sentence_moment

register = template.Library()
ACTIONS = {  # kinds whose work has a page of its own: what the button says, and its sign
    "care.voicemail": (gettext_lazy("Listen"), "play"),
    "care.hard_pair": (gettext_lazy("Help them"), ""),
    "programs.leaving": (gettext_lazy("Open the record"), ""),
}


@register.simple_tag
def item_name(item: Item) -> str:
    """Whom it is about, as staff know them: nicknames."""
    if item.names:
        return item.names
    program = item.need.program.name if item.need.program else _("The line")
    return str(words.NAMELESS.get(item.need.kind, program))


@register.simple_tag
def item_kind(item: Item) -> str:
    """The sign before it."""
    if item.need.pair_id:
        return "two"
    return "attention" if item.need.level in ("E0", "E1") or item.need.kind == "care.voicemail" else "one"


@register.simple_tag
def item_why(item: Item) -> str:
    """The reason, and since when."""
    when = before_dot(sentence_moment(item.need.since, clock.now()))
    return _("%(why)s Since %(when)s.") % {"why": item.why, "when": when}


@register.simple_tag
def item_action(item: Item) -> str:
    return str(ACTIONS[item.need.kind][0]) if item.need.kind in ACTIONS else _("Open")


@register.simple_tag
def item_icon(item: Item) -> str:
    return ACTIONS.get(item.need.kind, ("", ""))[1]


@register.simple_tag
def item_url(item: Item) -> str:
    """Where the work is done: a voicemail and a pair have pages of their own, all others the need's."""
    return item.where if item.where and item.need.kind in ACTIONS else reverse("care:need", args=[item.need.pk])
