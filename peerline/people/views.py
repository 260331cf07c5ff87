"""Pages about one person that need nothing but the person: hours, nickname, language, numbers, record.

Without a person in the address it is the visitor's own page.
"""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.people import doors, forms, queries, services, words
from peerline.people.access import KEEPERS, Request, allow, require, role, signed_in
from peerline.people.models import ContactPoint, Person
from peerline.people.rules import PeopleError

keepers = role(*sorted(KEEPERS))


def saved(form: django_forms.Form, service: Callable[[dict[str, Any]], object]) -> bool:
    """Run the service with what a valid form holds; a refusal becomes the form's own error."""
    if not form.is_valid():
        return False
    try:
        service(form.cleaned_data)
    except PeopleError as reason:
        form.add_error(None, words.SENTENCES[reason.word])
        return False
    return True


def _home(request: Request, person: Person) -> str:
    """Where a page about this person leads back to."""
    return "/me/" if request.viewer.person_id == person.pk else f"/people/{person.pk}/"


def _ask(request: Request, person: Person, form: django_forms.Form, heading: str, lead: str = "") -> HttpResponse:
    context = {"form": form, "heading": heading, "lead": lead, "back": _home(request, person)}
    return render(request, "people/ask.html", {**context, "caption": person.nickname})


def _done(request: Request, person: Person, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(_home(request, person))


def _person(request: Request, person_id: int | None) -> Person:
    viewer = request.viewer
    return queries.person_for(viewer, viewer.me if person_id is None else person_id)


@allow(signed_in)
def hours(request: Request, person_id: int | None = None) -> HttpResponse:
    person = _person(request, person_id)
    form = forms.HoursForm(request.POST or None, initial={"blocked": person.blocked, "time_zone": person.time_zone})
    actor = request.viewer

    def save(data: dict[str, Any]) -> None:
        services.set_blocked_hours(actor, person.pk, data["blocked"])
        services.set_time_zone(actor, person_id=person.pk, time_zone=data["time_zone"])

    if request.method == "POST" and saved(form, save):
        return _done(request, person, _("The calling hours are saved."))
    return _ask(request, person, form, _("Calling hours"))


@allow(signed_in)
def nickname(request: Request, person_id: int | None = None) -> HttpResponse:
    person = _person(request, person_id)
    form = forms.NicknameForm(request.POST or None, initial={"nickname": person.nickname})
    actor = request.viewer
    if request.method == "POST" and saved(form, lambda d: services.set_nickname(actor, person_id=person.pk, **d)):
        return _done(request, person, _("The nickname is saved."))
    ideas = ", ".join(queries.nicknames_free_for(person))
    return _ask(request, person, form, _("Nickname"), _("Free names, if you want one: %(names)s.") % {"names": ideas})


@allow(signed_in)
def language(request: Request, person_id: int | None = None) -> HttpResponse:
    person = _person(request, person_id)
    form = forms.LanguageForm(request.POST or None, initial={"language": person.language})
    actor = request.viewer
    if request.method == "POST" and saved(form, lambda d: services.set_language(actor, person_id=person.pk, **d)):
        return _done(request, person, _("The language is saved. The telephone line uses it, too."))
    return _ask(request, person, form, _("Language"))


@allow(keepers)
def record(request: Request, person_id: int) -> HttpResponse:
    """Correct what staff keep about somebody."""
    person = queries.person_for(request.viewer, person_id, *KEEPERS)
    begin = {name: getattr(person, name) for name in forms.RecordForm.base_fields}
    form = forms.RecordForm(request.POST or None, initial=begin)
    actor = request.viewer
    if request.method == "POST" and saved(form, lambda d: services.change_facts(actor, person_id=person_id, **d)):
        return _done(request, person, _("The record is saved."))
    services.saw(actor, person_id)
    return _ask(request, person, form, _("Correct the record"))


# --- Numbers and addresses -----------------------------------------------------------------------------------------


@allow(keepers)
def contact(request: Request, person_id: int) -> HttpResponse:
    """Whole numbers stand only here, and each look at them is on record."""
    viewer = request.viewer
    person = queries.person_for(viewer, person_id, *KEEPERS)
    services.saw(viewer, person_id, "numbers")
    points = queries.contact_points(person)
    for point in points:
        unproven = point.kind == ContactPoint.PHONE and not point.verified_at
        acts = doors.number_acts if unproven else []
        point.acts = [(label, reverse(name, args=[person_id, point.pk])) for label, name in acts]  # type: ignore[attr-defined]
    return render(request, "people/contact.html", {"person": person, "points": points, "back": _home(request, person)})


@allow(keepers)
def add_contact(request: Request, person_id: int, kind: str) -> HttpResponse:
    require(kind in (ContactPoint.PHONE, ContactPoint.EMAIL))
    person = queries.person_for(request.viewer, person_id, *KEEPERS)
    form = (forms.PhoneForm if kind == ContactPoint.PHONE else forms.EmailForm)(request.POST or None)
    actor = request.viewer

    def save(data: dict[str, Any]) -> None:
        services.set_contact(actor, person_id=person_id, kind=kind, **{"label": "", **data})

    if request.method == "POST" and saved(form, save):
        messages.success(request, _("It is saved. Prove that it is theirs before it is used."))
        return redirect("people:contact", person_id)
    heading = _("Add a telephone number") if kind == ContactPoint.PHONE else _("Add an e-mail address")
    return _ask(request, person, form, heading)


@allow(keepers)
@require_POST
def verify_contact(request: Request, person_id: int, contact_id: int) -> HttpResponse:
    """Staff rang the number, and the person answered."""
    require(queries.is_contact_of(person_id, contact_id))
    point = services.verify(request.viewer, contact_id=contact_id, how="call")
    messages.success(request, _("It is noted that this is theirs. It may be used from now on."))
    return redirect("people:contact", point.person_id)


@allow(keepers)
@require_POST
def drop_contact(request: Request, person_id: int, contact_id: int) -> HttpResponse:
    require(queries.is_contact_of(person_id, contact_id))
    services.drop_contact(request.viewer, contact_id=contact_id)
    messages.success(request, _("It is taken out."))
    return redirect("people:contact", person_id)
