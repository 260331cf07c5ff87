"""Cards of this room on the participant's own page, and on the staff's page of one person."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from peerline.programs.models import Enrollment
from peerline.ui.shelves import Piece


def about_me(viewer: Any, person_id: int) -> Piece | None:
    """Asks, until it was answered once, what is hard and what stands in the way. One query."""
    rows = Enrollment.objects.filter(person_id=person_id, state__in=("invited", "active"), intakes=None)
    enrollment_id = rows.order_by("began_at", "pk").values_list("pk", flat=True).first()
    if enrollment_id is None:
        return None
    there = reverse("programs:about_me", args=[enrollment_id])
    words = _("Four short questions help us find a partner with the same tasks. You may leave out any of them.")
    return Piece(_("Tell us about you"), words, there, _("Answer them"))


def timeline(viewer: Any, person_id: int) -> Piece:
    """For staff: the one page of all that happened and is to come. No query."""
    words = _("Talks, sessions, plans, questions, messages and what the staff did, in all programs, newest first.")
    return Piece(_("Timeline"), words, reverse("programs:person_timeline", args=[person_id]), _("See it"))


def my_time(viewer: Any, person_id: int) -> Piece:
    """The same in plain words, for the person. No query."""
    words = _("What you did here, and what comes next.")
    return Piece(_("My time here"), words, reverse("programs:my_time"), _("See my time"))


def who_looked(viewer: Any, person_id: int) -> Piece | None:
    """For administrators: the log's lines about this person. No query."""
    if not viewer.has("administrator"):
        return None
    words = _("Everybody who looked at this record or changed it is noted.")
    return Piece(_("Who did what"), words, f"{reverse('people:log')}?person={person_id}", _("See who"))
