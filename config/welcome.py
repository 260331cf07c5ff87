"""What `./run start` says once the website answers."""

import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import connections

from peerline.kernel.phone_numbers import for_reading


def welcome(stopping: threading.Event, say: Callable[[str], None], began: float) -> None:
    """Wait for the first page in a thread of its own, then say where everything is."""
    threading.Thread(target=_when_up, args=(stopping, say, began), daemon=True).start()


def _when_up(stopping: threading.Event, say: Callable[[str], None], began: float) -> None:
    while not stopping.is_set():
        with suppress(OSError), urllib.request.urlopen(_local_url() + "/healthz", timeout=2):  # noqa: S310 - our own address
            break
        time.sleep(0.05)
    if stopping.is_set():
        return
    seconds = time.monotonic() - began
    for line in (
        f"Peerline is open after {seconds:.1f} seconds.",
        "",
        *_where(),
        "",
        *_sign_ins(),
        "",
        *_telephone(),
        "",
        "Ctrl-C ends everything.",
    ):
        say(line)
    connections.close_all()  # a child that is forked later must not inherit them


def _local_url() -> str:
    host, port = settings.HTTP_BIND.rsplit(":", 1)
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '') else host}:{port}"  # noqa: S104


def _where() -> list[str]:
    outbox = (
        [f"  Outbox    {settings.PUBLIC_URL}/outbox/   codes and messages that would leave this machine"]
        if settings.DEMO
        else []
    )
    return [f"  Website   {settings.PUBLIC_URL}/", *outbox, f"  All data  {settings.STATE}"]


def _sign_ins() -> list[str]:
    if not settings.DEMO:
        from config.first import first_lines

        return first_lines()
    from config.demo import LAST_WEEK, is_over, sign_ins

    old = [
        f"  The {LAST_WEEK} weeks of the made-up program are over, and nobody lives on: much on the desk is overdue.",
        "  For a program in its seventh week, start in a fresh folder:  PEERLINE_STATE=./state-2 ./run start",
    ]
    return [
        "  Made-up people, to sign in as (the second factor is off for them, for real staff it never is):",
        *sign_ins(),
        *(old if is_over() else []),
    ]


def _telephone() -> list[str]:
    if settings.ENGINE == "webhook":
        return [
            f"  The telephone line is at a carrier. It asks {settings.PUBLIC_URL}/carrier/call/ when a call comes in",
            f"  and tells {settings.PUBLIC_URL}/carrier/status/ how it ended: docs/howto/connect-a-carrier.md",
        ]
    if settings.ENGINE != "embedded":
        return [f"  The telephone line runs on the engine “{settings.ENGINE}”."]
    from peerline.exchange.engines import embedded

    if sentence := embedded.available():
        return [f"  {sentence}"]
    lines = [
        f"  Telephone line  sip:line@{settings.SIP_BIND}   (people know it as {for_reading(settings.LINE_NUMBER)})",
        "  Dial it with any softphone. To be rung, give a number your softphone's address in",
        f"  {settings.NUMBERS_FILE}",
    ]
    if settings.DEMO:
        from config.demo import telephone_lines

        lines += [*telephone_lines(), "  Or see and hear a whole call now:  ./run call"]
    return lines
