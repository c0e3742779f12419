"""Lists of solutions of earlier editions: a template, and a reader that trusts nothing.

Offices keep them as they were made: one row a solution or one an author, sorted under
headings of awards, fields or editions. The reader knows no database: what is wrong with
a row comes back as facts that the caller puts into words.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from ..guard.office_list import find_table, get_group, pick, read_sheets
from ..guard.texts import fold
from ..guard.workbook import BadWorkbook, Odd, Value, put, put_heads, save

#: Columns in the order of the template; titles must be there.
COLUMNS = (
    *("edition", "year", "title", "authors", "unit", "field"),
    *("award", "recognised", "decision", "decision_date", "summary"),
)
REQUIRED = ("title",)
MAX_ROWS = 5000
_LAST_COLUMN = 40
YEARS = (1975, 2100)
_WIDTHS = dict(zip(COLUMNS, (26, 10, 50, 34, 30, 26, 18, 20, 18, 16, 60), strict=True))
_LENGTHS = {
    **dict.fromkeys(("edition", "unit", "field", "award"), 250),
    **dict.fromkeys(("year", "recognised", "decision", "decision_date"), 120),
    "title": 500,
    "authors": 2000,
    "summary": 30_000,
}
#: Headings of lists that offices have, besides those of the template.
USUAL = {
    "edition": ("Lần", "Lần thứ", "Hội thi", "Hội thi lần thứ", "Kỳ hội thi", "Đợt"),
    "year": ("Năm", "Năm đạt giải", "Năm công nhận", "Giai đoạn", "Năm thực hiện"),
    "title": (
        *("Tên giải pháp", "Tên đề tài", "Tên sáng kiến", "Giải pháp", "Sáng kiến"),
        *("Tên đề tài, giải pháp", "Tên đề tài/giải pháp", "Tên giải pháp dự thi"),
        *("Tên đề tài, sáng kiến", "Nội dung sáng kiến", "Tên công trình"),
    ),
    "authors": (
        *("Tác giả", "Nhóm tác giả", "Họ tên tác giả", "Tác giả/nhóm tác giả"),
        *("Tác giả, nhóm tác giả", "Họ và tên tác giả", "Họ và tên", "Họ tên"),
        *("Tác giả, đồng tác giả", "Chủ nhiệm"),
    ),
    "unit": (
        *("Đơn vị", "Đơn vị công tác", "Nơi công tác", "Cơ quan, đơn vị", "Cơ quan"),
        *("Phòng", "Phòng, đơn vị", "Phòng/đơn vị", "Đơn vị dự thi"),
    ),
    "field": ("Lĩnh vực", "Lĩnh vực dự thi", "Lĩnh vực áp dụng"),
    "award": ("Giải", "Giải thưởng", "Đạt giải", "Kết quả", "Xếp giải", "Loại giải"),
    "recognised": (
        *("Công nhận", "Công nhận sáng kiến", "Cấp công nhận", "Phạm vi ảnh hưởng"),
        *("Cấp", "Sáng kiến cấp", "Phạm vi công nhận"),
    ),
    "decision": ("Quyết định", "Số quyết định", "Số QĐ", "Quyết định số"),
    "decision_date": ("Ngày quyết định", "Ngày QĐ", "Ngày ban hành", "Ngày ký"),
    "summary": ("Tóm tắt", "Mô tả", "Nội dung", "Nội dung tóm tắt", "Mô tả tóm tắt"),
}
_NOTHING = {"", "khong", "chua", "0", "x0", "khong dat", "khong co"}
#: What names the scope of a recognition, folded, and the scope.
_SCOPES = (
    ("country", ("country", "toan quoc", "quoc gia", "trung uong", "nha nuoc")),
    ("province", ("province", "tinh", "thanh pho")),
    (
        "department",
        (
            "department",
            "so",
            "nganh",
            "co so",
            "huyen",
            "co",
            "x",
            "dat",
            "da cong nhan",
        ),
    ),
    ("unit", ("unit", "don vi", "phong", "chi cuc", "xa")),
)
_SHARE = re.compile(r"[(\[]?\s*[-–:]?\s*(\d{1,3}(?:[.,]\d+)?)\s*%\s*[)\]]?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_LEADING = re.compile(r"^\s*(?:\d{1,2}\s*[.)]|[-–+*•])\s*")
_TITLES = re.compile(
    r"^(?:ông|bà|anh|chị|đ/c|đồng chí|ths|ts|ks|cn|bs|kts|pgs|gs)\s*[.:]?\s+",
    re.IGNORECASE,
)


class Problem(NamedTuple):
    """What is wrong with a cell.

    `kind` is ``missing``, ``long``, ``error``, ``odd``, ``year``, ``date``, ``scope``,
    ``share`` or ``twice`` (with the first row as the value).
    """

    column: str
    kind: str
    value: str = ""


class Author(NamedTuple):
    """An author by name, with the share in per cent where the list says one."""

    name: str
    share: float = 0.0


class Row(NamedTuple):
    """A solution; `number` is its first row as the spreadsheet program shows it."""

    number: int
    cells: dict[str, str]
    year: int = 0
    authors: tuple[Author, ...] = ()
    scope: str = ""
    date: datetime.date | None = None
    problems: tuple[Problem, ...] = ()


# WRITING


def write_template(
    titles: Mapping[str, str],
    headings: Mapping[str, str],
    examples: Sequence[Mapping[str, str]],
    notes: Sequence[str],
) -> bytes:
    """Return an empty list to fill in, with examples and notes.

    :param titles: names of the sheets ``list``, ``example`` and ``notes``
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = titles["list"][:31]
    heads = [headings[column] for column in COLUMNS]
    widths = [_WIDTHS[column] for column in COLUMNS]
    put_heads(sheet, 1, heads, widths)
    for place in range(1, len(COLUMNS) + 1):
        # what looks like a number or a date stays what was typed
        sheet.column_dimensions[get_column_letter(place)].number_format = "@"
    _write_rows(workbook.create_sheet(titles["example"][:31]), heads, widths, examples)
    page = workbook.create_sheet(titles["notes"][:31])
    page.column_dimensions["A"].width = 100
    for number, note in enumerate(notes, start=1):
        put(page.cell(number, 1), note).alignment = Alignment(
            wrap_text=True, vertical="top"
        )
    return save(workbook)


