"""Who may take part, as far as numbers tell; no database."""

from datetime import date
from typing import NamedTuple

#: Where something is won, the least first.
LEVELS = ("unit", "province", "national")


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
