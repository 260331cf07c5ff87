"""The desk by browser: the one list, and the page of one need."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.audit import services as audit
from peerline.care import desk, flags, forms, minutes, needs, served, services, words
from peerline.entry import queries as entry
from peerline.kernel import clock
from peerline.people.access import CARE, KEEPERS, Request, Viewer, allow, care_staff, require, role
from peerline.people.queries import known
from peerline.programs import queries as programs

keepers = role(*sorted(KEEPERS))


@allow(keepers)
def index(request: Request) -> HttpResponse:
    """One list of who needs me, why, since when and by when."""
    viewer = request.viewer
    mine = list(programs.programs(viewer, *KEEPERS).values_list("pk", "name"))
    narrow = forms.NarrowForm(request.GET, programs=mine)
    wanted = _wanted(request, narrow)
    found = desk.page(viewer, wanted, request.GET.get("after", ""))
    context = {
        "groups": _grouped(found.items),
        "narrow": narrow,
        "narrowed": wanted != desk.Wanted(),
        "later": _address(request, found.later) if found.later else "",
        "begun": _address(request, "") if "after" in request.GET else "",
        "about": known([wanted.person_id]).get(wanted.person_id),
        "closed_until": entry.line_closed_until(clock.now()),
        "total": desk.waiting(viewer, wanted).count(),
    }
    return render(request, "care/desk.html", context)


def _wanted(request: Request, narrow: forms.NarrowForm) -> desk.Wanted:
    """What the address asks for; what makes no sense in it is left out."""
    narrow.is_valid()
    chosen = narrow.cleaned_data
    person = request.GET.get("person", "")
    return desk.Wanted(
        whose=chosen.get("whose", ""),
        program_id=int(chosen.get("program") or 0),
        person_id=int(person) if person.isascii() and person.isdecimal() and len(person) < 19 else 0,
        room=chosen.get("room", ""),
    )


def _address(request: Request, after: str) -> str:
    """This view of the list, at another place."""
    kept = {key: value for key, value in request.GET.items() if value and key != "after"}
    return "?" + urlencode(kept | ({"after": after} if after else {}))


def _grouped(items: list[desk.Item]) -> list[tuple[Any, list[desk.Item]]]:
    """The items under whose they are, in order."""
    found: dict[int, list[desk.Item]] = {}
    for item in items:
        found.setdefault(item.rank, []).append(item)
    return [(words.RANKS[rank], some) for rank, some in found.items()]


@allow(keepers)
def need(request: Request, need_id: int) -> HttpResponse:
    """One need: why, since when, who was told and saw it; and what can be done about it. Opening it is the proof it was seen."""
    viewer = request.viewer
    row = desk.need_for(viewer, need_id)
    since = row.seen_at if row.seen_by_id == viewer.person_id else None
    form = forms.DoneForm(request.POST or None, initial={"minutes": minutes.guess(viewer, since)})
    if form.is_valid():
        _try(request, lambda: services.finish(viewer, need_id=row.pk, **form.cleaned_data), _("Done."), row.pk)
        return after_a_note(viewer, f"care.need:{row.pk}")
    needs.seen(viewer, need_id=row.pk)
    audit.record(viewer.person_id, "care.opened_need", subject_id=row.person_id, object=f"need:{row.pk}")
    row.refresh_from_db()
    return render(request, "care/need.html", {"form": form, **_shown(viewer, row)})


def after_a_note(viewer: Viewer, source: str) -> HttpResponse:
    """Words of one's own that may mean danger come back as a question at once; else the desk."""
    flag = flags.asked_of(viewer, source)
    return redirect("care:need", flag.need_id) if flag else redirect("care:desk")


def _shown(viewer: Viewer, row: Any) -> dict[str, Any]:
    told = list(row.told.order_by("step", "at", "pk"))
    names = known({row.owner_id, row.seen_by_id, row.closed_by_id, *(one.person_id for one in told)} - {None})
    colleagues = [one for one in desk.colleagues(row) if one[0] != row.owner_id]
    people = known(needs.people_of(row))
    return {
        "row": row,
        "item": desk.items([row])[0],
        "level": words.LEVELS[row.level],
        "owner": names.get(row.owner_id),
        "seen_by": names.get(row.seen_by_id),
        "closed_by": names.get(row.closed_by_id),
        "told": [(one, names[one.person_id].nickname) for one in told],
        "mine": row.owner_id == viewer.person_id,
        "hand_over": forms.HandOverForm(colleagues=colleagues) if colleagues else None,
        "rest": forms.RestForm(),
        "flags": [
            (flag, words.lines_words(flag.found), words.VERDICTS[flag.verdict]) for flag in row.flags.order_by("pk")
        ],
        "people": list(people.values()),
        "served": served.said([f"care.need:{row.pk}"]).get(f"care.need:{row.pk}", ""),
        "spoken": people[row.person_id].language if row.person_id in people else "",
    }


