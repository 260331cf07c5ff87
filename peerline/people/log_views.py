"""Who did what: the audit log for administrators. Reading it is on record, too."""

from django.http import HttpResponse
from django.shortcuts import render

from peerline.audit import services as audit
from peerline.people import log, queries
from peerline.people.access import Request, allow, role
from peerline.people.forms import LogForm


@allow(role("administrator"))
def who_did_what(request: Request) -> HttpResponse:
    """A page of it, newest first."""
    viewer = request.viewer
    colleagues = {row.person_id: row.person.nickname for row in queries.staff(viewer)}
    form = LogForm(request.GET or None, colleagues=list(colleagues.items()))
    lines, older = log.page(viewer, form.wanted() if form.is_bound else log.Wanted(), request.GET.get("before", ""))
    audit.record(viewer.person_id, "people.saw_log", lines=len(lines))
    kept = request.GET.copy()
    kept.pop("before", None)
    context = {"form": form, "lines": lines, "older": older, "kept": kept.urlencode()}
    return render(request, "people/log.html", {**context, "begun": "before" in request.GET})
