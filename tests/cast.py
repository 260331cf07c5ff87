"""The people of the tests, made through the real services. Numbers are of the block set aside for fiction."""

from itertools import count

from peerline.people import accounts, queries
from peerline.people import services as people
from peerline.people.access import PLATFORM, Viewer, viewer_of
from peerline.people.models import Organization, Person
from peerline.people.services import Place

_numbers = count(100)


def clinic(name: str = "Willow Street Clinic") -> Organization:
    return people.make_organization(PLATFORM, name=name)


def somebody(
    organization: Organization,
    role: str | None = "participant",
    *,
    site_id: int | None = None,
    program_id: int | None = None,
    phone: str | None = None,
    email: str | None = None,
    **facts: object,
) -> Person:
    """A person with that role there, and verified contact points for what is given."""
    facts.setdefault("first_name", "Rosa")
    place = Place(organization.pk, site_id, program_id)
    person = people.add_person(PLATFORM, place=place, **facts)  # type: ignore[arg-type]
    if role:
        people.give_role(PLATFORM, person_id=person.pk, role=role, place=place)
    for kind, value in (("phone", phone), ("email", email)):
        if value:
            point = people.set_contact(PLATFORM, person_id=person.pk, kind=kind, value=value)
            people.verify(PLATFORM, contact_id=point.pk, how="call")
    return person


def viewer(organization: Organization, role: str, **where: object) -> Viewer:
    """A fresh staff person with just this role, as a viewer."""
    return viewer_of(somebody(organization, role, **where).pk)  # type: ignore[arg-type]


def fresh_number() -> str:
    return f"+1734555{next(_numbers):04d}"


def sign_in(client: object, person: Person) -> object:
    """The Django test client, signed in as this person: staff with password and second factor behind them."""
    from allauth.mfa.totp.internal.auth import TOTP

    account = accounts.account_for(person.pk)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[attr-defined]
    if queries.holds_staff_role(person.pk):
        TOTP.activate(account, "A" * 32)
        session = client.session  # type: ignore[attr-defined]
        session["account_authentication_methods"] = [{"method": "password", "at": 0}]
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()
    return client
