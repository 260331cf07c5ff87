from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "peerline.messaging"

    def ready(self) -> None:
        """The worker carries messages out and wipes codes; the outbox has its place in the navigation."""
        from peerline.jobs.services import every, handles
        from peerline.messaging import access, services
        from peerline.ui import navigation

        handles(services.DELIVER, services.deliver)
        every("messaging.wipe_expired_codes", 60, services.wipe_expired_codes)
        navigation.register(_("Outbox"), "messaging:outbox", shown=access.may_open_outbox_of_a_real_line, order=90)
        navigation.register(_("Outbox"), "messaging:outbox", shown=access.may_open_outbox, place="demo")
