"""Workbooks of Excel 97 to 2003 (.xls), made into those of today.

Another process reads them, within limits: the format is older than any care about
files of strangers, and the library that reads it trusts what a file says.
"""

import contextlib
import sys
from pathlib import Path

from . import apart, plain_text

#: How files of this kind, and older files of Word and PowerPoint, begin.
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SOURCE, _RESULT = "source.xls", "result.xlsx"


def is_old(content: bytes) -> bool:
    """Tell whether a file begins like such a workbook."""
    return content.startswith(MAGIC)


def modernize(content: bytes, timeout: float = apart.SECONDS) -> bytes:
    """Return a workbook as .xlsx: values, dates and merged cells, nothing else.

    :param timeout: seconds
    :raises Failed: where it can't be read
    """
    task = ("lib.guard.old_workbook", _SOURCE, content, _RESULT, timeout)
    with apart.work(*task) as result:
        return result.read_bytes()


def make(folder: Path) -> None:
    """Make the workbook of today beside the one that lies in `folder`."""
    # needed in this process alone
    import xlrd

    from . import workbook

    source = xlrd.open_workbook(folder / _SOURCE, formatting_info=True)
    book = workbook.Copy()
    for old in source.sheets():
        book.begin(old.name)
        for row in range(old.nrows):
            for column, cell in enumerate(old.row(row)):
                if cell.ctype == xlrd.XL_CELL_ERROR:
                    fault = xlrd.error_text_from_code.get(cell.value, "#N/A")
                    book.add_fault(row + 1, column + 1, fault)
                else:
                    book.add(row + 1, column + 1, _get_value(cell, source.datemode))
        for top, bottom, left, right in old.merged_cells:
            book.merge(top + 1, bottom, left + 1, right)
    book.save(folder / _RESULT)


def _get_value(cell, datemode):
    """Return a cell's value, None where it is empty."""
    import xlrd

    value = cell.value
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return plain_text.clean(value) or None
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return int(value) if value.is_integer() else value
    if cell.ctype == xlrd.XL_CELL_DATE:
        # a number that is no day stays one
        with contextlib.suppress(OverflowError, ValueError):
            return xlrd.xldate_as_datetime(value, datemode)
        return value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return None


def main(folder: Path) -> None:
    apart.limit()
    make(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
