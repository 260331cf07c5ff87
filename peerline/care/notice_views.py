"""One text to many, by browser: the log, write one and see whom it reaches, call it back, who got it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.care import forms, notices, words
from peerline.groups import queries as groups
from peerline.kernel import clock
from peerline.people.access import Request, allow, role
from peerline.programs import queries as programs

writers = role(*sorted(notices.WRITERS))
SHOWN = 50


@allow(writers)
def index(request: Request, program_id: int) -> HttpResponse:
    program = programs.program_for(request.viewer, program_id, *notices.WRITERS)
    rows = [(row, words.NOTICE_WHO[row.who]) for row in notices.notices(request.viewer, program_id)[:SHOWN]]
    return render(request, "care/notices.html", {"program": program, "rows": rows})


@allow(writers)
def write(request: Request, program_id: int) -> HttpResponse:
    """First whom it reaches, and how; only what was seen so is sent."""
    actor = request.viewer
    program = programs.program_for(actor, program_id, *notices.WRITERS)
    sessions = [(one.pk, one.title) for one in groups.sessions_ahead_of(program_id, clock.now())]
    form = forms.NoticeForm(request.POST or None, sessions=sessions)
    context: dict[str, Any] = {"program": program, "form": form}
    if request.method == "POST" and form.is_valid():
        found = notices.reach(actor, program_id=program_id, **form.wanted())
        seen = f"{form.wanted()}{len(found.people)}"
        if found.people and request.POST.get("seen") == seen and request.POST.get("act") == "send":
            row = notices.write(actor, program_id=program_id, texts=form.texts(), **form.wanted())
            messages.success(request, _("It leaves in ten minutes. Until then you can call it back."))
            return redirect("care:notice", row.pk)
        context |= {"reach": found, "ways": _ways(found), "seen": seen}
    return render(request, "care/write_notice.html", context)


def _ways(found: notices.Reach) -> list[tuple[str, int]]:
    return [(words.way(channel), count) for channel, count in found.by.items()]


@allow(writers)
def notice(request: Request, notice_id: int) -> HttpResponse:
    """Who got it, how, when, and what did not come."""
    row = notices.notice_for(request.viewer, notice_id)
    after = request.GET.get("after", "")
    rows, later = notices.got(row, int(after) if after.isdecimal() and len(after) < 19 else 0)
    context = {
        "row": row, "who": words.NOTICE_WHO[row.who], "outcome": notices.outcome(row), "rows": rows, "later": later,
        "begun": bool(after), "can_cancel": row.left_at is None and row.canceled_at is None,
        "texts": [row.texts[one] | {"language": one} for one in sorted(row.texts)],
    }  # fmt: skip
    return render(request, "care/notice.html", context)


@allow(writers)
@require_POST
def cancel(request: Request, notice_id: int) -> HttpResponse:
    if notices.cancel(request.viewer, notice_id=notice_id):
        messages.success(request, _("It is called back. Nobody gets it."))
    else:
        messages.error(request, _("It has left already."))
    return redirect("care:notice", notice_id)
