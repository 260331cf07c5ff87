from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "peerline.programs"

    def ready(self) -> None:
        """Links in the navigation, and the wiping of rosters nobody imported."""
        from peerline.jobs.services import every
        from peerline.people.access import KEEPERS
        from peerline.programs import rosters
        from peerline.ui import navigation

        every("programs.forget_abandoned_rosters", 3600, rosters.forget_abandoned)
        navigation.register(_("Programs"), "programs:index", shown=lambda viewer: viewer.has(*KEEPERS), order=40)
        navigation.register(_("Staff"), "programs:staff", shown=lambda viewer: viewer.has("administrator"), order=80)
        navigation.register(_("About me"), "programs:known", shown=lambda viewer: viewer.is_participant, order=70)
