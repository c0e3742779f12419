"""Rounds of a contest: the total over them, and who goes on. Exact, no database."""

import math
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from . import voting
from .scoring import round_half_up, to_decimal

#: Ways in which entries go on to the next round.
WAYS = ("number", "share", "points", "vote", "all")
#: Ways in which the scores of rounds make one total.
TOTALS = ("weighted", "sum", "percent")


class Standing(NamedTuple):
    """How an entry stands at the end of a round.

    `place` is counted among those that are ranked with it, from 1; 0 is none yet.
    `score` is its total so far; `agree` of `cast` votes were for it.
    """

    place: int = 0
    score: float | Decimal = 0
    agree: int = 0
    cast: int = 0


class Part(NamedTuple):
    """What an entry got in a round; `highest` is the most that it could get there."""

    score: float | Decimal
    weight: float
    highest: float | Decimal = 100


class Cut(NamedTuple):
    """Who goes on and who stays, each in the order given; `tied` is who lies on the
    line with others that wouldn't go on, where the line cuts through equals."""

    going: list
    staying: list
    tied: list


def weigh(parts: Iterable[tuple[float | Decimal, float]], digits: int = 2) -> Decimal:
    """Return the total of an entry over the rounds that it took part in.

    The weights count among those rounds: who stops early keeps the score as it was.
    Where none of them counts, as in a preliminary round that only selects, the score
    of the last one stands.

    :param parts: (score, weight) of each round in their order
    :param digits: decimals kept, a half goes up
    """
    return add_up([Part(score, weight) for score, weight in parts], "weighted", digits)


def add_up(parts: Iterable[Part], way: str = "weighted", digits: int = 2) -> Decimal:
    """Return the total of an entry over the rounds that it took part in.

    :param parts: of each round in their order
    :param way: ``weighted``, see :func:`weigh`; ``sum`` of those that have a weight;
        ``percent``: as weighted, each as a percentage of its highest
    :param digits: decimals kept, a half goes up
    :raises ValueError: for an unknown way
    """
    if way not in TOTALS:
        raise ValueError(f"unknown total over rounds: {way!r}")
    parts = list(parts)
    if not parts:
        return Decimal(0)
    scores = [
        _exact(part.score) * 100 / (_exact(part.highest) or 1)
        if way == "percent"
        else _exact(part.score)
        for part in parts
    ]
    weights = [_exact(part.weight) for part in parts]
    if not any(weights):
        total = scores[-1]
    elif way == "sum":
        total = sum(
            score for score, weight in zip(scores, weights, strict=True) if weight
        )
    else:
        weighed = (
            score * weight for score, weight in zip(scores, weights, strict=True)
        )
        total = sum(weighed) / sum(weights)
    # exact up to here; a half of the last digit kept is seen as one
    scaled = total * 10 ** (digits + 1)
    tenth = Decimal(scaled.numerator // scaled.denominator).scaleb(-digits - 1)
    return round_half_up(tenth, digits)


def renumber(standings: Mapping[Hashable, Standing]) -> dict[Hashable, Standing]:
    """Return `standings` with the places that they have among themselves."""
    places = sorted(row.place for row in standings.values() if row.place)
    return {
        key: row._replace(place=places.index(row.place) + 1) if row.place else row
        for key, row in standings.items()
    }


def cut(
    standings: Mapping[Hashable, Standing],
    way: str,
    limit: float = 0,
    ratio: float = 0.5,
    with_ties: bool = True,
    more_than: bool = False,
) -> Cut:
    """Return who goes on from a round.

    :param way: ``number`` (the first `limit` places), ``share`` (the first `limit` per
        cent, rounded up), ``points`` (from `limit` on), ``vote`` (`ratio` of the votes
        cast) or ``all``
    :param with_ties: whether all go on who share the last place that does; else they
        are told as `tied` and stay until somebody decides
    :param more_than: whether `ratio` itself isn't enough
    :raises ValueError: for an unknown way
    """
    if way not in WAYS:
        raise ValueError(f"unknown way to go on: {way!r}")
    tied: set[Hashable] = set()
    if way == "share":
        way, limit = "number", math.ceil(len(standings) * _exact(limit) / 100)
    if way == "number":
        going = {key for key, row in standings.items() if 0 < row.place <= limit}
        last = max((standings[key].place for key in going), default=0)
        equals = {key for key in going if standings[key].place == last}
        # a shared place takes as many as share it
        if len(going) > limit:
            tied = set() if with_ties else equals
            going -= tied
    elif way == "points":
        least = to_decimal(limit)
        going = {
            key for key, row in standings.items() if to_decimal(row.score) >= least
        }
    elif way == "vote":
        going = {
            key
            for key, row in standings.items()
            if voting.reaches(row.agree, row.cast, ratio, more_than)
        }
    else:
        going = set(standings)
    return Cut(
        [key for key in standings if key in going],
        [key for key in standings if key not in going],
        [key for key in standings if key in tied],
    )


def _exact(value: float | Decimal) -> Fraction:
    return Fraction(to_decimal(value))
