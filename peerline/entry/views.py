"""The web door: a code for participants, a first key for an empty server, a link for invited staff."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from peerline.entry import checked_numbers, codes, forms, invitations, queries, services, spoken
from peerline.entry.access import before_second_factor, let_in
from peerline.exchange.services import CannotRing
from peerline.people import queries as people
from peerline.people.access import KEEPERS, NotThere, Request, allow, anyone, demo_is_open, require, role

keepers = role(*sorted(KEEPERS))
ASKED = "entry_code_asked"


def _next(request: Request) -> str:
    """Where the visitor wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"


def _let_in(request: Request, person_id: int) -> HttpResponse:
    return let_in(request, person_id, _next(request))


def sign_in_page(request: Request, **bound: object) -> HttpResponse:
    """The one page with both ways in; `bound` holds the form that was sent and could not be used."""
    context = {
        "reach_form": forms.ReachForm(prefix="p"),
        "staff_form": forms.StaffForm(request=request),
        "demo_accounts": queries.demo_accounts() if demo_is_open() else [],
        "next": _next(request),
        **bound,
    }
    return render(request, "entry/sign_in.html", context)


@allow(anyone)
@never_cache
def sign_in(request: Request) -> HttpResponse:
    if invitations.needs_first_administrator() and not demo_is_open():
        return redirect("entry:first")
    if request.method != "POST":
        return sign_in_page(request)
    form = forms.ReachForm(request.POST, prefix="p")
    if not form.is_valid():
        return sign_in_page(request, reach_form=form, form=form)
    request.session[ASKED] = codes.ask(*form.cleaned_data["reach"])
    return redirect("entry:code")


@allow(anyone)
@never_cache
def code(request: Request) -> HttpResponse:
    """Type the code. Whatever was wrong, the words are the same."""
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect("entry:sign_in")
    form = forms.TheCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person_id = codes.try_code(asked, form.cleaned_data["code"])
        if person_id is not None:
            return _let_in(request, person_id)
        form.add_error(
            "code", _("This code is not right, or its ten minutes are over. Look again, or ask for a new one.")
        )
    return render(request, "entry/code.html", {"form": form, "demo_open": demo_is_open()})


@allow(anyone)
@require_POST
def sign_in_as(request: Request, person_id: int) -> HttpResponse:
    """The demonstration's short way in: made-up people only, and only while nobody else can reach this server."""
    require(demo_is_open() and people.is_made_up(person_id))
    return _let_in(request, person_id)


@allow(anyone)
@before_second_factor
@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    return redirect("entry:sign_in")


@allow(anyone)
@never_cache
def first(request: Request) -> HttpResponse:
    """The first administrator of an empty server, with the key printed at its start."""
    require(invitations.needs_first_administrator())
    begin = {"key": request.GET.get("key", ""), "language": translation.get_language()}
    form = forms.FirstForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in forms.FirstForm.base_fields if name not in ("key", "again")}
        try:
            invitations.become_first_administrator(form.cleaned_data["key"], **facts)
        except NotThere:
            form.add_error("key", _("This key is not right or is too old. Start Peerline again for a new one."))
        else:
            messages.success(request, _("You are the first administrator. Sign in and set up your second factor."))
            return redirect("entry:sign_in")
    return render(request, "entry/first.html", {"form": form})


@allow(anyone)
@never_cache
def welcome(request: Request, token: str) -> HttpResponse:
    """Choose a password by the link in the mail."""
    invitation = invitations.open_invitation(token)
    if invitation is None or invitation.purpose == "join":
        return render(request, "entry/link_over.html", status=410)
    form = forms.PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitations.accept(token, password=form.cleaned_data["password"])
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("entry:sign_in")
    return render(request, "entry/welcome.html", {"form": form})


@allow(anyone)
def forgot(request: Request) -> HttpResponse:
    form = forms.EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitations.ask_for_new_password(form.cleaned_data["email"])
        return render(request, "entry/forgot_sent.html")
    return render(request, "entry/forgot.html", {"form": form})


@allow(role("administrator"))
def lost_second_factor(request: Request, person_id: int) -> HttpResponse:
    """An administrator lets a colleague begin again."""
    person = people.colleague_for(request.viewer, person_id)
    form = forms.ConfirmedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitations.reset_second_factor(request.viewer, person_id=person_id, how_confirmed=form.cleaned_data["how"])
        messages.success(request, _("The old second factor is void. They have a link by e-mail, and so do you a note."))
        return redirect("/")
    return render(request, "entry/lost.html", {"form": form, "person": person})


@allow(keepers)
@never_cache
def pin(request: Request, person_id: int) -> HttpResponse:
    """Issue a PIN: the line says it, or it is shown once, to be read out or printed."""
    person = people.person_for(request.viewer, person_id, *KEEPERS)
    context = {"person": person, "issued_at": queries.pin_issued_at(person_id)}
    how = request.POST.get("how", "")
    if request.method != "POST":
        return render(request, "entry/pin.html", context)
    if how == "line":
        return _let_the_line_say(request, person_id)
    fresh = services.issue_pin(request.viewer, person_id, must_change=how != "letter")
    if how == "letter":
        with translation.override(person.language):
            return render(request, "entry/pin_letter.html", {"person": person, "pin": fresh})
    return render(request, "entry/pin_once.html", {"person": person, "pin": fresh})


def _let_the_line_say(request: Request, person_id: int) -> HttpResponse:
    try:
        spoken.say_pin(request.viewer, person_id)
        messages.success(request, _("The line is ringing them. The new PIN holds once they press 1 and hear it."))
    except CannotRing:
        messages.error(request, _("They cannot be rung: there is no proven number, or a call with them goes on."))
    return redirect("entry:pin", person_id)


@allow(keepers)
@require_POST
def check_number(request: Request, person_id: int, contact_id: int) -> HttpResponse:
    """The line rings a number and asks whether it is theirs."""
    require(people.is_contact_of(person_id, contact_id))
    try:
        checked_numbers.check_number(request.viewer, person_id=person_id, contact_id=contact_id)
        messages.success(
            request, _("The line is ringing this number. When they press 1 it is proven, and shown so here.")
        )
    except CannotRing:
        messages.error(request, _("A call with this person goes on. Try again when it is over."))
    return redirect("people:contact", person_id)
