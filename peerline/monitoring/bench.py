"""`./run bench monitoring --calls 10000 1000000`: what the pages of staff cost with a log of so many calls.

The clinic is the same each time, twenty programs with two thousand pairs; only the log grows, over five years, written
as plain rows. Pages go through the whole of Django (test client, real database file), as the coordinator and as a nurse
of one program. Each is timed by the clock and in processor time, which other work on the machine hardly changes; the
latter is set against that with the shortest log.
"""

import argparse
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

Line = dict[str, Any]

PROGRAMS, PAIRS, YEARS, LIVE = 20, 2000, 5, 20
OUTCOMES = ["talked"] * 60 + ["no_answer"] * 25 + ["message"] * 10 + ["declined"] * 4 + ["lost"]
COLUMNS = (
    "began_at",
    "ended_at",
    "placed_by_id",
    "way",
    "organization_id",
    "program_id",
    "label",
    "outcome",
    "talk_seconds",
)
AT_ONCE = 20_000


def register(benches: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = benches.add_parser(
        "monitoring", help="page times by the length of the call log, and the kept figures against a full recount"
    )
    parser.add_argument(
        "--calls", type=int, nargs="+", default=[10_000, 1_000_000], help="lengths of the log, shortest first"
    )
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked for")
    parser.add_argument(
        "--again",
        action="store_true",
        help="with --state: the pages once more, of the log that an earlier run left there",
    )
    parser.set_defaults(measure=measure, people=True, pages=True)


def measure(args: argparse.Namespace) -> Iterator[Line]:
    clinic, first = Clinic(), {}
    if args.again:
        yield from _pages(clinic, clinic.length, args.rounds)
        return
    for calls in sorted(args.calls):
        began = time.monotonic()
        clinic.grow_to(calls)
        yield {"measure": "written", "calls": calls, "seconds": round(time.monotonic() - began, 1)}
        yield from _recounted(calls)
        for line in _pages(clinic, calls, args.rounds):
            flat = line["cpu_p50_ms"] / first.setdefault(line["page"], line["cpu_p50_ms"])
            yield {**line, "times_the_shortest": round(flat, 2)}
        yield _exported(clinic, calls)


class Clinic:
    """Twenty programs, two thousand pairs, and a log that grows."""

    def __init__(self) -> None:
        from django.test import Client

        from peerline.people.access import PLATFORM
        from peerline.people.queries import made_up_people
        from peerline.programs import services as programs

        coordinator = made_up_people("coordinator").get().person
        self.organization_id = coordinator.organization_id
        self.now = coordinator.created_at
        self.programs, self.pairs, self.length = self._left_there()
        if not self.programs:
            self.programs = [
                programs.make_program(PLATFORM, organization_id=self.organization_id, name=f"Program {number}", begins_on=self.now.date())
                for number in range(PROGRAMS)
            ]  # fmt: skip
            self.pairs = self._pair_up()
        self.dice = random.Random(1)
        self.clients = [Client(HTTP_HOST="127.0.0.1") for _ in range(2)]
        for client, role in zip(self.clients, ("coordinator", "nurse"), strict=True):
            self._sign_in(client, role)

    def _left_there(self) -> tuple[list[Any], list[Any], int]:
        """What an earlier run made: its programs, their pairs, and how many calls there are. Nothing in a new folder."""
        from django.apps import apps

        programs = [*apps.get_model("programs.Program").objects.filter(name__startswith="Program ").order_by("pk")]
        pairs = [*apps.get_model("pairs.Pair").objects.filter(program__in=programs).order_by("pk")]
        return programs, pairs, apps.get_model("exchange.Call").objects.count() if pairs else 0

    def _pair_up(self) -> list[Any]:
        from django.apps import apps

        person, pair, partner = (apps.get_model(name) for name in ("people.Person", "pairs.Pair", "pairs.Partner"))
        began = self.now - timedelta(days=365 * YEARS)
        people = person.objects.bulk_create(
            person(organization_id=self.organization_id, nickname=f"N{number}", created_at=began) for number in range(2 * PAIRS)
        )  # fmt: skip
        pairs = pair.objects.bulk_create(
            pair(program=self.programs[number % PROGRAMS], began_at=began, silent_since=began)
            for number in range(PAIRS)
        )
        two = zip(people[::2], people[1::2], strict=True)
        partner.objects.bulk_create(
            partner(pair=pair, program=pair.program, person=person) for pair, both in zip(pairs, two, strict=True) for person in both
        )  # fmt: skip
        self.callers = [one.pk for one in people[::2]]
        return pairs

    def _sign_in(self, client: Any, role: str) -> None:
        """The nurse is one of a single program."""
        from peerline.people import accounts, services
        from peerline.people.access import PLATFORM
        from peerline.people.queries import made_up_people

        person = made_up_people(role).get().person
        if role == "nurse":
            from django.apps import apps

            apps.get_model("people.Role").objects.filter(person=person).delete()
            services.give_role(PLATFORM, person_id=person.pk, role=role, place=services.Place(self.organization_id, None, self.programs[0].pk))  # fmt: skip
        client.force_login(accounts.account_for(person.pk), backend="django.contrib.auth.backends.ModelBackend")

    def grow_to(self, calls: int) -> None:
        """Write calls until the log is so long: without its indexes, which are made anew at the end."""
        from django.apps import apps
        from django.db import connection

        model = apps.get_model("exchange.Call")
        with connection.schema_editor() as editor:
            for index in model._meta.indexes:
                editor.remove_index(model, index)
        self._write(calls - self.length)
        with connection.schema_editor() as editor:
            for index in model._meta.indexes:
                editor.add_index(model, index)
        if connection.vendor != "sqlite":
            connection.cursor().execute("ANALYZE")
        self.length = calls

    def _write(self, count: int) -> None:
        from django.db import connection, transaction

        places = ", ".join(["%s"] * len(COLUMNS))
        statement = f"INSERT INTO exchange_call ({', '.join(COLUMNS)}) VALUES ({places})"  # noqa: S608 - our own names
        rows = (self._row(number < LIVE and not self.length) for number in range(count))
        while some := list(islice(rows, AT_ONCE)):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(statement, some)

    def _row(self, live: bool) -> tuple[Any, ...]:
        number = self.dice.randrange(PAIRS)
        pair, ago = self.pairs[number], 60 if live else self.dice.random() * 365 * YEARS * 86400
        began_at = self.now - timedelta(seconds=ago)
        outcome = "" if live else self.dice.choice(OUTCOMES)
        seconds = self.dice.randrange(30, 2400) if outcome == "talked" else 0
        ended_at = None if live else _as_kept(began_at + timedelta(seconds=seconds + 20))
        return (
            _as_kept(began_at), ended_at, self.callers[number], "dialed", self.organization_id, pair.program_id,
            f"pair:{pair.pk}", outcome, seconds,
        )  # fmt: skip

    def paths(self) -> dict[str, tuple[Any, str]]:
        """What is asked for, and by whom."""
        from peerline.kernel.places import place

        coordinator, nurse = self.clients
        middle = place(self.now - timedelta(days=365 * YEARS / 2), 1)
        some = {"pair": self.pairs[0].pk, "program": self.programs[0].pk}
        return {
            "call log": (coordinator, "/calls/"),
            "call log, in its middle": (coordinator, f"/calls/?before={middle.replace('+', '%2B')}"),
            "call log, lost calls": (coordinator, "/calls/?outcome=lost"),
            "call log, one program": (coordinator, "/calls/?program={program}".format(**some)),
            "call log, one program, lost, two years": (
                coordinator, f"/calls/?program={some['program']}&outcome=lost&last_day={self.now.date() - timedelta(days=730)}",
            ),
            "call log, one pair": (coordinator, "/calls/?pair={pair}".format(**some)),
            "call log, nurse of one program": (nurse, "/calls/"),
            "calls now": (coordinator, "/calls/live/"),
            "a program's weeks": (coordinator, "/calls/programs/{program}/".format(**some)),
            "pairs": (coordinator, "/pairs/"),
            "one pair": (coordinator, "/pairs/{pair}/".format(**some)),
            "desk": (coordinator, "/desk/"),
        }  # fmt: skip


def _as_kept(at: datetime) -> Any:
    from django.db import connection

    return connection.ops.adapt_datetimefield_value(at)


def _recounted(calls: int) -> Iterator[Line]:
    """The kept figures are made from the log, and then compared with it once more: nothing may differ."""
    from peerline.jobs.services import Differs
    from peerline.monitoring.counting import check_days
    from peerline.pairs.services import check_weeks

    for name, check in (("days of programs", check_days), ("weeks of pairs", check_weeks)):
        differed, began = "", time.monotonic()
        try:
            check()
        except Differs as sentence:
            differed = str(sentence)
        seconds, again = time.monotonic() - began, time.monotonic()
        check()  # raises, if anything still differs
        yield {
            "measure": "recount", "of": name, "calls": calls, "made": differed, "seconds": round(seconds, 1),
            "compared_again_seconds": round(time.monotonic() - again, 1), "differences": 0,
        }  # fmt: skip


def _pages(clinic: Clinic, calls: int, rounds: int) -> Iterator[Line]:
    """Every page in turn, so many times, after one that does not count."""
    paths = clinic.paths()
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in paths}
    for turn in range(rounds + 1):
        for name, (client, path) in paths.items():
            began, used = time.perf_counter(), time.thread_time()
            response = client.get(path)
            if turn:
                took[name].append((time.perf_counter() - began, time.thread_time() - used))
            assert response.status_code == 200, f"{path}: {response.status_code}"
    for name, seconds in took.items():
        wall, cpu = (sorted(1000 * one for one in some) for some in zip(*seconds, strict=True))
        yield {
            "measure": "page", "page": name, "calls": calls, "times": rounds, "p50_ms": round(wall[rounds // 2], 1),
            "p95_ms": round(wall[int(rounds * 0.95) - 1], 1), "cpu_p50_ms": round(cpu[rounds // 2], 1),
            "cpu_p95_ms": round(cpu[int(rounds * 0.95) - 1], 1),
        }  # fmt: skip


def _exported(clinic: Clinic, calls: int, most: int = 20_000) -> Line:
    """The file of the whole log as it streams: lines a second, over its first lines."""
    began = time.perf_counter()
    stream = clinic.clients[0].get("/calls/export.csv").streaming_content
    lines = sum(1 for _ in islice(stream, min(calls, most)))
    return {"measure": "export", "calls": calls, "lines_a_second": round(lines / (time.perf_counter() - began))}
