"""The desk's writes: voicemail becomes work, is taken, handled; what was done about a pair is noted."""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.care import alarms, desk, flags, needs, queries
from peerline.care import minutes as worked
from peerline.care import served as served_by
from peerline.care.models import Need, PairNote, Voicemail
from peerline.exchange import queries as exchange
from peerline.exchange import services as exchange_services
from peerline.kernel import clock
from peerline.pairs import queries as pairs
from peerline.people.access import CARE, PLATFORM, Viewer, require
from peerline.people.queries import reachable_now
from peerline.programs import queries as programs

ANSWER_WITHIN_HOURS = 24  # where no program says otherwise
VOICES_KEPT_DAYS = 90  # as long as there is no program


class CannotCallBack(Exception):
    """`args[0]`: no_caller, no_number, resting."""


def voice_left(voice_id: int, for_staff: bool) -> None:
    """Listener of VoiceLeft, which may come twice: a message for staff becomes one piece of work, due by the program's clock."""
    voice = exchange.voice_messages().filter(pk=voice_id).first()
    if not for_staff or voice is None:
        return
    cover = programs.stands_in(voice.program_id, voice.left_at) if voice.program_id else None
    facts = {"program_id": voice.program_id, "owner_id": cover, "due_at": _due_at(voice.program_id, voice.left_at)}
    row, _made = Voicemail.objects.get_or_create(voice_id=voice.pk, defaults=facts)
    needs.arise(kind="care.voicemail", due_at=row.due_at, **_voicemail_need(row))
    if cover is not None:
        alarms.voicemail_waits(cover, row.pk)


def _due_at(program_id: int | None, left_at: Any) -> Any:
    """So many hours after somebody is there to listen."""
    if program_id is None:
        return left_at + timedelta(hours=ANSWER_WITHIN_HOURS)
    listening = programs.who_listens_when(program_id, left_at)
    begins = left_at if listening.now or listening.at is None else listening.at
    return begins + timedelta(hours=programs.program(program_id).nurse_answers_within_hours)


def _voicemail_need(row: Voicemail) -> dict[str, Any]:
    """How it stands on the desk."""
    facts = {"voicemail": row.pk, "seconds": int(row.voice.seconds), "known": row.voice.author_id is not None}
    if row.program_id is None:
        facts["organization"] = row.voice.organization_id
    return {
        "key": f"care.voicemail:{row.pk}", "level": "E2", "program_id": row.program_id, "person_id": row.voice.author_id,
        "facts": facts,
    }  # fmt: skip


@transaction.atomic
def heard(actor: Viewer, *, voicemail_id: int) -> Voicemail:
    """Somebody of the staff listens: written down each time, and who it was about."""
    row = queries.voicemail_for(actor, voicemail_id)
    audit.record(
        actor.person_id, "care.heard_voicemail", subject_id=row.voice.author_id, object=f"voice:{row.voice_id}"
    )
    if row.heard_at is None:
        row.heard_at = clock.now()
        row.save(update_fields=["heard_at"])
    if need := queries.need_of(row):
        needs.seen(actor, need_id=need.pk)
    return row


@transaction.atomic
def take(actor: Viewer, *, voicemail_id: int) -> Voicemail:
    """It is mine now."""
    row = queries.voicemail_for(actor, voicemail_id)
    row.owner_id = actor.person_id
    row.save(update_fields=["owner"])
    if need := queries.need_of(row):
        needs.take(actor, need_id=need.pk)
    audit.record(actor.person_id, "care.took_voicemail", subject_id=row.voice.author_id, object=f"voice:{row.voice_id}")
    return row


@transaction.atomic
def handle(actor: Viewer, *, voicemail_id: int, note: str, minutes: int = 0, served: Sequence[str] = ()) -> Voicemail:
    """Done, with a word on what was done and what it served. Done again it changes the word only. The word is read for red flags."""
    row = queries.voicemail_for(actor, voicemail_id)
    row.handled_at, row.handled_by_id, row.note = row.handled_at or clock.now(), actor.person_id, note[:500]
    row.save(update_fields=["handled_at", "handled_by", "note"])
    if need := queries.need_of(row):
        needs.done(actor, need_id=need.pk, note=note)
        worked.spent(actor, minutes=minutes, program_id=row.program_id, person_id=row.voice.author_id, need=need)
    people = [row.voice.author_id] if row.voice.author_id else []
    served_by.write(f"care.voicemail:{row.pk}", program_id=row.program_id, people=people, what=served)
    about = flags.Text(f"care.voicemail:{row.pk}", note, row.program_id, row.voice.author_id)
    flags.read(about, writer_id=actor.person_id)
    audit.record(
        actor.person_id, "care.handled_voicemail", subject_id=row.voice.author_id, object=f"voice:{row.voice_id}"
    )
    return row


@transaction.atomic
def finish(actor: Viewer, *, need_id: int, note: str, minutes: int = 0, served: Sequence[str] = ()) -> Need:
    """A need is done: its word is read for red flags, unless it answers one; its minutes and what it served count.

    Raises NotThere, Late.
    """
    need = needs.done(actor, need_id=need_id, note=note)
    if not need.drill:
        people = needs.people_of(need)
        served_by.write(f"care.need:{need.pk}", program_id=need.program_id, people=people, what=served)
    worked.spent(
        actor, minutes=minutes, program_id=need.program_id, person_id=need.person_id, pair_id=need.pair_id, need=need
    )
    if need.kind != "care.red_flag":
        about = flags.Text(f"care.need:{need.pk}", note, need.program_id, need.person_id, need.pair_id)
        flags.read(about, writer_id=actor.person_id)
    return need


