"""The commands `backup`, `restore` and `inspect`."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from config.backup import CannotBackUp, back_up, key_of, read_key, spoken_key
from config.databases import CannotCopy, Say, of_environment
from config.restore import CannotRestore, look_over, look_over_elsewhere, restore

REFUSALS = (CannotBackUp, CannotRestore, CannotCopy, OSError)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", say: Say) -> None:
    backup = subparsers.add_parser("backup", help="copy everything into one sealed file, while Peerline goes on")
    backup.add_argument("file", type=Path, nargs="?", help="the file to write; it must not be there yet")
    backup.add_argument("--try", dest="tried", action="store_true", help="restore it into a scratch folder and compare")
    backup.add_argument("--show-key", action="store_true", help="show the key that opens this server's backups")
    backup.set_defaults(run=lambda args: _told(say, lambda: _backup(args, say)))
    into = subparsers.add_parser("restore", help="make an empty state folder what a backup holds")
    into.add_argument("file", type=Path)
    into.set_defaults(run=lambda args: _told(say, lambda: _restore(args, say)))
    inspect = subparsers.add_parser("inspect", help="look over the data: audit log, sealed names, voice messages")
    inspect.set_defaults(run=lambda args: _inspect(say))


def state_folder() -> Path:
    """As config/settings.py finds it, without making anything."""
    return Path(os.environ.get("PEERLINE_STATE") or Path(__file__).resolve().parent.parent / "state").resolve()


def _told(say: Say, work: Callable[[], int]) -> int:
    try:
        return work()
    except REFUSALS as reason:
        say(f"It was not done: {reason}")
        return 1


def _backup(args: argparse.Namespace, say: Say) -> int:
    import django

    django.setup()
    from django.conf import settings

    from config.tried import try_backup

    key, fresh = key_of(settings.STATE)
    if fresh or args.show_key:
        say(f"The key of this server's backups:  {spoken_key(key)}")
        say("Write it down and keep it away from the backups: whoever has both can read everything, and without it")
        say("nobody can.")
    if args.file:
        _make(args.file, say)
    if args.tried:
        try_backup(say, args.file)
        say("The backup was restored into a scratch folder, opened there and compared: it holds everything.")
    if not (args.file or args.tried or args.show_key):
        say("Say where to:  ./run backup FILE   or only try it:  ./run backup --try")
        return 2
    return 0


def _make(file: Path, say: Say) -> None:
    began = time.monotonic()
    packed = back_up(file, say)
    rows = sum(count for count, _total in packed.facts["ledger"].values())
    size = file.stat().st_size / 1e6
    say(f"{file}: {rows:,} rows and {len(packed.files)} files, {size:,.1f} MB, in {time.monotonic() - began:.1f} s")


def _restore(args: argparse.Namespace, say: Say) -> int:
    state = state_folder()
    key = _asked_key()
    database = of_environment(state)
    manifest = restore(args.file, key, state, say, database)
    faults = look_over_elsewhere(state, database)
    say(f"{state} holds what was backed up at {manifest['at'][:16].replace('T', ' ')} (UTC).")
    if named := [name for name in manifest["set_in_environment"] if name != "PEERLINE_STATE"]:
        say(f"These were set in the environment then, and are not in a backup: {', '.join(named)}")
    for fault in faults:
        say(fault)
    return 1 if faults else 0


def _asked_key() -> bytes:
    """From PEERLINE_BACKUP_KEY, or typed."""
    text = os.environ.get("PEERLINE_BACKUP_KEY") or (getpass("The backup's key: ") if sys.stdin.isatty() else "")
    try:
        return read_key(text)
    except ValueError as reason:
        raise CannotRestore("the key has 32 letters and digits; set PEERLINE_BACKUP_KEY or type it") from reason


def _inspect(say: Say) -> int:
    import django

    django.setup()
    faults = look_over(say)
    for fault in faults or ["Nothing is wrong."]:
        say(fault)
    return 1 if faults else 0
