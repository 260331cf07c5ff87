"""What care answers to dialogues: answer(leg, …), plain values."""

from typing import Any

from peerline.care import needs
from peerline.care.models import Need
from peerline.exchange import services as exchange
from peerline.people.access import viewer_of
from peerline.programs import queries as programs


def need(leg: Any, person_id: int, need_id: int) -> dict[str, bool]:
    """Does it still wait, and is it only a drill?"""
    row = Need.objects.filter(pk=need_id).first()
    return {"open": row is not None and row.closed_at is None, "drill": row is not None and row.drill}


def seen(leg: Any, person_id: int, need_id: int) -> None:
    """The key is the proof that it was heard."""
    needs.seen(viewer_of(person_id), need_id=need_id, how="key")


def message(leg: Any, voice_id: int, participant_id: int) -> bool:
    """A voice message of the staff for a participant (S9). False: they take part no more."""
    taking_part = programs.enrolled(participant_id, "active", "paused")
    if taking_part:
        program_id = taking_part[0].program_id
        exchange.address(
            leg, voice_id, to_person_id=participant_id, for_staff=False, program_id=program_id, label="staff"
        )
    return bool(taking_part)
