"""Writes. First argument: the Viewer who acts (access.PLATFORM for Peerline itself). Each is one transaction, audited.

Raises access.NotThere when the actor may not or the thing is missing, rules.PeopleError when the change cannot be made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import ForeignObjectRel, Model, QuerySet

from peerline.audit import services as audit
from peerline.kernel import clock, languages, phone_numbers, week
from peerline.people import queries
from peerline.people.access import KEEPERS, PLATFORM, STAFF, NotThere, Viewer, require
from peerline.people.models import (
    Account,
    ContactPoint,
    Organization,
    Person,
    RemovedNumber,
    Role,
    SearchKey,
    Site,
)
from peerline.people.rules import PeopleError, search_prefixes, time_zones


@dataclass(frozen=True)
class Place:
    """Where a role holds: an organization, one site of it, or one program."""

    organization_id: int
    site_id: int | None = None
    program_id: int | None = None


@transaction.atomic
def make_organization(actor: Viewer, *, name: str) -> Organization:
    """For the platform only: one server usually has one."""
    require(actor.is_platform)
    organization = Organization.objects.create(name=name)
    audit.record(actor.person_id, "people.organization_made", object=f"organization:{organization.pk}")
    return organization


@transaction.atomic
def make_site(actor: Viewer, *, organization_id: int, name: str, kind: str = "clinic") -> Site:
    require(actor.holds("administrator", organization_id=organization_id))
    site = Site.objects.create(organization_id=organization_id, name=name, kind=kind)
    audit.record(actor.person_id, "people.site_made", object=f"site:{site.pk}")
    return site


# --- Persons -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_person(
    actor: Viewer, *, place: Place, first_name: str, nickname: str = "", language: str = "en", **facts: Any
) -> Person:
    """A new person, without contact point, role or account. Guarantees a nickname free in the place's program.

    facts: last_name, title, time_zone, born_year, gender, culture, registry_id, needs_relay, made_up.
    """
    require(
        actor.holds(*KEEPERS, organization_id=place.organization_id, site_id=place.site_id, program_id=place.program_id)
    )
    _lock(place.organization_id)
    language = languages.known(language)
    nickname = nickname.strip() or queries.nickname_suggestions(place.program_id, language, 1)[0]
    _require_free(nickname, [place.program_id] if place.program_id else [])
    person = Person.objects.create(
        organization_id=place.organization_id,
        site_id=place.site_id,
        first_name=first_name.strip(),
        nickname=nickname,
        language=language,
        created_at=clock.now(),
        **facts,
    )
    index(person)
    audit.record(actor.person_id, "people.added", subject_id=person.pk)
    return person


@transaction.atomic
def add_colleague(actor: Viewer, *, place: Place, role: str, first_name: str, **facts: Any) -> Person:
    """A new staff person with a role there. Their nickname is their first name: colleagues know each other."""
    require(role in STAFF)
    where = {"organization_id": place.organization_id, "site_id": place.site_id, "program_id": place.program_id}
    require(actor.holds("administrator", **where))  # type: ignore[arg-type]
    home = Place(place.organization_id, place.site_id)  # no program: a nickname need not be free among participants
    person = add_person(PLATFORM, place=home, first_name=first_name, nickname=first_name, **facts)
    audit.record(actor.person_id, "people.colleague_added", subject_id=person.pk)
    give_role(actor, person_id=person.pk, role=role, place=place)
    return person


def _lock(organization_id: int) -> None:
    """One at a time within an organization: two people must not take the same nickname in the same moment."""
    Organization.objects.select_for_update().get(pk=organization_id)


def _require_free(nickname: str, program_ids: list[int], besides: int | None = None) -> None:
    if not nickname.strip():
        raise PeopleError("nickname_empty")
    if not queries.nickname_is_free(nickname, program_ids, besides):
        raise PeopleError("nickname_taken")


def _own_or_kept(actor: Viewer, person_id: int) -> Person:
    """The person, locked, for a change that they may make themselves, and staff for them."""
    person = Person.objects.select_for_update().filter(pk=person_id, removed_at=None).first()
    if person is None:
        raise NotThere
    if actor.person_id != person_id:
        _require_keeper(actor, person)
    return person


def _kept(actor: Viewer, person_id: int) -> Person:
    """The person, locked, for a change that only staff may make."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotThere
    _require_keeper(actor, person)
    return person


def _require_keeper(actor: Viewer, person: Person) -> None:
    """Records of participants are kept by coordinator, nurse and administrator; those of staff by administrators."""
    if actor.is_platform:
        return
    roles = ["administrator"] if queries.holds_staff_role(person.pk) else sorted(KEEPERS)
    require(queries.reach(actor, *roles).filter(pk=person.pk).exists() and queries.keeps_staff(actor, person.pk))


def _save(actor: Viewer, person: Person, verb: str, **changes: Any) -> Person:
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=list(changes))
    audit.record(actor.person_id, verb, subject_id=person.pk, fields=sorted(changes))
    return person


