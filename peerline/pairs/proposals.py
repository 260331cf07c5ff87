"""Writes: rounds of proposed pairs. A proposal is a row from the first moment, so that nothing thought about is lost.

A program has one open round. Matched again, it keeps what is locked, does not repeat what was vetoed, and finds the
best for all others anew. Accepting makes pairs, each by itself: one that cannot be made does not hold up the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.kernel import clock
from peerline.matching.cohort import Cohort, build
from peerline.matching.explain import Explained, explain
from peerline.matching.matching import Matcher, Proposed, Result, Wish
from peerline.matching.newcomer import Partner, best_partners
from peerline.matching.scoring import Scorer
from peerline.pairs import cohorts, services
from peerline.pairs.models import KeptApart, MatchRound, MatchSettings, ProposedPair, ProposedPartner
from peerline.pairs.rules import PairError
from peerline.people.access import KEEPERS, Viewer, require
from peerline.programs import queries as programs
from peerline.programs.models import Program
from peerline.programs.services import SETTLERS

STATES = {"lock": "locked", "unlock": "proposed", "veto": "vetoed", "allow": "gone"}


def open_round(program_id: int) -> MatchRound | None:
    return MatchRound.objects.filter(program_id=program_id, closed_at=None).first()


def groups_of(proposed: Iterable[ProposedPair]) -> dict[int, tuple[int, ...]]:
    """proposed pair → its people, lowest number first. One query."""
    found: dict[int, tuple[int, ...]] = {}
    rows = ProposedPartner.objects.filter(proposed__in=list(proposed)).order_by("person_id")
    for proposed_id, person_id in rows.values_list("proposed_id", "person_id"):
        found[proposed_id] = (*found.get(proposed_id, ()), person_id)
    return found


def matcher(program_id: int, *, with_round: bool = True, weights: Mapping[str, int] | None = None) -> Matcher:
    """Those who wait, under the program's rules and what the open round has locked and vetoed."""
    people, wish = _asked(program_id, with_round=with_round)
    return Matcher(people, wish if weights is None else replace(wish, weights=dict(weights)))


def _asked(program_id: int, *, with_round: bool = True) -> tuple[Cohort, Wish]:
    found = open_round(program_id) if with_round else None
    kept = {"locked": [], "vetoed": []} if found is None else _kept(found)
    wish = cohorts.wish(program_id, kept["locked"], kept["vetoed"])
    people = cohorts.waiting(program_id).people
    return build(people, first_day=clock.now().date(), weeks=wish.weeks, seed=wish.seed), wish


def _kept(found: MatchRound) -> dict[str, list[tuple[str, ...]]]:
    kept: dict[str, list[tuple[str, ...]]] = {"locked": [], "vetoed": []}
    rows = list(found.proposed.filter(state__in=kept))
    groups = groups_of(rows)
    for row in rows:
        kept[row.state].append(tuple(str(person) for person in groups.get(row.pk, ())))
    return kept


@transaction.atomic
def propose(actor: Viewer, *, program_id: int) -> MatchRound:
    """Find the best pairs of those who wait; in an open round, around what is locked. Replaces what was proposed."""
    program = programs.program_for(actor, program_id, *KEEPERS)
    Program.objects.select_for_update().get(pk=program.pk)
    made = matcher(program_id)
    result = made.result()
    found = open_round(program_id) or MatchRound(program_id=program_id)
    _note_result(found, actor, made, result)
    found.proposed.filter(state__in=("proposed", "locked")).delete()
    _write(found, made, result.pairs)
    audit.record(actor.person_id, "pairs.matched", object=f"round:{found.pk}", pairs=len(result.pairs))
    return found


def _note_result(found: MatchRound, actor: Viewer, made: Matcher, result: Result) -> None:
    found.made_at, found.made_by_id = clock.now(), actor.person_id
    found.weights, found.style = dict(made.wish.weights), made.wish.style
    found.points, found.best, found.bound = result.points, result.proof.points, result.proof.bound
    found.couples, found.restless = result.proof.couples, result.restless
    found.left_out = [{"person": int(one.key), "why": one.why, "choices": one.choices} for one in result.left_out]
    found.save()


def _write(found: MatchRound, made: Matcher, pairs: Sequence[Proposed]) -> None:
    rows = ProposedPair.objects.bulk_create(
        ProposedPair(
            round=found,
            state="locked" if pair.locked else "proposed",
            points=pair.points,
            common_hours=pair.common_hours,
            features=pair.features,
            ranks=[
                [int(one), int(other), place, made.choices_of(one)]
                for (one, other), place in sorted(pair.ranks.items())
            ],
        )
        for pair in pairs
    )
    ProposedPartner.objects.bulk_create(
        ProposedPartner(proposed=row, person_id=int(key))
        for row, pair in zip(rows, pairs, strict=True)
        for key in pair.keys
    )


def proposed_for(actor: Viewer, proposed_id: int) -> ProposedPair:
    """One of an open round within reach. Raises NotThere."""
    row = ProposedPair.objects.select_related("round").filter(pk=proposed_id, round__closed_at=None).first()
    require(row)
    assert row is not None
    programs.program_for(actor, row.round.program_id, *KEEPERS)
    return row


@transaction.atomic
def decide(actor: Viewer, *, proposed_id: int, act: str) -> ProposedPair:
    """lock, unlock, veto, allow (take the veto back), or forbid: veto, and keep the two apart from now on."""
    row = proposed_for(actor, proposed_id)
    require(act in (*STATES, "forbid") and row.state != "accepted")
    if act == "forbid":
        _forbid_group(actor, row)
    if act == "allow":
        row.delete()
    else:
        row.state = STATES.get(act, "vetoed")
        row.save(update_fields=["state"])
    audit.record(actor.person_id, "pairs.proposal_decided", object=f"proposed:{proposed_id}", act=act)
    return row


