"""The embedded engine: SIP and audio in Peerline's own process, with nothing else installed.

A *line* (line.py) is the SIP end: it answers, dials and says how a call ended. A *leg* (leg.py) is one call's audio and
keys. The *pump* (pump.py) carries audio every 20 ms: words to a leg, a leg to its tape, legs to each other through a
*room* (room.py). steps.py performs one step on one leg; lives.py leads each leg from step to step; engine.py is the
port. The *desk* (desk.py) is the one thread in which the switchboard is asked, so that a commit never holds up the audio.

Invariants: one leg's fault never reaches another; every leg that was reported is reported Hung exactly once; nothing of
one party's (number, name, address) is put into what the other's telephone receives.

PCMU only, RFC 4733 keys, SIP over UDP or TCP on loopback or a private link: the bundled TLS is too old to be used.
"""

import signal
import tempfile
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peerline.exchange.engines.embedded.tape import Sink
    from peerline.exchange.port import Engine, Perform, Report
    from peerline.kernel.dialogue import Spoken

ADVICE = (
    "The built-in telephone line has no build for this computer (it needs 64-bit Linux); set PEERLINE_ENGINE=webhook "
    "to use a telephone carrier, or PEERLINE_ENGINE=simulated to try Peerline without telephones."
)


class LineDied(RuntimeError):
    """The SIP stack ended by itself; only a new process brings the line back."""


def available() -> str:
    """ "" where the engine can run; otherwise one sentence on what to do."""
    return "" if find_spec("baresip") else ADVICE


def run(
    report: "Callable[[Report], Perform | None]",
    audio_for: "Callable[[Spoken], Path | bytes]",
    sink: "Sink",
    poll: "Callable[[Engine], None]",
) -> None:
    """Be the telephone line until SIGTERM or Ctrl-C, with what the settings say. Blocks.

    report and poll are called in one and the same thread, never at once: poll(engine) after every report and ten times
    a second, to carry out effects that waited. audio_for and sink are called in other threads, several at once.
    Raises CannotListen (a sentence for the server's keeper) or LineDied.
    """
    from django.conf import settings

    from peerline.exchange.engines.embedded.engine import EmbeddedEngine
    from peerline.exchange.engines.numbers import Numbers

    _keep_scratch_in(settings.STATE / "scratch")
    engine = EmbeddedEngine(
        audio_for=audio_for,
        sink=sink,
        numbers=Numbers(settings.NUMBERS_FILE, settings.LINE_NUMBER),
        bind=settings.SIP_BIND,
        line_number=settings.LINE_NUMBER,
        poll=lambda: poll(engine),
    )
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    engine.open(report)
    while not stop.wait(0.5) and not engine.dead.is_set():
        continue
    engine.close()
    if engine.dead.is_set():
        raise LineDied("the SIP stack ended by itself")


def _keep_scratch_in(folder: Path) -> None:
    """The stack wants a folder for itself; nothing of Peerline's is written outside the state folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    tempfile.tempdir = str(folder)
