import datetime
import io
import time
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from ...guard import workbook as module
from ...guard.workbook import (
    CUT,
    LAST_ROW,
    MAX_TEXT,
    BadWorkbook,
    Odd,
    Reader,
    fit,
    is_too_long,
    put,
    put_heads,
    quote,
    save,
)


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
    return [row[0] for _number, row in Reader(content).iter_rows(max_column=1)]


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


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.075, "0.0%", "7.5%"),
        # the sign is only written beside the number
        (7.5, '0.0"%"', "7.5%"),
        (7, r"0\%", "7%"),
        (0.07, '0"/"0%', "7%"),
    ],
)
def test_a_percentage_is_told_apart(value, number_format, shown):
    content = make(value, 3, formats=[(1, number_format)])
    assert read(content) == [Odd("percent", shown), 3]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (b"<v>77</v>", b"<v>NaN</v>", "NaN"),
        (b"<v>77</v>", b"<v>-inf</v>", "-inf"),
        (b"<v>77</v>", b"<v>" + b"7" * 5000 + b"</v>", "7" * 40),
        (b't="n"><v>77<', b't="d"><v>2026-02-31<', "2026-02-31"),
        (b't="n"><v>77<', b't="b"><v>yes<', "yes"),
        (b't="n"><v>77<', b't="s"><v>99<', "99"),
    ],
)
def test_a_cell_that_is_not_what_it_says_ends_nothing(old, new, shown):
    content = replace(make(1, 77, 3), old, new)
    assert read(content) == [1, Odd("error", shown), 3]


def test_a_formula_counts_as_its_result():
    assert read(replace(make("=5+7"), b"<v></v>", b"<v>12</v>")) == [12]
    empty = replace(make(1, '=""'), b'<c r="A2"', b'<c r="A2" t="str"')
    assert read(empty) == [1]


@pytest.mark.parametrize(("raw", "shown"), [(b"1E999", "inf"), (b"9" * 400, "9" * 20)])
def test_numbers_without_measure(raw, shown):
    assert read(replace(make(12345), b"12345", raw)) == [Odd("large", shown)]


def test_text_numbers_and_blanks():
    content = make("Điểm", None, 7, 7.5, "7,5", " ", 8)
    assert list(Reader(content).iter_rows(max_column=2)) == [
        (1, ["Điểm", None]),
        (3, [7, None]),
        (4, [7.5, None]),
        (5, ["7,5", None]),
        (7, [8, None]),
    ]


def test_a_cell_far_below_is_refused_at_once():
    workbook = Workbook()
    sheet = workbook.active
    sheet["A1"], sheet[f"A{LAST_ROW}"] = 1, 2
    assert read(save(workbook)) == [1, 2]
    sheet["A1048576"] = 3
    content = save(workbook)
    start = time.process_time()
    with pytest.raises(BadWorkbook) as refusal:
        read(content)
    assert (refusal.value.reason, refusal.value.detail) == ("far", ("1048576",))
    assert time.process_time() - start < 1
    # an empty cell down there, that was only formatted, is nothing
    sheet["A1048576"].value = None
    sheet["A1048576"].number_format = "0.0"
    assert read(save(workbook)) == [1, 2]


def test_rows_that_come_twice_are_refused():
    with pytest.raises(BadWorkbook):
        read(replace(make(1, 2, 3), b'<row r="3"', b'<row r="2"'))


