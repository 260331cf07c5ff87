"""Peerline is started again on what a power cut left, and what was promised is looked for.

`python -m tests.reliability.judge` reads a folder a line ({"state": …, "promises": [lines of the ledger]}) and answers
with a JSON list of what is wrong. It opens the folder as the processes do: the line closes the calls that were, the
worker sweeps and works; the looking itself is plain SQL and plain files.
"""

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any


class Judge:
    """The process, and its one question."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def wrong_with(self, state: Path, promises: list[bytes]) -> list[str]:
        assert self.process.stdin and self.process.stdout
        asked = {"state": str(state), "promises": [json.loads(line) for line in b"".join(promises).splitlines()]}
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())  # type: ignore[no-any-return]

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(10)


def start_again(state: Path) -> None:
    """What the line and the worker do when they start, and the sweep without its patience."""
    from django.conf import settings
    from django.db import connection

    from peerline.exchange import services, voices
    from peerline.jobs.services import drain

    connection.close()
    settings.STATE, connection.settings_dict["NAME"] = state, str(state / "peerline.sqlite3")
    voices.drop_parts()
    services.end_lost_legs("simulated", set())
    services.purge(file_of_deleted_after=timedelta(0), stray_after=timedelta(0))
    drain()
    connection.close()


def judged(state: Path, promises: list[dict[str, Any]]) -> Iterator[str]:
    with closing(sqlite3.connect(state / "peerline.sqlite3")) as database:
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        yield f"corrupt: {verdict}"
        return
    start_again(state)
    with closing(sqlite3.connect(state / "peerline.sqlite3")) as database:
        yield from _files(database, state)
        yield from _left_over(database)
        yield from _promises(database, promises)


LEFT_OVER = {
    "leg": "exchange_leg WHERE state <> 'over'",
    "call": "exchange_call WHERE ended_at IS NULL",
    "room": "exchange_room WHERE closed_at IS NULL",
    "place in a room": "exchange_member WHERE state <> 'gone'",
    "message for nobody": "exchange_voicemessage WHERE state = 'kept' AND to_person_id IS NULL AND NOT for_staff",
    "failed job": "jobs_job WHERE state = 'failed'",
    "active pair without two people": "pairs_pair WHERE ended_at IS NULL AND id NOT IN "
    "(SELECT pair_id FROM pairs_partner WHERE active GROUP BY pair_id HAVING count(*) = 2)",
    "ended pair with active people": "pairs_pair WHERE ended_at IS NOT NULL AND id IN "
    "(SELECT pair_id FROM pairs_partner WHERE active)",
}  # fmt: skip
COUNTED = {
    "failures": "entry_failure",
    "talks": "exchange_room WHERE joined_at IS NOT NULL",
    "jobs": "jobs_job WHERE state = 'done'",
}
ONE = {
    "paired": "pairs_pair WHERE id = {}",
    "ended": "pairs_pair WHERE id = {} AND ended_at IS NOT NULL",
}


def _files(database: sqlite3.Connection, state: Path) -> Iterator[str]:
    """A row that still has a sound has its whole file; a file has such a row."""
    rows = dict(database.execute("SELECT file, state FROM exchange_voicemessage"))
    files = {path.name for path in (state / "voices").iterdir()} if (state / "voices").exists() else set()
    for file, what in rows.items():
        if what in ("new", "kept") and file not in files:
            yield f"a row without its file ({what})"
    for file in files:
        if rows.get(file) not in ("new", "kept"):
            yield f"a file without its row ({rows.get(file)})"


def _left_over(database: sqlite3.Connection) -> Iterator[str]:
    for what, where in LEFT_OVER.items():
        if count := _count(database, where):
            yield f"left over: {count} {what}"


def _count(database: sqlite3.Connection, where: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {where}").fetchone()[0])


def _promises(database: sqlite3.Connection, promises: list[dict[str, Any]]) -> Iterator[str]:
    """deleting: somebody was about to, so that message may be there or not."""
    found = Counter(_marks(database))
    going = {promise["deleting"] for promise in promises if "deleting" in promise}
    for promise in promises:
        ((what, value),) = promise.items()
        if what == "spoken" and value not in going and found[value] != 1:
            yield f"a confirmed message is there {found[value]} times"
        elif what == "deleted" and found[value]:
            yield "a deleted message is back"
        elif _is_lost(database, what, value):
            yield f"lost: {what} {value}"


def _is_lost(database: sqlite3.Connection, what: str, value: Any) -> bool:
    if what in COUNTED:
        return _count(database, COUNTED[what]) < value
    return what in ONE and _count(database, ONE[what].format(value)) != 1


def _marks(database: sqlite3.Connection) -> Iterator[str]:
    """What was spoken in each message that is kept and opens."""
    from peerline.exchange import voices

    for (file,) in database.execute("SELECT file FROM exchange_voicemessage WHERE state = 'kept'"):
        try:
            yield hashlib.sha256(b"".join(voices.sound(file))).hexdigest()
        except (OSError, voices.CannotOpen):
            yield "does not open"


if __name__ == "__main__":
    import django

    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(sorted(judged(Path(asked["state"]), asked["promises"]))), flush=True)