@transaction.atomic
def set_task(actor: Viewer, *, program_id: int, person_id: int, said: str, on: date, owner_id: int) -> Need:
    """Something to be done about this person, on the owner's list from that day on. The same again is one task; its words
    are read for red flags. Raises NotThere outside the actor's programs and for one who may not see it; needs.Late."""
    program = programs.program_for(actor, program_id, *CARE)
    require(programs.is_in(person_id, program_id))
    require(owner_id in {one for one, _name in programs.may_stand_in(program)})
    words = said[:500]
    key = f"care.task:{person_id}:{on}:{owner_id}:{blake2b(words.encode(), digest_size=8).hexdigest()}"
    facts = {"words": words}
    need = needs.arise(
        kind="care.task",
        key=key,
        level="E3",
        program_id=program_id,
        person_id=person_id,
        facts=facts,
        owner_id=owner_id,
    )
    needs.rest(actor, need_id=need.pk, until=on)
    flags.read(flags.Text(key, words, program_id, person_id), writer_id=actor.person_id)
    return need


@transaction.atomic
def call_back(actor: Viewer, *, voicemail_id: int) -> int:
    """The line rings the staff person first, and once they press 1, the participant. Neither sees a number."""
    row = queries.voicemail_for(actor, voicemail_id)
    return _ring_back(actor, row.voice.author_id, row.program_id, row.voice.organization_id)


@transaction.atomic
def call_about(actor: Viewer, *, need_id: int) -> int:
    """The same to the person a need is about."""
    need = desk.need_for(actor, need_id)
    return _ring_back(actor, need.person_id, need.program_id, need.program.organization_id if need.program else None)


def _ring_back(actor: Viewer, person_id: int | None, program_id: int | None, organization_id: int | None) -> int:
    if person_id is None or actor.person_id is None:
        raise CannotCallBack("no_caller")
    if not reachable_now(person_id, clock.now()):
        raise CannotCallBack("resting")
    try:
        return exchange_services.ring(
            actor.person_id, person_id=actor.person_id, dialogue="care.call_back", args=(person_id,), way="staff",
            program_id=program_id, organization_id=organization_id, placed_by_id=actor.person_id,
        )  # fmt: skip
    except exchange_services.CannotRing as reason:
        raise CannotCallBack("no_number") from reason


@transaction.atomic
def note_pair(
    actor: Viewer, *, pair_id: int, did: str, note: str, look_again_on: date | None, minutes: int = 0,
    served: Sequence[str] = (),
) -> PairNote:  # fmt: skip
    """What was done about a pair's difficulty; until `look_again_on` it leaves the list (S14). The note is read for red flags."""
    require(did in queries.DEEDS)
    pair = pairs.pair_for(actor, pair_id)
    made = PairNote.objects.create(
        pair=pair, author_id=actor.person_id, did=did, note=note[:500], look_again_on=look_again_on, at=clock.now()
    )
    both = pairs.members_of([pair.pk])[pair.pk]
    served_by.write(f"care.pair_note:{made.pk}", program_id=pair.program_id, people=both, what=served)
    audit.record_each(actor.person_id, "care.noted_pair", both, object=f"pair:{pair.pk}", did=did)
    if look_again_on and (need := queries.hard_pair_need(pair.pk)):
        needs.rest(actor, need_id=need.pk, until=look_again_on)
    worked.spent(actor, minutes=minutes, program_id=pair.program_id, pair_id=pair.pk)
    about = flags.Text(f"care.pair_note:{made.pk}", note, pair.program_id, pair_id=pair.pk)
    flags.read(about, writer_id=actor.person_id)
    return made


@transaction.atomic
def notice() -> None:
    """Regular work: what shows by itself that somebody is needed, and what does not any more.

    Pairs that do not reach each other (S14), voicemail nobody answered, people whose removal is not complete (S15).
    """
    needs.agree("care.hard_pair", [_hard_pair(pair) for pair in queries.hard_pairs(PLATFORM)])
    needs.agree("care.voicemail", [_voicemail_due(row) for row in queries.all_open_voicemails()])
    needs.agree("programs.leaving", [_leaving(row) for row in programs.all_to_complete()])


def _voicemail_due(row: Voicemail) -> dict[str, Any]:
    return {**_voicemail_need(row), "due_at": row.due_at, "since": row.voice.left_at}


def _hard_pair(pair: Any) -> dict[str, Any]:
    return {
        "key": f"care.hard_pair:{pair.pk}:{pair.silent_since:%Y-%m-%d}", "level": "E3", "program_id": pair.program_id,
        "facts": {"pair_id": pair.pk, "since": f"{pair.silent_since:%Y-%m-%d}", "ever": pair.last_talk_at is not None},
    }  # fmt: skip


def _leaving(row: Any) -> dict[str, Any]:
    return {
        "key": f"programs.leaving:{row.pk}", "level": "E3", "program_id": row.program_id, "person_id": row.person_id,
        "facts": {"person_id": row.person_id}, "since": row.stopped_at,
    }  # fmt: skip


def purge_voices() -> int:
    """Each program's voice messages are kept as long as it says; how many lost their sound.

    Those of callers nobody could name belong to no program, and go when those of the most patient one would.
    """
    kept = {program.pk: program.voice_kept_days for program in programs.every_program()}
    longest = max(kept.values(), default=VOICES_KEPT_DAYS)
    rows = [*kept.items(), (None, longest)]
    return sum(exchange_services.purge_older(program_id, days) for program_id, days in rows)
