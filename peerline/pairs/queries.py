"""Who is paired with whom."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, prefetch_related_objects

from peerline.exchange import queries as exchange
from peerline.kernel import clock, places, week
from peerline.messaging import queries as messaging
from peerline.pairs import contacts
from peerline.pairs.models import Pair, PairWeek, Partner, TalkTime
from peerline.people.access import CARE, NotThere, Viewer
from peerline.people.queries import Known, known, reachable_now
from peerline.prepared import prepared
from peerline.programs import queries as programs
from peerline.programs import rests

A_PAGE = 25


def pairs_for(viewer: Viewer, *roles: str) -> QuerySet[Pair]:
    """Pairs these roles of the viewer reach (without roles named: coordinator, nurse, administrator), newest first."""
    scope = viewer.scope(
        *(roles or (*CARE, "administrator")),
        organization="program__organization",
        site="program__site",
        program="program",
    )
    return Pair.objects.filter(scope).order_by("-began_at", "-id")


def active_page(viewer: Viewer, before: str = "", size: int = A_PAGE) -> tuple[list[Pair], str]:
    """`size` active pairs within reach, newest first from a place on, and the place where the next page begins."""
    pairs, begin = pairs_for(viewer).filter(ended_at=None).select_related("program"), places.read(before)
    if begin:
        pairs = pairs.filter(Q(began_at__lt=begin[0]) | Q(pk__lt=begin[1]), began_at__lte=begin[0])
    found = list(pairs[: size + 1])
    end = places.place(found[size - 1].began_at, found[size - 1].pk) if len(found) > size else ""
    return found[:size], end


def hard_to_reach(viewer: Viewer, *, silent_since: datetime, tries: int, weeks: int = 2) -> QuerySet[Pair]:
    """Active pairs without a conversation since then, or with so many tries in these last weeks; longest silence first.

    Not those of whom one takes a rest.
    """
    # Each Monday by name, so that the index of tries is entered there, however many weeks there have been.
    mondays = [contacts.monday_of(clock.now()) - timedelta(weeks=ago) for ago in range(weeks)]
    tried = PairWeek.objects.filter(monday__in=mondays, tries__gt=0).values("pair")
    tried = tried.annotate(sum=Sum("tries")).filter(sum__gte=tries).values("pair")
    hard = Q(silent_since__lte=silent_since) | Q(pk__in=tried)
    resting = Partner.objects.filter(rests.is_resting("person", "program"), pair=OuterRef("pk"))
    return (
        pairs_for(viewer)
        .filter(hard, ~Exists(resting), ended_at=None)
        .select_related("program")
        .order_by("silent_since", "pk")
    )


def active_pair(viewer: Viewer, pair_id: int) -> Pair:
    """An active pair the viewer belongs to or reaches as staff. Raises NotThere."""
    pair = Pair.objects.filter(pk=pair_id, ended_at=None).select_related("program").prefetch_related("partners").first()
    if pair is None:
        raise NotThere
    belongs = any(partner.person_id == viewer.person_id for partner in pair.partners.all())
    if not belongs and not pairs_for(viewer).filter(pk=pair_id).exists():
        raise NotThere
    return pair


def active_people(program_id: int, people: Iterable[int]) -> set[int]:
    """Those of these people who take part in the program now."""
    rows = programs.people_in_contact(program_id).filter(person_id__in=list(people))
    return set(rows.values_list("person_id", flat=True))


def waiting(program_id: int) -> QuerySet[Any]:
    """Active enrollments of people who are in no active pair of the program."""
    paired = Partner.objects.filter(program_id=program_id, active=True).values("person_id")
    return programs.people_in_contact(program_id).exclude(person_id__in=paired)


def silent_people(program_id: int, since: datetime) -> set[int]:
    """People of the program's active pairs that have not talked since then. One query."""
    rows = Partner.objects.filter(program=program_id, active=True, pair__silent_since__lte=since, pair__ended_at=None)
    return set(rows.values_list("person_id", flat=True))


def invited(program_id: int) -> QuerySet[Any]:
    """Enrollments of people who have not agreed to take part yet and are in no active pair of the program."""
    paired = Partner.objects.filter(program_id=program_id, active=True).values("person_id")
    return programs.invited(program_id).exclude(person_id__in=paired)


