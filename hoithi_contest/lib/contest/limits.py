"""Who may take part, as far as numbers tell; no database."""

import re
from datetime import date
from typing import NamedTuple

from ..guard.texts import fold

#: Where something is won, the least first.
LEVELS = ("unit", "province", "national")


#: What lists of earlier editions call where a prize was won, folded.
_NATIONAL = re.compile(r"\b(?:toan quoc|quoc gia|trung uong)\b")
_PROVINCIAL = re.compile(
    r"\b(?:cap|hoi thi|ky thuat|sang tao|giai \w+) (?:tinh|thanh pho)\b|^tinh\b"
)


class Win(NamedTuple):
    """A prize or a recognition: its level, its year, and what people call it."""

    level: str
    year: int
    name: str


def is_barred(win: Win, year: int, level: str, years: int) -> bool:
    """Tell whether a win keeps its solution out of a contest of `year`.

    :param level: from which on a win counts
    :param years: how long it counts, the last included; 0 for good
    """
    counts = LEVELS.index(win.level) >= LEVELS.index(level)
    return counts and (not years or year - win.year <= years)


def get_age(born: date, day: date) -> int:
    """Return how many years of age somebody has completed on a day.

    Who is born on 29 February completes a year on 1 March where there is no such day.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_of_age(born: date, day: date, youngest: int, oldest: int) -> bool:
    """Tell whether an age lies within limits, both included; 0 sets none."""
    age = get_age(born, day)
    return age >= youngest and (not oldest or age <= oldest)


def guess_level(award: str, edition: str) -> str:
    """Return where a prize was won, as a list of then names prize and edition.

    “Giải Nhì cấp tỉnh”, or any prize of “Hội thi Sáng tạo kỹ thuật tỉnh lần thứ 9”; a
    department that has its province in its name is none.
    """
    for text in (fold(award), fold(edition)):
        if _NATIONAL.search(text):
            return "national"
        if _PROVINCIAL.search(text):
            return "province"
    return "unit"
