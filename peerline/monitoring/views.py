"""What goes on, and what went on: live calls, the call log, one call."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from peerline.audit import services as audit
from peerline.care import queries as care
from peerline.kernel import clock, exports
from peerline.monitoring import coverage as coverage_of
from peerline.monitoring import log as log_of
from peerline.monitoring import queries, words
from peerline.monitoring import rhythm as rhythm_of
from peerline.monitoring.forms import FilterForm
from peerline.outcomes import checkups
from peerline.people.access import CARE, KEEPERS, Request, allow, staff
from peerline.programs import queries as programs


def _named(request: Request) -> bool:
    """Researchers see numbers of ours in place of nicknames."""
    return bool(request.viewer.has(*KEEPERS))


@allow(staff)
def live(request: Request) -> HttpResponse:
    """The calls that go on now; fetched anew every few seconds, or by a link."""
    calls = log_of.live_calls(request.viewer)
    context = {"rows": queries.rows(calls, named=_named(request)), "now": clock.now()}
    part = request.headers.get("X-Peerline-Part") == "1"
    return render(request, "monitoring/live_part.html" if part else "monitoring/live.html", context)


def _streams(request: Request, form: FilterForm) -> log_of.Streams:
    return log_of.streams(request.viewer, form.wanted() if form.is_bound else log_of.Wanted())


@allow(staff)
def log(request: Request) -> HttpResponse:
    """The call log, a page at a time, newest first."""
    form = FilterForm(request.GET or None, request.viewer)
    found, older = log_of.page(_streams(request, form), request.GET.get("before", ""))
    kept = request.GET.copy()
    kept.pop("before", None)
    audit.record(request.viewer.person_id, "monitoring.saw_log", calls=len(found))
    context = {
        "form": form,
        "rows": queries.rows(found, named=_named(request)),
        "older": older,
        "kept": kept.urlencode(),
    }
    return render(request, "monitoring/log.html", {**context, "begun": "before" in request.GET})


@allow(staff)
def export(request: Request) -> StreamingHttpResponse:
    """The filtered log as CSV, streamed."""
    form = FilterForm(request.GET, request.viewer)
    pieces = log_of.whole(_streams(request, form))
    audit.record(request.viewer.person_id, "monitoring.exported_log")
    header = ["call", "began_at", "placed_by", "with", "way", "outcome", "talk_seconds", "pair", "program"]
    response = StreamingHttpResponse(
        exports.lines(header, _cells(pieces, _named(request))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="calls.csv"'
    return response


def _cells(pieces: Iterable[list[Any]], named: bool) -> Iterator[list[Any]]:
    for piece in pieces:
        for row in queries.rows(piece, named=named):
            call = row.call
            yield [
                call.pk,
                call.began_at.isoformat(),
                row.placed_by,
                row.others,
                call.way,
                call.outcome,
                row.seconds,
                row.pair_id,
                call.program_id,
            ]


@allow(staff)
def call(request: Request, call_id: int) -> HttpResponse:
    """One call: its legs, each with its cause, who ended it, and the network's own code. Never a number."""
    found = log_of.call_for(request.viewer, call_id)
    row = queries.rows([found], named=_named(request))[0]
    audit.record(
        request.viewer.person_id, "monitoring.saw_call", subject_id=found.placed_by_id, object=f"call:{found.pk}"
    )
    return render(
        request,
        "monitoring/call.html",
        {"row": row, "call": found, "legs": queries.legs(found, named=_named(request)), "words": words},
    )


@allow(staff)
def rhythm(request: Request, program_id: int) -> HttpResponse:
    """How a program's pairs do, week by week against the weekly target."""
    program = programs.program_for(request.viewer, program_id)
    audit.record(request.viewer.person_id, "monitoring.saw_rhythm", object=f"program:{program.pk}")
    columns = (_("Week from"), _("Of 100 pairs"))
    context = {"program": program, "found": rhythm_of.of_program(program), "columns": columns, "keeps": _named(request)}
    return render(request, "monitoring/rhythm.html", context)


@allow(staff)
def figures(request: Request) -> HttpResponse:
    """What there is to read of each program, for those who keep nobody's record."""
    viewer = request.viewer
    context = {"programs": programs.programs(viewer), "may_read_answers": viewer.has(*CARE, "researcher")}
    return render(request, "monitoring/figures.html", context)


@allow(staff)
def coverage(request: Request, program_id: int) -> HttpResponse:
    """Contacts by the six elements: over the program, and for each who takes part, with the gaps (S100). Whoever keeps no
    records of this program sees numbers of ours in place of nicknames."""
    viewer, after = request.viewer, request.GET.get("after", "")
    program = programs.program_for(viewer, program_id)
    named = programs.programs(viewer, *KEEPERS).filter(pk=program.pk).exists()
    audit.record(viewer.person_id, "monitoring.saw_coverage", object=f"program:{program.pk}")
    rows, end = coverage_of.of_people(program.pk, after, named=named)
    context = {"program": program, "covers": coverage_of.of_program(program.pk), "rows": rows, "end": end}
    context["due"] = care.waiting_of(program.pk, checkups.KIND)
    return render(request, "monitoring/coverage.html", {**context, "begun": bool(after), "named": named})
