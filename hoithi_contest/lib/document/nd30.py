"""Rules of Decree 30/2020/NĐ-CP on how administrative documents are written.

Numbers, dates, names, authorities, legal bases, recipients, and how long a line of
text is on paper. No database, no Word file: see ``templates`` for the latter.
"""

import datetime
import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NBSP = "\N{NO-BREAK SPACE}"
# What is left free for a number or a day that is written in by hand.
_BLANK = NBSP * 5
# Annex I to the decree has a leading zero in months 1 and 2 only; offices that write
# it in all months below 10 pass `pad_all_months`.
_PADDED_MONTHS = (1, 2)
_LETTERS = "abcdđeghiklmnopqrstuvxy"


# Numbers


def padded(number: int) -> str:
    """Return `number` with a leading zero below 10, as counts and numbers are written.

    Zero itself becomes ``"0"``.
    """
    return f"{number:02d}" if number else "0"


def letter(position: int) -> str:
    """Return the letter of a point, 1 is ``a``, in the Vietnamese alphabet's order.

    There are 23 letters; what comes after them is doubled.

    >>> letter(5), letter(24)
    ('đ', 'aa')

    :raises ValueError: points are counted from 1
    """
    if position < 1:
        raise ValueError(f"There is no point number {position}.")
    times, index = divmod(position - 1, len(_LETTERS))
    return _LETTERS[index] * (times + 1)


def _grouped(whole: str) -> str:
    return f"{int(whole):,}".replace(",", ".")


def decimal(value: float | Decimal, digits: int | None = None) -> str:
    """Return `value` with a comma and with dots between thousands.

    :param digits: digits after the comma, rounded half up; without it as many as
        needed, at most 6
    """
    number = Decimal(str(value))
    step = Decimal(1).scaleb(-(6 if digits is None else digits))
    text = f"{number.quantize(step, ROUND_HALF_UP):f}"
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = text.partition(".")
    if digits is None:
        rest = rest.rstrip("0")
    if not int(whole) and not rest.strip("0"):
        sign = ""
    return sign + _grouped(whole) + (f",{rest}" if rest else "")


def money(amount: float | Decimal, unit: str = "đồng") -> str:
    """Return an amount in whole units with dots, e.g. ``1.500.000 đồng``."""
    return f"{decimal(amount, 0)} {unit}".rstrip()


def percent(ratio: float | Decimal, digits: int | None = None) -> str:
    """Return `ratio`, where 1 is the whole, in per cent.

    :param digits: digits after the comma; without it as needed, at most 2
    """
    value = Decimal(str(ratio)) * 100
    if digits is None:
        value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{decimal(value, digits)}%"


# Number and symbol

_NUMBER = re.compile(r"([0-9]{1,9})([a-zA-ZđĐ]?)")


def symbol(*parts: str) -> str:
    """Return a document's symbol of its parts, e.g. ``KH-STNMT`` or ``STNMT-VP``.

    Named documents give their type's abbreviation and the agency's symbol, letters the
    agency's symbol and that of the unit that drafted it.
    """
    return "-".join(part.strip() for part in parts if part and part.strip())


#: Abbreviations of the named kinds of documents (Decree 30/2020, annex III).
_NAMED = {
    *("NQ", "QĐ", "CT", "QC", "QyĐ", "TC", "TB", "HD", "CTr", "KH", "PA", "ĐA", "DA"),
    *("BC", "BB", "TTr", "HĐ", "CĐ", "BGN", "BTT", "GUQ", "GM", "GGT", "GNP", "PG"),
    *("PC", "PB"),
}
#: Those of copies, which share one series.
_COPIES = ("SY", "SL", "TrS")


def series(symbol: str) -> str:
    """Return what all symbols have in common whose papers share a series of numbers.

    That is the symbol itself, but for copies, whatever their form, and for letters,
    whichever unit of the agency drafted them: its sign ends their symbol.

    >>> series("KH-STNMT"), series("TrS-STNMT"), series("STNMT-QLĐĐ")
    ('KH-STNMT', 'SY-STNMT', 'STNMT')
    """
    symbol = symbol.strip()
    head, dash, rest = symbol.partition("-")
    if dash and head in _COPIES:
        return f"{_COPIES[0]}-{rest}"
    return symbol if head in _NAMED else head


