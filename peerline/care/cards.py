"""Cards of the desk on the staff's page of one person: what waits about them, and who looks after them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.care import desk, notes
from peerline.care.models import Panel
from peerline.people.access import CARE, KEEPERS, Viewer
from peerline.ui.shelves import Piece


def of_person(viewer: Viewer, person_id: int) -> Piece | None:
    """ "2 things wait. The first: …" One query."""
    if not viewer.has(*KEEPERS):
        return None
    count = desk.needs(viewer).filter(desk.about(person_id), closed_at=None).count()
    words = ngettext("%(n)s thing waits about this person.", "%(n)s things wait about this person.", count) % {
        "n": count
    }
    return Piece(
        _("On the desk"), words if count else _("Nothing waits about this person."),
        f"{reverse('care:desk')}?person={person_id}" if count else "", _("See what waits") if count else "",
    )  # fmt: skip


def task(viewer: Viewer, person_id: int) -> Piece | None:
    """A task of one's own about them. One query."""
    if not viewer.has(*CARE):
        return None
    count = desk.needs(viewer).filter(kind="care.task", person=person_id, closed_at=None).count()
    words = ngettext("%(n)s task is set for a day.", "%(n)s tasks are set for a day.", count) % {"n": count}
    said = words if count else _("Let this person come back to your list on a day you choose.")
    return Piece(_("Remind me about this person"), said, reverse("care:task", args=[person_id]), _("Choose a day"))


def panel(viewer: Viewer, person_id: int) -> Piece | None:
    """Who looks after them. One query."""
    if not viewer.has(*KEEPERS):
        return None
    row = Panel.objects.filter(person=person_id).select_related("staff").order_by("pk").first()
    words = (
        _("%(name)s looks after this person.") % {"name": row.staff.nickname} if row else _("Nobody in particular yet.")
    )
    return Piece(_("Whose panel"), words, reverse("care:panel", args=[person_id]), _("Change"))


def notes_of(viewer: Viewer, person_id: int) -> Piece | None:
    """What was written down about them. One query."""
    if not viewer.has(*CARE):
        return None
    count, unread = notes.counts(viewer, person_id)
    said = ngettext("%(n)s note.", "%(n)s notes.", count) % {"n": count} if count else _("No notes yet.")
    waits = ngettext("A colleague has still to read %(n)s.", "A colleague has still to read %(n)s.", unread)
    words = f"{said} {waits % {'n': unread}}" if unread else said
    return Piece(_("Notes"), words, reverse("care:notes", args=[person_id]), _("Read and write"))
