"""Amounts of money and dates, as people in Vietnam write them.

Whoever types “1,5 tỷ” or “3/2025” has written well: a form that takes one notation
alone asks people to work for it.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..guard.texts import strip_marks

#: The largest amount that is believed, in dong.
LARGEST_AMOUNT = Decimal(10) ** 15
#: Years that a date of the contest may have.
YEARS = range(1900, 2101)

_UNITS = {
    "nghin": 10**3,
    "ngan": 10**3,
    "k": 10**3,
    "van": 10**4,
    "trieu": 10**6,
    "tr": 10**6,
    "ty": 10**9,
    "ti": 10**9,
}
_CURRENCY = re.compile(r"\s*(?:dong|vnd|₫|d)(?:\s+chan)?$")
#: What ends an amount in accounts: “1.500.000,-”, “1.500.000 đồng./.”.
_END = re.compile(r"(?:\./\.|[.,](?: ?-)?)$")
#: The same amount once more, in words: “1.500.000 đồng (một triệu năm trăm nghìn)”;
#: or a remark.
_ONCE_MORE = re.compile(r"\s*\((?:(?:viet )?bang chu ?:? ?)?([^()\d]+)\)$")
#: What makes another amount of the one before the brackets that it stands in.
_UNIT_WORD = re.compile(
    r"\b(?:nghin|ngan(?! sach)|k|van|trieu|tr|(?<!cong )ty|ti|tram|usd|do la|eur|euro"
    r"|thang|quy|tuan|ngay)\b|[$€%‰]"
)
#: What a benefit is told for.
_A_YEAR = re.compile(r"\s*(?:/ ?(?:1|mot)?|\b(?:mot|moi)) ?nam$")
#: What stands before an amount and isn't part of it. Not “dưới 500 triệu”: less than
#: that isn't that.
_ABOUT = re.compile(
    r"^(?:(?:(?:khoang|uoc(?: tinh| dat)?|xap xi|gan|hon|tren|it nhat|toi thieu|vnd"
    r"|d(?=[\s\d]))(?![a-z])|[~≈+=>≥₫])\s*)+"
)
_NAMES = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")
_DIGITS = {name: number for number, name in enumerate(_NAMES, 1)} | {"tu": 4, "lam": 5}
_DIGIT = "|".join(_DIGITS)
#: Words of one number up to 999; thousands and more are units.
_WORDS = re.compile(
    rf"\b(?:{_DIGIT}|muoi)\b(?: (?:{_DIGIT}|muoi|tram|linh|le)\b)*",
)
_NUMBER = re.compile(
    rf"(?:({_DIGIT}) tram)?(?: ?((?:({_DIGIT}) )?muoi|linh|le))?(?: ?({_DIGIT}))?"
)
#: Digits that only end a number. Elsewhere they are other words without their marks:
#: “từ”, “làm”.
_LAST = {"tu", "lam"}
#: What accounts say of places that are empty: “một tỷ không trăm năm mươi triệu”.
_NO_HUNDREDS = re.compile(r"\bkhong tram (?:(?:linh|le) )?")
_GROUPED = re.compile(r"(\d{1,3}(?:([., ])\d{3})(?:\2\d{3})*)(?:([.,])(\d{1,9}))?")
_PLAIN = re.compile(r"(\d{1,15})(?:[.,](\d{1,9}))?")
_PART = re.compile(
    r"([\d., ]*\d|nua)\s*(?:(tram|chuc)\s+)?"
    r"(nghin|ngan|k|van|trieu|tr|ty|ti)(?![a-z])(\s*ruoi\b)?"
)
_TIMES = {None: 1, "chuc": 10, "tram": 100}
#: What follows the last unit without one of its own: “1 tỷ 2” and “1 tỷ 200” are one.
_TAIL = re.compile(r"(\d|\d{3})")

#: What stands before a day or a month and says no more of it.
_SINCE = re.compile(
    r"^(?:(?:tu|khoang|da|duoc|bat dau|dua vao|ap dung:?|su dung:?"
    r"|thu (?:hai|ba|tu|nam|sau|bay|[2-7]),?|(?:chu nhat|cn),?) )+"
)
#: What stands after the day since when something goes on.
_UNTIL_NOW = re.compile(
    r",? ?(?:-|\(?(?:cho )?(?:den|toi)(?= )) ?(?:(?:hien )?nay|hien tai|bay gio)\)?$"
)
_PART_OF_MONTH = re.compile(r"^(?:dau|giua|cuoi) (?=thang )")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
#: Spaces around what stands between the numbers.
_AROUND = re.compile(r" ?([-/.,\\]) ?")
_DAY_FIRST = re.compile(
    r"(?:ngay )?(?:m[uo]ng )?(\d{1,2})[-/. ,\\](\d{1,2})[-/. ,\\](\d{4}|\d{2})"
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
#: As it is typed on keys with digits alone; no day can be read as both.
_DIGITS_ALONE = re.compile(r"(\d{2})(\d{2})(\d{4})")
_MONTH_FIRST = re.compile(r"(?:th?\.? ?)?(\d{1,2})[-/. ,\\](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_IN_WORDS = re.compile(
    r"(?:(?:ngay )?(?:m[uo]ng )?(\d{1,2}) )?thang (\d{1,2})"
    r"(?:(?:[-/.]|,? ?nam )(\d{4}|\d{2})|[, ](\d{4}))"
)
_MONTHS = {"muoi hai": 12, "muoi mot": 11, "muoi": 10} | _DIGITS
_MONTH_WORD = re.compile(rf"\bthang ({'|'.join(_MONTHS)})\b")


class Day(NamedTuple):
    """A date that was read; of a month alone it is the first day."""

    date: date
    is_month: bool


def _plain(text: str) -> str:
    """Return `text` in small bare letters, ordinary digits and single spaces."""
    text = strip_marks(unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(text.replace("₫", " ₫").split())


def _read_number(text: str, has_unit: bool) -> Decimal:
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        number, sign, decimal_sign, decimals = grouped.groups()
        # “1,500 tỷ” is one and a half; nobody writes thousandths of a dong
        is_decimal = has_unit and sign == "," and number.count(",") == 1
        if decimal_sign != sign and not (is_decimal and not decimals):
            return Decimal(f"{re.sub(r'[., ]', '', number)}.{decimals or 0}")
    plain = _PLAIN.fullmatch(text)
    if not plain:
        raise ValueError(text)
    return Decimal(f"{plain[1]}.{plain[2] or 0}")


def _spell(words: re.Match) -> str:
    """Return a number of words in digits: “hai mươi lăm” becomes “25”.

    :raises ValueError: where the words are no number, or may be others: the bare
        letters of “từ” and “năm” are those of numbers
    """
    number = _NUMBER.fullmatch(words[0])
    # “một trăm hai” is 102 for some and 120 for others
    if not number or (number[1] and number[4] and not number[2]):
        raise ValueError(words[0])
    hundreds, middle, tens, ones = number.groups()
    before = words.string[: words.start()].rstrip(" .,")
    after = words.string[words.end() :].lstrip(" .,")
    is_beside = before[-1:].isdigit() or after[:1].isdigit()
    # “500 triệu năm” is no half a million more
    is_tail = not after and any(sign.isdigit() for sign in before)
    is_other = {hundreds, tens} & _LAST or (ones in _LAST and not middle)
    if is_beside or is_tail or is_other:
        raise ValueError(words[0])
    has_ten = middle and middle.endswith("muoi")
    value = 100 * _DIGITS.get(hundreds, 0) + _DIGITS.get(ones, 0)
    return str(value + (10 * _DIGITS.get(tens, 1) if has_ten else 0))


def parse_amount(text: str) -> float:
    """Read an amount of money in dong.

    1.234.567,5 and 1,234,567.5; 1 500 000 đ; 480 triệu; 1,5 tỷ; 1 tỷ 200 triệu;
    1 tỷ rưỡi; 1tr5; 1 tỷ 2; nửa tỷ; 5 trăm triệu; khoảng 480 triệu đồng chẵn; gần 500
    triệu đồng/năm; một tỷ hai trăm triệu; 1.500.000 đồng (một triệu năm trăm nghìn
    đồng); digits of full width.

    :raises ValueError: where it is none of these, below zero, or beyond belief
    """
    plain = _plain(text)
    plain = _END.sub("", plain)
    bracket = _ONCE_MORE.search(plain)
    if bracket:
        plain = plain[: bracket.start()]
        # “500 (triệu đồng)” isn't 500
        if _UNIT_WORD.search(bracket[1]) and parse_amount(bracket[1]) != parse_amount(
            plain
        ):
            raise ValueError(text)
    for around in (_A_YEAR, _CURRENCY, _END, _ABOUT):
        plain = around.sub("", plain)
    plain = _WORDS.sub(_spell, _NO_HUNDREDS.sub("", plain))
    parts = list(_PART.finditer(plain))
    if not parts:
        amount = _read_number(plain, has_unit=False)
    elif plain[0] in ".,":
        # half a number: “,5 tỷ” is no five
        raise ValueError(text)
    else:
        tail = plain[parts[-1].end() :].strip()
        amount = Decimal(0)
        if _TAIL.fullmatch(tail) and not (parts[-1][2] or parts[-1][4]):
            amount = Decimal(f"0.{tail}") * _UNITS[parts[-1][3]]
            plain = plain[: parts[-1].end()]
        # nothing may stand between the parts, and each unit is smaller than the last
        rest = _PART.sub("", plain).replace("va", "").strip(" ,")
        units = [_TIMES[part[2]] * _UNITS[part[3]] for part in parts]
        # “1 trăm triệu rưỡi” may be half a million more, or half a hundred
        is_vague = any(part[2] and part[4] for part in parts)
        if rest or is_vague or units != sorted(set(units), reverse=True):
            raise ValueError(text)
        for part, unit in zip(parts, units, strict=True):
            typed = part[1].strip(" ,")
            if typed == "nua":
                number = Decimal("0.5")
            else:
                number = _read_number(typed, has_unit=True)
            amount += (number + (Decimal("0.5") if part[4] else 0)) * unit
    if amount > LARGEST_AMOUNT:
        raise ValueError(text)
    return float(amount)


def write_amount(amount: float) -> str:
    """Write an amount as an input shows it: 1.234.567,5."""
    text = f"{amount:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def parse_day(text: str) -> Day:
    """Read a date, or a month.

    1/3/2025, 01-03-2025, 1.3.2025, 1/3/25, 01032025, 2025-03-01; 3/2025, T3/2025,
    2025-03; ngày 1/3/2025, thứ Bảy, ngày mùng 1 tháng 3 năm 2025, từ tháng 3/2025,
    tháng ba năm 2025; áp dụng từ 3/2025 đến nay; digits of full width.

    :raises ValueError: where it is none of these, or no day of the calendar
    """
    plain = _DASHES.sub("-", _plain(text)).rstrip(" .,;")
    plain = _UNTIL_NOW.sub("", plain)
    plain = _AROUND.sub(r"\1", _PART_OF_MONTH.sub("", _SINCE.sub("", plain)))
    plain = _MONTH_WORD.sub(lambda word: f"thang {_MONTHS[word[1]]}", plain)
    day: str | int = 1
    is_month = False
    if match := _DAY_FIRST.fullmatch(plain):
        day, month, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(plain):
        year, month, day = match.groups()
    elif match := _DIGITS_ALONE.fullmatch(plain):
        day, month, year = match.groups()
        if int(year) not in YEARS:
            year, month, day = plain[:4], plain[4:6], plain[6:]
    elif match := _IN_WORDS.fullmatch(plain):
        month, year = match[2], match[3] or match[4]
        day, is_month = match[1] or 1, not match[1]
    elif match := _MONTH_FIRST.fullmatch(plain):
        month, year = match.groups()
        is_month = True
    elif match := _YEAR_MONTH.fullmatch(plain):
        year, month = match.groups()
        is_month = True
    else:
        raise ValueError(text)
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    if full_year not in YEARS:
        raise ValueError(text)
    return Day(date(full_year, int(month), int(day)), is_month)
