"""Reads: who answers to a number, which number may be dialled, whom a viewer reaches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import FilteredRelation, Q, QuerySet

from peerline.kernel import week
from peerline.people import nicknames
from peerline.people.access import CARE, KEEPERS, STAFF, NotThere, Viewer
from peerline.people.models import ContactPoint, Organization, Person, RemovedNumber, Role, SearchKey
from peerline.people.rules import folded, words_of
from peerline.prepared import prepared
from peerline.vault.services import lookup_hash


@dataclass(frozen=True)
class Known:
    """What other rooms may use about a person without opening the record: nothing here is sealed."""

    person_id: int
    organization_id: int
    nickname: str
    language: str
    time_zone: str
    blocked: int
    needs_relay: bool
    made_up: bool
    removed: bool


def number_hash(e164: str) -> str:
    """The keyed hash of a telephone number, by which legs, contact points and removed numbers are found."""
    return lookup_hash(e164, "telephone")


def email_hash(address: str) -> str:
    return lookup_hash(address.strip().casefold(), "email")


def contact_hash(kind: str, value: str) -> str:
    return number_hash(value) if kind == ContactPoint.PHONE else email_hash(value)


def search_hash(prefix: str) -> str:
    """Cut to 16 digits: enough to find a handful of people, too short to be sure of a word."""
    return lookup_hash(prefix, "search")[:16]


def calling_weeks(person_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """person_id → (time zone, blocked week as text), without opening a record, in one query. Ids nobody has, and removed
    people, are left out."""
    return {pk: (zone, blocked) for pk, zone, blocked in _weeks(list(person_ids))}


@prepared(list)
def _weeks(ids: Any) -> QuerySet[Person, tuple[int, str, str]]:
    return _living().filter(pk__in=ids).values_list("pk", "time_zone", "blocked_week")


def _living() -> QuerySet[Person]:
    return Person.objects.filter(removed_at=None)


def known(person_ids: Iterable[int]) -> dict[int, Known]:
    """person_id → Known, in one query. Ids nobody has are left out."""
    rows = _facts([person_id for person_id in person_ids if person_id is not None])
    return {
        pk: Known(pk, place, nickname, language, zone, week.from_text(blocked), relay, made_up, removed_at is not None)
        for pk, place, nickname, language, zone, blocked, relay, made_up, removed_at in rows
    }


@prepared(list)
def _facts(ids: Any) -> QuerySet[Person, Any]:
    return Person.objects.filter(pk__in=ids).values_list(
        "pk", "organization_id", "nickname", "language", "time_zone", "blocked_week", "needs_relay", "made_up", "removed_at"
    )  # fmt: skip


def person_known(person_id: int) -> Known:
    """Raises NotThere."""
    try:
        return known([person_id])[person_id]
    except KeyError as reason:
        raise NotThere from reason


def people_at_number(value_hash: str) -> list[Known]:
    """Who can be at this telephone: several people may share a home number. A removed number has nobody."""
    return sorted(known(_at_number(value_hash)).values(), key=lambda one: one.person_id)


@prepared(str)
def _at_number(value_hash: str) -> QuerySet[ContactPoint, int]:
    ids = ContactPoint.objects.filter(kind=ContactPoint.PHONE, value_hash=value_hash, person__removed_at=None)
    return ids.values_list("person_id", flat=True)


def people_at_email(value_hash: str) -> list[Known]:
    ids = ContactPoint.objects.filter(kind=ContactPoint.EMAIL, value_hash=value_hash, person__removed_at=None)
    return sorted(known(ids.values_list("person_id", flat=True)).values(), key=lambda one: one.person_id)


def is_registered(value_hash: str) -> bool:
    """Is this the verified number of somebody? Only such a telephone is spared the budgets for strange ones."""
    points = ContactPoint.objects.filter(kind=ContactPoint.PHONE, value_hash=value_hash)
    return points.filter(person__removed_at=None).exclude(verified_at=None).exists()


def is_slow_number(value_hash: str) -> bool:
    """Does somebody who calls through a text relay answer at this number? Whoever calls from there is given time."""
    if not value_hash:
        return False
    points = ContactPoint.objects.filter(kind=ContactPoint.PHONE, value_hash=value_hash)
    return points.filter(person__needs_relay=True, person__removed_at=None).exists()


def is_verified_for(value_hash: str, person_ids: Iterable[int]) -> bool:
    """Is this the verified number of one of these people?"""
    points = ContactPoint.objects.filter(kind=ContactPoint.PHONE, value_hash=value_hash, person_id__in=list(person_ids))
    return points.filter(person__removed_at=None).exclude(verified_at=None).exists()


def is_proven(value_hash: str, person_id: int) -> bool:
    """Is this a verified number or address of this person?"""
    points = ContactPoint.objects.filter(value_hash=value_hash, person_id=person_id, person__removed_at=None)
    return points.exclude(verified_at=None).exists()


def is_mobile(value_hash: str) -> bool:
    """Does anybody keep this number as a mobile one? Only such a number is sent a text."""
    return ContactPoint.objects.filter(value_hash=value_hash, label="mobile").exists()


def account_email(person_id: int) -> str | None:
    """The address a staff person signs in with."""
    return _account_email.first(person_id)


@prepared(int)
def _account_email(person_id: int) -> QuerySet[Person, str | None]:
    return Person.objects.filter(pk=person_id, removed_at=None).values_list("account__email", flat=True)[:1]


def uses_the_website(person_id: int) -> bool:
    """Did this person ever sign in?"""
    return Person.objects.filter(pk=person_id, removed_at=None, account__last_login__isnull=False).exists()


def sharing_a_number(person_id: int) -> set[int]:
    """Everybody who answers at one of this person's numbers, the person among them."""
    numbers = ContactPoint.objects.filter(person_id=person_id, kind=ContactPoint.PHONE).values("value_hash")
    return set(ContactPoint.objects.filter(value_hash__in=numbers).values_list("person_id", flat=True))


