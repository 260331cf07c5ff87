"""The browser door of groups, for participants: my sessions, come or not, what to talk about, my calendar."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from peerline.groups import agenda, feeds, pages, queries, services, words
from peerline.groups.rules import GroupError
from peerline.people.access import NotThere, Request, allow, anyone, participant
from peerline.people.queries import person_known


@allow(participant)
def sessions(request: Request) -> HttpResponse:
    """What is to come, with one clear answer each."""
    viewer = request.viewer
    found = feeds.address_of(viewer.person_id)
    address = f"{settings.PUBLIC_URL}/calendar/{found.token}/" if found else ""
    return render(request, "groups/my.html", {**pages.mine(viewer), "address": address})


def _act(request: Request, act: Callable[[], object], said: str = "") -> HttpResponse:
    try:
        act()
        if said:
            messages.success(request, said)
    except GroupError as reason:
        messages.error(request, words.SENTENCES[reason.word])
    return redirect("groups:my")


@allow(participant)
@require_POST
def answer(request: Request, session_id: int) -> HttpResponse:
    """I come, or I do not."""
    viewer = request.viewer
    queries.my_seat(viewer.person_id, session_id)
    act = services.sign_up if request.POST.get("come") == "yes" else services.give_up
    return _act(request, partial(act, viewer, session_id=session_id, person_id=viewer.person_id))


@allow(participant)
@require_POST
def point(request: Request, session_id: int) -> HttpResponse:
    """Something the group should talk about."""
    viewer = request.viewer
    queries.my_seat(viewer.person_id, session_id)
    facts = {"topic": request.POST.get("topic", "")[:12], "said": request.POST.get("said", "")}
    act = partial(agenda.add_point, viewer, session_id=session_id, **facts)
    return _act(request, act, _("Thank you. It is on the list."))


@allow(participant)
@require_POST
def want(request: Request, session_id: int) -> HttpResponse:
    """I want this, too; pressed again, not any more."""
    viewer = request.viewer
    queries.my_seat(viewer.person_id, session_id)
    number = request.POST.get("point", "")
    point_id = int(number) if number.isdecimal() and len(number) < 19 else 0
    facts = {"point_id": point_id, "wants": request.POST.get("wants") == "yes"}
    return _act(request, partial(agenda.vote, viewer, session_id=session_id, **facts))


@allow(participant)
@require_POST
def another(request: Request, seat_id: int) -> HttpResponse:
    """What instead of the session I missed."""
    viewer = request.viewer
    act = partial(services.choose_another, viewer, seat_id=seat_id, another=request.POST.get("another", ""))
    return _act(request, act, _("Thank you. The staff know."))


@allow(participant)
@require_GET
def one_in_calendar(request: Request, session_id: int) -> HttpResponse:
    """One session as a calendar file."""
    seat = queries.my_seat(request.viewer.person_id, session_id)
    return _calendar(feeds.written(person_known(seat.person_id), [seat]), "session.ics")


def _calendar(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


@allow(participant)
@require_POST
def calendar(request: Request) -> HttpResponse:
    """Make the secret address of my calendar, or take it back."""
    viewer = request.viewer
    if request.POST.get("what") == "make":
        feeds.make_address(viewer)
        messages.success(request, _("Your calendar has its address now. Tell it to nobody."))
    else:
        feeds.take_back(viewer)
        messages.success(request, _("The address leads nowhere any more."))
    return redirect("groups:my")


@allow(anyone)
@never_cache
@require_GET
def feed(request: Request, token: str) -> HttpResponse:
    """The calendar behind a secret address; a wrong one is a page that is not there."""
    text = feeds.feed(token)
    if text is None:
        raise NotThere
    return _calendar(text, "sessions.ics")
