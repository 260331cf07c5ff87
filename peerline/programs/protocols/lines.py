"""On which line of a TOML file something stands. tomllib does not say, so the lines are read once more for it."""

import re

_HEAD = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")
_ASSIGNS = re.compile(r"\s*([\w-]+)\s*=")
_STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')

Path = tuple[str | int, ...]  # ("sessions", 2, "kind")


def where(text: str) -> dict[Path, int]:
    """Path → line, from 1, for every table and key that begins on a line of its own."""
    found: dict[Path, int] = {(): 1}
    counts: dict[str, int] = {}
    table: Path = ()
    depth = 0
    for at, line in enumerate(text.splitlines(), 1):
        if depth == 0 and (head := _HEAD.match(line)):
            table = _table(head[1], head[2], counts)
            found.setdefault(table, at)
        elif depth == 0 and (assigns := _ASSIGNS.match(line)):
            found.setdefault((*table, assigns[1]), at)
        depth = max(0, depth + _opened(line)) if not _HEAD.match(line) else depth
    return found


def _table(brackets: str, named: str, counts: dict[str, int]) -> Path:
    """The path of a header; a [[row]] is counted."""
    if brackets == "[":
        return tuple(named.split("."))
    counts[named] = counts.get(named, -1) + 1
    return (*named.split("."), counts[named])


def _opened(line: str) -> int:
    """How many brackets stay open at the end of this line."""
    bare = _STRING.sub("", line)
    return sum(bare.count(one) for one in "[{") - sum(bare.count(one) for one in "]}")


def line_of(found: dict[Path, int], path: Path) -> int:
    """The line of this path, or of the nearest thing around it."""
    while path not in found:
        path = path[:-1]
    return found[path]
