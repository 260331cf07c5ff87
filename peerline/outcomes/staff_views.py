"""The browser door of outcomes, for staff: one person's answers and measures, papers out and in, a program as a whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.audit import services as audit
from peerline.kernel import clock, exports
from peerline.outcomes import forms, measures, paper, person, queries, reports, services, words
from peerline.outcomes.measures import Typed
from peerline.outcomes.rules import OutcomeError
from peerline.people.access import KEEPERS, NotThere, Request, allow, require, role
from peerline.people.queries import person_known
from peerline.programs import queries as programs
from peerline.programs.services import SETTLERS

readers = role(*queries.READERS)
reporters = role(*queries.READERS, "researcher")
settlers = role(*sorted(SETTLERS))


def _enrollments(request: Request, person_id: int) -> list[Any]:
    """Those within the visitor's reach, the newest first. Raises NotThere when there are none."""
    rows = programs.enrollments(request.viewer, *queries.READERS)
    found = list(rows.filter(person_id=person_id).exclude(state="removed").order_by("-began_at"))
    require(found)
    return found


@allow(readers)
def of_person(request: Request, person_id: int) -> HttpResponse:
    """Scores, measures and papers of one person."""
    rows = _enrollments(request, person_id)
    audit.record(request.viewer.person_id, "outcomes.saw", subject_id=person_id)
    context = {"who": person_known(person_id), "enrollments": rows, **person.page(person_id, rows)}
    return render(request, "outcomes/person.html", context)


@allow(readers)
def add_measure(request: Request, enrollment_id: int) -> HttpResponse:
    """Enter a value; one that cannot be is refused, one that is unusual is asked about."""
    row = programs.enrollment_for(request.viewer, enrollment_id, *queries.READERS)
    form = forms.MeasureForm(request.POST or None, initial={"measured_on": clock.now().date(), "method": "lab"})
    if form.is_valid() and _measured(request, enrollment_id, form):
        messages.success(request, _("The value is kept."))
        return redirect("outcomes:person", row.person_id)
    context = {"form": form, "back": f"/people/{row.person_id}/outcomes/", "caption": row.person.nickname}
    return render(request, "outcomes/ask.html", context | {"heading": _("Enter a value")})


def _measured(request: Request, enrollment_id: int, form: forms.MeasureForm) -> bool:
    values = [Typed(*one) for one in form.values()]
    try:
        measures.measure(
            request.viewer, enrollment_id=enrollment_id, values=values, measured_on=form.day,
            method=form.cleaned_data["method"], sure=form.cleaned_data["sure"],
        )  # fmt: skip
    except OutcomeError as reason:
        form.add_error(
            {"future": "measured_on", "unusual": "sure"}.get(reason.word, "value"), words.SENTENCES[reason.word]
        )
        return False
    return True


@allow(readers)
@require_POST
def strike(request: Request, measure_id: int) -> HttpResponse:
    """A value that was typed by mistake counts no more."""
    row = measures.strike(request.viewer, measure_id=measure_id)
    messages.success(request, _("It is struck out."))
    return redirect("outcomes:person", row.enrollment.person_id)


@allow(readers)
def ask(request: Request, enrollment_id: int) -> HttpResponse:
    """Put questions before this person now."""
    row = programs.enrollment_for(request.viewer, enrollment_id, *queries.READERS)
    form = forms.AskForm(request.POST or None, usable=queries.usable(row.program.organization_id).values())
    if form.is_valid():
        try:
            services.open_sheet(
                request.viewer, enrollment_id=row.pk, occasion=f"asked+{clock.now():%Y%m%d%H%M%S}",
                instruments=form.cleaned_data["instruments"],
            )  # fmt: skip
            messages.success(request, _("The questions wait for this person now, on every door."))
            return redirect("outcomes:person", row.person_id)
        except OutcomeError as reason:
            form.add_error(None, words.SENTENCES[reason.word])
    context = {"form": form, "back": f"/people/{row.person_id}/outcomes/", "caption": row.person.nickname}
    return render(request, "outcomes/ask.html", context | {"heading": _("Ask some questions")})


@allow(readers)
@require_POST
def reopen(request: Request, sheet_id: int) -> HttpResponse:
    """Offer missed questions again."""
    sheet = services.reopen(request.viewer, sheet_id=sheet_id)
    messages.success(request, _("The questions are open again for two weeks."))
    return redirect("outcomes:person", sheet.person_id)


