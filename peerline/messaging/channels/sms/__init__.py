"""Text messages over the carrier's REST dialect (Twilio's, which others speak too)."""

from django.conf import settings
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from peerline.messaging.channels import Letter, NeverThere, NotNow

UNREACHABLE = {21211, 21214, 21408, 21610, 21614}  # no such number, not allowed there, or it said STOP


def deliver(letter: Letter) -> str:
    """The carrier's id of the text. It has no once-only key: a death between its taking and our noting may repeat one."""
    client = Client(settings.CARRIER["account"], settings.CARRIER["token"])
    client.api.base_url = settings.CARRIER["url"]
    try:
        sent = client.messages.create(to=letter.address, from_=settings.LINE_NUMBER, body=letter.body)
    except TwilioRestException as reason:
        if reason.code in UNREACHABLE:
            raise NeverThere(f"the carrier says {reason.code}") from reason
        raise NotNow(f"the carrier says {reason.status}") from reason
    except OSError as reason:
        raise NotNow("the carrier cannot be reached") from reason
    return str(sent.sid)
