"""Set-up of a state folder: tables, catalogues, static files, and on a fresh one the demonstration. Idempotent.

Each part is done again only when what it is made from has changed, so that a second start takes a second or two.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from config.doorway import Progress


def _digest(paths: Iterable[Path]) -> str:
    """Changes when a file comes, goes, grows or is touched."""
    sums = hashlib.sha256()
    for path in sorted(paths):
        stat = path.stat()
        sums.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return sums.hexdigest()


def _files(*patterns: str) -> list[Path]:
    return [path for pattern in patterns for path in settings.ROOT.glob(pattern) if path.is_file()]


class SetUp:
    """What was last set up from what, kept in the state folder."""

    def __init__(self) -> None:
        settings.STATE.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = settings.STATE / "set-up.json"
        self._done: dict[str, str] = {}
        with suppress(OSError, ValueError):
            self._done = json.loads(self._file.read_text())

    def run(self, say: Callable[[str], None]) -> None:
        """All parts in order; `say` hears a line before each that takes time."""
        tables = _digest(_files("peerline/*/migrations/*.py")) + str(settings.DATABASES["default"]["NAME"])
        self._part("tables", tables, "Making the tables", lambda: call_command("migrate", verbosity=0), say)
        words = _digest(_files("peerline/**/*.po", "locale/**/*.po"))
        self._part("words", words, "Preparing the languages", lambda: call_command("compile_catalogues"), say)
        looks = _digest(_files("static/**/*", "peerline/*/static/**/*"))
        self._part("looks", looks, "Preparing the pages", _collect_static, say)

    def speak(self, progress: Progress) -> None:
        """The last part, which takes longest and needs nothing but the tables: it may go on beside other work."""
        voices = _digest(_files("peerline/exchange/prompts/*.toml", "peerline/exchange/prompts/*.py"))
        self._part(
            "voices", voices, "Speaking all prompts once, in English and Spanish", lambda: _warm(progress), progress.say
        )

    def _part(
        self, name: str, digest: str, sentence: str, work: Callable[[], object], say: Callable[[str], None]
    ) -> None:
        if self._done.get(name) == digest:
            return
        say(f"{sentence} …")
        work()
        self._done[name] = digest
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self._done))
        fresh.rename(self._file)


def _warm(progress: Progress) -> None:
    """Nobody who calls waits for a voice that is still being made."""
    from peerline.exchange.prompts import services as prompts

    def far(done: int, total: int) -> None:
        if done % 60 == 0 or done == total:
            progress.far("voices", done, total)

    if sentence := prompts.warm(far):
        progress.say(f"  {sentence}")


def _collect_static() -> None:
    call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
