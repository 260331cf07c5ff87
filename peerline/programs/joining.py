"""How somebody who was invited answers for themself: yes, not now, or no. By a letter's link or code; see entry/letters."""

import io
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from peerline.entry import letters
from peerline.entry.letters import Letter
from peerline.people import queries as people
from peerline.people.access import viewer_of
from peerline.programs import explaining, queries, services
from peerline.programs.models import Enrollment


def address(token: str) -> str:
    return settings.PUBLIC_URL + reverse("programs:join_by_link", args=[token])


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
