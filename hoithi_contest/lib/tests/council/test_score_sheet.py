import datetime
import io
import json
import zipfile

import pytest
from openpyxl import load_workbook

from ...council.score_sheet import BadSheet, Criterion, Row, _sign, read, write
from ..guard.test_workbook import replace

OWNER, SECRET = {"contest": 1, "user": 7}, "key"
LABELS = {
    "sheet": "Điểm",
    "code": "Mã",
    "title": "Tên",
    "remark": "Nhận xét",
    "comment": "Nhận xét chung",
    "total": "Tổng điểm",
    "long": "(dài quá một ô)",
}
CRITERIA = [Criterion(11, "Tính mới", 0, 30, 0.5), Criterion(12, "Hiệu quả", 0, 70, 1)]
ROWS = [
    Row(101, "HS00001", "Quan trắc nước", {11: 20.5}, {11: "Tốt"}, "Khá"),
    Row(102, "HS00002", "Số hóa hồ sơ", {}, {}, ""),
]


def make(rows=tuple(ROWS)):
    return write("Hội thi", "Điền điểm", LABELS, CRITERIA, rows, OWNER, SECRET)


def read_rows(content):
    found = read(content, OWNER, SECRET)
    assert not found.outside
    return found.rows


def edit(content, change):
    workbook = load_workbook(io.BytesIO(content))
    change(workbook)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def test_what_is_filled_in_comes_back():
    def fill(workbook):
        sheet = workbook.worksheets[0]
        sheet["C5"], sheet["E5"] = 25, "60,5"
        sheet["D5"], sheet["G5"] = "Mới", "Nên chọn"

    first, second = read_rows(edit(make(), fill))
    assert (first.key, first.scores, first.comment) == (101, {11: 20.5}, "Khá")
    assert first.comments == {11: "Tốt"}
    assert second.scores == {11: 25.0, 12: 60.5}
    assert (second.comments, second.comment) == ({11: "Mới"}, "Nên chọn")
    assert not second.problems


def test_only_scores_and_remarks_are_unlocked():
    sheet = load_workbook(io.BytesIO(make())).worksheets[0]
    assert sheet.protection.sheet
    unlocked = {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == {f"{column}{row}" for column in "CDEFG" for row in (4, 5)}


def test_each_row_has_the_criteria_of_its_own_set():
    """What is typed into the cells of other criteria is named, and left there."""
    rows = [ROWS[0]._replace(criteria=[11]), ROWS[1]._replace(criteria=[12])]
    content = make(rows)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    unlocked = {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == {"C4", "D4", "G4", "E5", "F5", "G5"}

    def fill(workbook):
        workbook.worksheets[0].protection.sheet = False
        sheet = workbook.worksheets[0]
        sheet["E4"], sheet["C5"], sheet["E5"] = 50, "hai mươi", 60

    found = read(edit(content, fill), OWNER, SECRET)
    first, second = found.rows
    assert (first.scores, second.scores) == ({11: 20.5}, {12: 60.0})
    assert not first.problems + second.problems
    assert found.outside == ["Điểm!E4", "Điểm!C5"]


def test_coefficients_count_in_the_head_and_in_the_total():
    criteria = [CRITERIA[0]._replace(weight=1.5), CRITERIA[1]]
    rows = [ROWS[0], ROWS[1]._replace(criteria=[12])]
    content = write("Hội thi", "Điền", LABELS, criteria, rows, OWNER, SECRET)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["C3"].value == "Tính mới (0–30) × 1.5"
    assert sheet["E3"].value == "Hiệu quả (0–70)"
    assert (sheet["H3"].value, sheet["H4"].protection.locked) == ("Tổng điểm", True)
    assert sheet["H4"].value == "=ROUND(C4*1.5+E4*1,2)"
    assert sheet["H5"].value == "=ROUND(E5*1,2)", "by the criteria of its own set"
    first, _second = read(content, OWNER, SECRET).rows
    assert first.total is None, "no program has added it up"

    def calculate(workbook):
        # as a spreadsheet program leaves the result
        workbook.worksheets[0]["H4"] = 80.75

    found = read(edit(content, calculate), OWNER, SECRET)
    assert (found.rows[0].total, found.outside) == (80.75, [])


def test_a_workbook_from_before_the_total_is_read():
    """It was signed with the headings of then, and is filled in by now."""
    labels = LABELS | {"total": ""}

    def drop(workbook):
        hidden = workbook["meta"]
        meta = json.loads(hidden["A1"].value)
        meta["heads"].pop()
        hidden["A1"], hidden["A2"] = json.dumps(meta), _sign(meta, SECRET)
        for cell in ("H3", "H4", "H5"):
            workbook.worksheets[0][cell] = None
        workbook.worksheets[0]["G5"] = "Nên chọn"

    content = write("Hội thi", "Điền", labels, CRITERIA, ROWS, OWNER, SECRET)
    first, second = read_rows(edit(content, drop))
    assert (first.comment, second.comment) == ("Khá", "Nên chọn")
    assert (first.scores, first.total) == ({11: 20.5}, None)


def test_what_is_no_number_is_named():
    def fill(workbook):
        workbook.worksheets[0]["C4"] = "hai mươi"

    first, _second = read_rows(edit(make(), fill))
    assert first.problems == [("Điểm!C4", "text", "hai mươi")]
    assert 11 not in first.scores


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (datetime.date(2026, 7, 5), "date"),
        (True, "boolean"),
        ("#N/A", "error"),
        ("=1+1", "formula"),
        ("nan", "text"),
        ("inf", "text"),
        ("1e9", "text"),
        ("1_0", "text"),
        (1e99, "large"),
    ],
)
@pytest.mark.parametrize("column", ["C", "E"])
def test_each_cell_without_a_number_is_named(value, kind, column):
    def fill(workbook):
        workbook.worksheets[0][f"{column}5"] = value

    first, second = read_rows(edit(make(), fill))
    assert first.scores == {11: 20.5}
    (problem,) = second.problems
    assert (problem.cell, problem.kind) == (f"Điểm!{column}5", kind)
    assert not second.scores


