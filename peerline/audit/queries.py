"""Read the log."""

from collections.abc import Iterable

from django.db.models import QuerySet

from peerline.audit.models import Line


def lines() -> QuerySet[Line]:
    """The whole log, for a room's query, which must narrow it to what its viewer reaches."""
    return Line.objects.all()


def about(person_id: int) -> QuerySet[Line]:
    """Everything done to or seen of this person, newest first."""
    return Line.objects.filter(subject_id=person_id).order_by("-id")


def about_any(person_ids: Iterable[int]) -> QuerySet[Line]:
    """Of somebody who has stood under several numbers."""
    return Line.objects.filter(subject_id__in=list(person_ids))
