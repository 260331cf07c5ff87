"""Which prompts the dialogues say, read from their source without running it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from peerline.outcomes import instruments
from peerline.pairs.phone import NOT_REACHED
from peerline.plans.rules import DOMAINS

ROOT = Path(__file__).resolve().parents[3]
SPOKEN = [one for one in map(instruments.of, instruments.keys()) if one.spoken]
DAYS = ("all", "weekdays", "weekend", "day")

# Prompts whose name a dialogue puts together during a call (an f-string), and all that it can become.
PUT_TOGETHER = {
    "emergency.{}": {"emergency.us"},
    "training.screen_{}": {f"training.screen_{number}" for number in range(1, 7)},
    "training.try_{}": {f"training.try_{number}" for number in range(1, 7)},
    **{
        f"training.{part}_{{}}": {f"training.{part}_{n}" for n in (1, 2, 3)}
        for part in ("ask", "first", "second", "because")
    },
    "plan.hard_{}": {f"plan.hard_{domain}" for domain in DOMAINS},
    "missed.{}": {f"missed.{why}" for why in NOT_REACHED},
    "ask.{}": {f"ask.{one.opening_of or one.key}" for one in SPOKEN if one.stem}
    | {f"ask.{item.same_as or one.key}_{item.key}" for one in SPOKEN for item in one.items},
    "hours.open_{}": {f"hours.open_{days}{closed}" for days in DAYS for closed in ("", "_closed")},
}


class Use(NamedTuple):
    """One prompt said at one place. values: the names given to it; None when the source does not show them."""

    key: str
    values: frozenset[str] | None
    where: str


def dialogue_files() -> list[Path]:
    """Every source that says a prompt, wherever it lives."""
    sources = [*(ROOT / "peerline").rglob("*.py"), *(ROOT / "config").glob("*.py")]
    besides = {ROOT / "peerline/kernel/dialogue.py", ROOT / "peerline/exchange/prompts/__init__.py"}
    return sorted(path for path in sources if path not in besides and "Say(" in path.read_text())


def uses_in(source: str, where: str) -> list[Use]:
    """Every prompt that this source surely says: Say(…), an option ("1", prompt), the prompt of ask_number(…)."""
    options = [Use(prompt, frozenset(), where) for _key, prompt in options_in(source)]
    said = [*_uses(ast.parse(source), where), *options]
    return [use._replace(key=key) for use in said for key in sorted(PUT_TOGETHER.get(use.key, {use.key}))]


def words_in(source: str) -> set[str]:
    """Every string in this source: a prompt may travel as an argument before it is said."""
    found = {key for node in ast.walk(ast.parse(source)) for key in _strings(node)}
    return {word for key in found for word in PUT_TOGETHER.get(key, {key})}


def options_in(source: str) -> list[tuple[str, str]]:
    """(key of the telephone, prompt) of every option that a choice in this source offers by name."""
    pairs = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Tuple) and len(node.elts) == 2)
    values = (tuple(str(getattr(part, "value", "")) for part in pair.elts) for pair in pairs)
    return [(key, text) for key, text in values if re.fullmatch(r"[\d*#]", key) and re.fullmatch(r"\w+(\.\w+)+", text)]


def _uses(tree: ast.AST, where: str) -> Iterator[Use]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name, at = getattr(node.func, "id", getattr(node.func, "attr", "")), f"{where}:{node.lineno}"
        if name == "Say" and node.args:
            given = [keyword.arg for keyword in node.keywords]
            values = None if None in given else frozenset(map(str, given))
            yield from (Use(key, values, at) for key in _branches(node.args[0]))
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
        yield from _strings(node)


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
