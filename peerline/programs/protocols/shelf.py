"""Which protocols this server has: those shipped beside this file, and a site's own in <state>/protocols/.

A site's own file with the key of a shipped one stands in its place, if its version is higher.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from peerline.programs.protocols.reading import BadProtocol, Problem, read, unknown_questionnaires
from peerline.programs.protocols.shape import Protocol

SHIPPED = Path(__file__).parent


@dataclass(frozen=True)
class OnShelf:
    """One file: its text and its protocol, or what is wrong with it."""

    path: Path
    text: str
    protocol: Protocol | None
    problems: tuple[Problem, ...] = ()


def files(own: Path | None = None) -> list[OnShelf]:
    """Every file, shipped ones first, by name."""
    folders = [SHIPPED] + ([own] if own is not None and own.is_dir() else [])
    return [look(path) for folder in folders for path in sorted(folder.glob("*.toml"))]


def look(path: Path) -> OnShelf:
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        protocol = parsed(text)
    except BadProtocol as bad:
        return OnShelf(path, text, None, tuple(bad.problems))
    problems = tuple(unknown_questionnaires(text, protocol))
    return OnShelf(path, text, None if problems else protocol, problems)


@lru_cache(maxsize=64)
def parsed(text: str) -> Protocol:
    """As reading.read, remembered by text: a protocol is frozen, so one copy serves all."""
    return read(text)


def newest(own: Path | None = None) -> dict[str, OnShelf]:
    """key → the file with its highest version; shipped before a site's own of the same version."""
    best: dict[str, OnShelf] = {}
    for file in files(own):
        if file.protocol is None:
            continue
        held = best.get(file.protocol.key)
        if held is None or held.protocol is None or file.protocol.version > held.protocol.version:
            best[file.protocol.key] = file
    return best
