"""Places, tie-breaks and prizes: exact, deterministic, no database."""

import itertools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

#: What breaks ties for the smaller value; everything else does so for the greater.
_LESS_WINS = ("spread", "earlier")


class UnresolvedTie(Exception):
    """Equal entries compete for fewer prizes than they are; the council decides.

    `keys` are the entries, `prize` the prize.
    """

    def __init__(self, prize: Hashable, keys: Sequence[Hashable]):
        super().__init__(prize, keys)
        self.prize = prize
        self.keys = list(keys)


class Prize(NamedTuple):
    """A line of the prize structure; `floor` is the least score that it needs."""

    key: Hashable
    slots: int
    floor: object


def merit(score: Any, steps: Iterable[tuple[str, Any]]) -> tuple:
    """Return what :func:`rank_by` compares: the score, then the chain of tie-breaks.

    :param steps: the kind of each declared step (``criterion``, ``spread``, ``benefit``
        or ``earlier``) with the entry's value
    """
    return (
        score,
        *(-value if kind in _LESS_WINS else value for kind, value in steps),
    )


def fix_places(overrides: Mapping[Hashable, int], others: int) -> dict[Hashable, int]:
    """Return where the places that the chair set by hand come to lie, from 1.

    :param overrides: the place that was set, from 1; of two that were set to the same
        place the later in the mapping goes first, and none lies behind the last
    :param others: how many move around them
    """
    order: list[Hashable] = [None] * others
    for key, place in sorted(overrides.items(), key=lambda item: item[1]):
        order.insert(min(max(place, 1), len(order) + 1) - 1, key)
    return {key: place for place, key in enumerate(order, start=1) if key is not None}


def rank_by(
    merits: Mapping[Hashable, tuple], overrides: Mapping[Hashable, int] | None = None
) -> dict[Hashable, int]:
    """Return the place of each key, the greatest merit first.

    :param merits: a tuple for each key: the score, then what breaks ties, each greater
        for the better
    :param overrides: places that the chair set by hand; the others move around them

    Equal merits share a place and the next place is skipped (1, 2, 2, 4), also where an
    override lies between them.
    """
    fixed = {k: place for k, place in (overrides or {}).items() if k in merits}
    natural = sorted(
        (key for key in merits if key not in fixed),
        key=lambda key: merits[key],
        reverse=True,
    )
    places = fix_places(fixed, len(natural))
    taken = set(places.values())
    free = (n for n in range(1, len(merits) + 1) if n not in taken)
    places |= dict(zip(natural, free, strict=True))
    for before, key in itertools.pairwise(natural):
        if merits[before] == merits[key]:
            places[key] = places[before]
    return places


def allocate(
    places: Mapping[Hashable, int],
    scores: Mapping[Hashable, object],
    prizes: Sequence[Prize],
) -> dict[Hashable, Hashable]:
    """Return the prize of each key that gets one, top-down.

    :param places: from :func:`rank_by`
    :param scores: compared with the floors; a prize whose floor nobody reaches stays
        empty, and doesn't pass to a lower rank
    :param prizes: the highest first
    :raises UnresolvedTie: where a tie would be cut in two
    """
    waiting = sorted(places, key=lambda key: places[key])
    result = {}
    for prize in prizes:
        given = [key for key in waiting if scores[key] >= prize.floor][: prize.slots]
        if given:
            last = places[given[-1]]
            tied = [
                key
                for key in waiting
                if places[key] == last and scores[key] >= prize.floor
            ]
            if not set(tied) <= set(given):
                raise UnresolvedTie(prize.key, tied)
        for key in given:
            result[key] = prize.key
            waiting.remove(key)
    return result
