"""Lists of staff: a template to fill in, and a reader that trusts nothing.

Workbooks and CSV files are read. The reader knows no database: units are given to it,
and what is wrong with a cell comes back as a fact (row, column, kind) that the caller
puts into words.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..guard.office_list import find_table, get_group, pick, read_sheets
from ..guard.texts import fold
from ..guard.workbook import BadWorkbook, Odd, Value, put, put_heads, save

#: Columns in the order of the template; the first three must be there.
COLUMNS = ("name", "email", "unit", "job", "code")
REQUIRED = ("name", "email", "unit")
MAX_ROWS = 5000
_LAST_COLUMN = 40
#: Headings of lists that offices have, besides those of the template.
USUAL = {
    "name": (
        *("Họ tên", "Họ và tên", "Họ & tên", "Tên", "Họ tên cán bộ", "Full name"),
        *("Họ và tên CBCCVC", "Họ và tên CBCC", "Tên cán bộ", "Họ và tên cán bộ"),
        *("Cán bộ, công chức", "Họ, tên", "Name"),
    ),
    "email": (
        *("Email", "E-mail", "Thư điện tử", "Địa chỉ email", "Địa chỉ thư điện tử"),
        *("Hộp thư", "Hộp thư công vụ", "Email công vụ", "Mail", "E-mail address"),
        *("Thư công vụ", "Địa chỉ e-mail"),
    ),
    "unit": (
        *("Đơn vị", "Đơn vị công tác", "Phòng", "Phòng ban", "Phòng, ban", "Bộ phận"),
        *("Nơi công tác", "Phòng/đơn vị", "Phòng, đơn vị", "Cơ quan", "Department"),
        *("Cơ quan, đơn vị", "Phòng chuyên môn", "Unit"),
    ),
    "job": (
        *("Chức danh", "Chức vụ", "Chức vụ, chức danh", "Vị trí việc làm", "Job title"),
        *("Chức danh nghề nghiệp", "Chức vụ/Chức danh"),
    ),
    "code": (
        *("Mã cán bộ", "Mã CB", "Mã NV", "Mã nhân viên", "Mã số", "Số hiệu"),
        *("Số hiệu CBCC", "Mã CBCC", "Mã công chức", "Staff code", "Mã viên chức"),
    ),
}
_LENGTHS = {"name": 120, "email": 254, "unit": 250, "job": 200, "code": 64}
_WIDTHS = {"name": 28, "email": 34, "unit": 40, "job": 30, "code": 18}
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]{2,}")


class Unit(NamedTuple):
    """A unit that staff may belong to; `path` names it with those above it."""

    key: int
    name: str
    path: str


class Problem(NamedTuple):
    """What is wrong with a cell.

    `kind` is ``missing``, ``long``, ``error``, ``odd`` (as a date), ``email``,
    ``unknown_unit``, ``ambiguous_unit`` or ``twice``; `hints` are like units, the units
    meant, or the row that has the value already.
    """

    column: str
    kind: str
    value: str = ""
    hints: tuple[str, ...] = ()


class Row(NamedTuple):
    """A person of the list; `number` is the row as the spreadsheet program shows it."""

    number: int
    name: str
    email: str
    unit: int | None
    unit_name: str
    job: str
    code: str
    problems: tuple[Problem, ...] = ()


class UnitFinder:
    """Finds units by name or path, whatever the accents, and names the near misses."""

    def __init__(self, units: Iterable[Unit]):
        self._units: dict[str, dict[int, Unit]] = defaultdict(dict)
        for unit in units:
            for name in (unit.name, unit.path):
                self._units[fold(name)][unit.key] = unit

    def find(self, text: str) -> list[Unit]:
        """Return the units that `text` names: none, one, or several of one name."""
        return list(self._units.get(fold(text), {}).values())

    def suggest(self, text: str, count: int = 3) -> list[str]:
        """Return the paths of the units most like `text`, the likest first."""
        close = difflib.get_close_matches(fold(text), self._units, count, 0.6)
        found = {}
        for name in close:
            found |= {key: unit.path for key, unit in self._units[name].items()}
        return list(found.values())[:count]


# WRITING


def write_template(
    titles: dict[str, str],
    headings: dict[str, str],
    examples: Sequence[dict[str, str]],
    notes: Sequence[str],
    units: Sequence[Unit],
) -> bytes:
    """Return an empty list to fill in, with an example, notes and the units to choose.

    :param titles: names of the sheets ``list``, ``example``, ``notes`` and ``units``
    :param headings: the heading of each of :data:`COLUMNS`
    :param examples: rows of the example sheet, by column
    :param notes: lines that tell how to fill it in
    """
    workbook = Workbook()
    heads = [headings[column] for column in COLUMNS]
    widths = [_WIDTHS[column] for column in COLUMNS]
    sheet = workbook.active
    sheet.title = titles["list"][:31]
    put_heads(sheet, 1, heads, widths)
    sample = workbook.create_sheet(titles["example"][:31])
    put_heads(sample, 1, heads, widths)
    for number, example in enumerate(examples, start=2):
        for column, key in enumerate(COLUMNS, start=1):
            put(sample.cell(number, column), example.get(key))
    help_sheet = workbook.create_sheet(titles["notes"][:31])
    help_sheet.column_dimensions["A"].width = 100
    for number, note in enumerate(notes, start=1):
        put(help_sheet.cell(number, 1), note).alignment = Alignment(
            wrap_text=True, vertical="top"
        )
    unit_sheet = workbook.create_sheet(titles["units"][:31])
    put_heads(unit_sheet, 1, [headings["unit"]], [60])
    for number, unit in enumerate(units, start=2):
        put(unit_sheet.cell(number, 1), unit.path)
    if units:
        # other spellings are read too, so that a foreign entry only warns
        name = unit_sheet.title.replace("'", "''")
        validation = DataValidation(
            type="list",
            formula1=f"'{name}'!$A$2:$A${len(units) + 1}",
            allow_blank=True,
            showErrorMessage=False,
        )
        sheet.add_data_validation(validation)
        letter = get_column_letter(COLUMNS.index("unit") + 1)
        validation.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    # an address that looks like a number or a date stays what was typed
    for column in range(1, len(COLUMNS) + 1):
        sheet.column_dimensions[get_column_letter(column)].number_format = "@"
    return save(workbook)


def write_report(
    title: str,
    headings: dict[str, str],
    extra: Sequence[str],
    rows: Iterable[tuple[dict[str, str], Sequence[str]]],
) -> bytes:
    """Return the problems as a workbook that can be put right and uploaded again.

    :param extra: headings of the columns after those of the template
    :param rows: for each person the template's cells and those of `extra`
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title[:31]
    put_heads(
        sheet,
        1,
        [*(headings[column] for column in COLUMNS), *extra],
        [*(_WIDTHS[column] for column in COLUMNS), *(40 for _head in extra)],
    )
    for number, (cells, more) in enumerate(rows, start=2):
        values = [*(cells.get(column) or "" for column in COLUMNS), *more]
        for column, value in enumerate(values, start=1):
            put(sheet.cell(number, column), value or None).alignment = Alignment(
                wrap_text=True, vertical="top"
            )
    return save(workbook)


