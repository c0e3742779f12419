import datetime
import io

from openpyxl import load_workbook

from ...document import nd30, register
from ...document.kinds import KINDS
from .contexts import VARIANTS

HEADINGS = [column.heading for column in register.COLUMNS]


def made(context):
    return load_workbook(io.BytesIO(register.build(context))).active


def rows(sheet):
    first = register.HEAD_ROW + 1
    for values in sheet.iter_rows(min_row=first, values_only=True):
        if values[0] is not None and values[1] is not None:
            yield dict(zip(HEADINGS, values, strict=True))


def test_head_and_rows():
    context = KINDS["register"].sample()
    sheet = made(context)
    texts = [cell.value for row in sheet["A1:O5"] for cell in row if cell.value]
    assert texts == [
        context["head"]["superior"],
        nd30.NATION,
        context["head"]["issuer"],
        nd30.MOTTO,
        context["title"],
        context["subject"],
    ]
    first, *others = rows(sheet)
    assert len(others) == 2
    assert first["STT"] == 1
    assert first["Mã hồ sơ"] == "VI-001"
    assert first["Ngày nhận"] == datetime.datetime(2021, 6, 20)
    assert first["Số tệp"] == 3
    assert sheet.cell(sheet.max_row, 1).value.startswith("In lúc 08 giờ 00 phút")


def test_a_title_is_never_a_formula():
    context = KINDS["register"].sample()
    context["rows"][0]["title"] = "=1+1\x00"
    context["rows"][0]["received_on"] = ""
    cell = made(context).cell(
        register.HEAD_ROW + 1, HEADINGS.index("Tên giải pháp") + 1
    )
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert next(rows(made(context)))["Ngày nhận"] is None


def test_page():
    sheet = made(KINDS["register"].sample())
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$7:$7"
    assert sheet.freeze_panes == "C8"
    assert sheet.auto_filter.ref == "A7:O10"
    assert {c.font.name for row in sheet["A7:O10"] for c in row} == {register.FONT}


def test_the_head_is_as_high_as_its_text():
    """Names of two lines don't lie upon each other."""
    kind = KINDS["register"]
    sheet = made(VARIANTS["hostile"](kind, kind.sample()))
    usual = made(kind.sample())
    assert [usual.row_dimensions[row].height for row in (1, 2)] == [16, 34]
    assert [sheet.row_dimensions[row].height for row in (1, 2)] == [32, 34]


