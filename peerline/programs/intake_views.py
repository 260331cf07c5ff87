"""The pages of intake: the whole one by staff, the short one by the person, whether they fit, and moving on."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peerline.people import services as person_services
from peerline.people.access import KEEPERS, NotThere, Request, allow, role, signed_in
from peerline.programs import forms, intake, intake_pages, moving_on, queries
from peerline.programs.views import ask, saved

keepers = role(*sorted(KEEPERS))


@allow(keepers)
def intake_page(request: Request, enrollment_id: int) -> HttpResponse:
    """All that is asked at the start, with the person beside or on the telephone."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id, *KEEPERS)
    form = forms.IntakeForm(request.POST or None, initial=intake_pages.begun(row))
    if request.method == "POST" and saved(form, lambda d: intake_pages.save(actor, row, d)):
        return redirect("programs:fits", row.pk)
    person_services.saw(actor, row.person_id, "enrollment")
    lead = _("Everything may be left out and added later.")
    return ask(request, form, _("Intake"), f"/people/{row.person_id}/", caption=row.person.nickname, lead=lead)


@allow(keepers)
def fits(request: Request, enrollment_id: int) -> HttpResponse:
    """Each rule of who may take part, and what to do when one is not met."""
    viewer = request.viewer
    row = queries.enrollment_for(viewer, enrollment_id, *KEEPERS)
    person_services.saw(viewer, row.person_id, "enrollment")
    return render(request, "programs/fits.html", intake_pages.verdict(viewer, row))


@allow(keepers)
def move_on(request: Request, enrollment_id: int) -> HttpResponse:
    """Another program for somebody who is here already: which, and do they stay in this one, too?"""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id, *KEEPERS)
    others = intake_pages.other_programs(actor, row)
    if not others:
        messages.info(request, _("There is no other program to go to. Make one under Programs first."))
        return redirect("programs:person", row.person_id)
    form = forms.MoveOnForm(request.POST or None, programs=others, initial=request.GET)

    def move(facts: dict[str, Any]) -> None:
        moving_on.move_on(actor, enrollment_id=row.pk, program_id=facts["program"], stays=facts["stays"] == "yes")

    if request.method == "POST" and saved(form, move):
        messages.success(
            request, _("It is done. Where that program has a text to agree to, they take part once they agree.")
        )
        return redirect("programs:person", row.person_id)
    return ask(request, form, _("Another program"), f"/people/{row.person_id}/", caption=row.person.nickname)


@allow(signed_in)
def about_me(request: Request, enrollment_id: int) -> HttpResponse:
    """The short intake, by the person alone."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id)
    if actor.person_id != row.person_id:
        raise NotThere
    form = forms.AboutMeForm(request.POST or None, initial=intake_pages.begun(row))
    if request.method == "POST" and saved(form, lambda d: intake.record(actor, enrollment_id=row.pk, how="web", **d)):
        messages.success(request, _("Thank you. It is saved."))
        return redirect("/")
    return ask(request, form, _("About me"), "/", caption=row.program.name)