def _try(request: Request, change: Callable[[], object], said: str, need_id: int, *, undo: bool = True) -> None:
    """Do it and say so, with a way back; or say why not."""
    try:
        change()
    except needs.Late as reason:
        messages.error(request, words.SENTENCES[reason.args[0]])
        return
    there = reverse("care:reopen", args=[need_id])
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, there, _("Undo")) if undo else said)


@allow(keepers)
@require_POST
def take_need(request: Request, need_id: int) -> HttpResponse:
    viewer = request.viewer
    _try(request, lambda: needs.take(viewer, need_id=need_id), _("It is yours now."), need_id, undo=False)
    return redirect("care:need", need_id)


@allow(care_staff)
def task(request: Request, person_id: int) -> HttpResponse:
    """Let this person come back to one's own desk, or to that of whoever looks after them, on a day one chooses."""
    viewer = request.viewer
    row = programs.enrollments(viewer, *CARE).filter(person=person_id).exclude(state="removed").order_by("pk").first()
    require(row is not None)
    there = reverse("programs:person", args=[person_id])
    form = forms.TaskForm(request.POST or None, whose=_whose(viewer, row), initial={"whose": str(viewer.person_id)})
    if form.is_valid():
        said, until, whose = (form.cleaned_data[name] for name in ("words", "until", "whose"))
        about = {"program_id": row.program_id, "person_id": person_id}
        try:
            services.set_task(viewer, **about, said=said, on=until, owner_id=int(whose or viewer.person_id or 0))
            messages.success(request, _("It comes to the list on that day."))
        except needs.Late as reason:
            messages.error(request, words.SENTENCES[reason.args[0]])
        return redirect(there)
    return render(request, "care/task.html", {"form": form, "person": row.person, "back": there})


def _whose(viewer: Viewer, row: Any) -> list[tuple[int, Any]]:
    """Mine; or that of the colleague who looks after them, if there is one."""
    panel = desk.looks_after(row.program_id, row.person_id)
    theirs = [(panel, known([panel])[panel].nickname)] if panel and panel != viewer.person_id else []
    return [(viewer.person_id or 0, _("Mine")), *theirs]


@allow(care_staff)
@require_POST
def judge(request: Request, flag_id: int) -> HttpResponse:
    """A person says whether words that may mean danger did."""
    viewer = request.viewer
    flag = flags.judge(viewer, flag_id=flag_id, verdict=request.POST.get("verdict", ""))
    messages.success(request, _("Written down: %(verdict)s.") % {"verdict": words.VERDICTS[flag.verdict]})
    return redirect("care:need", flag.need_id)


@allow(keepers)
@require_POST
def call_about(request: Request, need_id: int) -> HttpResponse:
    """The line rings this staff person first, then whom the need is about."""
    try:
        services.call_about(request.viewer, need_id=need_id)
        messages.success(request, _("Your telephone will ring in a moment. Pick up and press 1."))
    except services.CannotCallBack as reason:
        messages.error(request, words.SENTENCES[reason.args[0]])
    return redirect("care:need", need_id)


@allow(keepers)
@require_POST
def hand_over(request: Request, need_id: int) -> HttpResponse:
    viewer = request.viewer
    row = desk.need_for(viewer, need_id)
    form = forms.HandOverForm(request.POST, colleagues=desk.colleagues(row))
    if form.is_valid():
        to = int(form.cleaned_data["to"])
        _try(request, lambda: needs.hand_over(viewer, need_id=need_id, to=to), _("Handed over."), need_id, undo=False)
    return redirect("care:desk")


@allow(keepers)
@require_POST
def rest(request: Request, need_id: int) -> HttpResponse:
    viewer = request.viewer
    form = forms.RestForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["until"][0])
        return redirect("care:need", need_id)
    until = form.cleaned_data["until"]
    _try(request, lambda: needs.rest(viewer, need_id=need_id, until=until), _("It comes back on that day."), need_id)
    return redirect("care:desk")


@allow(keepers)
def reopen(request: Request, need_id: int) -> HttpResponse:
    """Undo: asked once, for a link changes nothing by itself."""
    viewer = request.viewer
    row = desk.need_for(viewer, need_id)
    if request.method == "POST":
        needs.undo(viewer, need_id=row.pk)
        messages.success(request, _("It is on the list again."))
        return redirect("care:desk")
    return render(request, "care/reopen.html", {"item": desk.items([row])[0], "row": row})
