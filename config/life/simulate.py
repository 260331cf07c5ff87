"""`./run simulate`: weeks of a program played in a folder of their own, and what Peerline did in them by itself."""

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Say = Callable[[str], None]

HELP = "play weeks of a program with made-up people, and tell what Peerline did by itself and why"
MORE = """Plays the weeks before today: people call, forget, quarrel, move, stop; staff see to their desk; Peerline
reminds, plans and tells. All goes through the same doors as in earnest, in a folder of its own: nothing is sent, and
nothing of yours is touched. The same seed plays the same life.

    ./run simulate --weeks 26 --people 60 --seed 1
"""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", say: Say) -> None:
    one = subparsers.add_parser(
        "simulate", help=HELP, description=MORE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    one.add_argument("--weeks", type=int, default=26, help="how many weeks (26)")
    one.add_argument("--people", type=int, default=60, help="how many people (60)")
    one.add_argument("--seed", default="1", help="another seed is another life (1)")
    one.set_defaults(run=lambda args: simulate(args.weeks, args.people, args.seed, say))


def simulate(weeks: int, people: int, seed: str, say: Say) -> int:
    """0 when the weeks were played and no law was broken, 1 when one was."""
    if weeks < 1 or people < 2:
        say("There must be at least one week and two people.")
        return 2
    with tempfile.TemporaryDirectory(prefix="peerline-simulate-") as folder:
        _own_house(Path(folder))
        return _play(weeks, people, seed, say)


def _own_house(folder: Path) -> None:
    """Settings of a fresh state folder; before Django is set up."""
    os.environ.update(PEERLINE_STATE=str(folder), PEERLINE_DEMO="1", PEERLINE_LOG="ERROR")
    os.environ.pop("PEERLINE_DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("compile_catalogues")


def _play(weeks: int, people: int, seed: str, say: Say) -> int:
    from django.db import transaction

    from config.life import telling
    from config.life.play import Play, first_day
    from config.life.stage import Stage
    from peerline.programs.demonstration import load_demo

    stage = Stage(first_day(datetime.now(UTC), weeks), seed)
    with transaction.atomic():
        with stage.running():
            program_id = load_demo(people)
        play = Play(stage, program_id, weeks=weeks)
        for number in range(1, weeks + 1):
            play.until(play.monday(number))
            say(telling.week(stage, number))
        play.close()
        with stage.running():
            for line in telling.report(program_id, play.events.told):
                say(line)
    return _kept(stage.at, say)


def _kept(now: datetime, say: Say) -> int:
    """The laws of any life, each with who broke it; 0 when nobody did."""
    from config.life.laws import LAWS

    say("What must hold of any life:")
    wrong = {law: law(now) for law in LAWS}
    for law, words in LAWS.items():
        say(f"  {'BROKEN' if wrong[law] else '    ok'}  {words}")
        for sentence in wrong[law]:
            say(f"          {sentence}")
    return 1 if any(wrong.values()) else 0
