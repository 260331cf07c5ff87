"""`./run backup FILE`: everything that cannot be made again, in one sealed file, while the server goes on.

A sealed tar (peerline/vault/sealed_stream.py) of the database at one instant, the voice messages that instant knows,
recordings of prompts, the numbers table, the server's secrets, and at its end a manifest with a checksum of each. The
backup's own key is made once, kept in the state folder, and told to the keeper, who puts it where the backup is not.
"""

import base64
import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from config.databases import Copy, Say, of_settings
from peerline import __version__
from peerline.kernel import clock
from peerline.vault.sealed_stream import SealedWriter

KEY_BYTES = 20
MANIFEST = "manifest.json"
BLOCK = 1 << 20


class CannotBackUp(RuntimeError):
    """A sentence says why."""


def spoken_key(key: bytes) -> str:
    """As it is written down: eight groups of four letters and digits."""
    text = base64.b32encode(key).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def read_key(text: str) -> bytes:
    """A key as somebody copied it from paper. Raises ValueError."""
    letters = "".join(text.upper().split()).replace("-", "").translate(str.maketrans("018", "OIB"))
    key = base64.b32decode(letters)
    if len(key) != KEY_BYTES:
        raise ValueError("a backup key has 32 letters and digits")
    return key


def key_of(state: Path) -> tuple[bytes, bool]:
    """(this server's backup key, whether it was made just now)."""
    if given := os.environ.get("PEERLINE_BACKUP_KEY"):
        return read_key(given), False
    path = state / "secrets" / "backup_key"
    if path.exists():
        return read_key(path.read_text()), False
    key = secrets.token_bytes(KEY_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(spoken_key(key))
    return key, True


@dataclass
class Packed:
    """What went into the file: its manifest, as it grows."""

    files: dict[str, str] = field(default_factory=dict)  # name → SHA-256
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> bytes:
        return json.dumps({"files": self.files, **self.facts}, indent=1).encode()


def back_up(target: Path, say: Say) -> Packed:
    """Write the backup to `target`, whole or not at all. Raises CannotBackUp, CannotCopy, OSError."""
    from django.conf import settings

    if target.exists():
        raise CannotBackUp(f"{target} is there already, and a backup never takes another one's place")
    scratch = settings.STATE / "scratch"
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(target.name + ".part")
    key, _made = key_of(settings.STATE)
    try:
        with _own(part) as file, of_settings(settings.DATABASES["default"]).copied(scratch, say) as copy:
            packed = _pack(file, key, copy, say)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return packed


def _own(path: Path) -> BinaryIO:
    """A new file that only its owner can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _pack(file: BinaryIO, key: bytes, copy: Copy, say: Say) -> Packed:
    packed, writer = Packed(), SealedWriter(file, key)
    with tarfile.open(fileobj=writer, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
        _add_file(tar, packed, copy.file.name, copy.file)
        gone = _add_voices(tar, packed, copy.voices, say)
        for name, content in _small_files():
            _add(tar, packed, name, io.BytesIO(content), len(content))
        packed.facts = _facts(copy, gone)
        content = packed.as_json()
        _add(tar, Packed(), MANIFEST, io.BytesIO(content), len(content))
    writer.close()
    file.flush()
    os.fsync(file.fileno())
    return packed


def _add_voices(tar: tarfile.TarFile, packed: Packed, names: list[str], say: Say) -> int:
    """Messages purged since the copy began are left out; how many were."""
    from peerline.exchange import voices

    gone = 0
    for done, name in enumerate(names, 1):
        try:
            _add_file(tar, packed, f"voices/{name}", voices.folder() / name)
        except FileNotFoundError:
            gone += 1
        if done % 500 == 0:
            say(f"  voice messages: {done} of {len(names)}")
    return gone


def _small_files() -> Iterator[tuple[str, bytes]]:
    """Recordings of prompts, the numbers table, what mode this is, and the secrets wherever they come from."""
    from django.conf import settings

    for path in sorted((settings.STATE / "prompts" / "recordings").rglob("*.wav")):
        yield str(path.relative_to(settings.STATE)), path.read_bytes()
    if settings.NUMBERS_FILE.exists():
        yield "numbers.csv", settings.NUMBERS_FILE.read_bytes()
    if (settings.STATE / "mode").exists():
        yield "mode", (settings.STATE / "mode").read_bytes()
    yield "secrets/secret_key", settings.SECRET_KEY.encode()
    yield "secrets/vault_keys", ",".join(settings.VAULT_KEYS).encode()
    yield "secrets/lookup_key", settings.LOOKUP_KEY.encode()
    yield "secrets/backup_key", spoken_key(key_of(settings.STATE)[0]).encode()


def _facts(copy: Copy, gone: int) -> dict[str, Any]:
    from django.conf import settings

    return {
        "at": clock.now().isoformat(),
        "version": __version__,
        "database": of_settings(settings.DATABASES["default"]).kind,
        "ledger": copy.ledger,
        "migrations": copy.migrations,
        "voices_purged_meanwhile": gone,
        "set_in_environment": sorted(name for name in os.environ if name.startswith("PEERLINE_")),
    }


def _add_file(tar: tarfile.TarFile, packed: Packed, name: str, path: Path) -> None:
    with path.open("rb") as file:
        _add(tar, packed, name, file, path.stat().st_size)


def _add(tar: tarfile.TarFile, packed: Packed, name: str, file: BinaryIO, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    summed = _Summed(file)
    tar.addfile(member, summed)  # type: ignore[arg-type]
    packed.files[name] = summed.digest.hexdigest()


class _Summed:
    """Reads a file and sums what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, most: int = BLOCK) -> bytes:
        data = self._file.read(most)
        self.digest.update(data)
        return data
