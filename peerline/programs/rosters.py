"""Writes: bring a roster in, all of it or its good rows, and take it out again as if it had never come."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.kernel import clock
from peerline.people import nicknames
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people.access import KEEPERS, PLATFORM, Viewer, require
from peerline.people.rules import PeopleError, folded
from peerline.people.services import Place
from peerline.programs import queries, roster, services
from peerline.programs.models import Consent, Enrollment, Program, RosterBatch
from peerline.programs.roster import Entry, Parsed, Problem, RosterError
from peerline.vault.services import seal, unseal


@transaction.atomic
def bring(actor: Viewer, *, program_id: int, data: bytes, name: str) -> RosterBatch:
    """Keep an uploaded roster, sealed, until it is imported or given up. Raises RosterError for what is no roster."""
    program = queries.program_for(actor, program_id, *KEEPERS)
    table = roster.read(data)
    batch = RosterBatch.objects.create(
        program=program,
        by_id=actor.person_id,
        at=clock.now(),
        name=name[:120],
        sealed=seal(data).decode(),
        columns=roster.guess(table.header),
    )
    audit.record(actor.person_id, "programs.roster_brought", object=f"roster:{batch.pk}", rows=len(table.records))
    return batch


@transaction.atomic
def choose_columns(actor: Viewer, *, batch_id: int, columns: Mapping[str, int]) -> RosterBatch:
    """Say which column is what, where the guess was wrong."""
    batch = _open_batch(actor, batch_id)
    batch.columns = {name: column for name, column in columns.items() if name in roster.FIELDS}
    batch.save(update_fields=["columns"])
    return batch


def batch_for(actor: Viewer, batch_id: int) -> RosterBatch:
    """Raises NotThere."""
    batch = RosterBatch.objects.select_related("program").filter(pk=batch_id).first()
    require(batch)
    assert batch is not None
    queries.program_for(actor, batch.program_id, *KEEPERS)
    return batch


def _open_batch(actor: Viewer, batch_id: int) -> RosterBatch:
    batch_for(actor, batch_id)
    batch = RosterBatch.objects.select_for_update().get(pk=batch_id)
    require(batch.imported_at is None and batch.sealed)
    return batch


def table_of(batch: RosterBatch) -> roster.Table:
    return roster.read(unseal(batch.sealed.encode()))


def preview(batch: RosterBatch) -> Parsed:
    """A dry run: what would come in, and what would not and why, those already known among it. Changes nothing."""
    parsed = roster.parse(table_of(batch), batch.columns, clock.now().year)
    already = [problem for entry in parsed.entries if (problem := _already_here(batch.program, entry))]
    lines = {problem.line for problem in already}
    entries = tuple(entry for entry in parsed.entries if entry.line not in lines)
    return Parsed(entries, tuple(sorted((*parsed.problems, *already), key=lambda problem: problem.line)))


def _already_here(program: Program, entry: Entry) -> Problem | None:
    """The same registry number, or the same telephone and first name, or a number that was taken out."""
    registry_id = entry.facts.get("registry_id", "")
    if registry_id and people.with_registry_id(program.organization_id, registry_id):
        return Problem(entry.line, "registry_id", "already_here", registry_id)
    if not entry.phone:
        return None
    value_hash = people.number_hash(entry.phone)
    if people.is_removed(value_hash):
        return Problem(entry.line, "phone", "number_removed", entry.phone)
    if folded(entry.first_name) in people.first_names_at(value_hash):
        return Problem(entry.line, "phone", "already_here", entry.phone)
    return None


@transaction.atomic
def load(actor: Viewer, *, batch_id: int, only_good: str = "", made_up: bool = False) -> RosterBatch:
    """Import. With problems nothing at all comes in, unless only_good says "yes": then the good rows do.

    One transaction: a fault in any row leaves everything as it was. Raises RosterError has_problems, nothing_to_do.
    """
    batch = _open_batch(actor, batch_id)
    parsed = preview(batch)
    if parsed.problems and only_good != "yes":
        raise RosterError("has_problems")
    if not parsed.entries:
        raise RosterError("nothing_to_do")
    _add_all(actor, batch, parsed.entries, made_up={"made_up": True} if made_up else {})
    batch.imported_at, batch.rows, batch.sealed = clock.now(), len(parsed.entries), ""
    batch.save(update_fields=["imported_at", "rows", "sealed"])
    audit.record(actor.person_id, "programs.roster_imported", object=f"roster:{batch.pk}", rows=batch.rows)
    return batch


def _add_all(actor: Viewer, batch: RosterBatch, entries: tuple[Entry, ...], made_up: dict[str, Any]) -> None:
    taken = {name.casefold() for name in people.nicknames_in(batch.program_id)}
    taken |= {entry.nickname.casefold() for entry in entries}
    given: set[str] = set()
    for entry in entries:
        nickname = entry.nickname
        if not nickname or nickname.casefold() in given:
            nickname = nicknames.suggest(entry.language, taken | given, 1, turn=len(given))[0]
        given.add(nickname.casefold())
        _add(actor, batch, entry, nickname, made_up)


def _add(actor: Viewer, batch: RosterBatch, entry: Entry, nickname: str, made_up: dict[str, Any]) -> None:
    """Person, enrollment with its role, contact points, hours. A nickname that is taken in the program is replaced."""
    program = batch.program
    place = Place(program.organization_id, program.site_id, program.pk)
    if not people.nickname_is_free(nickname, [program.pk]):
        nickname = ""
    person = person_services.add_person(
        actor,
        place=place,
        first_name=entry.first_name,
        nickname=nickname,
        language=entry.language,
        **entry.facts,
        **made_up,
    )
    services.enroll(actor, program_id=program.pk, person_id=person.pk, batch=batch, **entry.matching)
    if entry.phone:
        point = person_services.set_contact(
            actor, person_id=person.pk, kind="phone", value=entry.phone, label=entry.phone_label, preferred=True
        )
        if entry.phone_checked:
            person_services.verify(actor, contact_id=point.pk, how="roster")
    if entry.email:
        person_services.set_contact(actor, person_id=person.pk, kind="email", value=entry.email, label="")
    if entry.blocked:
        person_services.set_blocked_hours(actor, person.pk, entry.blocked)


@transaction.atomic
def undo(actor: Viewer, *, batch_id: int) -> int:
    """Take out everybody this roster brought in, as if it had never come; how many. Their numbers may come again.

    Raises RosterError in_use, and changes nothing, when one of them has a PIN, a partner, a call or a message by now:
    such a person leaves by "stop" and "complete removal" instead.
    """
    batch = batch_for(actor, batch_id)
    require(batch.imported_at and batch.undone_at is None)
    people_ids = list(Enrollment.objects.filter(batch=batch).values_list("person_id", flat=True))
    Consent.objects.filter(enrollment__batch=batch).delete()
    Enrollment.objects.filter(batch=batch).delete()
    try:
        for person_id in people_ids:
            person_services.erase_untouched(PLATFORM, person_id=person_id)
    except PeopleError as reason:
        raise RosterError(reason.word) from reason
    RosterBatch.objects.filter(pk=batch.pk).update(undone_at=clock.now())
    audit.record(actor.person_id, "programs.roster_undone", object=f"roster:{batch.pk}", rows=len(people_ids))
    return len(people_ids)


def forget_abandoned() -> int:
    """Regular work: rosters that were uploaded and never imported are wiped after a day."""
    old = RosterBatch.objects.filter(imported_at=None, at__lt=clock.now() - timedelta(days=1)).exclude(sealed="")
    return old.update(sealed="")
