"""Notes about a person by browser: read and write them; read those of others as the second pair of eyes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.care import forms, notes
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people.access import CARE, Request, allow, care_staff
from peerline.programs import queries as programs

SHOWN = 100


@allow(care_staff)
def of_person(request: Request, person_id: int) -> HttpResponse:
    viewer = request.viewer
    person = people.person_for(viewer, person_id, *CARE)
    places = [(row.program_id, row.program.name) for row in programs.enrollments(viewer, *CARE).filter(person=person)]
    form = forms.NoteForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        notes.write(viewer, program_id=form.place(), person_id=person_id, words=form.cleaned_data["words"])
        messages.success(request, _("The note is kept. A colleague reads it, too."))
        return redirect("care:notes", person_id)
    person_services.saw(viewer, person_id, "notes")
    rows = notes.notes(viewer).filter(person=person)[:SHOWN]
    return render(request, "care/notes.html", {"person": person, "form": form if places else None, "rows": rows})


@allow(care_staff)
def to_review(request: Request) -> HttpResponse:
    rows = list(notes.to_review(request.viewer)[:SHOWN])
    for person_id in {row.person_id for row in rows}:
        person_services.saw(request.viewer, person_id, "notes")
    return render(request, "care/notes_to_review.html", {"rows": rows})


@allow(care_staff)
@require_POST
def review(request: Request, note_id: int) -> HttpResponse:
    notes.review(request.viewer, note_id=note_id, answer=request.POST.get("answer", ""))
    messages.success(request, _("Noted that you have read it."))
    return redirect("care:notes_to_review")
