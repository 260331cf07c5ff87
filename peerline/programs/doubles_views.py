"""Records that look like one person's: the list, both side by side, make them one, and undo it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.people import doubles, merging
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people import words as people_words
from peerline.people.access import KEEPERS, Request, Viewer, allow, role
from peerline.people.models import Person
from peerline.people.rules import PeopleError
from peerline.programs import queries

keepers = role(*sorted(KEEPERS))


@allow(keepers)
def index(request: Request) -> HttpResponse:
    found = doubles.found(request.viewer)
    names = people.known({one for two in found for one in (two.first, two.second)})
    rows = [(names[two.first], names[two.second], people_words.alike(two.why), two) for two in found]
    return render(request, "programs/doubles.html", {"rows": rows, "merges": doubles.merges(request.viewer)})


@allow(keepers)
def both(request: Request, person_id: int, other_id: int) -> HttpResponse:
    """Side by side; which of the two stays is the question. Looking at both is on record."""
    viewer = request.viewer
    two = [people.person_for(viewer, one, *KEEPERS) for one in (person_id, other_id)]
    if request.method == "POST":
        return _answered(request, person_id, other_id)
    for one in two:
        person_services.saw(viewer, one.pk, "double")
    word = merging.why_not(person_id, other_id)
    against = people_words.SENTENCES[word] if word else ""
    return render(request, "programs/double.html", {"sides": [_side(viewer, one) for one in two], "against": against})


def _answered(request: Request, person_id: int, other_id: int) -> HttpResponse:
    actor, answer = request.viewer, request.POST.get("keep", "")
    if answer == "two":
        merging.are_two(actor, first=person_id, second=other_id)
        messages.success(request, _("Noted: they are two people. You are not asked again."))
        return redirect("programs:doubles")
    choices = {str(person_id): (person_id, other_id), str(other_id): (other_id, person_id)}
    try:
        if answer not in choices:
            raise PeopleError("merges_unsaid")
        keep, gone = choices[answer]
        merging.merge(actor, keep=keep, gone=gone)
    except PeopleError as reason:
        messages.error(request, people_words.SENTENCES[reason.word])
        return redirect("programs:double", person_id, other_id)
    messages.success(request, _("The two records are one now. You can undo it on the page of doubles."))
    return redirect("programs:person", keep)


def _side(viewer: Viewer, person: Person) -> dict[str, Any]:
    """One record as it is compared with the other."""
    points = ", ".join(one.hinted for one in people.contact_points(person))
    rows = queries.enrollments(viewer).filter(person=person).order_by("-began_at")
    return {
        "person": person,
        "facts": [
            (_("Name"), person.full_name),
            (_("Year of birth"), str(person.born_year or "–")),
            (_("Language"), person.language_name),
            (_("Telephone and e-mail"), points or "–"),
            (_("Registry number"), person.registry_id or "–"),
            (_("Programs"), "; ".join(f"{row.program.name}: {row.state_words}" for row in rows) or "–"),
        ],
    }


@allow(keepers)
@require_POST
def undo(request: Request, merge_id: int) -> HttpResponse:
    try:
        row = merging.undo(request.viewer, merge_id=merge_id)
    except PeopleError as reason:
        messages.error(request, people_words.SENTENCES[reason.word])
        return redirect("programs:doubles")
    messages.success(request, _("They are two records again. What was done since stays with the one that stayed."))
    return redirect("programs:double", row.keep_id, row.gone_id)
