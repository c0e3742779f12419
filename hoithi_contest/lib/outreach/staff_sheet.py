"""Lists of staff as workbooks: a template to fill in, and a reader that trusts nothing.

The reader knows no database: units are given to it, and what is wrong with a cell comes
back as a fact (row, column, kind) that the caller puts into words.
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

from ..guard.texts import fold
from ..guard.workbook import BadWorkbook, Odd, Reader, Value, put, put_heads, save

#: Columns in the order of the template; the first three must be there.
COLUMNS = ("name", "email", "unit", "job", "code")
REQUIRED = ("name", "email", "unit")
MAX_ROWS = 5000
_LAST_COLUMN = 40
#: The heading is looked for in the first rows, below a title perhaps.
_HEADING_ROWS = 15
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


def _find_heading(
    cells: Sequence[str], headings: dict[str, Iterable[str]]
) -> dict[str, int]:
    """Return the place of each column whose heading is among `cells`."""
    places = {}
    folded = [fold(cell) for cell in cells]
    for column in COLUMNS:
        names = {fold(name) for name in headings[column]}
        for place, cell in enumerate(folded):
            if cell and cell in names:
                places[column] = place
                break
    return places


def read(
    content: bytes, headings: dict[str, Iterable[str]], units: Iterable[Unit]
) -> list[Row]:
    """Return the persons of a workbook's first sheet, row by row.

    :param content: the bytes of the file, at most :data:`workbook.MAX_BYTES`
    :param headings: for each column the headings that name it, in any language
    :param units: the units that may be named
    :raises BadWorkbook: for what isn't a list of staff at all
    """
    raw = _read_cells(Reader(content), headings)
    finder = UnitFinder(units)
    rows, seen = [], {"email": {}, "code": {}}
    for number, cells in raw:
        row = _judge(number, cells, finder)
        rows.append(_find_repeats(row, seen))
    if not rows:
        raise BadWorkbook("empty")
    return rows


def _read_cells(reader: Reader, headings) -> list[tuple[int, dict[str, Value]]]:
    """Return the filled rows below the heading, with their numbers."""
    places, best, raw = {}, {}, []
    for number, values in reader.iter_rows(max_column=_LAST_COLUMN):
        cells = [_clean(value) for value in values]
        if not places:
            found = _find_heading(cells, headings)
            if set(REQUIRED) <= set(found):
                places = found
                continue
            if len(found) > len(best):
                best = found
            if number >= _HEADING_ROWS:
                break
            continue
        if not any(cells[place] for place in places.values()):
            continue
        if len(raw) >= MAX_ROWS:
            raise BadWorkbook("rows")
        raw.append(
            (number, {column: values[place] for column, place in places.items()})
        )
    if not places:
        raise BadWorkbook(
            "heading", [column for column in REQUIRED if column not in best]
        )
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
