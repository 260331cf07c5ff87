"""What must hold of any life, read from the rows it left. Each law answers with the sentences of those who broke it."""

from collections import Counter
from datetime import datetime

from peerline.exchange.models import Call, Leg
from peerline.kernel import week
from peerline.messaging.models import Message
from peerline.people.models import Person
from peerline.programs.models import DueThing, Enrollment

REMINDERS = ("reminder",)
WAKING = week.of_days(range(7), 8, 21)
LAST_WORDS = ("messaging.stopped",)  # the one message that says that there will be no more


def no_reason_reminds_twice():
    """Nobody is called twice for one message or session, and each thing that fell due for a pair brings at most one call."""
    calls = Call.objects.filter(way__in=REMINDERS).values_list("label", "placed_by_id")
    rung = Counter(label if label.startswith("pair:") else f"{label} person:{person}" for label, person in calls)
    due = Counter(DueThing.objects.filter(duty="pairs.reminder", state="done").values_list("subject", flat=True))
    may = {label: due[label] if label.startswith("pair:") else 1 for label in rung}
    return [f"{label}: {n} calls for {may[label]} reasons" for label, n in rung.items() if n > may[label]]


def nobody_who_stopped_is_contacted():
    stopped = dict(Enrollment.objects.exclude(stopped_at=None).values_list("person_id", "stopped_at"))
    rung = Leg.objects.filter(inbound=False, person_id__in=stopped).values_list("person_id", "rang_at", "dialogue")
    wrote = Message.objects.filter(to_person__in=stopped).exclude(kind__in=LAST_WORDS)
    late = [f"person {person} rung at {at} for {dialogue}" for person, at, dialogue in rung if at > stopped[person]]
    return late + [
        f"person {person} was sent {kind} at {at}"
        for person, kind, at in wrote.values_list("to_person_id", "kind", "made_at")
        if at > stopped[person]
    ]


def every_due_thing_has_an_end(now: datetime):
    """Done, over, in front of a person, or its time is still to come."""
    return [
        f"{row.duty} {row.subject}: waits since {row.until}"
        for row in DueThing.objects.filter(state="waiting", until__lte=now)
    ]


def each_contact_is_inside_hours():
    """Whoever did not ask to be rung is rung in their own hours, and reminded by day only."""
    people = {person.pk: person for person in Person.objects.all()}
    wrong = []
    for leg in Leg.objects.filter(inbound=False).exclude(dialogue="pairs.called_back").select_related("call"):
        person = people[leg.person_id]
        by_day = leg.call.way not in REMINDERS or week.holds(WAKING, leg.rang_at, person.time_zone)
        if not by_day or week.holds(person.blocked, leg.rang_at, person.time_zone):
            wrong.append(f"person {leg.person_id} was rung at {leg.rang_at} for {leg.dialogue}")
    return wrong


def nothing_hangs():
    calls = [f"call {call.pk} never ended" for call in Call.objects.filter(ended_at=None)]
    return calls + [f"leg {leg.pk} is {leg.state}" for leg in Leg.objects.exclude(state="over")]


def broken(now: datetime):
    """Everything that is not as it should be."""
    return [
        *no_reason_reminds_twice(), *nobody_who_stopped_is_contacted(), *every_due_thing_has_an_end(now),
        *each_contact_is_inside_hours(), *nothing_hangs(),
    ]  # fmt: skip
