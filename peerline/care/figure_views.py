"""Figures of the desk by browser: staff time per pair, false alarms, drills; and who looks after whom."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.audit import services as audit
from peerline.care import desk, flags, forms, minutes, needs, served
from peerline.kernel import exports
from peerline.people.access import KEEPERS, Request, allow, role
from peerline.people.queries import person_for
from peerline.programs import queries as programs
from peerline.ui.charts import bar_chart
from peerline.ui.phrases import length_words

keepers = role(*sorted(KEEPERS))


@allow(keepers)
def staff_time(request: Request, program_id: int) -> HttpResponse:
    """Minutes per pair and month, as a small picture, a sentence and a table (S20)."""
    viewer = request.viewer
    program = programs.program_for(viewer, program_id, *KEEPERS)
    months = minutes.months(viewer, program_id)
    chart = bar_chart([(date_format(one.first, "M"), round(one.a_pair, 1)) for one in months], now=True)
    context = {
        "program": program,
        "chart": chart,
        "top": _("%(n)s min") % {"n": f"{chart.top_value:g}"},
        "sentence": _time_words(months[-1]),
        "rows": minutes.listed(viewer, program_id),
        "columns": [_("Month"), _("Pair"), _("Minutes"), _("Pieces of work")],
        "chart_columns": [_("Month"), _("Minutes a pair")],
    }
    return render(request, "care/staff_time.html", context)


def _time_words(month: minutes.Month) -> str:
    facts = {"n": month.minutes, "each": f"{month.a_pair:.1f}"}
    return (
        ngettext(
            "This month so far: %(n)s minute of staff time, %(each)s for each pair.",
            "This month so far: %(n)s minutes of staff time, %(each)s for each pair.",
            month.minutes,
        )
        % facts
    )


@allow(keepers)
def staff_time_file(request: Request, program_id: int) -> StreamingHttpResponse:
    """The same for a spreadsheet: month, number of the pair, minutes, pieces of work."""
    viewer = request.viewer
    programs.program_for(viewer, program_id, *KEEPERS)
    audit.record(viewer.person_id, "care.exported_staff_time", object=f"program:{program_id}")
    header = ["month", "pair", "minutes", "pieces_of_work"]
    lines = exports.lines(header, minutes.exported(viewer, program_id))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="staff-time-{program_id}.csv"'
    return response


@allow(keepers)
def figures(request: Request) -> HttpResponse:
    """How often red flags were false alarms, program by program; the drills; and the way to staff time."""
    viewer = request.viewer
    context = {
        "rates": [_rate_row(rate) for rate in flags.rates(viewer)],
        "rate_columns": [_("Program"), _("Found"), _("Real"), _("False alarms"), _("Share of false alarms")],
        "drills": [_drill_row(need) for need in desk.drills(viewer)],
        "drill_columns": [_("Program"), _("When"), _("Seen after"), _("Told")],
        "kinds": served.kinds(viewer),
        "kind_columns": [_("Program"), _("Kind of support"), _("People"), _("Pieces of work")],
        "programs": programs.programs(viewer, *KEEPERS),
    }
    return render(request, "care/figures.html", context)


def _rate_row(rate: flags.Rate) -> list[Any]:
    share = _("nobody has judged one yet") if rate.false_percent is None else f"{rate.false_percent} %"
    return [rate.program, rate.found, rate.real, rate.false, share]


def _drill_row(need: Any) -> list[Any]:
    seen = _("nobody saw it")
    if need.seen_at:
        seen = length_words((need.seen_at - need.since).total_seconds())
    return [need.program.name, date_format(need.since, "DATE_FORMAT"), seen, need.told_to]


@allow(keepers)
def panel(request: Request, person_id: int) -> HttpResponse:
    """Which of the staff looks after this person: what they need comes to that colleague's part of the desk."""
    viewer = request.viewer
    enrollment = programs.enrollments(viewer).filter(person=person_id).exclude(state="removed").order_by("pk").first()
    person = enrollment.person if enrollment else person_for(viewer, person_id, *KEEPERS)
    if enrollment is None:
        return redirect("programs:person", person_id)
    colleagues = programs.may_stand_in(enrollment.program)
    now = desk.looks_after(enrollment.program_id, person_id)
    form = forms.PanelForm(request.POST or None, colleagues=colleagues, initial={"staff": str(now or "")})
    if form.is_valid():
        staff = int(form.cleaned_data["staff"] or 0) or None
        needs.look_after(viewer, program_id=enrollment.program_id, person_id=person_id, staff_id=staff)
        messages.success(request, _("Written down."))
        return redirect("programs:person", person_id)
    audit.record(viewer.person_id, "care.saw_panel", subject_id=person_id)
    return render(
        request,
        "care/panel.html",
        {"form": form, "person": person, "back": reverse("programs:person", args=[person_id])},
    )
