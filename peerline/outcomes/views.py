"""The browser door of outcomes, for the person who is asked: one question a page, forth and back, stop and go on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peerline.outcomes import forms, pages, queries, services, words
from peerline.outcomes.models import Sheet
from peerline.outcomes.rules import OutcomeError
from peerline.people.access import NotThere, Request, allow, participant


def _own(request: Request, sheet_id: int) -> Sheet:
    sheet = queries.sheet_for(request.viewer, sheet_id)
    if sheet.person_id != request.viewer.person_id:
        raise NotThere
    return sheet


@allow(participant)
def mine(request: Request) -> HttpResponse:
    """The questions that wait, and what was answered before."""
    return render(request, "outcomes/mine.html", pages.mine(request.viewer.person_id))


@allow(participant)
def begin(request: Request, sheet_id: int) -> HttpResponse:
    """What this is about, how long it takes, who reads it."""
    sheet = _own(request, sheet_id)
    if sheet.state != "open":
        return _closed(request)
    stands = queries.standing(sheet)
    return render(request, "outcomes/begin.html", {"sheet": sheet, "stands": stands, "place": pages.next_place(stands)})


def _closed(request: Request) -> HttpResponse:
    messages.error(request, words.SENTENCES["closed"])
    return redirect("outcomes:mine")


@allow(participant)
def question(request: Request, sheet_id: int, place: int) -> HttpResponse:
    """One question; a POST keeps the answer, or leaves it out, and goes to the next one without an answer."""
    sheet = _own(request, sheet_id)
    stands = queries.standing(sheet)
    if sheet.state != "open":
        return _closed(request)
    if not 1 <= place <= len(stands.questions):
        return redirect("outcomes:check", sheet.pk)
    one = stands.questions[place - 1]
    sent = request.POST if request.method == "POST" else None
    form = forms.QuestionForm(sent, question=one, initial={"answer": stands.answers.get(one.key)})
    skipped = "skip" in request.POST
    if sent is not None and (skipped or form.is_valid()):
        return _kept(request, sheet, place, one.key, None if skipped else form.value)
    context = {"sheet": sheet, "stands": stands, "one": one, "form": form, "place": place}
    return render(request, "outcomes/question.html", context)


def _kept(request: Request, sheet: Sheet, place: int, key: tuple[str, str], value: int | None) -> HttpResponse:
    viewer = request.viewer
    try:
        services.answer(viewer, sheet_id=sheet.pk, instrument=key[0], item=key[1], value=value, door="web")
    except OutcomeError as reason:
        messages.error(request, words.SENTENCES[reason.word])
        return redirect("outcomes:mine")
    after = pages.next_place(queries.standing(sheet), place)
    return redirect("outcomes:question", sheet.pk, after) if after else redirect("outcomes:check", sheet.pk)


@allow(participant)
def check(request: Request, sheet_id: int) -> HttpResponse:
    """All answers on one page, each to be changed until a POST sends them; afterwards only to be read."""
    sheet = _own(request, sheet_id)
    if request.method == "POST":
        try:
            services.finish(request.viewer, sheet_id=sheet.pk)
        except OutcomeError:
            return _closed(request)
        messages.success(request, _("Thank you. Your answers are in."))
        return redirect("outcomes:mine")
    if sheet.state not in ("open", "done"):
        return _closed(request)
    stands = queries.standing(sheet)
    return render(request, "outcomes/check.html", {"sheet": sheet, "stands": stands, "rows": pages.answered(stands)})
