"""The roster's pages: bring a file, say which column is what, see what would happen, import, undo."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.kernel.languages import LANGUAGES
from peerline.people.access import KEEPERS, Request, allow, role
from peerline.programs import forms, queries, rosters, words
from peerline.programs.models import RosterBatch
from peerline.programs.roster import MOST_BYTES, Problem, RosterError
from peerline.programs.views import saved

keepers = role(*sorted(KEEPERS))
SHOWN = 20


@allow(keepers)
def bring(request: Request, program_id: int) -> HttpResponse:
    actor = request.viewer
    program = queries.program_for(actor, program_id, *KEEPERS)
    form = forms.RosterForm(request.POST or None, request.FILES or None)
    made: list[RosterBatch] = []

    def keep(data: dict[str, Any]) -> None:
        file = data["roster"]
        made.append(rosters.bring(actor, program_id=program_id, data=file.read(MOST_BYTES + 1), name=file.name))

    if request.method == "POST" and saved(form, keep):
        return redirect("programs:roster", made[0].pk)
    past = program.rosters.exclude(imported_at=None).order_by("-at")[:SHOWN]
    return render(request, "programs/bring_roster.html", {"form": form, "program": program, "past": past})


@allow(keepers)
def roster(request: Request, batch_id: int) -> HttpResponse:
    """Which column is what, and a dry run of it."""
    actor = request.viewer
    batch = rosters.batch_for(actor, batch_id)
    if not batch.sealed:
        return redirect("programs:bring_roster", batch.program_id)
    table = rosters.table_of(batch)
    form = forms.ColumnsForm(request.POST or None, table=table, columns=batch.columns)
    if request.method == "POST" and form.is_valid():
        rosters.choose_columns(actor, batch_id=batch_id, columns=form.columns())
        return redirect("programs:roster", batch_id)
    return render(request, "programs/roster.html", {"batch": batch, "form": form, "table": table, **_dry_run(batch)})


def _dry_run(batch: RosterBatch) -> dict[str, Any]:
    try:
        parsed = rosters.preview(batch)
    except RosterError as reason:
        return {"whole": words.SENTENCES[reason.word]}
    return {
        "good": len(parsed.entries),
        "bad": len({problem.line for problem in parsed.problems}),
        "people": [(one, LANGUAGES[one.language]) for one in parsed.entries[:SHOWN]],
        "problems": [(problem.line, words.FIELDS[problem.field], sentence(problem)) for problem in parsed.problems],
    }


def sentence(problem: Problem) -> str:
    return str(words.ROW_SENTENCES[problem.word]) % {"value": problem.value}


@allow(keepers)
@require_POST
def load(request: Request, batch_id: int) -> HttpResponse:
    actor = request.viewer
    batch = rosters.batch_for(actor, batch_id)
    try:
        done = rosters.load(actor, batch_id=batch_id, only_good=request.POST.get("only_good", ""))
    except RosterError as reason:
        messages.error(request, words.SENTENCES[reason.word])
        return redirect("programs:roster", batch_id)
    messages.success(request, _("%(n)s people came in.") % {"n": done.rows})
    return redirect("programs:people", batch.program_id)


@allow(keepers)
@require_POST
def undo(request: Request, batch_id: int) -> HttpResponse:
    actor = request.viewer
    batch = rosters.batch_for(actor, batch_id)
    try:
        messages.success(
            request, _("%(n)s people were taken out again.") % {"n": rosters.undo(actor, batch_id=batch_id)}
        )
    except RosterError as reason:
        messages.error(request, words.SENTENCES[reason.word])
    return redirect("programs:bring_roster", batch.program_id)
