"""What a dialogue's source may not do, because a replay would not be the same or would fall over (docs/decisions/0002)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    [
        *ROOT.glob("peerline/**/phone.py"),
        *ROOT.glob("peerline/*/*_phone.py"),
        ROOT / "config/phone.py",
        ROOT / "peerline/kernel/menus.py",
    ]
)
MAY_IMPORT = ("peerline.kernel.dialogue", "peerline.kernel.menus", "typing", "collections.abc", "__future__")
NOT_CALLED = {"now", "today", "random", "choice", "uuid4", "set", "open", "print", "input"}


def faults(source: str) -> list[str]:
    """Each is a sentence with its line."""
    tree = ast.parse(source)
    return [fault for node in ast.walk(tree) for fault in _faults(node)]


def _faults(node: ast.AST):
    line = getattr(node, "lineno", 0)
    if isinstance(node, ast.ImportFrom) and node.module and not _allowed(node.module):
        yield f"line {line}: imports {node.module}"
    if isinstance(node, ast.Import):
        yield from (f"line {line}: imports {alias.name}" for alias in node.names if not _allowed(alias.name))
    if isinstance(node, ast.Try) and any(
        isinstance(part, ast.Yield | ast.YieldFrom) for part in _inside(node.finalbody)
    ):
        yield f"line {line}: yields in finally"
    if isinstance(node, ast.ExceptHandler) and _catches_all(node):
        yield f"line {line}: catches everything, the end of the replay too"
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Set | ast.SetComp):
        yield f"line {line}: goes through a set, whose order changes"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if name in NOT_CALLED:
            yield f"line {line}: calls {name}"


def _allowed(module: str) -> bool:
    return (
        module in MAY_IMPORT or ROOT / f"{module.replace('.', '/')}.py" in SOURCES
    )  # only what is held to these rules


def _inside(body):
    return (part for statement in body for part in ast.walk(statement))


def _catches_all(handler: ast.ExceptHandler) -> bool:
    name = getattr(handler.type, "id", "")
    return handler.type is None or name in ("BaseException", "GeneratorExit")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_dialogue_reads_no_clock_no_chance_and_no_set_order(path):
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("from datetime import datetime", "imports datetime"),
        ("from peerline.people.models import Person", "imports peerline.people.models"),
        ("from peerline.exchange.telephone import lines", "imports peerline.exchange.telephone"),
        (
            "from peerline.exchange.telephone.pjsip_phone import Phone",
            "imports peerline.exchange.telephone.pjsip_phone",
        ),
        ("def d():\n try:\n  yield 1\n finally:\n  yield 2", "yields in finally"),
        ("def d():\n try:\n  yield 1\n except:\n  pass", "catches everything"),
        ("for key in {1, 2}:\n pass", "goes through a set"),
        ("x = random.choice('12')", "calls choice"),
    ],
)
def test_each_of_these_is_caught(source, says):
    assert any(says in fault for fault in faults(source))
