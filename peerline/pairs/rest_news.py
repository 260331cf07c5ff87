"""One of a pair takes a rest. The others are told once, without a reason; the line reminds the pair of nothing, and what is
left or written waits. When they are back the others hear it, what waited is brought, and silence is counted afresh."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peerline.kernel import clock
from peerline.kernel.dialogue import Say
from peerline.kernel.phone_numbers import for_reading
from peerline.messaging import relay
from peerline.messaging import services as messaging
from peerline.messaging.services import Text
from peerline.pairs import queries, talk_times
from peerline.pairs.models import Pair
from peerline.people.queries import person_known
from peerline.programs import rests
from peerline.programs.rests import Rest

HAS_SENSE = timedelta(days=7)


@transaction.atomic
def began(enrollment_id: int, at: str) -> None:
    """Listener of RestBegan, which may come twice, or when they are back already."""
    rest = rests.rest_of(enrollment_id)
    if rest is None or not rest.goes_on or rest.mark != at:
        return
    for pair in _pairs(rest):
        talk_times.put_away(pair.pk)
        for other in queries.partners_of(pair, rest.person_id):
            _tell(pair, rest, "rests", other)


@transaction.atomic
def ended(enrollment_id: int, at: str) -> None:
    """Listener of RestEnded, which may come twice. Whoever had not heard of the rest yet hears of neither."""
    rest = rests.rest_of(enrollment_id)
    if rest is None or rest.goes_on or rest.mark != at:
        return
    for pair in _pairs(rest):
        _afresh(pair, rest)
        relay.bring(rest.person_id, f"pair:{pair.pk}")
        for other in queries.partners_of(pair, rest.person_id):
            if not messaging.no_longer(_key(pair, rest, "rests", other)) and rest.is_back:
                _tell(pair, rest, "back", other)


def _pairs(rest: Rest) -> list[Pair]:
    return [pair for pair in queries.pairs_of(rest.person_id) if pair.program_id == rest.program_id]


def _key(pair: Pair, rest: Rest, what: str, other: int) -> str:
    return f"pairs.{what}:{pair.pk}:{rest.mark[:19]}:{other}"


def _afresh(pair: Pair, rest: Rest) -> None:
    """Nobody is silent because one of them rested. Once a rest."""
    if pair.back_at and rest.mark and pair.back_at >= datetime.fromisoformat(rest.mark):
        return
    pair.back_at = pair.silent_since = clock.now()
    pair.save(update_fields=["back_at", "silent_since"])


def _tell(pair: Pair, rest: Rest, what: str, other: int) -> None:
    """This one of the others, once."""
    name = person_known(rest.person_id).nickname
    messaging.remind(
        other, kind=f"pairs.{what}", key=_key(pair, rest, what, other), not_after=_not_after(rest.until),
        words=lambda language: _words(what, name, rest.until), program_id=pair.program_id, urgency=3,
    )  # fmt: skip


def _not_after(until: date | None) -> datetime:
    return clock.now() + (min(HAS_SENSE, max(timedelta(days=1), until - clock.now().date())) if until else HAS_SENSE)


def _words(what: str, name: str, until: date | None) -> Text:
    said = {
        "name": name,
        "line": for_reading(settings.LINE_NUMBER),
        "day": date_format(until, "MONTH_DAY_FORMAT") if until else "",
    }
    if what == "back":
        body = _("%(name)s is back from a rest. To talk, call %(line)s and press 1.") % said
        return Text(_("Your partner is back"), body, Say("rest.partner_is_back", name=name))
    if until:
        body = _(
            "%(name)s takes a rest until %(day)s. We do not remind you two until then. To leave a message that waits, call %(line)s and press 1."
        )
        return Text(_("A rest"), body % said, Say("rest.partner_until", name=name, until_date=until.isoformat()))
    body = _(
        "%(name)s takes a rest. We do not remind you two, and tell you when it is over. To leave a message that waits, call %(line)s and press 1."
    )
    return Text(_("A rest"), body % said, Say("rest.partner_rests", name=name))
