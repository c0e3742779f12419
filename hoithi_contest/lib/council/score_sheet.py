"""Score sheets as workbooks: filled in without a connection, read back row by row."""

import hashlib
import hmac
import json
import re
from collections.abc import Collection
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..guard.workbook import (
    MAX_TEXT,
    BadWorkbook,
    Odd,
    Reader,
    Value,
    fit,
    is_too_long,
    put,
    put_heads,
    save,
)

_FIRST_ROW = 4
_META = "meta"
#: Beside the table so many columns are looked at for what isn't taken over.
_MARGIN = 30
#: Cells of remarks hold text: a program doesn't make a date of "5/7" there.
_TEXT_FORMAT = "@"
#: Cells of criteria that an entry isn't scored by.
_CLOSED_FILL = PatternFill("solid", fgColor="D9D9D9")
#: A number that was typed as text, perhaps with the comma of Vietnamese decimals.
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,9})?")


class BadSheet(Exception):
    """The file isn't a sheet that was made here for this member, or was altered.

    `reason` is ``file`` (not such a workbook), ``owner`` (another member's, or of
    another contest), ``far`` (a row far below holds something), ``sheet`` (it was
    renamed or taken out) or ``cell`` (a protected one was altered). For the last three
    `detail` has which one, and for a cell what stands there and what should.
    """

    def __init__(self, reason: str, *detail: str):
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Criterion(NamedTuple):
    """A column of the sheet; `key` names it in what is read back."""

    key: int
    name: str
    lowest: float
    highest: float
    step: float
    weight: float = 1


class Row(NamedTuple):
    """An entry to score, with what the draft holds already.

    `criteria` are the keys of those that it is scored by, None for all.
    """

    key: int
    code: str
    title: str
    scores: dict[int, float]
    comments: dict[int, str]
    comment: str
    criteria: Collection[int] | None = None


class Problem(NamedTuple):
    """A cell that can't be taken over.

    `cell` is its sheet and place, `kind` as in :class:`workbook.Odd`, or ``text`` for a
    score in words; `shown` is what stands there.
    """

    cell: str
    kind: str
    shown: str


class Content(NamedTuple):
    """What a workbook holds: its rows, and the cells outside of the table."""

    rows: list["Filled"]
    outside: list[str]


class Filled(NamedTuple):
    """A row read back: what isn't blank of it, and the cells that can't be read.

    `total` is what the program that it was filled in with has added up, None where it
    added nothing up.
    """

    key: int
    code: str
    scores: dict[int, float]
    comments: dict[int, str]
    comment: str
    problems: list[Problem]
    total: float | None = None


def _sign(meta: dict, secret: str) -> str:
    body = json.dumps(meta, sort_keys=True, ensure_ascii=False)
    return hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


def _get_closed(keys: list[int], own: Collection[int] | None) -> set[int]:
    """Return the columns of a row that belong to criteria of other entries.

    :param keys: of all criteria, in the order of their columns
    :param own: of those that the row is scored by, None for all
    """
    return {
        column
        for index, key in enumerate(keys)
        if own is not None and key not in own
        for column in (3 + 2 * index, 4 + 2 * index)
    }


