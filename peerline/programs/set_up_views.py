"""The pages that make a program from a protocol, and the one that shows its calendar later."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.kernel import clock
from peerline.people.access import KEEPERS, Request, allow, role
from peerline.programs import calendar as calendars
from peerline.programs import explaining, forms, offers, queries, services, setting_up, words
from peerline.programs.rules import ProgramError
from peerline.programs.services import SETTLERS
from peerline.programs.views import ask

settlers = role(*sorted(SETTLERS))
keepers = role(*sorted(KEEPERS))
DRAFT = "program_draft"


@allow(settlers)
def choose(request: Request) -> HttpResponse:
    """1 of 3: which protocol."""
    usable, refused = offers.offered()
    context = {"protocols": [explaining.brief(one) for one in usable], "refused": refused}
    return render(request, "programs/choose.html", context)


@allow(settlers)
def basics(request: Request, key: str) -> HttpResponse:
    """2 of 3: name, place, who leads, first day."""
    actor = request.viewer
    protocol = setting_up.offered(key)
    title = words.said(protocol.title)
    begin = {"name": title, "begins_on": calendars.next_monday(clock.now().date())}
    form = forms.NewProgramForm(
        request.POST or None,
        initial={**begin, **_kept(request, key)},
        places=setting_up.places(actor),
        leaders=setting_up.leaders(actor),
    )
    if request.method == "POST" and form.is_valid():
        request.session[DRAFT] = {"key": key, **setting_up.draft(form.cleaned_data)}
        return redirect("programs:add_calendar", key)
    heading, submit = _("New program: name, place, first day"), _("Show what will happen")
    return ask(request, form, heading, reverse("programs:add"), caption=title, submit=submit)


def _kept(request: Request, key: str) -> dict[str, Any]:
    """The draft of this protocol in the visitor's session; empty without one."""
    kept = dict(request.session.get(DRAFT) or {})
    return setting_up.facts_of(kept) if kept.pop("key", "") == key else {}


@allow(settlers)
def calendar(request: Request, key: str) -> HttpResponse:
    """3 of 3: what will happen, and the start."""
    protocol = setting_up.offered(key)
    facts = _kept(request, key)
    if not facts:
        return redirect("programs:add_by", key)
    if request.method == "POST":
        return _start(request, key, facts)
    context = {
        **explaining.drawn(protocol, facts["begins_on"]),
        "name": facts["name"],
        "back": reverse("programs:add_by", args=[key]),
        "questions": setting_up.questions(protocol),
    }
    return render(request, "programs/calendar.html", context)


def _start(request: Request, key: str, facts: dict[str, Any]) -> HttpResponse:
    try:
        program = setting_up.start(request.viewer, key, facts)
    except ProgramError as reason:
        messages.error(request, words.SENTENCES[reason.word])
        return redirect("programs:add_by", key)
    del request.session[DRAFT]
    messages.success(request, _("The program is made. This is what comes next."))
    return redirect("programs:guide", program.pk)


@allow(keepers)
def guide(request: Request, program_id: int) -> HttpResponse:
    """The calendar of a program that was made, its rules, and what is still to be done."""
    program = queries.program_for(request.viewer, program_id, *KEEPERS)
    protocol = queries.protocol_of(program_id)
    context = {
        **explaining.drawn(protocol, program.begins_on),
        "name": program.name,
        "program": program,
        "back": reverse("programs:people", args=[program_id]),
        "tasks": setting_up.to_do(program, protocol),
        "newer": offers.newer_than(program.protocol_key, program.protocol_version),
        "may_settle": request.viewer.has(*SETTLERS),
    }
    return render(request, "programs/calendar.html", context)


@allow(settlers)
@require_POST
def adopt(request: Request, program_id: int) -> HttpResponse:
    """New people begin with the newest version from here on."""
    try:
        services.adopt_newest(request.viewer, program_id=program_id)
        messages.success(request, _("Whoever begins from now on begins with the newest version."))
    except ProgramError as reason:
        messages.error(request, words.SENTENCES[reason.word])
    return redirect("programs:guide", program_id)
