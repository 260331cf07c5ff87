from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntryConfig(AppConfig):
    name = "peerline.entry"

    def ready(self) -> None:
        """The guard of the second factor, the jobs that send codes and links, sign in and sign out at the top."""
        from peerline.entry import access, codes, invitations, moments, spoken
        from peerline.jobs.services import every, handles
        from peerline.messaging.services import carries
        from peerline.people.doors import number_acts
        from peerline.ui import moments as strands
        from peerline.ui import navigation

        access.stand_guard()
        handles(codes.SEND, codes.send_code)
        handles(invitations.FORGOT, invitations.send_forgotten)
        every("entry.forget_old_codes", 3600, codes.forget_old)
        every("entry.wipe_spoken", 60, spoken.wipe)
        carries("voice", spoken.carry)
        strands.tell(*moments.STRANDS)
        number_acts.append((_("Let the line check it"), "entry:check_number"))
        place = {"place": "account"}
        navigation.register(_("Sign in"), "entry:sign_in", shown=lambda viewer: viewer.person_id is None, **place)
        navigation.register(_("My keys"), "mfa_index", shown=lambda viewer: viewer.is_staff, order=60, **place)
        navigation.register(
            _("Sign out"),
            "entry:sign_out",
            shown=lambda viewer: viewer.person_id is not None,
            order=90,
            post=True,
            **place,
        )
