"""The match pages, for staff who keep records: who waits, the best pairs, what a change costs, accept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from peerline.audit import services as audit
from peerline.pairs import cohorts, forms, match_forms, match_pages, proposals, queries, words
from peerline.pairs.models import KeptApart
from peerline.pairs.rules import PairError
from peerline.people.access import KEEPERS, Request, allow, role
from peerline.people.queries import known
from peerline.programs import queries as programs
from peerline.programs.services import SETTLERS

keepers = role(*sorted(KEEPERS))
settlers = role(*sorted(SETTLERS))


def _program(request: Request, program_id: int) -> Any:
    return programs.program_for(request.viewer, program_id, *KEEPERS)


def _may_settle(request: Request, program: Any) -> bool:
    place = {"organization_id": program.organization_id, "site_id": program.site_id, "program_id": program.pk}
    return bool(request.viewer.holds(*SETTLERS, **place))


def _waiting_choices(program_id: int) -> list[tuple[int, str]]:
    people = known(int(one.key) for one in cohorts.waiting(program_id).people).values()
    return sorted(((one.person_id, one.nickname) for one in people), key=lambda one: one[1])


@allow(keepers)
def home(request: Request) -> HttpResponse:
    """The program's match page where there is one program, else which one?"""
    found = list(programs.programs(request.viewer, *KEEPERS))
    if len(found) == 1:
        return redirect("pairs:match", found[0].pk)
    waiting = [(program, queries.waiting(program.pk).count()) for program in found]
    return render(request, "pairs/match_home.html", {"programs": waiting})


@allow(keepers)
def match(request: Request, program_id: int) -> HttpResponse:
    """Who waits and by which rules; with a POST, find the best pairs; below, the open round. Whoever asks from the page of
    pairs sees what is proposed already, if anything is."""
    program = _program(request, program_id)
    if request.method == "POST":
        if request.POST.get("unless") != "proposed" or not proposals.open_round(program.pk):
            proposals.propose(request.viewer, program_id=program.pk)
        return redirect("pairs:match", program.pk)
    context = {
        **match_pages.overview(program, request.GET.get("after", "")),
        "may_settle": _may_settle(request, program),
    }
    seen = [person.person_id for card in context.get("cards", ()) for person in card.people]
    audit.record_each(request.viewer.person_id, "pairs.saw_match", seen)
    return render(request, "pairs/match.html", context)


@allow(keepers)
@require_POST
def decide(request: Request, proposed_id: int) -> HttpResponse:
    """Lock, unlock, veto or forbid one proposed pair, or allow a vetoed one again."""
    row = proposals.decide(request.viewer, proposed_id=proposed_id, act=request.POST.get("act", ""))
    said = {
        "lock": _("This pair stays when you match again."),
        "veto": _("This pair is not proposed again in this round. Match again to find others for them."),
        "forbid": _("These two are kept apart from now on. Match again to find others for them."),
    }
    messages.success(request, said.get(request.POST.get("act", ""), _("It is changed.")))
    return redirect("pairs:match", row.round.program_id)


@allow(keepers)
@require_POST
def accept(request: Request, program_id: int) -> HttpResponse:
    """Make pairs of the ticked proposals, or of all."""
    program = _program(request, program_id)
    ticked = [int(number) for number in request.POST.getlist("pair") if number.isdecimal() and len(number) < 19]
    if request.POST.get("which") != "all" and not ticked:
        messages.error(request, _("Tick the pairs you accept first."))
        return redirect("pairs:match", program.pk)
    chosen = None if request.POST.get("which") == "all" else ticked
    made, refused = proposals.accept(request.viewer, program_id=program.pk, chosen=chosen)
    if made:
        messages.success(
            request,
            ngettext(
                "%(n)s pair begins. Both are told.", "%(n)s pairs begin. Everybody is told.", made
            ) % {"n": made},
        )  # fmt: skip
    for _number, word in refused:
        messages.error(request, words.SENTENCES[word])
    return redirect("pairs:match", program.pk) if proposals.open_round(program.pk) else redirect("pairs:index")


@allow(keepers)
@require_POST
def close(request: Request, program_id: int) -> HttpResponse:
    """Put the round away; nothing of it is proposed any more."""
    program = _program(request, program_id)
    proposals.close(request.viewer, program_id=program.pk)
    return redirect("pairs:match", program.pk)


