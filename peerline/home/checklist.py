"""What must be so before real people are invited. Each point looks at the server as it is and says what it saw, why it
matters and what to do, in the reader's language. A point that cannot be looked at says so and holds up no other."""

import ctypes
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.entry import queries as entry
from peerline.exchange import queries as exchange
from peerline.exchange.prompts import queries as prompts
from peerline.home.models import Proof
from peerline.jobs import queries as jobs
from peerline.kernel import clock
from peerline.kernel.languages import LANGUAGES
from peerline.kernel.phone_numbers import for_reading, is_toll_free
from peerline.messaging import queries as messaging
from peerline.people import queries as people
from peerline.people.access import Viewer
from peerline.programs import queries as programs
from peerline.ui.phrases import before_dot, clock_words, moment_words

log = logging.getLogger(__name__)

BACKUP_TRIED_WITHIN = timedelta(days=30)
LINE_SILENT_AFTER = timedelta(seconds=90)
WORKER_SILENT_AFTER = timedelta(minutes=5)
UNSYNCHRONIZED = 5  # adjtimex(2): TIME_ERROR


@dataclass(frozen=True)
class Point:
    """One line of the list. state: done, missing, unsure (only a person can tell, or it could not be looked at)."""

    label: str
    state: str
    hint: str
    href: str = ""

    @property
    def status(self) -> str:
        return {"done": _("in order"), "missing": _("missing"), "unsure": _("please look")}[self.state]

    @property
    def tone(self) -> str:
        return {"done": "ok", "missing": "stop", "unsure": "warm"}[self.state]


def points(viewer: Viewer) -> list[Point]:
    """All of them, in the order in which a server is set up."""
    looks: list[Callable[[Viewer], Iterator[Point]]] = [
        _made_up, _https, _secrets, _clock, _worker, _line, _free, _numbers, _mail, _second_factors, _prompts, _programs,
        _backup,
    ]  # fmt: skip
    return [point for look in looks for point in _safely(look, viewer)]


def _safely(look: Callable[[Viewer], Iterator[Point]], viewer: Viewer) -> list[Point]:
    try:
        return list(look(viewer))
    except Exception:
        log.exception("a point of the checklist could not be looked at: %s", look.__name__)
        name = look.__name__.strip("_").replace("_", " ")
        return [Point(name, "unsure", _("This could not be looked at. What went wrong stands in the server's log."))]


def _is(good: object) -> str:
    return "done" if good else "missing"


def _made_up(viewer: Viewer) -> Iterator[Point]:
    there = settings.DEMO or people.made_up_people("participant", "coordinator", "nurse", "administrator").exists()
    hint = (
        _("Made-up people are here, with passwords everybody knows. Start with an empty folder: ./run start --real")
        if there
        else _("Nobody made up is on this server.")
    )
    yield Point(_("No demonstration people"), _is(not there), hint)


def _https(viewer: Viewer) -> Iterator[Point]:
    url = settings.PUBLIC_URL
    host = url.split("//")[-1].split("/")[0].split(":")[0]
    outside = url.startswith("https://") and host not in ("127.0.0.1", "localhost")
    if outside and settings.SECURE_PROXY_SSL_HEADER is None:
        hint = _("The address is %(url)s, but Peerline is not told that a web server stands in front. Set "
                 "PEERLINE_BEHIND_PROXY=1.")  # fmt: skip
    elif outside:
        hint = _("People open %(url)s. What they type travels sealed.")
    else:
        hint = _("People would open %(url)s, where anybody on the way can read along. Put a web server with HTTPS in "
                 "front, and set PEERLINE_PUBLIC_URL, PEERLINE_HOSTS and PEERLINE_BEHIND_PROXY=1.")  # fmt: skip
    good = outside and settings.SECURE_PROXY_SSL_HEADER is not None
    yield Point(_("Website by HTTPS"), _is(good), hint % {"url": url})


