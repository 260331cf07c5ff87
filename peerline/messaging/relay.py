"""What one partner writes to the other, by text, mail or the website, without either learning who the other is.

Messaging does not know who belongs to whom: the room above says so and calls pass_on. label is its word for the two.
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from peerline.audit import services as audit
from peerline.jobs.services import announce
from peerline.kernel import clock
from peerline.kernel.events import NeedsStaff, WordsPassedOn
from peerline.messaging import outbox, queries, rules
from peerline.messaging.anonymous import cleaned
from peerline.messaging.models import Silence, Thread, Written
from peerline.messaging.replies import MARKER
from peerline.people import queries as people
from peerline.people.queries import Known

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
MOST_A_DAY = 40  # of one person: nobody's telephone rings all night because somebody's cat sleeps on theirs
HOW = ("mute", "block", "report")


@dataclass(frozen=True)
class Passed:
    """What became of words. why: passed, empty, blocked, paused, too_many, no_way (the other reads nothing written)."""

    why: str
    left_out: frozenset[str] = frozenset()
    waits: bool = False  # all of them rest, and get it when they are back


def thread_of(person_id: int, label: str) -> str:
    """The token by which this person writes to the other side of `label`; the same each time."""
    defaults = {"token": "".join(secrets.choice(LETTERS) for _one in range(20)), "made_at": clock.now()}
    return Thread.objects.get_or_create(person_id=person_id, label=label, defaults=defaults)[0].token


@transaction.atomic
def pass_on(
    author_id: int, to_people: Iterable[int], label: str, words: str, *, by: str, resting: Collection[int] = ()
) -> Passed:
    """These words to the others of `label`, cleaned of what would tell who wrote them.

    Those of them who are `resting` are sent them when they are back (bring). Who muted them finds them on the website only; who blocked or reported gets nothing. Announces WordsPassedOn.
    """
    clean = cleaned(words, people.names_of(author_id))
    if not clean.text.replace("[…]", "").strip(" .,!?"):
        return Passed("empty", clean.left_out)
    if queries.is_paused(label):
        return Passed("paused")
    today = list(queries.written_today(author_id))
    if len(today) >= MOST_A_DAY:
        return Passed("too_many")
    if any(one.label == label and one.words == clean.text for one in today):
        return Passed("passed")  # a robot that answers a robot says the same again and again
    willing = [one for one in to_people if queries.silence_of(one, label) != "block"]
    reached = [one for one in willing if _deliver(author_id, one, label, clean.text, by=by, kept=one in resting)]
    if not willing:
        return Passed("blocked", clean.left_out)
    return Passed("passed" if reached else "no_way", clean.left_out, bool(reached) and set(reached) <= set(resting))


def _deliver(author_id: int, to_person: int, label: str, words: str, **how: Any) -> bool:
    """One row, and a message on a channel they read; False where they read nothing that is written."""
    channel = queries.reads_by(to_person)
    if channel is None:
        return False
    row = Written.objects.create(
        label=label, author_id=author_id, to_person_id=to_person, words=words, at=clock.now(), **how
    )
    announce(WordsPassedOn(row.pk, label, author_id))
    if not row.kept:
        _bring(row, channel)
    return True


def _bring(row: Written, channel: str | None) -> None:
    """Where they read it, unless that is the website, or they want none of it."""
    if channel and channel != "web" and not queries.silence_of(row.to_person_id, row.label):
        everybody = people.known([row.author_id, row.to_person_id])
        _send(row, everybody[row.author_id], everybody[row.to_person_id], channel, row.words)


@transaction.atomic
def bring(person_id: int, label: str) -> int:
    """This person is back: what was written meanwhile, and not read or deleted, is sent to them; how much that was."""
    rows = Written.objects.select_for_update().filter(to_person_id=person_id, label=label, kept=True)
    channel = queries.reads_by(person_id)
    unread = list(rows.filter(read_at=None, deleted_at=None).order_by("pk"))
    for row in unread:
        _bring(row, channel)
    rows.update(kept=False)
    return len(unread)


def _send(row: Written, author: Known, to: Known, channel: str, words: str) -> None:
    token = thread_of(to.person_id, row.label)
    with translation.override(to.language):
        outbox.send(
            to_person=to.person_id, channel=channel, kind="messaging.written", key=f"written:{row.pk}",
            subject=_("A message from %(name)s") % {"name": author.nickname} if channel == "email" else "",
            body=_mail(author.nickname, words) if channel == "email" else _text(author.nickname, words),
            answers_to=token if channel == "email" else "",
        )  # fmt: skip


def _mail(name: str, words: str) -> str:
    foot = _("Your answer goes to %(name)s by the line. Neither of you sees the other's address.") % {"name": name}
    ends = _("To get no more of these, answer with the word MUTE or STOP. If something is wrong, answer REPORT.")
    said = _("%(name)s writes:") % {"name": name}
    return f"{MARKER}\n\n{said}\n\n{words}\n\n--\n{foot}\n{ends}\n"


def _text(name: str, words: str) -> str:
    """A text lights up on a locked telephone: one that tells an illness, or is long, is fetched from the website."""
    whole = f"{name}: {words}"
    if len(whole) <= rules.SMS_LETTERS and not rules.TELLING.search(whole):
        return whole
    return _("%(name)s wrote to you. Read it here: %(there)s") % {"name": name, "there": settings.PUBLIC_URL}


# --- Silence -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def silence(person_id: int, label: str, how: str, *, program_id: int | None = None) -> bool:
    """Mute, block or report the other side of `label`. A report pauses all that is written between them, and the staff
    must look. A harsher word takes the place of a milder one; False when nothing changed."""
    if how not in HOW:
        raise ValueError(how)
    row = Silence.objects.select_for_update().filter(person_id=person_id, label=label, ended_at=None).first()
    if row is not None and HOW.index(row.how) >= HOW.index(how):
        return False
    now = clock.now()
    if row is not None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    row = Silence.objects.create(person_id=person_id, label=label, how=how, at=now)
    audit.record(person_id, f"messaging.{how}", object=label)
    if how == "report":
        facts = {"label": label}
        announce(NeedsStaff("messaging.reported", f"messaging.reported:{row.pk}", program_id, person_id, "E1", facts))
    return True


@transaction.atomic
def end_silence(person_id: int, label: str) -> bool:
    """They want to hear again. A report is ended by staff (settle_report). False when there was no silence."""
    rows = Silence.objects.filter(person_id=person_id, label=label, ended_at=None).exclude(how="report")
    ended = bool(rows.update(ended_at=clock.now()))
    if ended:
        audit.record(person_id, "messaging.unmute", object=label)
    return ended


@transaction.atomic
def settle_report(actor_id: int | None, label: str) -> int:
    """Staff looked, and the two may write again; the room above asks whether the actor may. How many reports ended."""
    ended = Silence.objects.filter(label=label, how="report", ended_at=None).update(ended_at=clock.now())
    if ended:
        audit.record(actor_id, "messaging.report_settled", object=label)
    return ended


# --- Reading -------------------------------------------------------------------------------------------------------------


def mark_read(person_id: int) -> None:
    """The person looked at what was written to them."""
    Written.objects.filter(to_person_id=person_id, read_at=None).update(read_at=clock.now())


def drop(person_id: int, written_id: int) -> bool:
    """The reader deletes it: its words go, that it was there stays."""
    mine = Written.objects.filter(pk=written_id, to_person_id=person_id, deleted_at=None)
    return bool(mine.update(deleted_at=clock.now(), words=""))
