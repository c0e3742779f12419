"""Workbooks of LibreOffice and others (.ods), made into those of Excel.

Another process reads them, within limits, as it does old ones of Excel: what a file
says of repeated cells costs a few bytes there, and gigabytes where it is believed.
"""

import contextlib
import datetime
import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from . import plain_text, scratch
from .old_workbook import CPU_SECONDS, MEMORY, SECONDS, Unreadable
from .pdf import run_module
from .workbook import LAST_ROW, MAX_UNPACKED

#: What its first member says of such a file (OpenDocument 1.3, part 2, 3.3).
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
#: So many columns of a sheet are read, and so many cells of all.
LAST_COLUMN = 100
MOST_CELLS = 200_000
_SOURCE, _RESULT = "source.ods", "result.xlsx"
_URN = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE, _TEXT = (
    f"{{{_URN.format(name)}}}" for name in ("table", "office", "text")
)
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
#: What no name of a sheet may hold.
_UNNAMEABLE = re.compile(r"[\[\]:*?/\\]")


class _Cell(NamedTuple):
    """A cell as Excel has it: `kind` where it mustn't be guessed, `span` if merged."""

    column: int
    value: Any
    kind: str
    shape: str
    span: tuple[int, int]


def is_open(content: bytes) -> bool:
    """Tell whether a file says of itself that it is such a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            member = archive.getinfo("mimetype")
            return member.file_size < 200 and archive.read(member).startswith(MIMETYPE)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return False


def modernize(content: bytes, timeout: float = SECONDS) -> bytes:
    """Return a workbook as .xlsx: values, dates and merged cells, nothing else.

    :param timeout: seconds
    :raises Unreadable: where it can't be read
    """
    with scratch.folder() as folder:
        (folder / _SOURCE).write_bytes(content)
        said, code = run_module("lib.guard.open_workbook", folder, timeout)
        result = folder / _RESULT
        if not result.exists():
            raise Unreadable(f"{code}: {said.rpartition(chr(10))[2]}")
        return result.read_bytes()


def make(folder: Path) -> None:
    """Make the workbook of Excel beside the one that lies in `folder`.

    :raises ValueError: where it would cost too much
    """
    # needed in this process alone
    from openpyxl import Workbook
    from openpyxl.worksheet.cell_range import CellRange

    book = Workbook()
    book.remove(book.active)
    sheet, row, left = None, 0, MOST_CELLS
    for element in _iterate(_read(folder / _SOURCE)):
        if element.tag == f"{_TABLE}table":
            name = element.get(f"{_TABLE}name") or ""
            sheet, row = book.create_sheet(_UNNAMEABLE.sub(" ", name)[:31] or None), 0
            continue
        repeated = _count(element, "number-rows-repeated")
        cells = list(_read_row(element))
        # who reads it refuses it for the first row that is too far below
        last = min(row + repeated, max(row, LAST_ROW) + 1)
        left -= len(cells) * (last - row)
        if left < 0:
            raise ValueError("too many cells")
        for number in range(row + 1, last + 1) if cells else ():
            for cell in cells:
                made = sheet.cell(number, cell.column)
                if cell.kind:
                    # never a formula, whatever it begins with
                    made._value, made.data_type = cell.value, cell.kind
                else:
                    made.value = cell.value
                if cell.shape:
                    made.number_format = cell.shape
                height, width = cell.span
                if height > 1 or width > 1:
                    # its own act makes a cell of each place
                    sheet.merged_cells.add(
                        CellRange(
                            min_row=number,
                            max_row=min(number + height - 1, LAST_ROW),
                            min_col=cell.column,
                            max_col=min(cell.column + width - 1, LAST_COLUMN),
                        )
                    )
        row += repeated
    part = folder / f"{_RESULT}.part"
    book.save(part)
    part.rename(folder / _RESULT)


def _read(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo("content.xml")
        if member.file_size > MAX_UNPACKED:
            raise ValueError("too large")
        content = archive.read(member)
    # by declarations a few bytes grow to gigabytes; no program writes them
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("declarations")
    return content


def _iterate(content: bytes) -> Iterator:
    """Yield each table as it begins and each row as it ends."""
    from lxml import etree

    table, row = f"{_TABLE}table", f"{_TABLE}table-row"
    for event, element in etree.iterparse(
        io.BytesIO(content),
        events=("start", "end"),
        tag=(table, row),
        resolve_entities=False,
        no_network=True,
    ):
        if (event, element.tag) in (("start", table), ("end", row)):
            yield element
        if event == "end":
            element.clear()


def _count(element, name: str) -> int:
    """Return how often something is meant, or over how many places it lies."""
    value = element.get(f"{_TABLE}{name}") or ""
    return max(int(value), 1) if value.isdecimal() and len(value) < 9 else 1


def _read_row(row) -> Iterator[_Cell]:
    column = 0
    for cell in row.iterchildren(*_CELLS):
        repeated = _count(cell, "number-columns-repeated")
        value, kind, shape = _get_value(cell)
        # what a merged cell lies over isn't seen
        if value is not None and cell.tag == _CELLS[0]:
            span = tuple(
                _count(cell, f"number-{name}-spanned") for name in ("rows", "columns")
            )
            for place in range(column + 1, min(column + repeated, LAST_COLUMN) + 1):
                yield _Cell(place, value, kind, shape, span)
        column += repeated


def _get_value(cell) -> tuple[Any, str, str]:
    """Return a cell's value, its kind unless it may be guessed, and its format."""
    kind = cell.get(f"{_OFFICE}value-type")
    text = plain_text.clean(
        "\n".join(_get_text(part) for part in cell.iterchildren(f"{_TEXT}p"))
    )
    with contextlib.suppress(OverflowError, TypeError, ValueError):
        if kind in ("float", "currency", "percentage"):
            number = float(cell.get(f"{_OFFICE}value"))
            shape = "0%" if kind == "percentage" else ""
            return (int(number) if number.is_integer() else number), "", shape
        if kind == "date":
            day = datetime.datetime.fromisoformat(cell.get(f"{_OFFICE}date-value"))
            return day.replace(tzinfo=None), "", ""
        if kind == "boolean":
            return cell.get(f"{_OFFICE}boolean-value") == "true", "", ""
    return (text, "s", "") if text.strip() else (None, "", "")


def _get_text(element) -> str:
    """Return the text of a paragraph, whose white space has elements of its own."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            number = child.get(f"{_TEXT}c") or "1"
            parts.append(" " * min(int(number) if number.isdecimal() else 1, 100))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif isinstance(child.tag, str):
            parts.append(_get_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def main(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    make(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