def full_number(number: int | str | None, symbol: str) -> str:
    """Return e.g. ``05/KH-STNMT``; blanks stand for a number not given yet."""
    if number is None or str(number).strip() in ("", "0"):
        text = _BLANK
    else:
        text = str(number).strip()
        if figure := _NUMBER.fullmatch(text):
            text = padded(int(figure[1])) + figure[2]
    return f"{text}/{symbol}" if symbol else text


def number_line(number: int | str | None, symbol: str) -> str:
    """Return the line of number and symbol, e.g. ``Số: 05/KH-STNMT``."""
    return f"Số: {full_number(number, symbol)}"


# Dates


def _month(month: int, pad_all_months: bool) -> str:
    padded_one = pad_all_months or month in _PADDED_MONTHS
    return f"{month:02d}" if padded_one else str(month)


_DATE_WORDS = re.compile(r"[Nn]gày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})")


def date_words(date: datetime.date, *, pad_all_months: bool = False) -> str:
    """Return e.g. ``ngày 05 tháng 8 năm 2021``.

    Days below 10 have a leading zero, and so have the months 1 and 2.
    """
    return (
        f"ngày {date.day:02d} tháng {_month(date.month, pad_all_months)} "
        f"năm {date.year}"
    )


def read_date(words: str) -> datetime.date | None:
    """Return the day in what :func:`date_words` made, or none where it is blank.

    >>> read_date("Bắc Kạn, ngày 05 tháng 8 năm 2021")
    datetime.date(2021, 8, 5)
    >>> read_date("Bắc Kạn, ngày      tháng 8 năm 2021")
    """
    found = _DATE_WORDS.search(words)
    return found and datetime.date(*(int(part) for part in reversed(found.groups())))


def short_date(date: datetime.date, *, pad_all_months: bool = False) -> str:
    """Return e.g. ``05/8/2021``, by the rules of :func:`date_words`."""
    return f"{date.day:02d}/{_month(date.month, pad_all_months)}/{date.year}"


def month_words(date: datetime.date, *, pad_all_months: bool = False) -> str:
    """Return e.g. ``tháng 11 năm 2020``."""
    return f"tháng {_month(date.month, pad_all_months)} năm {date.year}"


def blank_date_words(
    year: int, month: int | None = None, *, pad_all_months: bool = False
) -> str:
    """Return a date whose day (and month) is filled in by hand."""
    month_text = _month(month, pad_all_months) if month else _BLANK
    return f"ngày {_BLANK} tháng {month_text} năm {year}"


def moment_words(moment: datetime.datetime, *, pad_all_months: bool = False) -> str:
    """Return e.g. ``14 giờ 05 phút, ngày 05 tháng 8 năm 2021``.

    :param moment: in the time zone that is to be printed
    """
    day = date_words(moment, pad_all_months=pad_all_months)
    return f"{moment:%H} giờ {moment:%M} phút, {day}"


def place_date(place: str, date_text: str) -> str:
    """Return the line of place and date, e.g. ``Bắc Kạn, ngày 05 tháng 8 năm 2021``."""
    return f"{place}, {date_text}" if place else date_text[:1].upper() + date_text[1:]


def period_words(start: datetime.date, end: datetime.date) -> str:
    """Return a period of whole months, e.g. ``Từ tháng 11 năm 2020 đến hết …``.

    A period that doesn't begin with a month's first day or end with its last names
    the days.
    """
    whole = start.day == 1 and (end + datetime.timedelta(days=1)).day == 1
    words = month_words if whole else date_words
    return f"Từ {words(start)} đến hết {words(end)}"


# Persons and authorities

