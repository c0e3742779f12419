"""What is added to the sheets: votes of the public, bonus and penalty. Exact."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .scoring import round_half_up, to_decimal


class Part(NamedTuple):
    """A part of a total, as it stands where the total is shown.

    `name` is what it is called, nothing for the sheets; `factor` is what its points
    are multiplied by, as "× 40 %"; `note` tells how they came about.
    """

    name: str
    points: float | Decimal
    factor: str = ""
    note: str = ""


def write_total(
    parts: Iterable[Part],
    total: float | Decimal,
    sheets: str,
    write: Callable[[float | Decimal], str],
) -> str:
    """Return a total with what it is made of, as "sheets 80 + Bonus 2 (…) = 82".

    :param sheets: what the points of the sheets are called
    :param write: makes the text of a number
    """
    texts = (
        " ".join(
            filter(
                None,
                (
                    part.name or sheets,
                    write(part.points),
                    part.factor,
                    part.note and f"({part.note})",
                ),
            )
        )
        for part in parts
    )
    return f"{' + '.join(texts)} = {write(total)}"


def read_row(text: str) -> tuple[str, Decimal] | None:
    """Return the code and the points that a line of a list says, None of others.

    :param text: as copied from a worksheet: ``VI-001`` and ``7,5`` with a tab, a
        semicolon or blanks between
    """
    match = re.fullmatch(r"\s*(\S.*?)[\s;]+(\d{1,5}(?:[.,]\d{1,2})?)\s*", text)
    return match and (match[1], Decimal(match[2].replace(",", ".")))


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
