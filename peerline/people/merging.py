"""Two records that are one person become one: all that hangs on the one hangs on the other afterwards, and it can be undone.

Every foreign key to a person is followed, found in the tables themselves, so that none can be forgotten. A row that
cannot follow, because the survivor has its like already (the same number, a PIN, a seat in the same session), stays with
the record that is gone: nothing is deleted. Rooms above say when it may not be (`refuses`), and what else is to be done
(`also`). The log keeps its lines as they were written.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from peerline.audit import services as audit
from peerline.kernel import clock
from peerline.people import queries, services
from peerline.people.access import KEEPERS, Viewer, require
from peerline.people.models import Merge, NoDouble, Person, Role, SearchKey
from peerline.people.rules import PeopleError

FILLED = ("last_name", "born_year", "gender", "culture")  # what the survivor lacks comes from the other
STAYS = {"people.SearchKey", "people.Merge", "people.NoDouble"}

Refuse = Callable[[int, int], str]


class Also(NamedTuple):
    """do(keep, gone), before rows move: what undo(keep, gone, noted), after they moved back, needs to know."""

    do: Callable[[int, int], Any]
    undo: Callable[[int, int, Any], None]


_refusals: list[Refuse] = []
_alsos: dict[str, Also] = {}


def refuses(ask: Refuse) -> None:
    """ask(keep, gone): the word of a PeopleError, or "" where nothing is against it."""
    if ask not in _refusals:
        _refusals.append(ask)


def also(name: str, do: Callable[[int, int], Any], undo: Callable[[int, int, Any], None], *, stays: str = "") -> None:
    """stays: a table whose rows `do` sees to, all of them."""
    _alsos[name] = Also(do, undo)
    STAYS.update({stays} - {""})


def why_not(keep: int, gone: int) -> str:
    """The word for what is against it; "" for nothing."""
    if keep == gone or queries.holds_staff_role(keep) or queries.holds_staff_role(gone):
        return "merges_staff"
    return next((word for ask in _refusals if (word := ask(keep, gone))), "")


@transaction.atomic
def merge(actor: Viewer, *, keep: int, gone: int) -> Merge:
    """Both within reach of those who keep records. Raises NotThere, and PeopleError with the word of what is against it."""
    survivor, other = _both(actor, keep, gone)
    if word := why_not(keep, gone):
        raise PeopleError(word)
    noted = {name: one.do(keep, gone) for name, one in _alsos.items()}
    moved = [list(one) for one in _move_all(gone, keep)]
    row = Merge.objects.create(
        keep=survivor, gone=other, by_id=actor.person_id, at=clock.now(), moved=moved, also=noted,
        facts=_fill(survivor, other),
    )  # fmt: skip
    Person.objects.filter(pk=gone).update(removed_at=clock.now())
    there = [one for one in queries.roles_now(keep).values_list("program_id", flat=True) if one]
    if not queries.nickname_is_free(survivor.nickname, there, keep):
        raise PeopleError("nickname_taken")
    SearchKey.objects.filter(person=gone).delete()
    services.index(Person.objects.get(pk=keep))
    audit.record_each(actor.person_id, "people.merged", [keep, gone], object=f"merge:{row.pk}")
    return row


@transaction.atomic
def undo(actor: Viewer, *, merge_id: int) -> Merge:
    """Each row goes back where it was; what came since stays with the survivor. Raises NotThere, PeopleError merged_since."""
    row = Merge.objects.select_for_update().filter(pk=merge_id, undone_at=None).first()
    require(row)
    assert row is not None
    _reached(actor, row.keep_id)
    later = Merge.objects.filter(pk__gt=merge_id, undone_at=None)
    if later.filter(Q(keep__in=[row.keep_id, row.gone_id]) | Q(gone__in=[row.keep_id, row.gone_id])).exists():
        raise PeopleError("merged_since")
    Person.objects.filter(pk=row.gone_id).update(removed_at=None)
    for label, column, numbers in reversed(row.moved):
        _move(apps.get_model(label), column, row.keep_id, row.gone_id, numbers)
    for name, noted in row.also.items():
        if name in _alsos:
            _alsos[name].undo(row.keep_id, row.gone_id, noted)
    _take_back(row)
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    audit.record_each(actor.person_id, "people.unmerged", [row.keep_id, row.gone_id], object=f"merge:{row.pk}")
    return row


@transaction.atomic
def are_two(actor: Viewer, *, first: int, second: int) -> None:
    """They look alike and are two people: nobody is asked again. Idempotent."""
    _both(actor, first, second)
    low, high = sorted((first, second))
    NoDouble.objects.get_or_create(first_id=low, second_id=high, defaults={"by_id": actor.person_id, "at": clock.now()})
    audit.record_each(actor.person_id, "people.told_apart", [low, high])


def _both(actor: Viewer, first: int, second: int) -> tuple[Person, Person]:
    """Locked, in the order of their numbers, of one organization and in no state of having left."""
    for one in sorted({first, second}):
        _reached(actor, one)
    rows = Person.objects.select_for_update().order_by("pk").in_bulk([first, second])
    require(first != second and all(one.removed_at is None for one in rows.values()))
    require(rows[first].organization_id == rows[second].organization_id)
    return rows[first], rows[second]


def _reached(actor: Viewer, person_id: int) -> None:
    require(actor.is_platform or queries.reach(actor, *KEEPERS).filter(pk=person_id).exists())


# --- Rows --------------------------------------------------------------------------------------------------------------


def _columns() -> list[tuple[type[Model], str]]:
    return [(table, name) for table, name in services.columns_of_people() if table._meta.label not in STAYS]


def _move_all(old: int, new: int) -> Iterator[tuple[str, str, list[int]]]:
    for table, column in _columns():
        rows = table._default_manager.filter(**{column: old})
        if table is Role:
            rows = rows.exclude(pk__in=_roles_twice(old, new))
        numbers = list(rows.values_list("pk", flat=True))
        if numbers and (moved := _move(table, column, old, new, numbers)):
            yield table._meta.label, column, moved


def _roles_twice(old: int, new: int) -> list[int]:
    """Roles of the one that the other holds in the same place: no constraint would keep them apart."""
    held = set(queries.roles_now(new).values_list("name", "site_id", "program_id"))
    return [row.pk for row in queries.roles_now(old) if (row.name, row.site_id, row.program_id) in held]


def _move(table: type[Model], column: str, old: int, new: int, numbers: list[int]) -> list[int]:
    """The numbers of the rows that are the other's now: all at once, or, where one is in the way, one by one."""
    if _moved(table, column, old, new, numbers):
        return [new] if table._meta.pk.name == column else numbers
    return [one for one in numbers if _moved(table, column, old, new, [one])] if len(numbers) > 1 else []


