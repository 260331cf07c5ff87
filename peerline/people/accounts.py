"""Accounts: the keys of the website. Participants have one without a password; staff one with an e-mail address."""

from functools import lru_cache

from django.contrib.auth.hashers import make_password
from django.db import transaction

from peerline.audit import services as audit
from peerline.people import queries
from peerline.people.access import Viewer, require
from peerline.people.models import Account, Person
from peerline.people.rules import PeopleError


@transaction.atomic
def account_for(person_id: int) -> Account:
    """The person's account, made without a password when there is none. Never for a removed person."""
    person = Person.objects.filter(pk=person_id, removed_at=None).first()
    require(person)
    account, made = Account.objects.get_or_create(person_id=person_id)
    if made:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return account


@transaction.atomic
def give_account(actor: Viewer, *, person_id: int, email: str) -> Account:
    """A staff person's account under this address, without a password yet. Raises PeopleError email_taken."""
    person = queries.colleague_for(actor, person_id)
    email = email.strip().lower()
    if Account.objects.filter(email__iexact=email).exclude(person=person).exists():
        raise PeopleError("email_taken")
    account = account_for(person.pk)
    account.email = email
    account.save(update_fields=["email"])
    audit.record(actor.person_id, "people.account_given", subject_id=person.pk)
    return account


@transaction.atomic
def set_password(person_id: int, password: str | None, *, by: int | None = None) -> Account:
    """A new password; None: none at all. Every session of the account ends with it. by: whoever did it, if another."""
    account = account_for(person_id)
    account.set_password(password)
    account.save(update_fields=["password"])
    audit.record(by or person_id, "people.password_set", subject_id=person_id)
    return account


@transaction.atomic
def give_made_up_account(person_id: int, *, email: str, password: str) -> None:
    """A demonstration person's account: its password is printed everywhere, so it works on an open demonstration only."""
    require(queries.is_made_up(person_id))
    account = account_for(person_id)
    account.email, account.second_factor_off, account.password = email, True, _printed(password)
    account.save()


@lru_cache
def _printed(password: str) -> str:
    """The hash of a password that everybody may read: a salt of its own for each account would hide nothing."""
    return make_password(password)


def staff_person_with_email(email: str) -> int | None:
    """The person whose account signs in under this address."""
    rows = Account.objects.filter(email__iexact=email.strip(), is_active=True, person__removed_at=None)
    return rows.values_list("person_id", flat=True).first()