def _save_hours(actor: Viewer, person_id: int, verb: str, **changes: str) -> Person:
    """As _save; the log keeps what it was, so that each contact can be judged by the hours that held then."""
    person = _own_or_kept(actor, person_id)
    was = {name: getattr(person, name) for name in changes}
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=list(changes))
    audit.record(actor.person_id, verb, subject_id=person.pk, fields=sorted(changes), was=was)
    return person


@transaction.atomic
def change_facts(actor: Viewer, *, person_id: int, **facts: Any) -> Person:
    """Names, title, birth year, gender, culture, site, registry number, relay: the record as staff keep it."""
    person = _save(actor, _kept(actor, person_id), "people.changed", **facts)
    index(person)
    return person


@transaction.atomic
def set_language(actor: Viewer, *, person_id: int, language: str) -> Person:
    if language not in languages.LANGUAGES:
        raise PeopleError("unknown_language")
    return _save(actor, _own_or_kept(actor, person_id), "people.language_set", language=language)


@transaction.atomic
def set_time_zone(actor: Viewer, *, person_id: int, time_zone: str) -> Person:
    if time_zone not in time_zones():
        raise PeopleError("unknown_zone")
    return _save_hours(actor, person_id, "people.time_zone_set", time_zone=time_zone)


@transaction.atomic
def set_nickname(actor: Viewer, *, person_id: int, nickname: str) -> Person:
    """Raises PeopleError nickname_taken when somebody in one of their programs has it, nickname_empty."""
    person = _own_or_kept(actor, person_id)
    _lock(person.organization_id)
    programs = queries.roles_now(person_id).values_list("program_id", flat=True)
    _require_free(nickname, [one for one in programs if one], besides=person_id)
    person = _save(actor, person, "people.nickname_set", nickname=nickname.strip()[:40])
    index(person)
    return person


@transaction.atomic
def set_blocked_hours(actor: Viewer, person_id: int, blocked: int) -> Person:
    """`blocked`: a week of 168 bits on the person's own wall clock (kernel/week.py)."""
    return _save_hours(actor, person_id, "people.hours_set", blocked_week=week.as_text(blocked & week.ALL))


def saw(viewer: Viewer, person_id: int, what: str = "record") -> None:
    """One line in the audit log: this viewer looked at this person's record (or voice message, or calls)."""
    audit.record(viewer.person_id, "people.saw", subject_id=person_id, what=what)


def index(person: Person) -> None:
    """Make the person findable by the beginnings of their names; called with every change of what is searched."""
    numbers = [point.value[-4:] for point in person.contact_points.filter(kind=ContactPoint.PHONE)]
    prefixes = search_prefixes(
        [person.first_name, person.last_name or "", person.nickname, person.registry_id, *numbers]
    )
    SearchKey.objects.filter(person=person).delete()
    keys = sorted({queries.search_hash(prefix) for prefix in prefixes})
    SearchKey.objects.bulk_create([SearchKey(person=person, key=key) for key in keys])


# --- Contact points ------------------------------------------------------------------------------------------------


def _normal(kind: str, value: str) -> str:
    try:
        if kind == ContactPoint.PHONE:
            return phone_numbers.e164(value)
        validate_email(value.strip())
    except phone_numbers.BadNumber as reason:
        raise PeopleError("bad_number") from reason
    except ValidationError as reason:
        raise PeopleError("bad_email") from reason
    return value.strip()


@transaction.atomic
def set_contact(
    actor: Viewer, *, person_id: int, kind: str, value: str, label: str = "home", preferred: bool = False
) -> ContactPoint:
    """Add a number (any way it is written) or address, or change its label. Idempotent; a new one is unverified.

    Raises PeopleError bad_number, bad_email, or number_removed for one that was taken out (see readmit_number).
    """
    person = _kept(actor, person_id)
    value = _normal(kind, value)
    value_hash = queries.contact_hash(kind, value)
    if queries.is_removed(value_hash):
        raise PeopleError("number_removed")
    if preferred:
        person.contact_points.filter(kind=kind).update(preferred=False)
    point, _ = ContactPoint.objects.update_or_create(
        person=person,
        value_hash=value_hash,
        defaults={"kind": kind, "value": value, "label": label, "preferred": preferred},
    )
    index(person)
    audit.record(actor.person_id, "people.contact_set", subject_id=person_id, object=f"contact:{point.pk}", kind=kind)
    return point


@transaction.atomic
def verify(actor: Viewer, *, contact_id: int, how: str) -> ContactPoint:
    """It was proven that the person answers there. how: code, call, roster (the clinic vouches for it)."""
    point = ContactPoint.objects.select_for_update().filter(pk=contact_id).first()
    require(point)
    assert point is not None
    _kept(actor, point.person_id)
    point.verified_at = clock.now()
    point.save(update_fields=["verified_at"])
    audit.record(
        actor.person_id, "people.contact_verified", subject_id=point.person_id, object=f"contact:{point.pk}", how=how
    )
    return point


