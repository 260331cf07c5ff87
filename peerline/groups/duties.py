"""What falls due for sessions: invitations when a person's week has come, two reminders, the call at the beginning of a
telephone session, another way for whoever missed one (S55), and what staff must see to.

Each is asked in a few queries a session, however many people; nobody is told the same thing twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from peerline.exchange import queries as calls
from peerline.groups import news, queries, services
from peerline.groups.models import Seat, Session
from peerline.groups.rules import GroupError
from peerline.jobs.services import announce
from peerline.kernel.duties import DONE, OVER, Acted, Due, Duty
from peerline.kernel.events import NeedsStaff
from peerline.messaging.rules import WAKING
from peerline.people.access import PLATFORM
from peerline.people.queries import known, reachable_now
from peerline.programs import queries as programs

WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
SOON, WITHIN = timedelta(minutes=2), timedelta(minutes=30)


def _seat_of(subject: str) -> Seat | None:
    return Seat.objects.select_related("session__program").filter(pk=int(subject[5:])).first()


# --- Invitations -----------------------------------------------------------------------------------------------------


def invitations(now: datetime) -> Iterable[Due]:
    """People whose week has come by a session's day, four weeks ahead at most. Asked once a day."""
    return _invitations(queries.sessions_to_fill(now), now)


def new_invitations(since: datetime, until: datetime) -> Iterable[Due]:
    """To sessions that were planned, or came near, since then."""
    return _invitations(queries.sessions_to_fill(until, since), until)


def _invitations(sessions: Iterable[Session], now: datetime) -> Iterable[Due]:
    for session in sessions:
        for person_id in queries.to_invite(session):
            facts = {"session": session.pk, "person": person_id}
            yield Due(
                f"session:{session.pk}:{person_id}", "", session.program_id, now, session.begins_at, facts, (person_id,)
            )


