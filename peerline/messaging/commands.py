"""`./run mail-in < message`: a mail server hands a mail over."""

import argparse
import sys

TRY_LATER = 75  # sysexits.h EX_TEMPFAIL: the mail server keeps it and comes again


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    help_text = "take one mail from standard input, as a mail server's alias or pipe gives it"
    parser = subparsers.add_parser("mail-in", help=help_text, description=help_text.capitalize() + ".")
    parser.set_defaults(run=_mail_in)


def _mail_in(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.db import DatabaseError

    from peerline.messaging import mail, mailbox

    try:
        mailbox.take(sys.stdin.buffer.read(mail.MOST_BYTES))
    except (DatabaseError, OSError):
        return TRY_LATER
    return 0