def test_a_score_that_is_no_number_ends_nothing():
    def fill(workbook):
        sheet = workbook.worksheets[0]
        sheet["C5"], sheet["E5"] = 77, 60

    first, second = read_rows(replace(edit(make(), fill), b"<v>77</v>", b"<v>NaN</v>"))
    assert first.scores == {11: 20.5}
    assert second.problems == [("Điểm!C5", "error", "NaN")]
    assert second.scores == {12: 60}


def test_a_remark_that_became_a_date_is_named():
    def fill(workbook):
        sheet = workbook.worksheets[0]
        sheet["D5"], sheet["G5"] = datetime.date(2026, 7, 5), "=A1"

    second = read_rows(edit(make(), fill))[1]
    assert [problem.cell for problem in second.problems] == ["Điểm!D5", "Điểm!G5"]
    assert not second.comments
    sheet = load_workbook(io.BytesIO(make())).worksheets[0]
    assert {sheet[cell].number_format for cell in ("D4", "F4", "G4")} == {"@"}
    assert {sheet[cell].number_format for cell in ("C4", "E4")} == {"General"}


def test_titles_and_remarks_are_text():
    row = Row(103, "HS00003", "=1+1\x0b\x00", {}, {11: "-2\x01"}, "@a")
    content = write("=T", "=H", LABELS, CRITERIA, [row], OWNER, SECRET)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    for cell in ("A1", "A2", "B4", "D4", "G4"):
        assert sheet[cell].data_type == "s", cell
        assert sheet[cell].quotePrefix, cell
    (filled,) = read_rows(content)
    assert (filled.comments, filled.comment) == ({11: "-2"}, "@a")


@pytest.mark.parametrize(
    "change",
    [
        lambda workbook: workbook["meta"].__setitem__(
            "A1", workbook["meta"]["A1"].value.replace("101", "103")
        ),
        lambda workbook: workbook["meta"].__setitem__("A2", "0" * 64),
        lambda workbook: workbook["meta"].__setitem__("A2", None),
        lambda workbook: workbook["meta"].__setitem__("A2", "chữ ký"),
        lambda workbook: workbook["meta"].__setitem__("A1", "[" * 20_000),
        lambda workbook: workbook.remove(workbook["meta"]),
    ],
)
def test_an_altered_signature_is_refused(change):
    with pytest.raises(BadSheet) as refusal:
        read(edit(make(), change), OWNER, SECRET)
    assert refusal.value.reason == "file"


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (
            lambda sheet: sheet.insert_cols(3),
            ("Điểm!C3", "", "Tính mới (0–30)"),
        ),
        (
            lambda sheet: sheet.delete_cols(4),
            ("Điểm!D3", "Hiệu quả (0–70)", "Nhận xét: Tính mới"),
        ),
        (lambda sheet: sheet.insert_rows(4), ("Điểm!A4", "", "HS00001")),
        (lambda sheet: sheet.delete_rows(4), ("Điểm!A4", "HS00002", "HS00001")),
        (lambda sheet: sheet.delete_rows(5), ("Điểm!A5", "", "HS00002")),
        (lambda sheet: sheet.insert_rows(1), ("Điểm!A3", "Điền điểm", "Mã")),
        (
            lambda sheet: sheet.__setitem__("A4", "HS00002"),
            ("Điểm!A4", "HS00002", "HS00001"),
        ),
        (
            lambda sheet: sheet.__setitem__("A4", datetime.date(2026, 7, 5)),
            ("Điểm!A4", "05/07/2026", "HS00001"),
        ),
    ],
)
def test_a_moved_table_is_refused_by_name(change, detail):
    with pytest.raises(BadSheet) as refusal:
        read(edit(make(), lambda book: change(book["Điểm"])), OWNER, SECRET)
    assert (refusal.value.reason, refusal.value.detail) == ("cell", detail)


