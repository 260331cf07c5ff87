"""Writes. First argument: the Viewer who acts. Each is one transaction, audited.

Raises access.NotThere when the actor may not or the thing is missing, rules.ProgramError when it cannot be done.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.jobs.services import announce
from peerline.kernel import clock, languages, week
from peerline.kernel.events import ConversationRedefined, EnrollmentStopped, NeedMet, RestBegan, RestEnded
from peerline.messaging import services as messaging
from peerline.people import queries as people_queries
from peerline.people import services as people
from peerline.people.access import KEEPERS, PLATFORM, Viewer, require, viewer_of
from peerline.people.services import Place
from peerline.programs import offers, queries, rests, timeline
from peerline.programs.models import Consent, ConsentText, Enrollment, KeptProtocol, Program, StaffHours
from peerline.programs.protocols.shape import Protocol
from peerline.programs.protocols.shelf import OnShelf
from peerline.programs.rules import ProgramError, may_become, out_of_range, settings_from

SETTLERS = ("coordinator", "administrator")  # who may change what a program does


@transaction.atomic
def make_program(
    actor: Viewer,
    *,
    organization_id: int,
    name: str,
    begins_on: date,
    site_id: int | None = None,
    protocol_key: str = "reciprocal-pairs",
    led_by_id: int | None = None,
    **settings: Any,
) -> Program:
    """A program by the newest version of a protocol; what `settings` does not say, the protocol does.

    led_by_id: a nurse or coordinator whose role reaches it (else NotThere). Raises ProgramError no_such_protocol, protocol_changed, name_taken, out_of_range.
    """
    require(actor.holds(*SETTLERS, organization_id=organization_id, site_id=site_id))
    require(led_by_id is None or led_by_id in queries.may_lead(organization_id, site_id))
    protocol = _keep(offers.on_shelf(protocol_key))
    settings = settings_from(protocol) | settings
    _check(organization_id, name, settings)
    program = Program.objects.create(
        organization_id=organization_id,
        site_id=site_id,
        name=name,
        led_by_id=led_by_id,
        begins_on=begins_on,
        protocol_key=protocol.key,
        protocol_version=protocol.version,
        **settings,
    )
    audit.record(actor.person_id, "programs.made", object=f"program:{program.pk}", protocol=protocol_key)
    return program


def _keep(file: OnShelf | None) -> Protocol:
    """Put the text of this version away for good. Raises ProgramError no_such_protocol, protocol_changed."""
    if file is None or file.protocol is None:
        raise ProgramError("no_such_protocol")
    if offers.was_changed(file):
        raise ProgramError("protocol_changed")
    named = {"key": file.protocol.key, "version": file.protocol.version}
    KeptProtocol.objects.get_or_create(**named, defaults={"text": file.text, "made_at": clock.now()})
    return file.protocol


@transaction.atomic
def adopt_newest(actor: Viewer, *, program_id: int) -> Program:
    """New people begin with the newest version of the program's protocol; those who began stay with theirs. Idempotent."""
    program = queries.program_for(actor, program_id, *SETTLERS)
    protocol = _keep(offers.on_shelf(program.protocol_key))
    if protocol.version > program.protocol_version:
        program.protocol_version = protocol.version
        program.save(update_fields=["protocol_version"])
        audit.record(actor.person_id, "programs.adopted", object=f"program:{program_id}", version=protocol.version)
    return program


def _check(organization_id: int, name: str, settings: dict[str, Any], besides: int | None = None) -> None:
    if Program.objects.filter(organization_id=organization_id, name=name).exclude(pk=besides).exists():
        raise ProgramError("name_taken")
    if out_of_range(settings):
        raise ProgramError("out_of_range")


@transaction.atomic
def change_settings(actor: Viewer, *, program_id: int, **settings: Any) -> Program:
    """Any column of Program but its organization. Raises ProgramError out_of_range (see rules.LIMITS), name_taken.

    Announces ConversationRedefined where that is what changed.
    """
    program = queries.program_for(actor, program_id, *SETTLERS)
    _check(program.organization_id, settings.get("name", program.name), settings, besides=program_id)
    redefined = settings.get("conversation_seconds", program.conversation_seconds) != program.conversation_seconds
    for name, value in settings.items():
        setattr(program, name, value)
    program.save(update_fields=list(settings))
    audit.record(actor.person_id, "programs.changed", object=f"program:{program_id}", fields=sorted(settings))
    timeline.ask_anew()
    if redefined:
        announce(ConversationRedefined(program_id, clock.now().isoformat()))
    return program


