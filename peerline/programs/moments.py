"""What this room tells of one person's time: coming in, agreeing, resting, stopping; and what is to come by the protocol."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from peerline.audit import queries as audit
from peerline.kernel import clock
from peerline.people import doubles
from peerline.people.access import KEEPERS, Viewer
from peerline.programs import calendar, queries, timeline, words
from peerline.programs.models import Consent, Enrollment, Intake
from peerline.ui.moments import Reader, Strand, Told

LOOKED_AHEAD = timedelta(weeks=27)  # half a year: what the trials' calendar has


def reader_of(viewer: Viewer, person_id: int) -> Reader:
    """What this viewer may read of that person's time: of their own, all they were not taken out of. One query."""
    rows = Enrollment.objects.filter(person=person_id).exclude(state="removed").select_related("program")
    if viewer.person_id != person_id:
        rows = queries.enrollments(viewer, *KEEPERS).filter(person=person_id)
    found = [(row.program_id, row.pk, row.program.name) for row in rows]
    return Reader(
        person_id, viewer, {program: name for program, _pk, name in found}, {pk: name for _p, pk, name in found}
    )


def _states(reader: Reader) -> QuerySet[Any]:
    """The log's lines of their taking part: states are not kept otherwise."""
    mine = [f"enrollment:{pk}" for pk in reader.enrollments]
    return audit.about_any(doubles.records_of(reader.person_id)).filter(verb__in=words.TURNS, object__in=mine)


def _say_state(line: Any, reader: Reader) -> Told:
    return Told(f"{words.TURNS[line.verb]}: {reader.enrollments[int(line.object.rpartition(':')[2])]}")


def _consents(reader: Reader) -> QuerySet[Any]:
    return Consent.objects.filter(enrollment__in=reader.enrollments).select_related("enrollment")


def _say_agreed(row: Any, reader: Reader) -> Told:
    return Told(_("Agreed to take part, %(how)s") % {"how": words.WAYS.get(row.how, "")}, "", row.enrollment.program_id)


def _say_withdrew(row: Any, reader: Reader) -> Told:
    return Told(_("Took back that they take part"), "", row.enrollment.program_id)


def _intakes(reader: Reader) -> QuerySet[Any]:
    return Intake.objects.filter(enrollment__in=reader.enrollments).select_related("enrollment")


def _say_intake(row: Any, reader: Reader) -> Told:
    return Told(_("Questions at the beginning answered"), "", row.enrollment.program_id)


STRANDS = (
    Strand("programs.state", _states, "at", _say_state),
    Strand("programs.agreed", _consents, "given_at", _say_agreed),
    Strand("programs.withdrew", _consents, "withdrawn_at", _say_withdrew),
    Strand("programs.intake", _intakes, "at", _say_intake),
)


# --- What is to come -------------------------------------------------------------------------------------------------


def falls_due(reader: Reader) -> Iterator[tuple[datetime, Told]]:
    """For staff: what Peerline is going to do by itself, and why. It stands on the program's page, too."""
    if reader.own:
        return
    rows = timeline.waiting_about(reader.person_id).filter(program__in=reader.programs)
    for row in rows.order_by("due_at", "pk")[:20]:
        yield row.slot_at or row.due_at, Told(timeline.why(row), str(words.BY_ITSELF), row.program_id)


def by_the_protocol(reader: Reader) -> Iterator[tuple[datetime, Told]]:
    """The questions that the protocol each enrollment began with will ask within half a year. Two queries."""
    now = clock.now()
    rows = Enrollment.objects.filter(pk__in=reader.enrollments, state="active").select_related("program")
    for row in rows:
        protocol = queries.protocol(row.program.protocol_key, row.protocol_version)
        for one in calendar.happenings(protocol, row.began_at.date()):
            at = row.began_at + timedelta(weeks=one.week)
            if not one.is_session and now < at < now + LOOKED_AHEAD:
                why = _("By the plan of the program: each answers these questions then.")
                yield at, Told(words.said(one.what.title), why, row.program_id)


def subjects(person_id: int) -> Iterator[str]:
    """Of what falls due (kernel.duties.Due.subject), what is about this person."""
    for pk in Enrollment.objects.filter(person=person_id).values_list("pk", flat=True):
        yield f"enrollment:{pk}"
