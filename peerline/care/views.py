"""Voicemail, and pairs with difficulty, by browser. The list they stand in is desk_views.py."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.audit import services as audit
from peerline.care import flags, forms, minutes, queries, served, services, words
from peerline.exchange.sound import wav_response
from peerline.kernel import clock
from peerline.pairs import queries as pairs
from peerline.people.access import KEEPERS, Request, allow, care_staff, role
from peerline.people.queries import known

keepers = role(*sorted(KEEPERS))


def _named(rows: list[Any]) -> list[tuple[Any, str]]:
    names = known({row.voice.author_id for row in rows if row.voice.author_id})
    return [(row, names[row.voice.author_id].nickname if row.voice.author_id in names else "") for row in rows]


@allow(care_staff)
def voicemail(request: Request) -> HttpResponse:
    """Open messages first, by when they are due; then what was handled lately."""
    viewer = request.viewer
    handled = list(queries.voicemails(viewer).exclude(handled_at=None).order_by("-handled_at")[:20])
    context = {
        "open": _named(list(queries.open_voicemails(viewer)[:100])),
        "handled": _named(handled),
        "now": clock.now(),
    }
    return render(request, "care/voicemail.html", context)


@allow(care_staff)
def message(request: Request, voicemail_id: int) -> HttpResponse:
    """One message: hear it, take it, call back, write down what was done."""
    row = queries.voicemail_for(request.viewer, voicemail_id)
    form = forms.HandledForm(request.POST or None, initial={"minutes": minutes.guess(request.viewer, row.heard_at)})
    source = f"care.voicemail:{row.pk}"
    if form.is_valid():
        services.handle(request.viewer, voicemail_id=row.pk, **form.cleaned_data)
        messages.success(request, _("Written down as handled."))
        flag = flags.asked_of(request.viewer, source)
        return redirect("care:need", flag.need_id) if flag else redirect("care:voicemail")
    audit.record(
        request.viewer.person_id, "care.saw_voicemail", subject_id=row.voice.author_id, object=f"voice:{row.voice_id}"
    )
    names = known({one for one in (row.owner_id, row.handled_by_id) if one})
    owner = names[row.owner_id].nickname if row.owner_id in names else ""
    return render(
        request,
        "care/message.html",
        {
            "row": row,
            "who": _named([row])[0][1],
            "owner": owner,
            "mine": row.owner_id == request.viewer.person_id,
            "form": form,
            "served": served.said([source]).get(source, ""),
        },
    )


@allow(care_staff)
def sound(request: Request, voicemail_id: int) -> HttpResponse:
    """The message itself, unsealed for this listener; each time is written down."""
    row = services.heard(request.viewer, voicemail_id=voicemail_id)
    return wav_response(request, row.voice.file)


@allow(care_staff)
@require_POST
def take(request: Request, voicemail_id: int) -> HttpResponse:
    services.take(request.viewer, voicemail_id=voicemail_id)
    messages.success(request, _("It is yours now."))
    return redirect("care:message", voicemail_id)


@allow(care_staff)
@require_POST
def call_back(request: Request, voicemail_id: int) -> HttpResponse:
    try:
        services.call_back(request.viewer, voicemail_id=voicemail_id)
        messages.success(request, _("Your telephone will ring in a moment. Pick up and press 1."))
    except services.CannotCallBack as reason:
        messages.error(request, words.SENTENCES[reason.args[0]])
    return redirect("care:message", voicemail_id)


@allow(keepers)
def difficulty(request: Request, pair_id: int) -> HttpResponse:
    """Write down what was done about one pair, and see what was done before."""
    pair = pairs.pair_for(request.viewer, pair_id)
    form = forms.PairNoteForm(request.POST or None, initial={"minutes": 5})
    if form.is_valid():
        services.note_pair(request.viewer, pair_id=pair.pk, **form.cleaned_data)
        messages.success(request, _("Written down."))
        return redirect("care:desk")
    row = pairs.shown([pair])[0]
    notes = list(queries.notes_of(pair.pk)[:20])
    ticked = served.said([f"care.pair_note:{note.pk}" for note in notes])
    return render(
        request,
        "care/difficulty.html",
        {
            "form": form,
            "row": row,
            "notes": [
                (note, words.DEEDS.get(note.did, note.did), ticked.get(f"care.pair_note:{note.pk}", ""))
                for note in notes
            ],
            "helps": queries.shared_words(row.people),
        },
    )