def _moved(table: type[Model], column: str, old: int, new: int, numbers: list[int]) -> bool:
    try:
        with transaction.atomic():
            table._default_manager.filter(**{column: old, "pk__in": numbers}).update(**{column: new})
    except IntegrityError:
        return False
    return True


# --- Facts -------------------------------------------------------------------------------------------------------------


def _fill(survivor: Person, other: Person) -> list[str]:
    """What the survivor lacks it has from the other; which ones. A registry number is in one record at a time."""
    names = [name for name in FILLED if getattr(other, name) and not getattr(survivor, name)]
    for name in names:
        setattr(survivor, name, getattr(other, name))
    if other.registry_id and not survivor.registry_id:
        names.append("registry_id")
        survivor.registry_id, other.registry_id = other.registry_id, ""
        other.save(update_fields=["registry_id"])
    survivor.save(update_fields=names)
    return names


def _take_back(row: Merge) -> None:
    if "registry_id" in row.facts:
        number, row.keep.registry_id = row.keep.registry_id, ""
        row.keep.save(update_fields=["registry_id"])
        Person.objects.filter(pk=row.gone_id).update(registry_id=number)
    empty = {name: None if name == "born_year" else "" for name in row.facts if name != "registry_id"}
    for name, nothing in empty.items():
        setattr(row.keep, name, nothing)
    row.keep.save(update_fields=list(empty))
    for person_id in (row.keep_id, row.gone_id):
        services.index(Person.objects.get(pk=person_id))