def write(
    title: str,
    hint: str,
    labels: dict[str, str],
    criteria: list[Criterion],
    rows: list[Row],
    owner: dict,
    secret: str,
) -> bytes:
    """Return a workbook in which only scores and comments can be typed.

    Its last column adds up each row as :func:`scoring.add_up_sheet` does.

    :param title: head line
    :param hint: a line that tells how to fill it in
    :param labels: the words ``sheet``, ``code``, ``title``, ``comment``, ``remark``,
        ``total``, and ``long``: what stands in place of a remark that no cell can hold
    :param owner: who it is for; must be given again to :func:`read`
    :param secret: key of the signature over owner, criteria and rows
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = labels["sheet"]
    put(sheet["A1"], title).font = Font(bold=True, size=14)
    put(sheet["A2"], hint)
    heads = [labels["code"], labels["title"]]
    for criterion in criteria:
        times = "" if criterion.weight == 1 else f" × {criterion.weight:g}"
        heads += [
            f"{criterion.name} ({criterion.lowest:g}–{criterion.highest:g}){times}",
            f"{labels['remark']}: {criterion.name}",
        ]
    heads += [labels["comment"], labels["total"]]
    widths = [14, 50, *(14 for _head in heads[2:])]
    put_heads(sheet, _FIRST_ROW - 1, heads, widths)
    last = _FIRST_ROW + len(rows) - 1
    stand_in = fit(labels["long"])
    keys = [criterion.key for criterion in criteria]
    for number, row in enumerate(rows, start=_FIRST_ROW):
        put(sheet.cell(number, 1), row.code)
        put(sheet.cell(number, 2), row.title).alignment = Alignment(wrap_text=True)
        closed = _get_closed(keys, row.criteria)
        values = []
        for criterion in criteria:
            values += [
                row.scores.get(criterion.key),
                row.comments.get(criterion.key) or None,
            ]
        for column, value in enumerate([*values, row.comment or None], start=3):
            if isinstance(value, str) and is_too_long(value):
                value = stand_in
            cell = put(sheet.cell(number, column), value)
            cell.protection = Protection(locked=column in closed)
            if column in closed:
                cell.fill = _CLOSED_FILL
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column % 2 == 0 or column == len(heads) - 1:
                cell.number_format = _TEXT_FORMAT
        _put_total(sheet, number, len(heads), criteria, closed)
    for index, criterion in enumerate(criteria):
        letter = get_column_letter(3 + 2 * index)
        validation = DataValidation(
            type="decimal",
            operator="between",
            formula1=str(criterion.lowest),
            formula2=str(criterion.highest),
            allow_blank=True,
            showErrorMessage=True,
        )
        sheet.add_data_validation(validation)
        if rows:
            validation.add(f"{letter}{_FIRST_ROW}:{letter}{last}")
    sheet.freeze_panes = sheet.cell(_FIRST_ROW, 3)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    meta = {
        "owner": owner,
        "criteria": [[c.key, c.lowest, c.highest, c.step] for c in criteria],
        "rows": [
            [row.key, row.code]
            if row.criteria is None
            else [row.key, row.code, list(row.criteria)]
            for row in rows
        ],
        "sheet": sheet.title,
        "heads": [fit(head) for head in heads],
        "long": stand_in,
    }
    hidden = workbook.create_sheet(_META)
    hidden.sheet_state = "veryHidden"
    text = json.dumps(meta)
    pieces = [text[at : at + MAX_TEXT] for at in range(0, len(text), MAX_TEXT)]
    for number, piece in enumerate([*pieces, _sign(meta, secret)], start=1):
        put(hidden.cell(number, 1), piece)
    hidden.protection.sheet = True
    return save(workbook)


def read(content: bytes, owner: dict, secret: str) -> Content:
    """Return what a workbook holds that :func:`write` made for `owner`.

    Whether a score fits its criterion is for the caller to judge; here only what isn't
    a number at all is named.

    :raises BadSheet: for other files, other owners and altered structure
    """
    try:
        reader = Reader(content)
        hidden = reader.iter_rows(_META, max_column=1)
        *pieces, signature = (cell for _number, [cell] in hidden)
        meta = json.loads("".join(pieces))
        if not hmac.compare_digest(signature.encode(), _sign(meta, secret).encode()):
            raise BadSheet("file")
        name, heads = meta["sheet"], meta["heads"]
    except (
        AttributeError,
        BadWorkbook,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise BadSheet("file") from error
    if meta["owner"] != owner:
        raise BadSheet("owner")
    if name not in reader.get_titles():
        raise BadSheet("sheet", name)
    last_column = len(heads)
    try:
        grid = dict(reader.iter_rows(name, max_column=last_column + _MARGIN))
    except BadWorkbook as error:
        reason = "far" if error.reason == "far" else "file"
        raise BadSheet(reason, *error.detail) from error
    # those of before had no column that adds up
    width = 3 + 2 * len(meta["criteria"])
    blank = [None] * (last_column + _MARGIN)
    table = range(_FIRST_ROW, _FIRST_ROW + len(meta["rows"]))
    _check_cells(name, _FIRST_ROW - 1, grid.get(_FIRST_ROW - 1, blank), heads)
    criteria = [key for key, *_limits in meta["criteria"]]
    closed = {}
    for number, (_key, code, *own) in zip(table, meta["rows"], strict=True):
        _check_cells(name, number, grid.get(number, blank), [code])
        closed[number] = _get_closed(criteria, own[0] if own else None)
    return Content(
        [
            _read_row(
                key,
                code,
                criteria,
                [
                    None if column in closed[number] else value
                    for column, value in enumerate(grid[number][:width], start=1)
                ],
                meta,
                number,
            )._replace(total=_read_total(grid[number][width:last_column]))
            for number, (key, code, *_own) in zip(table, meta["rows"], strict=True)
        ],
        [
            _name(name, number, column)
            for number, values in grid.items()
            for column, value in enumerate(values, start=1)
            # above the table stand title and hint
            if value is not None
            and number >= _FIRST_ROW - 1
            and (
                column > last_column
                or number >= table.stop
                or column in closed.get(number, ())
            )
        ],
    )


def _put_total(sheet, number: int, column: int, criteria, closed: set[int]) -> None:
    """Write the formula that adds up a row, of the criteria that it is scored by."""
    places = {3 + 2 * index: criterion for index, criterion in enumerate(criteria)}
    parts = [
        f"{get_column_letter(place)}{number}*{criterion.weight:g}"
        for place, criterion in places.items()
        if place not in closed
    ]
    cell = sheet.cell(number, column, f"=ROUND({'+'.join(parts)},2)" if parts else None)
    cell.alignment = Alignment(vertical="top")


def _read_total(values: list[Value]) -> float | None:
    """Return what stands in the column that adds up, where it is a number."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return float(numbers[0]) if numbers else None


def _name(sheet: str, number: int, column: int) -> str:
    return f"{sheet}!{get_column_letter(column)}{number}"


def _check_cells(sheet: str, number: int, values: list[Value], expected: list[str]):
    """Refuse a row whose first cells aren't those that were written.

    A column that somebody put in or took out would lead scores to other criteria.
    """
    for column, (value, wanted) in enumerate(zip(values, expected, strict=False), 1):
        shown = value.shown if isinstance(value, Odd) else str(value or "")
        if shown.split() != wanted.split():
            raise BadSheet("cell", _name(sheet, number, column), shown, wanted)


def _read_row(key, code, criteria, values, meta, number) -> Filled:
    scores, comments, comment, problems = {}, {}, "", []
    for column, value in enumerate(values[2:], start=3):
        criterion = criteria[(column - 3) // 2] if column < len(values) else None
        is_score = criterion is not None and column % 2
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == meta["long"].strip():
            continue
        if is_score:
            value = _read_number(value)
        if isinstance(value, Odd):
            problems.append(Problem(_name(meta["sheet"], number, column), *value))
        elif is_score:
            scores[criterion] = value
        elif criterion is None:
            comment = str(value)
        else:
            comments[criterion] = str(value)
    return Filled(key, code, scores, comments, comment, problems)


def _read_number(value: Value) -> float | Odd:
    if isinstance(value, Odd):
        return value
    if not isinstance(value, str):
        return float(value)
    if _NUMBER.fullmatch(value):
        return float(value.replace(",", "."))
    return Odd("text", value)
