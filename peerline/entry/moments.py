"""What this room tells of one person's time: that they were invited, and that they answered."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from peerline.entry.models import Invitation
from peerline.ui.moments import Reader, Strand, Told


def _invitations(reader: Reader) -> QuerySet[Any]:
    return Invitation.objects.filter(person=reader.person_id, purpose="join")


STRANDS = (
    Strand("entry.invited", _invitations, "made_at", lambda row, reader: Told(_("An invitation to take part"))),
    Strand("entry.answered", _invitations, "used_at", lambda row, reader: Told(_("The invitation answered"))),
)
