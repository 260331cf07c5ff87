"""Text messages over the carrier's REST dialect (Twilio's, which others speak too).

It has no once-only key. The address at which the carrier tells how a text does carries our own number of it, so that a text
whose answer we never noted is known by its first receipt; else it is looked for by number, words and time.
"""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from peerline.carrier.rest import Account, CarrierAway, CarrierRefused, word
from peerline.messaging import queries
from peerline.messaging.channels import Letter, NeverThere, NotNow, Unsure

SLACK = timedelta(minutes=1)  # the carrier's clock is not ours


def deliver(letter: Letter) -> str:
    """The carrier's id of the text. What it refuses by itself (no such number, they said STOP) it never takes."""
    told_at = f"{settings.PUBLIC_URL}{reverse('messaging:text_status', args=[letter.message_id])}"
    fields = {"To": letter.address, "From": settings.LINE_NUMBER, "Body": letter.body, "StatusCallback": told_at}
    try:
        return str(Account().json("POST", "Messages.json", fields)["sid"])
    except CarrierRefused as reason:
        raise NeverThere(f"the carrier says {reason.code or reason.status}") from reason
    except CarrierAway as reason:
        raise (Unsure if reason.perhaps_done else NotNow)(str(reason)) from reason
    except KeyError as reason:
        raise Unsure("the carrier gave no id") from reason


def ask(letter: Letter, receipt: str, since: datetime) -> tuple[str, str]:
    """The carrier's word for it and its id; "" for a text it does not have. NotNow while it cannot say."""
    try:
        found = _by_id(receipt) if receipt else _by_words(letter, since)
    except CarrierAway as reason:
        raise NotNow(str(reason)) from reason
    return (str(found.get("status", "")), str(found.get("sid", ""))) if found else ("", "")


def _by_id(receipt: str) -> dict[str, str] | None:
    try:
        return Account().json("GET", f"Messages/{word(receipt)}.json")
    except CarrierRefused as reason:
        if reason.status == 404:
            return None
        raise NotNow(str(reason)) from reason


def _by_words(letter: Letter, since: datetime) -> dict[str, str] | None:
    """The text with these words to this number, made since, that is no other message's."""
    asked = {"To": letter.address, "From": settings.LINE_NUMBER, "DateSent>": f"{since - timedelta(days=1):%Y-%m-%d}"}
    try:
        page = Account().json("GET", f"Messages.json?{urlencode({**asked, 'PageSize': 200})}")
    except CarrierRefused as reason:
        raise NotNow(str(reason)) from reason
    same = [one for one in page["messages"] if one["body"] == letter.body and _made(one) >= since - SLACK]
    others = queries.receipts_of_others([one["sid"] for one in same], letter.message_id)
    return next((one for one in sorted(same, key=_made) if one["sid"] not in others), None)


def _made(one: dict[str, str]) -> datetime:
    return parsedate_to_datetime(one["date_created"])
