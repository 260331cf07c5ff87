"""A time to talk: one of a pair proposes up to three, another chooses one, and then the line rings both.

Either may change or cancel it, by web or telephone; the other is told. A weekly time stays at the same hour of the week on
the clock of whoever asked, through every change of that clock. Everybody sees and hears their own clock's hour.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from peerline.audit import services as audit
from peerline.kernel import clock, quarters, week
from peerline.pairs import queries, talk_news
from peerline.pairs.models import Pair, TalkTime
from peerline.pairs.rules import WAKING, PairError
from peerline.people.access import NotThere, Viewer, require
from peerline.people.queries import calling_weeks, person_known

MOST_TIMES = 3
AHEAD, DAYS = timedelta(hours=1), 7
GOOD_HOURS = (10, 14, 18)  # of the hours both are free, those nearest to these are offered
LATE = timedelta(minutes=30)  # a talk that could not begin by then is not rung any more
OPEN = ("asked", "agreed")


# --- Reads -----------------------------------------------------------------------------------------------------------


def current(pair_id: int) -> TalkTime | None:
    """What is asked or agreed for this pair now."""
    return TalkTime.objects.filter(pair_id=pair_id, state__in=OPEN).first()


def common_hours(pair: Pair, zone: str, now: datetime) -> list[datetime]:
    """The whole hours, on the clock of `zone`, of the next week in which nobody of the pair is to be left alone. Two queries."""
    begins = quarters.quarter_of(now + AHEAD)
    people = calling_weeks(queries.members_of([pair.pk]).get(pair.pk, []))
    free = quarters.free(people.values(), begins, DAYS * quarters.A_DAY, hours=WAKING).all(axis=0)
    instants = (begins + int(number) * quarters.QUARTER for number in free.nonzero()[0])
    return [at for at in instants if at >= now + AHEAD and at.astimezone(ZoneInfo(zone)).minute == 0]


def offers(pair: Pair, zone: str, now: datetime, hours: Sequence[int] = GOOD_HOURS, days: int = 3) -> list[datetime]:
    """A few good ones: on each of the first days that have any, those nearest to these hours of the day."""
    by_day: dict[object, list[datetime]] = {}
    for at in common_hours(pair, zone, now):
        by_day.setdefault(at.astimezone(ZoneInfo(zone)).date(), []).append(at)
    found = []
    for some in list(by_day.values())[:days]:
        found += sorted({min(some, key=lambda at: abs(_hour(at, zone) - hour)) for hour in hours})
    return found


def _hour(at: datetime, zone: str) -> int:
    return at.astimezone(ZoneInfo(zone)).hour


# --- Writes ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    actor: Viewer, *, pair_id: int, person_id: int, times: Sequence[datetime], weekly: bool = False
) -> TalkTime:
    """This partner asks for one of these times; what was asked or agreed before is dropped, and the others are told.

    Raises PairError how_many_times, not_free, rests; NotThere.
    """
    pair = _locked(actor, pair_id, person_id)
    zone = person_known(person_id).time_zone
    if not 1 <= len(set(times)) <= MOST_TIMES:
        raise PairError("how_many_times")
    if not set(times) <= set(common_hours(pair, zone, clock.now())):
        raise PairError("not_free")
    if queries.rest_of(pair, queries.partners_of(pair, person_id)) is not None:
        raise PairError("rests")
    _drop(pair_id, actor, person_id, told=False)
    row = TalkTime.objects.create(
        pair=pair, asked_by_id=person_id, asked_at=clock.now(), times=[at.isoformat() for at in sorted(set(times))],
        weekly=weekly, zone=zone,
    )  # fmt: skip
    _note(actor, row, "pairs.time_asked")
    talk_news.asked(row)
    return row


def _locked(actor: Viewer, pair_id: int, person_id: int) -> Pair:
    """The pair, for somebody in it; staff and the platform may act in that person's name."""
    pair = queries.active_pair(actor, pair_id)
    members = {partner.person_id for partner in pair.partners.all()}
    require(person_id in members and (actor.person_id == person_id or actor.person_id not in members))
    return Pair.objects.select_for_update(of=("self",)).get(pk=pair.pk)


