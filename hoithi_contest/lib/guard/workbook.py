"""The one writer and the one reader of workbooks that leave or enter the house.

What is written as text stays text in every program. What is read is text or a number,
or is told apart as an :class:`Odd` cell: a program that takes "5/7" for a date must not
lead to a score that nobody gave.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from . import plain_text

MAX_BYTES = 5 * 1024 * 1024
#: What a workbook may weigh unpacked: ten times what 5,000 rows need.
MAX_UNPACKED = 20 * 1024 * 1024
MAX_MEMBERS = 500
#: So far down sheets are read; what stands below is refused, not passed over.
LAST_ROW = 20_000
#: So many merged cells of a sheet are looked at.
MAX_MERGED = 20_000
#: The longest text of a cell, in the units of UTF-16 that spreadsheet programs count.
MAX_TEXT = 32_767
#: Ends a text that was too long for a cell.
CUT = " […]"
#: A spreadsheet program is exact up to fifteen digits.
_MAX_NUMBER = 1e15
#: By these a spreadsheet program knows a formula, also when a text is edited later.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: So workbooks write a character that XML can't hold.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
#: What no name of a sheet may hold, and how long it may be.
_UNNAMEABLE, _MAX_TITLE = re.compile(r"[\[\]:*?/\\]"), 31
#: What a format of numbers writes as it stands, as the sign in `0"%"`.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
_HEAD_FILL = PatternFill("solid", fgColor="DDEBF7")


class BadWorkbook(Exception):
    """The file can't be read; `reason` is ``size``, ``type``, ``unpacked`` or ``far``.

    The last has the number of a row below :data:`LAST_ROW` in `detail`. What reads a
    certain kind of workbook has reasons of its own, perhaps with `detail` too.
    """

    def __init__(self, reason: str, detail: Sequence[str] = ()):
        super().__init__(reason)
        self.reason = reason
        self.detail = tuple(detail)


class Odd(NamedTuple):
    """A cell that holds neither text nor a plain number.

    `kind` is ``date``, ``boolean``, ``error``, ``formula`` (one that was never
    calculated), ``percent`` or ``large``; `shown` is what stands there.
    """

    kind: str
    shown: str


Value = str | int | float | Odd | None


# WRITING


def is_too_long(text: str) -> bool:
    """Tell whether a text doesn't fit into a cell as it is."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT


def fit(text: str) -> str:
    """Return `text` as a cell holds it; one that was cut ends with :data:`CUT`."""
    text = plain_text.clean(text)
    if not is_too_long(text):
        return text
    kept = text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(CUT))]
    return kept.decode("utf-16-le", "ignore") + CUT


def quote(text: str) -> str:
    """Return `text` as a CSV file holds it, which has no other sign for a text.

    What a spreadsheet program would take for a formula has an apostrophe before it.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def put(cell: Cell, value: str | float | datetime.date | None) -> Cell:
    """Write `value` into `cell`: text as text, whatever it looks like."""
    if isinstance(value, str):
        is_formula_like = value.startswith(_FORMULA_STARTS)
        value = fit(value)
        # what looks like an escaped character is text too
        cell.value = _ESCAPE.sub("_x005F_", value)
        # openpyxl takes "=…" for a formula and "#N/A" for an error
        cell.data_type = "s"
        cell.quotePrefix = is_formula_like or value.startswith(_FORMULA_STARTS)
    else:
        cell.value = value
    return cell


class Copy:
    """A workbook made of one of another format: values and merged cells alone."""

    def __init__(self) -> None:
        self._book = Workbook()
        self._book.remove(self._book.active)

    def begin(self, title: str) -> None:
        """Begin the next sheet."""
        self._sheet = self._book.create_sheet(
            _UNNAMEABLE.sub(" ", title)[:_MAX_TITLE] or None
        )

    def add(
        self,
        row: int,
        column: int,
        value: str | float | datetime.date | None,
        shape: str = "",
    ) -> None:
        """Add a cell, unless it is empty.

        :param shape: the format of its number
        """
        if value is not None:
            cell = put(self._sheet.cell(row, column), value)
            if shape:
                cell.number_format = shape

    def add_fault(self, row: int, column: int, fault: str) -> None:
        """Add a cell that holds an error, as “#N/A”."""
        self._sheet.cell(row, column).value = fault

    def merge(self, top: int, bottom: int, left: int, right: int) -> None:
        """Merge cells, by the numbers of the first and the last row and column."""
        # the library's own act makes a cell of each place
        self._sheet.merged_cells.add(
            CellRange(min_row=top, max_row=bottom, min_col=left, max_col=right)
        )

    def save(self, path: Path) -> None:
        """Write the whole: what is broken off leaves nothing under this name."""
        part = path.with_name(f"{path.name}.part")
        self._book.save(part)
        part.rename(path)


