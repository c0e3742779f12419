import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from ...contest.past_sheet import (
    COLUMNS,
    MAX_ROWS,
    Author,
    Problem,
    read,
    write_report,
    write_template,
)
from ...guard.workbook import BadWorkbook

HEADINGS = {column: (f"Cột {column}",) for column in COLUMNS}
LABELS = {column: names[0] for column, names in HEADINGS.items()}
HEAD = ["STT", "Lần", "Năm", "Tên giải pháp", "Tác giả", "Đơn vị", "Giải", "Công nhận"]
GOOD = [
    *(1, "Lần thứ VIII", "2018-2019", "Đo độ mặn tự động", "Hà Thị An; Lý Văn Bình"),
    *("Phòng Thủy lợi", "Nhì", "Cấp tỉnh"),
]
PLACES = ("number", "edition", "year", "title", "authors", "unit", "award", "scope")


def make(*rows, merged=()):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for area in merged:
        workbook.active.merge_cells(area)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def change(**cells):
    row = list(GOOD)
    for name, value in cells.items():
        row[
            (
                [
                    "number",
                    "edition",
                    "year",
                    "title",
                    "authors",
                    "unit",
                    "award",
                    "scope",
                ]
            ).index(name)
        ] = value
    return row


def problems_of(**cells):
    return read(make(HEAD, change(**cells)), HEADINGS)[0].problems


def test_a_row_is_read_as_it_stands():
    [row] = read(make(HEAD, GOOD), HEADINGS)
    assert (row.number, row.year, row.scope) == (2, 2019, "province")
    assert row.cells["title"] == "Đo độ mặn tự động"
    assert (row.cells["edition"], row.cells["award"]) == ("Lần thứ VIII", "Nhì")
    assert row.authors == (Author("Hà Thị An"), Author("Lý Văn Bình"))
    assert row.problems == ()


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("1. Ông Hà An (60%)\n2. Bà Lý Bình (40 %)", [("Hà An", 60), ("Lý Bình", 40)]),
        ("Hà An, Lý Bình", [("Hà An", 0), ("Lý Bình", 0)]),
        ("ThS. Hà An: 62,5%; KS Lý Bình - 37,5%", [("Hà An", 62.5), ("Lý Bình", 37.5)]),
        ("- Hà An\n- hà an", [("Hà An", 0)]),
        ("", []),
    ],
)
def test_authors_of_a_cell(text, authors):
    [row] = read(make(HEAD, change(authors=text)), HEADINGS)
    assert [tuple(author) for author in row.authors] == authors


def test_authors_in_rows_of_their_own():
    content = make(
        HEAD,
        GOOD[:4] + ["Hà Thị An", "Phòng Thủy lợi", "Nhì"],
        [None] * 4 + ["Lý Văn Bình"],
        [2, "Lần thứ VIII", 2019, "Tủ hồ sơ", "Đỗ Chi"],
        [None, None, None, None, "Vũ Dung"],
        merged=("D2:D3", "B2:B3", "C2:C3", "G2:G3"),
    )
    first, second = read(content, HEADINGS)
    assert [a.name for a in first.authors] == ["Hà Thị An", "Lý Văn Bình"]
    assert [a.name for a in second.authors] == ["Đỗ Chi", "Vũ Dung"]
    assert second.number == 4


