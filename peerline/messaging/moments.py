"""What this room tells of one person's time: that something was sent to them, how, and whether it came. No words of it."""

from typing import Any

from django.db.models import Q, QuerySet

from peerline.messaging import words
from peerline.messaging.models import Message
from peerline.ui.moments import Reader, Strand, Told


def _messages(reader: Reader) -> QuerySet[Any]:
    """Codes are nobody's business. What belongs to a program is for those who reach it."""
    mine = Q(reminder=None) | Q(reminder__program_id=None) | Q(reminder__program_id__in=reader.programs)
    rows = Message.objects.filter(mine, to_person=reader.person_id, holds_code=False).select_related("reminder")
    return rows.only("to_person", "channel", "state", "word", "reminder__program_id")


def _say(row: Any, reader: Reader) -> Told:
    program_id = row.reminder.program_id if row.reminder else None
    return Told(str(words.SENT_BY[row.channel]), row.state_words, program_id)


STRANDS = (Strand("messaging.sent", _messages, "made_at", _say),)
