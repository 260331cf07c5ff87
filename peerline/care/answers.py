"""What care answers to dialogues: answer(leg, …), plain values."""

from typing import Any

from peerline.care import needs
from peerline.care.models import Need
from peerline.people.access import viewer_of


def need(leg: Any, person_id: int, need_id: int) -> dict[str, bool]:
    """Does it still wait, and is it only a drill?"""
    row = Need.objects.filter(pk=need_id).first()
    return {"open": row is not None and row.closed_at is None, "drill": row is not None and row.drill}


def seen(leg: Any, person_id: int, need_id: int) -> None:
    """The key is the proof that it was heard."""
    needs.seen(viewer_of(person_id), need_id=need_id, how="key")
