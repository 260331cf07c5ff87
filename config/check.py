"""`./run test`: every check there is, in the order in which they are quick to fail, and beside them what waits or takes long.

The suite runs on SQLite, and what opens a database again on PostgreSQL, in a cluster of its own that is thrown away. Where Chromium or
PostgreSQL is missing, what needs it is left out and said loudly; with CI=true a missing one is a failure.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# Three processes for two cores, for each waits now and then. A file stays with one, in the order of the files: by default
# those with few tests come last, and here they are the long ones, so that one process would wait for the other.
SPREAD = ["--durations=15", "-n", "3", "--dist", "loadscope", "--no-loadscope-reorder"]
# Telephones wait most of the time (a tenth of a processor), but sound cannot wait for its turn: the others stand back.
STANDING_BACK = ["nice", "-n", "19"]
# Nothing in the cluster of the tests outlives them, so nothing is made safe against a power cut.
THROWN_AWAY = (
    "-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off", "-c wal_level=minimal", "-c max_wal_senders=0",
    "-c max_wal_size=4GB", "-c checkpoint_timeout=1h", "-c shared_buffers=256MB",
)  # fmt: skip
IN_CI = os.environ.get("CI", "") not in ("", "false", "0")


@dataclass(frozen=True)
class Step:
    """One check: its name, its command, and what it needs in the environment beside ours."""

    name: str
    command: list[str]
    environment: dict[str, str]


def run_all(*, long: bool, chosen: list[str]) -> int:
    """Everything, or with `chosen` just those tests on SQLite. 0 when all passed."""
    if chosen:
        return _run(Step("chosen tests", _pytest(chosen), _environment(long)))
    missing = _missing()
    for sentence in missing:
        print(f"\n!!! {sentence}\n", flush=True)
    if missing and IN_CI:
        return 1
    with _postgresql() as socket, ThreadPoolExecutor(1) as beside:
        others = [(step, beside.submit(_run_beside, step)) for step in _steps_beside(long)]
        failed = [step.name for step in [*_quick_steps(long), *_suites(long, socket)] if _run(step)]
        failed += [step.name for step, running in others if running.result()]
    print("\n" + ("FAILED: " + ", ".join(failed) if failed else "All checks passed."), flush=True)
    return 1 if failed else 0


def _quick_steps(long: bool) -> list[Step]:
    here = _environment(long)
    python = str(BIN / "python")
    return [
        Step("lint", [str(BIN / "ruff"), "check", "."], here),
        Step("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."], here),
        Step("rooms", [str(BIN / "lint-imports")], here),
        Step("migrations", [python, "-m", "peerline", "manage", "makemigrations", "--check", "--dry-run"], here),
    ]


def _steps_beside(long: bool) -> list[Step]:
    """One after the other. Telephones wait most of the time."""
    here = _environment(long)
    return [Step("types", [str(BIN / "mypy")], here), Step("telephones", _pytest(["-m", "sip"]), here)]


def _suites(long: bool, socket: str) -> list[Step]:
    """All but the telephones; then what opens a database once more, on PostgreSQL."""
    here = _environment(long)
    there = {**here, "PEERLINE_DATABASE_URL": "postgres:///postgres", "PGHOST": socket, "PGUSER": "peerline"}
    steps = [Step("everything else", _pytest(["-m", "not sip", *SPREAD]), here)]
    if socket:
        which = [] if long else ["-m", "database and not sip and not browser"]
        steps.append(Step("on PostgreSQL", _pytest([*which, *SPREAD]), there))
    return steps


def _pytest(more: list[str]) -> list[str]:
    return [str(BIN / "python"), "-m", "pytest", "-p", "no:cacheprovider", *more]


def _environment(long: bool) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PEERLINE_")}
    return {**kept, "PEERLINE_LONG": "1" if long else "", "DJANGO_SETTINGS_MODULE": "tests.settings"}


def _run(step: Step) -> int:
    print(f"\n== {step.name}", flush=True)
    code, seconds = _ran([*STANDING_BACK, *step.command], step.environment, None)
    print(_outcome(step, code, seconds), flush=True)
    return code


def _run_beside(step: Step) -> int:
    """As `_run`, before whatever else runs just then; what it said is told at its end, in one piece."""
    with tempfile.TemporaryFile() as said:
        code, seconds = _ran(step.command, step.environment, said)
        said.seek(0)
        words = said.read().decode(errors="replace")
    print(f"\n\n== {step.name}\n{words}{_outcome(step, code, seconds)}", flush=True)
    return code


def _ran(command: list[str], environment: dict[str, str], said: IO[bytes] | None) -> tuple[int, float]:
    """Its exit code, and the seconds it took."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="peerline-test-") as state:
        there = {**environment, "PEERLINE_STATE": state}
        done = subprocess.run(command, cwd=ROOT, env=there, check=False, stdout=said, stderr=said)
    return done.returncode, time.monotonic() - began


def _outcome(step: Step, code: int, seconds: float) -> str:
    return f"-- {step.name}: {'passed' if code == 0 else f'FAILED (exit {code})'}, {seconds:.0f} s"


def _missing() -> list[str]:
    found = []
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        found.append("No Chromium is here: the browser tests are left out. On Debian: apt-get install chromium")
    if not _postgresql_bin():
        found.append(
            "No PostgreSQL server is here: the suite runs on SQLite only. On Debian: apt-get install postgresql"
        )
    if not shutil.which("strace"):
        found.append("No strace is here: the power is not cut in the tests. On Debian: apt-get install strace")
    return found


def _postgresql_bin() -> Path | None:
    """The folder with initdb and postgres, the newest first."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@contextlib.contextmanager
def _postgresql() -> Iterator[str]:
    """A throw-away cluster on a socket of its own; the folder of its socket, or "" where there is no server to run."""
    programs = _postgresql_bin()
    if programs is None:
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="peerline-pg-", dir="/tmp") as folder:
        place = Path(folder)
        as_user = _somebody_else(place)
        data, log = place / "data", place / "log"
        subprocess.run(
            [*as_user, programs / "initdb", "-D", data, "-U", "peerline", "-A", "trust", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        options = f"-k {place} -c listen_addresses= -c max_connections=60 " + " ".join(THROWN_AWAY)
        subprocess.run(
            [*as_user, programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield str(place)
        finally:
            subprocess.run(
                [*as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
                check=False,
                stdout=subprocess.DEVNULL,
            )


def _somebody_else(place: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as Debian's own user for it."""
    if os.geteuid() != 0:
        return []
    shutil.chown(place, "postgres")
    return ["runuser", "-u", "postgres", "--"]
