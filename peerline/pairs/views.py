"""The browser door of pairs, for staff: who is paired, how often they talk, pair two people, end a pair."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.audit import services as audit
from peerline.messaging import queries as messaging
from peerline.pairs import cohorts, forms, queries, services, words
from peerline.pairs.rules import PairError
from peerline.people.access import KEEPERS, Request, allow, role
from peerline.people.queries import known
from peerline.programs import queries as programs
from peerline.programs import rests

keepers = role(*sorted(KEEPERS))


@allow(keepers)
def index(request: Request) -> HttpResponse:
    """The pairs of the programs the visitor reaches, each with its rhythm; and who still waits."""
    viewer = request.viewer
    pairs, older = queries.active_page(viewer, request.GET.get("before", ""))
    mine = {program.pk: program for program in programs.programs(viewer, *KEEPERS)}
    waiting = [(mine[pk], count) for pk, count in queries.waiting_in(mine).items()]
    audit.record(viewer.person_id, "pairs.saw_list", pairs=len(pairs))
    context = {"rows": queries.shown(pairs), "waiting": sorted(waiting, key=lambda row: row[0].name)}
    return render(request, "pairs/index.html", {**context, "older": older, "begun": "before" in request.GET})


@allow(keepers)
def pair(request: Request, pair_id: int) -> HttpResponse:
    """One pair: its weeks against the target, its calls, and what staff can do."""
    found = queries.pair_for(request.viewer, pair_id)
    row = queries.shown([found])[0]
    seen = [person.person_id for person in row.people]
    audit.record_each(request.viewer.person_id, "pairs.saw", seen, object=f"pair:{found.pk}")
    reason = words.END_REASONS.get(found.end_reason, "")
    paused = messaging.is_paused(f"pair:{found.pk}")
    until = rests.resting(found.program_id, seen) if not found.ended_at else {}
    resting = [(one.nickname, until[one.person_id]) for one in row.people if one.person_id in until]
    context = {"row": row, "pair": found, "reason": reason, "paused": paused, "rests": resting}
    return render(request, "pairs/pair.html", context)


@allow(keepers)
def make(request: Request, program_id: int) -> HttpResponse:
    """Pair two people by hand."""
    program = programs.program_for(request.viewer, program_id, *KEEPERS)
    waiting = known(queries.waiting(program.pk).values_list("person_id", flat=True)).values()
    people = sorted(((one.person_id, f"{one.nickname} ({one.language})") for one in waiting), key=lambda one: one[1])
    unfit = programs.do_not_fit(program.pk, [person_id for person_id, _words in people])
    people = [
        (
            person_id,
            _("%(name)s: does not fit the rules of the program") % {"name": name} if person_id in unfit else name,
        )
        for person_id, name in people
    ]
    form = forms.TwoPeopleForm(request.POST or None, people=people)
    if form.is_valid():
        chosen = [form.cleaned_data["first"], form.cleaned_data["second"]]
        if cohorts.were_a_pair(program.pk, chosen) and not form.cleaned_data["again"]:
            form.ask_again()
    if form.is_valid():
        try:
            made = services.pair_up(request.viewer, program_id=program.pk, people=chosen)
        except PairError as reason:
            form.add_error(None, words.SENTENCES[reason.word])
        else:
            messages.success(request, _("They are a pair from now on."))
            return redirect("pairs:pair", made.pk)
    return render(request, "pairs/make.html", {"form": form, "program": program, "enough": len(people) > 1})


@allow(keepers)
def end(request: Request, pair_id: int) -> HttpResponse:
    """End a pair, with a reason and no blame."""
    found = queries.pair_for(request.viewer, pair_id)
    form = forms.EndForm(request.POST or None)
    if form.is_valid():
        services.end_pair(request.viewer, pair_id=found.pk, reason=form.cleaned_data["reason"])
        messages.success(request, _("The pair has ended. Both can be paired again."))
        return redirect("pairs:pair", found.pk)
    return render(request, "pairs/end.html", {"form": form, "pair": found, "row": queries.shown([found])[0]})


@allow(keepers)
@require_POST
def ring(request: Request, pair_id: int, person_id: int) -> HttpResponse:
    """The line rings this one now, and then the partner."""
    try:
        services.ring_both(request.viewer, pair_id=pair_id, first_person_id=person_id)
        messages.success(request, _("The line is ringing now."))
    except PairError as reason:
        messages.error(request, words.SENTENCES[reason.word])
    return redirect("pairs:pair", pair_id)
