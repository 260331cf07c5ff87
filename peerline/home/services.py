"""Writes down what was made sure of before real people are invited."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.audit import services as audit
from peerline.exchange.prompts import queries as prompts
from peerline.home.models import Proof
from peerline.kernel import clock
from peerline.messaging import services as messaging
from peerline.people import queries as people
from peerline.people.access import Viewer, require


@transaction.atomic
def prove(by_id: int | None, what: str, **detail: Any) -> None:
    """It was made sure of just now, by this person or (None) by a command; the last time counts."""
    Proof.objects.update_or_create(what=what, defaults={"at": clock.now(), "by_id": by_id, "detail": detail})
    audit.record(by_id, "home.made_sure", object=what)


def heard_all(actor: Viewer, language: str) -> None:
    """This person listened to everything the line says in a language; it holds until a word or recording changes."""
    require(actor.has("administrator"))
    prove(actor.person_id, f"prompts:{language}", mark=prompts.mark_of_all(language))


def send_test_mail(actor: Viewer) -> bool:
    """A mail to the administrator themself, by the way codes and links go. False where they have no address."""
    require(actor.has("administrator") and actor.person_id)
    assert actor.person_id is not None
    with translation.override(people.person_known(actor.person_id).language):
        return messaging.send(
            to_person=actor.person_id,
            channel="email",
            kind="home.test_mail",
            key=f"home.test_mail:{actor.person_id}:{clock.now():%Y%m%d%H%M%S}",
            subject=_("A test mail from Peerline"),
            body=_("This mail came all the way. Codes and links for your colleagues will, too."),
        )
