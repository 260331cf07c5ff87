from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peerline.messaging import queries, services, words
from peerline.messaging.access import may_open_outbox
from peerline.messaging.forms import WaysForm
from peerline.messaging.rules import CHANNELS
from peerline.people import queries as people
from peerline.people.access import Request, allow, demo_is_open, signed_in

A_PAGE = 50


@allow(may_open_outbox)
def outbox(request: Request) -> HttpResponse:
    """Newest first, fifty a page; `before` is the message number the page begins under."""
    rows = queries.outbox(request.viewer)
    before = request.GET.get("before", "")
    rows = rows.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 19 else rows
    page = list(rows[: A_PAGE + 1])
    older = f"?before={page[A_PAGE - 1].pk}" if len(page) > A_PAGE else ""
    shown = [(message, queries.words_of(message)) for message in page[:A_PAGE]]
    return render(
        request,
        "messaging/outbox.html",
        {"messages_out": shown, "older": older, "newer": "?" if before else "", "open": demo_is_open()},
    )


@allow(signed_in)
def ways(request: Request, person_id: int | None = None) -> HttpResponse:
    """How somebody is reminded: their own choice, or staff's for them. Without a person in the address, one's own."""
    viewer = request.viewer
    person = people.person_for(viewer, viewer.me if person_id is None else person_id)
    choice = queries.choice_of(person.pk)
    reachable = {one for one in CHANNELS if services.address_of(person.pk, one)}
    begin = {"first": choice.first, "also": sorted(choice.also)}
    form = WaysForm(request.POST or None, initial=begin, reachable=reachable)
    if request.method == "POST" and form.is_valid():
        services.choose(viewer, person_id=person.pk, **form.cleaned_data)
        messages.success(request, _("It is saved how reminders come."))
        return redirect("/me/" if viewer.person_id == person.pk else f"/people/{person.pk}/")
    context = {
        "form": form,
        "person": person,
        "back": "/me/" if viewer.person_id == person.pk else f"/people/{person.pk}/",
    }
    closed = [words.WAYS[one] for one in CHANNELS if one in queries.closed_channels(person.pk)]
    return render(request, "messaging/ways.html", {**context, "closed": closed})