def households(person_ids: Iterable[int]) -> list[set[int]]:
    """Those of these people who answer at one telephone number, number by number. One query."""
    found: dict[str, set[int]] = {}
    points = ContactPoint.objects.filter(person_id__in=list(person_ids), kind=ContactPoint.PHONE)
    for value_hash, person_id in points.values_list("value_hash", "person_id"):
        found.setdefault(value_hash, set()).add(person_id)
    return [together for together in found.values() if len(together) > 1]


def staff_among(person_ids: Iterable[int], *, program_id: int, site_id: int | None) -> list[tuple[int, int]]:
    """(staff, person): of these people in a program, who holds a staff role that reaches whom. Two queries at most.

    A role for a site reaches whoever belongs to it, and everybody if the program does.
    """
    ids = list(person_ids)
    rows = Role.objects.filter(person_id__in=ids, name__in=STAFF, ended_at=None)
    roles = list(rows.filter(Q(program_id=None) | Q(program_id=program_id)))
    if not roles:
        return []
    places = Person.objects.filter(pk__in=ids).values_list("pk", "organization_id", "site_id")
    return [
        (role.person_id, person_id)
        for role in roles
        for person_id, organization_id, own_site in places
        if role.organization_id == organization_id
        and role.site_id in (None, own_site, site_id)
        and role.person_id != person_id
    ]


def with_a_number(person_ids: Iterable[int]) -> set[int]:
    """Those of these people who have a verified number to ring. One query."""
    points = ContactPoint.objects.filter(person_id__in=list(person_ids), kind=ContactPoint.PHONE)
    return set(points.exclude(verified_at=None).values_list("person_id", flat=True))


def is_removed(value_hash: str) -> bool:
    """Was this number taken out (S15), with nobody left who still uses it?"""
    gone = RemovedNumber.objects.filter(value_hash=value_hash).exists()
    return gone and not ContactPoint.objects.filter(value_hash=value_hash).exists()


def number_to_dial(person_id: int) -> str | None:
    """The E.164 number to ring this person on: verified, theirs now, the preferred one first. None: not to be rung."""
    return _number_to_dial.first(person_id)


@prepared(int)
def _number_to_dial(person_id: int) -> QuerySet[ContactPoint, str]:
    return _to_reach(person_id).filter(kind=ContactPoint.PHONE)[:1]


