"""What a person chose: how they are reminded, and where they want no message any more."""

from collections.abc import Collection

from django.db import transaction

from peerline.audit import services as audit
from peerline.kernel import clock
from peerline.messaging import queries
from peerline.messaging.models import Closed, Ways
from peerline.messaging.rules import FALLING
from peerline.people import queries as people
from peerline.people.access import KEEPERS, Viewer, require


@transaction.atomic
def choose(actor: Viewer, *, person_id: int, first: str, also: Collection[str] = ()) -> None:
    """By the person, or by staff for them. To choose texts is to agree to them; when and by whom is on record.

    Raises ValueError for a channel there is not, NotThere.
    """
    if first not in FALLING or not set(also) <= set(FALLING):
        raise ValueError(first)
    require(actor.is_platform or people.person_for(actor, person_id) or people.person_for(actor, person_id, *KEEPERS))
    also = [one for one in FALLING if one in also and one != first]
    facts = {"first": first, "also": also, "chosen_at": clock.now(), "chosen_by_id": actor.person_id}
    Ways.objects.update_or_create(person_id=person_id, defaults=facts)
    audit.record(actor.person_id, "messaging.ways_chosen", subject_id=person_id, first=first, also=also)


def without(actor: Viewer, *, person_id: int, channel: str) -> None:
    """Not by this channel any more; by those that are left, and where none is, by letter."""
    choice = queries.choice_of(person_id)
    left = [one for one in choice.order if one != channel] or ["letter"]
    choose(actor, person_id=person_id, first=left[0], also=left[1:])


@transaction.atomic
def close(channel: str, value_hash: str, word: str) -> bool:
    """Somebody at this number or address said STOP: nothing goes there by this channel from this commit on. False when it
    was closed already."""
    if queries.is_closed(channel, value_hash):
        return False
    Closed.objects.create(channel=channel, value_hash=value_hash, word=word[:20], closed_at=clock.now())
    audit.record(None, "messaging.closed", object=f"channel:{channel}", word=word[:20])
    return True


@transaction.atomic
def reopen(channel: str, value_hash: str) -> bool:
    """They said START. False when it was open."""
    rows = Closed.objects.filter(channel=channel, value_hash=value_hash, opened_at=None)
    changed = bool(rows.update(opened_at=clock.now()))
    if changed:
        audit.record(None, "messaging.reopened", object=f"channel:{channel}")
    return changed
