"""Reads: the outbox, as far as a viewer reaches."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from peerline.kernel import clock
from peerline.messaging.models import Message
from peerline.people import queries as people
from peerline.people.access import Viewer, demo_is_open


def outbox(viewer: Viewer) -> QuerySet[Message]:
    """Newest first. In a demonstration on this very machine: everything; otherwise what was sent to people in reach."""
    rows = Message.objects.select_related("to_person").order_by("-pk")
    if demo_is_open():
        return rows
    return rows.filter(to_person__in=people.reach(viewer, "coordinator", "administrator").values("pk"))


def words_of(message: Message) -> str | None:
    """What the message says; None for one that holds a code, except in a demonstration on this very machine."""
    return None if message.holds_code and not demo_is_open() else message.body


def channel_in_use(channel: str) -> str:
    """Which folder under channels/ carries it now: smtp, sms, or onscreen where nothing is configured."""
    if channel == "email" and not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        return "smtp"
    if channel == "sms" and settings.CARRIER["account"]:
        return "sms"
    return "onscreen"


def sent_lately(person_id: int, kind: str, minutes: int) -> int:
    """How many of this kind were written to this person within so many minutes."""
    since = clock.now() - timedelta(minutes=minutes)
    return Message.objects.filter(to_person_id=person_id, kind=kind, made_at__gt=since).count()


def failed(viewer: Viewer) -> QuerySet[Message]:
    return outbox(viewer).filter(state="failed")


def latest(kind: str) -> Message | None:
    """The newest message of a kind, whoever it was for."""
    return Message.objects.filter(kind=kind).order_by("-pk").first()
