"""Votes of a council: quorum and approval in exact fractions, no database.

A ratio such as two thirds can't be typed as a decimal, so 4 of 6 would miss a quorum
of 0.6667 by a hair. A ratio is therefore read as the simplest fraction near to it.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

#: What a vote may say. A blank ballot of a secret vote is collected, but not valid; in
#: an open vote it is an abstention, which is as valid as any other.
CHOICES = ("agree", "disagree", "blank")

#: Councils have fewer members than this, so finer ratios are slips of typing.
MAX_DENOMINATOR = 100


class Tally(NamedTuple):
    """What the tally team writes down; `collected` is `valid` and `invalid`.

    Of an open vote, `collected` is who has voted, and who abstained is the rest of
    `valid`.
    """

    collected: int
    valid: int
    invalid: int
    agree: int
    disagree: int


def to_fraction(ratio: float | str | Decimal | Fraction) -> Fraction:
    """Return the fraction that whoever typed `ratio` had in mind.

    :raises ValueError: for a ratio that isn't above 0 and at most 1
    """
    fraction = Fraction(ratio).limit_denominator(MAX_DENOMINATOR)
    if not 0 < fraction <= 1:
        raise ValueError(f"not a ratio of a whole: {ratio!r}")
    return fraction


def reaches(part: int, base: int, ratio: float | str | Decimal | Fraction) -> bool:
    """Tell whether `part` of `base` is at least `ratio`; of nobody it never is."""
    return base > 0 and Fraction(part, base) >= to_fraction(ratio)


def least(base: int, ratio: float | str | Decimal | Fraction) -> int:
    """Return the smallest number that reaches `ratio` of `base`, at least one."""
    fraction = to_fraction(ratio)
    return max(1, -(-base * fraction.numerator // fraction.denominator))


def find_wrong_sum(
    issued: int, collected: int, valid: int, invalid: int, agree: int, disagree: int
) -> str:
    """Return which sum of a count of paper ballots isn't right, or an empty text.

    :return: ``collected`` for more than were issued, ``valid`` where valid and invalid
        ones aren't all, ``choices`` where those that say yes or no aren't the valid
    """
    if collected > issued:
        return "collected"
    if valid + invalid != collected:
        return "valid"
    return "choices" if agree + disagree != valid else ""


def tally(ballots: Iterable[str | None], secret: bool = True) -> Tally:
    """Count `ballots`; of a secret vote, what says neither yes nor no is invalid.

    :param secret: False for a show of hands, in which nothing is invalid
    """
    counts = Counter(ballots)
    collected = sum(counts.values())
    valid = counts["agree"] + counts["disagree"] if secret else collected
    return Tally(
        collected, valid, collected - valid, counts["agree"], counts["disagree"]
    )
