"""The demonstration: 60 made-up people, loaded through the project's own roster import, and staff to sign in as.

It is loaded once into a fresh state folder. The PINs that were issued for the two people `./run call` plays stand in
state/demo.json, as they would on their letters; everybody is marked as made up.
"""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction

PAIRS = 28  # of 30: four people wait for a partner
CALLER_PORTS = (5071, 5072)


def _file() -> Any:
    return settings.STATE / "demo.json"


def load_once(say: Callable[[str], None]) -> None:
    """Load it where it is not yet. All or nothing."""
    if _file().exists():
        return
    say("Loading a demonstration program of 60 made-up people …")
    with transaction.atomic():
        facts = _load()
    fresh = _file().with_suffix(".new")
    fresh.write_text(json.dumps(facts, indent=1))
    fresh.rename(_file())
    _write_numbers(facts["callers"])


def _load() -> dict[str, Any]:
    from peerline.entry import services as entry
    from peerline.pairs import services as pairs
    from peerline.pairs.queries import waiting
    from peerline.people.access import PLATFORM
    from peerline.people.queries import number_to_dial, person_known
    from peerline.programs import demo

    program_id, staff = demo.load_demo()
    people = list(waiting(program_id).order_by("person_id").values_list("person_id", flat=True))
    for index in range(PAIRS):
        pairs.pair_up(PLATFORM, program_id=program_id, people=people[2 * index : 2 * index + 2])
    callers = []
    for person_id, port in zip(people[:2], CALLER_PORTS, strict=True):
        facts = {"nickname": person_known(person_id).nickname, "pin": entry.issue_pin(PLATFORM, person_id)}
        callers.append({"person_id": person_id, "number": number_to_dial(person_id), "port": port, **facts})
    return {"staff": staff, "callers": callers}


def _write_numbers(callers: list[dict[str, Any]]) -> None:
    """Where the two demonstration telephones are; the server's keeper edits this file."""
    lines = ["number,address", "# E.164 number, and the SIP address or the word carrier where it is reached"]
    lines += [f"{caller['number']},sip:{caller['nickname'].lower()}@127.0.0.1:{caller['port']}" for caller in callers]
    if not settings.NUMBERS_FILE.exists():
        settings.NUMBERS_FILE.write_text("\n".join(lines) + "\n")


def _facts() -> dict[str, Any]:
    return json.loads(_file().read_text()) if _file().exists() else {"staff": [], "callers": []}


def callers() -> list[Any]:
    """The two people `./run call` plays; empty without a demonstration."""
    from config.call import Caller

    return [Caller(one["person_id"], one["nickname"], one["pin"], one["port"]) for one in _facts()["callers"]]


def sign_ins() -> list[str]:
    """A sign-in for each role, a line each."""
    return [f"    {one['role']:<14} {one['email']:<32} {one['password']}" for one in _facts()["staff"]]


def telephone_lines() -> list[str]:
    """How to play one of the two callers with a softphone."""
    found = _facts()["callers"]
    return [
        f"    {one['number']}  {one['nickname']:<10} PIN {one['pin']}   softphone on port {one['port']}"
        for one in found
    ]
