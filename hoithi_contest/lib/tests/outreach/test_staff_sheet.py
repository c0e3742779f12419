import html
import io
import random
import re
import unicodedata
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from ...guard.workbook import MAX_BYTES, BadWorkbook
from ...outreach import staff_sheet
from ...outreach.staff_sheet import (
    COLUMNS,
    MAX_ROWS,
    Problem,
    Unit,
    UnitFinder,
    fold,
    read,
    write_report,
    write_template,
)

HEADINGS = {
    "name": ("Full name", "Họ và tên"),
    "email": ("E-mail", "Thư điện tử"),
    "unit": ("Unit", "Đơn vị"),
    "job": ("Job title", "Chức danh"),
    "code": ("Staff code", "Mã cán bộ"),
}
LABELS = {column: names[1] for column, names in HEADINGS.items()}
UNITS = [
    Unit(1, "Văn phòng", "Văn phòng"),
    Unit(2, "Phòng Đất đai", "Phòng Đất đai"),
    Unit(3, "Tổ Tổng hợp", "Văn phòng / Tổ Tổng hợp"),
    Unit(4, "Tổ Tổng hợp", "Phòng Đất đai / Tổ Tổng hợp"),
]
HEAD = [names[1] for names in HEADINGS.values()]
GOOD = ["Hà Thị An", "an@so.example.vn", "Văn phòng", "Chuyên viên", "CB-01"]


