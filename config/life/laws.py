"""What must hold of any life, read from the rows it left. Each law answers with the sentences of those who broke it.

A *contact* is whatever reaches somebody: a telephone that the line rings, a text, a mail, a letter. A life of ten thousand
people is read like one of ten: a fixed number of queries a law.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from peerline.audit.models import Line
from peerline.care.ladder import AT_ONCE
from peerline.care.models import Need
from peerline.exchange.models import Call, Leg
from peerline.kernel import week
from peerline.messaging import queries as messaging
from peerline.messaging.models import Closed, Message, Reminder
from peerline.messaging.rules import WAKING
from peerline.people.models import Person
from peerline.people.queries import contact_hash
from peerline.programs import timeline
from peerline.programs.models import DueThing, Enrollment

LAST_WORDS = ("messaging.stopped",)  # the one message that says that there will be no more
JUST_ASKED = ("pairs.called_back", "entry.say_digits", "entry.check_number")  # they wait for it, telephone in hand
AT_A_SET_TIME = "pairs.at_the_time"

Place = tuple[int, int | None]  # a person, and in which program; None: in none in particular


@dataclass(frozen=True)
class Contact:
    """Something that reached a person, or was to."""

    place: Place
    at: datetime
    words: str  # "was rung for pairs.reminded"

    def __str__(self) -> str:
        return f"person {self.place[0]} {self.words} at {self.at}"


# --- Contacts ----------------------------------------------------------------------------------------------------------


def _rung() -> Iterator[tuple[Contact, Leg]]:
    legs = Leg.objects.filter(inbound=False).exclude(rang_at=None).exclude(person=None).select_related("call")
    for leg in legs.only(
        "person", "rang_at", "dialogue", "args", "call__way", "call__program_id", "call__asked_by"
    ).iterator():
        yield Contact((leg.person_id, leg.call.program_id), leg.rang_at, f"was rung for {leg.dialogue}"), leg


def _left() -> QuerySet[Message]:
    """Messages that left, or may have; a spoken one is a call, too."""
    return Message.objects.filter(state__in=["sent", "taken", "unsure"]).exclude(taken_at=None).order_by("pk")


def _sent() -> Iterator[tuple[Contact, Message]]:
    """Those that nobody asked for in this moment, as a code."""
    rows = _left().exclude(kind__in=LAST_WORDS).exclude(holds_code=True).select_related("reminder")
    for row in rows.defer("address", "body", "reminder__body").iterator():
        place = (row.to_person_id, row.reminder.program_id if row.reminder else None)
        yield Contact(place, row.taken_at, f"was sent {row.kind} by {row.channel}"), row


def _contacts() -> list[Contact]:
    return [contact for contact, _row in (*_rung(), *_sent())]


# --- Once for each reason ------------------------------------------------------------------------------------------------


def no_reason_reminds_twice(now: datetime) -> list[str]:
    """Nobody is called twice for one message or session, and each thing that fell due for a pair brings at most one call."""
    calls = Call.objects.filter(way="reminder").values_list("label", "placed_by_id")
    rung = Counter(label if label.startswith("pair:") else f"{label} person:{person}" for label, person in calls)
    due = Counter(DueThing.objects.filter(duty="pairs.reminder", state="done").values_list("subject", flat=True))
    may = {label: due[label] if label.startswith("pair:") else 1 for label in rung}
    return [f"{label}: {n} calls for {may[label]} reasons" for label, n in rung.items() if n > may[label]]


def no_words_arrive_twice(now: datetime) -> list[str]:
    """Whatever channels a reminder went by, it arrived once; and nobody is told the same twice within an hour."""
    arrived: Counter[str] = Counter()
    heard: Counter[tuple[object, ...]] = Counter()
    for row in _left().defer("address").iterator():
        if messaging.outcome_of(row) != "undelivered":
            arrived[f"reminder {row.reminder_id}"] += row.reminder_id is not None
            heard[row.to_person_id, row.kind, row.body, f"{row.taken_at:%Y-%m-%d %H}"] += not row.holds_code
    twice = [f"{reminder} arrived {n} times" for reminder, n in arrived.items() if n > 1]
    return twice + [f"person {one[0]} was told of {one[1]} {n} times in one hour" for one, n in heard.items() if n > 1]


# --- Left in peace -------------------------------------------------------------------------------------------------------


LEAVES = {"programs.paused": True, "programs.stopped": True}
COMES = {"programs.enrolled": False, "programs.began": False, "programs.resumed": False}


class Peace:
    """Who rested, had stopped or had left, and when: from the audit log, and from the enrollment itself."""

    def __init__(self) -> None:
        self._turns: dict[int, dict[int, list[tuple[datetime, bool]]]] = defaultdict(lambda: defaultdict(list))
        rows = dict(Enrollment.objects.values_list("pk", "program_id"))
        lines = Line.objects.filter(verb__in=[*LEAVES, *COMES]).order_by("at", "pk")
        for person, what, verb, at in lines.values_list("subject_id", "object", "verb", "at"):
            self._turns[person][rows[int(what.partition(":")[2])]].append((at, verb in LEAVES))
        gone = Enrollment.objects.exclude(stopped_at=None).values_list("person_id", "program_id", "stopped_at")
        for person, program, at in gone:
            mine = self._turns[person][program]
            mine.insert(bisect_right(mine, (at, True)), (at, True))

    def covers(self, contact: Contact) -> bool:
        """Was this person, in the program that the contact is of (else in each of theirs), to be left in peace?"""
        person, program = contact.place
        mine = self._turns.get(person, {})
        if program in mine:
            return self._is_out(mine[program], contact.at)
        return bool(mine) and all(self._is_out(turns, contact.at) for turns in mine.values())

    def _is_out(self, turns: list[tuple[datetime, bool]], at: datetime) -> bool:
        before = [out for turned_at, out in turns if turned_at < at]
        return bool(before) and before[-1]


def nobody_in_peace_is_contacted(now: datetime) -> list[str]:
    """Not by a call, a text, a mail or a letter; what had left before is gone. Whoever asks to be rung themselves may be."""
    peace, called = Peace(), [contact for contact, leg in _rung() if not _just_asked(leg)]
    return [str(contact) for contact in (*called, *(one for one, _row in _sent())) if peace.covers(contact)]


def _just_asked(leg: Leg) -> bool:
    return leg.dialogue in JUST_ASKED and leg.call.asked_by_id in (None, leg.person_id)


def nobody_is_written_to_after_stop(now: datetime) -> list[str]:
    """Where somebody answered STOP, nothing comes any more by that channel until they say START."""
    closed = list(Closed.objects.values_list("channel", "value_hash", "closed_at", "opened_at"))
    rows = _left().filter(channel__in={one[0] for one in closed} & messaging.CONTACT.keys())
    wrong = []
    for row in rows.exclude(kind__in=LAST_WORDS).defer("body").iterator():
        value_hash = contact_hash(messaging.CONTACT[row.channel], row.address)
        asked_for = row.holds_code and row.channel != "sms"
        if not asked_for and any(
            (row.channel, value_hash) == (channel, hashed) and begins < row.taken_at < (ends or now)
            for channel, hashed, begins, ends in closed
        ):
            wrong.append(f"person {row.to_person_id} was sent {row.kind} by {row.channel} at {row.taken_at}")
    return wrong


# --- In their hours --------------------------------------------------------------------------------------------------------


class Hours:
    """Everybody's clock and hours of rest as they were at a time: as they are, and the changes since taken back."""

    def __init__(self) -> None:
        rows = Person.objects.values_list("pk", "time_zone", "blocked_week")
        self._now = {person: {"time_zone": zone, "blocked_week": blocked} for person, zone, blocked in rows}
        self._changes: dict[int, list[tuple[datetime, dict[str, str]]]] = defaultdict(list)
        lines = Line.objects.filter(verb__in=["people.time_zone_set", "people.hours_set"]).order_by("-at", "-pk")
        for person, at, detail in lines.values_list("subject_id", "at", "detail"):
            self._changes[person].append((at, detail.get("was", {})))

    def welcome(self, contact: Contact, *, at_night: bool) -> bool:
        person, _program = contact.place
        then = dict(self._now[person])
        for changed_at, was in self._changes[person]:
            if changed_at >= contact.at:
                then |= was
        rests = week.holds(week.from_text(then["blocked_week"]), contact.at, then["time_zone"])
        return not rests and (at_night or week.holds(WAKING, contact.at, then["time_zone"]))


