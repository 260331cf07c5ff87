"""Cards, buttons, lists, tables: what pages are laid out with."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from peerline.ui import shelves
from peerline.ui.components import drawn, trimmed
from peerline.ui.crisis import pack

register = template.Library()


@register.simple_block_tag
def card(content: str, title: str = "", level: int = 2, main: bool = False, id: str = "") -> SafeString:
    """One thing, with at most one clear action. `main` for the one card that matters most on the page."""
    return drawn("card", content=content, title=title, level=level, main=main, id=id)


@register.simple_tag(takes_context=True)
def shelf(context: Any, name: str, person_id: int) -> SafeString:
    """The cards that rooms put there about this person; see ui/shelves.py."""
    return drawn("shelf", pieces=shelves.pieces(name, context["request"].viewer, person_id))


@register.simple_tag
def button(
    label: str,
    *,
    href: str = "",
    tone: str = "",
    icon: str = "",
    wide: bool = False,
    name: str = "",
    value: str = "",
    hidden: str = "",
) -> SafeString:
    """A pill: a link when it has an href, else the form's submit. tone: "", "quiet", "danger". `hidden` is said after
    the label by screen readers: {% button "Listen" hidden="to the voicemail from Elm" %}."""
    return drawn(
        "button", label=label, href=href, tone=tone, icon=icon, wide=wide, name=name, value=value, hidden=hidden
    )


@register.inclusion_tag("ui/post_button.html", takes_context=True)
def post_button(
    context: Any,
    label: str,
    action: str,
    *,
    tone: str = "",
    icon: str = "",
    wide: bool = False,
    name: str = "",
    value: str = "",
    hidden: str = "",
) -> dict[str, Any]:
    """A form that is only a button: what it does changes something, so it is no link."""
    return {
        "label": label,
        "action": action,
        "tone": tone,
        "icon": icon,
        "wide": wide,
        "name": name,
        "value": value,
        "hidden": hidden,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_block_tag
def buttons(content: str) -> SafeString:
    """Buttons beside each other, the main one first."""
    return drawn("buttons", content=content)


@register.simple_tag
def icon(name: str) -> SafeString:
    """phone, message, play, check, print, plus. Decoration: the word beside it says the same."""
    return drawn("icon", name=name)


@register.simple_tag
def tag(label: str, tone: str = "calm") -> SafeString:
    """A short state in words. tone: calm, warm (attention), ok (done), stop (danger)."""
    return drawn("tag", label=label, tone=tone)


@register.simple_block_tag
def title(content: str, heading: str, caption: str = "") -> SafeString:
    """The head of a page: its h1, a `caption` above it, and the sentence inside the block below it."""
    return drawn("title", content=trimmed(content), heading=heading, caption=caption)


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A summary list; holds {% fact %} blocks."""
    return drawn("facts", content=content)


@register.simple_block_tag
def fact(content: str, label: str, href: str = "", action: str = "") -> SafeString:
    """One line of a summary list; `href` and `action` make the link at its end ("Change")."""
    return drawn("fact", content=content, label=label, href=href, action=action)


@register.simple_tag
def summary_list(rows: Iterable[tuple[str, Any]]) -> SafeString:
    """A summary list of (label, value) pairs."""
    return drawn("summary_list", rows=rows)


@register.simple_block_tag
def table(content: str, caption: str, hide_caption: bool = False, cards: bool = False) -> SafeString:
    """A table of your own thead and tbody in a region that scrolls sideways on a narrow screen. Cells of numbers carry
    class="pl-number". `cards`: on a telephone each row is a card instead, and a cell says its data-label="…" before it."""
    return drawn("table", content=content, caption=caption, hide_caption=hide_caption, cards=cards)


@register.simple_tag
def simple_table(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], hide_caption: bool = False
) -> SafeString:
    """A table of plain values. The first cell of a row is its heading; numbers stand to the right. With more than three
    columns each row is a card on a telephone."""
    kinds = [
        [(cell, isinstance(cell, int | float), label) for cell, label in zip(row, columns, strict=True)] for row in rows
    ]
    numeric = [bool(kinds) and all(row[n][1] for row in kinds) for n in range(len(columns))]
    heads = list(zip(columns, numeric, strict=True))
    cards = len(columns) > 3
    return drawn("simple_table", caption=caption, heads=heads, rows=kinds, hide_caption=hide_caption, cards=cards)


@register.simple_block_tag
def figures(content: str) -> SafeString:
    """A line of {% figure %}s."""
    return drawn("figures", content=content)


@register.simple_tag
def figure(number: Any, sentence: str) -> SafeString:
    """A large number with its unit, and what it means: {% figure "14 min" "middle length of a talk" %}."""
    return drawn("figure", number=number, sentence=sentence)


@register.simple_block_tag
def details(content: str, summary: str) -> SafeString:
    """More for whoever wants it, folded away."""
    return drawn("details", content=content, summary=summary)


@register.simple_block_tag
def banner(content: str, title: str = "", tone: str = "calm") -> SafeString:
    """A notice that must be seen. tone: calm, ok, warm, stop."""
    return drawn("banner", content=content, title=title, tone=tone)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """A page or card with nothing on it yet: what will be here, and what to do first."""
    return drawn("empty", content=content, title=title)


@register.simple_tag
def pages(newer: str = "", older: str = "") -> SafeString:
    """The addresses of the next pages of a list kept in order of time; "" where there is none."""
    return drawn("pages", newer=newer, older=older)


@register.simple_tag
def back_link(href: str, label: str = "") -> SafeString:
    return drawn("back_link", href=href, label=label)


@register.simple_tag
def task_list(tasks: Iterable[dict[str, str]]) -> SafeString:
    """A checklist of {label, status, tone, href?, hint?}."""
    return drawn("task_list", tasks=tasks)


@register.simple_tag
def bars(
    chart: Any, caption: str, sentence: str, columns: tuple[str, str] = ("", ""), top_label: str = ""
) -> SafeString:
    """A bar chart (`ui.charts.bar_chart(…)`) with its sentence and its table. `columns` head the table."""
    return drawn("bars", chart=chart, caption=caption, sentence=sentence, columns=columns, top_label=top_label)


@register.simple_tag
def bars_table(chart: Any, caption: str, columns: tuple[str, str]) -> SafeString:
    """The same figures as a table."""
    return simple_table(caption, columns or ("", ""), [(bar.label, bar.value) for bar in chart.bars], hide_caption=True)


@register.simple_tag
def crisis_bar() -> SafeString:
    """Whom to call in an emergency, for pages that have no request (ui/base.html has it by itself)."""
    return drawn("crisis", crisis=pack(settings.LOCALE_PACK))


@register.simple_block_tag
def poll(content: str, url: str, seconds: int = 5) -> SafeString:
    """A part of the page that is fetched anew from `url` every few seconds; without scripts, a link does it."""
    return drawn("poll", content=content, url=url, seconds=seconds)