def pairs_of(person_id: int) -> list[Pair]:
    """The person's active pairs, oldest first."""
    pairs = _pairs_of(person_id)
    prefetch_related_objects(pairs, "partners")
    return pairs


@prepared(int)
def _pairs_of(person_id: int) -> QuerySet[Pair]:
    pairs = Pair.objects.filter(ended_at=None, partners__person_id=person_id, partners__active=True)
    return pairs.select_related("program").order_by("began_at", "pk")


def partners_of(pair: Pair, person_id: int) -> list[int]:
    return [partner.person_id for partner in pair.partners.all() if partner.person_id != person_id]


# --- Answers for the telephone: plain values, no number, no name but the nickname -------------------------------------


def mine(person_id: int) -> list[dict[str, Any]]:
    """The caller's pairs as the telephone needs them."""
    return [_for_the_telephone(pair, person_id) for pair in pairs_of(person_id)]


def _for_the_telephone(pair: Pair, person_id: int) -> dict[str, Any]:
    others = partners_of(pair, person_id)
    names = known(others)
    now = clock.now()
    taking_part = active_people(pair.program_id, others)
    resting = [other for other in others if other not in taking_part or not reachable_now(other, now)]
    if messaging.is_paused(f"pair:{pair.pk}"):
        resting = others  # one reported the other: nobody is rung until staff have looked
    return {
        "pair": pair.pk,
        "rests": rest_of(pair, others),
        "people": others,
        "name": " & ".join(names[other].nickname for other in others),
        "resting": resting,
        "reachable": len(resting) < len(others),
        "ring_seconds": pair.program.ring_seconds,
        "longest_seconds": pair.program.longest_call_minutes * 60,
    }


def rest_of(pair: Pair, others: Collection[int]) -> str | None:
    """Do all of these rest, and until which day at the latest ("" where one did not say)? None: they do not."""
    found = rests.resting(pair.program_id, others)
    if len(found) < len(others):
        return None
    days = [day for day in found.values() if day]
    return max(days).isoformat() if len(days) == len(found) else ""


def invitation(person_id: int, pair_id: int) -> dict[str, Any]:
    """What the one who is rung hears: both nicknames, and whether the program asks for a PIN."""
    pairs = [pair for pair in pairs_of(person_id) if pair_id in (0, pair.pk)]
    others = partners_of(pairs[0], person_id) if pairs else []
    names = known([person_id, *others])
    return {
        "name": names[person_id].nickname,
        "partner_name": " & ".join(names[other].nickname for other in others),
        "asks_pin": any(pair.program.asks_pin_of_rung for pair in pairs),
    }


def may_answer(person_id: int, voice_id: int) -> bool:
    """Is the author of this message still a partner of its receiver?"""
    voice = exchange.voice_messages().filter(pk=voice_id, to_person_id=person_id).first()
    return voice is not None and any(voice.author_id in partners_of(pair, person_id) for pair in pairs_of(person_id))


def waiting_in(program_ids: Iterable[int]) -> dict[int, int]:
    """program → how many people wait for a partner there, in one query; programs where nobody does are left out."""
    paired = Partner.objects.filter(program_id=OuterRef("program_id"), person_id=OuterRef("person_id"), active=True)
    rows = programs.in_contact(program_ids).exclude(Exists(paired)).order_by()
    return dict(rows.values("program_id").annotate(n=Count("pk")).values_list("program_id", "n"))


def program_of(person_id: int) -> int | None:
    """The program a person's call belongs to when no pair says more: of the oldest pair, else the oldest enrollment."""
    pairs = pairs_of(person_id)
    if pairs:
        return pairs[0].program_id
    found = programs.enrolled(person_id)
    return found[0].program_id if found else None


def ever_of(person_id: int) -> list[int]:
    """The pairs somebody is or was in, by number."""
    return list(Partner.objects.filter(person=person_id).values_list("pair_id", flat=True))


