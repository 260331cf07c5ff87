"""A day on the line, to be recorded: real dialogues, services and worker; what each caller was promised goes to a ledger.

`python -m tests.reliability.day FOLDER CALLS SEED [FAULT]`; with 0 calls it is a server's very first message. The ledger is FOLDER/ledger, one JSON line a promise, written
by whoever was told: a caller only after the words that say so, a worker only after the commit returned. FAULT plants one.
"""

import hashlib
import json
import os
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.reliability import town


class Ledger:
    """What was promised. Kept outside the state folder, and never by the system itself."""

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.counts: dict[str, int] = {}

    def note(self, **promise: Any) -> None:
        os.write(self.handle, json.dumps(promise).encode() + b"\n")

    def one_more(self, what: str) -> None:
        """Promises that can only be counted."""
        self.counts[what] = self.counts.get(what, 0) + 1
        self.note(**{what: self.counts[what]})


class Day:
    """Callers, one after the other, each doing one of the things people do."""

    def __init__(self, folder: Path, seed: int) -> None:
        from peerline.exchange import switchboard
        from peerline.people.access import PLATFORM

        self.town, self.ledger, self.chance = town.read(folder), Ledger(folder / "ledger"), random.Random(seed)
        self.line, self.staff = _speaking(self.chance), PLATFORM
        self.line.open(switchboard.reporter("simulated"))
        self.pairs = list(self.town.pairs)
        self.messages: dict[int, list[str]] = {}  # person → what was left for them, oldest first
        self.acts: list[Callable[[], None]] = [
            self.tell_the_nurse, self.tell_the_nurse, self.tell_the_partner, self.tell_the_partner, self.hear_and_delete,
            self.forget_the_pin, self.talk, self.begin_anew, self.hang_up_while_speaking,
        ]  # fmt: skip

    def live(self, calls: int) -> None:
        for _ in range(calls):
            self.chance.choice(self.acts)()

    def _arrive(self, one: town.Household) -> Any:
        telephone = self.line.dial(one.number)
        self.line.press(telephone, one.pin)
        assert telephone.asked == "menu.main", telephone.asked
        return telephone

    def _couple(self) -> tuple[int, town.Household, town.Household]:
        index = self.chance.randrange(len(self.pairs))
        return (index, *self.chance.sample(self.town.couples[index], 2))

    def _send(self, telephone: Any) -> str:
        """Speak, listen to what the line says of it, send it. What was spoken, once the line said it is on its way."""
        self.line.press(telephone, "#")
        spoken = self.line.spoken
        self.line.press(telephone, "1")
        assert "messages.sent" in telephone.heard
        self.ledger.note(spoken=spoken)
        return spoken

    def tell_the_nurse(self) -> None:
        _, one, _ = self._couple()
        telephone = self._arrive(one)
        self.line.press(telephone, "0")
        self._send(telephone)
        self.line.hang_up(telephone)

    def tell_the_partner(self) -> None:
        _, one, other = self._couple()
        telephone = self._arrive(one)
        self.line.press(telephone, "1")
        self.line.refuse(self.line.ringing_at(other.number), "busy")
        self.line.press(telephone, "1")
        self.messages.setdefault(other.person_id, []).append(self._send(telephone))
        self.line.hang_up(telephone)

    def hang_up_while_speaking(self) -> None:
        """Nobody is told anything, so nothing is promised; but nothing half done may stay either."""
        _, one, _ = self._couple()
        telephone = self._arrive(one)
        self.line.press(telephone, "0")
        self.line.hang_up(telephone)

    def hear_and_delete(self) -> None:
        one = next((one for couple in self.town.couples for one in couple if self.messages.get(one.person_id)), None)
        if one is None:
            return self.tell_the_partner()
        telephone = self._arrive(one)
        going = self.messages[one.person_id].pop(0)
        self.ledger.note(deleting=going)
        self.line.press(telephone, "23")
        assert "messages.deleted" in telephone.heard
        self.ledger.note(deleted=going)
        self.line.hang_up(telephone)

    def forget_the_pin(self) -> None:
        """A number nobody has, and a PIN: as secret and as dear to count as a wrong one. The line closes at fifty."""
        if self.ledger.counts.get("failures", 0) > 40:
            return self.talk()
        telephone = self.line.dial("")
        self.line.press(telephone, "1")
        self.line.press(telephone, f"734555{5000 + self.chance.randrange(4999):04d}#")
        self.line.press(telephone, "904117")
        assert "arrive.no_match" in telephone.heard
        self.ledger.one_more("failures")
        self.line.hang_up(telephone)

    def talk(self) -> None:
        _, one, other = self._couple()
        caller = self._arrive(one)
        self.line.press(caller, "1")
        partner = self.line.ringing_at(other.number)
        self.line.answer(partner)
        self.line.press(partner, "1")
        self.line.hang_up(caller)
        self.line.hang_up(partner)
        self.ledger.one_more("talks")

    def begin_anew(self) -> None:
        """Staff end a pair, and make it again."""
        from peerline.pairs import services as pairs

        index, one, other = self._couple()
        pairs.end_pair(self.staff, pair_id=self.pairs[index], reason="asked")
        self.ledger.note(ended=self.pairs[index])
        people = [one.person_id, other.person_id]
        self.pairs[index] = pairs.pair_up(self.staff, program_id=self.town.program_id, people=people).pk
        self.ledger.note(paired=self.pairs[index])


