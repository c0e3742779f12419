import datetime
import io

from openpyxl import load_workbook

from ...document import nd30, register
from ...document.kinds import KINDS

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


def test_no_entries():
    sheet = made(KINDS["register"].sample() | {"rows": []})
    assert list(rows(sheet)) == []
    assert sheet.auto_filter.ref == "A7:O7"
