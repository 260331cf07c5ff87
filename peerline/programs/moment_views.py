"""One person's time on one page: for staff from the record, for the person in plain words. Both are looks at a record."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from peerline.kernel import clock
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people.access import KEEPERS, Request, allow, participant, role
from peerline.programs import moments
from peerline.ui import moments as strands


@allow(role(*sorted(KEEPERS)))
def timeline(request: Request, person_id: int) -> HttpResponse:
    """What happened with somebody and what is to come, in all their programs that the viewer reaches."""
    someone = people.person_for(request.viewer, person_id, *KEEPERS)
    person_services.saw(request.viewer, person_id, "timeline")
    return _page(request, someone, "programs/moments.html")


@allow(participant)
def mine(request: Request) -> HttpResponse:
    """My time here."""
    viewer = request.viewer
    return _page(request, people.person_for(viewer, viewer.me), "programs/my_moments.html")


def _page(request: Request, someone: Any, template: str) -> HttpResponse:
    before, now = request.GET.get("before", "")[:120], clock.now()
    reader = moments.reader_of(request.viewer, someone.pk)
    lines, older = strands.past(reader, now, before)
    coming = [] if before else strands.to_come(reader, now)
    context = {"person": someone, "older": older, "begun": bool(before)}
    return render(request, template, {**context, "lines": _shown(reader, lines), "coming": _shown(reader, coming)})


def _shown(reader: strands.Reader, lines: list[strands.Moment]) -> list[dict[str, Any]]:
    """Whoever is in one program only is not told which one, line by line."""
    names = reader.programs if len(reader.programs) > 1 else {}
    return [{"at": one.at, "told": one.told, "program": names.get(one.told.program_id or 0, "")} for one in lines]
