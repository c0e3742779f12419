"""Score sheets as workbooks: filled in without a connection, read back row by row."""

import hashlib
import hmac
import io
import json
import zipfile
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

_FIRST_ROW = 4
_META = "meta"


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


class Filled(NamedTuple):
    """A row read back; `problems` names cells that don't hold a score."""

    key: int
    code: str
    scores: dict[int, float]
    comments: dict[int, str]
    comment: str
    problems: list[str]


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
    :param labels: the words ``code``, ``title``, ``comment`` and ``remark``
    :param owner: who it is for; must be given again to :func:`read`
    :param secret: key of the signature over owner, criteria and rows
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Scores"
    sheet["A1"], sheet["A1"].font = title, Font(bold=True, size=14)
    sheet["A2"] = hint
    heads = [labels["code"], labels["title"]]
    for criterion in criteria:
        heads += [
            f"{criterion.name} ({criterion.lowest:g}–{criterion.highest:g})",
            f"{labels['remark']}: {criterion.name}",
        ]
    heads.append(labels["comment"])
    for column, head in enumerate(heads, start=1):
        cell = sheet.cell(_FIRST_ROW - 1, column, head)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = 14
    sheet.column_dimensions["B"].width = 50
    last = _FIRST_ROW + len(rows) - 1
    for offset, row in enumerate(rows):
        number = _FIRST_ROW + offset
        sheet.cell(number, 1, row.code)
        sheet.cell(number, 2, row.title).alignment = Alignment(wrap_text=True)
        values = []
        for criterion in criteria:
            values += [
                row.scores.get(criterion.key) or None,
                row.comments.get(criterion.key) or None,
            ]
        for column, value in enumerate([*values, row.comment or None], start=3):
            cell = sheet.cell(number, column, value)
            cell.protection = Protection(locked=False)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
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
    hidden["A1"], hidden["A2"] = json.dumps(meta), _sign(meta, secret)
    hidden.protection.sheet = True
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def read(content: bytes, owner: dict, secret: str) -> list[Filled]:
    """Return the rows of a workbook that :func:`write` made for `owner`.

    Whether a score fits its criterion is for the caller to judge; here only what isn't
    a number at all is named.

    :raises BadSheet: for other files, other owners and altered structure
    """
    try:
        workbook = load_workbook(io.BytesIO(content), data_only=True)
        sheet, hidden = workbook.worksheets[0], workbook[_META]
        meta = json.loads(hidden["A1"].value)
        signature = hidden["A2"].value
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        TypeError,
        ValueError,
        OSError,
    ) as error:
        raise BadSheet("not a score sheet") from error
    if not isinstance(signature, str) or not hmac.compare_digest(
        signature, _sign(meta, secret)
    ):
        raise BadSheet("altered")
    if meta["owner"] != owner:
        raise BadSheet("other owner")
    result = []
    for offset, (key, code) in enumerate(meta["rows"]):
        number = _FIRST_ROW + offset
        if sheet.cell(number, 1).value != code:
            raise BadSheet("rows moved")
        scores, comments, problems = {}, {}, []
        for index, (criterion, *_limits) in enumerate(meta["criteria"]):
            cell = sheet.cell(number, 3 + 2 * index)
            value = cell.value
            if isinstance(value, str):
                # typed as text, perhaps with the comma of Vietnamese decimals
                try:
                    value = float(value.strip().replace(",", "."))
                except ValueError:
                    problems.append(f"{cell.coordinate}: {cell.value}")
                    value = None
            if isinstance(value, int | float) and not isinstance(value, bool):
                scores[criterion] = float(value)
            remark = sheet.cell(number, 4 + 2 * index).value
            if remark is not None:
                comments[criterion] = str(remark).strip()
        comment = sheet.cell(number, 3 + 2 * len(meta["criteria"])).value
        result.append(
            Filled(
                key,
                code,
                scores,
                comments,
                str(comment).strip() if comment is not None else "",
                problems,
            )
        )
    return result
