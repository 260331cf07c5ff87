"""Make and end pairs; what the telephone does in their name."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from peerline.audit import services as audit
from peerline.exchange import services as exchange
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import PairBegan, PairEnded
from peerline.pairs import queries
from peerline.pairs.models import Pair, Partner
from peerline.pairs.rules import END_REASONS, PairError
from peerline.people.access import CARE, NotThere, Viewer, require, viewer_of
from peerline.people.queries import number_to_dial, reachable_now
from peerline.programs import queries as programs
from peerline.programs import services as program_services


@transaction.atomic
def pair_up(actor: Viewer, *, program_id: int, people: Sequence[int]) -> Pair:
    """Pair two people (three, where one would be left alone) who are active in the program and in no other pair of it.

    Raises PairError: how_many, not_active, already_paired; NotThere outside the actor's programs. Announces PairBegan.
    """
    program = programs.program_for(actor, program_id, *CARE, "administrator")
    if len(set(people)) not in (2, 3):
        raise PairError("how_many")
    if queries.active_people(program_id, people) != set(people):
        raise PairError("not_active")
    now = clock.now()
    pair = Pair.objects.create(program=program, began_at=now, made_by_id=actor.person_id)
    try:
        with transaction.atomic():
            Partner.objects.bulk_create(
                Partner(pair=pair, program=program, person_id=person) for person in sorted(set(people))
            )
    except IntegrityError as reason:
        raise PairError("already_paired") from reason
    for person in sorted(set(people)):
        audit.record(actor.person_id, "pairs.began", subject_id=person, object=f"pair:{pair.pk}")
    announce(PairBegan(pair.pk))
    return pair


@transaction.atomic
def end_pair(actor: Viewer, *, pair_id: int, reason: str) -> Pair:
    """End a pair, with a reason from END_REASONS and no blame. Ending an ended one changes nothing. Announces PairEnded."""
    if reason not in END_REASONS:
        raise PairError("reason_unknown")
    seen = queries.pairs_for(actor).filter(pk=pair_id).exists()
    pair = Pair.objects.select_for_update().filter(pk=pair_id).first()
    require(seen and pair is not None)
    if pair is None:
        raise NotThere
    return _end(pair, actor.person_id, reason)


def _end(pair: Pair, actor_id: int | None, reason: str) -> Pair:
    if pair.ended_at is None:
        pair.ended_at, pair.end_reason = clock.now(), reason
        pair.save(update_fields=["ended_at", "end_reason"])
        pair.partners.update(active=False)
        for person in pair.partners.values_list("person_id", flat=True):
            audit.record(actor_id, "pairs.ended", subject_id=person, object=f"pair:{pair.pk}", reason=reason)
        announce(PairEnded(pair.pk, reason))
    return pair


@transaction.atomic
def stop_taking_part(person_id: int) -> None:
    """The person wants out, and is: pairs end and enrollments stop in this commit (S15). Staff complete the removal."""
    actor = viewer_of(person_id)
    for enrollment in programs.enrolled(person_id, "invited", "active", "paused"):
        program_services.stop(
            actor, enrollment.enrollment_id, "asked by telephone" if audit.door.get() == "phone" else "asked"
        )
    end_pairs_of(person_id, "stopped")


def end_pairs_of(person_id: int, reason: str, program_id: int | None = None) -> None:
    """Every active pair of this person, in one program or all. Called again it changes nothing."""
    pairs = Pair.objects.select_for_update().filter(ended_at=None, partners__person_id=person_id)
    for pair in pairs if program_id is None else pairs.filter(program_id=program_id):
        _end(pair, person_id, reason)


@transaction.atomic
def ring_both(actor: Viewer, *, pair_id: int, first_person_id: int) -> int:
    """The line rings this partner, and once they press 1, the other. By the partner, or by staff for them.

    The id of the call. Raises PairError no_number, resting (staff asked, inside the person's blocked hours: S6),
    already_on_a_call; NotThere.
    """
    pair = queries.active_pair(actor, pair_id)
    require(first_person_id in {partner.person_id for partner in pair.partners.all()})
    if number_to_dial(first_person_id) is None:
        raise PairError("no_number")
    if actor.person_id != first_person_id and not reachable_now(first_person_id, clock.now()):
        raise PairError("resting")
    try:
        return exchange.ring(
            actor.person_id, person_id=first_person_id, dialogue="pairs.called_back", way="both", program_id=pair.program_id,
            organization_id=pair.program.organization_id, label=f"pair:{pair.pk}",
        )  # fmt: skip
    except exchange.CannotRing as reason:
        raise PairError("already_on_a_call") from reason


def enrollment_stopped(enrollment_id: int, person_id: int) -> None:
    """Listener of EnrollmentStopped, which may come twice: whoever left the program is in no pair of it."""
    with transaction.atomic():
        end_pairs_of(person_id, "stopped", programs.program_of_enrollment(enrollment_id))
