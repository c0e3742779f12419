"""Scores of a council: exact decimal arithmetic, no database.

Scores are added as decimals, since a sum of binary floats may fall a hair short of a
threshold that the sheets on paper reach.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

#: Sheets needed before the highest and the lowest are left out.
TRIM_FROM = 5


def to_decimal(value: float | str | Decimal) -> Decimal:
    """Return `value` as the decimal that a person reads on the sheet."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def round_half_up(value: Decimal, digits: int = 2) -> Decimal:
    """Round as the office does by hand: 0.005 goes up, whatever the sign of parity."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def to_percent(score: Decimal, highest: Decimal) -> Decimal:
    """Return points as a percentage of the highest total, exact to four decimals."""
    return round_half_up(score * 100 / highest, 4)


def aggregate(
    totals: Iterable[float | Decimal], method: str = "mean", digits: int = 2
) -> Decimal:
    """Return one score from the totals of the sheets of one entry.

    :param totals: points of each submitted sheet
    :param method: ``mean``, or ``trimmed_mean`` which leaves out one highest and one
        lowest sheet where there are at least :data:`TRIM_FROM`
    :param digits: decimals kept
    :raises ValueError: for an unknown method
    """
    if method not in ("mean", "trimmed_mean"):
        raise ValueError(f"unknown aggregate {method!r}")
    values = sorted(to_decimal(total) for total in totals)
    if method == "trimmed_mean" and len(values) >= TRIM_FROM:
        values = values[1:-1]
    if not values:
        return Decimal(0)
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