_ACADEMIC = (
    r"GS|PGS|TSKH|TS|ThS|CN|KS|BS|DS|CKI{1,2}|BSCKI{1,2}|NGND|NGƯT|NCS|"
    r"Giáo sư|Phó Giáo sư|Tiến sĩ khoa học|Tiến sĩ|Tiến sỹ|Thạc sĩ|Thạc sỹ|Kỹ sư|"
    r"Cử nhân|Bác sĩ|Bác sỹ|Dược sĩ"
)
_BEFORE_NAME = re.compile(rf"^(?:(?:{_ACADEMIC})(?:\.\s*|,\s*|\s+))+", re.IGNORECASE)
_AFTER_NAME = re.compile(rf"(?:\s*[,-]\s*(?:{_ACADEMIC})\.?)+$", re.IGNORECASE)
_AUTHORITIES = ("KT.", "TL.", "TUQ.", "TM.")
ACTING = "Q."


def plain_name(name: str) -> str:
    """Return a signer's name without academic ranks and degrees.

    The decree allows none of them with a signer's name.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    return _AFTER_NAME.sub("", _BEFORE_NAME.sub("", name)).strip()


class Signature(NamedTuple):
    """The three lines of a signature; `authority` is empty for a head's own."""

    authority: str
    position: str
    name: str


def signature(
    prefix: str,
    position: str,
    name: str,
    on_behalf_of: str = "",
    in_place_of: str = "",
) -> Signature:
    """Return the lines of a signature in capitals.

    A deputy who signs for the head of a body, or of the office that signs by order, has
    two of them: ``TM. ỦY BAN NHÂN DÂN``, ``KT. CHỦ TỊCH``.

    :param prefix: ``KT.`` (for the head), ``TL.`` (by order), ``TUQ.`` (by mandate),
        ``TM.`` (for a body), ``Q.`` (acting head), or nothing for a head's own
    :param position: the signer's position, e.g. ``Phó Giám đốc``
    :param on_behalf_of: the head's title, or the body's name after ``TM.``
    :param in_place_of: whom a deputy stands for, as ``Chủ tịch``; nobody else
    :raises ValueError: the prefix is unknown, or says for whom but `on_behalf_of`
        doesn't
    """
    position = position.strip().upper()
    name = plain_name(name)
    if not prefix:
        return Signature("", position, name)
    if prefix == ACTING:
        return Signature("", f"{ACTING} {position}", name)
    if prefix not in _AUTHORITIES:
        raise ValueError(f"There is no authority {prefix!r}.")
    if not on_behalf_of.strip():
        raise ValueError(f"{prefix} must say for whom.")
    authority = f"{prefix} {on_behalf_of.strip().upper()}"
    if in_place_of.strip():
        authority += f"\n{_AUTHORITIES[0]} {in_place_of.strip().upper()}"
    return Signature(authority, position, name)


# Legal bases, recipients and sentences

_TYPES = {
    "NQ": "Nghị quyết",
    "NĐ": "Nghị định",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "KH": "Kế hoạch",
    "TB": "Thông báo",
    "BC": "Báo cáo",
    "HD": "Hướng dẫn",
    "TTr": "Tờ trình",
    "GM": "Giấy mời",
    "BB": "Biên bản",
}
# Those whose name says it all: neither number nor issuer are cited (Decree 30/2020,
# annex I, part II, 6).
_STATUTES = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
#: Kind of a basis that is no text of a kind: its subject is the whole of it.
AS_WORDED = "-"
# A normative text has the year in its number.
_NORM_NUMBER = re.compile(r"\d+[a-zđ]?/(?:19|20)\d\d/", re.IGNORECASE)
_ENDS = " \t\n.;,/"
# Bodies have their capital within a sentence too.
_NAME_FIRST = re.compile(
    r"(?:Hội thi|Hội đồng|Ban Tổ chức|Chính phủ|Thủ tướng|Tỉnh ủy|Ủy ban)\b|"
    r"(?:Sở|Bộ) (?=[A-ZĐ])"
)


def type_name(number: str, subject: str = "") -> str:
    """Return the type of a document by its number, e.g. of ``1601/QĐ-UBND``.

    A law is told by the body that passed it (``/QH15``) and so is an ordinance
    (``/UBTVQH14``), unless the subject names the type; what has no type's abbreviation
    is a letter (``Văn bản``).
    """
    for name in _STATUTES:
        if subject.strip().lower().startswith(f"{name.lower()} "):
            return name
    kind = number.strip().rpartition("/")[2].partition("-")[0]
    if kind in _TYPES:
        return _TYPES[kind]
    if re.match(r"QH\d+$", kind):
        # resolutions have their abbreviation, as NQ in 43/NQ-QH15
        return "Luật"
    return "Pháp lệnh" if kind.startswith("UBTVQH") else "Văn bản"