def write_report(
    title: str,
    headings: Mapping[str, str],
    extra: str,
    rows: Iterable[tuple[Mapping[str, str], str]],
) -> bytes:
    """Return rows that were refused, to put right and take in again.

    :param extra: heading of the column that says what is wrong
    """
    workbook = Workbook()
    workbook.active.title = title[:31]
    _write_rows(
        workbook.active,
        [*(headings[column] for column in COLUMNS), extra],
        [*(_WIDTHS[column] for column in COLUMNS), 60],
        [{**cells, "extra": note} for cells, note in rows],
    )
    return save(workbook)


def _write_rows(sheet, heads, widths, rows) -> None:
    put_heads(sheet, 1, heads, widths)
    for number, cells in enumerate(rows, start=2):
        for place, key in enumerate((*COLUMNS, "extra")[: len(heads)], start=1):
            put(
                sheet.cell(number, place), cells.get(key) or None
            ).alignment = Alignment(wrap_text=True, vertical="top")


# READING


def _clean(value: Value) -> str:
    """Return a cell as one line of text."""
    return " ".join(_clean_lines(value).split())


def _clean_lines(value: Value) -> str:
    """Return a cell as text in which lines stay lines."""
    if value is None:
        return ""
    if isinstance(value, Odd):
        return value.shown
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value))
    return "".join(
        char if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf") else " "
        for char in text
    ).strip()


def read(content: bytes, headings: Mapping[str, Iterable[str]]) -> list[Row]:
    """Return the solutions of the first list of a workbook or CSV file.

    Rows of the same solution are one: where the title is merged over them, or stands in
    the first alone. A row that only names an award, a field or an edition says so of
    those below.

    :param headings: for each column the headings that name it, in any language
    :raises BadWorkbook: for what is no such list
    """
    known = {column: [*headings.get(column, ()), *USUAL[column]] for column in COLUMNS}
    table = find_table(read_sheets(content, _LAST_COLUMN), known, REQUIRED, _clean)
    own = [
        place for column, place in table.places.items() if column in ("summary", "year")
    ]
    groups: dict[str, str] = {}
    gathered: list[tuple[int, dict[str, Value], list[str]]] = []
    for line in table.lines:
        values = {
            column: pick(line, place, _clean) for column, place in table.places.items()
        }
        cells = {column: _clean(value) for column, value in values.items()}
        last = gathered[-1] if gathered else None
        if last and _is_same(last[1], values, cells):
            last[2].append(_clean_lines(values.get("authors")))
            continue
        group = get_group(line, own, _clean)
        if group is None and _is_heading(cells):
            group = cells["title"]
        if group is not None:
            if group:
                groups |= _read_group(group)
            continue
        if not any(cells.values()):
            continue
        for column, text in groups.items():
            if not cells.get(column):
                values[column] = text
        if len(gathered) >= MAX_ROWS:
            raise BadWorkbook("rows")
        gathered.append((line.number, values, [_clean_lines(values.get("authors"))]))
    rows, seen = [], {}
    for number, values, authors in gathered:
        row = _judge(number, values, authors)
        rows.append(_find_repeat(row, seen))
    if not rows:
        raise BadWorkbook("empty")
    return rows


def _is_same(before: Mapping[str, Value], values, cells: Mapping[str, str]) -> bool:
    """Tell whether a row only names another author of the solution above."""
    if not cells.get("authors"):
        return False
    title = cells.get("title", "")
    if title and fold(title) != fold(_clean(before.get("title"))):
        return False
    told = [
        column
        for column in COLUMNS
        if column not in ("authors", "unit") and cells.get(column)
    ]
    if not title:
        return not told
    return all(cells[column] == _clean(before.get(column)) for column in told) and fold(
        cells["authors"]
    ) != fold(_clean(before.get("authors")))