@transaction.atomic
def set_staff_hours(
    actor: Viewer,
    *,
    program_id: int,
    hours: int,
    time_zone: str,
    away_until: datetime | None = None,
    cover_id: int | None = None,
) -> StaffHours:
    """`hours`: the week in which somebody listens to voicemail. cover: who stands in while the others are away."""
    queries.program_for(actor, program_id, *SETTLERS, "nurse")
    row, _ = StaffHours.objects.update_or_create(
        program_id=program_id,
        defaults={
            "week": week.as_text(hours & week.ALL),
            "time_zone": time_zone,
            "away_until": away_until,
            "cover_id": cover_id,
        },
    )
    audit.record(actor.person_id, "programs.staff_hours_set", object=f"program:{program_id}")
    return row


def what_is_due_changed(*duties: str) -> None:
    """The past of these duties' subjects was corrected: at the next tick they are asked anew for all that is due."""
    timeline.ask_anew(*duties)


# --- Enrollment ----------------------------------------------------------------------------------------------------


@transaction.atomic
def enroll(actor: Viewer, *, program_id: int, person_id: int, state: str = "active", **facts: Any) -> Enrollment:
    """Put a person into a program and give them the participant's role there. Raises ProgramError already_enrolled.

    Where the program has a text that people agree to, they are invited, and take part once they agreed.
    facts: arm, a1c_percent, insulin, diabetes_type, diagnosed_year, challenges, gender_preference.
    """
    program = queries.program_for(actor, program_id, *KEEPERS)
    if Enrollment.objects.filter(person_id=person_id, program_id=program_id).exclude(state="removed").exists():
        raise ProgramError("already_enrolled")
    if queries.consent_version(program_id):
        state = "invited"
    place = Place(program.organization_id, program.site_id, program.pk)
    people.give_role(actor, person_id=person_id, role="participant", place=place)
    row = Enrollment.objects.create(
        person_id=person_id,
        program_id=program_id,
        state=state,
        protocol_version=program.protocol_version,
        began_at=clock.now(),
        **facts,
    )
    _note(actor, row, "programs.enrolled")
    return row


def _note(actor: Viewer, row: Enrollment, verb: str, **detail: Any) -> None:
    audit.record(actor.person_id, verb, subject_id=row.person_id, object=f"enrollment:{row.pk}", **detail)


@transaction.atomic
def change_enrollment(actor: Viewer, *, enrollment_id: int, **facts: Any) -> Enrollment:
    """The facts matching needs; see `enroll`."""
    row = queries.enrollment_for(actor, enrollment_id, *KEEPERS)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    _note(actor, row, "programs.enrollment_changed", fields=sorted(facts))
    return row


def _locked(actor: Viewer, enrollment_id: int, *roles: str) -> Enrollment:
    queries.enrollment_for(actor, enrollment_id, *roles)
    return Enrollment.objects.select_for_update().get(pk=enrollment_id)


def _move(actor: Viewer, row: Enrollment, state: str, verb: str, **changes: Any) -> Enrollment:
    if not may_become(row.state, state):
        raise ProgramError("cannot_become")
    row.state = state
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *changes])
    _note(actor, row, verb)
    return row


@transaction.atomic
def pause(actor: Viewer, *, enrollment_id: int, until: date | None = None) -> Enrollment:
    """A rest, by the person or by staff: not rung, matched or reminded until resumed; what waits for them is dropped.

    until: the day on their clock on which they are back by themselves. Raises ProgramError cannot_become, in_the_past.
    Announces RestBegan.
    """
    row = _locked(actor, enrollment_id)
    if until is not None and until <= rests.today_of(row.person, clock.now()):
        raise ProgramError("in_the_past")
    row = _move(actor, row, "paused", "programs.paused", rest_began_at=clock.now(), rests_until=until)
    announce(RestBegan(row.pk, rests.mark(row)))
    return row


@transaction.atomic
def resume(actor: Viewer, *, enrollment_id: int) -> Enrollment:
    """A rest is over. Whoever has not agreed to take part yet is invited, as anybody is. Announces RestEnded."""
    row = _locked(actor, enrollment_id)
    if row.state != "paused":
        raise ProgramError("cannot_become")
    state = "active" if queries.may_take_part(row) else "invited"
    row = _move(actor, row, state, "programs.resumed", rests_until=None)
    announce(RestEnded(row.pk, rests.mark(row)))
    return row


def end_rests() -> int:
    """Regular work: whoever said until when they rest is back on that day; how many were."""
    over = rests.over(clock.now())
    for enrollment_id in over:
        with suppress(ProgramError):  # back, or out, meanwhile
            resume(PLATFORM, enrollment_id=enrollment_id)
    return len(over)


@transaction.atomic
def rest(person_id: int, *, weeks: int = 0) -> date | None:
    """The person rests from all they take part in, for so many weeks or (0) until they say; the day they are back."""
    actor = viewer_of(person_id)
    until = rests.day_back(people_queries.person_known(person_id), weeks, clock.now())
    for enrollment in queries.enrolled(person_id, "active"):
        pause(actor, enrollment_id=enrollment.enrollment_id, until=until)
    return until


