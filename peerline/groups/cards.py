"""What this room says on other rooms' pages: the next session, the training; for staff how somebody takes part."""

from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.groups import news, queries, training, words
from peerline.groups.models import Seat
from peerline.kernel import clock
from peerline.people.queries import person_known
from peerline.ui.phrases import before_dot
from peerline.ui.shelves import Piece


def my_training(viewer: Any, person_id: int) -> Piece | None:
    """Until it is done."""
    row = training.reached(person_id)
    if row is not None and row.done_at:
        return None
    action = _("Go on with the lesson") if row else _("Begin the lesson")
    said = _("A short lesson on how to listen and talk with a partner. It takes about five minutes.")
    return Piece(_("Before you talk"), said, reverse("groups:learn"), action, "play")


def my_next_session(viewer: Any, person_id: int) -> Piece | None:
    seats = queries.my_seats(person_id, clock.now())
    seats = [seat for seat in seats if seat.state != "out"]
    if not seats:
        return None
    first = seats[0]
    with timezone.override(ZoneInfo(news.zone_of(first.session, person_known(person_id)))):
        when = news.when_words(first.session.begins_at)
    said = f"{first.session.title}: {before_dot(when)}. {words.MY_SEATS[first.state]}"
    action = _("Say if you come") if first.state == "invited" else _("My sessions")
    return Piece(_("Your next group session"), said, reverse("groups:my"), action)


def of_person(viewer: Any, person_id: int) -> Piece | None:
    """For staff: came to how many, and the training."""
    came = list(Seat.objects.filter(person_id=person_id).exclude(came=None).values_list("came", flat=True))
    row = training.reached(person_id)
    said = ngettext("Came to %(came)s of %(n)s session.", "Came to %(came)s of %(n)s sessions.", len(came)) % {
        "came": sum(came),
        "n": len(came),
    }
    if row is not None and row.done_at:
        done = _("Had the training in talking with a partner, %(how)s.") % {"how": words.HOW.get(row.how, "")}
    else:
        done = _("Has not had the training in talking with a partner yet.")
    there = reverse("groups:certificate", args=[person_id])
    return Piece(_("Group sessions"), f"{said} {done}" if came else done, there, _("Print a certificate"))
