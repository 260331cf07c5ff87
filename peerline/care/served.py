"""What a piece of the staff's work served: which of the six elements (S100), and what kind of support it was (S101).

Staff tick it where they write down what they did; nothing ticked is as good. The elements are those of Brownson and
Heisler 2009; emotional, appraisal, informational and instrumental are Dennis's (2003) kinds of peer support, outreach and
coordination what source 004 adds for the systems that provide care.
"""

from collections.abc import Collection, Iterable

from django.db.models import Count

from peerline.care import words
from peerline.care.models import Served
from peerline.kernel import clock
from peerline.kernel.elements import Count as Counted
from peerline.kernel.elements import Element
from peerline.people.access import KEEPERS, Viewer, require
from peerline.programs import queries as programs

ELEMENTS = tuple(one.value for one in Element)
SUPPORT = ("emotional", "appraisal", "informational", "instrumental", "outreach", "coordination")
COUNTED_ALREADY = (
    "care.voicemail:"  # each that was seen to is a contact of the element "access" (queries.answered_of_each)
)


def write(source: str, *, program_id: int | None, people: Collection[int], what: Iterable[str]) -> None:
    """What this work served, for everybody it was about; written again it takes the place of what stood there."""
    ticked = set(what)
    require(ticked <= {*ELEMENTS, *SUPPORT})
    forget(source)
    if program_id is not None:
        now = clock.now()
        Served.objects.bulk_create(
            Served(source=source, program_id=program_id, person_id=person, what=one, at=now)
            for person in people
            for one in sorted(ticked)
        )


def forget(source: str) -> None:
    """The work is not done after all."""
    Served.objects.filter(source=source).delete()


def said(sources: Collection[str]) -> dict[str, str]:
    """source → what it served, in words. One query."""
    rows = Served.objects.filter(source__in=list(sources)).values_list("source", "what").distinct()
    found: dict[str, list[str]] = {}
    for source, what in rows:
        found.setdefault(source, []).append(what)
    return {
        source: "; ".join(str(text) for one, text in words.SERVED.items() if one in ticked)
        for source, ticked in found.items()
    }


def of_each(element: str) -> Counted:
    """person → how often staff's work served this element. One query."""

    def count(program_id: int, people: Collection[int] | None) -> dict[int, int]:
        rows = Served.objects.filter(program=program_id, what=element)
        rows = rows if people is None else rows.filter(person__in=list(people))
        if element == Element.ACCESS:
            rows = rows.exclude(source__startswith=COUNTED_ALREADY)
        return dict(rows.order_by().values_list("person").annotate(n=Count("pk")))

    return count


def kinds(viewer: Viewer) -> list[list[object]]:
    """Rows for the page: program, kind of support, people, pieces of work. Two queries."""
    names = dict(programs.programs(viewer, *KEEPERS).values_list("pk", "name"))
    rows = Served.objects.filter(program__in=names, what__in=SUPPORT).order_by()
    counted = rows.values_list("program", "what").annotate(
        people=Count("person", distinct=True), works=Count("source", distinct=True)
    )
    found = {(program, what): (people, works) for program, what, people, works in counted}
    return [
        [names[program], words.SERVED[what], *found[program, what]]
        for program in sorted(names, key=lambda pk: (names[pk], pk))
        for what in SUPPORT
        if (program, what) in found
    ]
