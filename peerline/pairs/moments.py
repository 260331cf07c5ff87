"""What this room tells of one person's time: pairs, talks, and that something was said or written, never what.

Of a partner it names the nickname and nothing else, to staff as to the person.
"""

from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.exchange import queries as exchange
from peerline.messaging import queries as messaging
from peerline.pairs import words
from peerline.pairs.models import Partner, TalkTime
from peerline.people.queries import everybody
from peerline.programs import queries as programs
from peerline.ui.moments import Reader, Strand, Told
from peerline.ui.phrases import length_words


def _places(reader: Reader) -> QuerySet[Any]:
    names = Prefetch("pair__partners__person", queryset=everybody().only("nickname"))
    rows = Partner.objects.filter(person=reader.person_id, program__in=reader.programs)
    return rows.select_related("pair").prefetch_related(names)


def _others(row: Any) -> str:
    return " & ".join(
        one.person.nickname for one in row.pair.partners.all() if one.person_id != row.person_id
    )  # fmt: skip


def _there(pair_id: int, reader: Reader) -> str:
    return "" if reader.own else reverse("pairs:pair", args=[pair_id])


def _say_began(row: Any, reader: Reader) -> Told:
    said = _("A pair with %(name)s begun") % {"name": _others(row)}
    return Told(said, "", row.program_id, _there(row.pair_id, reader))


def _say_ended(row: Any, reader: Reader) -> Told:
    said = _("The pair with %(name)s ended") % {"name": _others(row)}
    why = "" if reader.own else str(words.END_REASONS.get(row.pair.end_reason, ""))
    return Told(said, why, row.program_id, _there(row.pair_id, reader))


def _labels(reader: Reader) -> list[str]:
    rows = Partner.objects.filter(person=reader.person_id, program__in=reader.programs)
    return [f"pair:{pk}" for pk in rows.values_list("pair_id", flat=True)]


def _talks(reader: Reader) -> QuerySet[Any]:
    """Conversations, by what each program counts as one."""
    enough = programs.every_program().order_by().filter(pk=OuterRef("program_id")).values("conversation_seconds")
    return exchange.calls().filter(label__in=_labels(reader), talk_seconds__gte=enough)


def _say_talk(row: Any, reader: Reader) -> Told:
    return Told(_("A talk, %(length)s") % {"length": length_words(row.talk_seconds)}, "", row.program_id)


def _voices(reader: Reader) -> QuerySet[Any]:
    mine = Q(author=reader.person_id) | Q(to_person=reader.person_id)
    return exchange.voice_messages().filter(mine, label__in=_labels(reader))


def _say_voice(row: Any, reader: Reader) -> Told:
    to = row.author_id == reader.person_id
    return Told(
        _("A voice message to the partner") if to else _("A voice message from the partner"), "", row.program_id
    )


def _written(reader: Reader) -> QuerySet[Any]:
    return messaging.written_of(reader.person_id, _labels(reader))


def _say_written(row: Any, reader: Reader) -> Told:
    return Told(
        _("Words written to the partner")
        if row.author_id == reader.person_id
        else _("Words written by the partner")
    )  # fmt: skip


def _times(reader: Reader) -> QuerySet[Any]:
    rows = TalkTime.objects.filter(state__in=("agreed", "past"), pair__program__in=reader.programs)
    return rows.filter(pair__partners__person=reader.person_id).select_related("pair")


def _say_time(row: Any, reader: Reader) -> Told:
    why = _("Every week at this hour.") if row.weekly else _("Both agreed on it: the line rings them.")
    return Told(_("A time to talk"), why, row.pair.program_id, _there(row.pair_id, reader))


STRANDS = (
    Strand("pairs.began", _places, "pair__began_at", _say_began),
    Strand("pairs.ended", _places, "pair__ended_at", _say_ended),
    Strand("pairs.talk", _talks, "began_at", _say_talk),
    Strand("pairs.time", _times, "at", _say_time, ahead=True),
    Strand("pairs.voice", _voices, "left_at", _say_voice),
    Strand("pairs.written", _written, "at", _say_written),
)


def subjects(person_id: int) -> list[str]:
    """The pairs somebody is in now, and their times to talk."""
    pairs = list(Partner.objects.filter(person=person_id, active=True).values_list("pair_id", flat=True))
    times = TalkTime.objects.filter(pair__in=pairs, state="agreed").values_list("pk", flat=True)
    return [*(f"pair:{pk}" for pk in pairs), *(f"talk_time:{pk}" for pk in times)]
