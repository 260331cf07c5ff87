"""The commands of the whole house. `./run COMMAND --help` says more about each."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from config import bench, safekeeping
from config.life import simulate

if TYPE_CHECKING:
    from config.doorway import Progress


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    start = subparsers.add_parser("start", help="open Peerline: website, worker and telephone line in one process tree")
    start.add_argument(
        "--real", action="store_true", help="without demonstration people; asks for the first administrator"
    )
    start.set_defaults(run=_start)
    for name, help_text in (
        ("worker", "run one more worker"),
        ("line", "run only the telephone line"),
        ("web", "run only the website"),
    ):
        subparsers.add_parser(name, help=help_text).set_defaults(run=_one_process, process=name)
    call = subparsers.add_parser("call", help="place a real call through the running line and check that it was heard")
    call.set_defaults(run=_call)
    safekeeping.register(subparsers, _say)
    simulate.register(subparsers, _say)
    test = subparsers.add_parser("test", help="run every test, on SQLite and PostgreSQL")
    test.add_argument("--long", action="store_true", help="the whole length of the long tests (about two hours)")
    test.add_argument("pytest", nargs="*", help="what to run, as pytest takes it; everything without it")
    test.set_defaults(run=_test)
    required = subparsers.add_parser("requirements", help="write which requirement is proven by which tests")
    required.set_defaults(run=_requirements)
    bench.register(subparsers)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _start(args: argparse.Namespace) -> int:
    _choose_mode(real=args.real)
    import django

    django.setup()
    from django.conf import settings

    from config.doorway import Progress, open_to
    from config.processes import Tree, beside, children, passing
    from config.welcome import welcome

    began, progress = time.monotonic(), Progress(_say)
    set_up = beside(lambda: _set_up(progress))
    with open_to(settings.HTTP_BIND, progress):
        code = set_up()
    if code:
        return code
    tree = Tree([*children(), *passing()])
    welcome(tree.stopping, _say, began)
    return tree.run()


def _set_up(progress: "Progress") -> None:
    from django.conf import settings

    from config.processes import beside
    from config.setup import SetUp

    set_up = SetUp()
    set_up.run(_say)
    spoken = beside(lambda: set_up.speak(progress))
    if settings.DEMO:
        from config.demo import load_once

        load_once(progress)
    if code := spoken():
        sys.exit(code)


def _choose_mode(*, real: bool) -> None:
    """A state folder is for made-up people or for real ones, from its first start on; never both."""
    state = Path(os.environ.get("PEERLINE_STATE", Path(__file__).resolve().parent.parent / "state"))
    if (state / "restoring").exists():
        sys.exit(f"A restore into {state} was broken off. Empty that folder and restore again.")
    mode = state / "mode"
    kept = mode.read_text().strip() if mode.exists() else ""
    wanted = "real" if real or os.environ.get("PEERLINE_DEMO", "1") in ("0", "false", "no") else kept or "demo"
    if kept and kept != wanted:
        sys.exit(
            f"The folder {state} holds demonstration people. Start with an empty one for real people: "
            "PEERLINE_STATE=another-folder ./run start --real"
        )
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode.write_text(wanted + "\n")
    os.environ["PEERLINE_DEMO"] = "1" if wanted == "demo" else "0"


def _one_process(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from config import processes

    {"worker": processes.worker, "line": processes.line, "web": processes.web}[args.process]()
    return 0


def _call(args: argparse.Namespace) -> int:
    from config.call import place_call

    return place_call(_say)


def _test(args: argparse.Namespace) -> int:
    from config.check import run_all

    return run_all(long=args.long, chosen=args.pytest)


def _requirements(args: argparse.Namespace) -> int:
    from config.requirements import write

    _say(write())
    return 0
