"""Words for what the tables keep as short names."""

from django.utils.translation import gettext_lazy as _

CHANNELS = {"sms": _("Text message"), "email": _("E-mail"), "voice": _("Spoken by telephone"), "letter": _("Letter")}
STATES = {"waiting": _("waiting"), "sent": _("sent"), "failed": _("failed"), "expired": _("too late")}
TONES = {"waiting": "calm", "sent": "ok", "failed": "stop", "expired": "warm"}