def _to_reach(person_id: int) -> QuerySet[ContactPoint, str]:
    """Verified numbers and addresses of somebody who was not taken out, the preferred one first."""
    points = ContactPoint.objects.filter(person_id=person_id, person__removed_at=None).exclude(verified_at=None)
    return points.order_by("-preferred", "verified_at", "pk").values_list("value", flat=True)


def mobile_to_text(person_id: int) -> str | None:
    """The verified mobile number, the preferred one first: only such a number is sent a text."""
    return _mobile_to_text.first(person_id)


@prepared(int)
def _mobile_to_text(person_id: int) -> QuerySet[ContactPoint, str]:
    return _to_reach(person_id).filter(kind=ContactPoint.PHONE, label="mobile")[:1]


def hashes_of(person_id: int) -> QuerySet[ContactPoint, str]:
    """The keyed hashes of all this person's numbers and addresses, as a part of another question."""
    return ContactPoint.objects.filter(person_id=person_id).values_list("value_hash", flat=True)


def has_address(person_id: int) -> set[str]:
    """By which of "phone", "mobile" and "email" something can be sent to this person: number_to_dial, mobile_to_text and
    email_of would answer. One query; two for somebody with no address of their own."""
    found = set()
    for kind, label in _kinds_to_reach(person_id):
        found |= {kind, "mobile"} if kind == ContactPoint.PHONE and label == "mobile" else {kind}
    return found if ContactPoint.EMAIL in found or not account_email(person_id) else found | {ContactPoint.EMAIL}


def addresses_of_each(person_ids: Iterable[int]) -> dict[int, dict[str, set[str]]]:
    """person → by which of "phone", "mobile" and "email" something can be sent → the hashes of those. As has_address, for
    many at once, in one query; whoever has no proven number or address is left out."""
    found: dict[int, dict[str, set[str]]] = {}
    for pk, kind, label, value in _addresses(list(person_ids)):
        for way in {kind, "mobile"} if kind == ContactPoint.PHONE and label == "mobile" else {kind}:
            found.setdefault(pk, {}).setdefault(way, set()).add(value)
    return found


@prepared(list)
def _addresses(person_ids: Any) -> QuerySet[ContactPoint, tuple[int, str, str, str]]:
    points = ContactPoint.objects.filter(person_id__in=person_ids, person__removed_at=None).exclude(verified_at=None)
    return points.values_list("person_id", "kind", "label", "value_hash")


@prepared(int)
def _kinds_to_reach(person_id: int) -> QuerySet[ContactPoint, tuple[str, str]]:
    return _to_reach(person_id).order_by().values_list("kind", "label")


def names_of(person_id: int) -> list[str]:
    """First and last name, word by word, as far as the nickname does not hold them: what a partner must not read."""
    person = Person.objects.get(pk=person_id)
    known_words = set(words_of(person.nickname))
    return [one for one in f"{person.first_name} {person.last_name}".split() if not set(words_of(one)) <= known_words]


def email_of(person_id: int) -> str | None:
    """The verified address, the preferred one first; for staff without one, the address they sign in with."""
    return _email_to_reach.first(person_id) or account_email(person_id)


@prepared(int)
def _email_to_reach(person_id: int) -> QuerySet[ContactPoint, str]:
    return _to_reach(person_id).filter(kind=ContactPoint.EMAIL)[:1]


def reachable_now(person_id: int, at: datetime) -> bool:
    """May this person be rung at this instant? Outside their blocked hours, and there is a number to dial (S6)."""
    person = _living().filter(pk=person_id).only("blocked_week", "time_zone").first()
    if person is None or week.holds(person.blocked, at, person.time_zone):
        return False
    return number_to_dial(person_id) is not None


def reach(viewer: Viewer, *roles: str) -> QuerySet[Person]:
    """People whom these roles of the viewer reach: of the organization, of the site, or with a role in the program now.

    Without roles named: those who may keep records (coordinator, nurse, administrator).
    """
    scope = viewer.scope(*(roles or KEEPERS), organization="organization", site="site", program="role_now__program_id")
    people = Person.objects.annotate(role_now=FilteredRelation("roles", condition=Q(roles__ended_at=None)))
    return Person.objects.filter(pk__in=people.filter(scope).values("pk"))


