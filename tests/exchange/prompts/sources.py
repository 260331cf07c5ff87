"""Which prompts the dialogues say, read from their source without running it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from peerline.pairs.phone import NOT_REACHED

ROOT = Path(__file__).resolve().parents[3]


class Use(NamedTuple):
    """One prompt said at one place. key: a regular expression when part of it is only known in a call.

    values: the names of the values given to it; None when they can not be read from the source.
    """

    key: str
    values: frozenset[str] | None
    where: str


# Keys that a dialogue puts together during a call, and all that they can become.
PUT_TOGETHER = {
    r"emergency\.\w+": {"emergency.us"},
    r"pair\.\w+": {f"pair.{why}" for why in NOT_REACHED},
    r"hours\.open_\w+": {
        f"hours.open_{days}{closed}" for days in ("all", "weekdays", "weekend", "day") for closed in ("", "_closed")
    },
}


def dialogue_files() -> list[Path]:
    """Every source that says a prompt, wherever it lives."""
    sources = [*(ROOT / "peerline").rglob("*.py"), *(ROOT / "config").glob("*.py")]
    besides = {ROOT / "peerline/kernel/dialogue.py", ROOT / "peerline/exchange/prompts/__init__.py"}
    return sorted(path for path in sources if path not in besides and "Say(" in path.read_text())


def uses_in(source: str, where: str) -> list[Use]:
    """Every prompt that this source surely says: Say(…), the options of choose(…), the prompt of ask_number(…)."""
    return list(_uses(ast.parse(source), where))


def words_in(source: str) -> set[str]:
    """Every string in this source, and every pattern of one: a prompt may travel as an argument before it is said."""
    tree = ast.parse(source)
    found = {key for node in ast.walk(tree) for key in _keys(node)}
    return {word for key in found for word in PUT_TOGETHER.get(key, {key})}


def options_in(source: str) -> list[tuple[str, str]]:
    """(key of the telephone, prompt) of every option that a choose(…) in this source offers by name."""
    pairs = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Tuple) and len(node.elts) == 2)
    values = (tuple(getattr(part, "value", None) for part in pair.elts) for pair in pairs)
    return [(key, text) for key, text in values if isinstance(text, str) and re.fullmatch(r"[\d*#]", str(key))]


def _uses(tree: ast.AST, where: str) -> Iterator[Use]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name, at = getattr(node.func, "id", getattr(node.func, "attr", "")), f"{where}:{node.lineno}"
        if name == "Say" and node.args:
            given = [keyword.arg for keyword in node.keywords]
            values = None if None in given else frozenset(given)
            yield from (Use(key, values, at) for key in _branches(node.args[0]))
        if name == "choose" and len(node.args) > 1:
            yield from (Use(key, frozenset(), at) for pair in _pairs(node.args[1]) for key in _branches(pair.elts[1]))
        if name == "ask_number" and len(node.args) > 1:
            yield from (Use(key, frozenset(), at) for key in _branches(node.args[1]))
        for keyword in node.keywords:
            if keyword.arg in ("prompt", "whisper"):
                yield from (Use(key, None, at) for key in _branches(keyword.value))


def _branches(node: ast.AST) -> Iterator[str]:
    """The strings that an expression may be: itself, or either side of a choice."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _branches(value)
    else:
        yield from _keys(node)


def _keys(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.JoinedStr):
        parts = (re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values)
        yield "".join(parts)