@transaction.atomic
def go_on(person_id: int) -> None:
    """The person's rests are over, in all programs."""
    for enrollment in queries.enrolled(person_id, "paused"):
        resume(viewer_of(person_id), enrollment_id=enrollment.enrollment_id)


@transaction.atomic
def set_reminders(actor: Viewer, *, enrollment_id: int, wanted: bool) -> Enrollment:
    """May the line ring this person to remind them of a talk (S7)? By the person themself or by staff."""
    row = _locked(actor, enrollment_id)
    row.reminders = wanted
    row.save(update_fields=["reminders"])
    _note(actor, row, "programs.reminders_set", wanted=wanted)
    return row


@transaction.atomic
def stop(actor: Viewer, enrollment_id: int, reason: str = "") -> Enrollment:
    """Contact ends with this commit (S15, S121), by the person themself or by staff, without blame. Idempotent.

    Announces EnrollmentStopped; staff complete the removal later.
    """
    row = _locked(actor, enrollment_id)
    if row.state in ("stopped", "removed"):
        return row
    _move(actor, row, "stopped", "programs.stopped", stopped_at=clock.now(), stop_reason=reason[:200], rests_until=None)
    Consent.objects.filter(enrollment=row, withdrawn_at=None).update(withdrawn_at=clock.now())
    announce(EnrollmentStopped(enrollment_id=row.pk, person_id=row.person_id))
    return row


@transaction.atomic
def complete_removal(actor: Viewer, *, enrollment_id: int) -> Enrollment:
    """Staff finish what `stop` began (S15). The number leaves the system unless another program still needs it."""
    row = _locked(actor, enrollment_id, *KEEPERS)
    _move(actor, row, "removed", "programs.removed")
    announce(NeedMet(f"programs.leaving:{row.pk}"))
    people.leave_program(PLATFORM, person_id=row.person_id, program_id=row.program_id)
    if not queries.enrolled(row.person_id):
        # As the platform: who keeps this enrollment was checked above, and the person may be staff elsewhere.
        people.remove_number(PLATFORM, row.person_id)
        messaging.forget_person(row.person_id)
        _note(actor, row, "programs.number_removed")
    return row


# --- Consent -------------------------------------------------------------------------------------------------------


@transaction.atomic
def write_consent(actor: Viewer, *, program_id: int, texts: Mapping[str, str]) -> int:
    """A new version of what people agree to, in every language at once; its number. Raises ProgramError language_missing.

    Whoever takes part and never agreed to any version is invited from here on: they are not called before they agree.
    Who agreed to an older one goes on, is asked at their next visit, and is not matched before.
    """
    program = queries.program_for(actor, program_id, *SETTLERS)
    if any(not texts.get(language, "").strip() for language in languages.LANGUAGES):
        raise ProgramError("language_missing")
    Program.objects.select_for_update().get(pk=program.pk)
    version = queries.consent_version(program_id) + 1
    ConsentText.objects.bulk_create(
        ConsentText(
            program=program, version=version, language=language, text=texts[language].strip(), made_at=clock.now()
        )
        for language in languages.LANGUAGES
    )
    given = Consent.objects.filter(enrollment__program=program, withdrawn_at=None).values("enrollment_id")
    Enrollment.objects.filter(program=program, state="active").exclude(pk__in=given).update(state="invited")
    audit.record(actor.person_id, "programs.consent_written", object=f"program:{program_id}", version=version)
    return version


@transaction.atomic
def give_consent(actor: Viewer, *, enrollment_id: int, version: int, how: str) -> Consent:
    """The person agreed to this version. how: web, phone, paper. An invited person becomes active, and their weeks begin.

    Whoever was in before there was a text has begun already. Idempotent.
    """
    row = _locked(actor, enrollment_id)
    if row.state in ("stopped", "removed"):
        raise ProgramError("cannot_become")
    if not ConsentText.objects.filter(program_id=row.program_id, version=version).exists():
        raise ProgramError("no_such_version")
    consent, made = Consent.objects.get_or_create(
        enrollment=row, version=version, withdrawn_at=None, defaults={"how": how, "given_at": clock.now()}
    )
    if made:
        _note(actor, row, "programs.consent_given", version=version, how=how)
    if row.state == "invited":
        began_at = clock.now() if row.began_at >= queries.first_text_at(row.program_id) else row.began_at
        _move(actor, row, "active", "programs.began", began_at=began_at)
    return consent


@transaction.atomic
def withdraw_consent(actor: Viewer, *, enrollment_id: int) -> Enrollment:
    """Taking consent back ends contact at once: it is `stop`, with that reason."""
    return stop(actor, enrollment_id, "consent withdrawn")
