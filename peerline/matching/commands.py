"""`./run match`: pair the people of a list, without a server."""

import argparse
import sys
from pathlib import Path


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("match", help="pair the people of a list, as well as can be, and say why")
    parser.add_argument("roster", nargs="?", type=Path, help="a list as CSV, as the website takes it")
    parser.add_argument("-o", "--output", type=Path, help="write the pairs here, as CSV; without it they are shown")
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
        people = _people(args)
        return _answer(args, people)
    except BadRoster as reason:
        return _refuse(*reason.args[0], "Nothing was done.")
    except (OSError, ValueError) as reason:
        return _refuse(f"{reason}.")


def _refuse(*said: str) -> int:
    for sentence in said:
        print(sentence, file=sys.stderr)
    return 1


def _people(args: argparse.Namespace) -> list:  # type: ignore[type-arg]
    from peerline.kernel import clock
    from peerline.matching.rosters import people_in

    if args.cohort and args.roster:
        raise ValueError("Give a list or --cohort, not both")
    if args.cohort:
        return _drawn(args)
    if args.roster is None:
        raise ValueError("Name a list, like: ./run match roster.csv -o pairs.csv")
    return people_in(args.roster.read_bytes(), clock.now().year)


def _drawn(args: argparse.Namespace) -> list:  # type: ignore[type-arg]
    from peerline.matching.draws import drawn_people

    try:
        return drawn_people(args.n, args.seed)
    except ImportError as reason:
        raise ValueError("The survey is not installed; ./run bench --help installs it") from reason


def _answer(args: argparse.Namespace, people: list) -> int:  # type: ignore[type-arg]
    from peerline.kernel import clock
    from peerline.matching import sentences
    from peerline.matching.cohort import build
    from peerline.matching.explain import explain
    from peerline.matching.matching import Matcher, Wish
    from peerline.matching.rosters import pairs_as_csv, write_whole
    from peerline.matching.rules import Rules, couples

    wish = Wish(
        weights=_weights(args.weights), style=args.style, rules=Rules(apart=couples(args.apart)), seed=args.seed
    )
    matcher = Matcher(build(people, first_day=clock.now().date(), weeks=wish.weeks, seed=wish.seed), wish)
    full = matcher.scorer.scale.full
    if asked := args.explain or args.why_not:
        _require_known(matcher.at, asked)
        found = explain(matcher, *asked)
        print("\n".join(sentences.of_couple(found, full)))
        return 0
    result = matcher.result()
    text = pairs_as_csv(result, full)
    if args.output:
        write_whole(args.output, text)
    else:
        print(text, end="")
    print("\n".join(sentences.of_result(result)), file=sys.stdout if args.output else sys.stderr)
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
