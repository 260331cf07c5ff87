"""A clinic's list in, a list of pairs out, without a server."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from peerline.matching import sentences
from peerline.matching.cohort import Person
from peerline.matching.matching import Result
from peerline.matching.mentors import Mentored
from peerline.matching.rules import Couple, couples
from peerline.people.rules import folded
from peerline.programs import roster
from peerline.programs.roster import Entry, Problem, RosterError, Table

HOME_ZONE = "America/Detroit"  # of a list that names none, as everywhere in Peerline
TAKES = ("takes", "room", "atiende", "cupo")  # names of a column that only matching reads: how many a mentor takes
HOUSEHOLD = ("household", "hogar")  # and another: whoever has the same word there lives together
COLUMNS = (
    "First", "Second", "Third", "Fit of 100", "Common hours a week", "Second's place for first", "First's place for second", "Why",
)  # fmt: skip
MENTOR_COLUMNS = ("Person", "Mentor", "Fit of 100", "Common hours a week", "Mentor's place for person", "Why")


class BadRoster(ValueError):
    """`args[0]`: a sentence for each thing that is wrong, with its line."""


@dataclass(frozen=True)
class Listed:
    """Everybody on a list. homes: a telephone number or household → whose it is. room: of mentors, how many each takes."""

    people: list[Person]
    homes: dict[str, set[str]]
    room: dict[str, int]


def people_in(data: bytes, this_year: int, *, room: int = 0) -> Listed:
    """Everybody on the list, or BadRoster and nobody. room: of mentors of whom the list does not say it."""
    try:
        table = roster.read(data)
        parsed = roster.parse(table, roster.guess(table.header), this_year)
    except RosterError as reason:
        raise BadRoster([sentences.FILES[reason.word]]) from reason
    takes, households = _column(table, TAKES), _column(table, HOUSEHOLD)
    unclear = [Problem(line, "takes", "not_a_number", text[:40]) for line, text in takes.items() if not _is_few(text)]
    if problems := sorted([*parsed.problems, *unclear], key=lambda one: one.line):
        raise BadRoster([sentences.of_row(problem) for problem in problems])
    names = Counter(_name(entry) for entry in parsed.entries)
    found = Listed([], {}, {})
    for entry in parsed.entries:
        person = _person(entry, names, this_year)
        found.people.append(person)
        found.room[person.key] = int(takes.get(entry.line) or room)
        for home in filter(None, (entry.phone, folded(households.get(entry.line, "")))):
            found.homes.setdefault(home, set()).add(person.key)
    return found


def together(*lists: Listed) -> frozenset[Couple]:
    """Those who share a telephone number or a household, on one of these lists or across them."""
    homes = {home for one in lists for home in one.homes}
    return couples(set().union(*(one.homes.get(home, ()) for one in lists)) for home in homes)


def _column(table: Table, names: tuple[str, ...]) -> dict[int, str]:
    """Line → cell of the first column of one of these names; empty without it."""
    columns = [at for at, name in enumerate(table.header) if folded(name) in names]
    return {line: cells[at] for at in columns[:1] for line, cells in table.records if at < len(cells)}


def _is_few(text: str) -> bool:
    return not text or (text.isascii() and text.isdecimal() and len(text) < 5)


def _name(entry: Entry) -> str:
    """What the list itself calls a person: the registry number, else the name."""
    full = f"{entry.first_name} {entry.facts.get('last_name', '')}".strip()
    return entry.facts.get("registry_id") or entry.nickname or full


def _person(entry: Entry, names: Counter[str], this_year: int) -> Person:
    facts, known = entry.facts, entry.matching
    name = _name(entry)
    return Person(
        key=name if names[name] == 1 else f"{name} (line {entry.line})",
        languages=(entry.language,),
        time_zone=facts.get("time_zone", HOME_ZONE),
        blocked=entry.blocked,
        gender=facts.get("gender", ""),
        wants=known.get("gender_preference", ""),
        age=this_year - facts["born_year"] if "born_year" in facts else None,
        a1c_percent=known.get("a1c_percent"),
        insulin=known.get("insulin"),
        diabetes_type=known.get("diabetes_type", ""),
        years=this_year - known["diagnosed_year"] if "diagnosed_year" in known else None,
        challenges=tuple(known.get("challenges", ())),
        culture=facts.get("culture", ""),
    )


def pairs_as_csv(result: Result, full: dict[str, int]) -> str:
    """One row a pair, and one for everybody who is left out. full: what each feature gives at most."""
    return _as_csv(COLUMNS, _rows(result, full))


def _as_csv(header: Iterable[str], rows: Iterable[Iterable[str | int]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _rows(result: Result, full: dict[str, int]) -> Iterator[list[str | int]]:
    for pair in result.pairs:
        first, second, third = (*pair.keys, "")[:3]
        places = pair.ranks[first, second], pair.ranks[second, first]
        why = sentences.reasons(pair.features, full)
        yield [first, second, third, sentences.percent(pair.points), pair.common_hours, *places, why]
    for one in result.left_out:
        yield [one.key, "", "", "", "", "", "", f"no partner: {sentences.ALONE[one.why]}"]


def mentors_as_csv(found: Mentored) -> str:
    """One row a person with their mentor, and one for everybody who has none."""
    rows = [
        [one.person, one.mentor, sentences.percent(one.points), one.common_hours, one.place, sentences.reasons(one.features, found.full)]
        for one in found.pairs
    ]  # fmt: skip
    left = [[one.key, "", "", "", "", f"no mentor: {sentences.NO_MENTOR[one.why]}"] for one in found.left_out]
    return _as_csv(MENTOR_COLUMNS, [*rows, *left])


def write_whole(path: Path, text: str) -> None:
    """The file is there whole, or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
