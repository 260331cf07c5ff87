"""From a mail to the words somebody wrote, without what their mail program put under them. Pure, and linear in its length.

A mail of ours begins with a marker line; what stands under it in an answer is ours. Programs that drop or bury it are known
by how they introduce what they quote: Gmail, Outlook, Apple Mail and Yahoo, in English and Spanish.
"""

import re

MARKER = "Reply above this line / Responda arriba de esta línea"
_MARKERS = ("reply above this line", "responda arriba de esta l")
MOST_LETTERS = 20_000

_INTRODUCES = re.compile(r"(wrote|escribió|escribio)\s*:\s*$", re.I)
_BEGINS = re.compile(r"(On|El|En)\s", re.I)
_HEAD = re.compile(r"\*?(From|De):", re.I)
_HEAD_TOO = re.compile(r"\*?(Sent|Date|Enviado|Fecha)( el)?:", re.I)
_RULE = re.compile(r"_{20,}$|-{3,} ?(Original Message|Mensaje original|Forwarded message|Mensaje reenviado)", re.I)
_SIGNS = re.compile(
    r"--\s*$|—\s*$|(Sent|Enviado) (from|desde|vía|via|de) |Get Outlook for |(Obtener|Obtén|Descargar) Outlook |Yahoo Mail",
    re.I,
)


def own_words(text: str) -> str:
    """What was written above the quote and the signature."""
    lines = text[:MOST_LETTERS].replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    end = next((at for at in range(len(lines)) if _ends_here(lines, at)), len(lines))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines[:end])).strip()


def _ends_here(lines: list[str], at: int) -> bool:
    """Does the writer's own part end before this line?"""
    line = _unquoted(lines[at])
    if any(marker in line.casefold() for marker in _MARKERS) or _RULE.match(line) or _SIGNS.match(line):
        return True
    if _HEAD.match(line):
        return any(_HEAD_TOO.match(_unquoted(after)) for after in lines[at + 1 : at + 4])
    return _introduces(lines, at) or (lines[at].startswith(">") and _only_quotes(lines[at:]))


def _introduces(lines: list[str], at: int) -> bool:
    """ "On Tue, Nov 24, 2026 at 6:11 PM Peerline <…> wrote:", in up to three lines: a date, an address, and the word."""
    if not _BEGINS.match(_unquoted(lines[at])):
        return False
    for more in (1, 2, 3):
        said = " ".join(_unquoted(line) for line in lines[at : at + more])[:500]
        if _INTRODUCES.search(said):
            return any(sign.isdigit() for sign in said) and ("@" in said or "<" in said)
    return False


def _only_quotes(lines: list[str]) -> bool:
    return all(line.startswith(">") or not line.strip() for line in lines[:50])


def _unquoted(line: str) -> str:
    return line.lstrip("> \t")
