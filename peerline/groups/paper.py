"""The printed door of groups: the sign-in sheet, the facilitator's guide with the agenda, the training on paper, the certificate."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language

from peerline.audit import services as audit
from peerline.groups import content, pages, queries, training
from peerline.kernel import clock
from peerline.people import queries as people
from peerline.people.access import KEEPERS, Request, allow, participant, role, signed_in
from peerline.programs import queries as programs

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


@allow(participant)
def my_certificate(request: Request) -> HttpResponse:
    """That I took part: my name, in which programs and since when, the training, how many sessions. Nothing of my health."""
    return _certificate(request, people.person_for(request.viewer, request.viewer.me), get_language() or "en")


@allow(keepers)
def certificate(request: Request, person_id: int) -> HttpResponse:
    """The same, printed by staff in the person's language."""
    person = people.person_for(request.viewer, person_id, *KEEPERS)
    audit.record(request.viewer.person_id, "people.saw", subject_id=person_id, what="certificate")
    return _certificate(request, person, person.language)


def _certificate(request: Request, person: Any, language: str) -> HttpResponse:
    """Of programs that the reader may read of, and that the person agreed to."""
    mine = programs.enrollments(request.viewer, *KEEPERS) if request.viewer.person_id != person.pk else None
    rows = (
        programs.took_part(person.pk)
        if mine is None
        else programs.took_part(person.pk).filter(pk__in=mine.values("pk"))
    )
    trained = training.reached(person.pk)
    context = {
        "person": person,
        "programs": list(rows),
        "trained_at": trained.done_at if trained else None,
        "sessions": queries.came_how_often(person.pk, [row.program_id for row in rows]),
        "today": clock.now(),
    }
    with translation.override(language):
        return render(request, "groups/certificate.html", context)
