"""Who may open the outbox."""

from django.conf import settings

from peerline.people.access import Viewer, demo_is_open


def may_open_outbox(viewer: Viewer) -> bool:
    """Coordinators and administrators; in a demonstration that only this machine can reach, whoever sits here."""
    return viewer.has("coordinator", "administrator") or demo_is_open()


def may_open_outbox_of_a_real_line(viewer: Viewer) -> bool:
    """As above, where messages truly leave; a demonstration has its link in the line that says so."""
    return not settings.DEMO and may_open_outbox(viewer)