def make(*rows):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def repack(content, **changes):
    """The same archive with members altered, as an attacker would."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            for ending, change in changes.items():
                if name.endswith(f"{ending}.xml"):
                    data = change(data)
            target.writestr(name, data)
    return output.getvalue()


def problems_of(*row):
    return read(make(HEAD, [*row]), HEADINGS, UNITS)[0].problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Phòng ĐẤT  đai ", "phong dat dai"),
        ("Ha Noi - Bac Kan", "ha noi bac kan"),
        ("Phòng", "phong"),
        ("", ""),
        (None, ""),
    ],
)
def test_fold(text, expected):
    assert fold(text) == expected


def test_a_row_is_read_as_it_stands():
    [row] = read(make(HEAD, GOOD), HEADINGS, UNITS)
    assert row.number == 2
    assert (row.name, row.email, row.unit) == ("Hà Thị An", "an@so.example.vn", 1)
    assert (row.job, row.code, row.problems) == ("Chuyên viên", "CB-01", ())


def test_headings_in_any_language_order_and_below_a_title():
    content = make(
        ["DANH SÁCH NHÂN SỰ"],
        [],
        ["unit", "STT", "ho va ten", "THƯ ĐIỆN TỬ"],
        ["Phong dat dai", 1, "Lý Văn Bình", "binh@so.example.vn"],
    )
    [row] = read(content, HEADINGS, UNITS)
    assert (row.number, row.name, row.unit, row.code) == (4, "Lý Văn Bình", 2, "")


def test_blank_rows_count_in_the_numbers_but_are_no_persons():
    content = make(HEAD, [], ["", " ", None], GOOD)
    assert [row.number for row in read(content, HEADINGS, UNITS)] == [4]


def test_numbers_and_invisible_signs_in_cells():
    content = make(
        HEAD, ["Hà\u200b Thị\n An", "an@so.example.vn", "Văn phòng", "", 7.0]
    )
    [row] = read(content, HEADINGS, UNITS)
    assert (row.name, row.code) == ("Hà Thị An", "7")


def test_missing_cells_are_named():
    assert problems_of("", "", "Văn phòng") == (
        Problem("name", "missing"),
        Problem("email", "missing"),
    )


@pytest.mark.parametrize(
    "email", ["an@", "an so@example.vn", "a@b@c.vn", "an@so", "an@so.vn, b@so.vn"]
)
def test_what_is_no_address(email):
    assert problems_of("An", email, "Văn phòng") == (Problem("email", "email", email),)


def test_an_unknown_unit_comes_with_suggestions():
    [problem] = problems_of("An", "an@so.vn", "Phong Dat dia")
    assert (problem.column, problem.kind) == ("unit", "unknown_unit")
    assert problem.hints[0] == "Phòng Đất đai"
    [problem] = problems_of("An", "an@so.vn", "Chi cục Thủy lợi")
    assert problem.hints == ()


def test_a_name_of_two_units_needs_the_path():
    [problem] = problems_of("An", "an@so.vn", "tổ tổng hợp")
    assert problem.kind == "ambiguous_unit"
    assert set(problem.hints) == {UNITS[2].path, UNITS[3].path}
    content = make(HEAD, ["An", "an@so.vn", "Phòng Đất đai / Tổ Tổng hợp"])
    assert read(content, HEADINGS, UNITS)[0].unit == 4


def test_values_that_may_stand_but_once():
    content = make(
        HEAD,
        GOOD,
        ["Hà Thị An", "AN@so.example.vn", "Văn phòng", "", "cb-01"],
        ["Lý Văn Bình", "binh@so.example.vn", "Văn phòng"],
    )
    first, second, third = read(content, HEADINGS, UNITS)
    assert not first.problems and not third.problems
    assert [(p.column, p.kind, p.hints) for p in second.problems] == [
        ("email", "twice", ("2",)),
        ("code", "twice", ("2",)),
    ]


def test_error_values_and_overlong_cells():
    [problem] = problems_of("#REF!", "an@so.vn", "Văn phòng")
    assert problem == Problem("name", "error", "#REF!")
    [problem] = problems_of("Hà An", "an@so.vn", "Văn phòng", "", date(2026, 7, 5))
    assert problem == Problem("code", "odd", "05/07/2026")
    [problem] = problems_of("Hà An", "an@so.vn", "Văn phòng", "=A1")
    assert problem == Problem("job", "odd", "=A1")
    [problem] = problems_of("A" * 500, "an@so.vn", "Văn phòng")
    assert (problem.column, problem.kind, len(problem.value)) == ("name", "long", 40)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "type"),
        (b"Full name;E-mail;Unit\n", "empty"),
        (b"Full name;Unit\nAn;Office\n", "heading"),
        (b"Full name;E-mail\nAn;an@so.vn\n", "heading"),
        (b"PK\x03\x04 nothing", "type"),
        (random.Random(1).randbytes(2000), "type"),
        (b"x" * (MAX_BYTES + 1), "size"),
        (make(), "heading"),
        (make(HEAD), "empty"),
        (make(HEAD, ["", ""]), "empty"),
    ],
)
def test_what_is_no_list_of_staff(content, reason):
    with pytest.raises(BadWorkbook) as refusal:
        read(content, HEADINGS, UNITS)
    assert refusal.value.reason == reason


def test_missing_headings_are_named():
    with pytest.raises(BadWorkbook) as refusal:
        read(make(["Họ và tên", "Chức danh"], ["An", "x"]), HEADINGS, UNITS)
    assert refusal.value.reason == "heading"
    assert refusal.value.detail == ("email",)


def test_other_archives_are_no_workbooks():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(BadWorkbook) as refusal:
        read(output.getvalue(), HEADINGS, UNITS)
    assert refusal.value.reason == "type"


def test_the_most_rows(monkeypatch):
    assert MAX_ROWS == 5000
    monkeypatch.setattr(staff_sheet, "MAX_ROWS", 50)
    rows = [[f"Người {i}", f"n{i}@so.vn", "Văn phòng"] for i in range(51)]
    assert len(read(make(HEAD, *rows[:-1]), HEADINGS, UNITS)) == 50
    with pytest.raises(BadWorkbook) as refusal:
        read(make(HEAD, *rows), HEADINGS, UNITS)
    assert refusal.value.reason == "rows"


def test_rows_far_below_are_refused_by_number():
    far = repack(
        make(HEAD, GOOD, GOOD),
        sheet1=lambda data: data.replace(b'r="3"', b'r="1048576"').replace(
            b'A3"', b'A1048576"'
        ),
    )
    with pytest.raises(BadWorkbook) as refusal:
        read(far, HEADINGS, UNITS)
    assert (refusal.value.reason, refusal.value.detail) == ("far", ("1048576",))


def test_archives_that_grow_without_measure():
    bomb = repack(make(HEAD, GOOD), sheet1=lambda data: data + b" " * 70_000_000)
    assert len(bomb) < MAX_BYTES
    with pytest.raises(BadWorkbook) as refusal:
        read(bomb, HEADINGS, UNITS)
    assert refusal.value.reason == "unpacked"


def test_entities_are_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for member in ("sheet1", "workbook", "styles"):
        with pytest.raises(BadWorkbook) as refusal:
            read(
                repack(make(HEAD, GOOD), **{member: lambda data: laughs + data}),
                HEADINGS,
                UNITS,
            )
        assert refusal.value.reason == "unpacked"


def test_broken_xml_and_rows_that_claim_to_lie_far_below():
    with pytest.raises(BadWorkbook) as refusal:
        read(
            repack(make(HEAD, GOOD), sheet1=lambda data: data[: len(data) // 2]),
            HEADINGS,
            UNITS,
        )
    assert refusal.value.reason == "type"
    far = repack(
        make(HEAD, GOOD),
        sheet1=lambda data: data.replace(b'r="2"', b'r="99999999999"').replace(
            b'"A2"', b'"A99999999999"'
        ),
    )
    with pytest.raises(BadWorkbook):
        read(far, HEADINGS, UNITS)


def test_the_template_reads_itself():
    titles = {
        "list": "Danh sách",
        "example": "Ví dụ",
        "notes": "Hướng dẫn",
        "units": "Đơn vị",
    }
    content = write_template(
        titles, LABELS, [dict(zip(COLUMNS, GOOD, strict=True))], ["Điền"], UNITS
    )
    with pytest.raises(BadWorkbook) as refusal:
        read(content, HEADINGS, UNITS)
    assert refusal.value.reason == "empty", "the example is no person of the list"
    workbook = load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == list(titles.values())
    assert [cell.value for cell in workbook["Danh sách"][1]] == list(LABELS.values())
    assert [cell.value for cell in workbook["Ví dụ"][2]] == GOOD
    workbook["Danh sách"].append(GOOD)
    output = io.BytesIO()
    workbook.save(output)
    [row] = read(output.getvalue(), HEADINGS, UNITS)
    assert (row.unit, row.problems) == (1, ())


def test_the_template_helps_to_fill_it_in():
    titles = dict.fromkeys(("list", "example", "notes", "units"), "Tên")
    titles = {key: f"{title} {key} " + "x" * 40 for key, title in titles.items()}
    titles["units"] = "Đơn vị '26"
    content = write_template(titles, LABELS, [{"name": "An"}], ["Một", "Hai"], UNITS)
    book = load_workbook(io.BytesIO(content))
    assert [len(name) for name in book.sheetnames] == [31, 31, 31, 10]
    listed, sample, notes, units = book.worksheets
    widths = {"A": 28, "B": 34, "C": 40, "D": 30, "E": 18}
    for sheet in (listed, sample):
        assert {name: sheet.column_dimensions[name].width for name in widths} == widths
        assert sheet.freeze_panes == "A2"
    # what looks like a number or a date stays what was typed
    assert {listed.column_dimensions[name].number_format for name in widths} == {"@"}
    assert [cell.value for cell in sample[2]] == ["An", None, None, None, None]
    assert [cell.value for cell in notes["A"]] == ["Một", "Hai"]
    assert notes.column_dimensions["A"].width >= 80
    assert notes["A1"].alignment.wrap_text
    assert notes["A1"].alignment.vertical == "top"
    assert [cell.value for cell in units["A"]] == [
        "Đơn vị",
        *(unit.path for unit in UNITS),
    ]
    assert units.column_dimensions["A"].width >= max(len(u.path) for u in UNITS)
    # the units are chosen from a list, another spelling is no error
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    [choice] = re.findall(r"<dataValidation .*?</dataValidation>", xml)
    assert f'sqref="C2:C{MAX_ROWS + 1}"' in choice
    assert 'type="list"' in choice
    assert 'showErrorMessage="0"' in choice
    assert 'allowBlank="1"' in choice
    assert "<formula1>'Đơn vị ''26'!$A$2:$A$5</formula1>" in html.unescape(choice)


def test_the_last_unit_can_be_chosen():
    titles = {key: key for key in ("list", "example", "notes", "units")}
    for count in (1, 2, 3):
        content = write_template(titles, LABELS, [], [], UNITS[:count])
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        [choice] = sheet.data_validations.dataValidation
        assert choice.formula1 == f"'units'!$A$2:$A${count + 1}"


def test_without_units_there_is_nothing_to_choose():
    titles = {key: key for key in ("list", "example", "notes", "units")}
    content = write_template(titles, LABELS, [], [], [])
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert not sheet.data_validations.dataValidation


def test_the_heading_is_looked_for_at_the_top_alone():
    above = [["Sở Nông nghiệp"]] * 14
    [row] = read(make(*above, HEAD, GOOD), HEADINGS, UNITS)
    assert row.number == 16
    with pytest.raises(BadWorkbook) as refusal:
        read(make(*above, ["Sở"], HEAD, GOOD), HEADINGS, UNITS)
    assert refusal.value.reason == "heading"


def test_of_two_like_headings_the_first_counts():
    content = make([*HEAD, "Họ và tên"], [*GOOD, "Người khác"])
    assert read(content, HEADINGS, UNITS)[0].name == "Hà Thị An"


def test_a_later_heading_is_a_person_of_the_list():
    content = make(HEAD, GOOD, HEAD)
    assert [row.name for row in read(content, HEADINGS, UNITS)] == [GOOD[0], HEAD[0]]


def test_missing_headings_are_those_of_the_best_row():
    content = make(["Họ và tên"], ["Họ và tên", "Đơn vị"], ["Họ và tên"])
    with pytest.raises(BadWorkbook) as refusal:
        read(content, HEADINGS, UNITS)
    assert refusal.value.detail == ("email",)


def test_so_far_to_the_right_columns_are_read():
    for empty, found in ((35, True), (36, False)):
        content = make([None] * empty + HEAD, [None] * empty + GOOD)
        [row] = read(content, HEADINGS, UNITS)
        assert bool(row.code) is found, "of an optional column"


@pytest.mark.parametrize(
    ("place", "most"), [(0, 120), (1, 254), (2, 250), (3, 200), (4, 64)]
)
def test_the_longest_values(place, most):
    def problems(length):
        row = list(GOOD)
        ending = "@so.vn" if place == 1 else ""
        row[place] = "a" * (length - len(ending)) + ending
        return [problem.kind for problem in problems_of(*row)]

    assert "long" not in problems(most)
    assert problems(most + 1) == ["long"]


@pytest.mark.parametrize(
    ("email", "good"),
    [("a@b.vn", True), ("a@b.v", False), ("a.b+c@d-e.so.vn", True), ("a@b.v.", False)],
)
def test_addresses(email, good):
    assert (problems_of("An", email, "Văn phòng") == ()) is good


def test_a_flawed_value_is_told_once():
    rows = [["An", "an@", "Văn phòng"], ["Bình", "an@", "Văn phòng"]]
    for row in read(make(HEAD, *rows), HEADINGS, UNITS):
        assert [problem.kind for problem in row.problems] == ["email"]
    [problem] = problems_of("An", "#REF!", "Văn phòng")
    assert (problem.column, problem.kind) == ("email", "error")
    [problem] = problems_of("An", "an@so.vn", "#REF!")
    assert (problem.column, problem.kind) == ("unit", "error")
    [problem] = problems_of("An", "an@so.vn", "")
    assert (problem.column, problem.kind) == ("unit", "missing")


def test_a_third_of_a_kind_names_the_first():
    rows = [[name, "an@so.vn", "Văn phòng"] for name in ("An", "Bình", "Chi")]
    third = read(make(HEAD, *rows), HEADINGS, UNITS)[2]
    assert third.problems == (Problem("email", "twice", "an@so.vn", ("2",)),)


def test_numbers_with_a_fraction_stay_what_they_are():
    [row] = read(make(HEAD, ["An", "an@so.vn", "Văn phòng", 7.5, 12]), HEADINGS, UNITS)
    assert (row.job, row.code) == ("7.5", "12")


def test_a_report_shows_what_is_wrong_beside_the_person():
    cells = dict(zip(COLUMNS, GOOD, strict=True))
    rows = [(cells, ["x", ""]), (cells | {"code": None}, ["", "y"])]
    book = load_workbook(io.BytesIO(write_report("L" * 40, LABELS, ["A", "B"], rows)))
    sheet = book.active
    assert sheet.title == "L" * 31
    assert [cell.value for cell in sheet[1]] == [*HEAD, "A", "B"]
    assert [cell.value for cell in sheet[2]] == [*GOOD, "x", None]
    assert [cell.value for cell in sheet[3]] == [*GOOD[:4], None, None, "y"]
    widths = [sheet.column_dimensions[name].width for name in "ABCDEFG"]
    assert widths == [28, 34, 40, 30, 18, 40, 40]
    for cell in sheet[2]:
        assert cell.alignment.wrap_text
        assert cell.alignment.vertical == "top"
    assert sheet.freeze_panes == "A2"


def test_suggestions_are_few_and_the_likest_first():
    units = [Unit(n, f"Tổ {n}", f"Phòng / Tổ {n}") for n in range(1, 8)]
    finder = UnitFinder([*units, Unit(9, "Kho bạc", "Kho bạc")])
    assert len(finder.suggest("Tổ 77")) == 3
    assert finder.suggest("Tổ 77")[0] == "Phòng / Tổ 7"
    assert finder.suggest("Tổ 77", 1) == ["Phòng / Tổ 7"]
    assert finder.suggest("Kho bac nha nuoc tinh") == [], "not like enough"
    twins = UnitFinder([Unit(n, "Tổ Tổng hợp", f"{n} / Tổ") for n in range(5)])
    assert twins.suggest("Tổ Tổng hợ", 2) == ["0 / Tổ", "1 / Tổ"]


def test_a_report_can_be_put_right_and_uploaded():
    cells = dict(zip(COLUMNS, ["=1+1", "", "Văn phòng", "", "CB-01"], strict=True))
    content = write_report("Lỗi", LABELS, ["Vấn đề"], [(cells, ["Thiếu e-mail"])])
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet["A2"].data_type == "s", "no formula comes from a name"
    assert sheet["F2"].value == "Thiếu e-mail"
    [row] = read(content, HEADINGS, UNITS)
    assert (row.name, row.code) == ("=1+1", "CB-01")
    assert row.problems == (Problem("email", "missing"),)


def test_units_by_name_and_path():
    finder = UnitFinder(UNITS)
    assert finder.find("VAN PHONG") == [UNITS[0]]
    assert finder.find("văn phòng/tổ tổng hợp") == [UNITS[2]]
    assert finder.find("") == []


def test_what_stands_twice_is_told_beside_what_else_is_wrong():
    """A code that is too long hides no address, nor the other way round."""
    second = ["An", "an@so.example.vn", "Văn phòng", "", "C" * 65]
    third = ["An", "an@so", "Văn phòng", "", "CB-01"]
    rows = read(make(HEAD, GOOD, second, third), HEADINGS, UNITS)
    assert [[(p.column, p.kind) for p in row.problems] for row in rows] == [
        [],
        [("code", "long"), ("email", "twice")],
        [("email", "email"), ("code", "twice")],
    ]


# AS OFFICES HAVE THEM


def make_book(*sheets):
    """A workbook of sheets given as (rows, merged areas)."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for number, (rows, merged) in enumerate(sheets, start=1):
        sheet = workbook.create_sheet(f"Trang {number}")
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def told(content, headings=None):
    """What was read: (name, unit, kinds of problems) of each row."""
    return [
        (row.name, row.unit, [problem.kind for problem in row.problems])
        for row in read(content, headings or HEADINGS, UNITS)
    ]