def test_rows_are_as_high_as_their_text():
    context = KINDS["register"].sample()
    context["rows"][0] |= {
        "title": "Giải pháp",
        "authors": "A",
        "unit": "B",
        "note": "",
    }
    context["rows"][1] |= {"title": "quản lý hồ sơ đất đai " * 20}
    context["rows"][2] |= {"note": "một\nhai\nba\nbốn\nnăm\nsáu\nbảy\ntám"}
    sheet = made(context)
    low, high, lines = (
        sheet.row_dimensions[register.HEAD_ROW + number].height for number in (1, 2, 3)
    )
    width = next(c.width for c in register.COLUMNS if c.name == "title")
    # no more than a third wider than they are counted, the letters fill so many lines
    assert high >= 15 * len(context["rows"][1]["title"]) / (width * 1.3)
    assert lines >= 15 * 8
    assert 15 <= low <= 15 * 3
    # nor half empty
    assert high <= 17 * 1.2 * len(context["rows"][1]["title"]) / width
    assert lines <= 17 * 8
    # a word longer than its column is broken, an empty line is a line
    context["rows"][0] |= {"note": "một\n\n" + "x" * 60, "title": ""}
    width = next(c.width for c in register.COLUMNS if c.name == "note")
    height = made(context).row_dimensions[register.HEAD_ROW + 1].height
    assert 15 * (2 + 60 // (width * 1.3)) <= height <= 17 * (2 + 60 // width)


def in_points(sheet, row):
    return sheet.row_dimensions[row].height


def test_a_long_subject_is_shown_whole():
    """Rows are merged there, and no program makes those higher by itself."""
    context = KINDS["register"].sample()
    assert 17 <= in_points(made(context), 5) <= 25, "one line of 14 points"
    subject = "Hội thi sáng tạo kỹ thuật tỉnh lần thứ sáu, " * 20
    height = in_points(made(context | {"subject": subject}), 5)
    letters = sum(column.width for column in register.COLUMNS)
    lines = len(subject) / letters
    assert 17 * lines <= height <= 34 * lines
    assert in_points(made(context), 2) >= 2 * 15, "an issuer may take two lines"


def test_headings_are_shown_whole():
    height = in_points(made(KINDS["register"].sample()), register.HEAD_ROW)
    assert 2 * 15 <= height < 3 * 15, "the longest take two lines, as “Loại giải pháp”"


def test_letters_are_large_enough_once_printed():
    """The table is made as wide as a page of A4 across, less its margins."""
    units = sum(column.width for column in register.COLUMNS)
    millimetres = units * 7 * 25.4 / 96
    size = 12 * (297 - 30 - 15) / millimetres
    assert size >= 7.75
    # and the columns have all the room that this leaves them
    assert size < 7.8


def test_what_stands_where_and_how():
    """Sizes and margins as Decree 30/2020 has them for documents."""
    context = KINDS["register"].sample()
    sheet = made(context)
    assert {str(cells) for cells in sheet.merged_cells.ranges} == {
        *("A1:F1", "A2:F2"),
        *("G1:O1", "G2:O2"),
        *("A4:O4", "A5:O5"),
    }
    fonts = {
        name: (sheet[name].font.sz, bool(sheet[name].font.b), bool(sheet[name].font.i))
        for name in ("A1", "A2", "G1", "G2", "A4", "A5", "A7", "O7", "A8", "O10", "A12")
    }
    assert fonts == {
        "A1": (12, False, False),
        "A2": (12, True, False),
        "G1": (12, True, False),
        "G2": (13, True, False),
        "A4": (14, True, False),
        "A5": (14, True, False),
        "A7": (12, True, False),
        "O7": (12, True, False),
        "A8": (12, False, False),
        "O10": (12, False, False),
        "A12": (12, False, True),
    }
    assert {
        cell.font.name for row in sheet["A1:O12"] for cell in row if cell.value
    } == {register.FONT}
    assert sheet["A12"].value == f"In lúc {context['printed_on']}."
    assert not any(cell.value for cell in sheet[11]), "it is no row of the table"


def test_cells():
    sheet = made(KINDS["register"].sample())
    for name in ("A1", "G2", "A4", "A5", "A7", "O7"):
        place = sheet[name].alignment
        assert (place.horizontal, place.vertical) == ("center", "center"), name
        assert place.wrap_text, name
    for row in sheet["A8:O10"]:
        for cell, column in zip(row, register.COLUMNS, strict=True):
            place = cell.alignment
            centred = None if column.kind == "text" else "center"
            assert (place.horizontal, place.vertical) == (centred, "top")
            assert place.wrap_text
            if column.kind == "date":
                assert cell.number_format == "dd/mm/yyyy"
            if column.kind == "number":
                assert cell.data_type == "n"
    for row in sheet["A7:O10"]:
        for cell in row:
            border = cell.border
            sides = (border.left, border.right, border.top, border.bottom)
            assert {side.style for side in sides} == {"thin"}
    assert sheet["A12"].border.top.style is None


def test_paper():
    sheet = made(KINDS["register"].sample())
    margins = sheet.page_margins
    assert [
        round(inches * 25.4, 1)
        for inches in (margins.top, margins.bottom, margins.left, margins.right)
    ] == [20, 20, 30, 15]
    assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
    # as wide as a page, and as many pages as it takes
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    # pages are numbered from the second on
    assert sheet.HeaderFooter.differentFirst
    assert sheet.oddHeader.center.text == "&P"
    assert not sheet.firstHeader.center.text


def test_no_entries():
    sheet = made(KINDS["register"].sample() | {"rows": []})
    assert list(rows(sheet)) == []
    assert sheet.auto_filter.ref == "A7:O7"
