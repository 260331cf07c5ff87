"""The browser door of groups, for staff: plan sessions, see who comes, tick who came, keep the agenda and the record."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.audit import services as audit
from peerline.groups import agenda, forms, pages, queries, rules, services, words
from peerline.groups import training as lessons
from peerline.groups.rules import GroupError
from peerline.kernel import clock
from peerline.people.access import KEEPERS, NotThere, Request, allow, role
from peerline.programs import queries as programs

keepers = role(*sorted(KEEPERS))


def saved(form: django_forms.Form, service: Callable[[], object]) -> bool:
    """Run the service for a valid form; a refusal becomes the form's own error."""
    if not form.is_valid():
        return False
    try:
        service()
    except GroupError as reason:
        form.add_error(None, words.SENTENCES[reason.word])
    return not form.errors


def _number(request: Request, name: str) -> int:
    """A whole number that was sent; nought for what is none, which nothing has."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _act(request: Request, session_id: int, act: Callable[[], object], said: str = "") -> HttpResponse:
    """Do it, say so or why not, and go back to the session."""
    try:
        act()
        if said:
            messages.success(request, said)
    except GroupError as reason:
        messages.error(request, words.SENTENCES[reason.word])
    return redirect("groups:session", session_id)


@allow(keepers)
def index(request: Request) -> HttpResponse:
    """What is to come, what people are due for and nobody planned, and what was."""
    viewer = request.viewer
    return render(request, "groups/index.html", pages.overview(viewer, request.GET.get("before", "")[:80]))


@allow(keepers)
def plan(request: Request, program_id: int) -> HttpResponse:
    """A session of the protocol (its key in the address) or one made by hand."""
    actor = request.viewer
    program = programs.program_for(actor, program_id, *KEEPERS)
    key = request.GET.get("key", "")[:40]
    found = queries.planned_by_protocol(program_id, key) if key else None
    begin = forms.SessionForm.fresh(found.minutes if found else 90, (clock.now() + timedelta(days=14)).date())
    form = forms.SessionForm(
        request.POST or None, initial=begin, leaders=services.may_lead(program_id), by_protocol=found is not None
    )
    made: list[Any] = []
    if request.method == "POST" and saved(
        form, lambda: made.append(services.plan(actor, program_id=program_id, key=key if found else "", **form.facts()))
    ):
        messages.success(request, _("The session is planned. People are invited by themselves, four weeks before."))
        return redirect("groups:session", made[0].pk)
    heading = found.title[(get_language() or "en")[:2]] if found else _("A session")
    return _ask(request, form, heading, "/sessions/", caption=program.name, submit=_("Plan it"))


def _ask(request: Request, form: Any, heading: str, back: str, **more: str) -> HttpResponse:
    """more: caption, submit."""
    return render(request, "groups/ask.html", {"form": form, "heading": heading, "back": back, **more})


@allow(keepers)
def session(request: Request, session_id: int) -> HttpResponse:
    """One session: who comes, who waits, who came; what they want to talk about."""
    found = queries.session_for(request.viewer, session_id)
    context = pages.one(found)
    seen = [guest.person.person_id for guest, _enrollment in context["guests"]]
    audit.record_each(request.viewer.person_id, "groups.saw", seen, object=f"session:{found.pk}")
    return render(request, "groups/session.html", context)


@allow(keepers)
def change(request: Request, session_id: int) -> HttpResponse:
    """Another time or place: everybody who was asked is told."""
    actor = request.viewer
    found = queries.session_for(actor, session_id)
    form = forms.SessionForm(
        request.POST or None,
        initial=forms.SessionForm.of(found),
        leaders=services.may_lead(found.program_id),
        by_protocol=bool(found.key),
    )
    if request.method == "POST" and saved(form, lambda: services.change(actor, session_id=session_id, **form.facts())):
        messages.success(request, _("It is changed. Everybody who was asked is told of another time or place."))
        return redirect("groups:session", session_id)
    return _ask(
        request, form, _("Change the session"), f"/sessions/{session_id}/", caption=found.title, submit=_("Save")
    )


@allow(keepers)
def cancel(request: Request, session_id: int) -> HttpResponse:
    """Asked once; everybody who was asked is told."""
    actor = request.viewer
    found = queries.session_for(actor, session_id)
    if request.method == "POST":
        said = _("The session is canceled. Everybody who was asked is told.")
        return _act(request, session_id, partial(services.cancel, actor, session_id=session_id), said)
    told = found.seats_taken.exclude(state="out").count()
    return render(request, "groups/cancel.html", {"session": found, "told": told})


@allow(keepers)
@require_POST
def seat(request: Request, session_id: int) -> HttpResponse:
    """Staff sign somebody up, take them out, or invite them."""
    actor, person_id = request.viewer, _number(request, "person")
    acts = {"come": services.sign_up, "out": services.give_up, "invite": services.invite}
    act = acts.get(request.POST.get("act", ""))
    if act is None or not programs.is_in_contact(person_id, queries.session_for(actor, session_id).program_id):
        raise NotThere
    return _act(request, session_id, partial(act, actor, session_id=session_id, person_id=person_id))


@allow(keepers)
@require_POST
def mark(request: Request, session_id: int) -> HttpResponse:
    """One tap: came, or did not."""
    actor, came = request.viewer, request.POST.get("came") == "yes"
    person_id = _number(request, "person")
    return _act(
        request, session_id, partial(services.mark, actor, session_id=session_id, person_id=person_id, came=came)
    )


@allow(keepers)
@require_POST
def close(request: Request, session_id: int) -> HttpResponse:
    """Attendance is complete."""
    actor = request.viewer
    said = _("It is closed. Whoever did not come is offered another way, and what was not reached goes to the next session.")  # fmt: skip
    return _act(request, session_id, partial(services.close, actor, session_id=session_id), said)


@allow(keepers)
@require_POST
def point(request: Request, session_id: int) -> HttpResponse:
    """Staff type in what somebody wrote on paper or said."""
    actor = request.viewer
    facts = {"topic": request.POST.get("topic", "")[:12], "said": request.POST.get("said", ""), "door": "paper"}
    return _act(
        request, session_id, partial(agenda.add_point, actor, session_id=session_id, **facts), _("It is on the list.")
    )


@allow(keepers)
@require_POST
def settle(request: Request, session_id: int) -> HttpResponse:
    """This point was reached, is open again, or goes off the list."""
    actor = request.viewer
    facts = {"point_id": _number(request, "point"), "state": request.POST.get("state", "")}
    return _act(request, session_id, partial(agenda.settle_point, actor, session_id=session_id, **facts))


@allow(keepers)
def record(request: Request, session_id: int) -> HttpResponse:
    """What the session came to."""
    actor = request.viewer
    found = queries.session_for(actor, session_id)
    form = forms.RecordForm(request.POST or None, initial=forms.RecordForm.of(pages.record_of(found)))
    if request.method == "POST" and saved(
        form, lambda: agenda.write_record(actor, session_id=session_id, **form.facts())
    ):
        messages.success(request, _("The record is saved."))
        return redirect("groups:session", session_id)
    return _ask(
        request, form, _("What the session came to"), f"/sessions/{session_id}/", caption=found.title, submit=_("Save")
    )


@allow(keepers)
@require_POST
def ring(request: Request, session_id: int) -> HttpResponse:
    """The line rings the visitor and leads them into the telephone session."""
    actor = request.viewer
    said = _("Your telephone rings in a moment. Press 1 to go in.")
    return _act(request, session_id, partial(services.ring_leader, actor, session_id=session_id), said)


@allow(keepers)
def training(request: Request, program_id: int) -> HttpResponse:
    """Who lacks the training in talking with a partner; a POST records it for those ticked, at once."""
    actor = request.viewer
    program = programs.program_for(actor, program_id, *KEEPERS)
    if request.method == "POST":
        return _record_training(request, program_id)
    first = programs.protocol_of(program_id).pairs.training_first
    context = {"program": program, "people": pages.untrained(program_id), "first": first, "ways": pages.TRAINING_WAYS}
    return render(request, "groups/training.html", context)


def _record_training(request: Request, program_id: int) -> HttpResponse:
    actor = request.viewer
    how = request.POST.get("how", "session")
    here = set(lessons.without(program_id))
    ticked = {int(one) for one in request.POST.getlist("person") if one.isdecimal() and len(one) < 19}
    if how in rules.TRAINED_BY_STAFF:
        for person_id in sorted(ticked & here):
            lessons.record(actor, person_id=person_id, how=how)
    done = len(ticked & here)
    said = ngettext("The training of %(n)s person is recorded.", "The training of %(n)s people is recorded.", done)
    messages.success(request, said % {"n": done})
    return redirect("groups:training", program_id)
