"""The demonstration: 60 made-up people through the project's own roster import, pairs, and ways in for everybody.

It is loaded once into a fresh state folder. Two English-speaking people who are paired, and who take calls at any hour,
are the ones `./run call` plays; where their telephones are stands in the numbers table and nowhere else.
"""

from collections import defaultdict
from collections.abc import Callable

from django.conf import settings
from django.db import transaction

from config.call import Caller

WAITING = 4  # people who still wait for a partner, so that there is something to do
CALLER_PORTS = (5071, 5072)


def load_once(say: Callable[[str], None]) -> None:
    """Load it where it is not yet. All or nothing; a second time costs one query."""
    from peerline.people.queries import made_up_people

    if made_up_people("coordinator").exists():
        return
    say("Loading a demonstration program of 60 made-up people …")
    with transaction.atomic():
        _load()
    _write_numbers()


def _load() -> None:
    from config.past import OLD_PAIRS, Past
    from peerline.kernel import clock, week
    from peerline.pairs import services as pairs
    from peerline.people import services as people
    from peerline.people.access import PLATFORM
    from peerline.programs.demonstration import load_demo

    past = Past()
    with clock.running_on(lambda: past.at):
        program_id = load_demo()
        couples = _couples(program_id)
        for index, couple in enumerate(couples):
            past.at = past.first if index < OLD_PAIRS else past.monday
            pairs.pair_up(PLATFORM, program_id=program_id, people=couple)
        for person_id in couples[0]:
            people.set_blocked_hours(PLATFORM, person_id, week.NONE)
        past.play(couples)


def _couples(program_id: int) -> list[tuple[int, int]]:
    """People who share a language, two by two in the roster's order; the first couple speaks English."""
    from peerline.pairs.queries import waiting
    from peerline.people.queries import known

    people = sorted(
        known(waiting(program_id).values_list("person_id", flat=True)).values(), key=lambda one: one.person_id
    )
    by_language = defaultdict(list)
    for person in people:
        by_language[person.language].append(person.person_id)
    couples = [
        pair
        for language in ("en", "es")
        for pair in zip(by_language[language][::2], by_language[language][1::2], strict=False)
    ]
    return couples[: (len(people) - WAITING) // 2]


def _write_numbers() -> None:
    """Where the two demonstration telephones are; the server's keeper edits this file."""
    from peerline.people.queries import number_to_dial

    lines = ["number,address", "# An E.164 number, and the SIP address where it is reached, or the word carrier."]
    lines += [f"{number_to_dial(one.person_id)},sip:{one.nickname.lower()}@127.0.0.1:{one.port}" for one in callers()]
    if not settings.NUMBERS_FILE.exists():
        settings.NUMBERS_FILE.write_text("\n".join(lines) + "\n")


def callers() -> list[Caller]:
    """The two people `./run call` plays; empty without a demonstration."""
    from peerline.entry.queries import DEMO_PIN
    from peerline.pairs.models import Pair
    from peerline.people.queries import known, made_up_people

    if not made_up_people("coordinator").exists():
        return []
    pair = Pair.objects.order_by("pk").first()
    people = known(pair.partners.values_list("person_id", flat=True)) if pair else {}
    return [
        Caller(person_id, people[person_id].nickname, DEMO_PIN, port)
        for person_id, port in zip(sorted(people), CALLER_PORTS, strict=False)
    ]


def sign_ins() -> list[str]:
    """A way in for each role, a line each. Nothing while others can reach this server."""
    from peerline.entry.queries import demo_accounts
    from peerline.people.access import demo_is_open

    if not demo_is_open():
        return ["    none: this server can be reached from outside, so its made-up people cannot sign in"]
    return [
        f"    {account.role:<14} {account.how if account.email else account.nickname + ', on the sign-in page'}"
        for account in demo_accounts()
    ]


def telephone_lines() -> list[str]:
    """How to play one of the two callers with a softphone."""
    from peerline.people.queries import number_to_dial

    return [
        f"    {number_to_dial(one.person_id)}  {one.nickname:<12} PIN {one.pin}   rings at 127.0.0.1:{one.port}"
        for one in callers()
    ]
