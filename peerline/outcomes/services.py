"""Writes of questionnaires. First argument: the Viewer who acts. Each is one transaction, audited.

Raises access.NotThere when the actor may not or the thing is missing, rules.OutcomeError when it cannot be done.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from peerline.audit import services as audit
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import NeedMet, NeedsStaff
from peerline.outcomes import queries, reminders, rules, scoring
from peerline.outcomes.instruments import Alarm, Instrument, keys
from peerline.outcomes.models import Answer, Score, Sheet
from peerline.outcomes.rules import OutcomeError
from peerline.people.access import Viewer
from peerline.prepared import prepared
from peerline.programs import queries as programs
from peerline.programs.rules import IN_CONTACT

DAYS_TO_ANSWER = 14  # where nobody says otherwise
Kept = Mapping[
    tuple[str, str], tuple[Decimal | None, int]
]  # (instrument, scale) → the score on record, and its version


@transaction.atomic
def open_sheet(
    actor: Viewer,
    *,
    enrollment_id: int,
    occasion: str,
    instruments: Iterable[str],
    closes_at: datetime | None = None,
    about: str = "",
    tell: bool = False,
) -> Sheet:
    """Put questions before a person, once for each occasion (and what it is about): the same again changes nothing.
    tell: the person is reminded of it, by the way they chose.

    Raises OutcomeError out_of_contact. Instruments nobody knows are left out.
    """
    row = programs.enrollment_for(actor, enrollment_id, *queries.READERS)
    if row.state not in IN_CONTACT:
        raise OutcomeError("out_of_contact")
    now = clock.now()
    closes_at = closes_at or now + timedelta(days=DAYS_TO_ANSWER)
    sheet, fresh = Sheet.objects.get_or_create(
        enrollment=row, occasion=occasion, about=about,
        defaults={
            "program_id": row.program_id, "person_id": row.person_id, "opens_at": now, "closes_at": closes_at,
            "instruments": [key for key in instruments if key in keys()], "remind_at": rules.remind_at(now, closes_at),
        },
    )  # fmt: skip
    if fresh:
        audit.record(actor.person_id, "outcomes.asked", subject_id=row.person_id, object=f"sheet:{sheet.pk}")
    if tell:
        reminders.tell(sheet, reminders.ASKED)
    return sheet


@transaction.atomic
def answer(actor: Viewer, *, sheet_id: int, instrument: str, item: str, value: int | None, door: str) -> Sheet:
    """Keep one answer; None: would rather not say. Answered again, the last one stands. A whole instrument is scored at once.

    Raises OutcomeError closed, no_such_question, not_an_answer.
    """
    sheet = _open(actor, sheet_id)
    stands = queries.standing(sheet)
    _keep(actor, sheet, [(_question(stands.questions, (instrument, item), value), value)], door)
    return _worked_out(sheet, {**stands.answers, (instrument, item): value})


@transaction.atomic
def answer_all(actor: Viewer, *, sheet_id: int, values: Mapping[tuple[str, str], int | None], door: str) -> Sheet:
    """A whole paper typed in: what is not in `values` was left blank there. Then the sheet is closed."""
    sheet = _open(actor, sheet_id)
    asked = queries.on_paper(sheet)
    _keep(actor, sheet, [(_question(asked, key, value), value) for key, value in values.items()], door)
    _worked_out(sheet, queries.answers_of(sheet.pk))
    return _done(actor, sheet)


def _open(actor: Viewer, sheet_id: int) -> Sheet:
    sheet = queries.require_reader(actor, _locked.first(sheet_id))
    if sheet.state != "open":
        raise OutcomeError("closed")
    return sheet


@prepared(int)
def _locked(sheet_id: int) -> QuerySet[Sheet]:
    return Sheet.objects.select_for_update(of=("self",)).select_related("program").filter(pk=sheet_id)


def _question(asked: list[rules.Question], key: tuple[str, str], value: int | None) -> rules.Question:
    question = next((one for one in asked if one.key == key), None)
    if question is None:
        raise OutcomeError("no_such_question")
    if value is not None and not question.item.takes(value):
        raise OutcomeError("not_an_answer")
    return question


def _keep(actor: Viewer, sheet: Sheet, given: list[tuple[rules.Question, int | None]], door: str) -> None:
    """One query: an answer that is there already is written over."""
    now = clock.now()
    rows = [
        Answer(sheet=sheet, instrument=question.instrument.key, item=question.item.key, value=value, door=door,
               by_id=actor.person_id, at=now)
        for question, value in given
    ]  # fmt: skip
    _write_over(Answer, rows, "item", ["value", "door", "by_id", "at"])
    if rows and sheet.begun_at is None:
        sheet.begun_at = now
        sheet.save(update_fields=["begun_at"])
        audit.record(actor.person_id, "outcomes.answered", subject_id=sheet.person_id, object=f"sheet:{sheet.pk}")


@transaction.atomic
def finish(actor: Viewer, *, sheet_id: int) -> Sheet:
    """Close it as answered; what was left out stays out. Idempotent."""
    sheet = queries.sheet_for(actor, sheet_id)
    return sheet if sheet.state == "done" else _done(actor, _open(actor, sheet_id))


def _done(actor: Viewer, sheet: Sheet) -> Sheet:
    sheet.state, sheet.done_at = "done", clock.now()
    sheet.save(update_fields=["state", "done_at"])
    _no_longer(sheet, "missed")
    reminders.drop(sheet)
    audit.record(actor.person_id, "outcomes.done", subject_id=sheet.person_id, object=f"sheet:{sheet.pk}")
    return sheet


# --- Scores --------------------------------------------------------------------------------------------------------


def _write_over(table: type[Any], rows: list[Any], part: str, fields: list[str]) -> None:
    """Rows of a table whose key is (sheet, instrument, part), written or written over. The sheet is held meanwhile."""
    key = ["sheet", "instrument", part]
    table.objects.bulk_create(rows, update_conflicts=True, unique_fields=key, update_fields=fields)


def _worked_out(sheet: Sheet, answers: rules.Answers) -> Sheet:
    """Score what is whole now. A score that calls for somebody is told at once, not when the sheet is sent."""
    whole = [one for one in queries.instruments_of(sheet, answers) if rules.is_whole(one, answers)]
    scores = _scores(sheet.pk) if whole else []
    kept = {(one.instrument, one.scale): (one.value, one.version) for one in scores}
    for instrument in whole:
        _score(sheet, instrument, rules.own_values(instrument, answers), kept)
    return sheet


@prepared(int)
def _scores(sheet_id: int) -> QuerySet[Score]:
    return Score.objects.filter(sheet=sheet_id)


def _score(sheet: Sheet, instrument: Instrument, values: Mapping[str, int | None], kept: Kept) -> None:
    found = scoring.scores(instrument, values)
    fresh = [
        Score(sheet=sheet, instrument=instrument.key, scale=one.scale.key, value=one.value, version=instrument.version,
              at=clock.now())
        for one in found
        if kept.get((instrument.key, one.scale.key)) != (one.value, instrument.version)
    ]  # fmt: skip
    _write_over(Score, fresh, "scale", ["value", "version", "at"])
    total = next((one.value for one in found if one.scale.key == "total"), None)
    set_off = scoring.alarms(instrument, values)
    for alarm in instrument.alarms:
        _call_for(sheet, alarm, instrument.key, total) if alarm in set_off else _no_longer(sheet, alarm.need)


def _call_for(sheet: Sheet, alarm: Alarm, instrument: str, total: Decimal | None) -> None:
    facts = {"name": instrument.upper(), "score": "" if total is None else f"{total.normalize():f}"}
    _need(sheet, alarm.need, alarm.level, facts)


def _need(sheet: Sheet, need: str, level: str, facts: dict[str, Any]) -> None:
    """Tell staff, once as long as it holds."""
    if need in sheet.needs:
        return
    sheet.needs = [*sheet.needs, need]
    sheet.save(update_fields=["needs"])
    key = f"outcomes.{need}:{sheet.pk}"
    facts = {**facts, "person": sheet.person_id}
    announce(NeedsStaff(f"outcomes.{need}", key, sheet.program_id, sheet.person_id, level, facts))


def _no_longer(sheet: Sheet, need: str) -> None:
    if need in sheet.needs:
        sheet.needs = [one for one in sheet.needs if one != need]
        sheet.save(update_fields=["needs"])
        announce(NeedMet(f"outcomes.{need}:{sheet.pk}"))


# --- What comes round ----------------------------------------------------------------------------------------------


def close_overdue() -> int:
    """Regular work: sheets whose days went by. Whole ones count as answered, the others as missed; how many closed."""
    ids = list(Sheet.objects.filter(state="open", closes_at__lte=clock.now()).values_list("pk", flat=True)[:1000])
    return sum(_close_overdue(pk) for pk in ids)


@transaction.atomic
def _close_overdue(sheet_id: int) -> bool:
    sheet = Sheet.objects.select_for_update().select_related("program").filter(pk=sheet_id, state="open").first()
    if sheet is None or sheet.closes_at > clock.now():
        return False
    stands = queries.standing(sheet)
    sheet.state = "missed" if stands.left or not stands.questions else "done"
    sheet.done_at = clock.now() if sheet.state == "done" else None
    sheet.save(update_fields=["state", "done_at"])
    if sheet.state == "missed" and not sheet.about and programs.is_in_contact(sheet.person_id, sheet.program_id):
        _need(sheet, "missed", "E3", {"occasion": sheet.occasion})
    return True


@transaction.atomic
def reopen(actor: Viewer, *, sheet_id: int, days: int = DAYS_TO_ANSWER) -> Sheet:
    """Staff offer missed questions again."""
    queries.sheet_for(actor, sheet_id)
    sheet = Sheet.objects.select_for_update().get(pk=sheet_id)
    if sheet.state == "missed":
        sheet.state, sheet.closes_at = "open", clock.now() + timedelta(days=days)
        sheet.save(update_fields=["state", "closes_at"])
        audit.record(actor.person_id, "outcomes.asked", subject_id=sheet.person_id, object=f"sheet:{sheet.pk}")
    return sheet


@transaction.atomic
def enrollment_stopped(enrollment_id: int, person_id: int) -> None:
    """Listener: nobody who stopped is asked anything."""
    _void(Sheet.objects.filter(enrollment_id=enrollment_id, state="open"))


@transaction.atomic
def void_about(about: str, program_id: int) -> None:
    """What these questions are about has ended (a pair): they are not asked any more, unless somebody began them."""
    _void(Sheet.objects.filter(program_id=program_id, about=about, state="open", begun_at=None))


def _void(rows: QuerySet[Sheet]) -> None:
    for sheet in rows.select_for_update():
        sheet.state = "void"
        sheet.save(update_fields=["state"])
        reminders.drop(sheet)
