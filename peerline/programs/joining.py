"""How somebody who was invited answers for themself: yes, not now, or no. By a letter's link or code; see entry/letters."""

import io
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

import segno
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from peerline.entry import letters
from peerline.entry.letters import Letter
from peerline.exchange.prompts.catalogue import text_of
from peerline.kernel import clock
from peerline.kernel.dialogue import Spoken
from peerline.kernel.phone_numbers import for_reading
from peerline.messaging import services as messaging
from peerline.people import queries as people
from peerline.people.access import PLATFORM, Viewer, viewer_of
from peerline.programs import explaining, queries, services
from peerline.programs.models import Enrollment
from peerline.vault.services import lookup_hash


def address(token: str) -> str:
    return settings.PUBLIC_URL + reverse("programs:join_by_link", args=[token])


def mailbox_of(person_id: int) -> str:
    """The address this person gave, a proven one before others; "" where there is none."""
    found = [one for one in people.contact_points(people.person_for(PLATFORM, person_id)) if one.kind == "email"]
    return min(found, key=lambda one: (one.verified_at is None, one.pk)).value if found else ""


@transaction.atomic
def mail_link(actor: Viewer, person_id: int) -> bool:
    """A fresh link, mailed in the person's language; False where there is no address. Older letters and links are void."""
    address_ = mailbox_of(person_id)
    if not address_:
        return False
    letter = letters.invite(actor, person_id=person_id)
    with translation.override(people.person_known(person_id).language):
        body = _(
            "We invite you to talk with another person by telephone, about once a week. You decide whether it suits you, and "
            "your care stays the same if you say no.\n\nOpen this link to read more and to answer:\n\n%(link)s\n\nOr call "
            "%(line)s. When we ask for your home number, type this code: %(code)s"
        )
        messaging.send(
            to_person=person_id, channel="email", kind="entry.join", key=f"entry.join:{lookup_hash(letter.token, 'join')[:24]}",
            address=address_, subject=_("An invitation"), holds_code=True, expires_at=clock.now() + timedelta(days=60),
            body=body % {"link": address(letter.token), "line": for_reading(settings.LINE_NUMBER), "code": letter.code},
        )  # fmt: skip
    return True


def letter_page(person_id: int, letter: Letter) -> dict[str, Any]:
    """What is printed: the code in groups, the link as a picture, and where to type the code."""
    code = letter.code
    return {
        "person": people.person_known(person_id),
        "code": f"{code[:3]} {code[3:6]} {code[6:]}",
        "picture": picture(address(letter.token)),
        "address": address(letter.token),
        "page": settings.PUBLIC_URL + reverse("programs:join"),
        "programs": [row.program.name for row, _version in queries.waiting_for_an_answer(person_id)],
    }


def picture(link: str) -> SafeString:
    """A link as a QR code, drawn as SVG: black on white whatever the page's colors, so that every telephone reads it."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="svg", scale=5, border=4, xmldecl=False, svgns=False, dark="#000", light="#fff", omitsize=False
    )
    return mark_safe(out.getvalue().decode())


def asked(person_id: int) -> dict[str, Any] | None:
    """The first program that waits for this person's answer, as they read it; None when there is none."""
    waiting = queries.waiting_for_an_answer(person_id)
    if not waiting:
        return None
    row, version = waiting[0]
    language = translation.get_language() or "en"
    protocol = queries.protocol(row.program.protocol_key, row.protocol_version)
    return {
        "enrollment": row,
        "version": version,
        "text": queries.consent_text(row.program_id, version, language).text,
        "protocol": explaining.brief(protocol),
        "first_weeks": explaining.drawn(protocol, timezone.localdate())["rows"][:3],
    }


@transaction.atomic
def agree(person_id: int, enrollment_id: int, version: int) -> None:
    """Yes, on the website. The letter has done its work."""
    services.give_consent(viewer_of(person_id), enrollment_id=enrollment_id, version=version, how="web")
    letters.use_up(person_id)


@transaction.atomic
def decline(person_id: int, enrollment_id: int) -> Enrollment:
    """A plain no: no contact from here on, and no question why (S121)."""
    row = services.stop(viewer_of(person_id), enrollment_id, "declined")
    letters.use_up(person_id)
    return row


# --- A call to try, on the page (tour.py is the same by telephone) ------------------------------------------------------


class Place(NamedTuple):
    """Where in the call one is: what the line says, and which key leads where."""

    says: tuple[str, ...]
    keys: tuple[tuple[str, str, str], ...] = ()  # key, its prompt, the next place


TRY = {
    "rung": Place(("tour.rings",), (("1", "tour.pick_up", "talking"), ("2", "tour.not_now", "declined"))),
    "talking": Place(("tour.talking",), (("*", "tour.step_away", "away"),)),
    "declined": Place(("tour.declined", "tour.over")),
    "away": Place(("tour.away", "tour.over")),
}


def told(prompts: Iterable[str]) -> list[str]:
    """What the line says there, in the language in force."""
    language = (translation.get_language() or "en")[:2]
    return [text_of(Spoken(language, one)) for one in prompts]


def keys(place: Place) -> list[tuple[str, str, str]]:
    return [(key, told([prompt])[0], there) for key, prompt, there in place.keys]
