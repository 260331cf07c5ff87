"""The one thread in which the switchboard is asked, so that its commits never hold up the audio."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from peerline.exchange.port import Perform, Report

log = logging.getLogger("peerline.exchange.embedded")


class Desk:
    """Reports go through in the order they were made. After each, and every `seconds`, `poll` may fetch effects."""

    def __init__(self, report: Callable[[Report], Perform | None], poll: Callable[[], None] | None = None) -> None:
        self._report, self._poll = report, poll
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="switchboard")
        self._due = threading.Lock()

    async def ask(self, report: Report) -> Perform | None:
        """Hand the report over; what its leg performs next. A switchboard that fails is asked once more."""
        answer = await self._run(self._asked, report)
        self.glance()
        return answer

    def _asked(self, report: Report) -> Perform | None:
        try:
            return self._report(report)
        except Exception:
            log.exception("the switchboard failed; asking once more: %s", type(report).__name__)
        return self._report(report)

    def glance(self) -> None:
        """Let the poll run soon, unless it is already waiting to."""
        if self._poll and self._due.acquire(blocking=False):
            self._thread.submit(self._glanced)

    def _glanced(self) -> None:
        self._due.release()
        try:
            self._poll()  # type: ignore[misc]
        except Exception:
            log.exception("fetching effects failed")

    def _run(self, job: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._thread, job, *args)

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=False)
