"""What a running program did to its files, from strace: every write, sync, rename and removal, in the order it was done."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

STRACE = shutil.which("strace")
CALLS = (
    "openat,open,creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,"
    "link,linkat,truncate,ftruncate,fallocate,copy_file_range,sendfile,mkdir,mkdirat"
)  # fmt: skip
NOT_KNOWN = {"writev", "pwritev", "pwritev2", "truncate", "fallocate", "copy_file_range", "sendfile"}
WHOLE = re.compile(r"(\d+) +(\w+)\((.*)\) += (\d+)", re.S)
BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)", re.S)
TEXT, HANDLE = re.compile(r'"((?:\\x[0-9a-f]{2})*)"'), re.compile(r"(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>")


class Deed(NamedTuple):
    """One thing done to one file. begun, ended: places in the order of all; a sync covers what had ended when it began.

    kind: make, folder, write (data at offset; -1: at the end), cut (to `offset` bytes), sync, rename, link, remove.
    """

    kind: str
    path: str
    begun: int
    ended: int
    offset: int = 0
    data: bytes = b""
    to: str = ""


def need_strace() -> None:
    """Skips, loudly, where there is no strace; with CI set it fails."""
    if STRACE is None:
        missing = "NO STRACE here: no power was cut. Install strace."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


def record(command: Sequence[str], environment: dict[str, str], out: Path) -> list[Deed]:
    """Run it to its end; everything that it and its children did to files. Raises when it fails."""
    trace = [str(STRACE), "-f", "-y", "-xx", "-s", "4000000", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(out)]
    subprocess.run([*trace, *command], check=True, env=environment, timeout=540)
    with out.open() as lines:
        deeds = sorted(_deeds(lines), key=lambda deed: deed.ended)
    out.unlink()
    return deeds


def _deeds(lines: Iterator[str]) -> Iterator[Deed]:
    open_calls: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines):
        if found := BEGUN.match(line):
            open_calls[found[1]] = (number, found[3])
        elif (found := RESUMED.match(line)) and found[1] in open_calls:
            begun, first = open_calls.pop(found[1])
            yield from _whole(f"{found[1]} {found[2]}({first}{found[3]}", begun, number)
        else:
            yield from _whole(line, number, number)


def _whole(line: str, begun: int, ended: int) -> Iterator[Deed]:
    """Calls that failed did nothing."""
    if found := WHOLE.match(line):
        yield from _deed(found[2], found[3], int(found[4]), begun, ended)


def _deed(call: str, args: str, result: int, begun: int, ended: int) -> Iterator[Deed]:
    """The call in our words; nothing for one that changed no file."""
    texts, handles = [_plain(text) for text in TEXT.findall(args)], [_plain(text) for text in HANDLE.findall(args)]
    names = [_absolute(text.decode(errors="replace"), handles) for text in texts]
    place = handles[0].decode(errors="replace") if handles else ""
    match call:
        case "open" | "openat" | "creat":
            if "O_CREAT" in args or call == "creat":
                yield Deed("make", names[0], begun, ended)
            if "O_TRUNC" in args or call == "creat":
                yield Deed("cut", names[0], begun, ended)
        case "write":
            yield Deed("write", place, begun, ended, -1, texts[0][:result] if texts else b"")
        case "pwrite64":
            yield Deed("write", place, begun, ended, int(args.rsplit(", ", 1)[1]), texts[0][:result])
        case "ftruncate":
            yield Deed("cut", place, begun, ended, int(args.rsplit(", ", 1)[1]))
        case "fsync" | "fdatasync":
            yield Deed("sync", place, begun, ended)
        case "mkdir" | "mkdirat":
            yield Deed("folder", names[0], begun, ended)
        case "unlink" | "unlinkat":
            yield Deed("remove", names[0], begun, ended)
        case "rename" | "renameat" | "renameat2":
            yield Deed("rename", names[0], begun, ended, to=names[1])
        case "link" | "linkat":
            yield Deed("link", names[0], begun, ended, to=names[1])
        case _:
            assert call in NOT_KNOWN, call
            yield Deed(call, place or names[0], begun, ended)


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _absolute(name: str, handles: list[bytes]) -> str:
    """Relative names are taken from the first folder that the call names."""
    return name if name.startswith("/") or not handles else str(Path(handles[0].decode()) / name)