# READING


def _clean(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Odd):
        return value.shown
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value))
    text = "".join(
        char if unicodedata.category(char) not in ("Cc", "Cf") else " " for char in text
    )
    return " ".join(text.split())


def read(
    content: bytes, headings: dict[str, Iterable[str]], units: Iterable[Unit]
) -> list[Row]:
    """Return the persons of the first list of a workbook or CSV file, row by row.

    A row that only names a unit gives it to the persons below that name none.

    :param content: the bytes of the file, at most :data:`workbook.MAX_BYTES`
    :param headings: for each column the headings that name it, in any language, beside
        those that offices use (:data:`USUAL`)
    :param units: the units that may be named
    :raises BadWorkbook: for what isn't a list of staff at all
    """
    known = {column: [*headings[column], *USUAL[column]] for column in COLUMNS}
    finder = UnitFinder(units)
    rows, seen = [], {"email": {}, "code": {}}
    for number, cells in _read_cells(content, known):
        row = _judge(number, cells, finder)
        rows.append(_find_repeats(row, seen))
    if not rows:
        raise BadWorkbook("empty")
    return rows


def _read_cells(content: bytes, headings) -> list[tuple[int, dict[str, Value]]]:
    """Return the filled rows below the heading, with their numbers."""
    table = find_table(
        read_sheets(content, _LAST_COLUMN), headings, ("name", "email"), _clean
    )
    places, group, raw = table.places, None, []
    own = [place for column, place in places.items() if column != "name"]
    for line in table.lines:
        cells = {column: pick(line, place, _clean) for column, place in places.items()}
        if (found := get_group(line, own, _clean)) is not None:
            # a sum or a note ends no group
            group = found or group
            continue
        if not any(_clean(value) for value in cells.values()):
            continue
        if group and not _clean(cells.get("unit")):
            cells["unit"] = group
        if len(raw) >= MAX_ROWS:
            raise BadWorkbook("rows")
        raw.append((line.number, cells))
    if "unit" not in places and not group:
        raise BadWorkbook("heading", ["unit"])
    return raw


def _judge(number: int, values: dict[str, Value], finder: UnitFinder) -> Row:
    """Return a row with what is wrong with its cells."""
    problems = []
    cells = {column: _clean(value) for column, value in values.items()}
    for column in COLUMNS:
        value = cells.get(column, "")
        if isinstance(odd := values.get(column), Odd):
            kind = "error" if odd.kind == "error" else "odd"
            problems.append(Problem(column, kind, value))
        elif not value:
            if column in REQUIRED:
                problems.append(Problem(column, "missing"))
        elif len(value) > _LENGTHS[column]:
            problems.append(Problem(column, "long", value[:40]))
    flawed = {problem.column for problem in problems}
    email = cells.get("email", "")
    if "email" not in flawed and not _EMAIL.fullmatch(email):
        problems.append(Problem("email", "email", email))
    unit, name = None, cells.get("unit", "")
    if "unit" not in flawed:
        found = finder.find(name)
        if len(found) == 1:
            unit = found[0].key
        elif found:
            paths = tuple(other.path for other in found)
            problems.append(Problem("unit", "ambiguous_unit", name, paths))
        else:
            hints = tuple(finder.suggest(name))
            problems.append(Problem("unit", "unknown_unit", name, hints))
    return Row(
        number,
        cells.get("name", ""),
        email,
        unit,
        name,
        cells.get("job", ""),
        cells.get("code", ""),
        tuple(problems),
    )


def _find_repeats(row: Row, seen: dict[str, dict[str, int]]) -> Row:
    """Note the values that may stand in the list but once."""
    problems = list(row.problems)
    for column, value in (("email", row.email), ("code", row.code)):
        value = value.casefold()
        if not value or any(problem.column == column for problem in problems):
            continue
        first = seen[column].setdefault(value, row.number)
        if first != row.number:
            problems.append(Problem(column, "twice", value, (str(first),)))
    return row._replace(problems=tuple(problems))
