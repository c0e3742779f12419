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
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from . import plain_text

MAX_BYTES = 5 * 1024 * 1024
#: What a workbook may weigh unpacked: thirty times what 5,000 rows need.
MAX_UNPACKED = 60 * 1024 * 1024
MAX_MEMBERS = 500
#: A sheet of a spreadsheet program has no more rows.
_LAST_ROW = 1_048_576
#: The longest text of a cell.
MAX_TEXT = 32_767
#: A spreadsheet program is exact up to fifteen digits.
_MAX_NUMBER = 1e15
#: By these a spreadsheet program knows a formula, also when a text is edited later.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: So workbooks write a character that XML can't hold.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_HEAD_FILL = PatternFill("solid", fgColor="DDEBF7")


class BadWorkbook(Exception):
    """The file can't be read; `reason` is ``size``, ``type`` or ``unpacked``.

    What reads a certain kind of workbook has reasons of its own, perhaps with `detail`.
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


def put(cell: Cell, value: str | float | datetime.date | None) -> Cell:
    """Write `value` into `cell`: text as text, whatever it looks like."""
    if isinstance(value, str):
        is_formula_like = value.startswith(_FORMULA_STARTS)
        value = plain_text.clean(value)[:MAX_TEXT]
        # what looks like an escaped character is text too
        cell.value = _ESCAPE.sub("_x005F_", value)
        # openpyxl takes "=…" for a formula and "#N/A" for an error
        cell.data_type = "s"
        cell.quotePrefix = is_formula_like or value.startswith(_FORMULA_STARTS)
    else:
        cell.value = value
    return cell


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


class Reader:
    """A workbook to read; it trusts nothing that the file says.

    :raises BadWorkbook: for what isn't a workbook, here or while rows are read
    """

    def __init__(self, content: bytes):
        _check_archive(content)
        # a formula shows what it is only in the one, what it came to in the other
        self._values = self._load(content, data_only=True)
        self._formulas = self._load(content, data_only=False)

    @staticmethod
    def _load(content, data_only):
        with _reading():
            return load_workbook(
                io.BytesIO(content),
                read_only=True,
                data_only=data_only,
                keep_links=False,
            )

    def get_title(self, sheet: int = 0) -> str:
        """Return the name of a sheet as its tab shows it."""
        return self._values.worksheets[sheet].title

    def iter_rows(
        self, sheet: int | str = 0, *, max_column: int, max_row: int = _LAST_ROW
    ) -> Iterator[tuple[int, list[Value]]]:
        """Yield the number and the values of each row that isn't blank.

        :param sheet: place or name of the sheet
        """
        pair = []
        with _reading():
            for book in (self._values, self._formulas):
                page = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
                page.reset_dimensions()  # what the file says of its size may be false
                pair.append(page.iter_rows(max_row=max_row, max_col=max_column))
            before = None
            for number, row in enumerate(zip(*pair, strict=True), start=1):
                # the rows of a gap, up to a million of them, are one and the same tuple
                if row[0] is before:
                    continue
                before = row[0]
                values = [_judge(*cells) for cells in zip(*row, strict=True)]
                if any(value is not None for value in values):
                    yield number, values


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


def _judge(cell, formula) -> Value:
    value = cell.value
    if formula.data_type == "f" and value is None:
        return Odd("formula", str(formula.value))
    if value is None:
        return None
    if isinstance(value, bool):
        return Odd("boolean", str(value).upper())
    if cell.data_type == "e":
        return Odd("error", str(value))
    if isinstance(value, datetime.datetime | datetime.date):
        return Odd("date", f"{value:%d/%m/%Y}")
    if isinstance(value, datetime.time | datetime.timedelta):
        return Odd("date", str(value))
    if isinstance(value, int | float):
        if not abs(value) <= _MAX_NUMBER:  # neither is what is no number at all
            return Odd("large", str(value)[:20])
        if "%" in (cell.number_format or ""):
            return Odd("percent", f"{value * 100:g}%")
        return value
    # Word's soft line break comes as "_x000B_"
    return plain_text.clean(unescape(str(value)))
