from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "peerline.messaging"

    def ready(self) -> None:
        """The worker carries messages out, reminds and wipes codes; the outbox has its place in the navigation."""
        from peerline.jobs.services import every, handles
        from peerline.messaging import access, cards, mailbox, moments, reminders, services
        from peerline.ui import moments as strands
        from peerline.ui import navigation, shelves

        handles(services.DELIVER, services.deliver, outside=True)
        services.tells(reminders.message_ended)
        every("messaging.remind", 5, reminders.tick)
        every("messaging.ask_carriers", 30, services.ask_carriers)
        every("messaging.fetch_mail", 60, mailbox.fetch)
        every("messaging.wipe_expired_codes", 60, services.wipe_expired_codes)
        shelves.put("my", cards.mine, order=80)
        shelves.put("person", cards.of_person, order=80)
        strands.tell(*moments.STRANDS)
        navigation.register(_("Outbox"), "messaging:outbox", shown=access.may_open_outbox_of_a_real_line, order=90)
        navigation.register(_("Outbox"), "messaging:outbox", shown=access.may_open_outbox, place="demo")
