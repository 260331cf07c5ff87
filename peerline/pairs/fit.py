"""How partners say they suit each other (S39, S40): asked in the weeks of the pair, and what the next match can learn.

The protocol names the weeks; they are counted from the day the pair began, so that a new pair is asked again. Outcomes
knows these questions only as being about "pair:12".
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from peerline.kernel import clock
from peerline.kernel.duties import DONE, OVER, Acted, Due, Duty
from peerline.matching.cohort import Person, build
from peerline.matching.learning import Answers, Learned, learn
from peerline.matching.rules import Rules
from peerline.matching.scoring import FEATURES, Scorer
from peerline.outcomes import queries as outcomes
from peerline.outcomes import services as asking
from peerline.pairs import cohorts, queries
from peerline.pairs.models import Pair
from peerline.people.access import PLATFORM
from peerline.people.queries import known
from peerline.prepared import prepared
from peerline.programs import queries as programs

ALIKE = dict.fromkeys(FEATURES, 1)  # every feature the same share: only the part of its own points counts


# --- Asking --------------------------------------------------------------------------------------------------------


def pairs_to_ask(now: datetime) -> Iterable[Due]:
    """Pairs in the days of an occasion that asks about a partner; one query for each occasion of a program."""
    return _pairs(now, None)


def new_pairs_to_ask(since: datetime, until: datetime) -> Iterable[Due]:
    """Those whose days began after `since`."""
    return _pairs(until, since)


def _pairs(now: datetime, since: datetime | None) -> Iterable[Due]:
    for program_id in programs.all_ids():
        for one in programs.protocol_of(program_id).assessments:
            if outcomes.is_about_a_pair(one.instruments):
                yield from _due(program_id, one, now, since)


def _due(program_id: int, one: Any, now: datetime, since: datetime | None) -> Iterable[Due]:
    after, within = timedelta(weeks=one.week), timedelta(days=one.within_days)
    length = within if since is None else min(within, now - since)
    facts = {"instruments": list(one.instruments), "days": one.within_days, "occasion": one.key}
    for pair_id, began_at in _began_between(program_id, now - after - length, now - after):
        at = began_at + after
        yield Due(f"pair:{pair_id}", one.key, program_id, at, at + within, facts)


@prepared(int, datetime, datetime)
def _began_between(program_id: int, first: datetime, last: datetime) -> QuerySet[Pair, tuple[int, datetime]]:
    rows = Pair.objects.filter(program_id=program_id, ended_at=None, began_at__gt=first, began_at__lte=last)
    return rows.values_list("pk", "began_at")


def ask(subject: str, facts: dict[str, Any], now: datetime) -> Acted:
    """A sheet for each partner who takes part now."""
    pair = Pair.objects.filter(pk=int(subject[5:]), ended_at=None).first()
    if pair is None:
        return Acted(OVER)
    members = queries.members_of([pair.pk])[pair.pk]
    rows = programs.people_in_contact(pair.program_id).filter(person_id__in=members)
    for enrollment_id in rows.order_by("pk").values_list("pk", flat=True):
        asking.open_sheet(
            PLATFORM, enrollment_id=enrollment_id, occasion=facts["occasion"], instruments=facts["instruments"],
            closes_at=now + timedelta(days=facts["days"]), about=subject, tell=True,
        )  # fmt: skip
    return Acted(DONE)


def why(subject: str, facts: dict[str, Any]) -> str:
    """ "Maple & Elm are asked how they suit each other." """
    members = queries.members_of([int(subject[5:])]).get(int(subject[5:]), [])
    names = " & ".join(one.nickname for one in known(members).values()) or _("a pair")
    return _("%(names)s are asked how they suit each other.") % {"names": names}


def pair_ended(pair_id: int, reason: str) -> None:
    """Listener: nobody is asked about a partner they no longer have."""
    for program_id in Pair.objects.filter(pk=pair_id).values_list("program_id", flat=True):
        asking.void_about(f"pair:{pair_id}", program_id)


QUESTIONS = Duty("pairs.fit", pairs_to_ask, ask, why, between=new_pairs_to_ask)


# --- Learning ------------------------------------------------------------------------------------------------------


def learned(program_id: int) -> Learned:
    """What the answers of this program's pairs say about its weights. Five queries, whatever the number of pairs."""
    fits = {int(about[5:]): values for about, values in outcomes.fit_about(program_id).items()}
    members = queries.members_of(fits)
    people = _people(program_id, {one for group in members.values() for one in group})
    likeness = {pair_id: _likeness([people[one] for one in members[pair_id] if one in people]) for pair_id in members}
    return learn(
        [
            Answers(likeness[pair_id], sum(fits[pair_id]) / len(fits[pair_id]))
            for pair_id in sorted(likeness)
            if likeness[pair_id]
        ]
    )


def _people(program_id: int, ids: set[int]) -> dict[int, Person]:
    """As matching knows them now; those who stopped since, too: their answers still teach."""
    rows = programs.enrollments(PLATFORM).filter(program_id=program_id, person_id__in=ids).exclude(state="removed")
    year = clock.now().year
    return {row.person_id: cohorts.person_of(row, year) for row in rows}


def _likeness(group: Sequence[Person]) -> Mapping[str, float]:
    """Of each feature what part of its points they have, 0 to 1; of three people the mean of the couples."""
    if len(group) < 2:
        return {}
    scorer = Scorer(build(group, first_day=clock.now().date(), weeks=1), ALIKE, Rules())
    couples = [scorer.by_feature(one, other) for one, other in combinations(range(len(group)), 2)]
    return {name: sum(found[name] for found in couples) / len(couples) / scorer.scale.full[name] for name in FEATURES}