def basis(
    number: str,
    date: datetime.date | None,
    issuer: str,
    subject: str,
    lead: str = "Căn cứ",
    kind: str = "",
) -> str:
    """Return the sentence of a legal basis without a sign at its end.

    Laws and ordinances are cited by name and date alone (Decree 30/2020, annex I, part
    II, 4: number and issuer aren't), other normative texts without “về việc”, single
    acts with it. A basis without a number, of no kind, is cited as it is worded.

    :param number: e.g. ``1601/QĐ-UBND``; may be empty
    :param subject: what it is about; ``về việc`` is put before it where it isn't there
    :param kind: its type, as ``Nghị định``, or :data:`AS_WORDED`; without it told by
        number and subject
    """
    number, subject = number.strip(), sentence(subject)
    is_given = bool(kind)
    kind = kind or type_name(number, subject)
    if kind in _STATUTES:
        name = re.sub(rf"(?i)^{kind}\s+", "", subject)
        parts = [lead, kind, name, date_words(date) if date else ""]
    elif kind == AS_WORDED:
        parts = [lead, subject]
    elif is_given and not number:
        parts = [lead, kind, date_words(date) if date else ""]
        parts += [f"của {issuer.strip()}" if issuer.strip() else "", _about(subject)]
    elif not number:
        parts = [lead, subject]
    else:
        parts = [lead, kind, "số", number, date_words(date) if date else ""]
        parts.append(f"của {issuer.strip()}" if issuer.strip() else "")
        parts.append(_about(subject, bool(_NORM_NUMBER.match(number))))
    return " ".join(part for part in parts if part)


def _about(subject: str, is_plain: bool = False) -> str:
    """Return what a document is about as it stands in a sentence."""
    subject = sentence(subject)
    if not subject:
        return ""
    if is_plain:
        subject = re.sub(r"(?i)^về việc\s+", "", subject)
    lead = "" if is_plain or re.match(r"(?i)về\s", subject) else "về việc "
    # as UBND
    if _NAME_FIRST.match(subject) or subject[1:2].isupper():
        return lead + subject
    return lead + subject[:1].lower() + subject[1:]


def reference(
    title: str, number: str, date_text: str, issuer: str = "", subject: str = ""
) -> str:
    """Return how another document names one, e.g. ``Kế hoạch số 05/KH-STNMT ngày …``.

    :param title: of its type in capitals; letters have none
    :param number: by :func:`full_number`; empty for a form
    :param date_text: by :func:`date_words`
    """
    parts = [title.capitalize() or "Công văn", number and f"số {number}", date_text]
    parts += [issuer and f"của {issuer}", _about(" ".join(subject.split()))]
    return " ".join(part for part in parts if part)


def sentence(text: str) -> str:
    """Return `text` without blanks and signs at its end, for one to be added."""
    return text.strip().rstrip(_ENDS)


def basis_lines(bases: Iterable[str]) -> list[str]:
    """Return legal bases as lines: each ends with a semicolon, the last with a dot."""
    lines = [sentence(text) for text in bases if sentence(text)]
    return [f"{line};" for line in lines[:-1]] + [f"{line}." for line in lines[-1:]]


SUFFIXES = {"report": "b/c", "coordinate": "p/h", "implement": "t/h"}


class Recipient(NamedTuple):
    """A line of "Nơi nhận".

    :ivar role: ``report``, ``coordinate`` or ``implement`` for a suffix, else empty
    :ivar group: heading that it stands under, e.g. ``Gửi bản điện tử``
    """

    name: str
    role: str = ""
    group: str = ""


