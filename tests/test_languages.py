"""Both languages are complete: no text a person reads is left without its Spanish."""

import ast
import re
from pathlib import Path

import pytest

from peerline.ui.management.commands.compile_catalogues import merged

ROOT = Path(__file__).resolve().parents[1]
TAGS = re.compile(r"""\{%\s*translate\s+("((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
BLOCKS = re.compile(r"\{%\s*blocktranslate(.*?)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.S)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def in_template(text: str) -> set[str]:
    """The msgids of a template; a block's variables are %(name)s in a msgid."""
    found = {one[1] or one[2] for one in TAGS.findall(text)}
    for head, body in BLOCKS.findall(text):
        singular = PLURAL.split(body)[0]
        singular = (
            singular.strip()
            if "trimmed" not in head
            else " ".join(line.strip() for line in singular.splitlines()).strip()
        )
        found.add(
            re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", singular.replace("%", "%%") if "{{" not in singular else singular)
        )
    return found


def in_source(text: str) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    named = (node for node in calls if getattr(node.func, "id", "") in CALLS and node.args)
    return {node.args[0].value for node in named if isinstance(node.args[0], ast.Constant)}


def wanted() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in ROOT.glob("peerline/**/*.html"):
        found |= dict.fromkeys(in_template(path.read_text()), path)
    for path in ROOT.glob("peerline/**/*.py"):
        found |= dict.fromkeys(in_source(path.read_text()), path)
    return found


def missing(texts: dict[str, Path]) -> list[str]:
    catalogue = merged("es")
    return sorted(
        f"{path.relative_to(ROOT)}: {text!r}" for text, path in texts.items() if text and not catalogue.get(text)
    )


def test_every_text_has_its_spanish():
    assert missing(wanted()) == []


@pytest.mark.parametrize("planted", ["A text nobody has put into Spanish", "Calls, newest first, and more"])
def test_a_text_without_spanish_is_found(planted):
    template = '{% translate "' + planted + '" %}'
    assert missing(dict.fromkeys(in_template(template), ROOT / "peerline/x.html"))
    assert missing(dict.fromkeys(in_source(f"_({planted!r})"), ROOT / "peerline/x.py"))


def test_translations_keep_their_values():
    values = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
    for message in merged("es"):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for string in strings:
            assert set(values.findall(string)) in [set(values.findall(one)) for one in ids], message.id
