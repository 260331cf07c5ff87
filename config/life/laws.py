"""What must hold of any life, read from the rows it left. Each law answers with the sentences of those who broke it.

A life of ten thousand people is read like one of ten: a fixed number of queries a law.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from peerline.exchange.models import Call, Leg
from peerline.kernel import week
from peerline.messaging.models import Message
from peerline.people.models import Person
from peerline.programs.models import DueThing, Enrollment

WAKING = week.of_days(range(7), 8, 21)
LAST_WORDS = ("messaging.stopped",)  # the one message that says that there will be no more


def no_reason_reminds_twice(now: datetime) -> list[str]:
    """Nobody is called twice for one message or session, and each thing that fell due for a pair brings at most one call."""
    calls = Call.objects.filter(way="reminder").values_list("label", "placed_by_id")
    rung = Counter(label if label.startswith("pair:") else f"{label} person:{person}" for label, person in calls)
    due = Counter(DueThing.objects.filter(duty="pairs.reminder", state="done").values_list("subject", flat=True))
    may = {label: due[label] if label.startswith("pair:") else 1 for label in rung}
    return [f"{label}: {n} calls for {may[label]} reasons" for label, n in rung.items() if n > may[label]]


def nobody_who_stopped_is_contacted(now: datetime) -> list[str]:
    stopped = dict(Enrollment.objects.exclude(stopped_at=None).values_list("person_id", "stopped_at"))
    rung = Leg.objects.filter(inbound=False, person_id__in=stopped).values_list("person_id", "rang_at", "dialogue")
    wrote = Message.objects.filter(to_person__in=stopped).exclude(kind__in=LAST_WORDS)
    late = [f"person {person} was rung at {at} for {dialogue}" for person, at, dialogue in rung if at > stopped[person]]
    return late + [
        f"person {person} was sent {kind} at {at}"
        for person, kind, at in wrote.values_list("to_person_id", "kind", "made_at")
        if at > stopped[person]
    ]


def every_due_thing_has_an_end(now: datetime) -> list[str]:
    """Done, over, in front of a person, or its time is still to come."""
    waiting = DueThing.objects.filter(state="waiting", until__lte=now)
    return [f"{row.duty} {row.subject}: waits since {row.until}" for row in waiting]


def each_contact_is_inside_hours(now: datetime) -> list[str]:
    """Whoever did not ask to be rung is rung in their own hours, and reminded by day only."""
    people = Person.objects.in_bulk()
    wrong = []
    for leg in Leg.objects.filter(inbound=False).exclude(dialogue="pairs.called_back").select_related("call"):
        person = people[leg.person_id]
        by_day = leg.call.way != "reminder" or week.holds(WAKING, leg.rang_at, person.time_zone)
        if not by_day or week.holds(person.blocked, leg.rang_at, person.time_zone):
            wrong.append(f"person {leg.person_id} was rung at {leg.rang_at} for {leg.dialogue}")
    return wrong


def nothing_hangs(now: datetime) -> list[str]:
    calls = [f"call {call.pk} never ended" for call in Call.objects.filter(ended_at=None)]
    return calls + [f"leg {leg.pk} is {leg.state}" for leg in Leg.objects.exclude(state="over")]


LAWS: dict[Callable[[datetime], list[str]], str] = {
    no_reason_reminds_twice: "nobody was called twice for one reason",
    nobody_who_stopped_is_contacted: "nobody who stopped was contacted",
    every_due_thing_has_an_end: "whatever fell due was done, overtaken, or put before a person",
    each_contact_is_inside_hours: "everybody was rung in their own hours, and reminded by day",
    nothing_hangs: "no call hangs",
}


def broken(now: datetime) -> list[str]:
    """Everything that is not as it should be at this time of the played clock."""
    return [sentence for law in LAWS for sentence in law(now)]
