"""Telling partners about their time to talk: asked for, agreed, dropped, or come to nothing. Each on their own clock."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from peerline.exchange import queries as exchange
from peerline.kernel import clock
from peerline.kernel.dialogue import Say
from peerline.kernel.phone_numbers import for_reading
from peerline.messaging import services as messaging
from peerline.messaging.services import Text
from peerline.pairs import queries
from peerline.pairs.models import TalkTime
from peerline.people.queries import Known, known
from peerline.prepared import prepared
from peerline.ui.phrases import before_dot, moment_words

DAY = timedelta(days=1)
Words = Callable[[Known, str], Text]


def when(at: datetime, zone: str) -> str:
    """ "Sunday, 4:00 pm" on this person's own clock, in the language in force."""
    with timezone.override(zone):
        return moment_words(at, clock.now())


def asked(row: TalkTime) -> None:
    """The others hear that somebody asks, and where to answer."""
    latest = max(datetime.fromisoformat(at) for at in row.times)
    _tell(row, f"pairs.time_asked:{row.pk}", latest, {row.asked_by_id}, _words_asked)


def agreed(row: TalkTime) -> None:
    """Who asked hears which time it is."""
    at = row.at or row.asked_at

    def words(person: Known, partner: str) -> Text:
        body = _("You talk with %(name)s: %(when)s. We will ring you both.")
        return Text(
            _("Your time to talk"), body % {"name": partner, "when": before_dot(when(at, person.time_zone))}, Say("time.agreed_news", name=partner)
        )  # fmt: skip

    _tell(row, f"pairs.time_agreed:{row.pk}", at, {row.answered_by_id}, words)


def dropped(row: TalkTime, by: int, *, told: bool) -> None:
    """What was said about this time before is not said any more; the others hear that it will not be."""
    for person_id in queries.members_of([row.pair_id]).get(row.pair_id, []):
        for kind in ("asked", "agreed"):
            messaging.no_longer(f"pairs.time_{kind}:{row.pk}:{person_id}")
    if told:
        _tell(row, f"pairs.time_dropped:{row.pk}", clock.now() + 2 * DAY, {by}, _words_dropped)


def call_ended(call_id: int) -> None:
    """Listener of CallEnded, which may come twice: when the two did not talk, both hear how to choose another time."""
    row = _of_call.first(call_id)
    call = exchange.call(call_id) if row else None
    if row is not None and call is not None and not call.talk_seconds:
        _tell(row, f"pairs.time_not_met:{call_id}", clock.now() + 2 * DAY, set(), _words_not_met)


@prepared(int)
def _of_call(call_id: int) -> QuerySet[TalkTime]:
    return TalkTime.objects.filter(call_id=call_id)


def _tell(row: TalkTime, key: str, not_after: datetime, besides: Iterable[int | None], words: Words) -> None:
    people = known(queries.members_of([row.pair_id]).get(row.pair_id, []))
    for person in people.values():
        if person.person_id not in besides:
            others = [other.nickname for other in people.values() if other.person_id != person.person_id]
            text = partial(_text, words, person, " & ".join(others))
            messaging.remind(
                person.person_id, kind="pairs.talk_time", key=f"{key}:{person.person_id}", words=text, not_after=not_after,
                program_id=row.pair.program_id, urgency=2,
            )  # fmt: skip


def _text(words: Words, person: Known, partner: str, language: str) -> Text:
    return words(person, partner)


def _line() -> str:
    return for_reading(settings.LINE_NUMBER)


def _words_asked(person: Known, partner: str) -> Text:
    body = _(
        "%(name)s asks for a time to talk with you. To choose one, call %(line)s and press 1, or look at your page."
    )
    return Text(_("A time to talk"), body % {"name": partner, "line": _line()}, Say("time.asked_news", name=partner))


def _words_dropped(person: Known, partner: str) -> Text:
    body = _("Your time to talk with %(name)s will not be. To choose another one, call %(line)s and press 1.")
    return Text(_("A time to talk"), body % {"name": partner, "line": _line()}, Say("time.dropped_news", name=partner))


def _words_not_met(person: Known, partner: str) -> Text:
    body = _("We rang, but you and %(name)s did not come together. To choose another time, call %(line)s and press 1.")
    return Text(_("A time to talk"), body % {"name": partner, "line": _line()}, Say("time.not_met_news", name=partner))
