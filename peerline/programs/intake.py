"""Intake: what somebody brings with them, recorded, and whether the protocol's rules let them take part (S34, S114)."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from peerline.audit import services as audit
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import NeedMet, NeedsStaff
from peerline.people import queries as people
from peerline.people.access import KEEPERS, Viewer, require
from peerline.programs import eligibility, queries
from peerline.programs.eligibility import Verdict
from peerline.programs.models import Enrollment, Intake, Program
from peerline.programs.protocols.shape import Protocol
from peerline.programs.rules import BARRIERS, CHALLENGES, MEDICATIONS, ProgramError

OWN = ("barriers", "confidence", "needs_interpreter")  # what a person may say about themself
STAFFS = (*OWN, "medication", "insulin_change")
CLINICAL = ("a1c_percent", "insulin", "diabetes_type", "diagnosed_year", "gender_preference")


def newest(enrollment_id: int) -> Intake | None:
    return Intake.objects.filter(enrollment_id=enrollment_id).order_by("-at", "-pk").first()


def newest_of(enrollment_ids: Sequence[int]) -> dict[int, Intake]:
    """enrollment → its newest intake. One query."""
    rows = Intake.objects.filter(enrollment__in=enrollment_ids).order_by("at", "pk")
    return {row.enrollment_id: row for row in rows}


def counted(program_id: int, people_ids: Collection[int] | None) -> dict[int, int]:
    """person → how many intakes: contacts of the element "assessment" (S95, S100). One query."""
    rows = Intake.objects.filter(enrollment__program=program_id)
    rows = rows if people_ids is None else rows.filter(enrollment__person__in=people_ids)
    return dict(rows.values_list("enrollment__person").annotate(Count("pk")))


@transaction.atomic
def record(actor: Viewer, *, enrollment_id: int, how: str, **said: Any) -> Intake:
    """Write down what was said; what was not asked this time stays as it was. By staff, or by the person themself.

    said: barriers, challenges, confidence, needs_interpreter; by staff also medication, insulin_change and the clinical
    facts of an enrollment. Raises NotThere for facts that are not theirs to say, ProgramError out_of_range.
    """
    own = actor.person_id is not None and _person_of(enrollment_id) == actor.person_id
    row = queries.enrollment_for(actor, enrollment_id, *(() if own else KEEPERS))
    require(not own or not said.keys() - {*OWN, "challenges"})
    _check(said)
    facts = {name: said[name] for name in (*CLINICAL, "challenges") if name in said}
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    before = newest(enrollment_id)
    kept = {name: said[name] if name in said else getattr(before, name) for name in STAFFS if name in said or before}
    fresh = Intake(enrollment=row, at=clock.now(), by_id=actor.person_id, how=how, **kept)
    verdict = judged(row, fresh)
    fresh.verdict, fresh.judged = verdict.word, [[one.rule.key, one.met] for one in verdict.rules]
    fresh.save()
    _tell_staff(row, own and "money" in fresh.barriers, before is not None and "money" in before.barriers)
    audit.record(actor.person_id, "programs.intake", subject_id=row.person_id, object=f"enrollment:{row.pk}", how=how)
    return fresh


def _tell_staff(row: Enrollment, says_so: bool, said_so: bool) -> None:
    """Who says alone that medicine costs too much is heard by a nurse: rationed insulin is dangerous (domain: level E2)."""
    key = f"programs.money:{row.pk}"
    if says_so and not said_so:
        level, facts = "E2" if row.insulin else "E3", {"insulin": bool(row.insulin), "person": row.person_id}
        announce(NeedsStaff("programs.money", key, row.program_id, row.person_id, level, facts))
    elif said_so and not says_so:
        announce(NeedMet(key))


def _person_of(enrollment_id: int) -> int | None:
    return Enrollment.objects.filter(pk=enrollment_id).values_list("person_id", flat=True).first()


def _check(said: dict[str, Any]) -> None:
    """Raises ProgramError out_of_range for what is none of the choices."""
    confidence = said.get("confidence")
    wrong = (
        set(said.get("barriers", ())) - set(BARRIERS)
        or set(said.get("challenges", ())) - set(CHALLENGES)
        or said.get("medication", "") not in MEDICATIONS
        or (confidence is not None and confidence not in range(11))
    )
    if wrong:
        raise ProgramError("out_of_range")


def known(row: Enrollment, taken: Intake | None) -> dict[str, Any]:
    """Every fact a rule may ask for, as far as it is known."""
    person = row.person
    return eligibility.facts_about(
        year=clock.now().year,
        born_year=person.born_year,
        diagnosed_year=row.diagnosed_year,
        a1c_percent=float(row.a1c_percent) if row.a1c_percent is not None else None,
        insulin=row.insulin,
        diabetes_type=row.diabetes_type,
        phone=any(point.kind == "phone" for point in people.contact_points(person)),
        language=person.language,
        medication=taken.medication if taken else "",
        insulin_change=taken.insulin_change if taken else None,
    )


def judged(row: Enrollment, taken: Intake | None) -> Verdict:
    """By the protocol this person began with."""
    protocol = queries.protocol(row.program.protocol_key, row.protocol_version)
    return eligibility.judge(protocol, known(row, taken))


def others_that_fit(viewer: Viewer, row: Enrollment, taken: Intake | None) -> list[tuple[Program, Protocol]]:
    """Other programs of this clinic whose rules let this person in, and in which they are not yet."""
    facts = known(row, taken)
    has = set(Enrollment.objects.filter(person=row.person).exclude(state="removed").values_list("program", flat=True))
    reach = queries.programs(viewer, *KEEPERS).filter(organization=row.person.organization_id).exclude(pk__in=has)
    found = [(program, queries.protocol(program.protocol_key, program.protocol_version)) for program in reach]
    return [one for one in found if eligibility.judge(one[1], facts).word == "eligible"]
