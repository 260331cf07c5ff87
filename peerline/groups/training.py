"""Writes and reads: training in peer communication (S28). Six screens and a look back without marks; done once for good.

By whichever door: the website and the telephone go on where the person left off; on paper and in a session staff say so.
"""

from collections.abc import Collection, Iterable

from django.db import transaction

from peerline.audit import services as audit
from peerline.groups import rules
from peerline.groups.models import Training
from peerline.groups.rules import GroupError
from peerline.kernel import clock
from peerline.people.access import KEEPERS, Viewer
from peerline.people.queries import person_for
from peerline.programs import queries as programs


def reached(person_id: int) -> Training | None:
    return Training.objects.filter(person_id=person_id).first()


def trained(people: Iterable[int]) -> set[int]:
    """Those of these people who have done it. One query."""
    return set(
        Training.objects.filter(person_id__in=list(people)).exclude(done_at=None).values_list("person_id", flat=True)
    )


def counted(program_id: int, people: Collection[int] | None = None) -> dict[int, int]:
    """person → 1 for whoever has done it: a contact of the element "education" (S97). In a session it counts as the session.
    Two queries."""
    everybody = programs.people_in_contact(program_id)
    everybody = everybody if people is None else everybody.filter(person_id__in=list(people))
    done = Training.objects.filter(person_id__in=everybody.values("person_id")).exclude(done_at=None)
    return dict.fromkeys(done.exclude(how="session").values_list("person_id", flat=True), 1)


def lacking(program_id: int, people: Iterable[int]) -> set[int]:
    """Those of these people who cannot be paired yet, where the program's protocol wants both trained first. One query."""
    people = set(people)
    if not people or not programs.protocol_of(program_id).pairs.training_first:
        return set()
    return people - trained(people)


def without(program_id: int) -> list[int]:
    """Everybody who takes part and lacks it, whatever the protocol asks. Two queries."""
    everybody = programs.people_in_contact(program_id).order_by("person__nickname", "person_id")
    people = list(everybody.values_list("person_id", flat=True))
    have = trained(people)
    return [person_id for person_id in people if person_id not in have]


@transaction.atomic
def seen(person_id: int, *, screen: int, how: str) -> Training:
    """The person had this screen (1 to rules.SCREENS). Going back loses nothing; the last one does not finish it."""
    row = _of(person_id)
    if row.done_at is None and row.screen < screen <= rules.SCREENS:
        row.screen, row.how = screen, how
        row.save(update_fields=["screen", "how"])
    return row


@transaction.atomic
def finish(person_id: int, *, how: str) -> Training:
    """The person looked back at the end. Finishing again changes nothing. Raises GroupError not_yet before the last screen."""
    row = _of(person_id)
    if row.done_at is None:
        if row.screen < rules.SCREENS:
            raise GroupError("not_yet")
        _done(row, how, by_id=person_id)
    return row


@transaction.atomic
def record(actor: Viewer, *, person_id: int, how: str) -> Training:
    """Staff saw it done, in a session, on paper or by telephone. Recorded again it stays as it was first. Raises GroupError not_a_choice."""
    if how not in rules.TRAINED_BY_STAFF:
        raise GroupError("not_a_choice")
    person_for(actor, person_id, *KEEPERS)
    row = _of(person_id)
    if row.done_at is None:
        _done(row, how, by_id=actor.person_id)
    return row


def _of(person_id: int) -> Training:
    row, _made = Training.objects.get_or_create(person_id=person_id, defaults={"begun_at": clock.now()})
    return Training.objects.select_for_update().get(pk=row.pk)


def _done(row: Training, how: str, *, by_id: int | None) -> None:
    row.screen, row.how, row.done_at, row.by_id = rules.SCREENS, how, clock.now(), by_id
    row.save(update_fields=["screen", "how", "done_at", "by_id"])
    audit.record(by_id, "groups.trained", subject_id=row.person_id, how=how)
