"""Programs and their people: lists, the record of one person, settings, consent, stopping."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.audit import services as audit
from peerline.kernel import clock, exports
from peerline.people import doubles
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people import words as people_words
from peerline.people.access import CARE, KEEPERS, STAFF, Request, allow, role, signed_in
from peerline.people.rules import PeopleError
from peerline.programs import due_pages, forms, pages, queries, rests, services, words
from peerline.programs.roster import RosterError
from peerline.programs.rules import ProgramError
from peerline.programs.services import SETTLERS

keepers = role(*sorted(KEEPERS))
settlers = role(*sorted(SETTLERS))


def saved(form: django_forms.Form, service: Callable[[dict[str, Any]], object]) -> bool:
    """Run the service with what a valid form holds; a refusal becomes the form's own error."""
    if not form.is_valid():
        return False
    try:
        service(form.cleaned_data)
    except (ProgramError, RosterError) as reason:
        form.add_error(None, words.SENTENCES[reason.word])
    except PeopleError as reason:
        form.add_error(None, people_words.SENTENCES[reason.word])
    return not form.errors


def ask(request: Request, form: django_forms.Form, heading: str, back: str, **more: Any) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, "caption": "", "lead": "", **more}
    return render(request, "programs/ask.html", context)


# --- Programs ------------------------------------------------------------------------------------------------------


@allow(role(*sorted(STAFF)))
def index(request: Request) -> HttpResponse:
    found = pages.programs_with_counts(request.viewer)
    waiting = queries.to_complete(request.viewer)
    reads = request.viewer.has(*CARE, "researcher")
    return render(
        request, "programs/index.html", {"programs": found, "to_complete": waiting, "may_read_answers": reads}
    )


@allow(settlers)
def settings(request: Request, program_id: int) -> HttpResponse:
    actor = request.viewer
    program = queries.program_for(actor, program_id, *SETTLERS)
    leaders = list(queries.may_lead(program.organization_id, program.site_id).items())
    form = forms.SettingsForm(request.POST or None, initial=forms.SettingsForm.of(program), leaders=leaders)
    if request.method == "POST" and saved(form, lambda d: services.change_settings(actor, program_id=program_id, **d)):
        messages.success(request, _("The settings are saved."))
        return redirect("programs:people", program_id)
    return ask(request, form, _("Settings"), f"/programs/{program_id}/", caption=program.name)


@allow(role("coordinator", "administrator", "nurse"))
def staff_hours(request: Request, program_id: int) -> HttpResponse:
    actor = request.viewer
    program = queries.program_for(actor, program_id, *SETTLERS, "nurse")
    colleagues = queries.may_stand_in(program)
    form = forms.StaffHoursForm(request.POST or None, initial=pages.staff_hours_now(program_id), colleagues=colleagues)
    if request.method == "POST" and saved(form, lambda d: pages.save_staff_hours(actor, program_id, d)):
        messages.success(request, _("The hours are saved. Callers are told them before they leave a message."))
        return redirect("programs:people", program_id)
    return ask(request, form, _("When somebody listens"), f"/programs/{program_id}/", caption=program.name)


@allow(settlers)
def consent_text(request: Request, program_id: int) -> HttpResponse:
    """A new version; those who agreed to an older one are asked again."""
    actor = request.viewer
    program = queries.program_for(actor, program_id, *SETTLERS)
    form = forms.ConsentTextForm(request.POST or None, initial=queries.consent_texts_now(program_id))
    if request.method == "POST" and saved(
        form, lambda d: services.write_consent(actor, program_id=program_id, texts=d)
    ):
        messages.success(
            request,
            _(
                "The new text is saved. People are asked to agree to it. Whoever never agreed is not called before they do."
            ),
        )
        return redirect("programs:people", program_id)
    return ask(request, form, _("What people agree to"), f"/programs/{program_id}/", caption=program.name)


@allow(keepers)
def people_list(request: Request, program_id: int) -> HttpResponse:
    """By nickname, fifty a page; `q` finds the beginnings of names, `after` is where the page before ended."""
    program = queries.program_for(request.viewer, program_id, *KEEPERS)
    context = pages.people_page(program_id, request.GET.get("q", "")[:80], request.GET.get("after", "")[:80])
    settles = request.viewer.has(*SETTLERS)
    return render(request, "programs/people.html", {"program": program, "settles": settles, **context})


