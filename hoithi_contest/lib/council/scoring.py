"""Scores of a council: exact decimal arithmetic, no database.

Scores are added as decimals, since a sum of binary floats may fall a hair short of a
threshold that the sheets on paper reach.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

#: Ways in which the sheets of an entry make one score.
METHODS = ("mean", "trimmed_mean", "median", "sum")


class Drops(NamedTuple):
    """How many of the highest and the lowest sheets are left out, from how many on."""

    high: int = 1
    low: int = 1
    least: int = 5


#: What a council leaves out that says nothing else.
USUAL_DROPS = Drops()


def to_decimal(value: float | str | Decimal) -> Decimal:
    """Return `value` as the decimal that a person reads on the sheet."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def round_half_up(value: Decimal, digits: int = 2) -> Decimal:
    """Round as the office does by hand: 0.005 goes up, whatever the sign of parity."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def add_up_sheet(
    scores: Iterable[tuple[float | Decimal, float | Decimal]], digits: int = 2
) -> Decimal:
    """Return the points of a sheet, each score times the coefficient of its criterion.

    :param scores: (score, coefficient) of each criterion
    :param digits: decimals kept, a half goes up
    """
    points = (to_decimal(score) * to_decimal(weight) for score, weight in scores)
    return round_half_up(sum(points, Decimal(0)), digits)


def get_highest(total: float | Decimal, method: str, sheets: int) -> Decimal:
    """Return the most that an entry gets by so many sheets.

    :param total: the most that one sheet gives
    :param method: see :func:`aggregate`
    :param sheets: at least one is reckoned with
    """
    return to_decimal(total) * (max(sheets, 1) if method == "sum" else 1)


def to_percent(score: Decimal, highest: Decimal) -> Decimal:
    """Return points as a percentage of the highest total, exact to four decimals."""
    return round_half_up(score * 100 / highest, 4)


def aggregate(
    totals: Iterable[float | Decimal],
    method: str = "mean",
    digits: int = 2,
    drops: Drops = USUAL_DROPS,
) -> Decimal:
    """Return one score from the totals of the sheets of one entry.

    :param totals: points of each submitted sheet
    :param method: ``mean``; ``trimmed_mean``, which leaves out the highest and the
        lowest sheets where there are enough; ``median``, the one in the middle, or the
        mean of the two; ``sum``, for contests that let as many score each entry
    :param digits: decimals kept
    :param drops: what the trimmed mean leaves out
    :raises ValueError: for an unknown method
    """
    if method not in METHODS:
        raise ValueError(f"unknown aggregate {method!r}")
    values = sorted(to_decimal(total) for total in totals)
    if method == "trimmed_mean" and len(values) >= drops.least:
        values = values[drops.low : len(values) - drops.high]
    elif method == "median":
        values = values[(len(values) - 1) // 2 : len(values) // 2 + 1]
    if not values:
        return Decimal(0)
    if method == "sum":
        return round_half_up(sum(values, Decimal(0)), digits)
    return round_half_up(sum(values, Decimal(0)) / len(values), digits)


def spread(totals: Iterable[float | Decimal]) -> Decimal:
    """Return the points between the highest and the lowest sheet."""
    values = [to_decimal(total) for total in totals]
    return max(values) - min(values) if values else Decimal(0)


def get_ends(low: float, high: float, percent: float = 0) -> tuple[Decimal, Decimal]:
    """Return where the lower end of a scale ends, and where the upper one begins.

    :param percent: how much of the scale counts as each end; 0 means the very ends
    """
    width = (to_decimal(high) - to_decimal(low)) * to_decimal(percent) / 100
    return to_decimal(low) + width, to_decimal(high) - width


def is_extreme(
    score: float | Decimal, low: float, high: float, percent: float = 0
) -> bool:
    """Tell whether `score` lies at an end of the scale from `low` to `high`.

    :param percent: how much of the scale counts as each end; 0 means the very ends
    """
    lower, upper = get_ends(low, high, percent)
    return not lower < to_decimal(score) < upper


def is_on_step(score: float | Decimal, start: float, step: float) -> bool:
    """Tell whether `score` lies on the scale that begins at `start` by `step` points.

    A step of zero or less leaves the scale free.
    """
    if step <= 0:
        return True
    return (to_decimal(score) - to_decimal(start)) % to_decimal(step) == 0
