"""What this room tells of one person's time: sessions, and the training."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.groups import words
from peerline.groups.models import Seat, Training
from peerline.ui.moments import Reader, Strand, Told


def _seats(reader: Reader) -> QuerySet[Any]:
    rows = Seat.objects.filter(person=reader.person_id, session__program__in=reader.programs)
    return rows.exclude(session__state="canceled").select_related("session")


def _say_seat(row: Any, reader: Reader) -> Told:
    came = {True: _("came"), False: _("did not come")}.get(row.came, row.state_words)
    url = "" if reader.own else reverse("groups:session", args=[row.session_id])
    said = _("Session: %(title)s") % {"title": row.session.title}
    return Told(said, f"{row.session.way_words}, {came}", row.session.program_id, url)


def _trained(reader: Reader) -> QuerySet[Any]:
    return Training.objects.filter(person=reader.person_id)


def _say_trained(row: Any, reader: Reader) -> Told:
    return Told(_("The training in talking with a partner, %(how)s") % {"how": words.HOW.get(row.how, "")})


STRANDS = (
    Strand("groups.seat", _seats, "session__begins_at", _say_seat, ahead=True),
    Strand("groups.trained", _trained, "done_at", _say_trained),
)


def subjects(person_id: int) -> list[str]:
    """Seats in sessions that are still planned. An invitation names the session first: "session:7:12"."""
    rows = Seat.objects.filter(person=person_id, session__state="planned")
    return [f"seat:{pk}" for pk in rows.values_list("pk", flat=True)]
