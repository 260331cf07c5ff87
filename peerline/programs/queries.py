"""Reads: who is in which program, what its settings are, when its staff listen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from peerline.kernel import week
from peerline.people import queries as people
from peerline.people.access import KEEPERS, PLATFORM, STAFF, NotThere, Viewer
from peerline.prepared import prepared
from peerline.programs import offers
from peerline.programs.models import Consent, ConsentText, Enrollment, Intake, KeptProtocol, Program, StaffHours
from peerline.programs.protocols.shape import Protocol
from peerline.programs.rules import IN_CONTACT, Listening, listening


@dataclass(frozen=True)
class Enrolled:
    """One living enrollment of a person, with what a dialogue or page needs of its program."""

    enrollment_id: int
    program_id: int
    program_name: str
    organization_id: int
    state: str
    asks_pin_of_rung: bool
    ring_seconds: int
    longest_call_minutes: int


def programs(viewer: Viewer, *roles: str) -> QuerySet[Program]:
    """The programs these roles of the viewer reach; without roles named, any staff role."""
    scope = viewer.scope(*(roles or STAFF), organization="organization", site="site", program="pk")
    return Program.objects.filter(scope).select_related("organization", "site").order_by("name", "pk")


def program_for(viewer: Viewer, program_id: int, *roles: str) -> Program:
    """Raises NotThere."""
    program = programs(viewer, *roles).filter(pk=program_id).first()
    if program is None:
        raise NotThere
    return program


def program(program_id: int) -> Program:
    """The program with its settings, for the platform's own work. Raises NotThere."""
    found = _program.first(program_id)
    if found is None:
        raise NotThere
    return found


@prepared(int)
def _program(program_id: int) -> QuerySet[Program]:
    return Program.objects.filter(pk=program_id)


def protocol_of(program_id: int) -> Protocol:
    """The protocol new people of this program begin with. One query. Raises NotThere."""
    row = _protocol_of.first(program_id)
    if row is None:
        raise NotThere
    return protocol(*row)


@prepared(int)
def _protocol_of(program_id: int) -> QuerySet[Program, tuple[str, int]]:
    return Program.objects.filter(pk=program_id).values_list("protocol_key", "protocol_version")


def protocol_of_enrollment(enrollment_id: int) -> Protocol:
    """The protocol this person began with; a later version changes nothing for them. One query. Raises NotThere."""
    row = _protocol_of_enrollment.first(enrollment_id)
    if row is None:
        raise NotThere
    return protocol(*row)


@prepared(int)
def _protocol_of_enrollment(enrollment_id: int) -> QuerySet[Enrollment, tuple[str, int]]:
    return Enrollment.objects.filter(pk=enrollment_id).values_list("program__protocol_key", "protocol_version")


def protocol(key: str, version: int) -> Protocol:
    """That version, from memory once it was read: for rows that carry key and version. Raises NotThere."""
    found = offers.protocol(key, version)
    if found is None:
        raise NotThere
    return found


def all_ids() -> list[int]:
    """Every program, by number, for the platform's own work."""
    return _all_ids()


@prepared()
def _all_ids() -> QuerySet[Program, int]:
    return Program.objects.order_by("pk").values_list("pk", flat=True)


def enrollments(viewer: Viewer, *roles: str) -> QuerySet[Enrollment]:
    """Enrollments these roles of the viewer reach; without roles named: those who keep records.

    A role for one site reaches the people of that site and the programs of that site.
    """
    wanted = roles or tuple(KEEPERS)
    by_program = viewer.scope(*wanted, organization="program__organization", site="program__site", program="program")
    by_person = viewer.scope(*wanted, organization="person__organization", site="person__site", program="program")
    return Enrollment.objects.filter(by_program | by_person).select_related("person", "program")


def enrollment_for(viewer: Viewer, enrollment_id: int, *roles: str) -> Enrollment:
    """The viewer's own, or one within reach. Raises NotThere."""
    found = _enrollment.first(enrollment_id)
    if found is None:
        raise NotThere
    own = viewer.is_platform or (not roles and viewer.person_id == found.person_id)
    if not own and not enrollments(viewer, *roles).filter(pk=enrollment_id).exists():
        raise NotThere
    return found


@prepared(int)
def _enrollment(enrollment_id: int) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(pk=enrollment_id).select_related("person", "program")


def enrolled(person_id: int, *states: str) -> list[Enrolled]:
    """The person's enrollments in these states (any but removed, if none is named), oldest first."""
    return [
        Enrolled(
            row.pk,
            row.program_id,
            row.program.name,
            row.program.organization_id,
            row.state,
            row.program.asks_pin_of_rung,
            row.program.ring_seconds,
            row.program.longest_call_minutes,
        )
        for row in _enrollments_of(person_id)
        if not states or row.state in states
    ]


def challenges_of(enrollment_id: int) -> list[str]:
    """What this person said is hard, in the order they said it."""
    found: list[str] | None = Enrollment.objects.filter(pk=enrollment_id).values_list("challenges", flat=True).first()
    return found or []


@prepared(int)
def _enrollments_of(person_id: int) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.filter(person_id=person_id).exclude(state="removed")
    return rows.select_related("program").order_by("began_at", "pk")


