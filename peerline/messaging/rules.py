"""What may stand where others can read it, when somebody may be reminded, and by which channel next. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from peerline.kernel import week
from peerline.kernel.dialogue import Say

CHANNELS = ("sms", "email", "voice", "letter")
SMS_LETTERS = 320  # two parts

# On a locked screen, a subject line or a text must not tell what somebody has.
TELLING = re.compile(
    r"\b(diabet\w*|insulin\w*|glucos\w*|a1c|hba1c|blood sugar|az[uú]car|hemoglobin\w*|metformin\w*|glyc\w*|glic\w*)\b",
    re.IGNORECASE,
)


class Telling(ValueError):
    """A subject or text that would show an illness on a locked screen: a fault of whoever wrote it, not of the reader."""


def seen_on_a_locked_screen(channel: str, subject: str, body: str) -> str:
    """The part that lights up: of an e-mail its subject, of a text all of it."""
    return {"email": subject, "sms": f"{subject} {body}"}.get(channel, "")


def require_discreet(channel: str, subject: str, body: str) -> None:
    """Raises Telling."""
    found = TELLING.search(seen_on_a_locked_screen(channel, subject, body))
    if found:
        raise Telling(found.group())


@dataclass(frozen=True)
class Text:
    """The words of a reminder, for every channel: any of them may become a text, so no part tells an illness.

    spoken: what the line says, a prompt by its key or a Say with its values; without one the line can only say that
    there is a message.
    """

    subject: str
    body: str
    spoken: str | Say = ""

    def __post_init__(self) -> None:
        require_discreet("sms", self.subject, self.body)

    @property
    def prompt(self) -> tuple[str, dict[str, Any]]:
        return (self.spoken.prompt, self.spoken.values) if isinstance(self.spoken, Say) else (self.spoken, {})


# --- When ------------------------------------------------------------------------------------------------------------

# Nobody is called or texted earlier or later on their own clock, whatever else they allow (47 CFR 64.1200(c)(1)).
WAKING = week.of_days(range(7), 8, 21)


def next_welcome(channel: str, blocked: int, at: datetime, zone: str) -> datetime | None:
    """The first instant from `at` on when this channel may reach somebody; None when their week has no such hour.

    Between 8 and 21 on their own clock and outside their blocked hours; a letter makes no noise.
    """
    return at if channel == "letter" else week.next_free(blocked | (week.ALL & ~WAKING), at, zone)


def hour_ends(at: datetime, zone: str) -> datetime:
    """The end of the hour on that wall clock: whether somebody may be reached is said hour by hour."""
    local = at.astimezone(ZoneInfo(zone))
    return at + timedelta(minutes=60 - local.minute, seconds=-local.second, microseconds=-local.microsecond)


# --- By which channel ------------------------------------------------------------------------------------------------

FALLING = ("voice", "sms", "email", "letter")  # in this order one stands in for another
MOST_TRIES = {"voice": 2, "sms": 1, "email": 1, "letter": 1}
# In a week, with a recorded voice, by whatever reason. 47 CFR 64.1200(a)(3)(v) lets a clinic ring a home with a health
# message and without consent once a day and three times a week (86 FR 11443, 2021; the three in thirty days of (ii) to (iv)
# are for other callers). Whoever we ring has agreed, so these limits do not bind; the week's we keep all the same, for nobody
# wants more, and the day's only for one reminder: it rings again after two hours at the soonest, and twice at most.
MOST_CALLS = 3
AGAIN_AFTER = {"voice": timedelta(hours=2)}  # a kitchen telephone that nobody picked up

# How long news of a message is waited for before the channel's carrier is asked.
PATIENCE = {"voice": timedelta(minutes=10), "sms": timedelta(minutes=15)}

Outcome = Literal["open", "delivered", "undelivered", "unsure"]


class Try(NamedTuple):
    """One message of a reminder. open: on its way; unsure: nobody can say whether it left."""

    channel: str
    outcome: Outcome


@dataclass(frozen=True)
class Choice:
    """What a person chose. first: the way they want; also: ways they allow when that one comes to nothing."""

    first: str = "voice"
    also: frozenset[str] = field(default_factory=lambda: frozenset({"email", "letter"}))

    @property
    def order(self) -> list[str]:
        return [self.first, *(one for one in FALLING if one in self.also and one != self.first)]


class Next(NamedTuple):
    """why: try (this channel, now), wait (for news, or for a channel that is away), delivered, nowhere."""

    why: Literal["try", "wait", "delivered", "nowhere"]
    channel: str = ""


def next_channel(
    choice: Choice,
    tries: Sequence[Try],
    *,
    reachable: Collection[str],
    closed: Collection[str] = (),
    away: Collection[str] = (),
) -> Next:
    """Where a reminder goes next.

    reachable: channels with a proven address; closed: those the person said STOP to; away: those whose carrier does not
    answer now. Once one channel delivered, or while one is on its way, no other is used. What nobody can tell (unsure)
    counts as used up, and the same channel is not tried again: once too seldom is better than twice.

        >>> next_channel(Choice("sms", frozenset({"email"})), [Try("sms", "undelivered")], reachable={"sms", "email"})
        Next(why='try', channel='email')
    """
    outcomes = {one.outcome for one in tries}
    if "delivered" in outcomes:
        return Next("delivered")
    if "open" in outcomes:
        return Next("wait")
    left = [one for one in choice.order if one in reachable and one not in closed and _has_tries(one, tries)]
    free = [one for one in left if one not in away]
    if free:
        return Next("try", free[0])
    return Next("wait" if left else "nowhere")


def _has_tries(channel: str, tries: Sequence[Try]) -> bool:
    mine = [one for one in tries if one.channel == channel]
    return len(mine) < MOST_TRIES[channel] and not any(one.outcome == "unsure" for one in mine)


# --- What a carrier says of a message --------------------------------------------------------------------------------

# Each word stands above those it may follow; however they come, the highest holds. A carrier that says both
# "undelivered" and "delivered" means that it did arrive.
RANK = {"": 0, "accepted": 1, "scheduled": 1, "queued": 1, "sending": 2, "sent": 3, "failed": 4, "undelivered": 4,
        "canceled": 4, "delivered": 5, "read": 6}  # fmt: skip
FINAL = 4


def joined(known: str, news: str) -> str:
    """The word that holds after this news: the same in whatever order, and however often, the news comes."""
    if news not in RANK:
        return known
    return max(known, news, key=lambda word: (RANK[word], word))


def outcome_of_word(word: str) -> Outcome:
    if RANK[word] < FINAL:
        return "open"
    return "delivered" if RANK[word] > FINAL else "undelivered"


# --- A carrier that does not answer ----------------------------------------------------------------------------------

REFUSALS_UNTIL_AWAY = 3
LONGEST_AWAY = timedelta(minutes=5)


def away_until(refusals: int, last_at: datetime) -> datetime | None:
    """After three refusals in a row a channel is left alone: 15 s, then twice as long each time, 5 min at most."""
    if refusals < REFUSALS_UNTIL_AWAY:
        return None
    doubled: int = 2 ** min(refusals - REFUSALS_UNTIL_AWAY, 10)
    return last_at + min(timedelta(seconds=15) * doubled, LONGEST_AWAY)
