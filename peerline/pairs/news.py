"""Telling people that they have a partner: each in their own channel and language, with the nickname and nothing else."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.kernel import clock
from peerline.kernel.phone_numbers import for_reading
from peerline.messaging import services as messaging
from peerline.messaging.rules import next_welcome
from peerline.pairs import queries
from peerline.people import queries as people
from peerline.people.queries import Known, known


def tell_partners(pair_id: int) -> None:
    """Listener of PairBegan, which may come twice: whoever was told is not told again."""
    members = queries.members_of([pair_id]).get(pair_id, [])
    everybody = known(members)
    for person_id in members:
        others = [everybody[other].nickname for other in members if other != person_id]
        _tell(pair_id, everybody[person_id], " & ".join(others))


def _tell(pair_id: int, person: Known, partner: str) -> None:
    with translation.override(person.language):
        messaging.send(
            to_person=person.person_id,
            channel=channel_of(person),
            kind="pairs.began",
            key=f"pairs.began:{pair_id}:{person.person_id}",
            subject=_("Somebody to talk with"),
            body=_(
                "You have a partner now: %(name)s. Call %(line)s, enter your PIN and press 1, and you are put through. "
                "Neither of you sees the other's number. You can stop at any time."
            )
            % {"name": partner, "line": for_reading(settings.LINE_NUMBER)},
        )


def channel_of(person: Known) -> str:
    """E-mail where there is a proven address, a text to a mobile telephone that may ever ring, else a letter that staff print."""
    if people.email_of(person.person_id):
        return "email"
    number = people.number_to_dial(person.person_id)
    mobile = number and people.is_mobile(people.number_hash(number))
    return "sms" if mobile and next_welcome("sms", person.blocked, clock.now(), person.time_zone) else "letter"
