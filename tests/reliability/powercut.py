"""A disk that may lose whatever was not synced: what a power cut could leave of a folder at any moment of a recording.

What a file was told since its last sync may be there or not, in any part and order; a name that came, went or changed
may or may not have done so until its folder is synced. A write may be torn at a sector. All of it is what POSIX allows,
and more than any one file system does.
"""

import random
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tests.reliability.recording import NOT_KNOWN, Deed

SECTOR_BYTES = 512
TORN = 0.25  # how many of the writes that were kept are torn
KEPT = {"nothing": 0.0, "half": 0.5, "all": 1.0}  # of what was not synced
Change = list[tuple[str, "File | None"]]


class File:
    """safe: what the disk holds for certain; waiting: what it was told since, (place in the order, offset, data)."""

    def __init__(self, safe: bytes = b"", *, is_folder: bool = False) -> None:
        self.safe, self.length, self.is_folder = bytearray(safe), len(safe), is_folder
        self.waiting: list[tuple[int, int, bytes | None]] = []

    def tell(self, order: int, offset: int, data: bytes | None) -> None:
        """data None: the file ends at offset."""
        offset = self.length if offset < 0 else offset
        self.length = offset if data is None else max(self.length, offset + len(data))
        self.waiting.append((order, offset, data))

    def sync(self, before: int) -> None:
        for order, offset, data in self.waiting:
            if order < before:
                _put(self.safe, offset, data)
        self.waiting = [told for told in self.waiting if told[0] >= before]

    def left(self, keep: float, chance: random.Random) -> bytes:
        found = bytearray(self.safe)
        for _, offset, data in self.waiting:
            if chance.random() < keep:
                _put(found, offset, _torn(data, chance) if keep < 1 else data)
        return bytes(found)


def _put(content: bytearray, offset: int, data: bytes | None) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


def _torn(data: bytes | None, chance: random.Random) -> bytes | None:
    if data is None or len(data) <= SECTOR_BYTES or chance.random() > TORN:
        return data
    return data[: SECTOR_BYTES * chance.randrange(len(data) // SECTOR_BYTES + 1)]


class Disk:
    """A folder as its programs see it (`names`), and as the disk has it for certain (`safe`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.names: dict[str, File] = {
            str(path): File(path.read_bytes()) for path in folder.rglob("*") if path.is_file()
        }
        self.safe = dict(self.names)
        self.waiting: list[tuple[int, str, Change]] = []  # (place in the order, folder, names that change)

    def take(self, deed: Deed) -> bool:
        """Do it here as well. False when it is about something else."""
        path = deed.path
        if not path.startswith(self.folder):
            return False
        assert deed.kind not in NOT_KNOWN, f"{deed.kind} on {path}: the model does not know it yet"
        if deed.kind == "sync":
            self._sync(path, deed.begun)
        elif deed.kind in ("make", "folder"):
            if path not in self.names:
                self._rename(deed.ended, [(path, File(is_folder=deed.kind == "folder"))])
        elif path in self.names:
            self._change(deed, self.names[path])
        return True

    def _change(self, deed: Deed, file: File) -> None:
        match deed.kind:
            case "write":
                file.tell(deed.ended, deed.offset, deed.data)
            case "cut":
                file.tell(deed.ended, deed.offset, None)
            case "remove":
                self._rename(deed.ended, [(deed.path, None)])
            case "link":
                self._rename(deed.ended, [(deed.to, file)])
            case "rename":
                self._rename(deed.ended, [(deed.path, None), (deed.to, file)])

    def _rename(self, order: int, change: Change) -> None:
        _name(self.names, change)
        self.waiting.append((order, str(PurePosixPath(change[-1][0]).parent), change))

    def _sync(self, path: str, before: int) -> None:
        if path in self.names:
            self.names[path].sync(before)
        for order, folder, change in self.waiting:
            if folder == path and order < before:
                _name(self.safe, change)
        self.waiting = [told for told in self.waiting if told[1] != path or told[0] >= before]

    def left(self, keep: float, chance: random.Random) -> dict[str, bytes]:
        """What a cut now leaves: name below the folder → content. keep: how much of what was not synced survives."""
        names = dict(self.safe)
        for _, _, change in self.waiting:
            if chance.random() < keep:
                _name(names, change)
        found = {path: file.left(keep, chance) for path, file in names.items() if not file.is_folder}
        return {path[len(self.folder) + 1 :]: content for path, content in found.items() if self._has_way(path, names)}

    def _has_way(self, path: str, names: dict[str, File]) -> bool:
        """Whether the folders above it are there: those that were made during the recording may be lost too."""
        made = {name for name, file in self.names.items() if file.is_folder}
        return all(str(above) in names for above in PurePosixPath(path).parents if str(above) in made)


def _name(names: dict[str, File], change: Change) -> None:
    for path, file in change:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def cuts(
    disk: Disk, deeds: list[Deed], ledger: Path, count: int, seed: int
) -> Iterator[tuple[str, dict[str, bytes], list[bytes]]]:
    """So many cuts, spread over all moments of the recording: (which, what is left, the promises made until then)."""
    chance = random.Random(seed)
    ours = [at for at, deed in enumerate(deeds) if deed.path.startswith((disk.folder, str(ledger)))]
    moments = sorted(chance.choice(ours) for _ in range(count))
    promised: list[bytes] = []
    for at, deed in enumerate(deeds):
        disk.take(deed)
        if deed.path == str(ledger) and deed.kind == "write":
            promised.append(deed.data)
        while moments and moments[0] == at:
            moments.pop(0)
            kept = chance.choice(list(KEPT))
            yield f"cut {at} of {len(deeds)}, {kept} kept", disk.left(KEPT[kept], chance), list(promised)
