"""The doors the carrier of texts knocks at: each is signed, and each piece of news counts once."""

from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse

from peerline.carrier.signatures import from_carrier
from peerline.kernel.phone_numbers import BadNumber, e164
from peerline.messaging import inbox, outbox
from peerline.people.access import allow, anyone

NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>{}</Message></Response>'


@allow(anyone)
@from_carrier()
def text(request: HttpRequest) -> HttpResponse:
    """Somebody wrote a text to the line."""
    try:
        number = e164(request.POST.get("From", ""))
    except BadNumber:
        return _xml(NOTHING)  # a short code, or nobody: a robot
    incoming = inbox.Incoming("sms", request.POST.get("MessageSid", "")[:80], number, request.POST.get("Body", "")[:1600],
                              dropped=_count(request.POST.get("NumMedia", "")))  # fmt: skip
    answer = inbox.take(incoming).answer if "OptOutType" not in request.POST else inbox.quietly(incoming)
    return _xml(ANSWER.format(escape(answer)) if answer else NOTHING)


@allow(anyone)
@from_carrier()
def text_status(request: HttpRequest, message_id: int) -> HttpResponse:
    """How a text of ours does."""
    outbox.noted(
        message_id,
        request.POST.get("MessageStatus", "")[:12],
        receipt=request.POST.get("MessageSid", "")[:80],
        code=request.POST.get("ErrorCode", ""),
    )
    return HttpResponse(status=204)


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _xml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml", headers={"Cache-Control": "no-store"})
