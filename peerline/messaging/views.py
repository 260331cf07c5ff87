from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from peerline.messaging import queries
from peerline.messaging.access import may_open_outbox
from peerline.people.access import allow, demo_is_open

A_PAGE = 50


@allow(may_open_outbox)
def outbox(request: HttpRequest) -> HttpResponse:
    """Newest first, fifty a page; `before` is the message number the page begins under."""
    rows = queries.outbox(request.viewer)  # type: ignore[attr-defined]
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
