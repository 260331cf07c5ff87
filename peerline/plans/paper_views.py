"""The pages around paper: a person's workbook, and the sheets that came back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from peerline.people.access import KEEPERS, Request, allow, require
from peerline.plans import paper, typed, words
from peerline.plans.views import keepers, planners
from peerline.programs import queries as programs


@allow(planners)
def workbook(request: Request, enrollment_id: int) -> HttpResponse:
    """The workbook as a page to print; where a PDF can be made, the way to it."""
    context = paper.workbook(request.viewer, enrollment_id)
    return render(request, "plans/workbook.html", {**context, "why_no_pdf": paper.why_no_pdf()})


@allow(planners)
def workbook_pdf(request: Request, enrollment_id: int) -> HttpResponse:
    """The same as a tagged PDF in the person's language; without the libraries, back to the page that says so."""
    if paper.why_no_pdf():
        programs.enrollment_for(request.viewer, enrollment_id)
        return redirect("plans:workbook", enrollment_id)
    made = paper.pdf(request.viewer, enrollment_id)
    headers = {"Content-Disposition": f'inline; filename="workbook-{enrollment_id}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@allow(keepers)
def type_in(request: Request, program_id: int, kind: str) -> HttpResponse:
    """One sheet a row. Rows that are right are saved; the others stay, each with what is wrong."""
    viewer = request.viewer
    require(kind in typed.KINDS)
    program = programs.program_for(viewer, program_id, *KEEPERS)
    wrong: list[Any] = []
    if request.method == "POST":
        saved, wrong = typed.typed(kind, request.POST, lambda row: row.enter(viewer, program_id))
        if saved:
            said = ngettext("%(n)s sheet is saved.", "%(n)s sheets are saved.", saved) % {"n": saved}
            messages.success(request, said)
        if not wrong:
            return redirect("plans:type_in", program_id, kind)
    context = {"program": program, "kind": kind, "rows": wrong or typed.blank(kind), "wrong": wrong, **_legend(kind)}
    return render(request, "plans/type_in.html", context)


def _legend(kind: str) -> dict[str, Any]:
    """What the numbers on the sheets mean."""
    lists = (words.DOMAINS,) if kind == "plans" else (words.OUTCOMES, words.NEXT)
    return {"legends": [list(enumerate(one.values(), 1)) for one in lists]}