AN = ("Hà Thị An", 1, [])
BINH = ("Lý Văn Bình", 2, [])


@pytest.mark.parametrize(
    "head",
    [
        ["Họ tên", "Email", "Đơn vị công tác"],
        ["HỌ & TÊN", "Địa chỉ thư điện tử", "Phòng, ban"],
        ["Họ và tên CBCCVC", "Thư điện tử", "Cơ quan, đơn vị"],
    ],
)
def test_headings_that_offices_use(head):
    rows = [
        ["Hà Thị An", "an@so.vn", "Văn phòng"],
        ["Lý Văn Bình", "b@so.vn", "Phòng Đất đai"],
    ]
    assert told(make(head, *rows)) == [AN, BINH]


def test_the_list_is_on_the_second_sheet():
    content = make_book(([["Hướng dẫn"], ["Điền đủ các cột"]], []), ([HEAD, GOOD], []))
    assert told(content) == [AN]


def test_a_unit_in_merged_cells_is_that_of_each_row():
    content = make_book(
        (
            [
                ["DANH SÁCH CÁN BỘ"],
                ["STT", "Đơn vị", "Họ tên", "Email"],
                [1, "Văn phòng", "Hà Thị An", "an@so.vn"],
                [2, None, "Hà Thị Chi", "chi@so.vn"],
                [3, "Phòng Đất đai", "Lý Văn Bình", "b@so.vn"],
            ],
            ["A1:D1", "B3:B4"],
        )
    )
    assert told(content) == [AN, ("Hà Thị Chi", 1, []), BINH]


