"""Write the log, seal it, check it."""

import hashlib
import json
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.db import OperationalError, connection, transaction

from peerline.audit.models import Line, Seal
from peerline.kernel import clock

door: ContextVar[str] = ContextVar("door", default="worker")


def record(actor_id: int | None, verb: str, *, subject_id: int | None = None, object: str = "", **detail: Any) -> None:
    """One line, in the caller's transaction. Detail holds ids and short facts: no name, number, address or words."""
    record_each(actor_id, verb, [subject_id], object=object, **detail)


def record_each(
    actor_id: int | None, verb: str, subject_ids: Iterable[int | None], *, object: str = "", **detail: Any
) -> None:
    """A line for each of these people, in one query."""
    said = {"at": clock.now(), "actor_id": actor_id, "door": door.get(), "verb": verb, "object": object}
    Line.objects.bulk_create(Line(**said, subject_id=subject_id, detail=detail) for subject_id in subject_ids)


def _digest(before: str, lines: Iterable[Line]) -> tuple[str, list[int]]:
    running, ids = hashlib.sha256(before.encode()), []
    for line in lines:
        row = [
            line.pk,
            line.at.isoformat(),
            line.actor_id,
            line.door,
            line.verb,
            line.subject_id,
            line.object,
            line.detail,
        ]
        running.update(json.dumps(row, sort_keys=True, separators=(",", ":")).encode())
        ids.append(line.pk)
    return running.hexdigest(), ids


def _settled() -> int:
    """The last line before which no other can still appear; 0 when somebody keeps us waiting for two seconds.

    PostgreSQL numbers a row when it is written and shows it when its transaction ends, so a lower number may come later.
    Nobody is writing while the table is locked. SQLite has one writer at a time.
    """
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '2s'")
                    cursor.execute(f"LOCK TABLE {Line._meta.db_table} IN SHARE MODE")
            return Line.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    except OperationalError:
        return 0


def seal_new_lines(most: int = 5000) -> int:
    """Seal the lines that have no seal yet, oldest first; how many. One worker at a time (the unique last_line).

    Where a long transaction is writing, it may be 0: the next round seals them.
    """
    return _seal(_settled(), most)


@transaction.atomic
def _seal(until: int, most: int) -> int:
    last = Seal.objects.order_by("-last_line").select_for_update().first()
    fresh = Line.objects.filter(pk__gt=last.last_line if last else 0, pk__lte=until).order_by("pk")[:most]
    digest, ids = _digest(last.digest if last else "", fresh)
    if ids:
        Seal.objects.create(first_line=ids[0], last_line=ids[-1], lines=len(ids), digest=digest, at=clock.now())
    return len(ids)


def first_broken_seal() -> Seal | None:
    """None when every sealed line still stands as it was; else the first seal whose lines were changed, removed or moved."""
    before, reached = "", 0
    for seal in Seal.objects.order_by("last_line").iterator():
        lines = Line.objects.filter(pk__gt=reached, pk__lte=seal.last_line).order_by("pk").iterator(chunk_size=2000)
        digest, ids = _digest(before, lines)
        if digest != seal.digest or len(ids) != seal.lines:
            return seal
        before, reached = digest, seal.last_line
    return None


def anchor() -> str:
    """The last seal in short: "1284-9f86d081884c7d65"; "" before the first one. Kept outside, it binds all lines before it."""
    last = Seal.objects.order_by("-last_line").first()
    return f"{last.last_line}-{last.digest[:16]}" if last else ""


def holds(kept: str) -> bool:
    """Is the seal that was kept outside still a seal of this log?"""
    number, _, digest = kept.strip().partition("-")
    if not number.isdecimal() or len(digest) != 16:
        return False
    return Seal.objects.filter(last_line=int(number), digest__startswith=digest).exists()