# --- Paper ---------------------------------------------------------------------------------------------------------


def _theirs(request: Request, sheet_id: int) -> Any:
    sheet = queries.sheet_for(request.viewer, sheet_id)
    if not programs.enrollments(request.viewer, *queries.READERS).filter(pk=sheet.enrollment_id).exists():
        raise NotThere
    return sheet


@allow(readers)
def printed(request: Request, sheet_id: int) -> HttpResponse:
    """The questions in large print, in the person's language."""
    sheet = _theirs(request, sheet_id)
    return paper.page(request, sheet)


@allow(readers)
def type_in(request: Request, sheet_id: int) -> HttpResponse:
    """A paper that came back, or what was read to the person: one number a question, all on one page."""
    sheet = _theirs(request, sheet_id)
    form = forms.PaperForm(request.POST or None, questions=queries.on_paper(sheet))
    if sheet.state != "open":
        messages.error(request, words.SENTENCES["closed"])
        return redirect("outcomes:person", sheet.person_id)
    if form.is_valid():
        services.answer_all(
            request.viewer, sheet_id=sheet.pk, values=form.values(), door=form.cleaned_data["how"]
        )  # fmt: skip
        messages.success(request, _("The answers are in."))
        return redirect("outcomes:person", sheet.person_id)
    return render(
        request, "outcomes/type_in.html", {"form": form, "sheet": sheet, "who": person_known(sheet.person_id)}
    )


# --- A program -----------------------------------------------------------------------------------------------------


@allow(reporters)
def of_program(request: Request, program_id: int) -> HttpResponse:
    """Who answered, means, satisfaction: no single person."""
    program = programs.program_for(request.viewer, program_id, *queries.READERS, "researcher")
    context = {
        "program": program,
        "responses": reports.responses(program.pk),
        "means": reports.means(program.pk),
        "satisfaction": reports.satisfaction(program.pk),
        "may_settle": request.viewer.has(*SETTLERS),
        "named": request.viewer.has(*KEEPERS),
    }
    return render(request, "outcomes/program.html", context)


@allow(reporters)
def export(request: Request, program_id: int) -> StreamingHttpResponse:
    """Every answer and score as a file. Researchers get no nickname."""
    viewer = request.viewer
    program = programs.program_for(viewer, program_id, *queries.READERS, "researcher")
    named = programs.programs(viewer, *queries.READERS).filter(pk=program.pk).exists()
    audit.record(viewer.person_id, "outcomes.exported", object=f"program:{program.pk}")
    rows = exports.lines(reports.HEADER, reports.lines(program.pk, named=named))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="outcomes.csv"'
    return response


# --- Licenses ------------------------------------------------------------------------------------------------------


@allow(settlers)
def instruments(request: Request) -> HttpResponse:
    """Every questionnaire, whose it is, and whether it can be asked here."""
    organization_id = _organization(request)
    return render(
        request, "outcomes/instruments.html", {"rows": reports.instruments_shown(queries.attestations(organization_id))}
    )


def _organization(request: Request) -> int:
    """The one whose coordinator or administrator the visitor is."""
    return next(one.organization_id for one in request.viewer.grants if one.role in SETTLERS)


@allow(settlers)
def attest(request: Request, key: str) -> HttpResponse:
    """Say that the license is there and enter the words, or end it."""
    actor, organization_id = request.viewer, _organization(request)
    instrument = measures.needing_words(key)
    form = forms.AttestForm(request.POST or None, instrument=instrument)
    if "end" in request.POST:
        measures.withdraw(actor, organization_id=organization_id, instrument=key)
        messages.success(request, _("Nobody is asked these questions any more. What was answered stays."))
        return redirect("outcomes:instruments")
    if request.method == "POST" and form.is_valid():
        try:
            measures.attest(
                actor,
                organization_id=organization_id,
                instrument=key,
                texts=form.lines("texts"),
                options=form.lines("options"),
            )
            messages.success(request, _("These questions can be asked now."))
            return redirect("outcomes:instruments")
        except OutcomeError as reason:
            form.add_error(None, words.SENTENCES[reason.word])
    row = queries.attestations(organization_id).get(key)
    return render(request, "outcomes/attest.html", {"form": form, "one": instrument, "row": row})