@allow(keepers)
def what_if(request: Request, program_id: int) -> HttpResponse:
    """Two people: what they have in common, and what it costs everybody to put them together; a POST does it."""
    program = _program(request, program_id)
    asked = request.POST or (request.GET if "second" in request.GET else None)
    form = forms.TwoPeopleForm(asked, people=_waiting_choices(program.pk), initial=request.GET.dict())
    context: dict[str, Any] = {"program": program, "form": form}
    if form.is_valid():
        chosen = {"program_id": program.pk, "one": form.cleaned_data["first"], "other": form.cleaned_data["second"]}
        try:
            if request.method == "POST":
                proposals.put_together(request.viewer, **chosen)
                messages.success(request, _("They are put together, and all others are matched again around them."))
                return redirect("pairs:match", program.pk)
            found = proposals.what_if(request.viewer, **chosen)
            context |= match_pages.couple_shown(found, cohorts.settings_of(program.pk).weights)
        except PairError as reason:
            form.add_error(None, words.SENTENCES[reason.word])
    elif first := request.GET.get("first", ""):
        context |= _best_for(request, program.pk, first)
    return render(request, "pairs/match_what_if.html", context)


def _best_for(request: Request, program_id: int, first: str) -> dict[str, Any]:
    """Only one of the two is chosen yet: whom they would suit best. Nobody for somebody who does not wait."""
    try:
        found = proposals.would_suit(request.viewer, program_id=program_id, person_id=int(first))
    except (PairError, ValueError):
        return {}
    seen = [int(first), *(int(partner.key) for partner in found)]
    audit.record_each(request.viewer.person_id, "pairs.saw_match", seen)
    return match_pages.best_shown(program_id, int(first), found)


@allow(keepers)
def compare(request: Request, program_id: int) -> HttpResponse:
    """The weights in force beside others: what each would give. Nothing is kept."""
    program = _program(request, program_id)
    now = cohorts.settings_of(program.pk).weights
    asked = any(name.startswith("weight_") for name in request.GET)
    form = match_forms.WeightsForm(request.GET if asked else None, initial=match_forms.WeightsForm.of(now))
    context: dict[str, Any] = {"program": program, "form": form}
    if asked and form.is_valid():
        tried = proposals.matcher(program.pk, weights=form.weights())
        context |= match_pages.compared(proposals.matcher(program.pk).result(), tried.result())
    return render(request, "pairs/match_compare.html", context)


@allow(settlers)
def settings(request: Request, program_id: int) -> HttpResponse:
    """Weights and rules of this program."""
    program = programs.program_for(request.viewer, program_id, *SETTLERS)
    row = cohorts.settings_of(program.pk)
    rules = {name: getattr(row, name) for name in ("least_common_hours", "same_site", "mentors", "style")}
    initial = {**match_forms.WeightsForm.of(row.weights), **rules}
    form = match_forms.MatchSettingsForm(request.POST or None, initial=initial)
    if form.is_valid():
        changes = {name: form.cleaned_data[name] for name in rules}
        proposals.change_settings(request.viewer, program_id=program.pk, weights=form.weights(), **changes)
        messages.success(request, _("The settings are saved. They count from the next match on."))
        return redirect("pairs:match", program.pk)
    return render(request, "pairs/match_settings.html", {"program": program, "form": form})


@allow(keepers)
def apart(request: Request, program_id: int) -> HttpResponse:
    """Whom never to propose to each other: the list, one more, one less."""
    program = _program(request, program_id)
    actor = request.viewer
    if number := request.POST.get("remove", ""):
        proposals.no_longer_apart(
            actor, program_id=program.pk, apart_id=int(number) if number.isdecimal() and len(number) < 19 else 0
        )
        messages.success(request, _("They may be proposed to each other again."))
        return redirect("pairs:match_apart", program.pk)
    form = forms.TwoPeopleForm(request.POST or None, people=_waiting_choices(program.pk))
    if form.is_valid():
        proposals.keep_apart(
            actor, program_id=program.pk, people=[form.cleaned_data["first"], form.cleaned_data["second"]]
        )
        messages.success(request, _("They are not proposed to each other any more."))
        return redirect("pairs:match_apart", program.pk)
    rows = list(KeptApart.objects.filter(program_id=program.pk).order_by("-at"))
    people = known({one for row in rows for one in (row.first_id, row.second_id)})
    listed = [(row.pk, " & ".join(people[one].nickname for one in (row.first_id, row.second_id))) for row in rows]
    return render(request, "pairs/match_apart.html", {"program": program, "form": form, "listed": listed})