def test_a_name_in_two_columns_below_one_heading():
    content = make_book(
        (
            [
                ["STT", "Họ và tên", None, "Email", "Đơn vị"],
                [1, "Hà Thị", "An", "an@so.vn", "Văn phòng"],
                [2, "Lý Văn", "Bình", "b@so.vn", "Phòng Đất đai"],
            ],
            ["B1:C1"],
        )
    )
    assert told(content) == [AN, BINH]


def test_a_heading_of_two_rows():
    content = make_book(
        (
            [
                ["Họ tên", "Email", "Đơn vị", "Ghi chú"],
                [None, None, None, "năm 2025"],
                ["Hà Thị An", "an@so.vn", "Văn phòng"],
            ],
            ["A1:A2", "B1:B2", "C1:C2"],
        )
    )
    assert told(content) == [AN]


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        (["Văn phòng"], ["Phòng Đất đai"], ["A2:C2", "A4:C4"]),
        (["I. VĂN PHÒNG"], ["II. PHÒNG ĐẤT ĐAI"], []),
        (["A", "Văn phòng"], ["B", "Phòng Đất đai:"], []),
        (["I", "Văn phòng", None], ["II", "* Phòng Đất đai"], []),
    ],
)
def test_rows_that_name_the_unit_of_those_below(first, second, merged):
    content = make_book(
        (
            [
                ["STT", "Họ tên", "Email"],
                first,
                [1, "Hà Thị An", "an@so.vn"],
                second,
                [1, "Lý Văn Bình", "b@so.vn"],
                ["Tổng cộng: 2 người"],
            ],
            merged,
        )
    )
    assert told(content) == [AN, BINH]


