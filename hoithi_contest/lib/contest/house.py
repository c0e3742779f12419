"""How an agency speaks of itself: its office, its head, its units, by what it is.

Proposals alone, from the first words of its name: the profile of the agency says
otherwise where it is otherwise.
"""

import re
from typing import NamedTuple


class Words(NamedTuple):
    """Words of a house, as they stand within a sentence.

    :ivar own: what it calls itself, e.g. ``Sở``
    :ivar office: who drafts and keeps its papers, e.g. ``Văn phòng Sở``
    :ivar office_head: who is at the head of that, e.g. ``Chánh Văn phòng Sở``
    :ivar office_symbol: that office in the symbol of letters, e.g. ``VP``
    :ivar head: e.g. ``Giám đốc Sở``
    :ivar units: e.g. ``các phòng chuyên môn, đơn vị trực thuộc Sở``
    :ivar unit_heads: e.g. ``Trưởng các phòng chuyên môn, Thủ trưởng …``
    """

    own: str
    office: str
    office_head: str
    office_symbol: str
    head: str
    units: str
    unit_heads: str


_COMMUNE = re.compile(
    r"^(ủy ban nhân dân|uỷ ban nhân dân|ubnd)\s+(xã|phường|đặc khu|thị trấn)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"^(ủy ban nhân dân|uỷ ban nhân dân|ubnd)\b", re.IGNORECASE)
#: Bodies whose office is one of several divisions, by what their name begins with.
_DIVISION = ("Chi cục", "Trung tâm", "Trường", "Bệnh viện", "Viện", "Công ty", "Quỹ")
_OFFICE = ("Sở", "Ban", "Cục", "Tổng cục", "Vụ", "Bộ", "Thanh tra", "Liên hiệp", "Hội")


def _begins(name: str, word: str) -> bool:
    return bool(re.match(rf"{word}\b", name, re.IGNORECASE))


def words(name: str, head_title: str = "") -> Words:
    """Return the words that an agency of this name is likely to use.

    :param head_title: e.g. ``Giám đốc``
    """
    name = " ".join(name.split())
    office, office_head, symbol = "Văn phòng {}", "Chánh Văn phòng {}", "VP"
    if commune := _COMMUNE.match(name):
        own = f"Ủy ban nhân dân {commune[2].lower()}"
        office = "Văn phòng Hội đồng nhân dân và {}"
        office_head = "Chánh Văn phòng Hội đồng nhân dân và {}"
    elif _PEOPLE.match(name):
        own = "Ủy ban nhân dân"
    elif division := next((word for word in _DIVISION if _begins(name, word)), ""):
        own = division
        office = "Phòng Hành chính - Tổng hợp"
        office_head = "Trưởng phòng Hành chính - Tổng hợp"
        symbol = "HCTH"
    else:
        own = next((word for word in _OFFICE if _begins(name, word)), "cơ quan")
    title = " ".join(head_title.split())
    # a title may name the house by itself, as "Chi cục trưởng" and "Trưởng ban"
    named = own.lower() in title.lower()
    head = title if named else f"{title or 'Thủ trưởng'} {own}"
    specialised = " chuyên môn" if own == "Sở" else ""
    return Words(
        own,
        office.format(own),
        office_head.format(own),
        symbol,
        head,
        f"các phòng{specialised}, đơn vị trực thuộc {own}",
        f"Trưởng các phòng{specialised}, Thủ trưởng các đơn vị trực thuộc {own}",
    )
