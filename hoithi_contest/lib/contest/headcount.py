"""Who is employed where on a day, and how counts add up to the units of a board."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date
from typing import NamedTuple


class Version(NamedTuple):
    """What HR holds of an employee from a day on."""

    employee: int
    start: date
    unit: int | None
    contract_start: date | None = None
    contract_end: date | None = None
    departure: date | None = None
    active: bool = True


def employed_on(day: date, versions: Iterable[Version]) -> dict[int, int | None]:
    """Return the unit of each employee who is employed on `day`.

    The version in force is the last one that began by then. Who left counts up to the
    day of departure itself; who is archived without one, not at all. Before the first
    version HR knows nothing of an employee, who then doesn't count.
    """
    in_force: dict[int, Version] = {}
    for version in versions:
        known = in_force.get(version.employee)
        if version.start <= day and (known is None or known.start <= version.start):
            in_force[version.employee] = version
    return {
        version.employee: version.unit
        for version in in_force.values()
        if (version.active or version.departure)
        and (not version.departure or version.departure >= day)
        and (not version.contract_start or version.contract_start <= day)
        and (not version.contract_end or version.contract_end >= day)
    }


def nearest(
    unit: int | None, rows: Collection[int], parents: Mapping[int, int | None]
) -> int | None:
    """Return the unit itself or the next one above it that is among `rows`."""
    seen = set()
    while unit and unit not in rows and unit not in seen:
        seen.add(unit)
        unit = parents.get(unit)
    return unit if unit in rows else None


def reached(
    best: Mapping[int, int],
    rows: Collection[int],
    parents: Mapping[int, int | None],
    headcounts: Mapping[Hashable, int],
) -> dict[int, int]:
    """Return for each row how many different persons were reached at least.

    Two acts in one unit may have reached the same persons, so that only the larger one
    is sure; units beside each other share nobody, so that theirs add up. An act of a
    unit may have reached all that its sub-units reached.

    :param best: the largest act of each unit, in persons
    :param rows: the units of the board
    :param parents: the unit above each unit
    :param headcounts: persons employed in each row, 0 where unknown
    """
    children = defaultdict(list)
    for unit, parent in parents.items():
        if unit not in rows:
            children[parent].append(unit)

    def count(unit: int, above: frozenset[int]) -> int:
        path = above | {unit}
        below = sum(count(child, path) for child in children[unit] if child not in path)
        return max(best.get(unit, 0), below)

    result = {}
    for row in rows:
        persons = count(row, frozenset())
        result[row] = min(persons, headcounts.get(row) or persons)
    return result
