"""What becomes of an edition's name and dates in the next one."""

import re
from collections.abc import Callable
from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from ..guard.numerals import roman


def advance_name(name: str, edition: int, years: tuple[int, int], span: int) -> str:
    """Return the name of a contest for the edition after the next step of the count.

    The number is found as digits or in roman capitals where it stands as a word of its
    own, and never inside a year; both years move on.

    :param name: of the present edition
    :param edition: its number; 0 where it has none
    :param years: its first and last year
    :param span: years from one edition to the next
    """
    following = {str(year): str(year + span) for year in years}
    if edition > 0:
        following |= {
            str(edition): str(edition + 1),
            f"{edition:02}": f"{edition + 1:02}",
            roman(edition): roman(edition + 1),
        }
    words = sorted(map(re.escape, following), key=len, reverse=True)
    pattern = rf"(?<![\w/.])(?:{'|'.join(words)})(?![\w])"
    return re.sub(pattern, lambda found: following[found.group()], name)


def move_day(day: date, years: int, to_working: Callable[[date], date]) -> date:
    """Return the same day some years later, or the first working day after it.

    :param day: a day, or a moment on the clock on the wall, whose hour stays
    :param years: how many whole years later
    :param to_working: gives a day, or the first working day after it
    """
    moved = day + relativedelta(years=years)
    if not isinstance(moved, datetime):
        return to_working(moved)
    return datetime.combine(to_working(moved.date()), moved.timetz())
