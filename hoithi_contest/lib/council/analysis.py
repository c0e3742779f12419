"""What the sheets of a council say beyond their averages. Advice, never a result.

Nothing here changes a score: the official one is what `scoring.aggregate` makes of the
sheets by the rules of the contest. Here the same is worked out for all entries at once,
in whole numbers and in columns: leaving out each member of a large council means to
count and to rank some hundred times.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from . import ranking, scoring

if TYPE_CHECKING:
    import numpy as np

#: Sheets of average severity that each member is taken to have given besides the own
#: ones: a member with few sheets is judged severe or mild only a little.
SHRINK = 2.0
#: Krippendorff's own limits: below the lower one, conclusions aren't to be drawn.
ALPHA_GOOD, ALPHA_TENTATIVE = 0.8, 0.667
#: In place of a prize's key, for equals that compete for fewer prizes than they are.
TIE = -1
#: What a point of a sheet is counted in; so a total has at most six decimals.
UNIT = 10**6

Entry = Hashable
Member = Hashable


class Sheets:
    """The totals of the sheets in columns.

    `entries` and `members` are numbered in the order in which they come; `entry`,
    `member` and `total` tell for each sheet whose it is, who gave it, and the points;
    `drops` is what a trimmed mean leaves out of them. Where the rules add the sheets
    up, `summed` is how many of them an entry gets: floors and marks are of so many,
    and every other way to count is shown on that scale.
    """

    def __init__(
        self,
        totals: Mapping[tuple[Entry, Member], float | Decimal],
        drops: scoring.Drops = scoring.USUAL_DROPS,
        summed: int | None = None,
    ):
        # imported here, as few of Odoo's processes ever analyse scores
        import numpy as np

        entries: dict[Entry, int] = {}
        members: dict[Member, int] = {}
        count = len(totals)
        self.entry = np.fromiter(
            (entries.setdefault(e, len(entries)) for e, _m in totals), np.intp, count
        )
        self.member = np.fromiter(
            (members.setdefault(m, len(members)) for _e, m in totals), np.intp, count
        )
        self.total = np.fromiter(map(float, totals.values()), float, count)
        self.entries, self.members = list(entries), list(members)
        self.drops, self.summed = drops, summed

    def __len__(self):
        return len(self.total)


class Adjusted(NamedTuple):
    """Scores without the severity of those who gave them.

    `points` are in whole numbers, by the number of the entry. `severity` is what a
    member gives above (mild) or below (severe) the others. `parts` are the groups of
    entries that no member in common connects: between groups neither raw nor adjusted
    scores compare.
    """

    points: "np.ndarray"
    severity: dict[Member, Decimal]
    parts: list[set[Entry]]


class Result(NamedTuple):
    """The key of the prize (0: none; TIE), and whether the entry is above the line."""

    prize: Hashable
    above: bool


class Change(NamedTuple):
    """What an entry gets under another way of counting."""

    entry: Entry
    before: Result
    after: Result


def _divide(dividend, divisor):
    """Return quotients as `scoring.round_half_up` rounds: half away from zero."""
    import numpy as np

    quotient = (2 * np.abs(dividend) + divisor) // (2 * divisor)
    return np.where(dividend < 0, -quotient, quotient)


def count_points(sheets: Sheets, method: str, digits: int = 2, rows=None):
    """Return the score of each entry by its sheets, in whole numbers.

    An entry without a sheet has 0. All are to the digit what
    :func:`scoring.aggregate` makes of the sheets; one score of several sheets is taken
    as often as the rules add sheets up, where they do.

    :param method: one of `scoring.METHODS`
    :param digits: decimals kept; 83.25 is 8325 with two of them
    :param rows: the sheets that count; all by default
    :raises ValueError: for an unknown method
    """
    import numpy as np

    if method not in scoring.METHODS:
        raise ValueError(f"unknown method {method!r}")
    entry, total = sheets.entry, sheets.total
    if rows is not None:
        entry, total = entry[rows], total[rows]
    points = np.zeros(len(sheets.entries), dtype=np.int64)
    if not len(entry):
        return points
    times = 1 if method == "sum" else sheets.summed or 1
    order = np.lexsort((total, entry))
    entry, value = entry[order], np.rint(total[order] * UNIT).astype(np.int64)
    # each entry's sheets stand together, the lowest first
    first = np.flatnonzero(np.diff(entry, prepend=-1))
    count = np.diff(first, append=len(entry))
    if method == "sum":
        summed, count = np.add.reduceat(value, first), 1
    elif method == "median":
        low, high = first + (count - 1) // 2, first + count // 2
        summed, count = value[low] + value[high], 2
    else:
        summed = np.add.reduceat(value, first)
        if method == "trimmed_mean":
            drops = sheets.drops
            trimmed = count >= drops.least
            start, end = (
                first + trimmed * drops.low,
                first + count - trimmed * drops.high,
            )
            until = np.concatenate(([0], np.cumsum(value)))
            summed, count = until[end] - until[start], end - start
    points[entry[first]] = _divide(times * summed * 10**digits, count * UNIT)
    return points


def _count_rest(sheets: Sheets, method: str, digits: int, rows):
    """Return the score of each entry by some of its sheets alone.

    Of a sum, what is left out counts as much as the others give on average: a smaller
    sum would tell of the number of sheets, not of what the member gave.
    """
    import numpy as np

    if method != "sum":
        return count_points(sheets, method, digits, rows)
    size = len(sheets.entries)
    entry = sheets.entry[rows]
    left = np.maximum(np.bincount(entry, minlength=size), 1)
    whole = np.rint(sheets.total[rows] * UNIT).astype(np.int64)
    summed = np.zeros(size, dtype=np.int64)
    np.add.at(summed, entry, whole)
    given = np.bincount(sheets.entry, minlength=size)
    return _divide(given * summed * 10**digits, left * UNIT)


def to_score(points, digits: int = 2) -> Decimal:
    """Return whole points as a score."""
    return Decimal(int(points)).scaleb(-digits)


def to_points(scores: Iterable[float | Decimal], digits: int = 2) -> "np.ndarray":
    """Return scores in whole numbers, a half going up; the reverse of `to_score`."""
    import numpy as np

    whole = (
        int(scoring.round_half_up(scoring.to_decimal(score), digits).scaleb(digits))
        for score in scores
    )
    return np.fromiter(whole, np.int64)


def adjust(sheets: Sheets, digits: int = 2, shrink: float = SHRINK) -> Adjusted:
    """Fit score = quality of the entry + severity of the member, severity shrunken.

    Least squares with a ridge on the severities, by alternating means. Where every
    member scores every entry, the severities cancel out and the adjusted score is the
    mean.

    :param shrink: weight of the ridge, in sheets
    """
    import numpy as np

    entry, member, total = sheets.entry, sheets.member, sheets.total
    given, taken = np.bincount(entry), np.bincount(member) + shrink
    quality = np.zeros(len(sheets.entries))
    severity = np.zeros(len(sheets.members))
    for _round in range(2000):
        quality = np.bincount(entry, total - severity[member]) / given
        before = severity
        severity = np.bincount(member, total - quality[entry]) / taken
        if not len(sheets) or np.abs(severity - before).max() < 1e-9:
            break

    def rounded(values):
        return _divide(np.rint(values * UNIT).astype(np.int64) * 10**digits, UNIT)

    return Adjusted(
        rounded(quality * (sheets.summed or 1)),
        {
            member: to_score(value, digits)
            for member, value in zip(sheets.members, rounded(severity), strict=True)
        },
        find_parts(
            (sheets.entries[e], sheets.members[m])
            for e, m in zip(entry.tolist(), member.tolist(), strict=True)
        ),
    )


def find_parts(pairs: Iterable[tuple[Entry, Member]]) -> list[set[Entry]]:
    """Return the groups of entries that are connected by members, the largest first."""
    root: dict = {}

    def find(node):
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    pairs = list(pairs)
    for entry, member in pairs:
        root[find(("entry", entry))] = find(("member", member))
    parts: dict = {}
    for entry, _member in pairs:
        parts.setdefault(find(("entry", entry)), set()).add(entry)
    return sorted(parts.values(), key=len, reverse=True)


def agreement(entry, total) -> float | None:
    """Return Krippendorff's alpha for interval data, or None where it isn't defined.

    1 is full agreement, 0 what chance would give. Entries with a single sheet tell
    nothing and are left out; without two differing scores there is no alpha.

    Alpha is 1 − observed / expected disagreement, the means of the squared differences
    within entries and among all values (Krippendorff, "Content Analysis", ch. 12). The
    squared differences of n values sum up to 2 n times their squared distances from the
    mean, so that no pair needs to be looked at.

    :param entry: the whole number of the entry of each score
    :param total: the scores
    """
    import numpy as np

    entry, total = np.asarray(entry, dtype=np.intp), np.asarray(total, dtype=float)
    paired = np.bincount(entry, minlength=1)[entry] > 1
    entry, total = entry[paired], total[paired]
    count = len(total)
    if not count or total.min() == total.max():
        return None
    # distances from the mean first: they keep the digits that squares of totals lose
    total = total - total.mean()
    sizes = np.bincount(entry)
    used = sizes > 1
    means = np.divide(np.bincount(entry, total), sizes, where=used, out=sizes * 0.0)
    within = np.bincount(entry, (total - means[entry]) ** 2)
    observed = (sizes[used] / (sizes[used] - 1) * within[used]).sum() / count
    expected = (total**2).sum() / (count - 1)
    return float(1 - observed / expected)


class Outcome:
    """What each entry gets with given points: a prize, a place above the line.

    :param competing: the numbers of the entries that compete
    :param ties: for each of them, what breaks ties, greater for the better
    :param fields: for each of them, its field
    :param overrides: {number of the entry: the place that the chair set}
    :param ladders: the prizes of each field, or of all fields where it is False, in
        the order in which they are given; the floors are scores, and whom a prize is
        open to is told by the place in `competing`
    :param passing: the pass mark, a score
    :param slots: how many places are above the cut-off line (0: all)
    :param digits: decimals of a score
    """

    def __init__(
        self, competing, ties, fields, overrides, ladders, passing, slots, digits=2
    ):
        import numpy as np

        self.competing = np.asarray(competing, dtype=np.intp)
        self.ties = np.asarray(ties, dtype=np.int64)
        self.fields = np.asarray(fields, dtype=np.int64)
        position = {number: p for p, number in enumerate(self.competing.tolist())}
        self.overrides = {position[n]: place for n, place in overrides.items()}

        def to_points(score):
            return math.ceil(scoring.to_decimal(score).scaleb(digits))

        self.ladders = [
            (field, [prize._replace(floor=to_points(prize.floor)) for prize in prizes])
            for field, prizes in ladders
        ]
        self.passing, self.slots = to_points(passing), slots

    def __call__(self, points):
        """Return the keys of the prizes, and who is above the line, as two columns.

        Who doesn't compete has neither.
        """
        import numpy as np

        own = points[self.competing]
        places = self.rank(own)
        won = np.zeros(len(own), dtype=np.int64)
        for field, ladder in self.ladders:
            open_to = won == 0
            if field:
                open_to &= self.fields == field
            for key, prize in self._allocate(open_to, own, places, ladder).items():
                won[key] = prize
        prizes = np.zeros(len(points), dtype=np.int64)
        above = np.zeros(len(points), dtype=bool)
        prizes[self.competing] = won
        high = own >= self.passing
        if self.slots:
            high &= places <= self.slots
        above[self.competing] = high
        return prizes, above

    def rank(self, points):
        """Return the places of those who compete, as :func:`ranking.rank_by` does."""
        import numpy as np

        natural = np.lexsort((-self.ties, -points))
        if self.overrides:
            moved = set(self.overrides)
            natural = natural[[key not in moved for key in natural.tolist()]]
        order = natural.tolist()
        for key, place in sorted(self.overrides.items(), key=lambda item: item[1]):
            order.insert(min(max(place, 1), len(order) + 1) - 1, key)
        places = np.zeros(len(points), dtype=np.int64)
        places[order] = np.arange(1, len(order) + 1)
        if len(natural):
            merits = np.stack([points[natural], self.ties[natural]])
            differs = (np.diff(merits, axis=1, prepend=merits[:, :1]) != 0).any(axis=0)
            leader = np.maximum.accumulate(np.arange(len(natural)) * differs)
            places[natural] = places[natural[leader]]
        return places

    @staticmethod
    def _allocate(open_to, points, places, ladder):
        """Return who gets which prize, looking at the foremost alone.

        Of those who reach a floor, no more than there are prizes can get one; who is
        equal to the last of them may leave a tie open.
        """
        import numpy as np

        # where a prize takes all, or not everybody, the foremost aren't enough
        bounded = all(prize.slots and prize.open_to is None for prize in ladder)
        slots = sum(prize.slots for prize in ladder) if bounded else 0
        foremost: set[int] = set()
        for floor in {prize.floor for prize in ladder}:
            able = np.flatnonzero(open_to & (points >= floor))
            if slots and len(able) > slots:
                last = np.partition(places[able], slots - 1)[slots - 1]
                able = able[places[able] <= last]
            foremost.update(able.tolist())
        keys = sorted(foremost)
        try:
            return ranking.allocate(
                {key: int(places[key]) for key in keys},
                {key: int(points[key]) for key in keys},
                ladder,
            )
        except ranking.UnresolvedTie as tie:
            return dict.fromkeys(tie.keys, TIE)


def find_changes(
    sheets: Sheets,
    official: str,
    points: Mapping[str, "np.ndarray"],
    outcome: Callable,
    digits: int = 2,
    extras=0,
) -> tuple[dict[str, list[Change]], dict[Member, list[Change]]]:
    """Return whose prize or place above the line hangs on how is counted, or on whom.

    :param official: the method of the contest's rules, by which the score of an entry
        hangs on its own sheets alone
    :param points: the points by each method, the official one among them
    :param outcome: tells what each entry gets with given points, as an `Outcome` does
    :param extras: what `points` have of each entry besides its sheets, in whole numbers
    :return: the changes by method, and by the member that is left out
    """
    import numpy as np

    prizes, above = outcome(points[official])

    def compare(other_points):
        if np.array_equal(other_points, points[official]):
            return []
        other_prizes, other_above = outcome(other_points)
        return [
            Change(
                sheets.entries[number],
                Result(int(prizes[number]), bool(above[number])),
                Result(int(other_prizes[number]), bool(other_above[number])),
            )
            for number in np.flatnonzero(
                (prizes != other_prizes) | (above != other_above)
            ).tolist()
        ]

    by_method = {
        method: compare(other) for method, other in points.items() if method != official
    }
    several = np.bincount(sheets.entry, minlength=1) > 1
    changes = {}
    for number, member in enumerate(sheets.members):
        own = sheets.member == number
        seen = np.zeros(len(sheets.entries), dtype=bool)
        # an entry whose only sheet this was keeps it: there is nothing to compare
        seen[sheets.entry[own]] = True
        seen &= several
        rest = _count_rest(
            sheets, official, digits, np.flatnonzero(seen[sheets.entry] & ~own)
        )
        changes[member] = compare(np.where(seen, rest + extras, points[official]))
    return by_method, changes