def members_of(pair_ids: Iterable[int]) -> dict[int, list[int]]:
    """pair → the people in it, past or present, in one query."""
    found: dict[int, list[int]] = {}
    for pair_id, person_id in _members(list(pair_ids)):
        found.setdefault(pair_id, []).append(person_id)
    return found


@prepared(list)
def _members(pair_ids: Any) -> QuerySet[Partner, tuple[int, int]]:
    return Partner.objects.filter(pair__in=pair_ids).order_by("pk").values_list("pair_id", "person_id")


def active_in(program_id: int) -> list[int]:
    """The program's active pairs, by number."""
    return list(Pair.objects.filter(program_id=program_id, ended_at=None).order_by("pk").values_list("pk", flat=True))


class Silent(NamedTuple):
    """A pair that has not talked since then, and the people in it."""

    pair_id: int
    program_id: int
    since: datetime
    people: tuple[int, ...]


def fell_silent(first: datetime, last: datetime) -> Iterator[Silent]:
    """Active pairs whose silence began after `first` and not after `last`, in two queries.

    A range of the index of silences, so those that did not fall silent then are never touched.
    """
    pairs = _silent(first, last)
    people: dict[int, tuple[int, ...]] = {}
    for pair_id, person_id in _of_the_silent(first, last) if pairs else ():
        people[pair_id] = (*people[pair_id], person_id) if pair_id in people else (person_id,)
    for pair_id, program_id, since in pairs:
        yield Silent(pair_id, program_id, since, people.get(pair_id, ()))


def _fell_silent(first: datetime, last: datetime) -> QuerySet[Pair]:
    return Pair.objects.filter(silent_since__gt=first, silent_since__lte=last, ended_at=None)


@prepared(datetime, datetime)
def _silent(first: datetime, last: datetime) -> QuerySet[Pair, tuple[int, int, datetime]]:
    return _fell_silent(first, last).order_by("pk").values_list("pk", "program_id", "silent_since")


@prepared(datetime, datetime)
def _of_the_silent(first: datetime, last: datetime) -> QuerySet[Pair, tuple[int, int]]:
    return _fell_silent(first, last).filter(partners__active=True).values_list("pk", "partners__person_id")


@prepared(datetime, datetime)
def agreed_times(since: datetime, until: datetime) -> QuerySet[TalkTime]:
    """Times to talk after `since` and not after `until`, of pairs that have not ended."""
    rows = TalkTime.objects.filter(state="agreed", at__gt=since, at__lte=until, pair__ended_at=None)
    return rows.select_related("pair").order_by("at", "pk")


def agreed_time(talk_time_id: int, at: datetime) -> TalkTime | None:
    """This one, locked, if it still stands at that instant."""
    rows = TalkTime.objects.select_for_update(of=("self",)).select_related("pair__program")
    return rows.filter(pk=talk_time_id, state="agreed", at=at).first()


def talks_of_each(program_id: int, people: Collection[int] | None = None) -> dict[int, int]:
    """person → conversations with their partners, past and present. One query."""
    rows = Partner.objects.filter(program=program_id, pair__weeks__talks__gt=0)
    rows = rows if people is None else rows.filter(person__in=list(people))
    counted = rows.order_by().values("person_id").annotate(n=Sum("pair__weeks__talks"))
    return dict(counted.values_list("person_id", "n"))


@dataclass(frozen=True)
class ProgramWeek:
    """How a program's pairs did in one week: how many there were, talked, talked as often as they aim; and vain tries."""

    monday: date
    pairs: int
    talked: int = 0
    reached: int = 0
    tries: int = 0


def program_weeks(program_id: int, mondays: list[date], talks_a_week: int) -> list[ProgramWeek]:
    """These weeks of a program, as its pairs' weeks were counted. Two queries, however many pairs."""
    alive = Pair.objects.filter(program_id=program_id).aggregate(
        **{f"w{n}": Count("pk", filter=_alive_in(monday)) for n, monday in enumerate(mondays)}
    )
    rows = PairWeek.objects.filter(pair__program=program_id, monday__in=mondays).values("monday")
    counted = rows.annotate(
        talked=Count("pk", filter=Q(talks__gt=0)),
        reached=Count("pk", filter=Q(talks__gte=talks_a_week)),
        vain=Sum("tries"),
    )
    by_monday = {row["monday"]: (row["talked"], row["reached"], row["vain"]) for row in counted.order_by()}
    return [ProgramWeek(monday, alive[f"w{n}"], *by_monday.get(monday, (0, 0, 0))) for n, monday in enumerate(mondays)]


