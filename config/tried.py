"""`./run backup --try`: is a backup any good? It is made, restored into a scratch folder, opened there and compared.

That it went well is written down, and the page of what is missing before real people are invited knows it.
"""

import tempfile
import time
from pathlib import Path

from config.backup import back_up, key_of
from config.databases import Say
from config.restore import CannotRestore, look_over_elsewhere, restore


def try_backup(say: Say, source: Path | None = None) -> None:
    """Try this backup, or a fresh one that is thrown away. Raises CannotRestore, CannotBackUp, CannotCopy, OSError."""
    from django.conf import settings

    from config.databases import of_settings

    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=_scratch(), prefix="backup-") as folder:
        place = Path(folder)
        if source is None:
            source = place / "tried.backup"
            back_up(source, say)
        state = place / "state"
        state.mkdir(mode=0o700)
        with of_settings(settings.DATABASES["default"]).another(state) as database:
            say("Restoring it into a scratch folder …")
            manifest = restore(source, key_of(settings.STATE)[0], state, say, database)
            faults = look_over_elsewhere(state, database)
        if faults:
            raise CannotRestore(" ".join(faults))
        _write_down(manifest, source.stat().st_size, time.monotonic() - began)


def _scratch() -> Path:
    from django.conf import settings

    folder: Path = settings.STATE / "scratch"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _write_down(manifest: dict, size: int, seconds: float) -> None:  # type: ignore[type-arg]
    from peerline.home.services import prove

    rows = sum(count for count, _total in manifest["ledger"].values())
    prove(None, "backup", rows=rows, files=len(manifest["files"]), bytes=size, seconds=round(seconds, 1))
