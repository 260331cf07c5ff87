"""Check-ups that are due: whoever has had no A1C for as long as their protocol allows is put before the staff (S94).

Once for each period, however often it is asked; met when an A1C is entered, done when somebody of the staff has seen to
an appointment. An A1C that was known when they joined, without its day, counts as of that day.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.duties import DONE, OVER, Acted, Due, Duty
from peerline.kernel.events import NeedMet, NeedsStaff
from peerline.outcomes import rules
from peerline.outcomes.models import Measure
from peerline.programs import queries as programs
from peerline.programs.rules import IN_CONTACT

KIND = "outcomes.checkup"
WITHIN = timedelta(weeks=4)  # what a server that was down for longer did not tell, it tells in the next period
MOST_PERIODS = 20
AT_A_CLINIC = ("lab", "poc")


def _a1cs() -> Any:
    return Measure.objects.filter(kind="a1c", struck_at=None)


# --- What falls due -------------------------------------------------------------------------------------------------


def overdue(now: datetime) -> Iterator[Due]:
    """Whose A1C became too old lately. Three queries for each protocol in use, whatever the number of people."""
    return _found(now, WITHIN)


def newly_overdue(since: datetime, until: datetime) -> Iterator[Due]:
    """Those whose day came after `since`."""
    return _found(until, min(WITHIN, until - since))


def _found(now: datetime, length: timedelta) -> Iterator[Due]:
    if (oldest := programs.first_began()) is None:
        return
    for key, version in programs.protocols_begun():
        weeks = programs.protocol(key, version).checkups.a1c_every_weeks
        theirs = programs.everybody_in_contact().filter(program__protocol_key=key, protocol_version=version)
        if weeks:
            yield from _measured(theirs, weeks, now, length)
            yield from _never_measured(theirs, weeks, now, length, oldest)


def _spans(first: timedelta, weeks: int, now: datetime, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """When something lies whose `first`, or some periods more, was over in the time before now: (after, until)."""
    for period in range(MOST_PERIODS):
        until = now - first - timedelta(weeks=weeks) * period
        yield until - length, until


def _measured(theirs: Any, weeks: int, now: datetime, length: timedelta) -> Iterator[Due]:
    days = Q()
    for after, until in _spans(timedelta(weeks=weeks), weeks, now, length):
        if after.date() < until.date():  # within one day no other day comes
            days |= Q(measured_on__gt=after.date(), measured_on__lte=until.date())
    if not days:
        return
    newer = _a1cs().filter(enrollment=OuterRef("enrollment"), measured_on__gt=OuterRef("measured_on"))
    rows = _a1cs().filter(days, ~Exists(newer), enrollment__in=theirs).distinct()
    for pk, program, person, last in rows.values_list("enrollment", "enrollment__program", "enrollment__person", "measured_on"):  # fmt: skip
        due_on = rules.period(last + timedelta(weeks=weeks), weeks, now.date())
        yield _due(pk, program, person, due_on, weeks)


def _never_measured(theirs: Any, weeks: int, now: datetime, length: timedelta, oldest: datetime) -> Iterator[Due]:
    none = theirs.filter(~Exists(_a1cs().filter(enrollment=OuterRef("pk"))))
    for known in (False, True):
        first, began = rules.first_checkup(weeks, known=known), Q()
        for after, until in _spans(first, weeks, now, length):
            if until >= oldest:  # before whom nobody began
                began |= Q(began_at__gt=after, began_at__lte=until)
        if not began:
            continue
        rows = none.filter(began, a1c_percent__isnull=not known)
        for pk, program, person, began_at in rows.values_list("pk", "program", "person", "began_at"):
            due_on = rules.period(_day(began_at) + first, weeks, now.date())
            yield _due(pk, program, person, due_on, weeks)


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()


def _due(enrollment_id: int, program_id: int, person_id: int, due_on: date | None, weeks: int) -> Due:
    assert due_on is not None, "only those whose day has come are asked for"
    at = datetime.combine(due_on, time(), UTC)
    facts = {"weeks": weeks}
    return Due(f"enrollment:{enrollment_id}", f"{due_on}", program_id, at, at + WITHIN, facts, people=(person_id,))


# --- What is done about it ------------------------------------------------------------------------------------------


def due_on(enrollment: Any) -> date | None:
    """The first day of the period for which a check-up of this person is due now; None while none is. Two queries."""
    weeks = programs.protocol_of_enrollment(enrollment.pk).checkups.a1c_every_weeks
    if not weeks or enrollment.state not in IN_CONTACT:
        return None
    last = (
        _a1cs().filter(enrollment=enrollment.pk).order_by("-measured_on").values_list("measured_on", flat=True).first()
    )
    known = last is not None or enrollment.a1c_percent is not None
    first = (last or _day(enrollment.began_at)) + rules.first_checkup(weeks, known=known)
    return rules.period(first, weeks, _day(clock.now()))


def tell(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """Put it before the staff, in place of the period before, unless an A1C came meanwhile."""
    enrollment = programs.everybody_in_contact().filter(pk=int(subject.partition(":")[2])).first()
    if enrollment is None or not (day := due_on(enrollment)):
        return Acted(OVER)
    announce(NeedMet(_key(enrollment.pk, day - timedelta(weeks=facts["weeks"]))))
    _tell(enrollment, day)
    return Acted(DONE)


def _tell(enrollment: Any, day: date) -> None:
    facts = {"person": enrollment.person_id}
    announce(NeedsStaff(KIND, _key(enrollment.pk, day), enrollment.program_id, enrollment.person_id, "E3", facts))


def _key(enrollment_id: int, day: date) -> str:
    return f"{KIND}:{enrollment_id}:{day}"


def changed(enrollment: Any, before: date | None) -> None:
    """An A1C was entered or struck out: what was due before is met, or something is due that was not. In the caller's
    transaction."""
    after = due_on(enrollment)
    if before is not None and before != after:
        announce(NeedMet(_key(enrollment.pk, before)))
    if after is not None and before != after:
        _tell(enrollment, after)


def why(subject: str, facts: dict[str, Any]) -> str:
    return _("A check-up is due: no A1C for as long as the protocol allows.")


def done_by_each(program_id: int, people: Collection[int] | None) -> dict[int, int]:
    """person → how many check-ups they had, an A1C taken at a clinic or laboratory: contacts of the element "access". One query."""
    rows = _a1cs().filter(enrollment__program=program_id, method__in=AT_A_CLINIC).order_by()
    rows = rows if people is None else rows.filter(enrollment__person__in=list(people))
    return dict(rows.values_list("enrollment__person").annotate(n=Count("measured_on", distinct=True)))


CHECKUP = Duty(KIND, overdue, tell, why, between=newly_overdue, missed="")
