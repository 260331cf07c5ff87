"""A clinic's list in, a list of pairs out, without a server."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from peerline.matching import sentences
from peerline.matching.cohort import Person
from peerline.matching.matching import Result
from peerline.programs import roster
from peerline.programs.roster import Entry, RosterError

HOME_ZONE = "America/Detroit"  # of a list that names none, as everywhere in Peerline
COLUMNS = (
    "First", "Second", "Third", "Fit of 100", "Common hours a week", "Second's place for first", "First's place for second", "Why",
)  # fmt: skip


class BadRoster(ValueError):
    """`args[0]`: a sentence for each thing that is wrong, with its line."""


def people_in(data: bytes, this_year: int) -> list[Person]:
    """Everybody on the list, or BadRoster and nobody."""
    try:
        table = roster.read(data)
        parsed = roster.parse(table, roster.guess(table.header), this_year)
    except RosterError as reason:
        raise BadRoster([sentences.FILES[reason.word]]) from reason
    if parsed.problems:
        raise BadRoster([sentences.of_row(problem) for problem in parsed.problems])
    names = Counter(_name(entry) for entry in parsed.entries)
    return [_person(entry, names, this_year) for entry in parsed.entries]


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
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(result, full))
    return out.getvalue()


def _rows(result: Result, full: dict[str, int]) -> Iterator[list[str | int]]:
    for pair in result.pairs:
        first, second, third = (*pair.keys, "")[:3]
        places = pair.ranks[first, second], pair.ranks[second, first]
        why = sentences.reasons(pair.features, full)
        yield [first, second, third, sentences.percent(pair.points), pair.common_hours, *places, why]
    for one in result.left_out:
        yield [one.key, "", "", "", "", "", "", f"no partner: {sentences.ALONE[one.why]}"]


def write_whole(path: Path, text: str) -> None:
    """The file is there whole, or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
