"""What is added to the sheets: votes of the public, bonus and penalty. Exact."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from .scoring import round_half_up, to_decimal


def share_out(
    votes: Mapping[Hashable, int], most: float | Decimal, digits: int = 2
) -> dict[Hashable, Decimal]:
    """Return the points of each entry: `most` × its votes / the most votes of any.

    :param votes: by entry
    :param most: points of whoever has the most votes
    :param digits: decimals kept, a half goes up
    """
    highest = max(votes.values(), default=0)
    if not highest:
        return dict.fromkeys(votes, Decimal(0))
    return {
        key: _round(Fraction(to_decimal(most)) * count / highest, digits)
        for key, count in votes.items()
    }


def add_up(
    sheets: float | Decimal, extras: Iterable[float | Decimal], digits: int = 2
) -> Decimal:
    """Return the total of an entry: sheets and what is added, and never below zero."""
    total = sum(map(to_decimal, extras), to_decimal(sheets))
    return round_half_up(max(total, Decimal(0)), digits)


def _round(value: Fraction, digits: int) -> Decimal:
    scaled = value * 10 ** (digits + 1)
    # what lies behind the digit that decides can't make a half of less
    return round_half_up(
        Decimal(scaled.numerator // scaled.denominator).scaleb(-digits - 1), digits
    )