def _note(actor: Viewer, row: TalkTime, verb: str) -> None:
    both = queries.members_of([row.pair_id])[row.pair_id]
    audit.record_each(actor.person_id, verb, both, object=f"talk_time:{row.pk}")


@transaction.atomic
def agree(actor: Viewer, *, talk_time_id: int, person_id: int, at: datetime) -> TalkTime:
    """Another partner chooses one of the times asked for. Choosing the same again changes nothing.

    Raises PairError time_gone (it was changed, or is over), not_free; NotThere.
    """
    row = _of(actor, talk_time_id, person_id)
    if row.state == "agreed" and row.at == at:
        return row
    if row.state != "asked" or at.isoformat() not in row.times:
        raise PairError("time_gone")
    require(row.asked_by_id != person_id)
    if at not in common_hours(row.pair, row.zone, clock.now()):
        raise PairError("not_free")
    row.state, row.at, row.answered_by_id, row.answered_at = "agreed", at, person_id, clock.now()
    row.save(update_fields=["state", "at", "answered_by_id", "answered_at"])
    _note(actor, row, "pairs.time_agreed")
    talk_news.agreed(row)
    return row


def _of(actor: Viewer, talk_time_id: int, person_id: int) -> TalkTime:
    row = TalkTime.objects.filter(pk=talk_time_id).first()
    if row is None:
        raise NotThere
    _locked(actor, row.pair_id, person_id)
    return TalkTime.objects.select_for_update(of=("self",)).select_related("pair").get(pk=talk_time_id)


@transaction.atomic
def drop(actor: Viewer, *, talk_time_id: int, person_id: int) -> None:
    """None of the times suits, or not any more: by either of them. The others are told. Dropped already: no change."""
    row = _of(actor, talk_time_id, person_id)
    _drop(row.pair_id, actor, person_id, told=True)


def _drop(pair_id: int, actor: Viewer, person_id: int, *, told: bool) -> None:
    row = current(pair_id)
    if row is None:
        return
    row.state = "dropped"
    row.save(update_fields=["state"])
    _note(actor, row, "pairs.time_dropped")
    talk_news.dropped(row, person_id, told=told)


def put_away(pair_id: int) -> None:
    """One of them takes a rest: what is asked, or agreed once, will not be. A time each week stands, for afterwards."""
    for row in TalkTime.objects.select_for_update().filter(pair=pair_id, state__in=OPEN, weekly=False):
        row.state = "dropped"
        row.save(update_fields=["state"])
        talk_news.dropped(row, row.asked_by_id, told=False)


def rang(row: TalkTime, call_id: int) -> None:
    """The line rings for it now. A weekly one moves on to the next week."""
    row.call_id = call_id
    _move_on(row)


def _move_on(row: TalkTime) -> None:
    if row.weekly and row.at is not None:
        row.at = next_week(row.at, row.zone)
    else:
        row.state = "past"
    row.save(update_fields=["call_id", "at", "state"])


def next_week(at: datetime, zone: str) -> datetime:
    """The same time of day seven days later, on the wall clock of `zone`: Sunday at 4 stays at 4 when clocks change."""
    local = at.astimezone(ZoneInfo(zone))
    return week.instant_of(local.date() + timedelta(days=7), local.time(), zone)


@transaction.atomic
def clear_away() -> int:
    """Regular work: times that went by without a ring, or without an answer; how many. A weekly one goes on."""
    now, gone = clock.now(), 0
    for row in TalkTime.objects.select_for_update().filter(state="agreed", at__lt=now - LATE):
        _move_on(row)
        gone += 1
    for row in TalkTime.objects.select_for_update().filter(state="asked", asked_at__lt=now - AHEAD):
        if all(datetime.fromisoformat(at) < now for at in row.times):
            row.state, gone = "past", gone + 1
            row.save(update_fields=["state"])
    return gone
