"""Places, tie-breaks and prizes: exact, deterministic, no database."""

import itertools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .scoring import to_decimal

#: What breaks ties for the smaller value; everything else does so for the greater.
_LESS_WINS = ("spread", "earlier")
#: What tells no two entries apart by itself: somebody sets the places.
LAST_KINDS = frozenset({"chair", "lot"})


class UnresolvedTie(Exception):
    """Equal entries compete for fewer prizes than they are; the council decides.

    `keys` are the entries, `prize` the prize.
    """

    def __init__(self, prize: Hashable, keys: Sequence[Hashable]):
        super().__init__(prize, keys)
        self.prize = prize
        self.keys = list(keys)


class Limit(NamedTuple):
    """How many prizes of several lines there are at most, together."""

    key: Hashable
    most: int


class Prize(NamedTuple):
    """A line of the prize structure; `floor` is the least score that it needs.

    `slots` of 0 are as many as reach it, and `open_to` the keys that may get it, where
    these aren't all. `limits` are those that it shares with other lines.
    """

    key: Hashable
    slots: int
    floor: object
    open_to: frozenset | None = None
    limits: tuple[Limit, ...] = ()


def limit_slots(slots: int, share: float, entries: int) -> int | None:
    """Return how many prizes there are where they are at most a share of the entries.

    A part of a prize is none: 30 % of nine entries are two.

    :param slots: how many there are besides; 0 for as many as reach the points
    :param share: in per cent; 0 for no such limit
    :param entries: of which the share is taken
    :return: as `slots`, or None where the share leaves no prize
    """
    if not share:
        return slots
    most = int(to_decimal(share) * entries / 100)
    return min(most, slots or most) or None


def merit(score: Any, steps: Iterable[tuple[str, Any]]) -> tuple:
    """Return what :func:`rank_by` compares: the score, then the chain of tie-breaks.

    :param steps: the kind of each declared step, as ``criterion`` or ``spread``, with
        the entry's value
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
    :param prizes: the highest first; they are given until a limit that they share is
        reached, so that the lowest places get nothing
    :raises UnresolvedTie: where a tie would be cut in two
    """
    waiting = sorted(places, key=lambda key: places[key])
    result = {}
    left = {limit: limit.most for prize in prizes for limit in prize.limits}
    for prize in prizes:
        most = min((left[limit] for limit in prize.limits), default=None)
        if most is not None and most <= 0:
            continue
        slots = prize.slots if most is None else min(prize.slots or most, most)
        reaching = {
            key: -places[key]
            for key in waiting
            if scores[key] >= prize.floor
            and (prize.open_to is None or key in prize.open_to)
        }
        given = get_foremost(reaching, slots, prize.key)
        for key in given:
            result[key] = prize.key
            waiting.remove(key)
        left |= {limit: left[limit] - len(given) for limit in prize.limits}
    return result


def get_foremost(
    values: Mapping[Hashable, Any], slots: int, prize: Hashable
) -> list[Hashable]:
    """Return the keys of the greatest values, as many as there are prizes.

    :param slots: 0 for all of them
    :raises UnresolvedTie: where a tie would be cut in two
    """
    order = sorted(values, key=lambda key: values[key], reverse=True)
    given = order[: slots or None]
    if len(given) < len(order) and values[given[-1]] == values[order[len(given)]]:
        last = values[given[-1]]
        raise UnresolvedTie(prize, [key for key in order if values[key] == last])
    return given


def is_of_women(women: int, authors: int) -> bool:
    """Tell whether a solution is a woman's, or of a group with 70 % women or more.

    So Decree 152/2025/NĐ-CP, article 4, says who comes first on equal merit.
    """
    return 0 < authors * 7 <= women * 10