def each_contact_is_inside_hours(now: datetime) -> list[str]:
    """Whoever did not ask for it just now is rung and written to in their own hours, and by the line itself by day only.
    Danger rings whoever is to be told of it at any hour; a letter makes no noise."""
    hours, danger = Hours(), set(Need.objects.filter(level__in=AT_ONCE).values_list("pk", flat=True))
    wrong = [
        contact for contact, leg in _rung()
        if leg.dialogue not in JUST_ASKED and not (leg.dialogue == "care.told" and leg.args[1] in danger)
        and not hours.welcome(contact, at_night=leg.call.way != "reminder" and leg.dialogue != AT_A_SET_TIME)
    ]  # fmt: skip
    noisy = [contact for contact, row in _sent() if row.channel == "sms" or (row.reminder and row.channel != "letter")]
    return [str(one) for one in wrong + [one for one in noisy if not hours.welcome(one, at_night=False)]]


# --- Nothing is forgotten ----------------------------------------------------------------------------------------------


def every_due_thing_has_an_end(now: datetime) -> list[str]:
    """Done, over, in front of a person, or its time is still to come; the same for each reminder."""
    late = DueThing.objects.filter(state="waiting", until__lte=now)
    waits = [f"{row.duty} {row.subject}: waits since {row.until}" for row in late]
    kept = Reminder.objects.filter(state__in=["waiting", "out"], not_after__lte=now).defer("body")
    return waits + [f"{row.kind} {row.key}: waits since {row.not_after}" for row in kept]


