import io
import zipfile

import pytest
import xlwt

from ...guard import office_list, old_workbook, open_workbook
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


SPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def make_open(rows, before="", name="Danh sách"):
    """Return a workbook as LibreOffice writes it: one sheet of these rows."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("mimetype", open_workbook.MIMETYPE)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{before}<office:document-content{SPACES}>'
            "<office:body><office:spreadsheet>"
            f'<table:table table:name="{name}">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return output.getvalue()


def cell(text="", kind="", value="", **attributes):
    told = "".join(
        f' table:{key.replace("_", "-")}="{number}"'
        for key, number in attributes.items()
    )
    if kind:
        names = {"date": "date-value", "boolean": "boolean-value"}
        told += f' office:value-type="{kind}"'
        told += f' office:{names.get(kind, "value")}="{value}"'
    said = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell{told}>{said}</table:table-cell>"


def row(*cells, repeated=1):
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{''.join(cells)}</table:table-row>"


def test_a_workbook_of_libreoffice_is_read_like_one_of_excel():
    covered = "<table:covered-table-cell><text:p>x</text:p></table:covered-table-cell>"
    note = "<office:annotation><text:p>Ghi chú</text:p></office:annotation>"
    content = make_open(
        "<table:table-header-rows>"
        + row(cell("Họ và<text:s text:c='2'/>tên"), cell("Đơn vị"), cell("Năm"))
        + "</table:table-header-rows>"
        + row(
            cell("Nguyễn <text:span>Văn</text:span> Bình"),
            cell("Văn phòng Sở", number_rows_spanned=2, number_columns_spanned=1),
            cell("2009", "float", "2009"),
            cell(number_columns_repeated=16_000),
        )
        + row(
            cell("Trần Thị<text:line-break/>Hương").replace(
                "<text:p", f"{note}<text:p"
            ),
            covered,
            cell("02/09/2020", "date", "2020-09-02"),
            cell("7%", "percentage", "0.07"),
            cell("ĐÚNG", "boolean", "true"),
            cell("=1+1", number_columns_repeated=2),
        )
        + row(cell(number_columns_repeated=16_384), repeated=1_048_000)
    )
    assert open_workbook.is_open(content)
    [sheet] = office_list.read_sheets(content, 7)
    nothing = [None] * 4
    assert [(line.number, line.values) for line in sheet.lines] == [
        (1, ["Họ và  tên", "Đơn vị", "Năm", *nothing]),
        (2, ["Nguyễn Văn Bình", "Văn phòng Sở", 2009, *nothing]),
        (
            3,
            [
                "Trần Thị\nHương",
                "Văn phòng Sở",
                Odd("date", "02/09/2020"),
                Odd("percent", "7%"),
                Odd("boolean", "TRUE"),
                "=1+1",
                "=1+1",
            ],
        ),
    ]


def test_what_stands_far_below_in_an_open_workbook_is_refused():
    content = make_open(row(cell(), repeated=LAST_ROW) + row(cell("An")))
    with pytest.raises(BadWorkbook, match="far"):
        list(office_list.read_sheets(content, 3))


@pytest.mark.parametrize(
    "content",
    [
        make_open(row(cell("x", number_columns_repeated=100), repeated=LAST_ROW)),
        make_open(row(cell("x")), before='<!DOCTYPE a [<!ENTITY b "c">]>'),
        make_open("<broken"),
        make_open(row(cell("x")))[:-40],
    ],
    ids=["repeated", "entities", "broken", "cut off"],
)
def test_open_workbooks_that_are_broken_or_cost_too_much(content):
    with pytest.raises(BadWorkbook, match="type"):
        list(office_list.read_sheets(content, 3))


def test_another_archive_is_no_open_workbook():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert not open_workbook.is_open(output.getvalue())
    assert not open_workbook.is_open(b"PK")


def test_what_looks_like_an_escaped_sign_is_text_in_any_workbook():
    old = make_old(lambda sheet: sheet.write(0, 0, "Máy_x0041_"))
    for content in (old, make_open(row(cell("Máy_x0041_")))):
        [sheet] = office_list.read_sheets(content, 1)
        assert sheet.lines[0].values == ["Máy_x0041_"]


@pytest.mark.parametrize(
    "content", [old_workbook.MAGIC, old_workbook.MAGIC + b"x" * 5_000]
)
def test_what_only_begins_like_an_old_workbook(content):
    with pytest.raises(BadWorkbook, match="type"):
        list(office_list.read_sheets(content, 3))


def read_values(*rows):
    def fill(sheet):
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                sheet.write(row, column, value)

    [sheet] = office_list.read_sheets(make_old(fill), len(rows[0]))
    return [line.values for line in sheet.lines]


def test_each_column_may_be_written_in_a_code_of_its_own():
    read = read_values(
        ["Họ tên", "Phòng", "Sáng kiến", "Năm"],
        ["Lª ThÞ H»ng", "Tài chính", "Queùt maõ vaïch", 2020],
        ["Vò Tó", "Kế toán", "Soå tay", 2021],
        ["Phạm Bình", "Thanh tra", "Sổ tay điện tử", "Nguyễn"],
    )
    assert read == [
        ["Họ tên", "Phòng", "Sáng kiến", "Năm"],
        ["Lê Thị Hằng", "Tài chính", "Quét mã vạch", 2020],
        ["Vũ Tú", "Kế toán", "Sổ tay", 2021],
        ["Phạm Bình", "Thanh tra", "Sổ tay điện tử", "Nguyễn"],
    ]


def test_a_narrow_column_is_written_as_the_rest_of_an_old_list():
    assert read_values(["Hä tªn", "Tæ"], ["Vò V¨n §øc", "Bé"]) == [
        ["Họ tên", "Tổ"],
        ["Vũ Văn Đức", "Bộ"],
    ]


def test_right_names_stay_among_a_few_of_old():
    """What reads well both ways is written as most of its column is."""
    right = ["Lê Minh", "Lê Thanh Hà", "Tô Hà", "Bùi Hòa", "Hoàng Anh"]
    told = [["Nguyễn Thị Lựu"], ["Trần Đức Thịnh"], ["Phạm Văn Hưởng"]] * 8
    old = [["NguyÔn V¨n Hïng"], ["TrÇn ThÞ Mü H¹nh"]] * 5
    vni = [["Nguyeãn Vaên Huøng"], ["Traàn Thò Myõ Haïnh"]] * 5
    for few in (old, vni):
        read = read_values(["Họ tên"], *told, *([name] for name in right), *few)
        assert [name for [name] in read[25:30]] == right
        assert [name for [name] in read[30:32]] == [
            "Nguyễn Văn Hùng",
            "Trần Thị Mỹ Hạnh",
        ]
    read = read_values(["Họ tên"], *vni, ["Hoàng Anh"])
    assert read[-1] == ["Hồng Anh"], "below a heading of today all may be old"
