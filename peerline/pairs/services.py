"""Make and end pairs; what the telephone does in their name."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from peerline.audit import services as audit
from peerline.exchange import queries as exchange_queries
from peerline.exchange import services as exchange
from peerline.jobs.services import Differs, announce
from peerline.kernel import clock
from peerline.kernel.events import PairBegan, PairEnded
from peerline.messaging import queries as messaging
from peerline.pairs import conditions, contacts, queries
from peerline.pairs.models import Pair, PairWeek, Partner
from peerline.pairs.rules import END_REASONS, PairError
from peerline.people.access import CARE, NotThere, Viewer, require, viewer_of
from peerline.people.queries import number_to_dial, reachable_now
from peerline.programs import queries as programs
from peerline.programs import rests
from peerline.programs import services as program_services


@transaction.atomic
def pair_up(actor: Viewer, *, program_id: int, people: Sequence[int]) -> Pair:
    """Pair two people (three, where one would be left alone) who are active in the program and in no other pair of it.

    Raises PairError: how_many, not_agreed, not_active, already_paired, lacks_… (see conditions.py); NotThere outside the actor's programs. Announces PairBegan.
    """
    program = programs.program_for(actor, program_id, *CARE, "administrator")
    if len(set(people)) not in (2, 3):
        raise PairError("how_many")
    if programs.agreed_of(program_id, people) != set(people):
        raise PairError("not_agreed")
    if queries.active_people(program_id, people) != set(people):
        raise PairError("not_active")
    for condition in conditions.unmet(program_id, people):
        raise PairError(f"lacks_{condition}")
    now = clock.now()
    pair = Pair.objects.create(program=program, began_at=now, silent_since=now, made_by_id=actor.person_id)
    try:
        with transaction.atomic():
            Partner.objects.bulk_create(
                Partner(pair=pair, program=program, person_id=person) for person in sorted(set(people))
            )
    except IntegrityError as reason:
        raise PairError("already_paired") from reason
    audit.record_each(actor.person_id, "pairs.began", sorted(set(people)), object=f"pair:{pair.pk}")
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
        both = pair.partners.values_list("person_id", flat=True)
        audit.record_each(actor_id, "pairs.ended", both, object=f"pair:{pair.pk}", reason=reason)
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


@transaction.atomic
def no_more_reminders(person_id: int) -> None:
    """The person does not want to be rung to be reminded, in any program."""
    actor = viewer_of(person_id)
    for enrollment in programs.enrolled(person_id, "active", "paused"):
        program_services.set_reminders(actor, enrollment_id=enrollment.enrollment_id, wanted=False)


def end_pairs_of(person_id: int, reason: str, program_id: int | None = None) -> None:
    """Every active pair of this person, in one program or all. Called again it changes nothing."""
    pairs = Pair.objects.select_for_update().filter(ended_at=None, partners__person_id=person_id)
    for pair in pairs if program_id is None else pairs.filter(program_id=program_id):
        _end(pair, person_id, reason)


@transaction.atomic
def ring_both(actor: Viewer, *, pair_id: int, first_person_id: int) -> int:
    """The line rings this partner, and once they press 1, the other. By the partner, or by staff for them.

    The id of the call. Raises PairError no_number, rests and resting (staff asked, and the person takes a rest, or is
    inside their blocked hours: S6), already_on_a_call; NotThere.
    """
    pair = queries.active_pair(actor, pair_id)
    require(first_person_id in {partner.person_id for partner in pair.partners.all()})
    if number_to_dial(first_person_id) is None:
        raise PairError("no_number")
    if messaging.is_paused(f"pair:{pair_id}"):
        raise PairError("reported")
    if actor.person_id != first_person_id and first_person_id in rests.resting(pair.program_id, [first_person_id]):
        raise PairError("rests")
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


# --- Weeks, counted --------------------------------------------------------------------------------------------------


@transaction.atomic
def call_ended(call_id: int) -> None:
    """Listener of CallEnded, which may come twice: the call's week is counted anew, so twice is as good as once."""
    call = exchange_queries.call(call_id)
    pair = (
        call
        and call.label.startswith("pair:")
        and Pair.objects.select_for_update(of=("self",)).filter(pk=int(call.label[5:])).first()
    )
    if not call or not pair:
        return
    monday = contacts.monday_of(call.began_at)
    week = contacts.from_calls([pair], monday).get((pair.pk, monday), contacts.Week(monday))
    _keep(pair, week)


