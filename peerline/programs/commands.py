"""`./run protocol`: is a protocol file good, and what would it do?"""

import argparse
from datetime import timedelta
from pathlib import Path

EXAMPLE = """\
A protocol is one file in TOML that says what a program does, week by week. Begin with a copy of a shipped one:

  ./run protocol list                 which protocols this server has
  ./run protocol show peer-calls      the text of one, to be copied into the protocols/ folder of the state folder
  ./run protocol check mine.toml      everything wrong with it, each with its line; or its calendar, if nothing is

A changed protocol needs the next `version`. docs/howto/write-a-protocol.md tells every key.
"""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "protocol",
        help="check a protocol file, and see what it would do",
        description=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="everything wrong with a file, each with its line; or its calendar")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check)
    acts.add_parser("list", help="the protocols of this server").set_defaults(run=_list)
    show = acts.add_parser("show", help="the text of one of them")
    show.add_argument("key")
    show.set_defaults(run=_show)


def _check(args: argparse.Namespace) -> int:
    """0 when it can be used. Never touches the database: a file can be checked before there is a server."""
    import django

    django.setup()
    from peerline.programs import offers
    from peerline.programs.protocols import shelf

    if not args.file.is_file():
        print(f"There is no file {args.file}.")
        return 1
    file = shelf.look(args.file)
    if file.protocol is None:
        for problem in file.problems:
            print(offers.sentence(file, problem))
        return 1
    for line in _said(file.protocol):
        print(line)
    return 0


def _said(protocol: object) -> list[str]:
    """The protocol in sentences, as the website shows it before the start."""
    from peerline.kernel import clock
    from peerline.programs import calendar, explaining

    begins_on = calendar.next_monday(clock.now().date())
    drawn = explaining.drawn(protocol, begins_on)  # type: ignore[arg-type]
    brief = explaining.brief(protocol)  # type: ignore[arg-type]
    weeks = [f"  {row['on']}  {row['what']} ({row['when']}; {row['how']})" for row in drawn["rows"]]
    rules = [f"  {name}: {sentence}" for name, sentence in drawn["rules"]]
    last = begins_on + timedelta(weeks=drawn["protocol"].weeks)
    head = f"{brief['title']} ({brief['key']}, version {drawn['protocol'].version}): {brief['figures']}."
    return [head, f"If it began on {begins_on}, up to {last}:", *weeks, "Its rules:", *rules]


def _list(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.conf import settings

    from peerline.programs.protocols import shelf

    for file in shelf.newest(settings.PROTOCOLS).values():
        assert file.protocol is not None
        print(f"{file.protocol.key:20} version {file.protocol.version}  {file.protocol.title['en']}")
    for file in shelf.files(settings.PROTOCOLS):
        if file.protocol is None:
            print(f"{file.path.name} cannot be used: ./run protocol check {file.path}")
    return 0


def _show(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.conf import settings

    from peerline.programs.protocols import shelf

    file = shelf.newest(settings.PROTOCOLS).get(args.key)
    if file is None:
        print(f"There is no protocol {args.key}. See: ./run protocol list")
        return 1
    print(file.text, end="")
    return 0