def _secrets(viewer: Viewer) -> Iterator[Point]:
    folder = Path(settings.STATE) / "secrets"
    seen = [path for path in (folder, *folder.glob("*")) if path.exists() and path.stat().st_mode & 0o077]
    hint = (
        _("Other users of this machine can read %(path)s. Take that away: chmod -R go-rwx %(folder)s")
        % {"path": seen[0], "folder": folder}
        if seen
        else _("Only the user that runs Peerline can read its secrets.")
    )
    yield Point(_("Secrets are secret"), _is(not seen), hint)


def _clock(viewer: Viewer) -> Iterator[Point]:
    now = clock_words(clock.now())
    if not clock_is_kept():
        yield Point(
            _("Clock and time zone"),
            "unsure",
            _(
                "This machine does not know of anything that keeps its clock right. It is %(now)s here; if that is not right, "
                "switch on time synchronization (timedatectl set-ntp true)."
            )
            % {"now": now},
        )
        return
    yield Point(_("Clock and time zone"), "done", _(
        "It is %(now)s in %(zone)s. If that is not your time, set PEERLINE_TIME_ZONE."
    ) % {"now": now, "zone": settings.TIME_ZONE.replace("_", " ")})  # fmt: skip


def clock_is_kept() -> bool:
    """Does the kernel say that something keeps its clock right? True where a kernel cannot be asked."""
    if sys.platform != "linux":
        return True
    timex = ctypes.create_string_buffer(512)  # struct timex, all zero: only ask
    return int(ctypes.CDLL(None).adjtimex(timex)) != UNSYNCHRONIZED


def _worker(viewer: Viewer) -> Iterator[Point]:
    last, failed = jobs.last_turn_at(), jobs.failed()
    if last is None or clock.now() - last > WORKER_SILENT_AFTER:
        yield Point(_("Work in the background"), "missing", _("The worker does not run. ./run start runs one."))
        return
    hint = ngettext(
        "The worker runs. %(n)s piece of work failed for good; its reason stands in the server's log.",
        "The worker runs. %(n)s pieces of work failed for good; their reasons stand in the server's log.", failed,
    ) % {"n": failed} if failed else _("The worker runs, and nothing has failed.")  # fmt: skip
    yield Point(_("Work in the background"), "unsure" if failed else "done", hint)


def _line(viewer: Viewer) -> Iterator[Point]:
    at = exchange.line_seen_at()
    alive = at is not None and clock.now() - at < LINE_SILENT_AFTER
    if settings.ENGINE == "simulated":
        hint, alive = _("The line is only simulated. Set PEERLINE_ENGINE to embedded or webhook."), False
    elif settings.ENGINE == "webhook" and not settings.CARRIER["account"]:
        hint, alive = _("No account with a telephone carrier is set (PEERLINE_CARRIER_ACCOUNT)."), False
    elif alive:
        hint = _("The line is up. People know it as %(number)s.") % {"number": for_reading(settings.LINE_NUMBER)}
    else:
        hint = _("The line is not up. ./run start runs it, and the log says why it could not.")
    yield Point(_("Telephone line"), _is(alive), hint, reverse("monitoring:live"))


def _free(viewer: Viewer) -> Iterator[Point]:
    free = is_toll_free(settings.LINE_NUMBER)
    hint = (
        _("%(number)s is toll-free: the clinic pays for the calls, and people are told so.")
        if free
        else _("People may have to pay for calls to %(number)s. Order a toll-free number and set PEERLINE_LINE_NUMBER.")
    )
    state = "done" if free else "unsure"
    yield Point(_("Calls cost people nothing"), state, hint % {"number": for_reading(settings.LINE_NUMBER)})


def _numbers(viewer: Viewer) -> Iterator[Point]:
    if settings.ENGINE == "webhook":
        return
    routes, wrong = exchange.numbers_routed(settings.NUMBERS_FILE)
    if wrong:
        hint = _("The table of numbers cannot be read: %(wrong)s") % {"wrong": wrong}
    elif routes:
        hint = ngettext("%(n)s line of the table says where numbers are reached.",
                        "%(n)s lines of the table say where numbers are reached.", routes) % {"n": routes}  # fmt: skip
    else:
        hint = _("Nobody can be rung yet: %(path)s says for no number where it is reached.") % {
            "path": settings.NUMBERS_FILE
        }
    yield Point(_("Telephone carrier"), _is(routes and not wrong), hint)


