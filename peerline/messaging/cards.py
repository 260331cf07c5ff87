"""The card of messaging on other rooms' pages: how reminders come."""

from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.messaging import queries, words
from peerline.messaging.rules import FALLING
from peerline.people.access import Viewer
from peerline.ui.shelves import Piece


def mine(viewer: Viewer, person_id: int) -> Piece:
    return Piece(_("Reminders"), _chosen(person_id), reverse("messaging:my_ways"), _("Change how they come"))


def of_person(viewer: Viewer, person_id: int) -> Piece:
    return Piece(
        _("Reminders"), _chosen(person_id), reverse("messaging:ways", args=[person_id]), _("Change how they come")
    )


def _chosen(person_id: int) -> str:
    order = queries.choice_of(person_id).order
    return words.said_in_a_row(order[0], [one for one in FALLING if one in order[1:]])
