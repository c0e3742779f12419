import datetime
import io
import zipfile

import pytest
import xlwt
from openpyxl import Workbook

from ...guard import foreign, office_list, old_workbook, open_workbook, pdf, scratch
from ...guard.office_list import Line
from ...guard.workbook import LAST_ROW, BadWorkbook, Odd


def make_lines(count):
    return [Line(number, ["An"] + [None] * 39) for number in range(1, count + 1)]


def test_merged_cells_say_it_of_each_row():
    lines = [Line(1, ["An", "B"]), Line(2, [None, "C"]), Line(3, ["Chi", None])]
    sheet = office_list._dress(lines, {(1, 1): (LAST_ROW, 1)})
    assert [line.values[0] for line in sheet.lines] == ["An", "An", "Chi"]


def test_merged_cells_that_overlap_cost_little():
    spans = {(row, 1): (LAST_ROW, 1) for row in range(1, 1_001)}
    assert office_list._dress(make_lines(1_000), spans)
    spans = {(row, 1): (LAST_ROW, 1) for row in range(1, 3_001)}
    with pytest.raises(BadWorkbook, match="unpacked"):
        office_list._dress(make_lines(3_000), spans)


def make_old(fill):
    book = xlwt.Workbook()
    fill(book.add_sheet("Trang 1"))
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def test_an_old_workbook_is_read_like_one_of_today():
    def fill(sheet):
        # letters of the fonts .VnTime, as lists of then have them
        for row, values in enumerate(
            (
                ["Hä vµ tªn", "§¬n vÞ c«ng t¸c", "Năm", "=1+1"],
                ["NguyÔn V¨n B×nh", "V¨n phßng Së", 2009, "=1+1"],
                ["TrÇn ThÞ H­¬ng", None, 2010.5, None],
            )
        ):
            for column, value in enumerate(values):
                if value is not None and (row, column) != (1, 1):
                    sheet.write(row, column, value)
        sheet.write_merge(1, 2, 1, 1, "V¨n phßng Së")
        sheet.write(1, 4, xlwt.Formula("1/0"))

    [sheet] = office_list.read_sheets(make_old(fill), 5)
    assert [line.values[:3] for line in sheet.lines] == [
        ["Họ và tên", "Đơn vị công tác", "Năm"],
        ["Nguyễn Văn Bình", "Văn phòng Sở", 2009],
        ["Trần Thị Hương", "Văn phòng Sở", 2010.5],
    ]
    assert sheet.lines[0].values[3] == "=1+1", "a text is no formula"


def test_days_and_errors_of_an_old_workbook():
    def fill(sheet):
        sheet.write(0, 0, 44454, xlwt.easyxf(num_format_str="DD/MM/YYYY"))
        sheet.write(0, 1, True)

    [sheet] = office_list.read_sheets(make_old(fill), 2)
    day, yes = sheet.lines[0].values
    assert (day.kind, yes.kind) == ("date", "boolean")
    assert isinstance(day, Odd)


def make_open(cells):
    """Return an .ods by LibreOffice's own hand, from the cells of a sheet."""
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    book.active.merge_cells("B2:B3")
    with scratch.folder() as folder:
        book.save(folder / "list.xlsx")
        (folder / "work").mkdir()
        made = foreign.convert(
            folder / "list.xlsx", folder / "work", "ods", 60, open_workbook.MEMORY
        )
        return made.read_bytes()


@pytest.mark.skipif(not pdf.engine(), reason="LibreOffice isn't installed")
def test_a_workbook_of_libreoffice_is_read_like_one_of_excel():
    content = make_open(
        {
            "A1": "Họ và tên",
            "B1": "Đơn vị công tác",
            "C1": "Năm",
            "A2": "Nguyễn Văn Bình",
            "B2": "Văn phòng Sở",
            "C2": 2009,
            "A3": "Trần Thị Hương",
            "C3": datetime.date(2020, 9, 2),
            "C4": "=1+1",
        }
    )
    assert open_workbook.is_open(content)
    [sheet] = office_list.read_sheets(content, 3)
    assert [line.values for line in sheet.lines] == [
        ["Họ và tên", "Đơn vị công tác", "Năm"],
        ["Nguyễn Văn Bình", "Văn phòng Sở", 2009],
        ["Trần Thị Hương", "Văn phòng Sở", Odd("date", "02/09/2020")],
        [None, None, 2],
    ]


def test_without_libreoffice_its_workbooks_are_refused(monkeypatch):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("mimetype", open_workbook.MIMETYPE)
        archive.writestr("content.xml", "<x/>")
    assert open_workbook.is_open(output.getvalue())
    monkeypatch.setattr(foreign, "engine", lambda: None)
    with pytest.raises(BadWorkbook, match="type"):
        list(office_list.read_sheets(output.getvalue(), 3))
    assert not open_workbook.is_open(output.getvalue()[:40])


@pytest.mark.parametrize(
    "content", [old_workbook.MAGIC, old_workbook.MAGIC + b"x" * 5_000]
)
def test_what_only_begins_like_an_old_workbook(content):
    with pytest.raises(BadWorkbook, match="type"):
        list(office_list.read_sheets(content, 3))