def test_a_text_that_was_cut_says_so():
    for letter in "xệ😀":
        text = letter * 40_000
        assert is_too_long(text)
        cut = fit(text)
        assert cut.endswith(letter + CUT)
        assert not is_too_long(cut)
        assert len(cut.encode("utf-16-le")) // 2 > MAX_TEXT - 3
        workbook = Workbook()
        put(workbook.active["A1"], text)
        assert read(save(workbook)) == [cut]
    for text in ("x" * MAX_TEXT, "", "😀" * (MAX_TEXT // 2)):
        assert fit(text) == text
        assert not is_too_long(text)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no workbook", make(1)[:900]])
def test_what_is_no_workbook(content):
    with pytest.raises(BadWorkbook):
        read(content)


def test_a_sheet_that_is_not_there():
    with pytest.raises(BadWorkbook):
        list(Reader(make(1)).iter_rows("meta", max_column=1))


def reason_of(content):
    with pytest.raises(BadWorkbook) as refusal:
        read(content)
    return refusal.value.reason


def repack(content, change):
    """The same archive with its members changed: {name: content}."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for name, member in members.items():
            target.writestr(name, member)
    return output.getvalue()


def test_a_file_as_large_as_is_taken(monkeypatch):
    content = make(1)
    monkeypatch.setattr(module, "MAX_BYTES", len(content))
    assert read(content) == [1]
    monkeypatch.setattr(module, "MAX_BYTES", len(content) - 1)
    assert reason_of(content) == "size"


def test_what_unpacks_to_as_much_as_is_taken(monkeypatch):
    content = make(1)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = [member.file_size for member in archive.infolist()]
    monkeypatch.setattr(module, "MAX_UNPACKED", sum(sizes))
    monkeypatch.setattr(module, "MAX_MEMBERS", len(sizes))
    assert read(content) == [1]
    monkeypatch.setattr(module, "MAX_UNPACKED", sum(sizes) - 1)
    assert reason_of(content) == "unpacked"
    monkeypatch.undo()
    monkeypatch.setattr(module, "MAX_MEMBERS", len(sizes) - 1)
    assert reason_of(content) == "unpacked"


def test_limits_are_those_that_people_are_told():
    assert module.MAX_BYTES == 5 * 2**20
    assert module.MAX_UNPACKED == 20 * 2**20
    assert (module.MAX_MEMBERS, LAST_ROW, MAX_TEXT) == (500, 20_000, 32_767)


@pytest.mark.parametrize(
    "declaration",
    [b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<!ENTITY b 'c'>", b"\x00"],
)
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "_rels/.rels"])
def test_declarations_by_which_xml_grows_are_refused(declaration, name):
    def declare(members):
        members[name] = declaration + members[name]

    assert reason_of(repack(make(1), declare)) == "unpacked"


def test_what_is_no_xml_may_hold_anything():
    def add(members):
        members["xl/media/image1.png"] = b"\x00<!DOCTYPE"
        sheet = "xl/worksheets/sheet1.xml"
        # so far into a file no encoding is told any more
        members[sheet] += b" " * 400 + b"<!-- -->"

    assert read(repack(make(1), add)) == [1]


@pytest.mark.parametrize("name", ["[Content_Types].xml", "xl/workbook.xml"])
def test_an_archive_without_its_parts_is_no_workbook(name):
    assert reason_of(repack(make(1), lambda members: members.pop(name))) == "type"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no workbook", make(1)[:900]])
def test_why_a_file_is_no_workbook(content):
    assert reason_of(content) == "type"


def test_what_is_broken_inside_is_no_workbook():
    def cut(members):
        members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"][:-30]

    assert reason_of(repack(make(1), cut)) == "type"
    assert reason_of(replace(make(1, 2, 3), b'<row r="3"', b'<row r="2"')) == "type"
    assert reason_of(replace(make(1, 2, 3), b'<row r="3"', b'<row r="1"')) == "type"


def test_sheets_by_place_and_by_name():
    book = Workbook()
    book.active.title = "Một"
    book.create_sheet("Hai")["B2"] = 5
    reader = Reader(save(book))
    assert reader.get_titles() == ["Một", "Hai"]
    for sheet in (1, "Hai"):
        assert list(reader.iter_rows(sheet, max_column=2)) == [(2, [None, 5])]
    assert list(reader.iter_rows(max_column=2)) == []
    assert list(reader.iter_rows("Hai", max_column=1)) == [], "beyond what is read"
    with pytest.raises(BadWorkbook):
        list(reader.iter_rows(2, max_column=1))


def test_numbers_as_large_as_programs_are_exact():
    assert read(make(10**15, -(10**15))) == [10**15, -(10**15)]
    assert [odd.kind for odd in read(make(1.1e15, -1.1e15))] == ["large", "large"]


def test_headings():
    book = Workbook()
    put_heads(book.active, 3, ["Mã", "=Tên"], [14, 50])
    sheet = load_workbook(io.BytesIO(save(book))).active
    assert [cell.value for cell in sheet[3]] == ["Mã", "=Tên"]
    for cell in sheet[3]:
        assert cell.font.bold
        assert cell.fill.fill_type == "solid"
        assert (cell.alignment.wrap_text, cell.alignment.vertical) == (True, "top")
    assert [sheet.column_dimensions[name].width for name in "AB"] == [14, 50]
    assert sheet.freeze_panes == "A4", "what is above the first line stays in sight"
    with pytest.raises(ValueError, match="zip"):
        put_heads(book.active, 1, ["Mã", "Tên"], [14])


def test_what_begins_like_a_formula_only_before_it_was_cleaned():
    book = Workbook()
    put(book.active["A1"], "\x00=1+1")
    put(book.active["A2"], "Tên")
    put(book.active["A3"], None)
    sheet = load_workbook(io.BytesIO(save(book))).active
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "s")
    assert sheet["A1"].quotePrefix
    assert not sheet["A2"].quotePrefix
    assert sheet["A3"].value is None


def test_a_formula_that_says_nothing():
    shared = replace(make("=5+7"), b"<f>5+7</f>", b"<f/>")
    assert read(shared) == [Odd("formula", "=…")]


def test_a_length_of_time_is_no_number():
    content = make(datetime.timedelta(hours=30, minutes=5))
    [odd] = read(content)
    assert odd.kind == "date"


def test_a_value_stays_in_its_column():
    workbook = Workbook()
    workbook.active.append(["a", None, "c", "d"])
    reader = Reader(save(workbook))
    assert list(reader.iter_rows(max_column=4)) == [(1, ["a", None, "c", "d"])]
    assert list(reader.iter_rows(max_column=3)) == [(1, ["a", None, "c"])]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ('=HYPERLINK("https://example.com")', '\'=HYPERLINK("https://example.com")'),
        ("-1+1", "'-1+1"),
        ("+84", "'+84"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("Máy lọc nước = rẻ", "Máy lọc nước = rẻ"),
        ("", ""),
    ],
)
def test_a_csv_file_holds_no_formula(text, held):
    assert quote(text) == held
