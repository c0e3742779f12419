"""Votes of a council: quorum and approval in exact fractions, no database.

A ratio such as two thirds can't be typed as a decimal, so 4 of 6 would miss a quorum
of 0.6667 by a hair. A ratio is therefore read as the simplest fraction near to it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

#: What a vote may say. A blank ballot of a secret vote is collected, but not valid; in
#: an open vote it is an abstention, which is as valid as any other.
CHOICES = ("agree", "disagree", "blank")

#: How far a solution may be replicated, where a vote is on that; a wider one holds
#: those before it.
SCOPES = ("department", "sector", "province", "country")

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


def reaches(
    part: int,
    base: int,
    ratio: float | str | Decimal | Fraction,
    more_than: bool = False,
) -> bool:
    """Tell whether `part` of `base` is at least `ratio`; of nobody it never is.

    :param more_than: whether `ratio` itself isn't enough, as in “more than half”
    """
    if base <= 0:
        return False
    share, limit = Fraction(part, base), to_fraction(ratio)
    return share > limit if more_than else share >= limit


def least(
    base: int, ratio: float | str | Decimal | Fraction, more_than: bool = False
) -> int:
    """Return the smallest number that reaches `ratio` of `base`, at least one."""
    share = base * to_fraction(ratio)
    return math.floor(share) + 1 if more_than else max(1, math.ceil(share))


class Majority(NamedTuple):
    """Which share of whom decides: at least `ratio`, or `more_than` that.

    `base` is ``all_members`` of the council, ``all_voting`` (of these, those who may
    vote and aren't in conflict) or ``present``.
    """

    ratio: float
    base: str = "all_voting"
    more_than: bool = False

    def is_reached(self, part: int, base_count: int) -> bool:
        """Tell whether `part` of `base_count` decides."""
        return reaches(part, base_count, self.ratio, self.more_than)

    def is_half(self) -> bool:
        """Tell whether one half decides, so that a tie is neither yes nor no."""
        return to_fraction(self.ratio) == Fraction(1, 2)

    def get_least(self, base_count: int) -> int:
        """Return the smallest number of `base_count` that decides."""
        return least(base_count, self.ratio, self.more_than)

    def get_sign(self, reached: bool = True) -> str:
        """Return how what was given compares to the ratio."""
        if self.more_than:
            return ">" if reached else "≤"
        return "≥" if reached else "<"

    def write_ratio(self) -> str:
        """Return the share as a rule says it: ``2/3``, or ``> 1/2``."""
        text = str(to_fraction(self.ratio))
        return f"> {text}" if self.more_than else text


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

    Who chooses a scope says yes.

    :param secret: False for a show of hands, in which nothing is invalid
    """
    counts = Counter(ballots)
    collected = sum(counts.values())
    agree = sum(counts[choice] for choice in ("agree", *SCOPES))
    valid = agree + counts["disagree"] if secret else collected
    return Tally(collected, valid, collected - valid, agree, counts["disagree"])


def count_scopes(ballots: Iterable[str | None]) -> dict[str, int]:
    """Return how many chose each scope, the nearest first."""
    counts = Counter(ballots)
    return {scope: counts[scope] for scope in SCOPES}


def get_scope_votes(votes: Mapping[str, int], scope: str, nested: bool = True) -> int:
    """Return how many are for a scope.

    :param votes: of each scope by itself, as :func:`count_scopes` returns them
    :param nested: whether who chose a wider one is for this as well
    """
    counting = SCOPES[SCOPES.index(scope) :] if nested else (scope,)
    return sum(votes.get(one, 0) for one in counting)


def find_scope(
    votes: Mapping[str, int], base: int, majority: Majority, nested: bool = True
) -> str:
    """Return the widest scope that the majority reaches, or an empty text.

    :param votes: as :func:`get_scope_votes` takes them, and `nested` as well
    :param base: whom the share is taken of
    """
    return next(
        (
            scope
            for scope in reversed(SCOPES)
            if majority.is_reached(get_scope_votes(votes, scope, nested), base)
        ),
        "",
    )
