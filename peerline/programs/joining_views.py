"""The pages of an invitation: the letter that staff print, and the answer of whom it reaches."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from peerline.entry import letters
from peerline.entry.access import let_in
from peerline.people import queries as people
from peerline.people.access import KEEPERS, Request, allow, anyone, role
from peerline.programs import forms, joining, queries, tour_phone, words
from peerline.programs.rules import ProgramError

keepers = role(*sorted(KEEPERS))
INVITED = "invited_person"


@allow(keepers)
@never_cache
def invite(request: Request, person_id: int) -> HttpResponse:
    """Make a letter, mail a link, or show one to send: shown once."""
    person = people.person_for(request.viewer, person_id, *KEEPERS)
    how = request.POST.get("how", "")
    if request.method != "POST":
        shown = {"waiting": queries.waiting_for_an_answer(person_id), "mailbox": joining.mailbox_of(person_id)}
        return render(request, "programs/invite.html", {"person": person, **shown})
    if how == "email":
        return _mailed(request, person_id)
    letter = letters.invite(request.viewer, person_id=person_id)
    if how != "letter":
        return render(
            request, "programs/invite_link.html", {"person": person, **joining.letter_page(person_id, letter)}
        )
    with translation.override(person.language):
        return render(request, "programs/invite_letter.html", joining.letter_page(person_id, letter))


def _mailed(request: Request, person_id: int) -> HttpResponse:
    if joining.mail_link(request.viewer, person_id):
        messages.success(request, _("The link is on its way. It works until they have answered, for 60 days at most."))
    else:
        messages.error(request, _("We have no e-mail address of this person. Add one, or make a letter."))
    return redirect("programs:person", person_id)


def _known(request: Request, person_id: int) -> HttpResponse:
    """This visitor came by this person's letter; they read on in that person's language."""
    request.session[INVITED] = person_id
    response = redirect("programs:join_answer")
    response.set_cookie("django_language", people.person_known(person_id).language, samesite="Lax")
    return response


@allow(anyone)
@never_cache
def by_link(request: Request, token: str) -> HttpResponse:
    """The link of a letter. Opening it uses nothing up: a mail program may look at it first."""
    person_id = letters.whose_link(token)
    if person_id is None:
        return render(request, "programs/join_over.html", status=410)
    return _known(request, person_id)


@allow(anyone)
@never_cache
def by_code(request: Request) -> HttpResponse:
    """The ten digits of a letter, typed."""
    form = forms.LetterCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person_id = letters.try_code(form.cleaned_data["code"])
        if person_id is not None:
            return _known(request, person_id)
        form.add_error("code", _("This code is not right, or it was used already. Look again, or call our line."))
    return render(request, "programs/join.html", {"form": form})


@allow(anyone)
@never_cache
def answer(request: Request) -> HttpResponse:
    """What one would agree to, and three answers: yes, not now, no."""
    person_id = request.session.get(INVITED)
    asked = joining.asked(person_id) if person_id and letters.is_open(person_id) else None
    if asked is None:
        return redirect("programs:join")
    if request.method == "POST":
        return _answered(request, person_id, request.POST.get("answer", ""), asked["enrollment"].pk)
    return render(request, "programs/join_answer.html", asked)


@allow(anyone)
@never_cache
def try_it(request: Request) -> HttpResponse:
    """How it works, and a call to try, for whoever holds a letter; nothing is written. at: where in that call one is."""
    person_id = request.session.get(INVITED)
    if not person_id or not letters.is_open(person_id):
        return redirect("programs:join")
    at = request.GET.get("at", "")
    place = joining.TRY.get(at) or joining.TRY["rung"]
    context = {"how": joining.told(tour_phone.HOW), "said": joining.told(place.says), "keys": joining.keys(place)}
    return render(request, "programs/join_try.html", {**context, "begun": at in joining.TRY})


def _answered(request: Request, person_id: int, said: str, enrollment_id: int) -> HttpResponse:
    """Yes lets them in; not now changes nothing; no ends it."""
    if said not in ("yes", "later", "no"):
        raise BadRequest
    if said == "yes":
        version = request.POST.get("version", "")
        try:
            joining.agree(person_id, enrollment_id, int(version) if version.isdecimal() else 0)
        except ProgramError as reason:
            return render(request, "programs/join_over.html", {"why": words.SENTENCES[reason.word]}, status=409)
        return let_in(request, person_id)
    if said == "no":
        joining.decline(person_id, enrollment_id)
    del request.session[INVITED]
    return render(request, "programs/join_said.html", {"said": said})
