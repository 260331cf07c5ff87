"""A house on ports of its own, telephones that call it, and what they may expect to find afterwards."""

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np

from peerline.exchange import voices
from peerline.exchange.telephone.handset import free_port
from peerline.exchange.telephone.hearing import tone
from tests.reliability import town
from tests.reliability.callers import (
    LONG_WHILE,
    PARTNER,
    Callers,
    Ledger,
    Script,
    Talker,
    arrive,
    keys,
    leave_message,
    never,
    still_there,
    understood,
)
from tests.reliability.house import House
from tests.reliability.judge import LEFT_OVER
from tests.reliability.reader import Reader
from tests.reliability.surroundings import surroundings

LONG = bool(os.environ.get("PEERLINE_LONG"))
LEASE_SECONDS = 60 if LONG else 4
STUCK_SECONDS = 75 if LONG else 20  # after the last call, nothing may be under way any more
AT_ONCE, COUPLES, SEED = 10, 16, 20261124
PEACE_SECONDS = (0.5, 3.0)  # between everybody being up and the next kill
SLOW_SECONDS = 60  # as much, where callers do not keep up
WAITING = {
    **LEFT_OVER,
    "job that waits": "jobs_job WHERE state = 'waiting'",
    "effect that waits": "exchange_effect WHERE taken_at IS NULL",
}


