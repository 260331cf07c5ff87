"""The browser door of what partners write to each other: write, delete, be left in peace, report; and staff let them go on."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peerline.messaging import queries as messaging
from peerline.messaging import relay
from peerline.pairs import mail, queries
from peerline.pairs.models import Pair
from peerline.people.access import KEEPERS, Request, allow, participant, require, role
from peerline.people.queries import known

MOST_LETTERS = 1000


class WriteForm(forms.Form):
    words = forms.CharField(max_length=MOST_LETTERS, widget=forms.Textarea)


def _mine(request: Request, pair_id: int) -> Pair:
    """An active pair of the participant. Raises NotThere."""
    pairs = queries.pairs_of(request.viewer.person_id)
    found = next((pair for pair in pairs if pair.pk == pair_id), None)
    require(found)
    assert found is not None
    return found


@allow(participant)
@require_POST
def write(request: Request, pair_id: int) -> HttpResponse:
    """Words for my partner."""
    pair, me = _mine(request, pair_id), request.viewer.person_id
    form = WriteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write some words first, at most a page."))
        return redirect("pairs:my_messages")
    passed = mail.write(me, pair, form.cleaned_data["words"], by="web")
    name = mail.partner_names(pair, me)
    told = mail.sentence(passed, name) or _("It is on its way to %(name)s.") % {"name": name}
    (messages.success if passed.why == "passed" else messages.error)(request, told)
    return redirect("pairs:my_messages")


@allow(participant)
@require_POST
def delete(request: Request, written_id: int) -> HttpResponse:
    if relay.drop(request.viewer.person_id, written_id):
        messages.success(request, _("The message is deleted."))
    return redirect("pairs:my_messages")


@allow(participant)
@require_POST
def silence(request: Request, pair_id: int) -> HttpResponse:
    """Mute, block, report, or hear again."""
    pair, me = _mine(request, pair_id), request.viewer.person_id
    how = request.POST.get("how", "")
    require(how in mail.MEANS.values())
    messages.success(request, mail.obey(me, pair, how))
    return redirect("pairs:my_messages")


@allow(role(*sorted(KEEPERS)))
@require_POST
def settle(request: Request, pair_id: int) -> HttpResponse:
    """Staff looked at a report, and the two may go on."""
    viewer = request.viewer
    require(queries.pairs_for(viewer).filter(pk=pair_id).exists())
    if relay.settle_report(viewer.person_id, f"pair:{pair_id}"):
        messages.success(request, _("The two may talk and write again."))
    return redirect("pairs:pair", pair_id)


def shown(person_id: int) -> list[dict[str, object]]:
    """What was written to this person, newest first, with the nickname of who wrote it; it counts as read from now on."""
    rows = list(messaging.written_to(person_id)[:100])
    names = known({row.author_id for row in rows})
    found = [
        {
            "id": row.pk,
            "words": row.words,
            "at": row.at,
            "name": names[row.author_id].nickname,
            "new": row.read_at is None,
        }
        for row in rows
    ]
    relay.mark_read(person_id)
    return found


def partners(person_id: int) -> list[dict[str, object]]:
    """Each pair of this person, as the page needs it to write there."""
    found = []
    for pair in queries.pairs_of(person_id):
        label = f"pair:{pair.pk}"
        how = messaging.silence_of(person_id, label)
        paused = messaging.is_paused(label)
        rests = queries.rest_of(pair, queries.partners_of(pair, person_id)) is not None
        name = mail.partner_names(pair, person_id)
        found.append({"id": pair.pk, "name": name, "silence": how, "paused": paused, "rests": rests})
    return found
