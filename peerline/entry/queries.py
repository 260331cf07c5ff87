"""Reads: how many PINs were wrong, whether the line is closed to strange telephones, who has a PIN."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from peerline.entry.models import Alarm, Failure, Pin
from peerline.entry.rules import DAY, HOUR, Failures
from peerline.kernel.languages import LANGUAGES
from peerline.people import queries as people
from peerline.people import words
from peerline.people.access import Viewer
from peerline.people.queries import Known


def is_closed(now: datetime) -> bool:
    return Alarm.objects.filter(until__gt=now).exists()


def failures(household: str, now: datetime) -> Failures:
    """The counts `rules.may_try` decides on. A right PIN from home wipes the slips made from home before it."""
    today = Failure.objects.filter(at__gt=now - DAY)
    here = today.filter(household=household)
    own = here.filter(from_registered=True)
    since = last_right_at(household)
    strange = today.filter(from_registered=False)
    return Failures(
        household_from_strange=here.filter(from_registered=False).count(),
        household_from_own=(own.filter(at__gt=since) if since else own).count(),
        line_an_hour=strange.filter(at__gt=now - HOUR).count(),
        line_a_day=strange.count(),
        line_closed=is_closed(now),
    )


def last_right_at(household: str) -> datetime | None:
    ids = [one.person_id for one in people.people_at_number(household)]
    rows = Pin.objects.filter(person_id__in=ids).exclude(last_right_at=None)
    return rows.order_by("-last_right_at").values_list("last_right_at", flat=True).first()


def is_telephone_of(telephone_hash: str, at_home: Iterable[Known]) -> bool:
    """Is the caller's own number a verified one of somebody in this household?"""
    ids = {one.person_id for one in at_home}
    return bool(telephone_hash) and people.is_verified_for(telephone_hash, ids)


def housemates(person_id: int) -> list[int]:
    """Everybody else who answers at one of this person's numbers."""
    return [other for other in people.sharing_a_number(person_id) if other != person_id]


def pin_issued_at(person_id: int) -> datetime | None:
    return Pin.objects.filter(person_id=person_id).values_list("issued_at", flat=True).first()


def must_change_pin(person_id: int) -> bool:
    return Pin.objects.filter(person_id=person_id, must_change=True).exists()


def line_closed_until(now: datetime) -> datetime | None:
    """Until when strange telephones are turned to voicemail; None while the line is open to all."""
    return Alarm.objects.filter(until__gt=now).order_by("-until").values_list("until", flat=True).first()


def latest_alarm() -> Alarm | None:
    return Alarm.objects.order_by("-at", "-pk").first()


def staff_without_second_factor(viewer: Viewer) -> list[str]:
    """Nicknames of those whom the viewer administers and who have neither passkey nor app."""
    roles = {row.person_id: row.person.nickname for row in people.staff(viewer)}
    having = Authenticator.objects.filter(type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    proven = set(having.filter(user__person__in=roles).values_list("user__person_id", flat=True))
    return [name for person_id, name in roles.items() if person_id not in proven]


# --- The demonstration's ways in -----------------------------------------------------------------------------------

DEMO_PASSWORD = "made-up people only"  # noqa: S105  opens nothing once others can reach the server (entry/access.py)
DEMO_PIN = "739184"  # of every made-up participant


@dataclass(frozen=True)
class DemoAccount:
    """One made-up person to sign in as, with what the ordinary way in would ask of them."""

    person_id: int
    role: str
    nickname: str
    email: str
    password: str
    language: str

    @property
    def role_words(self) -> str:
        return str(words.ROLES[self.role])

    @property
    def how(self) -> str:
        """What the ordinary way in asks for."""
        if self.email:
            return f"{self.email} · {self.password}"
        return LANGUAGES[self.language]


def demo_accounts() -> list[DemoAccount]:
    """One of each staff role, and the first participant of each language."""
    rows: list[Any] = []
    for name in ("coordinator", "nurse", "researcher", "administrator"):
        rows += people.made_up_people(name)[:1]
    for language in LANGUAGES:
        rows += people.made_up_people("participant", language=language)[:1]
    return [_demo_account(row) for row in rows]


def _demo_account(row: Any) -> DemoAccount:
    account = getattr(row.person, "account", None)
    email = account.email if account and account.email else ""
    password = DEMO_PASSWORD if email else ""
    return DemoAccount(row.person_id, row.name, row.person.nickname, email, password, row.person.language)