def test_sheets_are_known_by_their_names():
    def add(workbook):
        workbook.create_sheet("Ghi chú", 0)["C4"] = 30

    assert read_rows(edit(make(), add))[0].scores == {11: 20.5}
    with pytest.raises(BadSheet) as refusal:
        read(
            edit(make(), lambda book: setattr(book["Điểm"], "title", "Khác")),
            OWNER,
            SECRET,
        )
    assert (refusal.value.reason, refusal.value.detail) == ("sheet", ("Điểm",))


def test_what_stands_outside_of_the_table_is_named():
    def fill(workbook):
        sheet = workbook["Điểm"]
        sheet["I4"], sheet["J3"], sheet["C6"], sheet["A9"] = "Ghi chú", "x", 20, "Tổng"

    found = read(edit(make(), fill), OWNER, SECRET)
    assert found.outside == ["Điểm!J3", "Điểm!I4", "Điểm!C6", "Điểm!A9"]
    with pytest.raises(BadSheet) as refusal:
        read(
            edit(make(), lambda book: book["Điểm"].__setitem__("A1048576", 1)),
            OWNER,
            SECRET,
        )
    assert (refusal.value.reason, refusal.value.detail) == ("far", ("1048576",))


def test_a_remark_too_long_for_a_cell_stays_where_it_is():
    row = Row(101, "HS00001", "Đo", {}, {11: "x" * 40_000, 12: "Tốt"}, "y" * 33_000)
    content = make([row])
    sheet = load_workbook(io.BytesIO(content))["Điểm"]
    assert sheet["D4"].value == sheet["G4"].value == LABELS["long"]
    (filled,) = read_rows(content)
    assert (filled.comments, filled.comment) == ({12: "Tốt"}, "")

    def fill(workbook):
        workbook["Điểm"]["D4"] = "Ngắn gọn"

    (filled,) = read_rows(edit(content, fill))
    assert filled.comments[11] == "Ngắn gọn"


def test_more_sheets_than_one_cell_names():
    rows = [Row(key, f"HT2026-{key:05d}", "Đo", {}, {}, "") for key in range(1500)]
    content = write("T", "H", LABELS, CRITERIA, rows, OWNER, SECRET)
    assert len(read_rows(content)) == 1500


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook"])
def test_another_file_is_refused(content):
    with pytest.raises(BadSheet):
        read(content, OWNER, SECRET)


def test_the_sheet_of_another_member_is_refused():
    with pytest.raises(BadSheet):
        read(make(), {"contest": 1, "user": 8}, SECRET)
    with pytest.raises(BadSheet):
        read(make(), OWNER, "another key")


# WHAT THE MEMBER MEETS