def _keep(pair: Pair, week: contacts.Week) -> None:
    figures = {"talks": week.talks, "tries": week.tries, "seconds": week.seconds}
    PairWeek.objects.bulk_create(
        [PairWeek(pair=pair, monday=week.monday, **figures)],
        update_conflicts=True, unique_fields=["pair", "monday"], update_fields=list(figures),
    )  # fmt: skip
    if week.last_talk_at and (pair.last_talk_at is None or week.last_talk_at > pair.last_talk_at):
        pair.last_talk_at, pair.silent_since = week.last_talk_at, max(pair.silent_since, week.last_talk_at)
        pair.save(update_fields=["last_talk_at", "silent_since"])


def conversation_redefined(program_id: int, **_when: object) -> None:
    """Listener of ConversationRedefined: what was a try may be a conversation now, or the other way round."""
    recount_weeks(Pair.objects.filter(program_id=program_id))


def check_weeks() -> None:
    """All weeks against the calls themselves. What differs is put right, and told: raises Differs."""
    if wrong := recount_weeks(Pair.objects.all()):
        raise Differs(f"{wrong} weeks of pairs had been counted wrong and were counted anew from the calls")


def recount_weeks(pairs: QuerySet[Pair], size: int = 500) -> int:
    """Count these pairs' weeks from their calls; how many weeks were not as they should be. So many pairs at a time."""
    last, wrong = 0, 0
    while some := list(pairs.filter(pk__gt=last).order_by("pk")[:size]):
        wrong += _recount([pair.pk for pair in some])
        last = some[-1].pk
    return wrong


@transaction.atomic
def _recount(pair_ids: list[int]) -> int:
    some = list(Pair.objects.select_for_update(of=("self",)).filter(pk__in=pair_ids).select_related("program"))
    counted = contacts.from_calls(some)
    kept = {(row.pair_id, row.monday): row for row in PairWeek.objects.filter(pair__in=some)}
    wrong = {key for key in counted.keys() | kept.keys() if not _same(counted.get(key), kept.get(key))}
    PairWeek.objects.filter(pk__in=[kept[key].pk for key in wrong & kept.keys()]).delete()
    fresh = [(key, counted[key]) for key in wrong & counted.keys()]
    PairWeek.objects.bulk_create(
        PairWeek(pair_id=key[0], monday=key[1], talks=week.talks, tries=week.tries, seconds=week.seconds)
        for key, week in fresh
    )
    return len(wrong) + _reset_silence(some, counted)


def _same(week: contacts.Week | None, row: PairWeek | None) -> bool:
    """A week without a call may be kept as a row of zeros, or not at all."""
    figures = [(one.talks, one.tries, one.seconds) if one else (0, 0, 0) for one in (week, row)]
    return figures[0] == figures[1]


def _reset_silence(pairs: list[Pair], counted: dict[tuple[int, date], contacts.Week]) -> int:
    talked: dict[int, datetime] = {}
    for (pair_id, _), week in counted.items():
        if week.last_talk_at:
            talked[pair_id] = max(talked.get(pair_id, week.last_talk_at), week.last_talk_at)
    wrong = []
    for pair in pairs:
        last = talked.get(pair.pk)
        since = max(at for at in (pair.began_at, pair.back_at, last) if at)
        if (pair.last_talk_at, pair.silent_since) != (last, since):
            pair.last_talk_at, pair.silent_since = last, since
            wrong.append(pair)
    Pair.objects.bulk_update(wrong, ["last_talk_at", "silent_since"])
    if wrong:
        program_services.what_is_due_changed("pairs.reminder")
    return len(wrong)
