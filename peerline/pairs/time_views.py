"""The browser door of a time to talk: ask for one, choose one, change or cancel it. Each sees their own clock's hours."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.kernel import clock
from peerline.pairs import forms, queries, talk_news, talk_times, words
from peerline.pairs.models import Pair, TalkTime
from peerline.pairs.rules import PairError
from peerline.people.access import Request, Viewer, allow, participant, require
from peerline.people.queries import known, person_known
from peerline.ui.shelves import Piece


@allow(participant)
def time_to_talk(request: Request, pair_id: int) -> HttpResponse:
    """What is asked or agreed, and the one thing to do about it; ?another=1 asks anew."""
    viewer = request.viewer
    pair = _mine(viewer, pair_id)
    form = forms.TimesForm(request.POST or None, times=_offered(pair, viewer.person_id))
    if request.method == "POST" and _done(request, viewer, pair, form):
        return redirect("pairs:my_time", pair_id)
    return render(
        request, "pairs/my_time.html", {**_stands(pair, viewer.person_id), "form": form, "pair": pair} | _asks(request)
    )


def _asks(request: Request) -> dict[str, Any]:
    return {"another": request.GET.get("another") == "1" or request.POST.get("act") == "ask"}


def _mine(viewer: Viewer, pair_id: int) -> Pair:
    pair = queries.active_pair(viewer, pair_id)
    require(viewer.person_id in {partner.person_id for partner in pair.partners.all()})
    return pair


def _offered(pair: Pair, person_id: int) -> list[tuple[str, str]]:
    zone = person_known(person_id).time_zone
    return [(at.isoformat(), talk_news.when(at, zone)) for at in talk_times.offers(pair, zone, clock.now())]


def _stands(pair: Pair, person_id: int) -> dict[str, Any]:
    """state: "" (nothing), to_answer, waits, agreed."""
    row, zone = talk_times.current(pair.pk), person_known(person_id).time_zone
    names = known(queries.partners_of(pair, person_id)).values()
    shown: dict[str, Any] = {"partner": " & ".join(one.nickname for one in names), "state": "", "row": row}
    if row is None:
        return shown
    shown["state"] = row.state if row.state == "agreed" else "waits" if row.asked_by_id == person_id else "to_answer"
    times = [row.at] if row.at else [datetime.fromisoformat(at) for at in row.times]
    shown["times"] = [(at.isoformat(), talk_news.when(at, zone)) for at in times]
    return shown


# --- What can be done ------------------------------------------------------------------------------------------------


def _done(request: Request, viewer: Viewer, pair: Pair, form: forms.TimesForm) -> bool:
    """True when the page is to be shown afresh."""
    act = {"ask": _ask, "agree": _agree, "drop": _drop}.get(request.POST.get("act", ""))
    if act is None:
        raise BadRequest
    try:
        return act(request, viewer, pair, form)
    except PairError as reason:
        messages.error(request, words.SENTENCES[reason.word])
        return True


def _ask(request: Request, viewer: Viewer, pair: Pair, form: forms.TimesForm) -> bool:
    if not form.is_valid():
        return False
    times = [datetime.fromisoformat(at) for at in form.cleaned_data["times"]]
    weekly = form.cleaned_data["how_often"] == "weekly"
    talk_times.propose(viewer, pair_id=pair.pk, person_id=_me(viewer), times=times, weekly=weekly)
    messages.success(request, _("We ask your partner, and tell you the answer."))
    return True


def _agree(request: Request, viewer: Viewer, pair: Pair, form: forms.TimesForm) -> bool:
    try:
        at = datetime.fromisoformat(request.POST.get("at", ""))
    except ValueError as reason:
        raise BadRequest from reason
    talk_times.agree(viewer, talk_time_id=_current(pair).pk, person_id=_me(viewer), at=at)
    messages.success(request, _("It is agreed. At that time we will ring you both."))
    return True


def _drop(request: Request, viewer: Viewer, pair: Pair, form: forms.TimesForm) -> bool:
    talk_times.drop(viewer, talk_time_id=_current(pair).pk, person_id=_me(viewer))
    messages.success(request, _("It is cancelled. Your partner is told."))
    return True


def _current(pair: Pair) -> TalkTime:
    row = talk_times.current(pair.pk)
    if row is None:
        raise PairError("time_gone")
    return row


def _me(viewer: Viewer) -> int:
    require(viewer.person_id is not None)
    return viewer.person_id or 0


# --- The card on my page ---------------------------------------------------------------------------------------------


def card(viewer: Viewer, person_id: int) -> Piece | None:
    """For the oldest pair: what is asked or agreed, else an offer to agree on a time."""
    pair = next(iter(queries.pairs_of(person_id)), None)
    if pair is None:
        return None
    stands, there = _stands(pair, person_id), reverse("pairs:my_time", args=[pair.pk])
    heading = _("A time to talk")
    if stands["state"] == "agreed":
        return Piece(heading, stands["times"][0][1], there, _("Change or cancel it"))
    if stands["state"] == "to_answer":
        words_ = _("%(name)s asks for a time to talk with you.") % {"name": stands["partner"]}
        return Piece(heading, words_, there, _("Choose a time"), "phone")
    if stands["state"] == "waits":
        return Piece(heading, _("%(name)s has not answered yet.") % {"name": stands["partner"]}, there, _("Look at it"))
    return Piece(heading, _("You both choose when, and we ring you both then."), there, _("Ask for a time"))
