"""Words for what the tables keep as short names."""

from django.utils.translation import gettext_lazy as _

ROLES = {
    "participant": _("participant"),
    "coordinator": _("coordinator"),
    "nurse": _("nurse"),
    "researcher": _("researcher"),
    "administrator": _("administrator"),
}
