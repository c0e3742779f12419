"""Lists as offices have them: a workbook of any program, or a CSV file, in any dress.

A list may stand on any sheet, below a title; cells may be merged; rows may only name
the group below; letters may be from before Unicode, all of them or some. What is read
is the same as from the clean template.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from . import apart, legacy_text, old_workbook, open_workbook, plain_text
from .texts import fold
from .workbook import LAST_ROW, MAX_BYTES, BadWorkbook, Odd, Reader, Value

#: The heading is looked for in the first rows, below a title perhaps.
HEADING_ROWS = 15
#: So many cells are filled with what merged ones say, which may overlap.
MAX_FILLED = 40 * LAST_ROW
_DELIMITERS = ";,\t|"
_ENCODINGS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
#: What numbers the groups of a list: “I.”, “A -”, “1)”, “*”.
_NUMBERING = re.compile(
    r"^\s*(?:[ivxlc]{1,6}|[a-zđ]|\d{1,3})\s*[.)\-–:/]\s*", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*[*•+\-–]\s*")
#: Rows beside a list that are neither group nor person, by their first words, folded.
_NOTES = ("tong", "tong cong", "tong so", "cong", "nguoi lap", "ghi chu", "noi nhan")


class Line(NamedTuple):
    """A row: its number as programs show it, its values, and its widest merged cell.

    `written` has the values as the file has them, where letters of old were changed.
    """

    number: int
    values: list[Value]
    width: int = 1
    written: list[Value] | None = None


class Sheet(NamedTuple):
    """A sheet: its rows, and its merged cells: (row, column) to (row, column)."""

    lines: list[Line]
    spans: dict[tuple[int, int], tuple[int, int]]


class Table(NamedTuple):
    """The list of a sheet: which columns hold what, and the rows below the heading."""

    places: dict[str, tuple[int, int]]
    lines: list[Line]


def read_sheets(content: bytes, max_column: int) -> Iterator[Sheet]:
    """Yield the sheets of a workbook, or the one of a CSV file, one after the other.

    :raises BadWorkbook: for what is neither
    """
    if len(content) > MAX_BYTES:
        raise BadWorkbook("size")
    try:
        if old_workbook.is_old(content):
            content = old_workbook.modernize(content)
        elif open_workbook.is_open(content):
            content = open_workbook.modernize(content)
    except apart.Failed as error:
        raise BadWorkbook("type") from error
    if content.startswith(b"PK"):
        reader = Reader(content)
        for number in range(len(reader.get_titles())):
            rows = list(reader.iter_rows(number, max_column=max_column))
            yield _dress([Line(*row) for row in rows], reader.spans)
    else:
        yield _dress(_read_csv(content, max_column), {})


def _read_csv(content: bytes, max_column: int) -> list[Line]:
    text = _decode(content)
    delimiter = _find_delimiter(text)
    lines = []
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1
        ):
            values: list[Value] = [_unquote(cell) for cell in row[:max_column]]
            values += [None] * (max_column - len(values))
            if values.count(None) == max_column:
                continue
            if number > LAST_ROW:
                raise BadWorkbook("far", [str(number)])
            lines.append(Line(number, values))
    except csv.Error as error:
        raise BadWorkbook("type") from error
    return lines


def _decode(content: bytes) -> str:
    for mark, encoding in _ENCODINGS:
        if content.startswith(mark):
            return _decode_as(content, encoding)
    if not content.strip() or b"\x00" in content:
        raise BadWorkbook("type")
    try:
        return content.decode()
    except UnicodeDecodeError:
        # from before Unicode: codes that the fonts of then make letters of
        text = content.decode("cp1252", errors="replace")
        name = legacy_text.guess(text.splitlines())
        windows = content.decode("cp1258", errors="replace")
        if name and legacy_text.rate([legacy_text.convert(text, name)]) > (
            legacy_text.rate([windows])
        ):
            return text
        return _decode_as(content, "cp1258")


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadWorkbook("type") from error


def _find_delimiter(text: str) -> str:
    """Return what parts the cells: it stands in most of the first rows, as often."""
    rows = [row for row in text.splitlines()[: 2 * HEADING_ROWS] if row.strip()]
    bare = [re.sub(r'"[^"]*"', "", row) for row in rows]
    counts = {
        mark: sum(row.count(mark) for row in bare if mark in row)
        for mark in _DELIMITERS
    }
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _unquote(cell: str) -> Value:
    """Return a cell without what `workbook.quote` puts before it, or nothing."""
    text = plain_text.clean(cell)
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]
    return text if text.strip() else None


def _dress(lines: list[Line], spans: dict) -> Sheet:
    """Return rows with letters of today, and with what merged cells say of each row.

    :raises BadWorkbook: where merged cells are too many
    """
    lines = _modernize(lines)
    if not spans:
        return Sheet(lines, {})
    by_number = {line.number: place for place, line in enumerate(lines)}
    filled = 0
    for (row, column), (last_row, last_column) in spans.items():
        place = by_number.get(row)
        if place is None or column > len(lines[place].values):
            continue
        head = lines[place]
        value = head.values[column - 1]
        if value is None:
            continue
        lines[place] = head._replace(width=max(head.width, last_column - column + 1))
        last_row = min(last_row, lines[-1].number)
        filled += max(last_row - row, 0)
        if filled > MAX_FILLED:
            raise BadWorkbook("unpacked")
        for number in range(row + 1, last_row + 1):
            below = by_number.get(number)
            if below is not None and lines[below].values[column - 1] is None:
                lines[below].values[column - 1] = value
    return Sheet(lines, spans)


def _modernize(lines: list[Line]) -> list[Line]:
    """Return rows in Unicode, of which some columns may be from before it.

    A list that was filled in over years, or by pasting into a template of today, is
    written in both: each column says for itself how its other cells are written.
    """
    old: dict[int, list[str]] = {}
    today: Counter[int] = Counter()
    for line in lines:
        for place, value in enumerate(line.values):
            if not isinstance(value, str) or value.isascii():
                continue
            if legacy_text.is_of_today(value):
                today[place] += 1
            else:
                old.setdefault(place, []).append(value)
    # the few words of a narrow column may not tell: then the rest of the list does
    rest = "" if today else legacy_text.guess(chain.from_iterable(old.values()))
    names = {
        place: legacy_text.guess(texts, rest) or rest for place, texts in old.items()
    }
    if not any(names.values()):
        return lines
    # what tells nothing by itself is written as most of its column
    current = {place for place, texts in old.items() if today[place] > len(texts)}
    return [
        line._replace(
            values=[
                legacy_text.convert(value, names.get(place, ""), place in current)
                if isinstance(value, str)
                else value
                for place, value in enumerate(line.values)
            ],
            written=line.values,
        )
        for line in lines
    ]


def find_table(
    sheets: Iterable[Sheet],
    headings: Mapping[str, Iterable[str]],
    required: Sequence[str],
    clean,
) -> Table:
    """Return the first list that has the headings it needs, on whichever sheet.

    :param headings: for each column the headings that name it
    :param clean: returns a value as text
    :raises BadWorkbook: with the headings that the likeliest row lacks
    """
    names = {
        column: {fold(heading) for heading in given}
        for column, given in headings.items()
    }
    best: set[str] = set()
    for sheet in sheets:
        for place, line in enumerate(sheet.lines):
            if line.number > HEADING_ROWS:
                break
            found = _find_columns(line, names, sheet, clean)
            if set(required) <= set(found):
                last = max(
                    sheet.spans.get((line.number, first + 1), (line.number, 0))[0]
                    for first, _last in found.values()
                )
                below = [row for row in sheet.lines[place + 1 :] if row.number > last]
                return Table(found, below)
            if len(best) < len(found):
                best = set(found)
    raise BadWorkbook("heading", [column for column in required if column not in best])


def _find_columns(line, names, sheet, clean) -> dict[str, tuple[int, int]]:
    """Return the first and last place of each column whose heading stands in a row."""
    found: dict[str, tuple[int, int]] = {}
    # a heading of today may stand above names of old, and its letters be of both
    folded = [
        {fold(clean(value)), fold(clean(written))}
        for value, written in zip(line.values, line.written or line.values, strict=True)
    ]
    for column, wanted in names.items():
        for place, texts in enumerate(folded):
            if texts & wanted:
                _row, last = sheet.spans.get((line.number, place + 1), (0, place + 1))
                found[column] = (place, min(last, len(folded)) - 1)
                break
    return found


def pick(line: Line, place: tuple[int, int], clean) -> Value:
    """Return the value of a column; of several below one heading, all together."""
    first, last = place
    values = [value for value in line.values[first : last + 1] if value is not None]
    if len(values) <= 1 or any(isinstance(value, Odd) for value in values):
        return values[0] if values else None
    return " ".join(dict.fromkeys(clean(value) for value in values))


def get_group(line: Line, own: Iterable[tuple[int, int]], clean) -> str | None:
    """Return the name of the group that a row begins, or nothing.

    :param own: places of columns that say nothing of a group where they stand alone
    :return: an empty text for a row that belongs to no list, as a sum
    """
    filled = [
        (place, clean(value))
        for place, value in enumerate(line.values)
        if value is not None
    ]
    words = [(place, text) for place, text in filled if not _is_number(text)]
    texts = {text for _place, text in words}
    if len(texts) != 1:
        return None
    place, text = words[0]
    folded = fold(text)
    if any(folded == note or folded.startswith(f"{note} ") for note in _NOTES):
        return ""
    if any(first <= place <= last for first, last in own):
        return None
    bare = _BULLET.sub("", _NUMBERING.sub("", text)).strip(" :.-–")
    is_numbered = bare != text.strip(" :.-–")
    if line.width > 1 or is_numbered or folded.startswith(_UNITS):
        return bare
    return None


#: How the names of units begin, folded.
_UNITS = tuple(
    f"{fold(word)} "
    for word in (
        *("phòng", "ban", "chi cục", "cục", "trung tâm", "thanh tra", "khối", "tổ"),
        *("đội", "trạm", "hạt", "quỹ", "bộ phận", "đơn vị", "sở", "ủy ban", "khoa"),
        *("văn phòng", "viện", "trường", "bệnh viện", "công ty"),
    )
) + ("van phong", "thanh tra")


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[\d.,\s]+|[ivxlcIVXLC]{1,6}[.)]?|\w[.)]?", text))
