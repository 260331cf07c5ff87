"""`./run requirements`: which line of tests/requirements.toml is proven by which tests, written to the docs.

The marks are read from the tests' sources, nothing is run: a test that is skipped on this machine counts all the same.
"""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS, LINES, TABLE = ROOT / "tests", ROOT / "tests/requirements.toml", ROOT / "docs/reference/requirements.md"
HEAD = """# What is required, and which tests prove it

Made by `./run requirements` from `tests/requirements.toml` and the tests' own marks; do not edit it by hand.

| Part | Lines | Proven |
|---|---|---|
"""


def write() -> str:
    """Bring the table up to date; a sentence about it."""
    TABLE.write_text(table(parts(), proofs()))
    return f"{TABLE.relative_to(ROOT)} is written."


def parts() -> dict[str, dict[str, str]]:
    """Title of a part → its lines, number → sentence."""
    return tomllib.loads(LINES.read_text())


def proofs(folder: Path = TESTS) -> dict[str, list[str]]:
    """Number of a line → the tests that name it, as file::name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for name, numbers in marked(path.read_text()):
            for number in numbers:
                found[number].append(f"{path.relative_to(folder)}::{name}")
    return dict(found)


def marked(source: str) -> Iterator[tuple[str, list[str]]]:
    """Each test of a file with the numbers its own mark, its class's and its file's `pytestmark` name."""
    tree = ast.parse(source)
    of_file = [number for node in tree.body if _is_pytestmark(node) for number in numbers_in(node)]
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        of_class = _decorated(node) if isinstance(node, ast.ClassDef) else []
        for test in inside:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                yield test.name, list(dict.fromkeys([*_decorated(test), *of_class, *of_file]))


def numbers_in(node: ast.AST) -> list[str]:
    """The arguments of every `…mark.req(…)` in this piece of source."""
    calls = (one for one in ast.walk(node) if isinstance(one, ast.Call) and getattr(one.func, "attr", "") == "req")
    return [
        given.value
        for call in calls
        for given in call.args
        if isinstance(given, ast.Constant) and isinstance(given.value, str)
    ]


def _decorated(node: ast.FunctionDef | ast.ClassDef) -> list[str]:
    return [number for decorator in node.decorator_list for number in numbers_in(decorator)]


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "pytestmark" for target in node.targets)


def table(lines: dict[str, dict[str, str]], proven: dict[str, list[str]]) -> str:
    """The whole page: how much of each part is proven, then each line with its tests, one a row, or "not yet"."""
    counted = [
        f"| {title} | {len(part)} | {sum(number in proven for number in part)} |\n" for title, part in lines.items()
    ]
    told = [
        f"\n## {title}\n\n{''.join(_told(*line, proven) for line in part.items())}" for title, part in lines.items()
    ]
    return HEAD + "".join(counted) + "".join(told)


def _told(number: str, sentence: str, proven: dict[str, list[str]]) -> str:
    if number not in proven:
        return f"- **{number}** {sentence} *Not yet.*\n"
    return f"- **{number}** {sentence}\n" + "".join(f"  - `{test}`\n" for test in proven[number])
