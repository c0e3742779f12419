"""Score sheets as workbooks: filled in without a connection, read back row by row."""

import hashlib
import hmac
import json
import re
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..guard.workbook import (
    MAX_TEXT,
    BadWorkbook,
    Odd,
    Reader,
    Value,
    put,
    put_heads,
    save,
)

_FIRST_ROW = 4
_META = "meta"
#: More than a sheet of a member needs: each holds hundreds of rows.
_META_ROWS = 100
#: Cells of remarks hold text: a program doesn't make a date of "5/7" there.
_TEXT_FORMAT = "@"
#: A number that was typed as text, perhaps with the comma of Vietnamese decimals.
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,9})?")


class BadSheet(Exception):
    """The file isn't a sheet that was made here for this member, or was altered."""


class Criterion(NamedTuple):
    """A column of the sheet; `key` names it in what is read back."""

    key: int
    name: str
    lowest: float
    highest: float
    step: float


class Row(NamedTuple):
    """An entry to score, with what the draft holds already."""

    key: int
    code: str
    title: str
    scores: dict[int, float]
    comments: dict[int, str]
    comment: str


class Problem(NamedTuple):
    """A cell that can't be taken over.

    `cell` is its sheet and place, `kind` as in :class:`workbook.Odd`, or ``text`` for a
    score in words; `shown` is what stands there.
    """

    cell: str
    kind: str
    shown: str


class Filled(NamedTuple):
    """A row read back: what isn't blank of it, and the cells that can't be read."""

    key: int
    code: str
    scores: dict[int, float]
    comments: dict[int, str]
    comment: str
    problems: list[Problem]


def _sign(meta: dict, secret: str) -> str:
    body = json.dumps(meta, sort_keys=True, ensure_ascii=False)
    return hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


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

    :param title: head line
    :param hint: a line that tells how to fill it in
    :param labels: the words ``sheet``, ``code``, ``title``, ``comment``, ``remark``
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
        heads += [
            f"{criterion.name} ({criterion.lowest:g}–{criterion.highest:g})",
            f"{labels['remark']}: {criterion.name}",
        ]
    heads.append(labels["comment"])
    widths = [14, 50, *(14 for _head in heads[2:])]
    put_heads(sheet, _FIRST_ROW - 1, heads, widths)
    last = _FIRST_ROW + len(rows) - 1
    for number, row in enumerate(rows, start=_FIRST_ROW):
        put(sheet.cell(number, 1), row.code)
        put(sheet.cell(number, 2), row.title).alignment = Alignment(wrap_text=True)
        values = []
        for criterion in criteria:
            values += [
                row.scores.get(criterion.key) or None,
                row.comments.get(criterion.key) or None,
            ]
        for column, value in enumerate([*values, row.comment or None], start=3):
            cell = put(sheet.cell(number, column), value)
            cell.protection = Protection(locked=False)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column % 2 == 0 or column == len(heads):
                cell.number_format = _TEXT_FORMAT
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
        "rows": [[row.key, row.code] for row in rows],
    }
    hidden = workbook.create_sheet(_META)
    hidden.sheet_state = "veryHidden"
    text = json.dumps(meta)
    pieces = [text[at : at + MAX_TEXT] for at in range(0, len(text), MAX_TEXT)]
    for number, piece in enumerate([*pieces, _sign(meta, secret)], start=1):
        put(hidden.cell(number, 1), piece)
    hidden.protection.sheet = True
    return save(workbook)


def read(content: bytes, owner: dict, secret: str) -> list[Filled]:
    """Return the rows of a workbook that :func:`write` made for `owner`.

    Whether a score fits its criterion is for the caller to judge; here only what isn't
    a number at all is named.

    :raises BadSheet: for other files, other owners and altered structure
    """
    try:
        reader = Reader(content)
        hidden = reader.iter_rows(_META, max_column=1, max_row=_META_ROWS)
        *pieces, signature = (cell for _number, [cell] in hidden)
        meta = json.loads("".join(pieces))
        if not hmac.compare_digest(signature.encode(), _sign(meta, secret).encode()):
            raise BadSheet("altered")
        last_row = _FIRST_ROW - 1 + len(meta["rows"])
        last_column = 3 + 2 * len(meta["criteria"])
        grid = dict(reader.iter_rows(max_column=last_column, max_row=last_row))
    except (
        AttributeError,
        BadWorkbook,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise BadSheet("not a score sheet") from error
    if meta["owner"] != owner:
        raise BadSheet("other owner")
    criteria = [key for key, *_limits in meta["criteria"]]
    codes = [row[0] for number, row in grid.items() if number >= _FIRST_ROW]
    if codes != [code for _key, code in meta["rows"]]:
        raise BadSheet("rows moved")
    return [
        _read_row(key, code, criteria, grid[number], f"{reader.get_title()}!", number)
        for number, (key, code) in enumerate(meta["rows"], start=_FIRST_ROW)
    ]


def _read_row(key, code, criteria, values, sheet, number) -> Filled:
    scores, comments, comment, problems = {}, {}, "", []
    for column, value in enumerate(values[2:], start=3):
        criterion = criteria[(column - 3) // 2] if column < len(values) else None
        is_score = criterion is not None and column % 2
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "":
            continue
        if is_score:
            value = _read_number(value)
        if isinstance(value, Odd):
            cell = f"{sheet}{get_column_letter(column)}{number}"
            problems.append(Problem(cell, *value))
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