def _forbid_group(actor: Viewer, row: ProposedPair) -> None:
    group = groups_of([row]).get(row.pk, ())
    for one in group:
        for other in group:
            if one < other:
                keep_apart(actor, program_id=row.round.program_id, people=(one, other))


@transaction.atomic
def keep_apart(actor: Viewer, *, program_id: int, people: Iterable[int]) -> KeptApart:
    """These two are never proposed to each other. Idempotent. Raises PairError how_many."""
    programs.program_for(actor, program_id, *KEEPERS)
    group = sorted(set(people))
    if len(group) != 2:
        raise PairError("how_many")
    row, made = KeptApart.objects.get_or_create(
        program_id=program_id,
        first_id=group[0],
        second_id=group[1],
        defaults={"by_id": actor.person_id, "at": clock.now()},
    )
    if made:
        audit.record_each(actor.person_id, "pairs.kept_apart", group, object=f"program:{program_id}")
    return row


@transaction.atomic
def no_longer_apart(actor: Viewer, *, program_id: int, apart_id: int) -> None:
    programs.program_for(actor, program_id, *KEEPERS)
    row = KeptApart.objects.filter(pk=apart_id, program_id=program_id).first()
    require(row)
    assert row is not None
    both = (row.first_id, row.second_id)
    audit.record_each(actor.person_id, "pairs.no_longer_apart", both, object=f"program:{program_id}")
    row.delete()


def what_if(actor: Viewer, *, program_id: int, one: int, other: int) -> Explained:
    """What these two have in common, and what everybody loses if they are made a pair.

    Raises PairError not_waiting for somebody who does not wait, how_many for one and the same.
    """
    programs.program_for(actor, program_id, *KEEPERS)
    try:
        return explain(matcher(program_id), str(one), str(other))
    except KeyError as reason:
        raise PairError("not_waiting") from reason
    except ValueError as reason:
        raise PairError("how_many") from reason


def would_suit(actor: Viewer, *, program_id: int, person_id: int) -> list[Partner]:
    """Whom this person suits best of all who wait, whatever is proposed. Raises PairError not_waiting."""
    programs.program_for(actor, program_id, *KEEPERS)
    people, wish = _asked(program_id)
    at = people.positions().get(str(person_id))
    if at is None:
        raise PairError("not_waiting")
    return best_partners(Scorer(people, wish.weights, wish.rules), at)


@transaction.atomic
def put_together(actor: Viewer, *, program_id: int, one: int, other: int) -> MatchRound:
    """Make these two a locked proposal and match all others again. Raises PairError rule_broken where a rule forbids it."""
    found = what_if(actor, program_id=program_id, one=one, other=other)
    if found.broken:
        raise PairError("rule_broken")
    round_ = open_round(program_id) or propose(actor, program_id=program_id)
    ProposedPair.objects.filter(round=round_, state="locked", partners__person_id__in=(one, other)).delete()
    row = ProposedPair.objects.create(
        round=round_, state="locked", points=found.points, common_hours=found.common_hours
    )
    ProposedPartner.objects.bulk_create(ProposedPartner(proposed=row, person_id=who) for who in (one, other))
    audit.record(actor.person_id, "pairs.put_together", object=f"round:{round_.pk}", loss=found.loss or 0)
    return propose(actor, program_id=program_id)


def accept(actor: Viewer, *, program_id: int, chosen: Iterable[int] | None = None) -> tuple[int, list[tuple[int, str]]]:
    """Make pairs of these proposals, or of all; how many, and (proposal, why not) of the others.

    Accepted twice is made once. When none is left the round is closed.
    """
    programs.program_for(actor, program_id, *KEEPERS)
    found = open_round(program_id)
    require(found)
    assert found is not None
    rows = found.proposed.filter(state__in=("proposed", "locked")).order_by("pk")
    rows = rows if chosen is None else rows.filter(pk__in=list(chosen))
    refused = [(row.pk, word) for row in rows if (word := _accepted(actor, program_id, row.pk))]
    made = len(rows) - len(refused)
    if not found.proposed.filter(state__in=("proposed", "locked")).exists():
        close(actor, program_id=program_id)
    return made, refused


@transaction.atomic
def _accepted(actor: Viewer, program_id: int, proposed_id: int) -> str:
    """One transaction a pair; the word for why not, or ""."""
    row = ProposedPair.objects.select_for_update().get(pk=proposed_id)
    if row.state == "accepted":
        return ""
    people = groups_of([row])[row.pk]
    try:
        with transaction.atomic():
            row.pair = services.pair_up(actor, program_id=program_id, people=people)
    except PairError as reason:
        return reason.word
    row.state = "accepted"
    row.save(update_fields=["state", "pair"])
    return ""


@transaction.atomic
def close(actor: Viewer, *, program_id: int) -> None:
    """Put this round away. What was accepted stays; the rest is not proposed any more."""
    programs.program_for(actor, program_id, *KEEPERS)
    MatchRound.objects.filter(program_id=program_id, closed_at=None).update(closed_at=clock.now())


@transaction.atomic
def change_settings(actor: Viewer, *, program_id: int, **settings: Any) -> MatchSettings:
    """weights, least_common_hours, same_site, style. Takes effect with the next match."""
    programs.program_for(actor, program_id, *SETTLERS)
    row, _ = MatchSettings.objects.update_or_create(program_id=program_id, defaults=settings)
    audit.record(actor.person_id, "pairs.match_settings", object=f"program:{program_id}", fields=sorted(settings))
    return row
