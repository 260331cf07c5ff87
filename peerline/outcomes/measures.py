"""Writes of clinical values and of licenses, by staff. As in `services`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.kernel import clock
from peerline.outcomes import checkups, measured, queries
from peerline.outcomes.instruments import BadInstrument, Instrument, NoSuchInstrument, of, with_words
from peerline.outcomes.models import Attestation, Measure
from peerline.outcomes.rules import OutcomeError
from peerline.people.access import NotThere, Viewer, require
from peerline.programs import queries as programs
from peerline.programs.services import SETTLERS


@dataclass(frozen=True)
class Typed:
    """One value as it was typed."""

    kind: str
    value: Decimal
    unit: str


@transaction.atomic
def measure(
    actor: Viewer, *, enrollment_id: int, values: Sequence[Typed], measured_on: date, method: str, sure: bool = False
) -> list[Measure]:
    """Keep what was measured on one day, all of it or nothing.

    Raises OutcomeError unit, impossible, future, there_already, upside_down; and unusual, unless the actor is `sure`.
    """
    row = programs.enrollment_for(actor, enrollment_id, *queries.READERS)
    if measured_on > clock.now().date():
        raise OutcomeError("future")
    found = {one.kind: _checked(one, sure) for one in values}
    due = checkups.due_on(row)
    if "systolic" in found and found["systolic"] <= found.get("diastolic", Decimal(0)):
        raise OutcomeError("upside_down")
    day = {"enrollment_id": row.pk, "measured_on": measured_on, "method": method}
    made = [_kept(actor, one, found[one.kind], **day) for one in values]
    for one in made:
        audit.record(actor.person_id, "outcomes.measured", subject_id=row.person_id, object=f"measure:{one.pk}")
    checkups.changed(row, due)
    return made


def _checked(typed: Typed, sure: bool) -> Decimal:
    try:
        found = measured.checked(measured.KINDS[typed.kind], typed.value, typed.unit)
    except ValueError as reason:
        raise OutcomeError(str(reason)) from reason
    if found.unusual and not sure:
        raise OutcomeError("unusual")
    return found.value


def _kept(actor: Viewer, typed: Typed, value: Decimal, **day: Any) -> Measure:
    if Measure.objects.filter(**day, kind=typed.kind, struck_at=None).exists():
        raise OutcomeError("there_already")
    said = {"typed": typed.value, "typed_unit": typed.unit, "by_id": actor.person_id, "at": clock.now()}
    return Measure.objects.create(**day, kind=typed.kind, value=value, **said)


def measure_for(actor: Viewer, measure_id: int) -> Measure:
    """Raises NotThere."""
    row = Measure.objects.filter(pk=measure_id).first()
    if row is None or not programs.enrollments(actor, *queries.READERS).filter(pk=row.enrollment_id).exists():
        raise NotThere
    return row


@transaction.atomic
def strike(actor: Viewer, *, measure_id: int) -> Measure:
    """Typed by mistake: it stays on record and is not counted. Idempotent."""
    row = measure_for(actor, measure_id)
    if row.struck_at is None:
        due = checkups.due_on(row.enrollment)
        row.struck_at = clock.now()
        row.save(update_fields=["struck_at"])
        checkups.changed(row.enrollment, due)
        audit.record(actor.person_id, "outcomes.struck", object=f"measure:{row.pk}")
    return row


# --- Licenses ------------------------------------------------------------------------------------------------------


@transaction.atomic
def attest(
    actor: Viewer,
    *,
    organization_id: int,
    instrument: str,
    texts: Mapping[str, Sequence[str]],
    options: Mapping[str, Sequence[str]],
) -> Attestation:
    """Say that the organization may use this instrument, and enter its words; said again, the words are replaced.

    Raises NotThere for an instrument that needs none, OutcomeError lines where a line is missing.
    """
    _require_settler(actor, organization_id)
    found = needing_words(instrument)
    try:
        with_words(found, texts, options)
    except BadInstrument as reason:
        raise OutcomeError("lines") from reason
    withdraw(actor, organization_id=organization_id, instrument=instrument)
    row = Attestation.objects.create(
        organization_id=organization_id, instrument=instrument, by_id=actor.person_id, at=clock.now(),
        texts=_lists(texts), options=_lists(options),
    )  # fmt: skip
    audit.record(actor.person_id, "outcomes.attested", object=f"instrument:{instrument}")
    return row


def _require_settler(actor: Viewer, organization_id: int) -> None:
    """A license is the organization's, whichever site or program the one who attests it works for."""
    own = {one.organization_id for one in actor.grants if one.role in SETTLERS}
    require(actor.is_platform or organization_id in own)


def _lists(lines: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {language: list(text) for language, text in lines.items()}


def needing_words(key: str) -> Instrument:
    """The instrument, if a licensed site has to enter its words. Raises NotThere."""
    try:
        found = of(key)
    except NoSuchInstrument as reason:
        raise NotThere from reason
    require(not found.has_words)
    return found


@transaction.atomic
def withdraw(actor: Viewer, *, organization_id: int, instrument: str) -> None:
    """The license is over: nobody is asked these any more. What was answered stays."""
    _require_settler(actor, organization_id)
    rows = Attestation.objects.filter(organization_id=organization_id, instrument=instrument, withdrawn_at=None)
    if rows.update(withdrawn_at=clock.now()):
        audit.record(actor.person_id, "outcomes.license_ended", object=f"instrument:{instrument}")