def _alive_in(monday: date) -> Q:
    return _alive_between(monday, monday + timedelta(weeks=1))


def _alive_between(first: date, end: date) -> Q:
    return Q(began_at__lt=contacts.midnight(end)) & (Q(ended_at=None) | Q(ended_at__gte=contacts.midnight(first)))


def active_in_months(program_id: int, months: list[date]) -> dict[date, int]:
    """month (its first day) → how many pairs were active at some time in it. One query."""
    counts = {f"m{n}": Count("pk", filter=_alive_between(first, _next(first))) for n, first in enumerate(months)}
    found = Pair.objects.filter(program_id=program_id).aggregate(**counts)
    return {first: found[f"m{n}"] for n, first in enumerate(months)}


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


# --- For the pages -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A pair as a page shows it: nicknames, and its contacts week by week."""

    pair: Pair
    people: list[Known]
    contacts: contacts.Contacts

    @property
    def names(self) -> str:
        return " & ".join(person.nickname for person in self.people)


def pair_for(viewer: Viewer, pair_id: int) -> Pair:
    """Active or ended. Raises NotThere."""
    pair = pairs_for(viewer).filter(pk=pair_id).select_related("program").first()
    if pair is None:
        raise NotThere
    return pair


def shown(pairs: Iterable[Pair]) -> list[Shown]:
    """Three queries, however many pairs."""
    pairs = list(pairs)
    members = members_of(pair.pk for pair in pairs)
    people = known({one for ids in members.values() for one in ids})
    weeks = contacts.of_pairs(pairs)
    return [Shown(pair, [people[one] for one in members.get(pair.pk, [])], weeks[pair.pk]) for pair in pairs]


@dataclass(frozen=True)
class Mine:
    """A pair as one of the two sees it: the other's nickname and hours, nothing else of theirs."""

    pair: Pair
    partner: str
    contacts: contacts.Contacts
    resting: bool
    rests: str | None  # the other takes a rest: until which day, "" where nobody said
    welcome: list[tuple[int, int]]  # spans of today's hours on the viewer's own clock: (from, until)

    @property
    def rests_until(self) -> date | None:
        return date.fromisoformat(self.rests) if self.rests else None

    @property
    def until(self) -> int | None:
        """The hour at which the present span ends; None while the other rests, or when it ends with the day."""
        return self.welcome[0][1] if not self.resting and self.welcome and self.welcome[0][1] < 24 else None


def mine_shown(shown_pair: Shown, person_id: int) -> Mine:
    others = [person for person in shown_pair.people if person.person_id != person_id]
    me = next(person for person in shown_pair.people if person.person_id == person_id)
    now = clock.now()
    paused = messaging.is_paused(f"pair:{shown_pair.pair.pk}")
    resting = paused or not any(reachable_now(other.person_id, now) for other in others)
    names = " & ".join(other.nickname for other in others)
    welcome = spans_today(others, me.time_zone, now)
    rest = rest_of(shown_pair.pair, [other.person_id for other in others])
    return Mine(shown_pair.pair, names, shown_pair.contacts, resting or rest is not None, rest, welcome)


def spans_today(others: Collection[Known], zone: str, now: datetime) -> list[tuple[int, int]]:
    """When at least one of the others takes calls today, in hours of the viewer's own clock."""
    start = now.astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
    hours = [start + timedelta(hours=ahead) for ahead in range(24 - start.hour)]
    free = [
        at.hour for at in hours if any(not week.holds(one.blocked, at.astimezone(UTC), one.time_zone) for one in others)
    ]
    spans: list[tuple[int, int]] = []
    for hour in free:
        if spans and spans[-1][1] == hour:
            spans[-1] = (spans[-1][0], hour + 1)
        else:
            spans.append((hour, hour + 1))
    return spans