def invite(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    try:
        services.invite(PLATFORM, session_id=facts["session"], person_id=facts["person"])
    except GroupError:
        return Acted(OVER)
    return Acted(DONE)


def why_invited(subject: str, facts: dict[str, Any]) -> str:
    return _("Invitation to a session: %(name)s's week for it has come.") % {"name": _nickname(facts["person"])}


def _nickname(person_id: int) -> str:
    found = known([person_id])
    return found[person_id].nickname if person_id in found else _("somebody")


# --- Reminders -------------------------------------------------------------------------------------------------------


def _reminders(seats: Iterable[Seat], before: timedelta, what: str) -> Iterable[Due]:
    """Whoever signed up before that time is reminded; whoever did later knows."""
    for seat in seats:
        at = seat.session.begins_at - before
        if seat.since <= at:
            facts, occurrence = {"person": seat.person_id, "what": what}, f"{what}:{seat.session.moves}"
            until = at + min(before / 2, 2 * DAY)
            yield Due(f"seat:{seat.pk}", occurrence, seat.session.program_id, at, until, facts, (seat.person_id,))


def week_reminders(now: datetime) -> Iterable[Due]:
    return _reminders(queries.coming_between(now, now + WEEK), WEEK, "week")


def new_week_reminders(since: datetime, until: datetime) -> Iterable[Due]:
    return _reminders(queries.coming_between(since + WEEK, until + WEEK), WEEK, "week")


def day_reminders(now: datetime) -> Iterable[Due]:
    return _reminders(queries.coming_between(now, now + DAY), DAY, "day")


def new_day_reminders(since: datetime, until: datetime) -> Iterable[Due]:
    return _reminders(queries.coming_between(since + DAY, until + DAY), DAY, "day")


def remind(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """By the person's channel, if they still come."""
    seat = _seat_of(subject)
    if seat is None or seat.state != "coming" or seat.session.state != "planned" or seat.session.begins_at <= now:
        return Acted(OVER)
    if not programs.may_be_reminded(seat.session.program_id, [seat.person_id]):
        return Acted(OVER)
    news.tell(seat.session, seat.person_id, facts["what"])
    return Acted(DONE)


def why_reminded(subject: str, facts: dict[str, Any]) -> str:
    name = {"name": _nickname(facts["person"])}
    if facts["what"] == "week":
        return _("Reminder: %(name)s has a session in a week.") % name
    return _("Reminder: %(name)s has a session tomorrow.") % name


# --- The call at the beginning ---------------------------------------------------------------------------------------


def gatherings(now: datetime) -> Iterable[Due]:
    """Whoever comes to a telephone session is rung when it begins, so that nobody need watch the clock."""
    return new_gatherings(now - WITHIN, now)


def new_gatherings(since: datetime, until: datetime) -> Iterable[Due]:
    for seat in queries.coming_between(since, until):
        if seat.session.way != "telephone" or seat.came is not None:
            continue
        at, occurrence = seat.session.begins_at, f"begins:{seat.session.moves}"
        facts, people = {"person": seat.person_id}, (seat.person_id,)
        yield Due(f"seat:{seat.pk}", occurrence, seat.session.program_id, at, at + WITHIN, facts, people)


def gather(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """Within their hours, and not while they are on the line already."""
    seat = _seat_of(subject)
    if seat is None or seat.state != "coming" or seat.came or seat.session.state != "planned":
        return Acted(OVER)
    if not programs.is_in_contact(seat.person_id, seat.session.program_id):
        return Acted(OVER)
    if calls.on_the_line(seat.person_id) or not reachable_now(seat.person_id, now):
        return Acted("", now + SOON)
    try:
        services.ring_guest(seat)
    except GroupError:
        return Acted("", now + SOON)
    return Acted(DONE)


def why_gathered(subject: str, facts: dict[str, Any]) -> str:
    return _("Call: the telephone session of %(name)s begins.") % {"name": _nickname(facts["person"])}


# --- Missed ----------------------------------------------------------------------------------------------------------


def missed(now: datetime) -> Iterable[Due]:
    return newly_missed(now - WEEK, now)


def newly_missed(since: datetime, until: datetime) -> Iterable[Due]:
    """An hour after it was marked, so that a slip of the finger can be put right."""
    for seat in queries.missed_between(since - HOUR, until - HOUR):
        at = (seat.marked_at or until) + HOUR
        facts, people = {"person": seat.person_id}, (seat.person_id,)
        yield Due(f"seat:{seat.pk}", "missed", seat.session.program_id, at, at + WEEK, facts, people)


def follow_up(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    return Acted(DONE if services.follow_up(int(subject[5:])) else OVER)


def why_followed_up(subject: str, facts: dict[str, Any]) -> str:
    return _("%(name)s missed a session, and is offered another way.") % {"name": _nickname(facts["person"])}


# --- For staff -------------------------------------------------------------------------------------------------------


def unmarked(now: datetime) -> Iterable[Due]:
    """Sessions over since a day of which nobody said who came."""
    return newly_unmarked(now - 4 * WEEK, now)


def newly_unmarked(since: datetime, until: datetime) -> Iterable[Due]:
    for session in queries.planned_between(since - 2 * DAY, until - DAY):
        at = session.ends_at + DAY
        if since < at <= until:
            yield Due(f"session:{session.pk}", "unmarked", session.program_id, at, at + 4 * WEEK)


def ask_who_came(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    session = Session.objects.filter(pk=int(subject[8:]), state="planned").first()
    if session is None:
        return Acted(OVER)
    announce(
        NeedsStaff(
            "groups.unmarked", f"groups.unmarked:{session.pk}", session.program_id, None, "E3", {"session": session.pk}
        )
    )
    return Acted(DONE)


def why_unmarked(subject: str, facts: dict[str, Any]) -> str:
    return _("A session is over, and nobody has said who came.")


def unplanned(now: datetime) -> Iterable[Due]:
    """Sessions of the protocol that people are due for and nobody planned; looked at for each program."""
    for program in programs.every_program():
        for want in queries.wanted(program, now):
            key = queries.need_of_a_session(program.pk, want.key)
            facts = {"key": want.key, "people": want.people, "need": key}
            occurrence = f"{want.key}:{key.rpartition(':')[2]}"[:40]
            yield Due(f"program:{program.pk}", occurrence, program.pk, now, now + 2 * WEEK, facts)


def nothing_new(since: datetime, until: datetime) -> Iterable[Due]:
    """Once a day is enough."""
    return ()


def ask_to_plan(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    program_id = int(subject[8:])
    if queries.need_of_a_session(program_id, facts["key"]) != facts["need"]:
        return Acted(OVER)
    announce(NeedsStaff("groups.no_session", facts["need"], program_id, None, "E3", {"people": facts["people"]}))
    return Acted(DONE)


def why_unplanned(subject: str, facts: dict[str, Any]) -> str:
    return _("People are due for a session that nobody has planned.")


INVITATION = Duty("groups.invitation", invitations, invite, why_invited, between=new_invitations)
WEEK_BEFORE = Duty("groups.week_before", week_reminders, remind, why_reminded, between=new_week_reminders)
DAY_BEFORE = Duty("groups.day_before", day_reminders, remind, why_reminded, between=new_day_reminders)
GATHERING = Duty(
    "groups.gathering", gatherings, gather, why_gathered, between=new_gatherings, rings=True, hours=WAKING, urgency=1, missed=""
)  # fmt: skip
MISSED = Duty("groups.missed", missed, follow_up, why_followed_up, between=newly_missed)
UNMARKED = Duty("groups.unmarked", unmarked, ask_who_came, why_unmarked, between=newly_unmarked)
UNPLANNED = Duty("groups.unplanned", unplanned, ask_to_plan, why_unplanned, between=nothing_new, missed="")
ALL = (INVITATION, WEEK_BEFORE, DAY_BEFORE, GATHERING, MISSED, UNMARKED, UNPLANNED)