def took_part(person_id: int) -> QuerySet[Enrollment]:
    """Where this person takes part or took part, oldest first; an invitation alone is none."""
    rows = Enrollment.objects.filter(person=person_id, state__in=("active", "paused", "stopped"))
    return rows.select_related("program").order_by("began_at", "pk")


def states_of(person_id: int) -> set[str]:
    """The states of this person's enrollments."""
    return set(Enrollment.objects.filter(person_id=person_id).order_by().values_list("state", flat=True))


def is_in_contact(person_id: int, program_id: int) -> bool:
    """May this person be rung, matched or reminded in this program? Who has not agreed, rests, stopped or left may not."""
    return bool(_in_contact(person_id, program_id))


@prepared(int, int)
def _in_contact(person_id: int, program_id: int) -> QuerySet[Enrollment, int]:
    rows = Enrollment.objects.filter(person_id=person_id, program_id=program_id, state__in=IN_CONTACT)
    return rows.filter(person__removed_at=None).values_list("pk", flat=True)[:1]


def is_in(person_id: int, program_id: int) -> bool:
    """Does this person belong to the program, in any state but removed?"""
    return Enrollment.objects.filter(person_id=person_id, program_id=program_id).exclude(state="removed").exists()


def protocols_begun() -> list[tuple[str, int]]:
    """(key, version) of every protocol that somebody may have begun with. One query, and not one row a person."""
    theirs = Program.objects.order_by().values_list("protocol_key", "protocol_version")
    return sorted(KeptProtocol.objects.values_list("key", "version").union(theirs))


def first_began() -> datetime | None:
    """When the first person of all began; None before anybody did."""
    return _first_began.first()


@prepared()
def _first_began() -> QuerySet[Enrollment, datetime]:
    return Enrollment.objects.order_by("began_at").values_list("began_at", flat=True)[:1]


def everybody_in_contact() -> QuerySet[Enrollment]:
    """Those who may be rung, matched or reminded, in whatever program."""
    return Enrollment.objects.filter(state__in=IN_CONTACT, person__removed_at=None)


def in_contact(program_ids: Iterable[int]) -> QuerySet[Enrollment]:
    """Those of them in these programs."""
    return everybody_in_contact().filter(program__in=list(program_ids))


def people_in_contact(program_id: int) -> QuerySet[Enrollment]:
    return in_contact([program_id]).select_related("person")


def do_not_fit(program_id: int, people: Iterable[int]) -> set[int]:
    """Those of these people of whom the newest intake says that the rules of the program do not let them in. One query."""
    newest = Intake.objects.filter(enrollment=OuterRef("pk")).order_by("-at", "-pk").values("verdict")[:1]
    rows = Enrollment.objects.filter(program_id=program_id, person_id__in=list(people)).annotate(word=Subquery(newest))
    return set(rows.filter(word="not_eligible").values_list("person_id", flat=True))


def may_be_reminded(program_id: int, people: Iterable[int]) -> set[int]:
    """Those of these people who take part now and did not ask the line to stop reminding them."""
    rows = people_in_contact(program_id).filter(person_id__in=list(people), reminders=True)
    return set(rows.values_list("person_id", flat=True))


def to_complete(viewer: Viewer) -> QuerySet[Enrollment]:
    """Those who asked to stop and whose removal staff have still to complete (S15), longest wait first."""
    return enrollments(viewer).filter(state="stopped").order_by("stopped_at", "pk")


@prepared()
def all_to_complete() -> QuerySet[Enrollment]:
    """Of every program, for the platform's own work."""
    return to_complete(PLATFORM)


def who_listens_when(program_id: int, at: datetime) -> Listening:
    """Does somebody listen to this program's voicemail at this instant, and if not, from when on?"""
    hours = _staff_hours.first(program_id)
    if hours is None:
        return Listening(False, None)
    away_until = None if hours.cover_id else hours.away_until  # somebody stands in: the usual hours hold
    return listening(week.from_text(hours.week), hours.time_zone, away_until, at)


@prepared(int)
def _staff_hours(program_id: int) -> QuerySet[StaffHours]:
    return StaffHours.objects.filter(program_id=program_id)


def listening_of(program_id: int | None, at: datetime) -> list[tuple[Listening, str]]:
    """(who listens when, on the clock of which zone) for this program; for a caller nobody could name: for every one.

    Programs that never said when somebody listens are left out.
    """
    rows = StaffHours.objects.order_by("program_id")
    rows = rows if program_id is None else rows.filter(program_id=program_id)
    return [(who_listens_when(row.program_id, at), row.time_zone) for row in rows]


def stands_in(program_id: int, at: datetime) -> int | None:
    """Who stands in at this program's voicemail at this instant, because the others are away."""
    rows = StaffHours.objects.filter(program_id=program_id, away_until__gt=at, cover__removed_at=None)
    return rows.values_list("cover_id", flat=True).first()


def all_staff_hours() -> list[StaffHours]:
    """Of every program that said when its staff are there, for the platform's own work."""
    return _all_staff_hours()


