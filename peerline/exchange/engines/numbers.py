"""Which telephone numbers may be dialed, and where each is reached: one CSV table, settings.NUMBERS_FILE.

    number,address
    +17345550101,sip:alice@127.0.0.1:5070      this number is this softphone
    +1*,carrier                                all of the United States, through the carrier
    carrier,sip:{number}@sip.example.net       where the embedded line finds the carrier

What no row covers is never dialed. A row with a * covers no premium-rate number and, in +1, no other country: those
bill by the minute and are what toll fraud dials; each must be listed by itself.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

import phonenumbers

from peerline.kernel.phone_numbers import BadNumber, e164

COSTLY = {phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST}
HOME = "US"


class Refused(ValueError):
    """This number is not to be dialed; says why, without the number."""


class BadTable(ValueError):
    """The table cannot be used; one sentence a line that is wrong."""


class Table(NamedTuple):
    """exact: number → address; prefixes: longest first; carrier: an address with {number} in it, or ""."""

    exact: dict[str, str]
    prefixes: list[tuple[str, str]]
    carrier: str


EMPTY = Table({}, [], "")


def read(path: Path) -> Table:
    """The table in this file; EMPTY where there is none. Raises BadTable."""
    if not path.exists():
        return EMPTY
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.reader(file)
        wrong, table = [], Table({}, [], "")
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells) or cells[0].startswith("#") or (rows.line_num == 1 and cells[0].lower() == "number"):
                continue
            try:
                table = _with_row(table, cells)
            except ValueError as reason:
                wrong.append(f"line {rows.line_num}: {reason}")
    if wrong:
        raise BadTable(f"{path.name}: " + "; ".join(wrong))
    table.prefixes.sort(key=lambda pair: -len(pair[0]))
    return table


def _with_row(table: Table, cells: list[str]) -> Table:
    if len(cells) != 2:
        raise ValueError(f"a row has two cells, number and address; this one has {len(cells)}")
    number, address = cells
    if number == "carrier":
        if not re.fullmatch(r"sips?:\S*\{number\}\S*", address):
            raise ValueError("the carrier's address looks like sip:{number}@sip.example.net")
        return table._replace(carrier=address)
    if address != "carrier" and not re.fullmatch(r"sip:[^\s@<>]+@[^\s@<>]+", address):
        raise ValueError(f"“{address}” is neither an address like sip:name@host:5070 nor the word carrier")
    if re.fullmatch(r"\+\d{1,14}\*", number):
        table.prefixes.append((number[:-1], address))
    elif not re.fullmatch(r"\+\d{7,15}", number):
        raise ValueError(f"“{number}” is not a number like +17345550101, nor a beginning like +1734*")
    elif number in table.exact:
        raise ValueError("this number stands in an earlier line already")
    else:
        table.exact[number] = address
    return table


def _costly_or_abroad(number: str) -> bool:
    """Whether a * of +1 must not cover this number. 555-01xx, set aside for fiction, is judged by its area code."""
    looked_up = f"{number[:5]}2345678"[:12] if re.fullmatch(r"\+1\d{3}55501\d\d", number) else number
    try:
        parsed = phonenumbers.parse(looked_up)
    except phonenumbers.NumberParseException:
        return True
    if phonenumbers.number_type(parsed) in COSTLY or re.match(r"\+1(900|\d{3}976)", number):
        return True
    return parsed.country_code == 1 and phonenumbers.region_code_for_number(parsed) != HOME


class Numbers:
    """The table, read again when its file changes. A change that is wrong is logged and leaves the old one in force."""

    def __init__(self, path: Path, line_number: str = "") -> None:
        self.path, self.line_number = path, line_number
        self._seen: tuple[int, int] | None = None
        self._table = EMPTY
        self.wrong = ""  # what the last reading found

    @property
    def table(self) -> Table:
        seen = _stamp(self.path)
        if seen != self._seen:
            self._seen = seen
            try:
                self._table, self.wrong = read(self.path), ""
            except (BadTable, OSError, UnicodeDecodeError, csv.Error) as reason:
                self.wrong = str(reason)
        return self._table

    def route(self, number: str) -> str:
        """ "carrier" or a SIP address. Raises Refused."""
        table = self.table
        if number == self.line_number:
            raise Refused("the line does not dial itself")
        if number in table.exact:
            return table.exact[number]
        for prefix, address in table.prefixes:
            if number.startswith(prefix):
                if _costly_or_abroad(number):
                    raise Refused("premium-rate and foreign numbers are dialed only where they are listed one by one")
                return address
        raise Refused("the table of numbers does not cover it")

    def address_of(self, number: str) -> str:
        """Where the embedded line reaches this number. Raises Refused."""
        address = self.route(number)
        if address == "carrier":
            if not self.table.carrier:
                raise Refused("the table names no carrier for the embedded line")
            address = self.table.carrier
        return address.replace("{number}", number)

    def number_of(self, sender: str, contact: str = "") -> str:
        """The E.164 number behind a SIP From, or "". Only a hint: anybody may write anything there."""
        for address in (sender, contact):
            user, host, port = parts(address)
            for number, known in self.table.exact.items():
                if known.startswith("sip:") and _same_place(parts(known), (user, host, port)):
                    return number
        return _as_number(parts(sender)[0])

    def dialed(self, address: str) -> str:
        """The number in a SIP To; the line's own when it is a name."""
        return _as_number(parts(address)[0]) or self.line_number


def parts(address: str) -> tuple[str, str, str]:
    """(user, host, port) of a SIP address, in <> or not; "" for what is missing."""
    found = re.search(r"sips?:(?:([^@>;]*)@)?([^:;>?\s]+)(?::(\d+))?", address)
    return (found[1] or "", found[2], found[3] or "") if found else ("", "", "")


def _same_place(known: tuple[str, str, str], seen: tuple[str, str, str]) -> bool:
    """Same name and host; the port counts where both tell it (a From has none)."""
    return known[:2] == seen[:2] and (not known[2] or not seen[2] or known[2] == seen[2])


def _as_number(user: str) -> str:
    try:
        return e164(user) if re.fullmatch(r"\+?\d{7,15}", user) else ""
    except BadNumber:
        return ""


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
