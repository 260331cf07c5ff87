"""What the rooms above may ask of the exchange: ring somebody, keep and address voice messages, sweep."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from peerline.audit import services as audit
from peerline.exchange import queries, rooms, voices
from peerline.exchange.effects import Outbox
from peerline.exchange.models import Call, Effect, Leg, Room, VoiceMessage
from peerline.exchange.port import Hung
from peerline.exchange.switchboard import SLACK, Switchboard, _locked, take, turn_of
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.dialogue import Enter, Meet
from peerline.kernel.events import VoiceLeft
from peerline.people.queries import number_hash, number_to_dial, person_known

DAY = timedelta(days=1)
MOST_PURGED = 5_000  # in one sweep; the next one goes on


class CannotRing(Exception):
    """No verified number of this person may be dialled, or a call with them is already under way."""


@transaction.atomic
def ring(
    actor_id: int | None, *, person_id: int, dialogue: str, args: tuple[Any, ...] = (), way: str, seconds: int = 30,
    program_id: int | None = None, organization_id: int | None = None, label: str = "", placed_by_id: int | None = None,
    number: str | None = None,
) -> int:  # fmt: skip
    """The line rings this person and leads them with `dialogue(person_id, *args)`; the id of the call.

    number: another one of theirs than the one they are usually rung at: to check it, or because they asked for it.
    Raises CannotRing. A second request while the first still rings or talks is refused, so that two clicks ring once.
    """
    number = number or number_to_dial(person_id)
    if number is None or queries.live_legs_of(person_id):
        raise CannotRing(person_id)
    now, who = clock.now(), person_known(person_id)
    call = Call.objects.create(
        began_at=now, way=way, placed_by_id=placed_by_id or person_id, asked_by_id=actor_id, program_id=program_id,
        organization_id=organization_id, label=label,
    )  # fmt: skip
    leg = Leg.objects.create(
        call=call, engine=settings.ENGINE, inbound=False, person_id=person_id, telephone=number,
        telephone_hash=number_hash(number), language=who.language, dialogue=dialogue, args=[person_id, *args], slow=who.needs_relay,
        rang_at=now, due_at=now + timedelta(seconds=seconds + 60),
    )  # fmt: skip
    Outbox().ring(leg, seconds)
    audit.record(actor_id, "exchange.rang", subject_id=person_id, object=f"call:{call.pk}", way=way)
    return call.pk


def identified(leg: Leg, person_id: int, language: str) -> None:
    """The caller on this leg is this person: from here on the call is theirs."""
    who = person_known(person_id)
    leg.person_id, leg.language = person_id, language
    leg.slow = leg.slow or who.needs_relay
    leg.save(update_fields=["person", "language", "slow"])
    nobodys = Call.objects.filter(pk=leg.call_id, placed_by=None)
    nobodys.update(placed_by_id=person_id, organization_id=who.organization_id)


def belongs(leg: Leg, organization_id: int | None, program_id: int | None, label: str = "") -> None:
    """The call is about this program (and this pair): who may see it in the call log follows from that."""
    Call.objects.filter(pk=leg.call_id).update(organization_id=organization_id, program_id=program_id, label=label)


# --- Voice messages ------------------------------------------------------------------------------------------------


def address(
    leg: Leg, voice_id: int, *, to_person_id: int | None, for_staff: bool, program_id: int | None, label: str = "",
    as_voicemail: bool = True,
) -> None:  # fmt: skip
    """A new recording gets its receiver and is announced. A second time changes nothing.

    as_voicemail: False where the room that asked for it brings it to the staff by itself.
    """
    fresh = VoiceMessage.objects.filter(pk=voice_id, state="new")
    organization_id = Call.objects.values_list("organization_id", flat=True).get(pk=leg.call_id)
    changed = fresh.update(
        state="kept", author_id=leg.person_id, to_person_id=to_person_id, for_staff=for_staff, label=label,
        program_id=program_id, organization_id=organization_id,
    )  # fmt: skip
    if changed:
        announce(VoiceLeft(voice_id, for_staff and as_voicemail))


def address_each(leg: Leg, voice_id: int, *, people: list[int], program_id: int | None, label: str) -> None:
    """The same words for several people: each has a message of their own to hear, keep or delete. Again changes nothing."""
    spoken = VoiceMessage.objects.filter(pk=voice_id, state="new").first()
    for person_id in people if spoken else []:
        mine = voice_id if person_id == people[0] else _once_more(spoken)
        address(leg, mine, to_person_id=person_id, for_staff=False, program_id=program_id, label=label)


def _once_more(spoken: VoiceMessage) -> int:
    return VoiceMessage.objects.create(
        file=voices.another_name(spoken.file), call_id=spoken.call_id, seconds=spoken.seconds, left_at=spoken.left_at
    ).pk


def heard_by(person_id: int | None, voice_id: int) -> None:
    """The receiver listened to it, by any door. The first time counts."""
    VoiceMessage.objects.filter(pk=voice_id, to_person_id=person_id, heard_at=None).update(heard_at=clock.now())


def drop_for(person_id: int | None, voice_id: int) -> bool:
    """The receiver deletes a message. Its file goes with the sweep, not while it may still be playing."""
    mine = VoiceMessage.objects.filter(pk=voice_id, to_person_id=person_id, state="kept")
    return bool(mine.update(state="deleted"))


def purge(
    *,
    file_of_deleted_after: timedelta = DAY,
    unsent_after: timedelta = DAY,
    stray_after: timedelta = timedelta(hours=1),
) -> int:
    """Remove the files of messages deleted, or spoken and never sent, long enough ago, and whole files that have had no
    row for long; how many."""
    deleted = Q(state="deleted", left_at__lt=clock.now() - file_of_deleted_after)
    unsent = Q(state="new", left_at__lt=clock.now() - unsent_after)
    strays = voices.strays(stray_after)
    voices.remove(strays)
    return _purge(VoiceMessage.objects.filter(deleted | unsent)) + len(strays)


def _purge(gone: QuerySet[VoiceMessage]) -> int:
    """First the files, then their rows: whatever happens in between, the next sweep finds them again. How many."""
    files = dict(gone.values_list("pk", "file")[:MOST_PURGED])
    voices.remove(files.values())
    return VoiceMessage.objects.filter(pk__in=files).update(state="purged")


def purge_older(program_id: int | None, days: int) -> int:
    """A program keeps voice messages this long; older ones lose their sound, their row stays for the log."""
    old = VoiceMessage.objects.filter(program_id=program_id, left_at__lt=clock.now() - timedelta(days=days)).exclude(
        state="purged"
    )
    return _purge(old)


# --- For engines --------------------------------------------------------------------------------------------------


@transaction.atomic
def known_as(leg_id: int, ref: str) -> bool:
    """The engine has a word of its own for a leg it rings. False: nobody wants this leg any more."""
    leg = _locked(leg_id)
    if leg is None:
        return False
    if not leg.ref:
        leg.ref = ref
        leg.save(update_fields=["ref"])
    return leg.state != "over"


# --- Sweeps --------------------------------------------------------------------------------------------------------


def end_lost_legs(engine: str, alive: set[int]) -> int:
    """Legs of this engine that have no telephone at their end any more (its process died); how many."""
    gone = Leg.objects.filter(engine=engine).exclude(state="over").exclude(pk__in=alive).values_list("pk", flat=True)
    for leg_id in list(gone):
        take(engine, Hung(leg_id, "lost", by="us"))
    return len(gone)


def sweep(engine: str, alive: set[int]) -> int:
    """Legs whose answer is overdue: a room's longest call is ended, a dead leg is closed, a living one asked again.

    Called every few seconds by whoever holds the line, which is also its sign of life."""
    _give_sign()
    overdue = (
        Leg.objects.filter(engine=engine, due_at__lt=clock.now()).exclude(state="over").values_list("pk", flat=True)
    )
    for leg_id in list(overdue):
        if leg_id not in alive:
            take(engine, Hung(leg_id, "lost", by="us"))
        else:
            _ask_again(leg_id)
    return len(overdue)


def end_silent_legs(engine: str, alive: set[int], suspected: set[int]) -> set[int]:
    """Legs that are up and have no telephone: those suspected the last time too are closed; the newly suspected.

    Their end was noticed while nothing could be written (a full disk). Once is no proof: a leg that just arrived has a
    row before it has a telephone.
    """
    up = Leg.objects.filter(engine=engine, state="up").exclude(pk__in=alive)
    silent = set(up.values_list("pk", flat=True))
    for leg_id in silent & suspected:
        take(engine, Hung(leg_id, "lost", by="us"))
    return silent - suspected


def _give_sign() -> None:
    sign = queries.line_sign()
    with suppress(OSError):  # a full disk must not end a call
        sign.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        sign.touch()


@transaction.atomic
def _ask_again(leg_id: int) -> None:
    leg = _locked(leg_id)
    if leg is None or leg.state != "up":
        return
    desk = Switchboard()
    if isinstance(turn_of(leg).step, Meet | Enter):
        rooms.time_up(desk, Room.objects.get(pk=rooms.of(leg)))
        return
    leg.due_at = clock.now() + SLACK
    leg.save(update_fields=["due_at"])
    desk.outbox.perform(leg)


def forget_effects(older_than: timedelta = timedelta(days=7)) -> int:
    """Effects long done say nothing any more."""
    old = Effect.objects.filter(made_at__lt=clock.now() - older_than)
    return old.filter(Q(done_at__isnull=False) | Q(taken_at__isnull=False)).delete()[0]