def test_a_unit_of_its_own_goes_before_that_of_the_group():
    rows = [
        [1, "Hà Thị An", "an@so.vn", ""],
        [2, "Lý Văn Bình", "b@so.vn", "Phòng Đất đai"],
    ]
    head = ["STT", "Họ tên", "Email", "Đơn vị"]
    assert told(make(head, ["I. Văn phòng"], *rows)) == [AN, BINH]


def test_a_group_that_is_no_unit_is_told_at_its_persons():
    rows = [["Phòng Đất dia"], [1, "Hà Thị An", "an@so.vn"]]
    [row] = read(make(["STT", "Họ tên", "Email"], *rows), HEADINGS, UNITS)
    [problem] = row.problems
    assert (problem.kind, problem.hints[0]) == ("unknown_unit", "Phòng Đất đai")


def test_a_person_of_whom_the_name_alone_is_there_is_no_group():
    [first, second] = read(make(HEAD, ["Hà Thị An"], GOOD), HEADINGS, UNITS)
    assert [p.column for p in first.problems] == ["email", "unit"]
    assert not second.problems


CSV = "Họ tên{0}Email{0}Đơn vị\r\nHà Thị An{0}an@so.vn{0}Văn phòng\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_as_programs_write_it(encoding, delimiter):
    assert told(CSV.format(delimiter).encode(encoding)) == [AN]