def _mail(viewer: Viewer) -> Iterator[Point]:
    label, last = _("E-mail"), messaging.latest("home.test_mail")
    if messaging.channel_in_use("email") == "onscreen":
        yield Point(
            label, "missing", _("No mail leaves this server. Set PEERLINE_MAIL_URL, then send yourself a test mail.")
        )
    elif last is None or last.state == "waiting":
        yield Point(label, "missing", _("A mail server is set. Send yourself a test mail below and see that it comes."))
    elif last.state == "failed":
        yield Point(label, "missing", _("The test mail failed: %(why)s.") % {"why": last.problem})
    else:
        yield Point(label, "done", _("A test mail went out: %(when)s. Codes and links for staff go this way.") % {
            "when": before_dot(moment_words(last.sent_at or last.made_at, clock.now()))})  # fmt: skip


def _second_factors(viewer: Viewer) -> Iterator[Point]:
    without = entry.staff_without_second_factor(viewer)
    hint = (
        _("These have no passkey and no app yet: %(names)s. Until then nothing opens for them.")
        % {"names": ", ".join(without)}
        if without
        else _("All of the staff have a passkey or an app.")
    )
    yield Point(_("Second factors of the staff"), _is(not without), hint, reverse("programs:staff"))


def _prompts(viewer: Viewer) -> Iterator[Point]:
    proofs = {proof.what: proof for proof in Proof.objects.filter(what__startswith="prompts:")}
    for code, name in LANGUAGES.items():
        proof = proofs.get(f"prompts:{code}")
        if proof is None:
            state, hint = "missing", _("Nobody has listened to all that the line says in this language.")
        elif proof.detail.get("mark") != prompts.mark_of_all(code):
            state, hint = "missing", _("Words or recordings have changed since somebody listened to them.")
        else:
            state = "done"
            hint = _("Somebody listened to all of it: %(when)s.") % {
                "when": before_dot(moment_words(proof.at, clock.now()))
            }
        label = _("What the line says: %(language)s") % {"language": name}
        yield Point(label, state, hint, reverse("prompts:shelf", args=[code]))


def _programs(viewer: Viewer) -> Iterator[Point]:
    mine = list(programs.programs(viewer, "administrator"))
    if not mine:
        yield Point(
            _("A program"), "missing", _("There is no program yet. People join a program."), reverse("programs:add")
        )
    for program in mine:
        written = programs.consent_version(program.pk) > 0
        hint = _("The text is written.") if written else _("Nobody can agree to take part before this is written.")
        yield Point(_("What people agree to: %(program)s") % {"program": program.name}, _is(written), hint,
                    reverse("programs:consent_text", args=[program.pk]))  # fmt: skip
        hours = programs.staff_hours(program.pk)
        hint = _("Callers hear when somebody will listen.") if hours else _(
            "Say when somebody listens to voicemail: callers are told before they leave a message.")  # fmt: skip
        yield Point(_("When somebody listens: %(program)s") % {"program": program.name}, _is(hours), hint,
                    reverse("programs:staff_hours", args=[program.pk]))  # fmt: skip


def _backup(viewer: Viewer) -> Iterator[Point]:
    proof = Proof.objects.filter(what="backup").first()
    if proof is None:
        hint = _(
            "No backup was ever tried. ./run backup --try makes one, restores it into a scratch folder and compares."
        )
    else:
        hint = _("A backup was last restored and compared: %(when)s. Let cron run ./run backup each night and --try each week."
        ) % {"when": before_dot(moment_words(proof.at, clock.now()))}  # fmt: skip
    lately = proof is not None and clock.now() - proof.at < BACKUP_TRIED_WITHIN
    yield Point(_("A backup that was tried"), _is(lately), hint)
