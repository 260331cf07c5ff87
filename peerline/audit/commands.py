"""`./run audit`: does the log still stand as it was written?"""

import argparse


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    help_text = "check that no line of the audit log was changed, and print the last seal, to be kept elsewhere"
    parser = subparsers.add_parser("audit", help=help_text, description=help_text.capitalize() + ".")
    parser.add_argument(
        "--anchor",
        metavar="SEAL",
        default="",
        help="a seal printed earlier: shows a log that was rebuilt whole since then",
    )
    parser.set_defaults(run=_audit)


def _audit(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from peerline.audit import services

    services.seal_new_lines()
    if broken := services.first_broken_seal():
        print(f"Changed, removed or moved: lines {broken.first_line} to {broken.last_line} are not what was sealed.")
        return 1
    if args.anchor and not services.holds(args.anchor):
        print("This log is not the one that seal was printed from: it was cut short, or made anew.")
        return 1
    print("Every line stands as it was sealed.")
    print(f"The last seal, to be kept away from this server:  {services.anchor()}")
    return 0