def test_csv_with_quotes_breaks_and_formulas():
    content = (
        "Danh sách\n\nHọ tên;Email;Đơn vị;Chức vụ\n"
        '"Hà Thị\nAn";an@so.vn;"Phòng Đất đai / Tổ Tổng hợp";\'=1+1\n'
    )
    [row] = read(content.encode(), HEADINGS, UNITS)
    assert (row.name, row.unit, row.job) == ("Hà Thị An", 4, "=1+1")


def test_csv_of_windows_1258():
    text = unicodedata.normalize("NFD", CSV.format(";"))
    for letter in "ăâêôơưđĂÂÊÔƠƯĐ":
        text = text.replace(unicodedata.normalize("NFD", letter), letter)
    assert told(text.encode("cp1258")) == [AN]


def test_decomposed_letters():
    content = make(
        *([unicodedata.normalize("NFD", cell) for cell in row] for row in (HEAD, GOOD))
    )
    assert told(content) == [AN]


TCVN3 = (
    ["Hä tªn", "Email", "§¬n vÞ c«ng t¸c"],
    ["Hµ ThÞ An", "an@so.vn", "V¨n phßng"],
    ["Lý V¨n B×nh", "b@so.vn", "Phßng §Êt ®ai"],
)
VNI = (
    ["Hoï teân", "Email", "Ñôn vò coâng taùc"],
    ["Haø Thò An", "an@so.vn", "Vaên phoøng"],
    ["Lyù Vaên Bình", "b@so.vn", "Phoøng Ñaát ñai"],
)