def recipient_lines(
    recipients: Iterable[Recipient], archive: str = "VT"
) -> list[dict[str, str | bool]]:
    """Return the lines of "Nơi nhận" with dashes, suffixes and signs, the archive last.

    :param archive: who keeps it, e.g. ``VT, VP (Hành)``
    :return: dictionaries with ``text`` and ``is_heading``, as contexts have them
    """
    result: list[dict[str, str | bool]] = []
    recipients = list(recipients)
    # Those without a group come first: under a heading they would seem to belong to it.
    groups = dict.fromkeys(["", *(recipient.group for recipient in recipients)])
    for group in groups:
        if group:
            result.append({"text": f"{sentence(group)}:", "is_heading": True})
        for recipient in recipients:
            if recipient.group != group:
                continue
            name = sentence(recipient.name)
            suffix = SUFFIXES.get(recipient.role, "")
            if suffix and not name.endswith(f"({suffix})"):
                name = f"{name} ({suffix})"
            result.append({"text": f"- {name};", "is_heading": False})
    text = f"- Lưu: {sentence(archive) or 'VT'}."
    return result + [{"text": text, "is_heading": False}]


def annex_line(type_title: str, number: str, date_text: str, agency_name: str) -> str:
    """Return the line under an annex's title.

    :param type_title: of the document it belongs to, e.g. ``QUYẾT ĐỊNH``
    :param number: by :func:`full_number`
    :param date_text: by :func:`date_words`
    """
    kind = type_title.capitalize() or "Văn bản"
    return f"(Kèm theo {kind} số {number} {date_text} của {agency_name})"


# How long text is on paper: Times New Roman, in thousandths of the size. The letters
# of Vietnamese are as wide as their base letters, those with a horn aside.

_CHARS = "".join(map(chr, range(32, 127))) + "đĐơưƠƯ–—…“”‘’"


def _table(widths: str) -> dict[str, int]:
    return dict(zip(_CHARS, map(int, widths.split()), strict=True))


_WIDTHS = {
    "regular": _table(
        "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 "
        "500 500 500 500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 "
        "556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 722 "
        "722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 "
        "278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541 "
        "500 722 529 542 722 776 500 1000 1000 444 444 333 333 "
    ),
    "bold": _table(
        "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 "
        "500 500 500 500 500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 "
        "611 778 778 389 500 778 667 944 722 778 611 778 722 556 667 722 722 1000 722 "
        "722 667 333 278 333 581 500 333 500 556 444 556 444 333 500 556 278 333 556 "
        "278 833 556 500 556 556 444 389 333 556 500 722 500 500 444 394 220 394 520 "
        "556 722 554 600 778 796 500 1000 1000 500 500 333 333 "
    ),
    "italic": _table(
        "250 333 420 500 500 833 778 214 333 333 500 675 250 333 250 278 500 500 500 "
        "500 500 500 500 500 500 500 333 333 675 675 675 500 920 611 611 667 722 611 "
        "611 722 722 333 444 667 556 833 667 722 611 722 611 500 556 722 611 833 611 "
        "556 556 389 278 389 422 500 333 500 500 444 500 444 278 500 500 278 278 444 "
        "278 722 500 500 500 500 389 389 278 500 444 667 444 444 389 400 275 400 541 "
        "500 722 534 545 722 754 500 889 889 556 556 333 333 "
    ),
}
_MM_PER_POINT = 25.4 / 72
_HORN = {"o": "ơ", "O": "Ơ", "u": "ư", "U": "Ư"}


def _base(char: str) -> str:
    decomposed = unicodedata.normalize("NFD", char)
    if "\N{COMBINING HORN}" in decomposed:
        return _HORN.get(decomposed[0], decomposed[0])
    return decomposed[0]


_BOUND = re.compile(
    r"(?i)(\b(?:lần|thứ|năm|tháng|ngày|số|điểm)|\b\d+(?= (?:tháng|năm)\b)|\xa0"
    # years from and to, with the dash between them
    r"|\b\d{4}(?= [-–] \d{4}\b)|(?<=\d{4} )[-–](?= \d{4}\b)"
    # a dash between two names stays at the end of a line
    r"|[^\W\d](?= [-–] )) (?! )"
)
_BINDER = "\N{WORD JOINER}"


