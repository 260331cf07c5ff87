"""`./run recount`: figures that are kept are counted anew from the calls."""

import argparse


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    help_text = "count programs' days and pairs' weeks anew from the calls, and say how many were wrong"
    subparsers.add_parser("recount", help=help_text).set_defaults(run=_recount)


def _recount(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from peerline.jobs.services import Differs
    from peerline.monitoring.counting import check_days
    from peerline.pairs.services import check_weeks

    for check in (check_days, check_weeks):
        try:
            check()
        except Differs as sentence:
            print(f"{sentence}.")
    print("All figures are as the calls say.")
    return 0
