"""One process tree: the website, the worker and the telephone line, each a child that is started again when it dies.

On Linux the children are forked from a parent that has already loaded Peerline, so they share its memory and are up at
once. A child whose parent is gone ends too.
"""

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess

log = logging.getLogger("peerline.processes")

LINUX = sys.platform == "linux"
GRACE_SECONDS = 10
INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended
QUIET_SECONDS = 60  # after the start: the first pages and calls come first


@dataclass
class Child:
    """One child: what it does, and how often it died lately. once: it ends by itself and is not started again."""

    name: str
    work: Callable[[], None]
    once: bool = False
    process: BaseProcess | None = None
    deaths: list[float] = field(default_factory=list)
    again_at: float = 0.0


def web() -> None:
    """The website: one process, eight threads."""
    from django.conf import settings
    from gunicorn.app.base import BaseApplication

    class Website(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            values = {
                "bind": settings.HTTP_BIND, "worker_class": "gthread", "workers": 1, "threads": 8, "timeout": 60,
                "control_socket_disable": True, "worker_tmp_dir": str(_scratch()), "loglevel": "warning",
                "forwarded_allow_ips": "127.0.0.1", "proc_name": "peerline-web",
                "when_ready": deaf_to_ctrl_c, "post_worker_init": deaf_to_ctrl_c,
            }  # fmt: skip
            for name, value in values.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            from config.wsgi import application

            return application

    Website().run()


def deaf_to_ctrl_c(_: object) -> None:
    """gunicorn listens to Ctrl-C anew in each of its processes, though the parent ends the tree in order. Its way to end at
    once locks the pool of threads, and a second signal in that moment would wait for that lock for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _scratch() -> str:
    from django.conf import settings

    folder = settings.STATE / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def worker() -> None:
    """Jobs and regular work; where a carrier is the line, also what goes out to it."""
    from django.conf import settings

    from peerline.jobs.worker import work_until_told

    stop = threading.Event()
    if settings.ENGINE == "webhook":
        from peerline.exchange.engines.webhook.process import begin

        begin(stop)
    work_until_told(stop)


def line() -> None:
    from peerline.exchange.process import run_line

    run_line()


def children() -> list[Child]:
    """Those this server needs: the line only where its engine is the embedded one and has a build for the platform."""
    from django.conf import settings

    found = [Child("website", web), Child("worker", worker)]
    if settings.ENGINE == "embedded":
        from peerline.exchange.engines import embedded

        if not embedded.available():
            found.append(Child("line", line))
    return found


def compile_solver() -> None:
    """Make machine code of the matching solver when the house is quiet, so that no large cohort ever waits for it."""
    from peerline.matching.warming import warm

    if LINUX:
        os.nice(19)
    time.sleep(QUIET_SECONDS)
    warm()


def passing() -> list[Child]:
    """Those that have something to do once and end."""
    from peerline.matching.solver import jit

    return [] if jit.is_cached() else [Child("solver", compile_solver, once=True)]


class Tree:
    """Keeps its children alive until told to stop."""

    def __init__(self, wanted: list[Child]) -> None:
        self.wanted, self.stopping = wanted, threading.Event()
        self._context = multiprocessing.get_context("fork" if LINUX else "spawn")

    def run(self) -> int:
        """Start all, restart who dies, end all on Ctrl-C or SIGTERM; 0."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        gc.collect()
        gc.freeze()  # what the children share is not counted over by each of them, which would copy it
        while not self.stopping.is_set():
            for child in self.wanted:
                self._keep_alive(child)
            self.stopping.wait(0.5)
        self._end_all()
        return 0

    def _keep_alive(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None and not child.process.is_alive():
            if child.once:
                return
            log.error("the %s ended by itself (exit %s) and is started again", child.name, child.process.exitcode)
            child.deaths = [at for at in child.deaths if now - at < 60] + [now]
            child.again_at = now + min(2 ** len(child.deaths), 30) - 2
            child.process = None
        if child.process is None and now >= child.again_at:
            child.process = self._context.Process(
                target=_be, args=(child.work, os.getpid()), name=f"peerline-{child.name}"
            )
            child.process.start()

    def _end_all(self) -> None:
        alive = [child.process for child in self.wanted if child.process is not None]
        for process in alive:
            process.terminate()
        until = time.monotonic() + GRACE_SECONDS
        for process in alive:
            process.join(max(0.1, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def beside(work: Callable[[], None]) -> Callable[[], int]:
    """Do this in a process of its own, which gives back the memory it took; the answer waits for its end and gives the exit
    code. Without fork, here and now."""
    if not LINUX:
        work()
        return lambda: 0
    from django.db import connections

    connections.close_all()  # nobody shares a connection
    process = multiprocessing.get_context("fork").Process(target=_be, args=(work, os.getpid()), name="peerline-set-up")
    process.start()

    def ended() -> int:
        try:
            process.join()
        except KeyboardInterrupt:  # the child does not hear Ctrl-C, and Python would wait for its end
            process.terminate()
            process.join()
            return INTERRUPTED
        return process.exitcode or 0

    return ended


def _be(work: Callable[[], None], parent: int) -> None:
    """In the child: end with the parent, take the signals anew, and work."""
    if LINUX:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            return
    else:
        import django

        django.setup()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches everybody; the parent ends the tree in order
    work()
