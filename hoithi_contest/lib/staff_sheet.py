"""Lists of staff as workbooks: a template to fill in, and a reader that trusts nothing.

The reader knows no database: units are given to it, and what is wrong with a cell comes
back as a fact (row, column, kind) that the caller puts into words.
"""

import difflib
import io
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

#: Columns in the order of the template; the first three must be there.
COLUMNS = ("name", "email", "unit", "job", "code")
REQUIRED = ("name", "email", "unit")
MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
#: What a workbook may weigh unpacked: thirty times what 5,000 rows need.
MAX_UNPACKED = 60 * 1024 * 1024
MAX_MEMBERS = 500
#: The last row that a spreadsheet program can have.
_LAST_ROW = 1_048_576
_LAST_COLUMN = 40
#: The heading is looked for in the first rows, below a title perhaps.
_HEADING_ROWS = 15
_LENGTHS = {"name": 120, "email": 254, "unit": 250, "job": 200, "code": 64}
_WIDTHS = {"name": 28, "email": 34, "unit": 40, "job": 30, "code": 18}
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]{2,}")
_HEAD_FILL = PatternFill("solid", fgColor="DDEBF7")


class BadWorkbook(Exception):
    """The file can't be read as a list of staff.

    `reason` is ``size``, ``type``, ``unpacked``, ``heading``, ``rows`` or ``empty``;
    `detail` names what is missing, for ``heading`` the columns.
    """

    def __init__(self, reason: str, detail: Sequence[str] = ()):
        super().__init__(reason)
        self.reason = reason
        self.detail = tuple(detail)


class Unit(NamedTuple):
    """A unit that staff may belong to; `path` names it with those above it."""

    key: int
    name: str
    path: str


class Problem(NamedTuple):
    """What is wrong with a cell.

    `kind` is ``missing``, ``long``, ``error``, ``email``, ``unknown_unit``,
    ``ambiguous_unit`` or ``twice``; `hints` are like units, the units meant, or the row
    that has the value already.
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


def fold(text: str) -> str:
    """Return `text` without accents, case, punctuation and idle blanks."""
    text = unicodedata.normalize("NFD", (text or "").lower().replace("đ", "d"))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", text))


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


def _put(sheet, row: int, column: int, value: str):
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        # a name that begins with “=” must not become a formula
        cell.data_type = "s"
    return cell


def _put_heads(sheet, heads: Sequence[str], widths: Sequence[int]):
    for column, (head, width) in enumerate(zip(heads, widths, strict=True), start=1):
        cell = _put(sheet, 1, column, head)
        cell.font, cell.fill = Font(bold=True), _HEAD_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def _save(workbook: Workbook) -> bytes:
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


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
    _put_heads(sheet, heads, widths)
    sample = workbook.create_sheet(titles["example"][:31])
    _put_heads(sample, heads, widths)
    for number, example in enumerate(examples, start=2):
        for column, key in enumerate(COLUMNS, start=1):
            _put(sample, number, column, example.get(key, ""))
    help_sheet = workbook.create_sheet(titles["notes"][:31])
    help_sheet.column_dimensions["A"].width = 100
    for number, note in enumerate(notes, start=1):
        _put(help_sheet, number, 1, note).alignment = Alignment(
            wrap_text=True, vertical="top"
        )
    unit_sheet = workbook.create_sheet(titles["units"][:31])
    _put_heads(unit_sheet, [headings["unit"]], [60])
    for number, unit in enumerate(units, start=2):
        _put(unit_sheet, number, 1, unit.path)
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
    return _save(workbook)


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
    _put_heads(
        sheet,
        [*(headings[column] for column in COLUMNS), *extra],
        [*(_WIDTHS[column] for column in COLUMNS), *(40 for _head in extra)],
    )
    for number, (cells, more) in enumerate(rows, start=2):
        values = [*(cells.get(column) or "" for column in COLUMNS), *more]
        for column, value in enumerate(values, start=1):
            _put(sheet, number, column, value).alignment = Alignment(
                wrap_text=True, vertical="top"
            )
    return _save(workbook)


# READING


def _check_archive(content: bytes) -> None:
    """Refuse what isn't a workbook, and what would grow without measure.

    Sizes are those that the archive declares: Python's reader never gives more.

    :raises BadWorkbook: with the reason
    """
    if len(content) > MAX_BYTES:
        raise BadWorkbook("size")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if (
                len(members) > MAX_MEMBERS
                or sum(member.file_size for member in members) > MAX_UNPACKED
            ):
                raise BadWorkbook("unpacked")
            names = {member.filename for member in members}
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                raise BadWorkbook("type")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_entities(archive.read(member))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        # no ZIP, broken, encrypted, or packed by a method that nothing here unpacks
        raise BadWorkbook("type") from error


def _check_entities(xml: bytes) -> None:
    """Refuse declarations, by which a few bytes of XML grow to gigabytes.

    No spreadsheet program writes them, nor another encoding than UTF-8.
    """
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml[:400]:
        raise BadWorkbook("unpacked")


def _clean(value) -> str:
    if value is None or isinstance(value, bool):
        return ""
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

    :param content: the bytes of the file, at most :data:`MAX_BYTES`
    :param headings: for each column the headings that name it, in any language
    :param units: the units that may be named
    :raises BadWorkbook: for what isn't a list of staff at all
    """
    _check_archive(content)
    try:
        workbook = load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        raw = _read_cells(workbook.worksheets[0], headings)
    except BadWorkbook:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
        ValueError,
        OSError,
        SyntaxError,  # what the XML parsers raise
    ) as error:
        raise BadWorkbook("type") from error
    finder = UnitFinder(units)
    rows, seen = [], {"email": {}, "code": {}}
    for number, cells in raw:
        row = _judge(number, cells, finder)
        rows.append(_find_repeats(row, seen))
    if not rows:
        raise BadWorkbook("empty")
    return rows


def _read_cells(sheet, headings) -> list[tuple[int, dict[str, str]]]:
    """Return the filled rows below the heading, with their numbers."""
    sheet.reset_dimensions()  # what the file says of its size may be false
    places, best, raw = {}, {}, []
    rows = sheet.iter_rows(max_row=_LAST_ROW, max_col=_LAST_COLUMN, values_only=True)
    for number, values in enumerate(rows, start=1):
        if not any(value is not None for value in values):
            continue
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
        named = {
            column: cells[place] if place < len(cells) else ""
            for column, place in places.items()
        }
        if not any(named.values()):
            continue
        if len(raw) >= MAX_ROWS:
            raise BadWorkbook("rows")
        raw.append((number, named))
    if not places:
        raise BadWorkbook(
            "heading", [column for column in REQUIRED if column not in best]
        )
    return raw


def _judge(number: int, cells: dict[str, str], finder: UnitFinder) -> Row:
    """Return a row with what is wrong with its cells."""
    problems = []
    for column in COLUMNS:
        value = cells.get(column, "")
        if not value:
            if column in REQUIRED:
                problems.append(Problem(column, "missing"))
        elif len(value) > _LENGTHS[column]:
            problems.append(Problem(column, "long", value[:40]))
        elif value.startswith("#") and value.rstrip("!?").isupper():
            problems.append(Problem(column, "error", value))
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
