"""Workbooks of LibreOffice and others (.ods), made into those of Excel.

Another process reads them, within limits, as it does old ones of Excel: what a file
says of repeated cells costs a few bytes there, and gigabytes where it is believed. The
libraries that read such files pass over merged cells, by which lists of offices group
their rows.
"""

import contextlib
import datetime
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from . import apart, plain_text, workbook
from .workbook import LAST_ROW, MAX_UNPACKED

#: What such a file says of itself, as its first part and not packed, so that it stands
#: at this place of the file (OpenDocument 1.3, part 2, 3.3).
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_PLACE = 30
#: So many columns of a sheet are read, and so many cells of all.
LAST_COLUMN = 100
MOST_CELLS = 200_000
_SOURCE, _RESULT = "source.ods", "result.xlsx"
_URN = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE, _TEXT = (
    f"{{{_URN.format(name)}}}" for name in ("table", "office", "text")
)
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


class _Cell(NamedTuple):
    """A cell as Excel has it: `shape` is its format, `span` rows and columns."""

    column: int
    value: Any
    shape: str
    span: tuple[int, int]


def is_open(content: bytes) -> bool:
    """Tell whether a file says of itself that it is such a workbook."""
    said = content[_PLACE:]
    return content.startswith(b"PK") and said.startswith(b"mimetype" + MIMETYPE)


def modernize(content: bytes, timeout: float = apart.SECONDS) -> bytes:
    """Return a workbook as .xlsx: values, dates and merged cells, nothing else.

    :param timeout: seconds
    :raises Failed: where it can't be read
    """
    task = ("lib.guard.open_workbook", _SOURCE, content, _RESULT, timeout)
    with apart.work(*task) as result:
        return result.read_bytes()


def make(folder: Path) -> None:
    """Make the workbook of Excel beside the one that lies in `folder`.

    :raises ValueError: where it would cost too much
    """
    book, row, left = workbook.Copy(), 0, MOST_CELLS
    for element in _iterate(_read(folder / _SOURCE)):
        if element.tag == f"{_TABLE}table":
            book.begin(element.get(f"{_TABLE}name") or "")
            row = 0
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
                book.add(number, cell.column, cell.value, cell.shape)
                height, width = cell.span
                if height > 1 or width > 1:
                    bottom = min(number + height - 1, LAST_ROW)
                    right = min(cell.column + width - 1, LAST_COLUMN)
                    book.merge(number, bottom, cell.column, right)
        row += repeated
    book.save(folder / _RESULT)


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
        value, shape = _get_value(cell)
        # what a merged cell lies over isn't seen
        if value is not None and cell.tag == _CELLS[0]:
            span = tuple(
                _count(cell, f"number-{name}-spanned") for name in ("rows", "columns")
            )
            for place in range(column + 1, min(column + repeated, LAST_COLUMN) + 1):
                yield _Cell(place, value, shape, span)
        column += repeated


def _get_value(cell) -> tuple[Any, str]:
    """Return a cell's value, None where it is empty, and its format."""
    kind = cell.get(f"{_OFFICE}value-type")
    text = plain_text.clean(
        "\n".join(_get_text(part) for part in cell.iterchildren(f"{_TEXT}p"))
    )
    with contextlib.suppress(OverflowError, TypeError, ValueError):
        if kind in ("float", "currency", "percentage"):
            number = float(cell.get(f"{_OFFICE}value"))
            shape = "0%" if kind == "percentage" else ""
            return (int(number) if number.is_integer() else number), shape
        if kind == "date":
            day = datetime.datetime.fromisoformat(cell.get(f"{_OFFICE}date-value"))
            return day.replace(tzinfo=None), ""
        if kind == "boolean":
            return cell.get(f"{_OFFICE}boolean-value") == "true", ""
    return (text if text.strip() else None), ""


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
    apart.limit()
    make(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