def whatever_was_missed_is_told(now: datetime) -> list[str]:
    """What went by undone, and what did not arrive, has come before a person; a seat in a telephone session, and what only
    says once more what was said before, need not."""
    told = set(Need.objects.values_list("key", flat=True))
    missed = [f"timeline.missed:{row.pk}" for row in DueThing.objects.filter(state="missed") if timeline.is_told(row)]
    lost = Reminder.objects.filter(state__in=["missed", "nowhere"]).values_list("state", "pk")
    unsure = Message.objects.filter(state="unsure").exclude(reminder=None).values_list("reminder_id", flat=True)
    keys = [*missed, *(f"messaging.{state}:{pk}" for state, pk in lost), *(f"messaging.unsure:{pk}" for pk in unsure)]
    return [f"nobody was told of {key}" for key in keys if key not in told]


def nothing_hangs(now: datetime) -> list[str]:
    calls = [f"call {call.pk} never ended" for call in Call.objects.filter(ended_at=None)]
    return calls + [f"leg {leg.pk} is {leg.state}" for leg in Leg.objects.exclude(state="over")]


LAWS: dict[Callable[[datetime], list[str]], str] = {
    no_reason_reminds_twice: "nobody was called twice for one reason",
    no_words_arrive_twice: "nobody was told the same twice, by whatever channel",
    nobody_in_peace_is_contacted: "nobody who rested, stopped or left was called or written to",
    nobody_is_written_to_after_stop: "nobody was written to where they had answered STOP",
    each_contact_is_inside_hours: "everybody was rung and written to in their own hours, and by day",
    every_due_thing_has_an_end: "whatever fell due was done, overtaken, or put before a person",
    whatever_was_missed_is_told: "whatever was missed or did not arrive was put before a person",
    nothing_hangs: "no call hangs",
}


def broken(now: datetime) -> list[str]:
    """Everything that is not as it should be at this time of the played clock."""
    return [sentence for law in LAWS for sentence in law(now)]