def test_groups_of_awards_fields_and_editions():
    content = make(
        ["KẾT QUẢ CÁC HỘI THI"],
        ["STT", "Tên đề tài", "Tác giả"],
        ["Hội thi lần thứ VII (2016 - 2017)"],
        ["I. Lĩnh vực: Nông nghiệp"],
        ["", "Giải Nhất"],
        [1, "Đo độ mặn", "Hà An"],
        ["Giải Nhì"],
        [2, "Tủ hồ sơ", "Lý Bình"],
        ["Tổng cộng: 2 giải pháp"],
        merged=("A3:C3", "A4:C4", "A7:C7"),
    )
    first, second = read(content, HEADINGS)
    assert (first.year, first.cells["award"]) == (2017, "Giải Nhất")
    assert first.cells["edition"].startswith("Hội thi lần thứ VII")
    assert first.cells["field"] == second.cells["field"] == "Nông nghiệp"
    assert second.cells["award"] == "Giải Nhì"
    assert not first.problems and not second.problems


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"title": ""}, Problem("title", "missing")),
        ({"year": "", "edition": "Lần V"}, Problem("year", "missing")),
        ({"year": "năm ngoái"}, Problem("year", "year", "năm ngoái")),
        ({"year": 1890}, Problem("year", "year", "1890")),
        ({"title": "#REF!"}, Problem("title", "error", "#REF!")),
        ({"title": date(2020, 5, 7)}, Problem("title", "odd", "07/05/2020")),
        ({"scope": "rất tốt"}, Problem("recognised", "scope", "rất tốt")),
        (
            {"authors": "A B 70%; C D 60%"},
            Problem("authors", "share", "A B 70%; C D 60%"),
        ),
        ({"title": "x" * 600}, Problem("title", "long", "x" * 40)),
    ],
)
def test_what_is_wrong_with_a_row(cells, problem):
    assert problems_of(**cells) == ((problem,) if problem else ())


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("", ""),
        ("Không", ""),
        ("Cấp cơ sở", "department"),
        ("x", "department"),
        ("Cấp tỉnh", "province"),
        ("Toàn quốc", "country"),
        ("Đơn vị", "unit"),
    ],
)
def test_scopes(text, scope):
    [row] = read(make(HEAD, change(scope=text)), HEADINGS)
    assert (row.scope, row.problems) == (scope, ())


def test_the_year_is_that_of_the_edition_or_the_decision():
    [row] = read(make(HEAD, change(year="", edition="Lần IX, 2020-2021")), HEADINGS)
    assert row.year == 2021
    head = ["Tên sáng kiến", "Số QĐ", "Ngày QĐ"]
    content = make(
        head, ["Đo mặn", "12/QĐ", date(2015, 3, 2)], ["Tủ", "1", "31/02/2015"]
    )
    first, second = read(content, HEADINGS)
    assert (first.year, first.date) == (2015, date(2015, 3, 2))
    assert [problem.kind for problem in second.problems] == ["missing", "date"]


def test_a_solution_that_stands_there_twice():
    content = make(
        HEAD, GOOD, change(title="ĐO ĐỘ MẶN  tu dong", authors=""), change(unit="Khác")
    )
    _first, second, third = read(content, HEADINGS)
    assert second.problems == (Problem("title", "twice", "2"),)
    assert not third.problems


def test_csv_and_letters_from_before_unicode():
    text = "Tªn gi¶i ph¸p;N¨m;T¸c gi¶\n§o ®é mÆn tù ®éng;2010;Hµ ThÞ An\n"
    [row] = read(text.encode("cp1252"), HEADINGS)
    assert row.cells["title"] == "Đo độ mặn tự động"
    assert row.authors[0].name == "Hà Thị An"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "type"),
        (make(), "heading"),
        (make(["Tác giả", "Năm"], ["An", 2019]), "heading"),
        (make(HEAD), "empty"),
        (make(HEAD, *([GOOD[:3] + [f"Số {n}"] for n in range(MAX_ROWS + 1)])), "rows"),
    ],
)
def test_what_is_no_such_list(content, reason):
    with pytest.raises(BadWorkbook) as refusal:
        read(content, HEADINGS)
    assert refusal.value.reason == reason


def test_template_and_report_read_themselves():
    titles = {"list": "Danh sách", "example": "Ví dụ", "notes": "Hướng dẫn"}
    example = {"title": "Đo độ mặn", "year": "2019", "authors": "Hà An (60%)"}
    content = write_template(titles, LABELS, [example], ["Điền"])
    with pytest.raises(BadWorkbook) as refusal:
        read(content, HEADINGS)
    assert refusal.value.reason == "empty"
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == list(titles.values())
    assert [cell.value for cell in book["Danh sách"][1]] == list(LABELS.values())
    report = write_report("Sai", LABELS, "Sửa", [({**example, "year": "?"}, "Sai năm")])
    [row] = read(report, HEADINGS)
    assert row.problems == (Problem("year", "year", "?"),)
    assert row.authors == (Author("Hà An", 60.0),)
