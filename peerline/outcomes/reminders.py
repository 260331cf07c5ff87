"""How people are told that questions wait: by the way they chose. No word of what the questions are about."""

from django.utils.translation import gettext as _

from peerline.kernel.dialogue import Say
from peerline.messaging import services as messaging
from peerline.messaging.rules import Text
from peerline.outcomes.models import Sheet

ASKED, AGAIN = "asked", "again"


def tell(sheet: Sheet, what: str) -> bool:
    """what: ASKED or AGAIN, each at most once a sheet. False when it was told before."""
    words = {ASKED: _asked, AGAIN: _again}[what]
    return messaging.remind(
        sheet.person_id, kind="outcomes.questions", key=_key(sheet, what), words=words, not_after=sheet.closes_at,
        program_id=sheet.program_id,
    )  # fmt: skip


def drop(sheet: Sheet) -> None:
    """The answers are in, or not wanted any more: what has not left yet does not leave."""
    for what in (ASKED, AGAIN):
        messaging.no_longer(_key(sheet, what))


def _key(sheet: Sheet, what: str) -> str:
    return f"outcomes:{sheet.pk}:{what}"


def _asked(language: str) -> Text:
    body = _("We have some questions for you. Answer them on the website, or call the line and press 4 and then 3.")
    return Text(_("Some questions for you"), body, Say("ask.new"))


def _again(language: str) -> Text:
    body = _("Some questions still wait for you. Answer them on the website, or call the line and press 4 and then 3.")
    return Text(_("Some questions for you"), body, Say("ask.still"))
