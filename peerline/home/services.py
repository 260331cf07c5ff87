"""Writes down what was made sure of before real people are invited."""

from typing import Any

from django.db import transaction

from peerline.audit import services as audit
from peerline.home.models import Proof
from peerline.kernel import clock


@transaction.atomic
def prove(by_id: int | None, what: str, **detail: Any) -> None:
    """It was made sure of just now, by this person or (None) by a command; the last time counts."""
    Proof.objects.update_or_create(what=what, defaults={"at": clock.now(), "by_id": by_id, "detail": detail})
    audit.record(by_id, "home.made_sure", object=what)
