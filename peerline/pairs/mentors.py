"""Mentors who take several people each, in a program that has them (S66): who they are, and whom each would best take.

Nothing of a proposal is kept, and nobody is told: a mentorship is no pair. Who is in a pair is connected by the line.
"""

from dataclasses import dataclass

from django.db import transaction

from peerline.audit import services as audit
from peerline.kernel import clock
from peerline.matching.cohort import Person
from peerline.matching.mentors import Mentored, assign_mentors
from peerline.pairs import cohorts, queries
from peerline.pairs.models import Mentor
from peerline.pairs.rules import MOST_TAKEN, PairError
from peerline.people.access import KEEPERS, Viewer, require
from peerline.programs import queries as programs


@dataclass(frozen=True)
class Proposal:
    """found: whom each mentor would take. facts: person → what matching knows. room: mentor → how many at most."""

    found: Mentored
    facts: dict[int, Person]
    room: dict[int, int]


@transaction.atomic
def mark(actor: Viewer, *, program_id: int, person_id: int, takes: int) -> Mentor:
    """This person mentors up to so many others; said again, the number changes. Raises PairError not_active, how_many_taken."""
    programs.program_for(actor, program_id, *KEEPERS)
    if not queries.active_people(program_id, [person_id]):
        raise PairError("not_active")
    if not 1 <= takes <= MOST_TAKEN:
        raise PairError("how_many_taken")
    row, _ = Mentor.objects.update_or_create(program_id=program_id, person_id=person_id, defaults={"takes": takes})
    audit.record(actor.person_id, "pairs.mentors", subject_id=person_id, object=f"program:{program_id}", takes=takes)
    return row


@transaction.atomic
def unmark(actor: Viewer, *, program_id: int, mentor_id: int) -> None:
    """No longer a mentor. Raises NotThere."""
    programs.program_for(actor, program_id, *KEEPERS)
    row = Mentor.objects.filter(pk=mentor_id, program_id=program_id).first()
    require(row)
    assert row is not None
    audit.record(actor.person_id, "pairs.mentors", subject_id=row.person_id, object=f"program:{program_id}", takes=0)
    row.delete()


def proposal(actor: Viewer, *, program_id: int) -> Proposal:
    """Whom each mentor would take of those who wait, so that most have one and suit best. Mentors are not mentored."""
    programs.program_for(actor, program_id, *KEEPERS)
    room = dict(Mentor.objects.filter(program_id=program_id).values_list("person_id", "takes"))
    mentors = _taking_part(program_id, set(room))
    people = [one for one in cohorts.waiting(program_id).people if int(one.key) not in room]
    wish, today = cohorts.wish(program_id, besides=room), clock.now().date()
    found = assign_mentors(people, mentors, {str(one): takes for one, takes in room.items()}, wish, first_day=today)
    return Proposal(found, {int(one.key): one for one in [*people, *mentors]}, room)


def _taking_part(program_id: int, people: set[int]) -> list[Person]:
    """Those of these people who take part now and have agreed to it."""
    agreed = programs.agreed_of(program_id, people)
    rows = programs.people_in_contact(program_id).filter(person_id__in=agreed).order_by("person_id")
    return [cohorts.person_of(row, clock.now().year) for row in rows.select_related("person")]
