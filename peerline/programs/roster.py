"""Read a roster: bytes in, people and problems out. Pure: it knows no table and no page.

A clinic's list comes out of some spreadsheet: UTF-8 or Latin-1, with or without a byte order mark, comma, semicolon or
tab, columns in any order under any name. `read` makes a table of it, `guess` finds which column is what, `parse` turns
rows into entries. Every row that cannot be used is a Problem with its line number in the file; nothing is dropped silently.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from peerline.kernel import week
from peerline.kernel.phone_numbers import BadNumber, e164
from peerline.people.rules import folded, time_zones
from peerline.programs.rules import CHALLENGES

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2000
MOST_LETTERS = 200  # in one cell; a quotation mark that is never closed swallows the rest of the file


class RosterError(ValueError):
    """The file as a whole cannot be used. word: too_large, too_many_rows, empty, not_text, no_rows, no_name_column"""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Table:
    """The file as rows of cells. line: where in the file a record begins, the header being line 1."""

    header: tuple[str, ...]
    records: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Problem:
    """Why the row at this line cannot be used. `word` names the reason, `value` is the cell, cut short."""

    line: int
    field: str
    word: str
    value: str = ""


@dataclass(frozen=True)
class Entry:
    """One person as the roster tells of them. facts: person's; matching: the enrollment's."""

    line: int
    first_name: str
    facts: dict[str, Any] = field(default_factory=dict)
    matching: dict[str, Any] = field(default_factory=dict)
    nickname: str = ""
    language: str = "en"
    phone: str = ""
    phone_label: str = "home"
    phone_checked: bool = False
    email: str = ""
    blocked: int = 0


@dataclass(frozen=True)
class Parsed:
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


# --- From bytes to a table -----------------------------------------------------------------------------------------


def read(data: bytes) -> Table:
    """Raises RosterError."""
    if len(data) > MOST_BYTES:
        raise RosterError("too_large")
    text = _text(data)
    if not text.strip():
        raise RosterError("empty")
    csv.field_size_limit(MOST_BYTES + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    records: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            records.append((line, tuple(cell.strip() for cell in cells)))
        line = reader.line_num + 1
    if len(records) > MOST_ROWS + 1:
        raise RosterError("too_many_rows")
    if len(records) < 2:
        raise RosterError("no_rows")
    return Table(records[0][1], tuple(records[1:]))


def _text(data: bytes) -> str:
    """UTF-16 when it says so, else UTF-8, else the Windows form of Latin-1, which older spreadsheets write."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(data, "utf-16")
    if b"\0" in data:
        raise RosterError("not_text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as reason:
        raise RosterError("not_text") from reason


def _delimiter(text: str) -> str:
    """Whichever of the three stands most often in the first line."""
    first = text.lstrip().splitlines()[0]
    return max(",;\t", key=first.count)


# --- Which column is what ------------------------------------------------------------------------------------------

# field → names a column may have, folded, in English and Spanish
NAMES: dict[str, tuple[str, ...]] = {
    "registry_id": ("registry id", "id", "mrn", "record number", "patient id", "expediente", "numero de expediente"),
    "first_name": ("first name", "first", "given name", "name", "nombre", "nombres"),
    "last_name": ("last name", "last", "surname", "family name", "apellido", "apellidos"),
    "nickname": ("nickname", "apodo", "sobrenombre"),
    "phone": ("phone", "telephone", "phone number", "home phone", "mobile", "cell", "telefono", "celular"),
    "phone_label": ("phone type", "phone kind", "tipo de telefono"),
    "phone_checked": ("phone checked", "phone verified", "verified", "telefono comprobado", "verificado"),
    "email": ("email", "e mail", "mail", "correo", "correo electronico"),
    "language": ("language", "idioma", "lengua"),
    "time_zone": ("time zone", "timezone", "zona horaria"),
    "born_year": ("born", "birth year", "year of birth", "born year", "ano de nacimiento"),
    "age": ("age", "edad"),
    "gender": ("gender", "sex", "genero", "sexo"),
    "gender_preference": ("gender preference", "wants partner", "prefers", "preferencia de genero"),
    "culture": ("culture", "cultura"),
    "a1c_percent": ("a1c", "hba1c", "a1c percent", "hemoglobin a1c", "hemoglobina a1c"),
    "insulin": ("insulin", "on insulin", "insulina", "usa insulina"),
    "diabetes_type": ("diabetes type", "type", "tipo", "tipo de diabetes"),
    "diagnosed_year": ("diagnosed", "diagnosed year", "year diagnosed", "ano del diagnostico"),
    "challenges": ("challenges", "dificultades", "retos"),
    "blocked": ("no calls", "blocked hours", "no calls at", "sin llamadas"),
    "needs_relay": ("relay", "text relay", "needs relay"),
}
FIELDS = tuple(NAMES)


def guess(header: Sequence[str]) -> dict[str, int]:
    """field → column, for the columns whose name says what they are. Each column is used once."""
    names = [" ".join(re.findall(r"\w+", folded(name).replace("_", " "))) for name in header]
    found: dict[str, int] = {}
    for wanted, known in NAMES.items():
        for name in (wanted.replace("_", " "), *known):
            if name in names and names.index(name) not in found.values():
                found[wanted] = names.index(name)
                break
    return found


# --- From rows to people -------------------------------------------------------------------------------------------

YES = {"yes", "y", "true", "1", "x", "si", "verdadero"}
NO = {"no", "n", "false", "0", "", "falso"}
GENDERS = {"woman": "woman", "female": "woman", "f": "woman", "mujer": "woman", "femenino": "woman"}
GENDERS |= {"man": "man", "male": "man", "m": "man", "hombre": "man", "masculino": "man"}
GENDERS |= {"another": "another", "other": "another", "x": "another", "otro": "another", "": "", "any": "", "none": ""}
LANGUAGE_NAMES = {"en": "en", "english": "en", "ingles": "en", "es": "es", "spanish": "es", "espanol": "es", "": "en"}
LABELS = {"": "home", "home": "home", "casa": "home", "mobile": "mobile", "cell": "mobile", "celular": "mobile"}
LABELS |= {"work": "work", "trabajo": "work"}
TYPES = {"": "", "1": "type 1", "type 1": "type 1", "tipo 1": "type 1", "2": "type 2", "type 2": "type 2"}
TYPES |= {"tipo 2": "type 2", "other": "other", "otro": "other"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Bad(ValueError):
    """The cell cannot be read; args[0] is the word for it."""


def _one_of(choices: Mapping[str, Any]) -> Callable[[str], Any]:
    def choose(text: str) -> Any:
        key = " ".join(folded(text).split())
        if key not in choices:
            raise _Bad("not_a_choice")
        return choices[key]

    return choose


def _words(text: str) -> str:
    """A name. What a spreadsheet would take for a formula is no name, and is never passed on."""
    if text.startswith(FORMULA):
        raise _Bad("formula")
    if len(text) > MOST_LETTERS:
        raise _Bad("too_long")
    return " ".join(text.split())


def _short(text: str) -> str:
    if len(_words(text)) > 40:
        raise _Bad("too_long")
    return _words(text)


def _number(least: float, most: float) -> Callable[[str], Decimal | None]:
    def number(text: str) -> Decimal | None:
        if not text:
            return None
        try:
            value = Decimal(text.replace(",", ".").rstrip("% "))
        except InvalidOperation as reason:
            raise _Bad("not_a_number") from reason
        if not (value.is_finite() and least <= value <= most):
            raise _Bad("out_of_range")
        return value

    return number


def _whole(least: int, most: int) -> Callable[[str], int | None]:
    number = _number(least, most)

    def whole(text: str) -> int | None:
        value = number(text)
        if value is not None and value != int(value):
            raise _Bad("not_a_number")
        return None if value is None else int(value)

    return whole


def _maybe(text: str) -> bool | None:
    return None if not text else bool(_one_of(dict.fromkeys(YES, True) | dict.fromkeys(NO, False))(text))


def _phone(text: str) -> str:
    try:
        return e164(text) if text else ""
    except BadNumber as reason:
        raise _Bad("bad_number") from reason


def _email(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", text):
        raise _Bad("bad_email")
    return text.lower()


def _zone(text: str) -> str:
    if text and text not in time_zones():
        raise _Bad("unknown_zone")
    return text


def _challenges(text: str) -> list[str]:
    found = [" ".join(re.findall(r"\w+", folded(part))).replace(" ", "_") for part in re.split(r"[|/]", text) if part]
    if any(one not in CHALLENGES for one in found):
        raise _Bad("not_a_choice")
    return found


DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
DAYS |= {"lun": 0, "mar": 1, "mie": 2, "jue": 3, "vie": 4, "sab": 5, "dom": 6}


def blocked_hours(text: str) -> int:
    """Hours nobody may ring, as a week: "mon-fri 8-17; daily 21-8". Days in English or Spanish; 21-8 goes over midnight."""
    marked = week.NONE
    for part in filter(None, (part.strip() for part in re.split(r"[;|]", folded(text)))):
        match = re.fullmatch(r"(daily|diario|(\w{3})(?:-(\w{3}))?) (\d{1,2})-(\d{1,2})", part)
        if not match or max(int(match[4]), int(match[5])) > 24:
            raise _Bad("bad_hours")
        days = range(7) if match[2] is None else _days(match[2], match[3] or match[2])
        begin, end = int(match[4]), int(match[5])
        spans = [(begin, end)] if begin < end else [(begin, 24), (0, end)]
        for span in spans:
            marked |= week.of_days(days, *span)
    return marked


def _days(first: str, last: str) -> list[int]:
    if first not in DAYS or last not in DAYS:
        raise _Bad("bad_hours")
    return [day % 7 for day in range(DAYS[first], DAYS[last] + 1 + (7 if DAYS[last] < DAYS[first] else 0))]


READERS: dict[str, Callable[[str], Any]] = {
    "registry_id": _short,
    "first_name": _short,
    "last_name": _words,
    "nickname": _short,
    "phone": _phone,
    "phone_label": _one_of(LABELS),
    "phone_checked": lambda text: bool(_maybe(text)),
    "email": _email,
    "language": _one_of(LANGUAGE_NAMES),
    "time_zone": _zone,
    "born_year": _whole(1900, 2015),
    "age": _whole(10, 120),
    "gender": _one_of(GENDERS),
    "gender_preference": _one_of(GENDERS),
    "culture": _words,
    "a1c_percent": _number(3, 20),
    "insulin": _maybe,
    "diabetes_type": _one_of(TYPES),
    "diagnosed_year": _whole(1920, 2100),
    "challenges": _challenges,
    "blocked": blocked_hours,
    "needs_relay": lambda text: bool(_maybe(text)),
}


def parse(table: Table, columns: Mapping[str, int], this_year: int) -> Parsed:
    """Entries for the rows that can be used, problems for the others, each once a row and field.

    Raises RosterError no_name_column. Rows that repeat a registry number, or a telephone and first name, of a row
    before them are problems too.
    """
    if "first_name" not in columns:
        raise RosterError("no_name_column")
    entries: list[Entry] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in table.records:
        values, wrong = _values(line, cells, columns)
        if not wrong and (twin := _twin(values, seen, line)):
            wrong = [Problem(line, twin, "twice_in_file", str(values.get(twin, "")))]
        problems += wrong
        if not wrong:
            entries.append(_entry(line, values, this_year))
    return Parsed(tuple(entries), tuple(problems))


def _values(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    wrong: list[Problem] = []
    for name, column in columns.items():
        text = cells[column] if column < len(cells) else ""
        try:
            values[name] = READERS[name](text)
        except _Bad as reason:
            wrong.append(Problem(line, name, reason.args[0], text[:40]))
    if not values.get("first_name") and not any(problem.field == "first_name" for problem in wrong):
        wrong.append(Problem(line, "first_name", "name_missing"))
    return values, wrong


def _twin(values: Mapping[str, Any], seen: dict[tuple[str, str], int], line: int) -> str:
    """The field by which this row repeats an earlier one; "" for none. Notes the row."""
    keys = {"registry_id": values.get("registry_id", "")}
    if values.get("phone"):
        keys["phone"] = f"{values['phone']} {folded(values['first_name'])}"
    for name, key in keys.items():
        if key and (name, key) in seen:
            return name
    seen.update({(name, key): line for name, key in keys.items() if key})
    return ""


PERSON = ("registry_id", "last_name", "time_zone", "born_year", "gender", "culture", "needs_relay")
ENROLLMENT = ("a1c_percent", "insulin", "diabetes_type", "diagnosed_year", "challenges", "gender_preference")
DIRECT = ("nickname", "language", "phone", "phone_label", "phone_checked", "email", "blocked")


def _entry(line: int, values: dict[str, Any], this_year: int) -> Entry:
    """What is empty is left out, so that the table's own default stands."""
    given = {name: value for name, value in values.items() if value not in (None, "", [])}
    if "age" in given and "born_year" not in given:
        given["born_year"] = this_year - given["age"]
    return Entry(
        line,
        given["first_name"],
        {name: given[name] for name in PERSON if name in given},
        {name: given[name] for name in ENROLLMENT if name in given},
        **{name: given[name] for name in DIRECT if name in given},
    )
