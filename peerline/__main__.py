"""`./run …`: everything Peerline does from a command line. Each room's commands.py adds its own."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

ROOMS = Path(__file__).parent


def _register_all(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """peerline/<room>/commands.py: register(subparsers) adds parsers with set_defaults(run=function of args → exit code)."""
    for path in sorted(ROOMS.glob("*/commands.py")):
        import_module(f"peerline.{path.parent.name}.commands").register(subparsers)
    import_module("config.commands").register(subparsers)


def main(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if argv[:1] == ["manage"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["peerline manage", *argv[1:]])
        return 0
    parser = argparse.ArgumentParser("./run", description="Peer support for adults with diabetes, on your own server.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _register_all(subparsers)
    args = parser.parse_args(argv)
    return int(args.run(args) or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