def test_the_sheet_as_it_is_opened():
    book = load_workbook(io.BytesIO(make()))
    sheet, hidden = book.worksheets
    assert (sheet.title, sheet["A1"].value, sheet["A2"].value) == (
        "Điểm",
        "Hội thi",
        "Điền điểm",
    )
    assert (sheet["A1"].font.bold, sheet["A1"].font.sz) == (True, 14)
    assert [cell.value for cell in sheet[3]] == [
        "Mã",
        "Tên",
        "Tính mới (0–30)",
        "Nhận xét: Tính mới",
        "Hiệu quả (0–70)",
        "Nhận xét: Hiệu quả",
        "Nhận xét chung",
        "Tổng điểm",
    ]
    widths = [sheet.column_dimensions[name].width for name in "ABCDEFGH"]
    assert widths[1] > 2 * widths[0], "a title needs room"
    assert set(widths[2:]) == {widths[0]}
    assert [cell.value for cell in sheet[4]] == [
        *("HS00001", "Quan trắc nước", 20.5, "Tốt", None, None, "Khá"),
        "=ROUND(C4*1+E4*1,2)",
    ]
    assert not any(cell.value for cell in sheet[5][2:-1])
    assert sheet.freeze_panes == "C4", "code and title stay in sight"
    assert sheet["B4"].alignment.wrap_text
    for name in ("C4", "D5", "G4"):
        place = sheet[name].alignment
        assert (place.wrap_text, place.vertical) == (True, "top")
    # columns may be made wider, and nobody meets the hidden sheet
    assert sheet.protection.formatColumns is False
    assert hidden.sheet_state == "veryHidden"
    assert hidden.protection.sheet


def test_a_program_refuses_scores_outside_of_the_scale():
    sheet = load_workbook(io.BytesIO(make())).worksheets[0]
    found = {
        str(check.sqref): (check.type, check.operator, check.formula1, check.formula2)
        for check in sheet.data_validations.dataValidation
    }
    assert found == {
        "C4:C5": ("decimal", "between", "0", "30"),
        "E4:E5": ("decimal", "between", "0", "70"),
    }
    # openpyxl doesn't read all of what it writes
    with zipfile.ZipFile(io.BytesIO(make())) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert xml.count(b'allowBlank="1"') == xml.count(b'showErrorMessage="1"') == 2


def test_a_sheet_without_entries_is_a_sheet():
    content = make(rows=())
    assert read_rows(content) == []
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert not sheet.data_validations.dataValidation


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        ("20,5", 20.5),
        (" 20.5 ", 20.5),
        ("+7", 7),
        ("-1", -1),
        ("123456789", 123456789),
        ("1,123456789", 1.123456789),
    ],
)
def test_numbers_that_were_typed_as_text(typed, score):
    def fill(workbook):
        workbook.worksheets[0]["C5"] = typed

    assert read_rows(edit(make(), fill))[1].scores == {11: score}


@pytest.mark.parametrize(
    "typed", ["1234567890", "1,1234567890", "1,", ",5", "1.000,5", "--1", "20 5"]
)
def test_what_is_no_number_in_any_writing(typed):
    def fill(workbook):
        workbook.worksheets[0]["C5"] = typed

    second = read_rows(edit(make(), fill))[1]
    assert second.problems == [("Điểm!C5", "text", typed)]


def test_blanks_are_nothing():
    def fill(workbook):
        sheet = workbook.worksheets[0]
        sheet["C4"], sheet["D4"], sheet["G4"] = " ", "  ", "  Khá lắm "

    first = read_rows(edit(make(), fill))[0]
    assert (first.scores, first.comments) == ({}, {})
    assert (first.comment, first.problems) == ("Khá lắm", [])


def test_so_far_beside_the_table_is_looked():
    def fill(workbook):
        workbook["Điểm"].cell(4, 8 + 30, "Ghi chú")
        workbook["Điểm"].cell(4, 8 + 31, "Ghi chú")

    assert read(edit(make(), fill), OWNER, SECRET).outside == ["Điểm!AL4"]


def test_what_was_read_is_told_by_sheet_and_place():
    found = read(make(), OWNER, SECRET)
    assert [(row.key, row.code) for row in found.rows] == [
        (101, "HS00001"),
        (102, "HS00002"),
    ]


@pytest.mark.parametrize(
    ("owner", "secret", "reason"),
    [
        ({"contest": 1, "user": 8}, SECRET, "owner"),
        (OWNER, "another key", "file"),
    ],
)
def test_why_a_sheet_is_refused(owner, secret, reason):
    with pytest.raises(BadSheet) as refusal:
        read(make(), owner, secret)
    assert (refusal.value.reason, refusal.value.detail) == (reason, ())


def test_rows_that_come_twice_are_no_sheet():
    content = replace(make(), b'<row r="5"', b'<row r="4"')
    with pytest.raises(BadSheet) as refusal:
        read(content, OWNER, SECRET)
    assert refusal.value.reason == "file"


def test_a_code_with_a_space_is_the_same_code():
    rows = [ROWS[0]._replace(code="HS  00001")]

    def fill(workbook):
        workbook["Điểm"]["A4"] = "HS 00001 "

    [row] = read_rows(edit(make(rows), fill))
    assert row.code == "HS  00001"
