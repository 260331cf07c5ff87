"""The demonstration's roster in any size: its 60 people, the first of them, or as many more like them as are asked for."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

ROSTER = Path(__file__).parent / "roster.csv"
NUMBERS_AN_AREA = 100  # 555-0100 to 555-0199 are nobody's, in every area
AREAS = [
    area for area in range(202, 980)
    if area // 10 % 10 != 9 and area % 100 != 11 and area not in (734,) and area // 100 in (2, 3, 4, 5, 6, 7, 8, 9)
]  # fmt: skip


def of_size(people: int) -> bytes:
    """A roster of so many people, as a CSV file."""
    text = ROSTER.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    if people == len(rows):
        return text.encode()
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(_like(rows, people))
    return out.getvalue().encode()


def _like(rows: list[dict[str, str]], people: int) -> Iterator[dict[str, str]]:
    """The same lives again and again, each with a registry number, a telephone and an address of their own."""
    for number in range(people):
        row = rows[number % len(rows)]
        if number >= len(rows):
            area, last = divmod(number, NUMBERS_AN_AREA)
            row = {**row, "Registry ID": f"W-{1000 + number}", "Phone": f"({AREAS[area]}) 555-{100 + last:04d}"}
            row["E-mail"] = f"{number:02d}@example.org" if row["E-mail"] else ""
        yield row