@allow(keepers)
def people_file(request: Request, program_id: int) -> StreamingHttpResponse:
    """The list of people, for a spreadsheet or to print. Taking it out is on record."""
    program = queries.program_for(request.viewer, program_id, *KEEPERS)
    audit.record(request.viewer.person_id, "programs.exported", object=f"program:{program.pk}")
    header = [str(words.FIELDS[one]) for one in ("nickname", "first_name", "last_name", "registry_id")]
    header += [_("State"), _("Since"), str(words.FIELDS["language"])]
    response = StreamingHttpResponse(
        exports.lines(header, pages.people_lines(program.pk)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


@allow(keepers)
def add_person(request: Request, program_id: int) -> HttpResponse:
    actor = request.viewer
    program = queries.program_for(actor, program_id, *KEEPERS)
    form = forms.PersonForm(request.POST or None)
    added: list[int] = []
    if request.method == "POST" and saved(form, lambda d: added.append(pages.join(actor, program, d))):
        messages.success(request, words.added(asked=queries.consent_version(program_id) > 0))
        return redirect("programs:person", added[0])
    return ask(request, form, _("Add a person"), f"/programs/{program_id}/", caption=program.name)


@allow(keepers)
def timeline_page(request: Request, program_id: int) -> HttpResponse:
    """What Peerline did and will do by itself in this program, each with its reason."""
    program = queries.program_for(request.viewer, program_id, *KEEPERS)
    return render(request, "programs/timeline.html", {"program": program, **due_pages.page(program.pk)})


# --- One person ----------------------------------------------------------------------------------------------------


@allow(keepers)
def person(request: Request, person_id: int) -> HttpResponse:
    """The record. That it was opened is on record, too."""
    viewer = request.viewer
    if survivor := doubles.survivor_of(person_id):
        return redirect("programs:person", people.person_for(viewer, survivor, *KEEPERS).pk)
    someone = people.person_for(viewer, person_id, *KEEPERS)
    person_services.saw(viewer, person_id)
    return render(request, "programs/person.html", pages.record_of(viewer, someone))


@allow(keepers)
def enrollment(request: Request, enrollment_id: int) -> HttpResponse:
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id, *KEEPERS)
    form = forms.EnrollmentForm(request.POST or None, initial=forms.EnrollmentForm.of(row))
    if request.method == "POST" and saved(
        form, lambda d: services.change_enrollment(actor, enrollment_id=enrollment_id, **d)
    ):
        messages.success(request, _("It is saved."))
        return redirect("programs:person", row.person_id)
    person_services.saw(actor, row.person_id, "enrollment")
    return ask(request, form, _("What matching needs"), f"/people/{row.person_id}/", caption=row.person.nickname)


@allow(keepers)
@require_POST
def consent_on_paper(request: Request, enrollment_id: int) -> HttpResponse:
    """Staff hold the signed paper, or read the text to the person on the telephone."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id, *KEEPERS)
    version = queries.consent_version(row.program_id)
    how = "phone" if request.POST.get("how") == "phone" else "paper"
    return _act(request, row, lambda: services.give_consent(actor, enrollment_id=row.pk, version=version, how=how))


@allow(signed_in)
@require_POST
def move(request: Request, enrollment_id: int) -> HttpResponse:
    """Rest and go on again: by the person or by staff."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id)
    act = {"pause": services.pause, "resume": services.resume}.get(request.POST.get("to", ""))
    if act is None:
        raise BadRequest
    return _act(request, row, lambda: act(actor, enrollment_id=enrollment_id))


@allow(signed_in)
def rest(request: Request, enrollment_id: int) -> HttpResponse:
    """Take a rest, for so many weeks or until they say: by the person or by staff for them."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id)
    form = forms.RestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until = rests.day_back(row.person, form.cleaned_data["how_long"], clock.now())
        return _act(request, row, lambda: services.pause(actor, enrollment_id=enrollment_id, until=until))
    own = actor.person_id == row.person_id
    back = "/me/" if own else f"/people/{row.person_id}/"
    lead = _("Nobody is rung or reminded until the rest is over. The partner is told that it is a rest, and no reason.")
    return ask(request, form, _("Take a rest"), back, caption=row.program.name, lead=lead, submit=_("Begin the rest"))


@allow(signed_in)
@require_POST
def reminders(request: Request, enrollment_id: int) -> HttpResponse:
    """May the line ring to remind of a talk? By the person or by staff."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id)
    wanted = request.POST.get("wanted") == "yes"
    return _act(request, row, lambda: services.set_reminders(actor, enrollment_id=enrollment_id, wanted=wanted))


@allow(keepers)
@require_POST
def complete_removal(request: Request, enrollment_id: int) -> HttpResponse:
    """Staff finish what the person asked for: the number leaves the system (S15), and the record their sight."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id, *KEEPERS)
    act = partial(services.complete_removal, actor, enrollment_id=enrollment_id)
    return _act(request, row, act, to=f"/programs/{row.program_id}/")


def _act(request: Request, row: Any, act: Callable[[], object], to: str = "") -> HttpResponse:
    """Do it, say so, and go back to the record; the person themself goes home."""
    try:
        act()
        messages.success(request, _("It is done."))
    except ProgramError as reason:
        messages.error(request, words.SENTENCES[reason.word])
    own = request.viewer.person_id == row.person_id
    return redirect("/" if own else to or f"/people/{row.person_id}/")


@allow(signed_in)
def stop(request: Request, enrollment_id: int) -> HttpResponse:
    """Stop taking part, by the person or by staff for them: one question, no blame, at once (S15, S121). Whoever takes
    part in nothing else is led to the one page that ends it all."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id)
    own = actor.person_id == row.person_id
    if own and request.method == "GET" and len(queries.enrolled(row.person_id, "invited", "active", "paused")) == 1:
        return redirect("pairs:my_stop")
    form = forms.StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _act(request, row, lambda: services.stop(actor, enrollment_id, form.cleaned_data["reason"]))
    back = "/" if own else f"/people/{row.person_id}/"
    return render(request, "programs/stop.html", {"form": form, "enrollment": row, "back": back, "own": own})


# --- The participant's own pages -----------------------------------------------------------------------------------


@allow(signed_in)
def known(request: Request) -> HttpResponse:
    """What is known about me, and who looked."""
    viewer = request.viewer
    return render(request, "programs/known.html", pages.known_about(viewer))


@allow(signed_in)
def consent(request: Request, enrollment_id: int) -> HttpResponse:
    """Read the text in force and agree to it."""
    actor = request.viewer
    row = queries.enrollment_for(actor, enrollment_id)
    version = queries.consent_version(row.program_id)
    text = queries.consent_text(row.program_id, version, get_language() or "en")
    if request.method == "POST" and actor.person_id == row.person_id:
        given = int(request.POST.get("version", "0")) if request.POST.get("version", "").isdecimal() else 0
        return _act(request, row, lambda: services.give_consent(actor, enrollment_id=row.pk, version=given, how="web"))
    agreed = queries.has_consent(row.pk)
    return render(request, "programs/consent.html", {"text": text, "enrollment": row, "agreed": agreed})