def _speaking(chance: random.Random) -> Any:
    from peerline.exchange.engines.simulated import Simulated
    from peerline.exchange.voices import Recorder

    class Speaking(Simulated):
        """Every message is another one; `spoken` is the latest one's mark."""

        spoken = ""

        def speak(self, telephone: Any, seconds: float = 0, why: str = "key") -> None:
            sound, recorder = chance.randbytes(2 * chance.randrange(8_500, 20_000)), Recorder()
            self.spoken = hashlib.sha256(sound).hexdigest()
            for start in range(0, len(sound), 3200):
                recorder.write(sound[start : start + 3200])
            self._answer(telephone, {"path": str(recorder.keep()), "seconds": recorder.seconds, "why": why})

    return Speaking()


def work(ledger: Ledger) -> None:
    """A worker beside the line: its jobs, and the sweep, which here has no patience with deleted messages."""
    from django.db import OperationalError

    from peerline.exchange.services import purge
    from peerline.jobs.services import run_one

    parent = os.getppid()
    while os.getppid() == parent:
        with suppress(OperationalError):
            while run_one():
                ledger.one_more("jobs")
            purge(file_of_deleted_after=timedelta(0))


def _without_file_syncs() -> None:
    proper = os.fsync
    os.fsync = lambda handle: proper(handle) if Path(f"/proc/self/fd/{handle}").is_dir() else None  # type: ignore[assignment]


def _without_folder_syncs() -> None:
    proper = os.fsync
    os.fsync = lambda handle: None if Path(f"/proc/self/fd/{handle}").is_dir() else proper(handle)  # type: ignore[assignment]


def _normal() -> None:
    """What is often advised for WAL."""
    from django.conf import settings

    options = settings.DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")


PLANTED = {"normal": _normal, "no file syncs": _without_file_syncs, "no folder syncs": _without_folder_syncs}


def first_message(folder: Path, chance: random.Random) -> None:
    """On an empty state folder: the secrets are made, and somebody is already recorded."""
    from peerline.exchange.voices import Recorder

    sound, recorder = chance.randbytes(20_000), Recorder()
    recorder.write(sound)
    recorder.keep()
    Ledger(folder / "ledger").note(spoken=hashlib.sha256(sound).hexdigest())


if __name__ == "__main__":
    import django

    where, calls, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    if fault := sys.argv[4:5]:
        PLANTED[fault[0]]()
    django.setup()
    if not calls:
        first_message(where, random.Random(seed))
        sys.exit()
    day = Day(where, seed)
    if os.fork() == 0:
        work(day.ledger)
        sys.exit()
    day.live(calls)
