"""How staff come in: invited by a link, let in again after a forgotten password or a lost second factor, and the first
administrator of an empty server. A link works once and for a limited time; only its hash is kept."""

import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.audit import services as audit
from peerline.entry.models import Invitation
from peerline.jobs.services import enqueue
from peerline.kernel import clock
from peerline.messaging import services as messaging
from peerline.people import accounts
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people.access import PLATFORM, Viewer, require
from peerline.people.services import Place
from peerline.vault.services import lookup_hash, seal, unseal

FORGOT = "entry.send_forgotten"
HOURS = {"invited": 72, "forgot": 1, "lost": 24, "first": 24, "join": 60 * 24}


def _hash(token: str) -> str:
    return lookup_hash(token, "invitation")


def _link(person_id: int | None, purpose: str, made_by: int | None, code_hash: str = "") -> str:
    """A new token; older unused ones of the same person and purpose are void."""
    now = clock.now()
    Invitation.objects.filter(person_id=person_id, purpose=purpose, used_at=None).update(used_at=now)
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        person_id=person_id,
        purpose=purpose,
        token_hash=_hash(token),
        code_hash=code_hash,
        made_at=now,
        made_by_id=made_by,
        expires_at=now + timedelta(hours=HOURS[purpose]),
    )
    return token


def _address(token: str) -> str:
    return settings.PUBLIC_URL + reverse("entry:welcome", args=[token])


@transaction.atomic
def invite(actor: Viewer, *, person_id: int, email: str) -> None:
    """Give a staff person an account under this address and mail them the link to choose a password."""
    accounts.give_account(actor, person_id=person_id, email=email)
    _mail_link(person_id, "invited", actor.person_id)
    audit.record(actor.person_id, "entry.invited", subject_id=person_id)


def _mail_link(person_id: int, purpose: str, made_by: int | None) -> None:
    token = _link(person_id, purpose, made_by)
    with translation.override(people.person_known(person_id).language):
        body = _("Open this link to choose your password. It works once.\n\n%(link)s") % {"link": _address(token)}
        messaging.send(
            to_person=person_id,
            channel="email",
            kind=f"entry.{purpose}",
            key=f"entry.{purpose}:{_hash(token)[:24]}",
            address=people.account_email(person_id),
            subject=_("Your way into Peerline"),
            body=body,
            expires_at=clock.now() + timedelta(hours=HOURS[purpose]),
            holds_code=True,
        )


def ask_for_new_password(email: str) -> None:
    """The same job for a known and an unknown address; who it is, the job finds out."""
    now = clock.now()
    key = lookup_hash(email.strip().lower(), "forgot")[:32]
    enqueue(FORGOT, f"{FORGOT}:{key}:{now:%Y%m%d%H}{now.minute // 15}", address_hash=key, email_sealed=_sealed(email))


def _sealed(email: str) -> str:
    return seal(email.strip().lower().encode()).decode()


def send_forgotten(address_hash: str, email_sealed: str) -> None:
    """The job: a link to those who have a staff account; the second factor stays in force."""
    person_id = accounts.staff_person_with_email(unseal(email_sealed.encode()).decode())
    if person_id is not None and people.holds_staff_role(person_id):
        _mail_link(person_id, "forgot", None)


def open_invitation(token: str) -> Invitation | None:
    """The invitation this link belongs to, while it can be used."""
    rows = Invitation.objects.filter(token_hash=_hash(token), used_at=None, expires_at__gt=clock.now())
    return rows.select_related("person").first()


@transaction.atomic
def accept(token: str, *, password: str) -> int:
    """The invited person chose a password; whose it is. Raises NotThere for a link that is no longer good."""
    invitation = open_invitation(token)
    require(invitation and invitation.person_id and invitation.purpose != "join")
    assert invitation is not None and invitation.person_id is not None
    Invitation.objects.filter(pk=invitation.pk).update(used_at=clock.now())
    accounts.set_password(invitation.person_id, password)
    return invitation.person_id


@transaction.atomic
def reset_second_factor(actor: Viewer, *, person_id: int, how_confirmed: str) -> None:
    """A staff person lost their second factor, and an administrator made sure it is them (how: in a few words).

    Passkeys, app and recovery codes are void, so is the password, so is every session. Both are told by e-mail.
    """
    person = people.colleague_for(actor, person_id)
    require(actor.person_id != person_id and how_confirmed.strip())
    account = accounts.set_password(person.pk, None, by=actor.person_id)
    Authenticator.objects.filter(user_id=account.pk).delete()
    _mail_link(person.pk, "lost", actor.person_id)
    audit.record(actor.person_id, "entry.second_factor_reset", subject_id=person.pk, how=how_confirmed.strip()[:200])
    if actor.person_id is not None:
        _tell(actor.person_id, person.nickname)


def _tell(administrator_id: int, name: str) -> None:
    with translation.override(people.person_known(administrator_id).language):
        messaging.send(
            to_person=administrator_id,
            channel="email",
            kind="entry.second_factor_reset",
            key=f"entry.second_factor_reset:{secrets.token_hex(8)}",
            address=people.account_email(administrator_id),
            subject=_("A second factor was reset"),
            body=_("You reset the second factor of %(name)s. If this was not you, tell your administrators now.")
            % {"name": name},
        )


# --- The first administrator ---------------------------------------------------------------------------------------


def needs_first_administrator() -> bool:
    return not people.administrators().exists()


@transaction.atomic
def first_key() -> str | None:
    """A key for the page /first/, printed at start; None when there is an administrator. Older keys are void."""
    return _link(None, "first", None) if needs_first_administrator() else None


def is_first_key(token: str) -> bool:
    invitation = open_invitation(token.strip())
    return invitation is not None and invitation.purpose == "first" and needs_first_administrator()


@transaction.atomic
def become_first_administrator(
    token: str, *, organization: str, first_name: str, last_name: str, email: str, password: str, language: str
) -> int:
    """An organization and the person who looks after it; their id. Raises NotThere for a wrong or used key."""
    require(is_first_key(token))
    Invitation.objects.filter(purpose="first", used_at=None).update(used_at=clock.now())
    place = Place(person_services.make_organization(PLATFORM, name=organization).pk)
    person = person_services.add_person(
        PLATFORM, place=place, first_name=first_name, last_name=last_name, nickname=first_name, language=language
    )
    person_services.give_role(PLATFORM, person_id=person.pk, role="administrator", place=place)
    accounts.give_account(PLATFORM, person_id=person.pk, email=email)
    accounts.set_password(person.pk, password)
    return person.pk
