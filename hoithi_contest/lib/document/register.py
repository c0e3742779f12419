"""Sổ tiếp nhận: the register of received entries as a workbook."""

import datetime
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..guard.workbook import put, save
from . import nd30

FONT = "Times New Roman"
# Row of the table's headings; above it stand agency, national name and title.
HEAD_ROW = 7
_DATE_FORMAT = "dd/mm/yyyy"
#: Points of a line of the table's text, and its letters to a character of a width.
_LINE_HEIGHT = 16
_LETTERS = 1.1


class Column(NamedTuple):
    """A column; `width` in characters, `kind` as in ``kind.Field``."""

    heading: str
    name: str
    width: float
    kind: str = "text"


COLUMNS = (
    Column("STT", "number", 5, "number"),
    Column("Mã hồ sơ", "code", 10),
    Column("Số biên nhận", "receipt_number", 13),
    Column("Ngày nhận", "received_on", 11, "date"),
    Column("Tên giải pháp", "title", 32),
    Column("Tác giả", "authors", 20),
    Column("Phòng, đơn vị", "unit", 18),
    Column("Lĩnh vực", "field", 16),
    Column("Loại giải pháp", "type", 13),
    Column("Hình thức", "participant", 9),
    Column("Số tệp", "file_count", 6, "number"),
    Column("Tình trạng", "state", 12),
    Column("Hạn trả lời", "answer_due", 11, "date"),
    Column("Người nhận", "receiver", 14),
    Column("Ghi chú", "note", 20),
)


def _write(cell: Cell, value: Any, kind: str = "text") -> None:
    if kind == "date":
        cell.value = datetime.date.fromisoformat(value) if value else None
        cell.number_format = _DATE_FORMAT
    elif kind == "number":
        cell.value = value
    else:
        put(cell, value)


def _line(sheet: Worksheet, row: int, first: int, last: int, text: str, font: Font):
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    cell = sheet.cell(row, first)
    _write(cell, text)
    cell.font = font
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _height(texts: Iterable[tuple[Any, float]]) -> float:
    """Return the height in points that a row needs for (text, width) of its cells.

    Programs don't reckon it themselves for a file that none of them has written.
    """
    return _LINE_HEIGHT * max(
        sum(
            max(1, len(textwrap.wrap(line, int(width * _LETTERS))))
            for line in str(text).splitlines() or [""]
        )
        for text, width in texts
    )


def _head(sheet: Worksheet, context: Mapping[str, Any]) -> None:
    last = len(COLUMNS)
    half = 6
    plain, bold = Font(name=FONT, size=12), Font(name=FONT, size=12, bold=True)
    _line(sheet, 1, 1, half, context["head"]["superior"], plain)
    _line(sheet, 2, 1, half, context["head"]["issuer"], bold)
    _line(sheet, 1, half + 1, last, nd30.NATION, bold)
    _line(sheet, 2, half + 1, last, nd30.MOTTO, Font(name=FONT, size=13, bold=True))
    left, right = (
        # the letters of the head are wider
        sum(column.width for column in columns) * 0.8
        for columns in (COLUMNS[:half], COLUMNS[half:])
    )
    for row, name, fixed, least in (
        (1, "superior", nd30.NATION, 16),
        (2, "issuer", nd30.MOTTO, 34),
    ):
        height = _height([(context["head"][name], left), (fixed, right)])
        sheet.row_dimensions[row].height = max(least, height)
    title = Font(name=FONT, size=14, bold=True)
    _line(sheet, 4, 1, last, context["title"], title)
    _line(sheet, 5, 1, last, context["subject"], title)
    width = sum(column.width for column in COLUMNS)
    sheet.row_dimensions[5].height = _height([(context["subject"], width * 0.8)]) * 1.2


def _page(sheet: Worksheet, last_row: int) -> None:
    setup, margins = sheet.page_setup, sheet.page_margins
    setup.orientation, setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    # Inches: 20 mm above and below, 30 left and 15 right, as in documents.
    margins.top = margins.bottom = 20 / 25.4
    margins.left, margins.right = 30 / 25.4, 15 / 25.4
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.oddHeader.center.text = "&P"
    # No page number on the first page.
    sheet.HeaderFooter.differentFirst = True
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    letter = get_column_letter(len(COLUMNS))
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{letter}{max(last_row, HEAD_ROW)}"


def build(context: Mapping[str, Any]) -> bytes:
    """Return the register as a workbook that can be sorted, filtered and printed.

    :param context: of the kind ``register``
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "So tiep nhan"
    _head(sheet, context)
    side = Side(style="thin")
    border = Border(left=side, right=side, top=side, bottom=side)
    for index, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
        heading = put(sheet.cell(HEAD_ROW, index), column.heading)
        heading.font = Font(name=FONT, size=12, bold=True)
        heading.border = border
        heading.alignment = Alignment(
            horizontal="center", vertical="center", wrap_text=True
        )
    sheet.row_dimensions[HEAD_ROW].height = _height(
        # bold letters are wider
        (column.heading, column.width * 0.85)
        for column in COLUMNS
    )
    row = HEAD_ROW
    for row, values in enumerate(context["rows"], HEAD_ROW + 1):
        for index, column in enumerate(COLUMNS, 1):
            cell = sheet.cell(row, index)
            _write(cell, values[column.name], column.kind)
            cell.font = Font(name=FONT, size=12)
            cell.border = border
            cell.alignment = Alignment(
                horizontal=None if column.kind == "text" else "center",
                vertical="top",
                wrap_text=True,
            )
        sheet.row_dimensions[row].height = _height(
            (values[column.name] if column.kind == "text" else "", column.width)
            for column in COLUMNS
        )
    printed = sheet.cell(row + 2, 1)
    _write(printed, f"In lúc {context['printed_on']}.")
    printed.font = Font(name=FONT, size=12, italic=True)
    _page(sheet, row)
    return save(workbook)