def person_for(viewer: Viewer, person_id: int, *roles: str) -> Person:
    """The person, if it is the viewer or within the viewer's reach. Raises NotThere."""
    own = Q(pk=viewer.person_id) if not roles else Q(pk__in=[])
    person = Person.objects.filter(own | Q(pk__in=reach(viewer, *roles).values("pk")), pk=person_id).first()
    if person is None:
        raise NotThere
    return person


def colleague_for(viewer: Viewer, person_id: int) -> Person:
    """Somebody of the staff whose keys this administrator looks after. Raises NotThere."""
    person = person_for(viewer, person_id, "administrator")
    if not (holds_staff_role(person_id) and keeps_staff(viewer, person_id)):
        raise NotThere
    return person


def keeps_staff(viewer: Viewer, person_id: int) -> bool:
    """Is the viewer administrator wherever this person is staff? One of a single site has no say over one of them all."""
    rows = Role.objects.filter(person_id=person_id, ended_at=None).exclude(name="participant")
    return all(
        viewer.holds(
            "administrator", organization_id=row.organization_id, site_id=row.site_id, program_id=row.program_id
        )
        for row in rows
    )


def matching_words(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those whose names, nickname, registry number or telephone's last four digits begin with every word of `text`."""
    for word in words_of(text):
        people = people.filter(pk__in=SearchKey.objects.filter(key=search_hash(word)).values("person"))
    return people


def with_registry_id(organization_id: int, registry_id: str) -> bool:
    return Person.objects.filter(organization_id=organization_id, registry_id=registry_id).exists()


def first_names_at(value_hash: str) -> set[str]:
    """The folded first names of those who answer at this number: the same name there is the same person."""
    people = Person.objects.filter(contact_points__value_hash=value_hash, removed_at=None)
    return {folded(name) for name in people.values_list("first_name", flat=True)}


def is_contact_of(person_id: int, contact_id: int) -> bool:
    return ContactPoint.objects.filter(pk=contact_id, person_id=person_id).exists()


def contact_points(person: Person) -> list[ContactPoint]:
    return list(person.contact_points.order_by("kind", "-preferred", "pk"))


def unproven_number(viewer: Viewer, person_id: int, contact_id: int) -> ContactPoint:
    """A telephone number of somebody within reach of those who keep records, not proven yet. Raises NotThere."""
    person = person_for(viewer, person_id, *KEEPERS)
    points = person.contact_points.filter(pk=contact_id, kind=ContactPoint.PHONE, verified_at=None)
    if (point := points.first()) is None:
        raise NotThere
    return point


def is_number_of(contact_id: int, person_id: int | None, value_hash: str) -> bool:
    """Is this contact point still this number of this person, who is not removed?"""
    points = ContactPoint.objects.filter(pk=contact_id, person_id=person_id or 0, value_hash=value_hash)
    return points.filter(kind=ContactPoint.PHONE, person__removed_at=None).exists()


def roles_now(person_id: int) -> QuerySet[Role]:
    return Role.objects.filter(person_id=person_id, ended_at=None).select_related("site").order_by("name", "pk")


def holds_staff_role(person_id: int) -> bool:
    return Role.objects.filter(person_id=person_id, ended_at=None).exclude(name="participant").exists()


def holders(*roles: str, organization_id: int | None = None) -> list[int]:
    """Whoever has one of these roles anywhere now, each once."""
    rows = Role.objects.filter(name__in=roles, ended_at=None, person__removed_at=None)
    rows = rows if organization_id is None else rows.filter(organization_id=organization_id)
    return sorted(set(rows.values_list("person_id", flat=True)))


def care_staff_of(organization_id: int, site_id: int | None, program_id: int) -> list[Known]:
    """Nurses and coordinators whose role reaches this program, by nickname."""
    return staff_reaching(organization_id, site_id, program_id, *CARE)


def staff_reaching(organization_id: int, site_id: int | None, program_id: int, *roles: str) -> list[Known]:
    """Whose roles of these reach this program, by nickname."""
    rows = Role.objects.filter(name__in=roles, organization_id=organization_id, ended_at=None, person__removed_at=None)
    rows = rows.filter(Q(site=None) | Q(site=site_id), Q(program_id=None) | Q(program_id=program_id))
    return sorted(known(rows.values_list("person_id", flat=True)).values(), key=lambda one: one.nickname)


def administrators(organization_id: int | None = None) -> QuerySet[Role]:
    rows = Role.objects.filter(name="administrator", ended_at=None, person__removed_at=None)
    return rows if organization_id is None else rows.filter(organization_id=organization_id)


def made_up_people(*roles: str, language: str = "") -> QuerySet[Role]:
    """The roles of demonstration people, first made first."""
    rows = Role.objects.filter(name__in=roles, ended_at=None, person__made_up=True, person__removed_at=None)
    rows = rows.filter(person__language=language) if language else rows
    return rows.select_related("person__account").order_by("pk")


def is_made_up(person_id: int) -> bool:
    return Person.objects.filter(pk=person_id, made_up=True, removed_at=None).exists()


def organization_called(value_hash: str) -> int | None:
    """Whose a call is while its caller is not identified: the one organization whose people have this telephone, else
    the one that keeps the line. None: there is no organization yet."""
    points = ContactPoint.objects.filter(kind=ContactPoint.PHONE, value_hash=value_hash, person__removed_at=None)
    knowing = set(points.values_list("person__organization_id", flat=True)) if value_hash else set()
    if len(knowing) == 1:
        return int(knowing.pop())
    every = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    return settings.LINE_ORGANIZATION if settings.LINE_ORGANIZATION in every else next(iter(every), None)


def organizations(viewer: Viewer) -> QuerySet[Organization]:
    """Those in which the viewer holds any role."""
    if viewer.is_platform:
        return Organization.objects.order_by("pk")
    return Organization.objects.filter(pk__in={grant.organization_id for grant in viewer.grants}).order_by("pk")


def nicknames_in(program_id: int) -> set[str]:
    people = Role.objects.filter(program_id=program_id, ended_at=None, person__removed_at=None)
    return set(people.values_list("person__nickname", flat=True))


def nickname_is_free(nickname: str, program_ids: Iterable[int], besides: int | None = None) -> bool:
    """Nobody else in these programs has it, whatever the case of its letters."""
    others = Role.objects.filter(program_id__in=list(program_ids), ended_at=None, person__removed_at=None)
    return not others.filter(person__nickname__iexact=nickname.strip()).exclude(person_id=besides or 0).exists()


def nickname_suggestions(program_id: int | None, language: str, how_many: int = 3) -> list[str]:
    """Free names of trees, birds and places in that language; unique within the program."""
    taken = nicknames_in(program_id) if program_id else set()
    return nicknames.suggest(language, taken, how_many, turn=len(taken))


def nicknames_free_for(person: Person) -> list[str]:
    """Three suggestions that are free in every program of this person."""
    programs = roles_now(person.pk).values_list("program_id", flat=True)
    taken = {name for program_id in programs if program_id for name in nicknames_in(program_id)}
    return nicknames.suggest(person.language, taken, 3, turn=person.pk)


def staff(viewer: Viewer) -> QuerySet[Role]:
    """Staff roles that hold now, where the viewer is administrator."""
    scope = viewer.scope("administrator", organization="organization", site="site", program="program_id")
    rows = Role.objects.filter(scope, ended_at=None, person__removed_at=None).exclude(name="participant")
    return rows.select_related("person", "site").order_by("person__nickname", "person_id", "name")


def everybody() -> QuerySet[Person]:
    """For another room's query, which must narrow it to what its viewer reaches."""
    return Person.objects.all()


def opened_names() -> int:
    """How many sealed names and numbers open with this server's keys, all of them read. Raises vault CannotOpen."""
    names = sum(1 for _ in Person.objects.only("first_name", "last_name").iterator())
    return names + sum(1 for _ in ContactPoint.objects.only("value").iterator())
