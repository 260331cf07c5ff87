"""`./run bench timeline --people 10000 1000000`: what it costs to know what is due, by the number of people enrolled.

Half as many pairs as people, in a hundred programs and eight zones, each silent for up to thirty days; everybody with
blocked hours. Measured: a tick when nothing is due, a tick with its minute's worth, the plan of a whole day (who falls due,
and the first quarter of an hour in which both may be rung), and its rows written. The peer is the loop that reads each
pair and its people and asks ZoneInfo; it must come to the very same answers.
"""

import argparse
import random
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

Line = dict[str, Any]

PROGRAMS, DAYS_SILENT = 100, 30
ZONES = (
    "America/New_York", "America/Detroit", "America/Chicago", "America/Denver", "America/Phoenix",
    "America/Los_Angeles", "Pacific/Honolulu", "America/Puerto_Rico",
)  # fmt: skip
NOW = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
AT_ONCE = 20_000
DAY = timedelta(days=1)


def register(benches: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = benches.add_parser("timeline", help="a tick and a day's plan by the number of people enrolled")
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 1_000_000], help="smallest first")
    parser.add_argument("--rounds", type=int, default=9, help="how often each is measured; the median counts")
    parser.set_defaults(measure=measure, tables=True)


def measure(args: argparse.Namespace) -> Iterator[Line]:
    clinic = Clinic()
    for people in sorted(args.people):
        began = time.monotonic()
        clinic.grow_to(people)
        yield {"measure": "written", "people": people, "seconds": round(time.monotonic() - began, 1)}
        for line in measured(args.rounds):
            yield {"people": people, **line}


def measured(rounds: int) -> Iterator[Line]:
    """The set-based answers, then the loop's, and the rows at last, for they make the next question another one."""
    from django.apps import apps

    from peerline.kernel import clock
    from peerline.programs import timeline

    duty = timeline._duties["pairs.reminder"]
    apps.get_model("programs.DueThing").objects.all().delete()
    minutes = iter(range(1, 10_000))

    def ticked() -> None:
        at = NOW + next(minutes) * timedelta(minutes=1)
        with clock.running_on(lambda: at):
            timeline.minute()

    with clock.running_on(lambda: NOW):
        for name in ("", *timeline._duties):
            apps.get_model("programs.Asked").objects.update_or_create(
                duty=name, defaults={"until": NOW, "fully_at": NOW}
            )
    yield {
        "measure": "question of a tick",
        **timed(rounds, lambda: list(duty.between(NOW, NOW + timedelta(minutes=1)))),
    }
    yield {"measure": "question of an idle tick", **timed(rounds, lambda: list(duty.between(NOW, NOW)))}
    yield {"measure": "whole tick, with its minute's rows", **timed(rounds, ticked)}
    apps.get_model("programs.DueThing").objects.all().delete()
    plan = timed(min(rounds, 5), lambda: planned(duty), answer := [])
    yield {"measure": "plan of a day", "due": len(answer[0]), **plan}
    loop = timed(1, lambda: looped(duty), told := [])
    yield {
        "measure": "the same by a loop over people", "due": len(told[0]), **loop,
        "times_the_plan": round(loop["p50_ms"] / plan["p50_ms"], 1), "differences": len(set(answer[0]) ^ set(told[0])),
    }  # fmt: skip
    tick = timed(1, lambda: due_now_by_loop(NOW))
    yield {"measure": "a tick by a loop over people", **tick}


def timed(rounds: int, act: Any, answers: list[Any] | None = None) -> Line:
    clocks, cpus = [], []
    for _ in range(rounds):
        began, cpu = time.perf_counter(), time.process_time()
        answer = act()
        clocks.append(time.perf_counter() - began)
        cpus.append(time.process_time() - cpu)
    if answers is not None:
        answers.append(answer)
    return {"p50_ms": _middle(clocks), "cpu_p50_ms": _middle(cpus), "worst_ms": round(max(clocks) * 1000, 1)}


