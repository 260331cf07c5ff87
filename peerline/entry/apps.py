from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntryConfig(AppConfig):
    name = "peerline.entry"

    def ready(self) -> None:
        """The guard of the second factor, the jobs that send codes and links, sign in and sign out at the top."""
        from peerline.entry import access, codes, invitations
        from peerline.jobs.services import every, handles
        from peerline.ui import navigation

        access.stand_guard()
        handles(codes.SEND, codes.send_code)
        handles(invitations.FORGOT, invitations.send_forgotten)
        every("entry.forget_old_codes", 3600, codes.forget_old)
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
