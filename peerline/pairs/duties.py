"""What falls due for pairs: a reminder call when they have not talked for the days their program sets (S7).

One call for each such stretch of silence, to one of them at a time, each stretch to the next one; three stretches at
most, then people take over (the desk shows the pair). Nobody is rung outside their hours, nor when the partner takes no
calls: the reminder is there to be answered with a talk.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.exchange import services as exchange
from peerline.kernel import week
from peerline.kernel.duties import DONE, OVER, Acted, Due, Duty
from peerline.messaging import queries as messaging
from peerline.pairs import queries, talk_times
from peerline.pairs.models import Pair
from peerline.pairs.rules import WAKING
from peerline.people.queries import known, reachable_now
from peerline.programs import queries as programs

MOST_STRETCHES = 3
SOON, LATER, SOON_AGAIN = timedelta(minutes=15), timedelta(hours=1), timedelta(minutes=2)


def silent_pairs(now: datetime) -> Iterable[Due]:
    """Pairs that have not talked for a whole stretch of days: the stretch that runs now. Six queries for each number of
    days that a program sets, however many pairs."""
    return _stretches(now, lambda stretch, count: (now - (count + 1) * stretch, now - count * stretch))


def newly_silent(since: datetime, until: datetime) -> Iterable[Due]:
    """Those of which a stretch began after `since` and not after `until`. As many queries."""
    return _stretches(until, lambda stretch, count: (since - count * stretch, until - count * stretch))


def _stretches(now: datetime, span: Callable[[timedelta, int], tuple[datetime, datetime]]) -> Iterable[Due]:
    """span(stretch, count): between which instants a pair fell silent whose count-th stretch is meant."""
    days = dict(programs.days_until_reminded())
    for stretch in {timedelta(days=one) for one in days.values()}:
        for count in range(1, MOST_STRETCHES + 1):
            for pair in queries.fell_silent(*span(stretch, count)):
                if days.get(pair.program_id) == stretch.days:
                    yield _due(pair, stretch, count, now)


def _due(pair: queries.Silent, stretch: timedelta, count: int, now: datetime) -> Due:
    begins = pair.since + count * stretch
    facts = {"days": (max(now, begins) - pair.since).days, "turn": count}
    occurrence = f"{pair.since.date().isoformat()}+{count}"
    return Due(f"pair:{pair.pair_id}", occurrence, pair.program_id, begins, begins + stretch, facts, pair.people)


def remind(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """Ring one of them, if both take calls now, nobody talked meanwhile, and the line may ring them once more this week."""
    pair = Pair.objects.select_related("program").filter(pk=int(subject[5:]), ended_at=None).first()
    if pair is None or not _still_silent(pair, now):
        return Acted(OVER)
    people = queries.members_of([pair.pk])[pair.pk]
    if queries.active_people(pair.program_id, people) != set(people):
        return Acted(OVER)  # one of them rests; their silence is counted anew from when they are back
    willing = programs.may_be_reminded(pair.program_id, people)
    if not willing:
        return Acted(OVER)
    if messaging.is_paused(subject) or not all(_takes_calls(person, now) for person in people):
        return Acted("", now + SOON)
    first = facts["turn"] % len(people)
    again = {one: messaging.may_call_again_at(one, now) for one in people[first:] + people[:first] if one in willing}
    chosen = next((person for person, at in again.items() if at is None), None)
    if chosen is None:
        return Acted("", min(at for at in again.values() if at))
    return _rung(pair, chosen, now)


def _still_silent(pair: Pair, now: datetime) -> bool:
    days = pair.program.remind_after_days
    return bool(days) and pair.silent_since <= now - timedelta(days=days)


def _takes_calls(person_id: int, now: datetime) -> bool:
    zone = known([person_id])[person_id].time_zone
    return week.holds(WAKING, now, zone) and reachable_now(person_id, now)


def _rung(pair: Pair, person_id: int, now: datetime) -> Acted:
    try:
        exchange.ring(
            None, person_id=person_id, dialogue="pairs.reminded", args=(pair.pk,), way="reminder", program_id=pair.program_id,
            organization_id=pair.program.organization_id, label=f"pair:{pair.pk}",
        )  # fmt: skip
    except exchange.CannotRing:
        return Acted("", now + LATER)
    return Acted(DONE)


def why(subject: str, facts: dict[str, Any]) -> str:
    """ "Reminder call: Maple & Elm have not talked for 9 days." """
    members = queries.members_of([int(subject[5:])]).get(int(subject[5:]), [])
    names = " & ".join(one.nickname for one in known(members).values()) or _("a pair")
    sentence = ngettext(
        "Reminder call: %(names)s have not talked for %(days)s day.",
        "Reminder call: %(names)s have not talked for %(days)s days.",
        facts["days"],
    )
    return sentence % {"names": names, "days": facts["days"]}


REMINDER = Duty("pairs.reminder", silent_pairs, remind, why, between=newly_silent, rings=True, hours=WAKING)


# --- A time to talk ---------------------------------------------------------------------------------------------------


def agreed_times(now: datetime) -> Iterable[Due]:
    """Times to talk that have come, and may still begin."""
    return times_between(now - talk_times.LATE, now)


def times_between(since: datetime, until: datetime) -> Iterable[Due]:
    """Two queries, however many."""
    rows = queries.agreed_times(since, until)
    members = queries.members_of(row.pair_id for row in rows) if rows else {}
    for row in rows:
        people, facts = tuple(members.get(row.pair_id, ())), {"pair": row.pair_id, "at": row.at.isoformat()}
        yield Due(
            f"talk_time:{row.pk}", f"{row.at:%Y-%m-%dT%H:%M}", row.pair.program_id, row.at, row.at + talk_times.LATE,
            facts, people,
        )  # fmt: skip


def ring_both(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """Ring whoever asked, if the time still stands and all of them take part; the other is rung when they press 1."""
    row = queries.agreed_time(int(subject[10:]), datetime.fromisoformat(facts["at"]))
    if row is None or row.pair.ended_at is not None:
        return Acted(OVER)
    people = queries.members_of([row.pair_id])[row.pair_id]
    if queries.active_people(row.pair.program_id, people) != set(people):
        return Acted(OVER)
    try:
        call_id = exchange.ring(
            row.asked_by_id, person_id=row.asked_by_id, dialogue="pairs.at_the_time", args=(row.pair_id,), way="both",
            program_id=row.pair.program_id, organization_id=row.pair.program.organization_id, label=f"pair:{row.pair_id}",
        )  # fmt: skip
    except exchange.CannotRing:
        return Acted("", now + SOON_AGAIN)
    talk_times.rang(row, call_id)
    return Acted(DONE)


def why_both(subject: str, facts: dict[str, Any]) -> str:
    """ "Maple & Elm wanted to be rung then." """
    members = queries.members_of([facts["pair"]]).get(facts["pair"], [])
    names = " & ".join(one.nickname for one in known(members).values()) or _("a pair")
    return _("A time to talk: %(names)s asked to be rung then.") % {"names": names}


TALK_TIME = Duty(
    "pairs.talk_time", agreed_times, ring_both, why_both, between=times_between, rings=True, hours=WAKING, urgency=1
)
