from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "peerline.home"

    def ready(self) -> None:
        from peerline.people.access import role, staff
        from peerline.ui import navigation

        navigation.register(_("Try the telephone"), "home:telephone", shown=staff, order=75)
        navigation.register(_("Going live"), "home:ready", shown=role("administrator"), order=88)
