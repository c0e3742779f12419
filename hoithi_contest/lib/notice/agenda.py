"""Order of an agenda in which a member in conflict leaves the room once.

Items are grouped by who must leave for them, and the groups are put in the order with
the fewest departures. For groups that overlap this is the shortest way through them:
exact for a dozen, near to it beyond. No database.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

#: Overlapping groups up to which the shortest way is searched exhaustively.
EXACT = 10

Members = frozenset


def arrange(
    items: Sequence[Hashable], conflicts: Mapping[Hashable, set]
) -> list[Hashable]:
    """Return `items` ordered so that members in conflict leave as seldom as can be.

    :param items: in the order that is wanted otherwise; it is kept inside a group and,
        where it costs no departure, among the groups
    :param conflicts: item to those who leave for it
    """
    groups: dict[Members, list] = {}
    for item in items:
        groups.setdefault(Members(conflicts.get(item, ())), []).append(item)
    ordered = []
    for component in _split(list(groups)):
        for group in _shortest(component):
            ordered += groups[group]
    return ordered


def _split(groups: list[Members]) -> list[list[Members]]:
    """Return the groups in parts that have no member in common, in their order."""
    parts: list[list[Members]] = []
    for group in groups:
        touching = [part for part in parts if any(group & other for other in part)]
        merged = [other for part in touching for other in part] + [group]
        parts = [part for part in parts if part not in touching] + [merged]
    rank = {group: number for number, group in enumerate(groups)}
    for part in parts:
        part.sort(key=rank.__getitem__)
    return sorted(parts, key=lambda part: rank[part[0]])


def _shortest(groups: list[Members]) -> list[Members]:
    """Return the order of `groups` with the fewest departures."""
    if len(groups) <= EXACT:
        return _search_all(groups)
    starts = (_improve(_go_nearest(groups, first)) for first in groups)
    return min(starts, key=_cost)


def _cost(order: Sequence[Members]) -> int:
    return sum(len(after - before) for before, after in pairwise([Members(), *order]))


def _search_all(groups: list[Members]) -> list[Members]:
    """Search all orders, each set of groups with each last one once (Held-Karp).

    Among equally good orders the one nearest to the given order wins.
    """
    count = len(groups)
    best = {
        (1 << last, last): (len(group), (last,)) for last, group in enumerate(groups)
    }
    for size in range(2, count + 1):
        for chosen in combinations(range(count), size):
            mask = sum(1 << number for number in chosen)
            for last in chosen:
                best[mask, last] = min(
                    (
                        best[mask ^ (1 << last), before][0]
                        + len(groups[last] - groups[before]),
                        (*best[mask ^ (1 << last), before][1], last),
                    )
                    for before in chosen
                    if before != last
                )
    full = (1 << count) - 1
    _total, order = min(best[full, last] for last in range(count))
    return [groups[number] for number in order]


def _go_nearest(groups: list[Members], first: Members) -> list[Members]:
    """Go on from `first` with the group for which the fewest leave and come back."""
    waiting = [group for group in groups if group != first]
    order = [first]
    while waiting:
        present = order[-1]
        following = min(
            waiting,
            key=lambda group, present=present: (
                len(group - present),
                len(present - group),
            ),
        )
        waiting.remove(following)
        order.append(following)
    return order


def _improve(order: list[Members]) -> list[Members]:
    """Turn stretches around and move single groups while that saves departures."""
    cost = _cost(order)
    while True:
        better = next(
            (other for other in _get_neighbours(order) if _cost(other) < cost), None
        )
        if better is None:
            return order
        order, cost = better, _cost(better)


def _get_neighbours(order: list[Members]) -> Iterator[list[Members]]:
    for start, end in combinations(range(len(order) + 1), 2):
        yield [*order[:start], *reversed(order[start:end]), *order[end:]]
    for place, group in enumerate(order):
        rest = order[:place] + order[place + 1 :]
        for other in range(len(order)):
            yield [*rest[:other], group, *rest[other:]]
