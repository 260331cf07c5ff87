"""People and what passes between them: dots, rows, rhythm, clocks, recordings, telephone numbers."""

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from peerline.kernel import clock as kernel_clock
from peerline.kernel.phone_numbers import for_reading
from peerline.ui import phrases
from peerline.ui import rhythm as strips
from peerline.ui.components import drawn, trimmed
from peerline.ui.forms import CITIES, USUAL_ZONES

register = template.Library()


@register.simple_tag
def dot(name: str = "", kind: str = "one") -> SafeString:
    """The round sign before a row. kind: "one" (first letters of the nickname), "two" (a pair), "attention"."""
    return drawn("dot", letters=name[:2], kind=kind)


@register.simple_tag
def two_people() -> SafeString:
    """Two people, equal: a circle of two halves."""
    return drawn("dot", letters="", kind="two")


@register.simple_block_tag
def rows(content: str) -> SafeString:
    """A list of {% row %}s: who or what, why, and the one thing to do about it."""
    return drawn("rows", content=content)


@register.simple_block_tag
def row(
    content: str,
    title: str,
    *,
    why: str = "",
    href: str = "",
    tag: str = "",
    tone: str = "calm",
    kind: str = "",
    due: datetime | None = None,
) -> SafeString:
    """One row; inside the block stands its action. kind: "one", "two", "attention", or "" for no dot. `due`: by when it
    must be done, in words behind the title."""
    if due is not None:
        tag, tone = phrases.due_words(due, kernel_clock.now())
    return drawn(
        "row",
        content=trimmed(content),
        title=title,
        why=why,
        href=href,
        tag=tag,
        tone=tone,
        kind=kind,
        letters=title[:2],
    )


@register.simple_tag
def rhythm(weeks: Sequence[str], caption: bool = True) -> SafeString:
    """The rhythm strip of weeks, oldest first: talked, missed, now, now_talked, rest, ahead. Its sentence stands below
    it, or, with caption=False, is read by screen readers only."""
    return drawn("rhythm", strip=strips.strip(weeks), caption=caption)


@register.simple_tag
def clock(due: datetime) -> SafeString:
    """By when somebody must have answered, in words: "answer by 11:10 am", "late by 25 minutes"."""
    words, tone = phrases.due_words(due, kernel_clock.now())
    return drawn("clock", words=words, tone=tone, due=due)


@register.simple_tag
def confidence(value: int) -> SafeString:
    """How sure, 0 to 10, as eleven blocks."""
    return drawn("confidence", value=value, steps=range(11))


@register.simple_block_tag
def recording(content: str, src: str, label: str, seconds: float = 0, when: datetime | None = None) -> SafeString:
    """A voice message to hear: whose it is, how long, the player, and inside the block what to do with it."""
    length = phrases.length_words(seconds) if seconds else ""
    moment = phrases.moment_words(when, kernel_clock.now()) if when else ""
    return drawn("recording", content=content, src=src, label=label, length=length, moment=moment)


@register.filter
def telephone(number: str) -> str:
    """An E.164 number as people read it: "(800) 555-0142"."""
    return for_reading(number)


@register.filter
def zone_words(zone: str) -> str:
    """ "Eastern (Detroit)", or the zone's own name for a rare one."""
    return str({**USUAL_ZONES, **CITIES}.get(zone, zone))


@register.filter
def hour_words(hour: int) -> str:
    """A whole hour of the day: "noon", "5 pm"."""
    return phrases.hour_words(hour)


@register.filter
def before_dot(words: str) -> str:
    """Without a dot at its end, where the sentence brings one: "a las 9 p. m"."""
    return phrases.before_dot(words)


@register.filter
def lasting(seconds: float) -> str:
    """Seconds in words: "14 minutes"."""
    return phrases.length_words(seconds)


@register.filter
def stopwatch(seconds: float) -> str:
    """Seconds as "12:41"."""
    return phrases.stopwatch(seconds)


@register.filter
def clock_time(at: datetime) -> str:
    """ "11:10 am", in the zone in force."""
    return phrases.clock_words(at)


@register.filter
def moment(at: datetime) -> str:
    """ "11:10 am" today, "Tuesday, 11:10 am" this week, else with its date."""
    return phrases.moment_words(at, kernel_clock.now())


@register.filter
def sentence_moment(at: datetime) -> str:
    """The same inside a sentence: Spanish says "el martes, 11:10 a. m."."""
    return phrases.sentence_moment(at, kernel_clock.now())
