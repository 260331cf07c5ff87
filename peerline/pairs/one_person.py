"""When two records of one person become one: what of it is this room's."""

from django.db.models import Q

from peerline.pairs.models import KeptApart, Partner


def were_partners(keep: int, gone: int) -> str:
    """Two who are or were in one pair talked with each other: they are two people."""
    mine = Partner.objects.filter(person=keep).values("pair")
    return "were_partners" if Partner.objects.filter(person=gone, pair__in=mine).exists() else ""


def keep_apart_from_one(keep: int, gone: int) -> list[list[int]]:
    """Whom the one is kept apart from, so is the other; the lower number stands first. [[number, first, second]]."""
    noted = []
    for row in KeptApart.objects.filter(Q(first=gone) | Q(second=gone)):
        other = row.second_id if row.first_id == gone else row.first_id
        low, high = sorted((keep, other))
        same = KeptApart.objects.filter(program=row.program_id, first=low, second=high)
        if other != keep and not same.exists():
            noted.append([row.pk, row.first_id, row.second_id])
            KeptApart.objects.filter(pk=row.pk).update(first=low, second=high)
    return noted


def apart_as_it_was(keep: int, gone: int, noted: list[list[int]]) -> None:
    for pk, first, second in noted:
        KeptApart.objects.filter(pk=pk).update(first=first, second=second)
