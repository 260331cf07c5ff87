"""The worker's loop: regular work that is due, then jobs, then a short rest."""

import logging
import signal
import threading

from django.db import OperationalError, close_old_connections

from peerline.jobs.services import run_one, run_regular

log = logging.getLogger(__name__)


def work_until_told(stop: threading.Event | None = None, rest_seconds: float = 0.5) -> None:
    """Run until SIGTERM, Ctrl-C or `stop`. A database that is away for a while is waited for."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            run_regular()
            while not stop.is_set() and run_one():
                pass
        except OperationalError:
            log.exception("the database did not answer; the worker tries again")
        close_old_connections()
        stop.wait(rest_seconds)
