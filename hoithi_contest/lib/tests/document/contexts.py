"""Contexts that try the templates: long, empty, full, strange, not numbered yet."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from ...document import nd30
from ...document.kind import Field, Kind
from ...document.kinds import paragraphs, score_parts

LONG_AGENCY = (
    "TRUNG TÂM KỸ THUẬT CÔNG NGHỆ THÔNG TIN, LƯU TRỮ, QUAN TRẮC TÀI NGUYÊN "
    "VÀ MÔI TRƯỜNG"
)
LONG_PARENT = "ỦY BAN NHÂN DÂN TỈNH THỪA THIÊN HUẾ VÀ CÁC ĐƠN VỊ SỰ NGHIỆP CÔNG LẬP"
LONG_UNIT = (
    "Chi cục Bảo vệ môi trường, Biến đổi khí hậu, Biển, Hải đảo và Tài nguyên nước "
    "vùng Đông Bắc"
)
LONG_PLACE_DATE = "Thành phố Hồ Chí Minh, ngày 31 tháng 12 năm 2026"
#: Ninety characters.
HOSTILE_PARENT = (
    "ỦY BAN NHÂN DÂN HUYỆN TÂN LẠC VÀ BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP, KINH TẾ CỬA "
    "KHẨU CAO BẰNG"
)
#: Two hundred and fifty characters.
HOSTILE_TITLE = (
    "Nghiên cứu, thiết kế và chế tạo hệ thống quan trắc tự động chất lượng nước mặt, "
    "khí tượng thủy văn và cảnh báo sớm lũ ống, lũ quét kết hợp trí tuệ nhân tạo, ảnh "
    "viễn thám và bản đồ số phục vụ quản lý tài nguyên, phòng chống thiên tai cấp xã "
    "năm 2026"
)
TEN_AUTHORS = (
    "Nguyễn Thị Phương Thảo, Triệu Văn Hòa, Ma Thị Thu, Đàm Quốc Vượng, Lường Đức "
    "Thịnh, Bế Văn Toàn, Ma Thị Hiền, Nông Thị Thơm, Hà Quang Duy, Nguyễn Phan Hoàng "
    "Phương Thảo"
)
#: What people write into any box of several lines.
LINES = "Ý thứ nhất:\n- gạch đầu dòng một;\n- gạch đầu dòng hai.\n\nÝ thứ hai."
#: Every form of signing that signers of an agency and its councils may have: what
#: stands before for whom, the position, for whom, and in place of whom.
FORMS = {
    "own": ("", "Giám đốc", "", ""),
    "kt": ("KT.", "Phó Giám đốc", "Giám đốc", ""),
    "tl": ("TL.", "Chánh Văn phòng", "Giám đốc", ""),
    "tuq": ("TUQ.", "Trưởng phòng Khoa học và Công nghệ", "Giám đốc", ""),
    "tm": ("TM.", "Chủ tịch", "Ủy ban nhân dân", ""),
    "q": ("Q.", "Giám đốc", "", ""),
    "tm_kt": ("TM.", "Phó Chủ tịch", "Ủy ban nhân dân", "Chủ tịch"),
    "tl_kt": ("TL.", "Phó Chánh Văn phòng", "Giám đốc", "Chánh Văn phòng"),
    "council": ("TM.", "Chủ trì", "Hội đồng", ""),
}
LONG_POSITION = "Phó Chủ tịch Thường trực, Giám đốc Trung tâm Kỹ thuật"
LONG_BODY = "Ban Chỉ đạo phát triển khoa học, công nghệ và đổi mới sáng tạo xã Bằng Vân"
LONG_OFFICE = "Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã Bằng Vân"


def signed(form: str, *, is_long: bool = False) -> dict[str, str]:
    """Return the signature of a form, as contexts have it.

    :param is_long: with the longest of bodies, offices, positions and names
    """
    prefix, position, whose, deputy_of = FORMS[form]
    name = "ThS. Nguyễn Văn An"
    if is_long:
        position, name = LONG_POSITION, "PGS.TS. Nguyễn Phan Hoàng Phương Thảo"
        whose = LONG_BODY if prefix == "TM." else whose and LONG_OFFICE
        deputy_of = deputy_of and LONG_OFFICE
    return nd30.signature(prefix, position, name, whose, deputy_of)._asdict()


STRANGE = 'A & B <b>"đậm"</b> 😀 \x07\tα'
MANY = 60


def _mapped(
    fields: Iterable[Field],
    context: dict[str, Any],
    text: Callable[[Field, str], str],
    elements: Callable[[Field, list], list],
) -> dict[str, Any]:
    result = dict(context)
    for field in fields:
        value = context[field.name]
        if field.type == "text":
            result[field.name] = text(field, value)
        elif field.type == "group":
            result[field.name] = _mapped(field.children, value, text, elements)
        elif field.type in ("list", "paragraphs"):
            children = [
                _mapped(field.children, element, text, elements)
                if field.children
                else text(field, element)
                for element in elements(field, value)
            ]
            result[field.name] = children
    return result


def _kept(_field: Field, value: Any) -> Any:
    return value


def empty(kind: Kind, sample: dict) -> dict:
    """No element in any list of the kind, nothing that may be empty."""

    def text(field: Field, value: str) -> str:
        return "" if "empty" in field.text else value

    result = _mapped(kind.fields, sample, text, lambda field, value: [])
    # Somebody must be addressed, and get the certificate.
    needed = ("addressees", "copies")
    return result | {key: sample[key] for key in needed if key in sample}


def one(kind: Kind, sample: dict) -> dict:
    """One element in each list."""
    return _mapped(kind.fields, sample, _kept, lambda field, value: value[:1])


def many(kind: Kind, sample: dict) -> dict:
    """Sixty elements in each list, strange signs in each text of the kind."""
    short = ("number", "letter", "sha256", "max", "score", "code", *_NARROW)

    def text(field: Field, value: str) -> str:
        if field.name in short or field.name.isupper():
            return value
        return f"{value} {STRANGE}" if value else value

    def elements(field: Field, value: list) -> list:
        if not value:
            return value
        if field.name in ("addressees", "sections", "tasks", "charts", "team", "parts"):
            return value
        # In a list inside a list a few show the same as many.
        count = MANY if field in kind.fields else 3
        result = [copy.deepcopy(value[i % len(value)]) for i in range(count)]
        for number, element in enumerate(result, 1):
            if isinstance(element, dict) and isinstance(element.get("number"), int):
                element["number"] = number
        return result

    result = _mapped(kind.fields, sample, text, elements)
    if kind.key == "score_matrix":
        result["parts"] = matrix(15, MANY)
    return result


_NARROW = (
    *("share", "size", "issued", "collected", "valid", "invalid", "agree"),
    *(
        "disagree",
        "abstain",
        "base",
        "ratio",
        "outcome",
        "amount",
        "amount_total",
        "mean",
    ),
    *("spread", "rank", "registered", "eligible", "scored", "selected", "nominated"),
    *("awarded", "drafts", "activities", "reach", "birth_date", "state", "prize"),
    *("issued_by", "position", "name", "chair", "secretary", "receiver"),
    *("representative", "annex_line", "content_heading", "executors", "act"),
)


def matrix(
    member_count: int, entry_count: int, each_fifth: dict | None = None
) -> list[dict]:
    """Return a score matrix of a size, with other values in each fifth entry."""
    names = ("Nguyễn Thị Phương Thảo", "Triệu Văn Hòa", "Ma Thị Thu", "Đàm Quốc Vượng")
    members = [{"name": names[i % len(names)]} for i in range(member_count)]
    entries = [
        {
            "number": number,
            "code": f"VI-{number:03d}",
            "title": "Trạm quan trắc mực nước tự ghi dùng năng lượng mặt trời",
            "authors": "Lường Đức Thịnh",
            "unit": LONG_UNIT,
            "field": "Tài nguyên và môi trường",
            "scores": ["100,00" if i % 2 else "85,25" for i in range(member_count)],
            "mean": "92,63",
            "spread": "14,75",
            "rank": str(number),
        }
        for number in range(1, entry_count + 1)
    ]
    for entry in entries[::5]:
        entry |= each_fifth or {}
    return score_parts(members, entries)


def long(kind: Kind, sample: dict) -> dict:
    """Long names of agency, parent, unit, subject and addressee."""

    def text(field: Field, value: str) -> str:
        return LONG_UNIT if field.name in ("unit", "holder_unit") else value

    result = _mapped(kind.fields, sample, text, _kept)
    result["head"] = {"superior": LONG_PARENT, "issuer": LONG_AGENCY}
    result["subject"] = f"{sample['subject']} tại {LONG_UNIT}"
    result["place_date"] = LONG_PLACE_DATE
    result["signature"] = {
        "authority": "KT. CHỦ TỊCH HỘI ĐỒNG",
        "position": "PHÓ CHỦ TỊCH THƯỜNG TRỰC, GIÁM ĐỐC TRUNG TÂM KỸ THUẬT",
        "name": "Nguyễn Phan Hoàng Phương Thảo",
    }
    if "addressees" in result:
        result["addressees"] = [LONG_UNIT] * 3
    if kind.key == "score_matrix":
        result["parts"] = matrix(16, 3)
    return result


def hostile(kind: Kind, sample: dict) -> dict:
    """The longest of everything, ten authors, and line breaks where one may write."""
    free = ("comment", "note", "reason", "output", "benefit")

    def text(field: Field, value: str) -> str:
        if field.name in ("title", "entry_title"):
            return HOSTILE_TITLE
        if field.name in ("authors", "holders") and field.type == "text":
            return TEN_AUTHORS
        if field.name in ("unit", "holder_unit"):
            return LONG_UNIT
        return LINES if value and field.name in free else value

    def elements(field: Field, value: list) -> list:
        if field.type == "paragraphs" and value:
            # as `kinds.paragraphs` gives them
            return [*value, *paragraphs(LINES)]
        return value

    result = _mapped(kind.fields, sample, text, elements)
    result["head"] = {"superior": HOSTILE_PARENT, "issuer": LONG_AGENCY}
    result["subject"] = f"{sample['subject']}: {HOSTILE_TITLE}"[:250].strip()
    result["place_date"] = LONG_PLACE_DATE
    if "addressees" in result:
        result["addressees"] = [LONG_UNIT] * 3
    result["urgency"] = "THƯỢNG KHẨN"
    # every form with every kind: `test_signing_forms`
    forms = list(FORMS)
    result["signature"] = signed(forms[len(kind.key) % len(forms)], is_long=True)
    if kind.key == "score_matrix":
        long_one = {"title": HOSTILE_TITLE, "code": "TNGUYEN-0123"}
        result["parts"] = matrix(31, MANY, long_one)
        # the council signs by its chair
        result["signature"]["authority"] = "TM. HỘI ĐỒNG"
    return result


def unnumbered(kind: Kind, sample: dict) -> dict:
    """Before the clerk gave number and date."""
    result = dict(sample)
    if kind.numbered:
        symbol = sample["number_line"].rpartition("/")[2]
        result["number_line"] = nd30.number_line(None, symbol)
    result["place_date"] = nd30.place_date("Bắc Kạn", nd30.blank_date_words(2021, 7))
    return result


VARIANTS = {
    "usual": lambda kind, sample: sample,
    "long": long,
    "hostile": hostile,
    "empty": empty,
    "one": one,
    "many": many,
    "unnumbered": unnumbered,
}
