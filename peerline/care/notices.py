"""One text to many: whom it goes to and by which door, a few minutes in which it can be called back, and what came of it.

It goes out as a reminder does: by the way each person chose, within their hours, not to whoever rests or said STOP, and
with no word of an illness. Whom it goes to is settled when it is written; who stops before it leaves does not get it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from peerline.audit import services as audit
from peerline.care import words
from peerline.care.models import Notice, NoticeTo
from peerline.groups import queries as groups
from peerline.jobs import services as jobs
from peerline.kernel import clock
from peerline.kernel.dialogue import Say
from peerline.messaging import queries as messaging
from peerline.messaging import services as outbox
from peerline.messaging.rules import CHANNELS, SMS_LETTERS
from peerline.pairs import queries as pairs
from peerline.people import queries as people
from peerline.people.access import NotThere, Viewer, require
from peerline.programs import queries as programs

WRITERS = ("coordinator", "administrator")
WHO = ("all", "no_partner", "silent", "session")
SILENT = timedelta(weeks=2)
CALL_BACK = timedelta(minutes=10)  # so long it can be canceled
LEAVE = "care.notice_leaves"
A_WEEK = timedelta(days=7)
MOST_LETTERS = SMS_LETTERS - 40
A_PAGE = 50


@dataclass(frozen=True)
class Reach:
    """Whom a text would go to now, and how many by each channel; "" : by none."""

    people: tuple[int, ...]
    by: Mapping[str, int]


def reach(actor: Viewer, *, program_id: int, who: str, session_id: int | None = None) -> Reach:
    """Raises NotThere, also for a session of another program. Eight queries at most, however many people."""
    programs.program_for(actor, program_id, *WRITERS)
    mine = set(programs.people_in_contact(program_id).values_list("person_id", flat=True))
    if who == "no_partner":
        mine &= set(pairs.waiting(program_id).values_list("person_id", flat=True))
    elif who == "silent":
        mine &= pairs.silent_people(program_id, clock.now() - SILENT)
    elif who == "session":
        require(session_id in {one.pk for one in groups.sessions_ahead_of(program_id, clock.now())})
        mine &= groups.coming_to(session_id or 0)
    else:
        require(who == "all")
    ways = Counter(messaging.first_ways(mine).values())
    return Reach(tuple(sorted(mine)), {one: ways[one] for one in (*CHANNELS, "") if ways[one]})


@transaction.atomic
def write(
    actor: Viewer, *, program_id: int, who: str, texts: Mapping[str, Mapping[str, str]], session_id: int | None = None
) -> Notice:
    """texts: language → {subject, body}, in every language. Raises NotThere, messaging.rules.Telling."""
    found = reach(actor, program_id=program_id, who=who, session_id=session_id)
    for text in texts.values():
        outbox.Text(text["subject"], text["body"])
    now = clock.now()
    row = Notice.objects.create(
        program_id=program_id, by_id=actor.person_id, at=now, leaves_at=now + CALL_BACK, who=who,
        session_id=session_id if who == "session" else None, texts={one: dict(text) for one, text in texts.items()},
    )  # fmt: skip
    NoticeTo.objects.bulk_create(NoticeTo(notice=row, person_id=one) for one in found.people)
    jobs.enqueue(LEAVE, f"{LEAVE}:{row.pk}", at=row.leaves_at, notice_id=row.pk)
    audit.record(actor.person_id, "care.notice_written", object=f"notice:{row.pk}", people=len(found.people))
    return row


@transaction.atomic
def cancel(actor: Viewer, *, notice_id: int) -> bool:
    """Nobody gets it. False: it has left already. Idempotent."""
    notice_for(actor, notice_id)
    row = Notice.objects.select_for_update().get(pk=notice_id)
    if row.left_at is not None:
        return False
    if row.canceled_at is None:
        row.canceled_at = clock.now()
        row.save(update_fields=["canceled_at"])
        audit.record(actor.person_id, "care.notice_canceled", object=f"notice:{row.pk}")
    return True


def leave(notice_id: int) -> None:
    """The job: a reminder for each. It may come twice: each person's has one key."""
    row = Notice.objects.select_for_update().filter(pk=notice_id, canceled_at=None, left_at=None).first()
    if row is None:
        return
    now = clock.now()
    for one in NoticeTo.objects.filter(notice=row).order_by("pk"):
        outbox.remind(
            one.person_id, kind="care.notice", key=one.key, words=lambda language: _text(row, language),
            not_after=now + A_WEEK, program_id=row.program_id, urgency=7,
        )  # fmt: skip
    row.left_at = now
    row.save(update_fields=["left_at"])


def _text(row: Notice, language: str) -> outbox.Text:
    text = row.texts.get(language) or row.texts["en"]
    return outbox.Text(text["subject"], text["body"], Say("reminder.notice", sentence=text["body"]))


# --- The log -----------------------------------------------------------------------------------------------------------


def notices(viewer: Viewer, program_id: int) -> QuerySet[Notice]:
    """Newest first, each with how many it went to."""
    programs.program_for(viewer, program_id, *WRITERS)
    rows = Notice.objects.filter(program=program_id).select_related("by", "session")
    return rows.annotate(people=Count("to")).order_by("-at", "-pk")


def notice_for(viewer: Viewer, notice_id: int) -> Notice:
    """Raises NotThere."""
    row = Notice.objects.filter(pk=notice_id).select_related("program", "by", "session").first()
    if row is None or not programs.programs(viewer, *WRITERS).filter(pk=row.program_id).exists():
        raise NotThere
    return row


@dataclass(frozen=True)
class Got:
    """Who, by which doors, and what came of it."""

    nickname: str
    person_id: int
    how: str
    state: str
    tone: str
    when: Any


def got(row: Notice, after: int = 0) -> tuple[list[Got], int]:
    """Fifty of those it went to, from a place on, and where the next page begins (0 at the end). Four queries."""
    rows = list(NoticeTo.objects.filter(notice=row, pk__gt=after).order_by("pk")[: A_PAGE + 1])
    names = people.known(one.person_id for one in rows)
    reminders = messaging.reminders_of(one.key for one in rows)
    shown = [_got(row, one, names[one.person_id].nickname, reminders.get(one.key)) for one in rows[:A_PAGE]]
    return shown, rows[A_PAGE - 1].pk if len(rows) > A_PAGE else 0


def _got(row: Notice, one: NoticeTo, nickname: str, reminder: Any) -> Got:
    sent = sorted(reminder.messages.all(), key=lambda message: message.pk) if reminder else []
    state = reminder.state if reminder else ("canceled" if row.canceled_at else "written")
    how = ", ".join(dict.fromkeys(words.way(message.channel) for message in sent))
    when = (sent[-1].sent_at or sent[-1].made_at) if sent else None
    return Got(nickname, one.person_id, how, str(words.NOTICE_STATES[state]), words.NOTICE_TONES[state], when)


def outcome(row: Notice) -> list[tuple[Any, int]]:
    """(state in words, how many), those that came first. Three queries for a thousand people."""
    keys = [one.key for one in NoticeTo.objects.filter(notice=row)]
    if row.left_at is None:
        return [(words.NOTICE_STATES["canceled" if row.canceled_at else "written"], len(keys))]
    counts = messaging.states_of(keys)
    order = ("delivered", "out", "waiting", "nowhere", "missed", "dropped")
    return [(words.NOTICE_STATES[state], counts[state]) for state in order if counts.get(state)]
