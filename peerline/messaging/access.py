"""Who may open the outbox."""

from peerline.people.access import Viewer, demo_is_open


def may_open_outbox(viewer: Viewer) -> bool:
    """Coordinators and administrators; in a demonstration that only this machine can reach, whoever sits here."""
    return viewer.has("coordinator", "administrator") or demo_is_open()