def _is_heading(cells: Mapping[str, str]) -> bool:
    """Tell whether a row with a title alone is a heading, as “Giải Nhất”."""
    told = [column for column, text in cells.items() if text]
    if told != ["title"]:
        return False
    folded = fold(cells["title"])
    return len(folded.split()) <= 4 and folded.startswith(("giai ", "linh vuc"))


def _read_group(text: str) -> dict[str, str]:
    """Return what the heading of a group says of those below."""
    folded = fold(text)
    if folded.startswith(("giai ", "khuyen khich")) and len(folded.split()) <= 6:
        return {"award": text}
    if folded.startswith(("hoi thi", "lan thu", "nam ", "dot ", "giai doan")):
        found = {"edition": text}
        if years := _YEAR.findall(text):
            found["year"] = years[-1]
        return found
    if folded.startswith("linh vuc"):
        return {"field": re.sub(r"^\S+\s+\S+\s*:?\s*", "", text) or text}
    return {"field": text}


def _judge(number: int, values: Mapping[str, Value], authors: list[str]) -> Row:
    problems = []
    cells = {
        column: (_clean_lines if column == "summary" else _clean)(values.get(column))
        for column in COLUMNS
    }
    cells["authors"] = "; ".join(dict.fromkeys(filter(None, map(_clean, authors))))
    for column in COLUMNS:
        value = values.get(column)
        if isinstance(value, Odd) and not (
            column == "decision_date" and value.kind == "date"
        ):
            kind = "error" if value.kind == "error" else "odd"
            problems.append(Problem(column, kind, cells[column]))
        elif len(cells[column]) > _LENGTHS[column]:
            problems.append(Problem(column, "long", cells[column][:40]))
        elif not cells[column] and column in REQUIRED:
            problems.append(Problem(column, "missing"))
    flawed = {problem.column for problem in problems}
    year = _read_year(cells)
    if not year and "year" not in flawed:
        kind = "year" if cells["year"] else "missing"
        problems.append(Problem("year", kind, cells["year"]))
    day = _read_date(cells["decision_date"])
    if cells["decision_date"] and not day and "decision_date" not in flawed:
        problems.append(Problem("decision_date", "date", cells["decision_date"]))
    scope = _read_scope(cells["recognised"])
    if scope is None and "recognised" not in flawed:
        problems.append(Problem("recognised", "scope", cells["recognised"]))
    people = _read_authors(authors)
    if sum(author.share for author in people) > 100.5:
        problems.append(Problem("authors", "share", cells["authors"][:80]))
    if fold(cells["award"]) in _NOTHING:
        cells["award"] = ""
    return Row(number, cells, year, people, scope or "", day, tuple(problems))


def _read_year(cells: Mapping[str, str]) -> int:
    """Return the year of the result: the last of a span, or that of the edition."""
    for column in ("year", "edition"):
        years = [int(year) for year in _YEAR.findall(cells[column])]
        if years and YEARS[0] <= years[-1] <= YEARS[1]:
            return years[-1]
        if cells[column] and column == "year":
            return 0
    day = _read_date(cells["decision_date"])
    return day.year if day else 0


def _read_date(text: str) -> datetime.date | None:
    match = _DATE.search(text)
    if not match:
        return None
    try:
        day = datetime.date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
    return day if YEARS[0] <= day.year <= YEARS[1] else None


def _read_scope(text: str) -> str | None:
    """Return the scope that a cell names, nothing for none, None where it says else."""
    folded = fold(text)
    if folded in _NOTHING:
        return ""
    words = folded.removeprefix("cap ").removeprefix("pham vi ")
    for scope, names in _SCOPES:
        for name in names:
            if words == name or (len(name) > 1 and f" {name} " in f" {words} "):
                return scope
    return None


def _read_authors(texts: Iterable[str]) -> tuple[Author, ...]:
    """Return the authors that cells name, each once."""
    found: dict[str, Author] = {}
    for text in texts:
        # a share holds no break between two
        parts = re.split(r"[;\n]|,(?!\d)", text)
        for part in parts:
            share = _SHARE.search(part)
            name = " ".join(_LEADING.sub("", _SHARE.sub("", part)).split())
            name = _TITLES.sub("", name).strip(" .-–:()")
            if not fold(name) or not any(char.isalpha() for char in name):
                continue
            percent = float(share[1].replace(",", ".")) if share else 0.0
            found.setdefault(fold(name), Author(name[:120], min(percent, 100.0)))
    return tuple(found.values())


def _find_repeat(row: Row, seen: dict) -> Row:
    """Note a solution that stands in the list already."""
    title = fold(row.cells["title"])
    if not title or row.problems:
        return row
    first = seen.setdefault((row.year, title, fold(row.cells["unit"])), row.number)
    if first == row.number:
        return row
    return row._replace(problems=(Problem("title", "twice", str(first)),))
