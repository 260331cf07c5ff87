"""What staff are told by e-mail at once: somebody guesses PINs; a voicemail waits for whoever stands in.

Each is told once however often the news comes, for the key of a message is of the news and the person.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.entry import queries as entry
from peerline.kernel import clock
from peerline.messaging import services as messaging
from peerline.people import queries as people
from peerline.ui.phrases import before_dot, sentence_moment

ALARMED = ("administrator", "coordinator")


def line_under_attack(failures: int, alarm_id: int) -> None:
    """Listener of LineUnderAttack, which may come twice. Those who look after the line learn what goes on and what to do."""
    for person_id in people.holders(*ALARMED):
        with translation.override(people.person_known(person_id).language):
            _tell(
                person_id,
                "care.line_attack",
                f"{alarm_id}",
                _("Somebody is guessing PINs on the line"),
                _attack_words(),
            )


def _attack_words() -> str:
    until = entry.line_closed_until(clock.now())
    when = before_dot(sentence_moment(until, clock.now())) if until else ""
    return _(
        "So many wrong PINs came from unknown telephones that the line takes no more of them until %(when)s. They can leave "
        "a message. Whoever calls from a telephone we know notices nothing.\n\nLook at the calls: %(calls)s\n\nIf somebody "
        "calls from a new telephone now, let the line ring them. If it goes on, ask your telephone carrier to block the caller."
    ) % {"when": when, "calls": settings.PUBLIC_URL + reverse("monitoring:calls")}


def voicemail_waits(person_id: int, voicemail_id: int) -> None:
    """For whoever stands in: they may not look at the desk every day."""
    with translation.override(people.person_known(person_id).language):
        words = _("You stand in for your colleagues, and a voicemail waits for you: %(there)s") % {
            "there": settings.PUBLIC_URL + reverse("care:message", args=[voicemail_id])
        }
        _tell(person_id, "care.voicemail_waits", f"{voicemail_id}", _("A voicemail waits for you"), words)


def _tell(person_id: int, kind: str, news: str, subject: str, body: str) -> None:
    messaging.send(
        to_person=person_id, channel="email", kind=kind, key=f"{kind}:{news}:{person_id}", subject=subject, body=body
    )  # fmt: skip
