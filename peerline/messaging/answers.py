"""What messaging answers to dialogues: answer(leg, …), plain values."""

from typing import Any

from django.db.models import QuerySet

from peerline.messaging import services
from peerline.messaging.models import Message
from peerline.people import queries as people
from peerline.people.access import viewer_of
from peerline.prepared import prepared


def words(leg: Any, person_id: int, message_id: int) -> dict[str, Any]:
    """The prompt of a reminder and its values; for one that is gone, that there is something."""
    message = _to(message_id, person_id) and _with_reminder.first(message_id)
    reminder = message and message.reminder
    return {
        "name": people.person_known(person_id).nickname,
        "prompt": reminder.prompt if reminder else "",
        "values": reminder.prompt_values if reminder else {},
    }


@prepared(int)
def _with_reminder(message_id: int) -> QuerySet[Message]:
    return Message.objects.filter(pk=message_id).select_related("reminder")


@prepared(int, int)
def _to(message_id: int, person_id: int) -> QuerySet[Message, int]:
    return Message.objects.filter(pk=message_id, to_person_id=person_id).values_list("pk", flat=True)


def heard(leg: Any, message_id: int) -> None:
    """They pressed a key to hear it: it arrived."""
    if leg.person_id and _to(message_id, leg.person_id):
        services.noted(message_id, "delivered")


def no_calls(leg: Any, person_id: int) -> None:
    """No more calls to remind them; other ways they allowed stay."""
    services.without(viewer_of(person_id), person_id=person_id, channel="voice")
