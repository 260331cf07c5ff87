"""Who may hear and change what the line says: those who keep the line, wherever they work, for the line is one."""

from peerline.people.access import Viewer


def may_change_prompts(viewer: Viewer) -> bool:
    return viewer.is_platform or viewer.has("administrator", "coordinator")