@prepared()
def _all_staff_hours() -> QuerySet[StaffHours]:
    return StaffHours.objects.order_by("program_id")


def with_people() -> list[int]:
    """The programs in which anybody takes part now."""
    return _with_people()


@prepared()
def _with_people() -> QuerySet[Program, int]:
    """Program by program one person is looked for, not through all people."""
    anybody = everybody_in_contact().filter(program=OuterRef("pk"))
    return Program.objects.filter(Exists(anybody)).order_by("pk").values_list("pk", flat=True)


def covered_by(person_id: int, at: datetime) -> list[int]:
    """The programs in which this person stands in at this instant."""
    rows = StaffHours.objects.filter(cover=person_id, away_until__gt=at)
    return list(rows.values_list("program_id", flat=True))


def may_stand_in(program: Program) -> list[tuple[int, str]]:
    """(person, name) of those who may hear this program's voicemail."""
    found = people.care_staff_of(program.organization_id, program.site_id, program.pk)
    return [(one.person_id, one.nickname) for one in found]


def may_lead(organization_id: int, site_id: int | None) -> dict[int, str]:
    """person → name of the nurses and coordinators who could lead a new program there."""
    found = people.care_staff_of(organization_id, site_id, 0)
    return {one.person_id: one.nickname for one in found}


def staff_hours(program_id: int) -> StaffHours | None:
    return StaffHours.objects.filter(program_id=program_id).select_related("cover").first()


def consent_version(program_id: int) -> int:
    """The version people agree to now; 0 when no text has been written."""
    return ConsentText.objects.filter(program_id=program_id).aggregate(last=Max("version"))["last"] or 0


def first_text_at(program_id: int) -> datetime:
    """Since when people of this program are asked to agree. For a program that has a text."""
    return ConsentText.objects.filter(program_id=program_id).earliest("made_at").made_at


def consent_text(program_id: int, version: int, language: str) -> ConsentText:
    """That version in that language. Raises NotThere."""
    found = ConsentText.objects.filter(program_id=program_id, version=version, language=language).first()
    if found is None:
        raise NotThere
    return found


def consents(enrollment_id: int) -> QuerySet[Consent]:
    return Consent.objects.filter(enrollment_id=enrollment_id).order_by("-given_at", "-pk")


def has_consent(enrollment_id: int) -> bool:
    """To the newest version, and not taken back."""
    row = Enrollment.objects.filter(pk=enrollment_id).first()
    if row is None:
        return False
    return consents(enrollment_id).filter(version=consent_version(row.program_id), withdrawn_at=None).exists()


def waiting_for_an_answer(person_id: int) -> list[tuple[Enrollment, int]]:
    """(enrollment, version in force) of the programs this person has not agreed to yet, or not to the newest text.

    Two queries, whatever they are in; programs without a text ask nothing.
    """
    rows = Enrollment.objects.filter(person_id=person_id, state__in=("invited", "active")).select_related("program")
    asked = list(rows.annotate(version=Max("program__consent_texts__version")).exclude(version=None).order_by("pk"))
    given = Consent.objects.filter(enrollment__in=[row.pk for row in asked], withdrawn_at=None)
    have = set(given.values_list("enrollment_id", "version"))
    return [(row, row.version) for row in asked if (row.pk, row.version) not in have]


def may_take_part(row: Enrollment) -> bool:
    """Did this person agree to any version of the text, or has the program none?"""
    return consents(row.pk).filter(withdrawn_at=None).exists() or not consent_version(row.program_id)


def invited(program_id: int) -> QuerySet[Enrollment]:
    """Those who have not answered yet whether they take part."""
    return Enrollment.objects.filter(program=program_id, state="invited", person__removed_at=None)


def agreed_of(program_id: int, people: Iterable[int]) -> set[int]:
    """Those of these people who agreed to the text in force; all of them where there is no text. Two queries."""
    return set(people) & agreed(program_id) if consent_version(program_id) else set(people)


def agreed(program_id: int) -> set[int]:
    """The people who agreed to the text in force and did not take it back. One query; nobody while there is no text."""
    rows = Consent.objects.filter(enrollment__program_id=program_id, version=consent_version(program_id))
    return set(rows.filter(withdrawn_at=None).values_list("enrollment__person_id", flat=True))


def nickname_suggestions(program_id: int, language: str) -> list[str]:
    return people.nickname_suggestions(program_id, language)


def consent_texts_now(program_id: int) -> dict[str, str]:
    """language → text of the version in force; empty when none was written."""
    rows = ConsentText.objects.filter(program_id=program_id, version=consent_version(program_id))
    return dict(rows.values_list("language", "text"))


def every_program() -> QuerySet[Program]:
    """All of this server, for the platform's own work."""
    return Program.objects.order_by("pk")


@prepared()
def days_until_reminded() -> QuerySet[Program, tuple[int, int]]:
    """(program, after how many days without a talk its pairs are reminded) of those in which they are."""
    return Program.objects.filter(remind_after_days__gt=0).values_list("pk", "remind_after_days")


def program_of_enrollment(enrollment_id: int) -> int | None:
    return Enrollment.objects.filter(pk=enrollment_id).values_list("program_id", flat=True).first()
