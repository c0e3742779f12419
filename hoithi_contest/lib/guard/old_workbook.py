"""Workbooks of Excel 97 to 2003 (.xls), made into those of today.

Another process reads them, within limits: the format is older than any care about
files of strangers, and the library that reads it trusts what a file says.
"""

import contextlib
import resource
import sys
from pathlib import Path

from . import scratch
from .pdf import run_module

#: How files of this kind, and older files of Word and PowerPoint, begin.
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Bytes of address space, seconds of the processor and of the clock.
MEMORY = 1024**3
CPU_SECONDS = 20
SECONDS = 30
_SOURCE, _RESULT = "source.xls", "result.xlsx"


class Unreadable(Exception):
    """The file is no such workbook, is broken or locked, or costs too much."""


def modernize(content: bytes, timeout: float = SECONDS) -> bytes:
    """Return a workbook as .xlsx: values, dates and merged cells, nothing else.

    :param timeout: seconds
    :raises Unreadable: where it can't be read
    """
    with scratch.folder() as folder:
        (folder / _SOURCE).write_bytes(content)
        said, code = run_module("lib.guard.old_workbook", folder, timeout)
        result = folder / _RESULT
        if not result.exists():
            raise Unreadable(f"{code}: {said.rpartition(chr(10))[2]}")
        return result.read_bytes()


def make(folder: Path) -> None:
    """Make the workbook of today beside the one that lies in `folder`."""
    # needed in this process alone
    import xlrd
    from openpyxl import Workbook
    from openpyxl.worksheet.cell_range import CellRange

    source = xlrd.open_workbook(folder / _SOURCE, formatting_info=True)
    book = Workbook()
    book.remove(book.active)
    for old in source.sheets():
        sheet = book.create_sheet(old.name)
        for row in range(old.nrows):
            for column, cell in enumerate(old.row(row)):
                value, kind = _get_value(cell, source.datemode)
                if value is None:
                    continue
                made = sheet.cell(row + 1, column + 1)
                if kind:
                    # never a formula, whatever it begins with
                    made._value, made.data_type = value, kind
                else:
                    made.value = value
        for top, bottom, left, right in old.merged_cells:
            # its own act makes a cell of each place
            sheet.merged_cells.add(
                CellRange(
                    min_row=top + 1,
                    max_row=bottom,
                    min_col=left + 1,
                    max_col=right,
                )
            )
    part = folder / f"{_RESULT}.part"
    book.save(part)
    part.rename(folder / _RESULT)


def _get_value(cell, datemode):
    """Return a cell's value, and its kind where openpyxl mustn't guess it."""
    import xlrd

    from . import plain_text

    value, kind = cell.value, ""
    if cell.ctype == xlrd.XL_CELL_TEXT:
        value, kind = plain_text.clean(value) or None, "s"
    elif cell.ctype == xlrd.XL_CELL_NUMBER:
        value = int(value) if value.is_integer() else value
    elif cell.ctype == xlrd.XL_CELL_DATE:
        # a number that is no day stays one
        with contextlib.suppress(OverflowError, ValueError):
            value = xlrd.xldate_as_datetime(value, datemode)
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value = bool(value)
    elif cell.ctype == xlrd.XL_CELL_ERROR:
        value, kind = xlrd.error_text_from_code.get(value, "#N/A"), "e"
    else:
        value = None
    return value, kind


def main(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    make(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