def put_heads(sheet: Worksheet, row: int, heads: Sequence[str], widths: Sequence[int]):
    """Write the headings of a table, and freeze what is above its first line."""
    for column, (head, width) in enumerate(zip(heads, widths, strict=True), start=1):
        cell = put(sheet.cell(row, column), head)
        cell.font, cell.fill = Font(bold=True), _HEAD_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(row + 1, 1)


def save(workbook: Workbook) -> bytes:
    """Return the bytes of the finished workbook."""
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


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


class _Parser(WorkSheetParser):
    """Reads cells in one go, and none of them ends the reading of the others."""

    def parse_cell(self, element):
        """Read a cell; one that isn't what it says comes as an error."""
        counter = self.col_counter
        try:
            cell = super().parse_cell(element)
        except (IndexError, OverflowError, ValueError):
            # as "NaN" for a number, or a date that no calendar has
            self.col_counter = counter
            element.set("t", "e")
            cell = super().parse_cell(element)
        formula = element.find(FORMULA_TAG)
        # an empty text is a result too
        has_result = element.get("t") == "str" and element.find(VALUE_TAG) is not None
        if cell["value"] is None and formula is not None and not has_result:
            cell |= {"value": f"={formula.text or '…'}", "data_type": "f"}
        return cell


class Reader:
    """A workbook to read; it trusts nothing that the file says.

    :raises BadWorkbook: for what isn't a workbook, here or while rows are read
    """

    #: Merged cells of the sheet that was read last: (row, column) to (row, column).
    spans: dict[tuple[int, int], tuple[int, int]]

    def __init__(self, content: bytes):
        _check_archive(content)
        self.spans = {}
        with _reading():
            self._book = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )

    def get_titles(self) -> list[str]:
        """Return the names of the sheets as their tabs show them."""
        return [sheet.title for sheet in self._book.worksheets]

    def iter_rows(
        self, sheet: int | str = 0, *, max_column: int
    ) -> Iterator[tuple[int, list[Value]]]:
        """Yield the number and the values of each row that holds anything.

        :param sheet: place or name of the sheet
        :param max_column: so many columns are read
        """
        with _reading():
            book = self._book
            page = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
            self.spans = {}
            # openpyxl's own reader makes up all the rows above a cell far below
            with page._get_source() as source:
                parser = _Parser(
                    source,
                    page._shared_strings,
                    data_only=True,
                    epoch=book.epoch,
                    date_formats=book._date_formats,
                )
                last = 0
                for number, cells in parser.parse():
                    if number <= last:
                        raise BadWorkbook("type")
                    last = number
                    values: list[Value] = [None] * max_column
                    for cell in cells:
                        if cell["value"] is not None and cell["column"] <= max_column:
                            place = cell["column"] - 1
                            values[place] = _judge(ReadOnlyCell(page, **cell))
                    if values.count(None) == max_column:
                        continue
                    if number > LAST_ROW:
                        raise BadWorkbook("far", [str(number)])
                    yield number, values
                # they stand below the rows
                merged = parser.merged_cells
                for area in (merged.mergeCell if merged else [])[:MAX_MERGED]:
                    first, top, last, bottom = range_boundaries(area.ref)
                    self.spans[top, first] = (bottom, last)


@contextmanager
def _reading():
    """Turn what the libraries raise over a broken file into :class:`BadWorkbook`."""
    try:
        yield
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


def _judge(cell: ReadOnlyCell) -> Value:
    value = cell.value
    if cell.data_type == "f":
        return Odd("formula", str(value))
    if isinstance(value, bool):
        return Odd("boolean", str(value).upper())
    if cell.data_type == "e":
        return Odd("error", str(value)[:40])
    if isinstance(value, datetime.datetime | datetime.date):
        return Odd("date", f"{value:%d/%m/%Y}")
    if isinstance(value, datetime.time | datetime.timedelta):
        return Odd("date", str(value))
    if isinstance(value, int | float):
        if not abs(value) <= _MAX_NUMBER:  # neither is what is no number at all
            return Odd("large", str(value)[:20])
        shape = cell.number_format or ""
        if "%" in shape:
            # a sign that is only written beside the number multiplies nothing
            factor = 100 if "%" in _LITERAL.sub("", shape) else 1
            return Odd("percent", f"{value * factor:g}%")
        return value
    # Word's soft line break comes as "_x000B_"
    text = plain_text.clean(unescape(str(value)))
    return text if text.strip() else None