@pytest.mark.parametrize("rows", [TCVN3, VNI])
def test_letters_from_before_unicode(rows):
    assert told(make(*rows)) == [AN, BINH]
    text = "\n".join(";".join(row) for row in rows)
    assert told(text.encode("cp1252")) == [AN, BINH]
    assert told(text.encode()) == [AN, BINH]


@pytest.mark.parametrize("rows", [TCVN3, VNI])
@pytest.mark.parametrize("heading", ["Họ tên", "Tên"])
def test_names_of_old_below_headings_of_today(rows, heading):
    mixed = [[heading, "Email", "Đơn vị công tác"], *rows[1:]]
    units_of_today = [
        [name, email, unit]
        for (name, email, _old), unit in zip(
            mixed[1:], ("Văn phòng", "Phòng Đất đai"), strict=True
        )
    ]
    for below in (rows[1:], units_of_today):
        assert told(make(mixed[0], *below)) == [AN, BINH]
        text = "\n".join(";".join(row) for row in (mixed[0], *below))
        assert told(text.encode()) == [AN, BINH]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"Ho ten;Email\x00;x",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ],
)
def test_what_is_neither_a_workbook_nor_a_list(content):
    with pytest.raises(BadWorkbook) as refusal:
        read(content, HEADINGS, UNITS)
    assert refusal.value.reason == "type"
