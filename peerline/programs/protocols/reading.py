"""From the text of a file to a Protocol. Everything wrong with it is found in one go, each with its line."""

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any

from peerline.programs.protocols.lines import Path, line_of, where
from peerline.programs.protocols.shape import LEVELS, Bad, Criterion, Protocol

WRITTEN_AS = {"equals": "is"}  # what is a word of Python's own
_TOMLS_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


@dataclass(frozen=True)
class Problem:
    """What is wrong on which line. key: "sessions[3].kind". word and facts: see words.PROTOCOL_PROBLEMS."""

    line: int
    key: str
    word: str
    facts: dict[str, Any] = field(default_factory=dict, hash=False)


class BadProtocol(ValueError):
    """A text that is no protocol; .problems, in the order of their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.line, one.key))
        super().__init__("; ".join(f"line {one.line}: {one.key}: {one.word}" for one in self.problems))


def read(text: str) -> Protocol:
    """The protocol this text holds. Raises BadProtocol with all that is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProtocol([_broken(text, str(error))]) from error
    reader = _Reader(where(text))
    protocol: Protocol | None = reader.table(Protocol, data, ())
    if not reader.problems and protocol is not None:
        reader.look_at_the_whole(protocol)
    if reader.problems or protocol is None:
        raise BadProtocol(reader.problems)
    return protocol


_questionnaires: list[Callable[[], Collection[str]]] = []


def knows(keys: Callable[[], Collection[str]]) -> None:
    """keys(): the questionnaires this server can ask; the room that has them says so."""
    _questionnaires.append(keys)


def unknown_questionnaires(text: str, protocol: Protocol) -> list[Problem]:
    """Those a file to begin with asks and nobody has. What a program began with stays, whatever is taken away later."""
    known, found = {key for keys in _questionnaires for key in keys()}, where(text)
    return [
        Problem(
            line_of(found, path), _spelled(path), "not_a_choice", {"value": key, "choices": ", ".join(sorted(known))}
        )
        for row, one in enumerate(protocol.assessments)
        for at, key in enumerate(one.instruments)
        if key not in known and (path := ("assessments", row, "instruments", at))
    ]


def _broken(text: str, message: str) -> Problem:
    at = _TOMLS_LINE.search(message)
    line = int(at[1]) if at and at[1] else max(1, len(text.splitlines()))
    return Problem(line, "", "not_toml", {"why": _TOMLS_LINE.sub("", message).strip()})


class _Reader:
    """Walks the shape and the data side by side, and gathers what does not fit."""

    def __init__(self, found: dict[Path, int]) -> None:
        self._where = found
        self.problems: list[Problem] = []

    def note(self, path: Path, word: str, **facts: Any) -> None:
        self.problems.append(Problem(line_of(self._where, path), _spelled(path), word, facts))

    def table(self, kind: type, data: Any, path: Path) -> Any:
        """An instance of this kind, or None when something in it does not fit."""
        if not isinstance(data, dict):
            self.note(path, "not_a_table")
            return None
        before = len(self.problems)
        wanted = {WRITTEN_AS.get(one.name, one.name): one for one in fields(kind)}
        for unknown in data.keys() - wanted.keys():
            near = difflib.get_close_matches(unknown, wanted, 1)
            self.note((*path, unknown), "unknown_key_near" if near else "unknown_key", near="".join(near))
        values = {one.name: self._value(one, data[key], (*path, key)) for key, one in wanted.items() if key in data}
        for key, one in wanted.items():
            if key not in data and one.default is MISSING and one.default_factory is MISSING:
                self.note((*path, key), "missing")
        return kind(**values) if len(self.problems) == before else None

    def _value(self, one: "Field[Any]", value: Any, path: Path) -> Any:
        if "table" in one.metadata:
            return self.table(one.metadata["table"], value, path)
        if "rows" in one.metadata:
            return self._rows(one.metadata["rows"], value, path)
        try:
            return one.metadata["check"](value)
        except Bad as bad:
            self.note(path, bad.word, **bad.facts)
            return None

    def _rows(self, kind: type, value: Any, path: Path) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self.note(path, "not_rows")
            return ()
        return tuple(self.table(kind, row, (*path, at)) for at, row in enumerate(value))

    def look_at_the_whole(self, protocol: Protocol) -> None:
        """What only shows when everything is there."""
        for path, word, facts in _whole(protocol):
            self.note(path, word, **facts)


def _spelled(path: Path) -> str:
    """("sessions", 2, "kind") → "sessions[3].kind": rows are counted from 1, as people do."""
    spelled = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return spelled.removeprefix(".")


def _whole(protocol: Protocol) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    for group in ("sessions", "assessments", "phases", "eligibility"):
        for at in _twice([row.key for row in getattr(protocol, group)]):
            yield (group, at, "key"), "twice", {}
    for at in _twice([rung.level for rung in protocol.escalation]):
        yield ("escalation", at, "level"), "twice", {}
    missing = [level for level in LEVELS if level not in {rung.level for rung in protocol.escalation}]
    if protocol.escalation and missing:
        yield ("escalation", 0), "levels_missing", {"levels": ", ".join(missing)}
    for at, criterion in enumerate(protocol.eligibility):
        if len(_conditions(criterion)) != 1 and not _is_range(criterion):
            yield ("eligibility", at), "not_one_condition", {}
    if protocol.phases and min(phase.from_week for phase in protocol.phases) > 0:
        yield ("phases", 0, "from_week"), "no_first_phase", {}


def _twice(keys: list[str]) -> list[int]:
    """Where a key stands that stood above already."""
    seen: Counter[str] = Counter()
    again = []
    for at, key in enumerate(keys):
        if seen[key]:
            again.append(at)
        seen[key] += 1
    return again


def _conditions(criterion: Criterion) -> list[str]:
    given = {"at_least": criterion.at_least, "at_most": criterion.at_most, "is": criterion.equals}
    return [name for name, value in given.items() if value is not None] + (["one_of"] if criterion.one_of else [])


def _is_range(criterion: Criterion) -> bool:
    """At least one and at most another: a range is one condition."""
    return _conditions(criterion) == ["at_least", "at_most"] and (criterion.at_least or 0) <= (criterion.at_most or 0)