class Evening:
    """A house, its callers, and somebody who kills."""

    def __init__(self, folder: Path, *fault: str) -> None:
        self.folder, self.chance = folder, random.Random(SEED)
        self.state = folder / "state"
        ports = {"PEERLINE_HTTP": f"127.0.0.1:{free_port()}", "PEERLINE_SIP": f"127.0.0.1:{free_port()}"}
        environment = surroundings(self.state, **ports, PEERLINE_ENGINE="embedded", PEERLINE_LOG="INFO")
        self.town = town.found(folder, environment, COUPLES, "tones")
        self.ledger = Ledger(folder / "ledger")
        self.callers = Callers(ports["PEERLINE_SIP"], self.ledger)
        self.callers.rung, self.callers.picked_up = self._rung, self._invited
        numbers = [one.number for couple in self.town.couples for one in couple]
        rows = [f"{number},sip:{number}@{self.callers.place}" for number in numbers]
        (self.state / "numbers.csv").write_text("number,address\n" + "\n".join(rows) + "\n")
        self.couple_of = {one.number: at for at, couple in enumerate(self.town.couples) for one in couple}
        self.free, self.done = list(range(COUPLES)), 0
        self.house = House(environment, folder / "log", str(LEASE_SECONDS), *fault)
        self.ends = ExitStack()
        self.ends.callback(self.house.close)
        try:
            self.house.wait_until_up()
            self.reader = Reader(ports["PEERLINE_HTTP"], self.town.visitor, self.ledger)
            self.reader.begin()
        except BaseException:
            self.close()
            raise
        self.ends.callback(self.reader.close)

    def pass_by(self, calls: int, kills: int) -> None:
        """So many calls or more, and so many kills meanwhile, each once everybody is up again; until the last call is over."""
        begun, up_since, wait = 0, time.monotonic(), self.chance.uniform(*PEACE_SECONDS)
        while self.done < begun or begun < calls or self.killed < kills:
            is_up = self.house.is_up()
            if is_up and (begun < calls or self.killed < kills) and begun - self.done < AT_ONCE:
                begun += 1
                self.callers.begin(self._called(begun))
            self.callers.live(0.06)
            if not is_up:
                up_since = time.monotonic()
            elif self.killed < kills and time.monotonic() > up_since + (wait if self._got_on() else SLOW_SECONDS):
                self.house.kill(self.chance)
                up_since, wait = time.monotonic(), self.chance.uniform(*PEACE_SECONDS)

    def _got_on(self) -> bool:
        """Whether callers keep up with the kills: where nobody ever gets anywhere, nothing can be lost."""
        return self.killed < 2 * (len(self.ledger.all("confirmed")) + 1)

    @property
    def killed(self) -> int:
        return sum(self.house.killed.values())

    def _called(self, number: int) -> Script:
        """One call by one half of a couple that is free, whatever becomes of it."""
        couple = self.free.pop(self.chance.randrange(len(self.free)))
        one, other = self.chance.sample(self.town.couples[couple], 2)
        phone = self.callers.call(one.number)
        kind = self.chance.choices(["nurse", "early", "busy", "talk"], [5, 1, 2, 2])[0]
        try:
            if (yield from arrive(phone, one.pin)):
                yield from getattr(self, f"_{kind}")(phone, other, number)
        finally:
            self.callers.leave(phone)
        self.callers.busy.discard(other.number)
        yield never, 1.0
        self.free.append(couple)
        self.done += 1

    def _nurse(self, phone: Talker, other: town.Household, number: int) -> Script:
        yield from keys(phone, "0")
        yield from leave_message(phone, self.ledger, number)

    def _early(self, phone: Talker, other: town.Household, number: int) -> Script:
        yield from keys(phone, "0")
        yield from leave_message(phone, self.ledger, number, hang_up_early=True)

    def _busy(self, phone: Talker, other: town.Household, number: int) -> Script:
        """The partner's telephone is busy; so a message, once the line offers it."""
        self.callers.busy.add(other.number)
        rung = self._ask(phone, other)
        yield from keys(phone, "1")
        if (yield rung, LONG_WHILE) and not phone.is_dead():
            yield never, 0.8
            yield from keys(phone, "1")
            yield from leave_message(phone, self.ledger, number)

    def _talk(self, phone: Talker, other: town.Household, number: int) -> Script:
        self._ask(phone, other)
        yield from keys(phone, "1")
        heard = phone.hears(PARTNER)
        if (yield from still_there(phone, heard)):
            self.ledger.note("talked", self.couple_of[other.number])
            yield never, 1.0

    def _ask(self, phone: Talker, other: town.Household) -> Any:
        """From here on the partner may be rung, once."""
        couple = self.may_ring(other)
        before = len(self.ledger.all("rung"))
        return lambda: phone.is_dead() or couple in self.ledger.all("rung")[before:]

    def may_ring(self, other: town.Household) -> int:
        """The partner was asked for, so that one ring is right; the couple."""
        couple = self.couple_of[other.number]
        self.ledger.note("asked", couple)
        return couple

    def marks_again(self, marked: int, seconds: float = 10) -> bool:
        """Does the website confirm hours again, after so many?"""
        until = time.monotonic() + seconds
        while len(self.ledger.all("marked")) <= marked and time.monotonic() < until:
            self.callers.live(0.06)
        return len(self.ledger.all("marked")) > marked

    def _rung(self, number: str) -> None:
        self.ledger.note("rung", self.couple_of[number])

    def _invited(self, phone: Talker) -> Script:
        """Whoever is rung picks up, presses 1 and speaks."""
        if (yield from still_there(phone, phone.hears_something)):
            yield from keys(phone, "1")
            phone.say(tone(PARTNER, 8))
            yield phone.is_dead, 8
        self.callers.leave(phone)

    # --- afterwards ---

    def wrong(self, patience_seconds: float = STUCK_SECONDS) -> Iterator[str]:
        yield from self._stuck(patience_seconds)
        self.close()
        yield from self.reader.wrong(self._sql)
        yield from (f"couple {couple} was rung twice" for couple in self.ledger.doubled())
        kept = Counter(self._kept())
        for number in self.ledger.all("confirmed"):
            if kept[number] != 1:
                yield f"message {number} was confirmed and is there {kept[number]} times"
        yield from (f"message {number} is there {count} times" for number, count in kept.items() if count > 1)

    def close(self) -> None:
        """The house ends whatever else fails."""
        self.ends.close()

    def _stuck(self, patience_seconds: float) -> Iterator[str]:
        """What is still under way when all of it should be over."""
        until = time.monotonic() + patience_seconds
        while (left := self._left()) and time.monotonic() < until:
            self.callers.live(0.5)
        yield from (f"stuck: {count} {what}" for what, count in left.items())

    def _left(self) -> dict[str, int]:
        found = {what: self._sql(f"SELECT count(*) FROM {where}")[0][0] for what, where in WAITING.items()}
        return {what: count for what, count in found.items() if count}

    def _sql(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.state / "peerline.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchall()

    def _kept(self) -> Iterator[int | str]:
        """The number that each kept message says; one for staff must have become one piece of work."""
        work = Counter(row[0] for row in self._sql("SELECT voice_id FROM care_voicemail"))
        query = "SELECT id, file, for_staff FROM exchange_voicemessage WHERE state = 'kept'"
        for pk, file, for_staff in self._sql(query):
            try:
                samples = np.frombuffer(b"".join(voices.sound(file)), "<i2")
            except (OSError, voices.CannotOpen):
                yield f"does not open: {file}"
                continue
            if (number := understood(samples)) is not None:
                yield number if work[pk] == for_staff else f"{number}, work {work[pk]} times"
