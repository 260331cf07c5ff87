"""Records that look like one person's: same telephone or same year of birth, and a name that sounds the same.

Names are sealed, so the living records within reach are read once and sorted by how they sound: as many queries for ten
thousand people as for ten. A couple that shares a telephone has two names, and is not found.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from peerline.people import queries
from peerline.people.access import KEEPERS, Viewer
from peerline.people.models import ContactPoint, Merge, NoDouble, Person
from peerline.people.rules import folded, words_of

MOST_ALIKE = 6  # in one heap: a heap of Juans without a year of birth tells nobody anything
MOST_SHOWN = 50

# How letters that sound alike are written one way, in English and Spanish both.
SOUNDS = (
    (r"[^a-z]", ""), ("ph", "f"), ("ck|qu|q|c(?=[aou])|c$", "k"), ("sh|ch|z|x|c", "s"), ("ll|j|i", "y"), ("v|w", "b"),
    ("h", ""), ("gy", "y"), (r"(.)\1+", r"\1"),
)  # fmt: skip


@dataclass(frozen=True)
class Alike:
    """Two records, the older one first. why: phone, year."""

    first: int
    second: int
    why: frozenset[str]


def sound(name: str) -> str:
    """How a name sounds: its first letter, and the consonants. sound("Gonzáles") == sound("Gonzalez"); "" for none."""
    text = folded(name)
    for pattern, letter in SOUNDS:
        text = re.sub(pattern, letter, text)
    return text[:1] + re.sub("[aeiouy]", "", text[1:])


def sounds_of(first_name: str, last_name: str) -> str:
    """Of a whole name, whichever way round it was written."""
    return " ".join(sorted(sound(word) for word in words_of(first_name, last_name)))


def found(viewer: Viewer, most: int = MOST_SHOWN) -> list[Alike]:
    """The likeliest first. A fixed number of queries."""
    people = queries.reach(viewer, *KEEPERS).filter(removed_at=None, roles__name="participant", roles__ended_at=None)
    rows = {row.pk: row for row in people.distinct().only("first_name", "last_name", "born_year", "organization_id")}
    phones = _phones(rows)
    apart = set(NoDouble.objects.filter(first__in=rows).values_list("first_id", "second_id"))
    alike = [one for one in _pairs(rows, phones) if (one.first, one.second) not in apart]
    return sorted(alike, key=lambda one: (-len(one.why), one.first, one.second))[:most]


def _phones(people: Iterable[int]) -> dict[int, set[str]]:
    numbers: dict[int, set[str]] = defaultdict(set)
    points = ContactPoint.objects.filter(person__in=list(people)).values_list("person_id", "value_hash")
    for person_id, value_hash in points:
        numbers[person_id].add(value_hash)
    return numbers


def _pairs(rows: dict[int, Person], phones: dict[int, set[str]]) -> Iterable[Alike]:
    """Each heap of one sound, and each of one telephone and a first name that sounds the same."""
    heaps: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for pk, row in rows.items():
        heaps[row.organization_id, "name", sounds_of(row.first_name, row.last_name)].append(pk)
        for number in phones[pk]:
            heaps[row.organization_id, number, sound((words_of(row.first_name) or [""])[0])].append(pk)
    seen = {}
    for heap in heaps.values():
        for first, second in combinations(sorted(heap), 2) if len(heap) <= MOST_ALIKE else ():
            if why := _why(rows[first], rows[second], phones[first] & phones[second]):
                seen[first, second] = Alike(first, second, why)
    return seen.values()


def _why(one: Person, other: Person, shared: set[str]) -> frozenset[str]:
    """Two known years that differ by more than a slip are two people: a father and his son of the same name."""
    years = one.born_year and other.born_year
    if years and one.born_year != other.born_year:
        return frozenset()
    return frozenset({"year"} if years else ()) | frozenset({"phone"} if shared else ())


def survivor_of(person_id: int) -> int | None:
    """Into whose record this one was merged; None for one that was not."""
    return Merge.objects.filter(gone=person_id, undone_at=None).values_list("keep_id", flat=True).first()


def records_of(person_id: int) -> list[int]:
    """This record and those that were merged into it: under all of them the log knows this person."""
    return [person_id, *Merge.objects.filter(keep=person_id, undone_at=None).values_list("gone_id", flat=True)]


def merges(viewer: Viewer) -> list[Merge]:
    """Those within reach that hold, newest first."""
    rows = Merge.objects.filter(undone_at=None, keep__in=queries.reach(viewer, *KEEPERS).values("pk"))
    return list(rows.select_related("keep", "gone", "by").order_by("-at", "-pk")[:MOST_SHOWN])
