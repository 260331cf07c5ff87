"""What this room tells of one person's time: messages to the staff, calls by the staff, and what staff saw to.

What needs somebody, and what staff wrote about it, is for staff only, and as far as the desk shows it to them.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.care import desk, queries, sayings, words
from peerline.care.models import Need, PairNote, Panel, Voicemail
from peerline.exchange import queries as exchange
from peerline.pairs import queries as pairs
from peerline.ui.moments import Reader, Strand, Told
from peerline.ui.phrases import length_words


def _voicemails(reader: Reader) -> QuerySet[Any]:
    mine = Voicemail.objects.filter(program__in=reader.programs)
    rows = mine if reader.own else queries.voicemails(reader.viewer)
    return rows.filter(voice__author=reader.person_id).select_related("voice")


def _say_left(row: Any, reader: Reader) -> Told:
    url = "" if reader.own else reverse("care:message", args=[row.pk])
    return Told(_("A message to the staff"), "", row.program_id, url)


def _say_handled(row: Any, reader: Reader) -> Told:
    return Told(_("The staff answered a message"), "" if reader.own else row.note, row.program_id)


def _calls(reader: Reader) -> QuerySet[Any]:
    return exchange.calls_with(reader.person_id).filter(way="staff", program_id__in=reader.programs)


def _say_call(row: Any, reader: Reader) -> Told:
    why = length_words(row.talk_seconds) if row.talk_seconds else _("Nobody answered.")
    return Told(_("A call by the staff"), why, row.program_id)


def _needs(reader: Reader) -> QuerySet[Any]:
    about = Q(person=reader.person_id) | Q(pair__in=pairs.ever_of(reader.person_id))
    return desk.needs(reader.viewer).filter(about, program__in=reader.programs, drill=False)


def _open(reader: Reader) -> QuerySet[Any]:
    return _needs(reader).filter(closed_at=None)


def _why(need: Need) -> str:
    """What a missed thing was would be asked row by row."""
    return "" if need.kind == "timeline.missed" else sayings.why(need)


def _what(need: Need) -> str:
    return str(words.ROOMS.get(need.kind.partition(".")[0], ""))


def _say_need(said: Any, row: Any) -> Told:
    return Told(f"{said}: {_what(row)}", _why(row), row.program_id, reverse("care:need", args=[row.pk]))


def _say_arose(row: Any, reader: Reader) -> Told:
    return _say_need(_("Put before the staff"), row)


def _say_closed(row: Any, reader: Reader) -> Told:
    told = _say_need(_("Seen to") if row.closed_how == "done" else _("Settled by itself"), row)
    return told._replace(why=row.note or told.why)


def _say_rests(row: Any, reader: Reader) -> Told:
    return _say_need(_("Back on the list"), row)


def _notes(reader: Reader) -> QuerySet[Any]:
    mine = pairs.ever_of(reader.person_id)
    return PairNote.objects.filter(pair__in=mine, pair__program__in=reader.programs).select_related("pair")


def _say_note(row: Any, reader: Reader) -> Told:
    url = reverse("care:difficulty", args=[row.pair_id])
    return Told(str(words.DEEDS.get(row.did, row.did)), row.note, row.pair.program_id, url)


def _panels(reader: Reader) -> QuerySet[Any]:
    rows = Panel.objects.filter(person=reader.person_id, program__in=reader.programs).select_related("staff")
    return rows.only("since", "program", "staff__nickname")


def _say_panel(row: Any, reader: Reader) -> Told:
    return Told(_("Looked after by %(name)s") % {"name": row.staff.nickname}, "", row.program_id)


STRANDS = (
    Strand("care.left", _voicemails, "voice__left_at", _say_left),
    Strand("care.handled", _voicemails, "handled_at", _say_handled),
    Strand("care.call", _calls, "began_at", _say_call),
    Strand("care.arose", _needs, "since", _say_arose, staff_only=True),
    Strand("care.closed", _needs, "closed_at", _say_closed, staff_only=True),
    Strand("care.rests", _open, "rests_until", _say_rests, ahead=True, staff_only=True),
    Strand("care.note", _notes, "at", _say_note, staff_only=True),
    Strand("care.panel", _panels, "since", _say_panel),
)
