"""The printed door of groups: the sign-in sheet, the facilitator's guide with the agenda, the training on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from peerline.audit import services as audit
from peerline.groups import content, pages, queries
from peerline.people.access import KEEPERS, Request, allow, role, signed_in

keepers = role(*sorted(KEEPERS))
EMPTY_LINES = 4  # for those nobody expected


@allow(keepers)
def sheet(request: Request, session_id: int) -> HttpResponse:
    """Who is expected, by nickname, with room to sign."""
    found = queries.session_for(request.viewer, session_id)
    coming = [guest for guest in queries.guests(found) if guest.seat.state in queries.HOLDS_A_SEAT]
    seen = [guest.person.person_id for guest in coming]
    audit.record_each(request.viewer.person_id, "groups.saw", seen, object=f"session:{found.pk}")
    context = {"session": found, "coming": coming, "when": pages.when(found, found.time_zone)}
    return render(request, "groups/sheet.html", {**context, "empty": range(EMPTY_LINES)})


@allow(keepers)
def guide(request: Request, session_id: int) -> HttpResponse:
    """The five steps as questions, with this session's minutes and agenda."""
    found = queries.session_for(request.viewer, session_id)
    written = content.guide(get_language() or "en")
    steps = [(step, round(found.minutes * step.percent / 100)) for step in written["steps"]]
    context = {**written, "steps": steps, "session": found, "when": pages.when(found, found.time_zone)}
    return render(request, "groups/guide.html", {**context, "points": pages.points(found)})


@allow(signed_in)
def lesson(request: Request) -> HttpResponse:
    """The whole training, to be read on paper."""
    language = get_language() or "en"
    context = {"screens": content.screens(language), "checks": content.checks(language)}
    return render(request, "groups/lesson.html", context)
