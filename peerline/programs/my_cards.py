"""Cards of this room on the participant's own page."""

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
