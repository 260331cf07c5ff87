"""`./run bench NAME`: measures, and prints JSON lines: the machine first, then each figure, then how busy it was.

A room that measures something has a bench.py:

    def register(benches):
        parser = benches.add_parser("matching", help="seconds for 1,000 people")
        parser.add_argument("--people", type=int, default=1000)
        parser.set_defaults(measure=measure)

    def measure(args):          # Django is ready; the state folder is empty and thrown away afterwards
        yield {"measure": "solve", "people": args.people, "seconds": 1.2}

With set_defaults(tables=True) the database has its tables, with people=True also the demonstration's people, two of
whom are args.callers; with pages=True pages can be drawn.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from config.life import bench as life

ROOMS = Path(__file__).resolve().parent.parent / "peerline"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command itself, and under it what each room's bench.py measures."""
    parser = subparsers.add_parser("bench", help="measure this machine: pages, monitoring, the telephone exchange")
    parser.add_argument("--state", type=Path, help="work in this folder and keep it; otherwise one that is thrown away")
    parser.add_argument("--database", default="", help="an empty database to measure on; SQLite without it")
    parser.set_defaults(run=_run, tables=False, people=False, pages=False)
    benches = parser.add_subparsers(dest="bench", required=True, metavar="WHAT")
    for path in sorted(ROOMS.glob("*/bench.py")):
        import_module(f"peerline.{path.parent.name}.bench").register(benches)
    life.register(benches)


def _run(args: argparse.Namespace) -> int:
    with _place(args.state) as state:
        _settle(state, args)
        _print({"measure": "machine", "bench": args.bench, **machine()})
        for line in args.measure(args):
            _print(line)
        _print({"measure": "load", **load()})
    return 0


@contextmanager
def _place(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="peerline-bench-") as folder:
        yield Path(folder)


def _settle(state: Path, args: argparse.Namespace) -> None:
    """No real state folder or database is ever measured on, whatever the environment says."""
    os.environ.update(PEERLINE_STATE=str(state), PEERLINE_DEMO="1", PEERLINE_DEMO_WEEKS="1", PEERLINE_LOG="ERROR")
    os.environ.pop("PEERLINE_DATABASE_URL", None)
    if args.database:
        os.environ["PEERLINE_DATABASE_URL"] = args.database
    import django

    django.setup()
    if args.tables or args.people:
        _fill(args)


def _fill(args: argparse.Namespace) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if args.people:
        from config import demo
        from config.doorway import Progress

        demo.load_once(Progress(lambda sentence: None))
        args.callers = demo.callers()
    if args.pages:
        call_command("compile_catalogues", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    from django.conf import settings

    return {
        "processor": _processor(), "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}", "python": platform.python_version(),
        "database": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2], **load(),
    }  # fmt: skip


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    names = [line for line in facts.read_text().splitlines() if "model name" in line] if facts.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor() or platform.machine()


def load() -> dict[str, float]:
    """Processes that wanted a core over the last minute: above the number of cores, times are those of a busy machine."""
    return {"load_1_minute": round(os.getloadavg()[0], 2)} if hasattr(os, "getloadavg") else {}
