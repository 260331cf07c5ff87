"""Is this number theirs? The line rings it, says for whom it calls and nothing else, and a key pressed there proves it."""

from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.exchange import services as exchange
from peerline.people import queries as people
from peerline.people import services as person_services
from peerline.people.access import PLATFORM, Viewer

DIALOGUE = "entry.check_number"
RING_SECONDS = 40


@transaction.atomic
def check_number(actor: Viewer, *, person_id: int, contact_id: int) -> int:
    """Ring a number that is not proven yet; the id of the call. Raises NotThere, exchange CannotRing."""
    point = people.unproven_number(actor, person_id, contact_id)
    organization_id = people.person_known(person_id).organization_id
    return exchange.ring(actor.person_id, person_id=person_id, dialogue=DIALOGUE, args=(point.pk,), way="check",
                         seconds=RING_SECONDS, organization_id=organization_id, number=point.value)  # fmt: skip


def answered(leg: Any, contact_id: int, theirs: bool) -> bool:
    """Somebody at the number that was rung pressed a key. True when the number is proven now.

    Nothing is proven when the number was changed or taken out while the line rang.
    """
    if contact_id not in leg.args or not people.is_number_of(contact_id, leg.person_id, leg.telephone_hash):
        return False
    if theirs:
        person_services.verify(PLATFORM, contact_id=contact_id, how="call")
    else:
        audit.record(None, "entry.number_denied", subject_id=leg.person_id, object=f"contact:{contact_id}")
    return theirs
