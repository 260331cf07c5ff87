"""`./run restore FILE`: a backup becomes a server's state folder, whole or not at all.

1. Only into an empty state folder (and an empty PostgreSQL database); anything else is refused before a byte is read.
2. Everything is unsealed into `restoring/` inside it and compared with the manifest: checksums, the database's rows.
3. Only then is it moved to its place, the database last. Whatever goes wrong before that leaves the folder as it was.
4. `look_over` opens the result with its own secrets: audit log unbroken, sealed names open, voice messages there.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.backup import BLOCK, MANIFEST
from config.databases import CannotCopy, Postgres, Say, Sqlite, of_environment
from peerline.vault.sealed_stream import Broken, SealedReader

RESTORING = "restoring"
MAY_BE_THERE = {"pycache", RESTORING}
NAMES = re.compile(r"(peerline\.sqlite3|database\.dump|numbers\.csv|mode|manifest\.json|voices/[\w-]+|secrets/[a-z_]+"
                   r"|prompts/recordings/[a-z]{2}/[\w.-]+\.wav)")  # fmt: skip


class CannotRestore(RuntimeError):
    """A sentence says why; nothing was changed."""


def restore(
    source: Path, key: bytes, state: Path, say: Say, database: Sqlite | Postgres | None = None
) -> dict[str, Any]:
    """The manifest of what was restored. Raises CannotRestore, and then everything is as it was before."""
    database = database or of_environment(state)
    _require_empty(state, database)
    with _folder(state / RESTORING) as folder:
        try:
            manifest = unpack(source, key, folder, say)
            _check(manifest, folder, database)
            say("Everything is whole. Putting it in its place …")
            _settle(folder, state, database, manifest)
        except (Broken, CannotCopy, OSError, ValueError, KeyError, tarfile.TarError) as reason:
            raise CannotRestore(f"{source.name}: {reason}") from reason
    return manifest


def _require_empty(state: Path, database: Sqlite | Postgres) -> None:
    there = sorted(path.name for path in state.iterdir() if path.name not in MAY_BE_THERE) if state.exists() else []
    if there:
        raise CannotRestore(f"{state} is not empty ({', '.join(there[:4])} …). Give an empty folder in PEERLINE_STATE")
    if not database.is_empty():
        raise CannotRestore("the database is not empty. Give an empty one in PEERLINE_DATABASE_URL")


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """Gone afterwards, with what is still in it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, mode=0o700)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def unpack(source: Path, key: bytes, folder: Path, say: Say) -> dict[str, Any]:
    """Unseal every file into `folder` and compare it with the manifest, which is returned. Raises Broken."""
    sums: dict[str, str] = {}
    with source.open("rb") as file:
        reader = SealedReader(file, key)
        with tarfile.open(fileobj=reader, mode="r|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
            for done, member in enumerate(tar, 1):
                sums[member.name] = _take_out(tar, member, folder)
                if done % 500 == 0:
                    say(f"  {done} files")
        while reader.read(BLOCK):
            pass  # to the last part, which alone says that nothing was cut off
    manifest = json.loads((folder / MANIFEST).read_text()) if MANIFEST in sums else {"files": {}}
    if manifest["files"] != {name: total for name, total in sums.items() if name != MANIFEST}:
        raise Broken("the files in it are not those of its manifest")
    return manifest


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    """One file, for its owner only; its SHA-256."""
    content = tar.extractfile(member)
    if content is None or not NAMES.fullmatch(member.name):
        raise Broken(f"“{member.name[:60]}” does not belong into a backup")
    path, total = folder / member.name, hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := content.read(BLOCK):
            total.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return total.hexdigest()


def _check(manifest: dict[str, Any], folder: Path, database: Sqlite | Postgres) -> None:
    if manifest["database"] != database.kind:
        raise CannotCopy(f"it holds a {manifest['database']} database and this server uses {database.kind}")
    newer = [name for name in map(tuple, manifest["migrations"]) if not _is_known(*name)]
    if newer:
        raise CannotCopy(f"a newer Peerline made it (version {manifest['version']}); restore it with that one or later")
    database.check_before(folder / database.file_name, manifest["ledger"])


def _is_known(app: str, name: str) -> bool:
    """Does this Peerline have the migration? Those of libraries are theirs to know."""
    folder = Path(__file__).resolve().parent.parent / "peerline" / app / "migrations"
    return not folder.exists() or (folder / f"{name}.py").exists()


def _settle(folder: Path, state: Path, database: Sqlite | Postgres, manifest: dict[str, Any]) -> None:
    """Each to its place, the database last: without it nothing has begun."""
    (folder / MANIFEST).unlink()
    if isinstance(database, Postgres):
        database.load(folder / database.file_name, manifest["ledger"])
        (folder / database.file_name).unlink()
    for path in sorted(folder.iterdir()):
        if path.name != database.file_name:
            path.rename(state / path.name)
    if isinstance(database, Sqlite):
        database.load(folder / database.file_name, manifest["ledger"])


def look_over(say: Say = lambda sentence: None) -> list[str]:
    """What is wrong with the data of this server, a sentence each; nothing is changed."""
    from peerline.audit.services import first_broken_seal
    from peerline.exchange import queries as exchange
    from peerline.people import queries as people
    from peerline.vault.services import CannotOpen

    faults = []
    if seal := first_broken_seal():
        faults.append(f"The audit log was changed between its lines {seal.first_line} and {seal.last_line}.")
    try:
        opened = people.opened_names()
        say(f"  {opened} sealed names open with the keys of this folder")
    except CannotOpen:
        faults.append("Sealed names cannot be opened with the keys of this folder.")
    missing = exchange.voices_without_sound()
    if missing:
        faults.append(f"{missing} voice messages have no sound.")
    return faults


def look_over_elsewhere(state: Path, database: Sqlite | Postgres) -> list[str]:
    """The same in a process of its own, which knows another folder and its secrets, and nothing of ours."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PEERLINE_")}
    theirs = {**ours, **database.environment(), "PEERLINE_STATE": str(state)}
    command = [sys.executable, "-m", "peerline", "inspect"]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(command, cwd=root, env=theirs, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [*done.stdout.splitlines(), *done.stderr.splitlines()[-1:]]
