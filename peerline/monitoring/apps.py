from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "peerline.monitoring"

    def ready(self) -> None:
        from peerline.people.access import KEEPERS, staff
        from peerline.ui import navigation

        navigation.register(_("Calls"), "monitoring:calls", shown=staff, order=30)
        navigation.register(_("On the line now"), "monitoring:live", shown=staff, order=31)
        reads_only = lambda viewer: staff(viewer) and not viewer.has(*KEEPERS)  # noqa: E731
        navigation.register(_("Figures"), "monitoring:figures", shown=reads_only, order=40)