@transaction.atomic
def drop_contact(actor: Viewer, *, contact_id: int) -> None:
    """Forget one number or address, because it changed; it may be used again."""
    point = ContactPoint.objects.filter(pk=contact_id).first()
    require(point)
    assert point is not None
    person = _kept(actor, point.person_id)
    point.delete()
    index(person)
    audit.record(actor.person_id, "people.contact_dropped", subject_id=person.pk, object=f"contact:{contact_id}")


@transaction.atomic
def remove_number(actor: Viewer, person_id: int) -> int:
    """Take a person's numbers out of the system (S15): afterwards they can neither dial in nor be dialled.

    Contact points, participant roles and the way in end; a number that somebody else still shares stays theirs.
    Idempotent. Returns how many numbers were taken out.
    """
    person = _kept(actor, person_id)
    numbers = person.contact_points.filter(kind=ContactPoint.PHONE).values_list("value_hash", flat=True)
    for value_hash in numbers:
        RemovedNumber.objects.get_or_create(value_hash=value_hash, defaults={"person": person, "at": clock.now()})
    how_many = len(numbers)
    person.contact_points.all().delete()
    SearchKey.objects.filter(person=person).delete()
    Role.objects.filter(person=person, name="participant", ended_at=None).update(ended_at=clock.now())
    if not queries.holds_staff_role(person_id):
        Account.objects.filter(person=person).update(is_active=False)
        Person.objects.filter(pk=person_id, removed_at=None).update(removed_at=clock.now())
    audit.record(actor.person_id, "people.number_removed", subject_id=person_id, numbers=how_many)
    return how_many


@transaction.atomic
def readmit_number(actor: Viewer, *, organization_id: int, number: str) -> None:
    """A number that was taken out may be used again, because its owner asks to: only staff, and on record."""
    require(actor.holds(*KEEPERS, organization_id=organization_id))
    gone: QuerySet[RemovedNumber] = RemovedNumber.objects.filter(
        value_hash=queries.number_hash(_normal(ContactPoint.PHONE, number)), person__organization_id=organization_id
    )
    for row in gone:
        audit.record(actor.person_id, "people.number_readmitted", subject_id=row.person_id)
    gone.delete()


def columns_of_people() -> Iterator[tuple[type[Model], str]]:
    """(table, name) of every foreign key to a person, those without a way back from the person among them."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            yield relation.related_model, relation.field.name


@transaction.atomic
def erase_untouched(actor: Viewer, *, person_id: int) -> None:
    """Delete somebody whom no room above knows of, as if they had never been added (an import that is undone).

    Raises PeopleError in_use when any other table points at them.
    """
    require(actor.is_platform)
    person = Person.objects.get(pk=person_id)
    for table, column in columns_of_people():
        if table not in (ContactPoint, Role, SearchKey) and table._default_manager.filter(**{column: person}).exists():
            raise PeopleError("in_use")
    audit.record(actor.person_id, "people.erased", subject_id=person.pk)
    person.delete()


# --- Roles ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def give_role(actor: Viewer, *, person_id: int, role: str, place: Place) -> Role:
    """Idempotent. Staff roles are given by administrators of that place; `participant` by those who keep records."""
    givers = KEEPERS if role == "participant" else {"administrator"}
    require(role in STAFF | {"participant"})
    require(
        actor.holds(*givers, organization_id=place.organization_id, site_id=place.site_id, program_id=place.program_id)
    )
    person = Person.objects.filter(pk=person_id, organization_id=place.organization_id, removed_at=None).first()
    require(person)
    where = {"organization_id": place.organization_id, "site_id": place.site_id, "program_id": place.program_id}
    row, made = Role.objects.get_or_create(
        person_id=person_id, name=role, ended_at=None, **where, defaults={"given_at": clock.now()}
    )
    if made:
        audit.record(actor.person_id, "people.role_given", subject_id=person_id, object=f"role:{row.pk}", role=role)
    return row


@transaction.atomic
def end_role(actor: Viewer, *, role_id: int) -> None:
    """From the next request on it is gone (T2). Idempotent. Raises PeopleError last_administrator."""
    row = Role.objects.select_for_update().filter(pk=role_id).first()
    require(row)
    assert row is not None
    givers = KEEPERS if row.name == "participant" else {"administrator"}
    require(actor.holds(*givers, organization_id=row.organization_id, site_id=row.site_id, program_id=row.program_id))
    if row.ended_at:
        return
    if row.name == "administrator" and not queries.administrators(row.organization_id).exclude(pk=row.pk).exists():
        raise PeopleError("last_administrator")
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    audit.record(actor.person_id, "people.role_ended", subject_id=row.person_id, object=f"role:{row.pk}", role=row.name)


@transaction.atomic
def leave_program(actor: Viewer, *, person_id: int, program_id: int) -> None:
    """They take part there no more: those who only keep that program see their record no more. Idempotent."""
    require(actor.is_platform)
    here = Role.objects.filter(person_id=person_id, program_id=program_id, name="participant", ended_at=None)
    here.update(ended_at=clock.now())
