"""What programs answers to dialogues: answer(leg, …), plain values."""

import re
from typing import Any

from peerline.entry import letters
from peerline.people.access import viewer_of
from peerline.people.queries import person_known
from peerline.programs import queries, rests, services
from peerline.programs.models import Enrollment

LONGEST_SENTENCE = 280  # letters: what a person can hold in mind, and the voice says in one breath or two


def invitations(leg: Any, person_id: int) -> list[dict[str, Any]]:
    """What this person has still to agree to, in their language: the texts in force, sentence by sentence."""
    language = person_known(person_id).language
    waiting = queries.waiting_for_an_answer(person_id)
    return [_invitation(row, version, language) for row, version in waiting]


def _invitation(row: Enrollment, version: int, language: str) -> dict[str, Any]:
    text = queries.consent_text(row.program_id, version, language).text
    return {
        "enrollment": row.pk,
        "program": row.program.name,
        "version": version,
        "sentences": sentences(text),
        "new": row.state == "invited",
    }


def sentences(text: str) -> list[str]:
    """A text in pieces to be said: at the ends of sentences, and of a very long one at its commas or words."""
    found: list[str] = []
    for sentence in re.split(r"(?<=[.!?:;])\s+|\n+", text.strip()):
        words = sentence.split()
        while words:
            piece = [words.pop(0)]
            while words and len(" ".join([*piece, words[0]])) <= LONGEST_SENTENCE:
                piece.append(words.pop(0))
            found.append(" ".join(piece))
    return found


def rest(leg: Any, person_id: int) -> dict[str, Any] | None:
    """Does the caller rest, and until when ("" where they did not say)? None: no."""
    found = rests.of_person(person_id)
    days = [one["rests_until"] for one in found]
    return {"until": "" if None in days else max(days).isoformat()} if found else None


def begin_rest(leg: Any, person_id: int, weeks: int) -> str:
    """The day the caller is back; "" where they will say."""
    until = services.rest(person_id, weeks=weeks)
    return until.isoformat() if until else ""


def end_rest(leg: Any, person_id: int) -> None:
    services.go_on(person_id)


def agree(leg: Any, person_id: int, enrollment_id: int, version: int) -> bool:
    """Agreed by telephone, to the version that was read aloud."""
    services.give_consent(viewer_of(person_id), enrollment_id=enrollment_id, version=version, how="phone")
    return True


def decline(leg: Any, person_id: int, enrollment_id: int) -> bool:
    """A plain no (S121). True while the person is in another program, which goes on."""
    services.stop(viewer_of(person_id), enrollment_id, "declined")
    letters.use_up(person_id)
    return bool(queries.enrolled(person_id, "invited", "active", "paused"))
