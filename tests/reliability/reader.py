"""Somebody at the website all evening, who marks other hours again and again and remembers what the page said was saved."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from peerline.kernel import week
from tests.reliability.callers import Ledger
from tests.reliability.town import Visitor

TOKEN = "r" * 32  # the same in cookie and form, as a browser has it
PAUSE_SECONDS, PATIENCE_SECONDS = 0.5, 20
PAGES = ("/", "/me/")


class Reader:
    """A participant who is signed in. The hours marked are a number: the next one each time."""

    def __init__(self, place: str, visitor: Visitor, ledger: Ledger) -> None:
        self.place, self.visitor, self.ledger, self.number = place, visitor, ledger, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(2 * PATIENCE_SECONDS)

    def _live(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            self.number += 1
            self._told("GET", PAGES[self.number % len(PAGES)])
            self.ledger.note("marking", self.number)
            fields = [("blocked", hour) for hour in week.hours_in(self.number)] + [("time_zone", "America/Detroit")]
            if self._told("POST", "/me/hours/", urlencode([*fields, ("csrfmiddlewaretoken", TOKEN)])) == 302:
                self.ledger.note("marked", self.number)

    def _told(self, method: str, path: str, body: str = "") -> int:
        """The status of the answer; 0 when none came."""
        headers = {
            "Cookie": f"sessionid={self.visitor.session}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with suppress(OSError, HTTPException), closing(HTTPConnection(self.place, timeout=PATIENCE_SECONDS)) as site:
            site.request(method, path, body or None, headers)
            status = site.getresponse().status
            if status >= 500:
                self.ledger.note("broken page", status)
            return status
        return 0

    def wrong(self, sql: Callable[[str], list[Any]]) -> Iterator[str]:
        """What the page confirmed is there once; what it did not, at most once."""
        marking, marked = self.ledger.all("marking"), self.ledger.all("marked")
        person = self.visitor.person_id
        noted = sql(f"SELECT count(*) FROM audit_line WHERE verb = 'people.hours_set' AND subject_id = {person}")[0][0]
        if not len(marked) <= noted <= len(marking):
            yield f"hours were marked {noted} times, confirmed {len(marked)} times, asked for {len(marking)} times"
        kept = week.from_text(sql(f"SELECT blocked_week FROM people_person WHERE id = {person}")[0][0])
        if marked and not marked[-1] <= kept <= marking[-1]:
            yield f"hours {marked[-1]} were confirmed and {kept} are there"
        yield from (f"a page answered {status}" for status in self.ledger.all("broken page"))
