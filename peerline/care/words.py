"""Words for what staff did, and for what went wrong."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "called": _("I called one or both of them"),
    "messaged": _("I left a message"),
    "hours": _("We changed their hours"),
    "new_match": _("They asked for a new partner"),
    "waiting": _("I wait a little longer"),
}
SENTENCES = {
    "no_caller": _("We do not know who left this message, so the line cannot call back."),
    "resting": _("This person takes no calls at this time of day. Try again within their calling hours."),
    "no_number": _("The line cannot ring you now: your telephone number is not checked yet, or you are on a call."),
}
