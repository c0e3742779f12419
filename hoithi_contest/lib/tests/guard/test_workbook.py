import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from ...guard import workbook
from ...guard.workbook import BadWorkbook, Odd, Reader, put, save


def make(*values, formats=()):
    """A workbook as a spreadsheet program leaves it, a value a row."""
    workbook = Workbook()
    for number, value in enumerate(values, start=1):
        workbook.active.cell(number, 1, value)
    for number, number_format in formats:
        workbook.active.cell(number, 1).number_format = number_format
    return save(workbook)


def replace(content, old, new):
    """The same archive with a piece of its XML replaced."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(output, "w") as target,
    ):
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return output.getvalue()


def read(content):
    return [value for _, [value] in Reader(content).iter_rows(max_column=1)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_text_is_never_a_formula(start):
    workbook = Workbook()
    text = f"{start}HYPERLINK(A1)"
    put(workbook.active["A1"], text)
    put(workbook.active["A2"], "#N/A")
    sheet = load_workbook(io.BytesIO(save(workbook))).active
    assert sheet["A1"].data_type == "s"
    assert sheet["A1"].value == text.replace("\r", "\n")
    # it stays text when somebody edits the cell
    assert sheet["A1"].quotePrefix
    assert sheet["A2"].data_type == "s"


def test_control_characters_break_nothing():
    workbook = Workbook()
    put(workbook.active["A1"], "a\x0bb\x00c\x01\ud800\ufffe" + "x" * 40_000)
    content = save(workbook)
    assert read(content)[0].startswith("a\nbcx")


def test_characters_that_workbooks_escape():
    # as a spreadsheet program writes what was pasted from Word
    assert read(replace(make("Kha"), b"Kha", b"Kh_x000B_a_x0001_")) == ["Kh\na"]
    workbook = Workbook()
    put(workbook.active["A1"], "_x0041_")
    content = save(workbook)
    assert read(content) == ["_x0041_"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"_x005F_x0041_" in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (datetime.date(2026, 7, 5), "date", "05/07/2026"),
        (datetime.datetime(2026, 5, 7, 1, 2), "date", "07/05/2026"),
        (datetime.time(7, 5), "date", "07:05:00"),
        (True, "boolean", "TRUE"),
        ("#N/A", "error", "#N/A"),
        ("#DIV/0!", "error", "#DIV/0!"),
        ("=5+7", "formula", "=5+7"),
        (1e300, "large", "1e+300"),
    ],
)
def test_what_is_neither_text_nor_a_number(value, kind, shown):
    assert read(make(value)) == [Odd(kind, shown)]


def test_a_percentage_is_told_apart():
    assert read(make(0.075, formats=[(1, "0.0%")])) == [Odd("percent", "7.5%")]


def test_a_formula_counts_as_its_result():
    assert read(replace(make("=5+7"), b"<v></v>", b"<v>12</v>")) == [12]


@pytest.mark.parametrize(("raw", "shown"), [(b"1E999", "inf"), (b"9" * 400, "9" * 20)])
def test_numbers_without_measure(raw, shown):
    assert read(replace(make(12345), b"12345", raw)) == [Odd("large", shown)]


def test_text_numbers_and_blanks():
    rows = Reader(make("Điểm", None, 7, 7.5, "7,5")).iter_rows(max_column=1)
    assert list(rows) == [(1, ["Điểm"]), (3, [7]), (4, [7.5]), (5, ["7,5"])]


def test_a_gap_of_a_million_rows_costs_nothing(monkeypatch):
    judged = []
    monkeypatch.setattr(workbook, "_judge", lambda *cells: judged.append(cells))
    content = replace(make("x", "y"), b'r="2"', b'r="1000000"')
    content = replace(content, b'"A2"', b'"A1000000"')
    assert list(Reader(content).iter_rows(max_column=40)) == []
    assert len(judged) <= 120
    monkeypatch.undo()
    assert [number for number, _ in Reader(content).iter_rows(max_column=1)] == [
        1,
        1_000_000,
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no workbook", make(1)[:900]])
def test_what_is_no_workbook(content):
    with pytest.raises(BadWorkbook):
        read(content)


def test_a_sheet_that_is_not_there():
    with pytest.raises(BadWorkbook):
        list(Reader(make(1)).iter_rows("meta", max_column=1))
