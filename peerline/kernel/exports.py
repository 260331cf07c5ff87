"""CSV that a spreadsheet opens as text, never as a formula, whichever separator it takes the file to have.

An apostrophe stands before each sign that would begin a formula: at the start of a cell, and inside it after anything
that some spreadsheet takes for the end of a cell (it is the semicolon in half of Europe). `plain` takes it away again, exactly.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

BEGINS = r"(^|[,;|:\t\r\n\"])([ \u00a0\ufeff]*)"
FORMULA = r"(?=[=+\-@\t\r＝＋－＠])"  # the wide ones count where people write wide letters
AT_RISK = re.compile(f"{BEGINS}('*){FORMULA}")
MARKED = re.compile(f"{BEGINS}'('*){FORMULA}")


def safe(cell: Any) -> str:
    """The cell as text, with an apostrophe wherever a formula could begin. safe("=1+1") == "'=1+1"."""
    return AT_RISK.sub(r"\1\2'\3", "" if cell is None else str(cell))


def plain(cell: str) -> str:
    """What stood there before `safe`. plain("'=1+1") == "=1+1"."""
    return MARKED.sub(r"\1\2\3", cell)


def lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The file line by line, so that a million calls need no memory. Begins with the mark spreadsheets know UTF-8 by."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    writer.writerow([safe(cell) for cell in header])
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()
