"""What the pages of intake show, gathered."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.kernel import clock
from peerline.people import services as person_services
from peerline.people.access import KEEPERS, Viewer
from peerline.programs import eligibility, forms, intake, queries, words
from peerline.programs.models import Enrollment, Intake
from peerline.programs.rules import phase_in, week_of

YES_NO = {True: "yes", False: "no", None: ""}


def begun(row: Enrollment) -> dict[str, Any]:
    """What is known already, as the form shows it."""
    taken = intake.newest(row.pk)
    said = {name: getattr(taken, name) for name in intake.STAFFS} if taken else {}
    said |= {"insulin_change": YES_NO[said.get("insulin_change")], "blocked": row.person.blocked}
    return {**forms.EnrollmentForm.of(row), **said}


@transaction.atomic
def save(actor: Viewer, row: Enrollment, facts: Mapping[str, Any]) -> Intake:
    """The intake, and the hours in which nobody rings."""
    said = {name: value for name, value in facts.items() if name != "blocked"}
    person_services.set_blocked_hours(actor, row.person_id, facts["blocked"])
    return intake.record(actor, enrollment_id=row.pk, how="staff", **said)


def verdict(viewer: Viewer, row: Enrollment) -> dict[str, Any]:
    """Whether they fit, rule by rule; what their barriers ask for; and where else they fit."""
    taken = intake.newest(row.pk)
    judged = intake.judged(row, taken)
    others = [] if judged.word == "eligible" else intake.others_that_fit(viewer, row, taken)
    return {
        "enrollment": row,
        "word": judged.word,
        "sentence": sentence(judged),
        "tone": words.VERDICT_TONES[judged.word],
        "rules": [(words.said(one.rule.title), one.rule.way, MET[one.met], TONES[one.met]) for one in judged.rules],
        "lacks_year": "age" in judged.unknown,
        "has_ways": any(one.rule.way for one in judged.rules),
        "barriers": [(words.BARRIERS[one], words.NEXT_STEPS[one]) for one in (taken.barriers if taken else [])],
        "others": [
            (program, words.said(protocol.summary), _move_there(row, program.pk)) for program, protocol in others
        ],
    }


MET = {True: words.MET, False: words.NOT_MET, None: words.VERDICTS["not_known"]}
TONES = {True: "ok", False: "stop", None: "warm"}


def _move_there(row: Enrollment, program_id: int) -> str:
    return f"{reverse('programs:move_on', args=[row.pk])}?program={program_id}"


def sentence(judged: eligibility.Verdict) -> str:
    if judged.word == "eligible":
        return _("They can take part: the rules of the protocol are met.")
    if judged.word == "not_eligible":
        return _("They do not fit this program. It is kept why, and another model may suit them.")
    missing = ", ".join(str(words.FACTS[name]) for name in judged.unknown)
    return _("It is not known yet. What is missing: %(facts)s.") % {"facts": missing}


def other_programs(viewer: Viewer, row: Enrollment) -> list[tuple[int, str]]:
    """(program, name) of this clinic's programs in which they are not."""
    has = Enrollment.objects.filter(person=row.person).exclude(state="removed").values("program")
    rows = queries.programs(viewer, *KEEPERS).filter(organization=row.person.organization_id).exclude(pk__in=has)
    return list(rows.values_list("pk", "name"))


def shown(taken: Intake | None) -> dict[str, Any] | None:
    """The newest intake as the record shows it."""
    if taken is None:
        return None
    return {
        "row": taken,
        "barriers": ", ".join(str(words.BARRIERS[one]) for one in taken.barriers),
        "medication": words.MEDICATIONS[taken.medication] if taken.medication else "",
    }


def journey(row: Enrollment) -> dict[str, Any]:
    """Where somebody is in their program: which week, counted from 1 as people do, of how many; which phase (S107)."""
    protocol = queries.protocol(row.program.protocol_key, row.protocol_version)
    week = week_of(row.began_at, row.person.time_zone, clock.now().date())
    phase = phase_in(protocol, week)
    return {
        "protocol": words.said(protocol.title),
        "week": week + 1,
        "weeks": protocol.weeks,
        "goes_on": week >= protocol.weeks,
        "phase": words.said(phase.title) if phase else "",
    }
