"""Notes of the staff about a person, each read by a second pair of eyes: who leads the program, or, where nobody leads it,
any other nurse or coordinator of it. Written once; what is wrong is put right by another note."""

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from peerline.audit import services as audit
from peerline.care.models import PersonNote
from peerline.kernel import clock
from peerline.people.access import CARE, NotThere, Viewer, require
from peerline.programs import queries as programs

MOST_LETTERS = 2000


def notes(viewer: Viewer) -> QuerySet[PersonNote]:
    """Of the programs whose nurse or coordinator the viewer is, newest first."""
    rows = PersonNote.objects.filter(program__in=programs.programs(viewer, *CARE).values("pk"))
    return rows.select_related("program", "author", "reviewed_by", "person").order_by("-at", "-pk")


def to_review(viewer: Viewer) -> QuerySet[PersonNote]:
    """What waits for this viewer's eyes, the oldest first."""
    mine = Q(program__led_by=viewer.person_id) | Q(program__led_by=None)
    return notes(viewer).filter(mine, reviewed_at=None).exclude(author=viewer.person_id).order_by("at", "pk")


def counts(viewer: Viewer, person_id: int) -> tuple[int, int]:
    """How many notes there are about somebody, and how many nobody has reviewed. One query."""
    unread = Count("pk", filter=Q(reviewed_at=None))
    found = notes(viewer).filter(person=person_id).order_by().aggregate(all=Count("pk"), unread=unread)
    return found["all"], found["unread"]


@transaction.atomic
def write(actor: Viewer, *, program_id: int, person_id: int, words: str) -> PersonNote:
    """By a nurse or coordinator of the program, about somebody who is in it. Raises NotThere."""
    programs.program_for(actor, program_id, *CARE)
    require(programs.is_in(person_id, program_id))
    row = PersonNote.objects.create(
        program_id=program_id, person_id=person_id, author_id=actor.person_id, words=words.strip()[:MOST_LETTERS], at=clock.now()
    )  # fmt: skip
    audit.record(actor.person_id, "care.wrote_note", subject_id=person_id, object=f"note:{row.pk}")
    return row


@transaction.atomic
def review(actor: Viewer, *, note_id: int, answer: str = "") -> PersonNote:
    """Read by a second pair of eyes; `answer`: a word for whoever wrote it. The first review counts. Raises NotThere."""
    row = PersonNote.objects.select_for_update(of=("self",)).filter(pk=note_id).first()
    if row is None or not (row.reviewed_at or to_review(actor).filter(pk=note_id).exists()):
        raise NotThere
    require(notes(actor).filter(pk=note_id).exists())
    if row.reviewed_at is None:
        row.reviewed_at, row.reviewed_by_id, row.answer = clock.now(), actor.person_id, answer.strip()[:500]
        row.save(update_fields=["reviewed_at", "reviewed_by", "answer"])
        audit.record(actor.person_id, "care.reviewed_note", subject_id=row.person_id, object=f"note:{row.pk}")
    return row
