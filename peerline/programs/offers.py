"""The protocols this server offers, and those its programs began with.

What a program began with stays, word for word, in a table of its own: a file may be changed or taken away, and nobody's
program changes with it. A changed file with the same version is refused.
"""

from dataclasses import dataclass

from django.conf import settings

from peerline.programs import words
from peerline.programs.models import KeptProtocol
from peerline.programs.protocols import shelf
from peerline.programs.protocols.reading import Problem
from peerline.programs.protocols.shape import Protocol
from peerline.programs.protocols.shelf import OnShelf

FIRST = "reciprocal-pairs"


@dataclass(frozen=True)
class Refused:
    """A file that cannot be offered: its name, and a sentence for each thing wrong with it, with its line."""

    name: str
    sentences: list[str]


def on_shelf(key: str) -> OnShelf | None:
    """The newest file with this key."""
    return shelf.newest(settings.PROTOCOLS).get(key)


def offered() -> tuple[list[Protocol], list[Refused]]:
    """What a program can be made from, the trial's own first, and which files are refused."""
    newest = sorted(shelf.newest(settings.PROTOCOLS).items(), key=lambda one: one[0] != FIRST)
    usable = [file for _key, file in newest if not was_changed(file)]
    refused = [Refused(file.path.name, said) for file in shelf.files(settings.PROTOCOLS) if (said := sentences(file))]
    return [file.protocol for file in usable if file.protocol], refused


def newer_than(key: str, version: int) -> Protocol | None:
    """A version on the shelf that a program with this one could take."""
    file = on_shelf(key)
    if file is None or file.protocol is None or file.protocol.version <= version or was_changed(file):
        return None
    return file.protocol


def was_changed(file: OnShelf) -> bool:
    """Did a program begin with this version under another text? Comments and spaces may change."""
    if file.protocol is None:
        return False
    kept = _kept(file.protocol.key, file.protocol.version)
    return kept is not None and shelf.parsed(kept) != file.protocol


def sentences(file: OnShelf) -> list[str]:
    """What is wrong with this file, a sentence each, in the language in force."""
    problems = [*file.problems, *([Problem(1, "version", "version_changed")] if was_changed(file) else [])]
    return [sentence(file, one) for one in problems]


def sentence(file: OnShelf, problem: Problem) -> str:
    """ "mine.toml, line 12, sessions[2].kind: “video” is none of these: group, telephone." """
    at = words.WHERE % {"file": file.path.name, "line": problem.line}
    return f"{at}{', ' + problem.key if problem.key else ''}: {words.problem(problem.word, problem.facts)}"


def _kept(key: str, version: int) -> str | None:
    return KeptProtocol.objects.filter(key=key, version=version).values_list("text", flat=True).first()


def protocol(key: str, version: int) -> Protocol | None:
    """That version as it was kept, or, before any program began with it, as it stands on the shelf."""
    text = _remembered.get((key, version)) or _kept(key, version)
    if text is not None:
        _remembered[key, version] = text
        return shelf.parsed(text)
    files = (file.protocol for file in shelf.files(settings.PROTOCOLS) if file.protocol)
    return next((one for one in files if (one.key, one.version) == (key, version)), None)


_remembered: dict[tuple[str, int], str] = {}  # a kept text never changes
