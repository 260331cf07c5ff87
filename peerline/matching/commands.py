"""`./run match`: pair the people of a list, without a server."""

import argparse
import sys
from pathlib import Path
from typing import Any


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("match", help="pair the people of a list, as well as can be, and say why")
    parser.add_argument("roster", nargs="?", type=Path, help="a list as CSV, as the website takes it")
    parser.add_argument("-o", "--output", type=Path, help="write the pairs here, as CSV; without it they are shown")
    parser.add_argument(
        "--mentors",
        type=Path,
        help="give them mentors from this list instead, who take so many each as its column “Takes” says",
    )
    parser.add_argument(
        "--takes", type=int, default=5, help="how many a mentor takes of whom the list does not say it (5)"
    )
    parser.add_argument("--cohort", choices=["nhanes"], help="instead of a list: people drawn from real survey rows")
    parser.add_argument("-n", type=int, default=60, help="how many of them (60)")
    parser.add_argument("--seed", type=int, default=0, help="draws the cohort, and lots among equally good pairs (0)")
    parser.add_argument("--style", choices=["best", "fair", "steady"], default="best", help="what best means")
    parser.add_argument(
        "--weights", default="", help='shares of the features, like "a1c=30,age=20"; others count nothing'
    )
    parser.add_argument("--apart", nargs=2, action="append", default=[], metavar=("A", "B"), help="never these two")
    parser.add_argument("--explain", nargs=2, metavar=("A", "B"), help="what these two have in common, in points")
    parser.add_argument("--why-not", nargs=2, metavar=("A", "B"), help="what the group loses if these two are a pair")
    parser.set_defaults(run=_match)


def _match(args: argparse.Namespace) -> int:
    from peerline.matching.rosters import BadRoster

    try:
        listed = _people(args)
        return _mentored(args, listed) if args.mentors else _paired(args, listed)
    except BadRoster as reason:
        return _refuse(*reason.args[0], "Nothing was done.")
    except (OSError, ValueError) as reason:
        return _refuse(f"{reason}.")


def _refuse(*said: str) -> int:
    for sentence in said:
        print(sentence, file=sys.stderr)
    return 1


def _people(args: argparse.Namespace) -> Any:
    if args.cohort and args.roster:
        raise ValueError("Give a list or --cohort, not both")
    if args.mentors and (args.explain or args.why_not or args.style != "best"):
        raise ValueError("--explain, --why-not and --style are for pairs, not for mentors")
    if args.cohort:
        return _drawn(args)
    if args.roster is None:
        raise ValueError("Name a list, like: ./run match roster.csv -o pairs.csv")
    return _listed(args.roster)


def _listed(path: Path, room: int = 0) -> Any:
    from peerline.kernel import clock
    from peerline.matching.rosters import people_in

    return people_in(path.read_bytes(), clock.now().year, room=room)


def _drawn(args: argparse.Namespace) -> Any:
    from peerline.matching.draws import drawn_people
    from peerline.matching.rosters import Listed

    try:
        return Listed(drawn_people(args.n, args.seed), {}, {})
    except ImportError as reason:
        raise ValueError("The survey is not installed; ./run bench --help installs it") from reason


def _wish(args: argparse.Namespace, *lists: Any) -> Any:
    """What the options ask for; people of one telephone or household are kept apart besides."""
    from peerline.matching.matching import Wish
    from peerline.matching.rosters import together
    from peerline.matching.rules import Rules, couples

    apart = Rules(apart=couples(args.apart) | together(*lists))
    return Wish(weights=_weights(args.weights), style=args.style, rules=apart, seed=args.seed)


def _paired(args: argparse.Namespace, listed: Any) -> int:
    from peerline.kernel import clock
    from peerline.matching import sentences
    from peerline.matching.cohort import build
    from peerline.matching.explain import explain
    from peerline.matching.matching import Matcher
    from peerline.matching.rosters import pairs_as_csv

    wish = _wish(args, listed)
    matcher = Matcher(build(listed.people, first_day=clock.now().date(), weeks=wish.weeks, seed=wish.seed), wish)
    full = matcher.scorer.scale.full
    if asked := args.explain or args.why_not:
        _require_known(matcher.at, asked)
        found = explain(matcher, *asked)
        print("\n".join(sentences.of_couple(found, full)))
        return 0
    result = matcher.result()
    return _give(args, pairs_as_csv(result, full), sentences.of_result(result))


def _mentored(args: argparse.Namespace, listed: Any) -> int:
    from peerline.kernel import clock
    from peerline.matching import sentences
    from peerline.matching.mentors import assign_mentors
    from peerline.matching.rosters import mentors_as_csv

    mentors = _listed(args.mentors, room=args.takes)
    if both := {one.key for one in listed.people} & {one.key for one in mentors.people}:
        raise ValueError(f"On both lists: {', '.join(sorted(both))}")
    wish, today = _wish(args, listed, mentors), clock.now().date()
    found = assign_mentors(listed.people, mentors.people, mentors.room, wish, first_day=today)
    return _give(args, mentors_as_csv(found), sentences.of_mentored(found))


def _give(args: argparse.Namespace, text: str, said: list[str]) -> int:
    """The table goes to the file, else to the screen; what is to be said, to the screen."""
    from peerline.matching.rosters import write_whole

    if args.output:
        write_whole(args.output, text)
    else:
        print(text, end="")
    print("\n".join(said), file=sys.stdout if args.output else sys.stderr)
    return 0


def _weights(text: str) -> dict[str, int]:
    from peerline.matching.scoring import WEIGHTS

    if not text:
        return dict(WEIGHTS)
    try:
        return {name.strip(): int(share) for name, _, share in (part.partition("=") for part in text.split(","))}
    except ValueError as reason:
        raise ValueError("Write weights like a1c=30,age=20") from reason


def _require_known(known: dict[str, int], asked: list[str]) -> None:
    for name in asked:
        if name not in known:
            raise ValueError(f"Nobody on the list is called {name}")