def _middle(seconds: list[float]) -> float:
    return round(sorted(seconds)[len(seconds) // 2] * 1000, 2)


def planned(duty: Any) -> list[tuple[str, str, datetime | None]]:
    """(subject, occurrence, the first quarter in which it may ring) of the day, by sets."""
    from peerline.kernel.quarters import QUARTER, quarter_of
    from peerline.programs import outbound

    begins = quarter_of(NOW)
    due = list(duty.between(NOW, NOW + DAY))
    bits = outbound.free_quarters([(duty, one.people, one.at, one.until) for one in due], begins)
    return [
        (one.subject, one.occurrence, begins + ((row & -row).bit_length() - 1) * QUARTER if row else None)
        for one, row in zip(due, bits, strict=True)
    ]


# --- The peer ---------------------------------------------------------------------------------------------------------


def looped(duty: Any) -> list[tuple[str, str, datetime | None]]:
    """Pair by pair, person by person, instant by instant: how it would be written first."""
    found = []
    for pair, people in _pairs_with_people():
        stretch = timedelta(days=pair.program.remind_after_days)
        for count in (1, 2, 3):
            begins = pair.silent_since + count * stretch
            if NOW < begins <= NOW + DAY:
                at = _first_free(people, begins, begins + stretch, duty.hours)
                found.append((f"pair:{pair.pk}", f"{pair.silent_since:%Y-%m-%d}+{count}", at))
    return found


def _pairs_with_people() -> Iterator[tuple[Any, list[Any]]]:
    from django.apps import apps

    pairs = apps.get_model("pairs.Pair").objects.filter(ended_at=None).select_related("program").order_by("pk")
    for pair in pairs.prefetch_related("partners__person").iterator(chunk_size=400):
        yield pair, [partner.person for partner in pair.partners.all() if partner.active]


def _first_free(people: list[Any], begins: datetime, until: datetime, hours: int) -> datetime | None:
    from peerline.kernel import week
    from peerline.kernel.quarters import QUARTER, quarter_of

    at, end = quarter_of(begins), quarter_of(NOW) + DAY
    while at < min(end, until):
        if all(week.holds(hours & ~one.blocked, at, one.time_zone) for one in people):
            return at
        at += QUARTER
    return None


def due_now_by_loop(now: datetime) -> int:
    """What a tick would be: each pair looked at, whether it is silent for long enough and may be rung now."""
    from peerline.kernel import week

    due = 0
    for pair, people in _pairs_with_people():
        silent = now - pair.silent_since >= timedelta(days=pair.program.remind_after_days)
        free = [not week.holds(one.blocked, now, one.time_zone) for one in people]
        due += silent and all(free)
    return due


# --- The people -------------------------------------------------------------------------------------------------------


class Clinic:
    """A hundred programs; people are copies of one, with a zone and hours of their own."""

    def __init__(self) -> None:
        from peerline.people import services as people
        from peerline.people.access import PLATFORM
        from peerline.programs import services as programs

        organization = people.make_organization(PLATFORM, name="Bench")
        self.programs = [
            programs.make_program(PLATFORM, organization_id=organization.pk, name=f"Program {number}", begins_on=NOW.date())
            for number in range(PROGRAMS)
        ]  # fmt: skip
        place = people.Place(organization.pk)
        self.one = people.add_person(PLATFORM, place=place, first_name="Some", nickname="Body")
        self.dice, self.size = random.Random(1), 0
        self.first = self.one.pk + 1

    def grow_to(self, people: int) -> None:
        new = range(self.first + self.size, self.first + people)
        couples = list(zip(new[::2], new[1::2], strict=True))
        copies("people.Person", self.one, ({"id": pk, **self._hours()} for pk in new))
        self._enroll(couples)
        self._pair_up(couples)
        self.size = people

    def _hours(self) -> dict[str, str]:
        from peerline.kernel import week

        shut = week.of_days(range(7), 0, self.dice.randrange(12)) | week.of_days([6], 0, self.dice.randrange(1, 24))
        return {"time_zone": self.dice.choice(ZONES), "blocked_week": week.as_text(shut)}

    def _program(self, one: int) -> int:
        return int(self.programs[one % PROGRAMS].pk)

    def _enroll(self, couples: list[tuple[int, int]]) -> None:
        from django.apps import apps

        model = apps.get_model("programs.Enrollment")
        first = model(pk=1, person=self.one, program=self.programs[0], began_at=NOW - 40 * DAY)
        rows = ({"id": one, "person_id": one, "program_id": self._program(two[0])} for two in couples for one in two)
        copies("programs.Enrollment", first, rows)

    def _pair_up(self, couples: list[tuple[int, int]]) -> None:
        from django.apps import apps

        began = NOW - 40 * DAY
        pair = apps.get_model("pairs.Pair")(pk=1, program=self.programs[0], began_at=began, silent_since=began)
        partner = apps.get_model("pairs.Partner")(pk=1, pair=pair, program=self.programs[0], person=self.one)
        copies("pairs.Pair", pair, (
            {"id": two[0], "program_id": self._program(two[0]), "silent_since": NOW - self.dice.random() * DAYS_SILENT * DAY}
            for two in couples
        ))  # fmt: skip
        copies("pairs.Partner", partner, (
            {"id": one, "pair_id": two[0], "person_id": one, "program_id": self._program(two[0])}
            for two in couples for one in two
        ))  # fmt: skip


def copies(name: str, first: Any, changes: Iterable[dict[str, Any]]) -> None:
    """Rows like `first`, but for what is named, as plain inserts: a million take seconds instead of minutes."""
    from django.apps import apps
    from django.db import connection, transaction

    fields = apps.get_model(name)._meta.concrete_fields
    kept = {field.column: field.get_db_prep_save(field.pre_save(first, False), connection) for field in fields}
    prepared = {field.column: field for field in fields}
    marks = ", ".join(["%s"] * len(fields))
    names = ", ".join(f'"{column}"' for column in kept)
    sql = f'INSERT INTO "{fields[0].model._meta.db_table}" ({names}) VALUES ({marks})'  # noqa: S608
    rows = (
        [*(kept | {key: prepared[key].get_db_prep_save(value, connection) for key, value in one.items()}).values()]
        for one in changes
    )
    with connection.cursor() as cursor:
        while some := list(islice(rows, AT_ONCE)):
            with transaction.atomic():
                cursor.executemany(sql, some)
