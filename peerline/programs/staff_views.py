"""Staff and their roles: who may do what where. Administrators only."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people import words as people_words
from peerline.people.access import Request, allow, role
from peerline.people.rules import PeopleError
from peerline.programs import colleagues, forms
from peerline.programs.views import ask, saved

administrators = role("administrator")


@allow(administrators)
def staff(request: Request) -> HttpResponse:
    return render(request, "programs/staff.html", {"colleagues": colleagues.listed(request.viewer)})


@allow(administrators)
def add(request: Request) -> HttpResponse:
    actor = request.viewer
    form = forms.ColleagueForm(request.POST or None, places=colleagues.places(actor))
    if request.method == "POST" and saved(form, lambda data: colleagues.invite(actor, data)):
        messages.success(request, _("A link to choose a password is on its way to them."))
        return redirect("programs:staff")
    return ask(request, form, _("Add a colleague"), "/staff/")


@allow(administrators)
def give_role(request: Request, person_id: int) -> HttpResponse:
    actor = request.viewer
    person = people.person_for(actor, person_id, "administrator")
    form = forms.PlaceForm(request.POST or None, places=colleagues.places(actor))

    def give(data: dict[str, Any]) -> None:
        place = colleagues.place_of(actor, data["place"])
        person_services.give_role(actor, person_id=person_id, role=data["role"], place=place)

    if request.method == "POST" and saved(form, give):
        messages.success(request, _("The role holds from now on."))
        return redirect("programs:staff")
    return ask(request, form, _("Give a role"), "/staff/", caption=person.full_name)


@allow(administrators)
@require_POST
def end_role(request: Request, role_id: int) -> HttpResponse:
    try:
        person_services.end_role(request.viewer, role_id=role_id)
        messages.success(request, _("The role has ended. It is gone with their next click."))
    except PeopleError as reason:
        messages.error(request, people_words.SENTENCES[reason.word])
    return redirect("programs:staff")