def _read_compounds() -> list[str]:
    lines = Path(__file__).with_name("compounds.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and line[0] != "#"]


# A Vietnamese word has several syllables with blanks between them.
_COMPOUNDS = _read_compounds()


@functools.lru_cache(maxsize=32)
def _find_compounds(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the words of the language, and others, in a text."""
    own = (" ".join(unicodedata.normalize("NFC", word).split()) for word in words)
    # The longest first, as one may begin with another.
    found = sorted(
        {*_COMPOUNDS, *(word for word in own if " " in word)},
        key=lambda word: (-len(word), word),
    )
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)")


#: What may follow a name in a longer one; another small word is the rest of a word.
_AFTER_NAMES = {"và", "của", "tại", "với", "tỉnh", "huyện", "xã", "phường", "thị"}


def proper_names(texts: Iterable[str]) -> list[str]:
    """Return the names of places and people that names of offices hold.

    >>> proper_names(["Hạt Kiểm lâm Na Rì", "Phòng Tài nguyên nước"])
    ['Na Rì']
    """
    names: dict[str, None] = {}
    for text in texts:
        run: list[str] = []
        for word in [*re.findall(r"\w+|[^\w\s]", text), ""]:
            if word[:1].isupper() and not word.isupper():
                run.append(word)
                continue
            if word[:1].islower() and word not in _AFTER_NAMES:
                # as Tài in Phòng Tài nguyên, which ends no name
                run = run[:-1]
            if len(run) > 1:
                names[" ".join(run)] = None
            run = []
    return list(names)


@functools.lru_cache(maxsize=8192)
def text_width(
    text: str, size: float, *, bold: bool = False, italic: bool = False
) -> float:
    """Return the width in mm of `text` in Times New Roman of `size` points.

    Letters that the table doesn't hold count as wide as the size.
    """
    table = _WIDTHS["bold" if bold else "italic" if italic else "regular"]
    text = text.replace(_BINDER, " ").replace(NBSP, " ")
    units = sum(table.get(_base(char), 1000) for char in text)
    return units / 1000 * size * _MM_PER_POINT


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Return the lines that a word processor breaks `text` into at `width` mm."""
    lines: list[str] = []
    for word in text.split(" "):
        if not word:
            continue
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(
    text: str,
    width: float,
    size: float,
    *,
    bold: bool = False,
    words: Iterable[str] = (),
) -> list[str]:
    """Return `text` broken into as few lines as fit `width` mm, of similar lengths.

    Line breaks in `text` are kept; numbers stay beside what they count, and words and
    names of several syllables whole, where they fit a line.

    :param words: that stay whole beside those of the language
    """

    compounds = _find_compounds(tuple(words))

    def bind(match: re.Match[str]) -> str:
        if text_width(match[0], size, bold=bold) <= width:
            return match[0].replace(" ", _BINDER)
        # two words at least, each of which may be one of several syllables
        syllables = match[0].split(" ")
        for place in range(len(syllables) - 1, 0, -1):
            pair = " ".join(syllables[:place]), " ".join(syllables[place:])
            if all(" " not in part or compounds.fullmatch(part) for part in pair):
                return " ".join(compounds.sub(bind, part) for part in pair)
        return match[0]

    result = []
    text = unicodedata.normalize("NFC", text)
    text = compounds.sub(bind, text)
    for part in _BOUND.sub(r"\1" + _BINDER, text).splitlines():
        lines = wrapped(part, width, size, bold=bold)
        low, high = 0.0, width
        # The narrowest width that needs no further line is the most even one.
        while high - low > 0.5:
            middle = (low + high) / 2
            narrower = wrapped(part, middle, size, bold=bold)
            if len(narrower) > len(lines) or _widest(narrower, size, bold) > middle:
                low = middle
            else:
                high = middle
                lines = narrower
        result += [line.replace(_BINDER, " ") for line in lines]
    return result


def _widest(lines: Sequence[str], size: float, bold: bool) -> float:
    return max((text_width(line, size, bold=bold) for line in lines), default=0.0)


def line_length(
    lines: Sequence[str], size: float, share: float, *, bold: bool = False
) -> float:
    """Return the length in mm of the line that is drawn under a text.

    :param share: of the text's widest line; the decree wants 1 under the motto, 1/3 to
        1/2 under the agency and under the subject
    """
    return math.floor(_widest(lines, size, bold) * share * 10) / 10
