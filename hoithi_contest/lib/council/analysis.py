"""What the sheets of a council say beyond their averages. Advice, never a result.

Nothing here changes a score: the official one is what `scoring.aggregate` makes of the
sheets by the rules of the contest.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from . import scoring

#: Sheets of average severity that each member is taken to have given besides the own
#: ones: a member with few sheets is judged severe or mild only a little.
SHRINK = 2.0
#: Krippendorff's own limits: below the lower one, conclusions aren't to be drawn.
ALPHA_GOOD, ALPHA_TENTATIVE = 0.8, 0.667

Entry = Hashable
Member = Hashable
Sheets = Mapping[tuple[Entry, Member], float | Decimal]


class Adjusted(NamedTuple):
    """Scores without the severity of those who gave them.

    `severity` is what a member gives above (mild) or below (severe) the others;
    `parts` are the groups of entries that no member in common connects: between groups
    neither raw nor adjusted scores compare.
    """

    scores: dict[Entry, Decimal]
    severity: dict[Member, Decimal]
    parts: list[set[Entry]]


class Change(NamedTuple):
    """What an entry gets under another way of counting."""

    entry: Entry
    before: Hashable
    after: Hashable


def median(totals: Iterable[float | Decimal], digits: int = 2) -> Decimal:
    """Return the middle sheet, or the mean of the two in the middle."""
    values = sorted(scoring.to_decimal(total) for total in totals)
    if not values:
        return Decimal(0)
    half = len(values) // 2
    middle = values[half : half + 1] if len(values) % 2 else values[half - 1 : half + 1]
    return scoring.round_half_up(sum(middle, Decimal(0)) / len(middle), digits)


def adjust(sheets: Sheets, digits: int = 2, shrink: float = SHRINK) -> Adjusted:
    """Fit score = quality of the entry + severity of the member, severity shrunken.

    Least squares with a ridge on the severities, by alternating means. Where every
    member scores every entry, the severities cancel out and the adjusted score is the
    mean.

    :param sheets: {(entry, member): total}
    :param shrink: weight of the ridge, in sheets
    """
    import numpy as np

    entries, members = {}, {}
    entry, member, total = _columns(sheets, entries, members)
    given, taken = np.bincount(entry), np.bincount(member) + shrink
    quality, severity = np.zeros(len(entries)), np.zeros(len(members))
    for _round in range(2000):
        quality = np.bincount(entry, total - severity[member]) / given
        before = severity
        severity = np.bincount(member, total - quality[entry]) / taken
        if not sheets or np.abs(severity - before).max() < 1e-9:
            break

    def rounded(keys, values):
        return {
            key: scoring.round_half_up(Decimal(repr(round(value, 6))), digits)
            for key, value in zip(keys, values.tolist(), strict=True)
        }

    return Adjusted(
        rounded(entries, quality), rounded(members, severity), find_parts(sheets)
    )


def _columns(sheets: Sheets, entries: dict[Entry, int], members: dict[Member, int]):
    """Return the sheets as arrays: numbers of entry and of member, and the totals.

    Numbers entries and members, in the order of the sheets, in the two dictionaries.
    """
    # imported here, as few of Odoo's processes ever analyse scores
    import numpy as np

    count = len(sheets)
    return (
        np.fromiter(
            (entries.setdefault(e, len(entries)) for e, _m in sheets), np.intp, count
        ),
        np.fromiter(
            (members.setdefault(m, len(members)) for _e, m in sheets), np.intp, count
        ),
        np.fromiter(map(float, sheets.values()), float, count),
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


def agreement(sheets: Sheets) -> float | None:
    """Return Krippendorff's alpha for interval data, or None where it isn't defined.

    1 is full agreement, 0 what chance would give. Entries with a single sheet tell
    nothing and are left out; without two differing scores there is no alpha.

    Alpha is 1 − observed / expected disagreement, the means of the squared differences
    within entries and among all values (Krippendorff, "Content Analysis", ch. 12). The
    squared differences of n values sum up to 2 n times their squared distances from the
    mean, so that no pair needs to be looked at.
    """
    import numpy as np

    entry, _member, total = _columns(sheets, {}, {})
    paired = np.bincount(entry, minlength=1)[entry] > 1
    entry, total = entry[paired], total[paired]
    count = len(total)
    if not count or total.min() == total.max():
        return None
    # distances from the mean first: they keep the digits that squares of totals lose
    total -= total.mean()
    sizes = np.bincount(entry)
    used = sizes > 1
    means = np.divide(np.bincount(entry, total), sizes, where=used, out=sizes * 0.0)
    within = np.bincount(entry, (total - means[entry]) ** 2)
    observed = (sizes[used] / (sizes[used] - 1) * within[used]).sum() / count
    expected = (total**2).sum() / (count - 1)
    return float(1 - observed / expected)


def score(
    sheets: Sheets, method: str, digits: int = 2, entries: Iterable[Entry] = ()
) -> dict[Entry, Decimal]:
    """Return the score of each entry by `method`.

    :param method: ``mean``, ``trimmed_mean``, ``median`` or ``adjusted``
    :param entries: entries that are in the result with 0 even where they have no sheet
    """
    if method == "adjusted":
        scores = adjust(sheets, digits).scores
    else:
        totals: dict[Entry, list] = {}
        for (entry, _member), total in sheets.items():
            totals.setdefault(entry, []).append(total)
        scores = {
            entry: median(values, digits)
            if method == "median"
            else scoring.aggregate(values, method, digits)
            for entry, values in totals.items()
        }
    return {**dict.fromkeys(entries, Decimal(0)), **scores}


def find_changes(
    sheets: Sheets,
    official: str,
    outcome: Callable[[dict[Entry, Decimal]], Mapping[Entry, Hashable]],
    methods: Sequence[str],
    digits: int = 2,
) -> tuple[dict[str, list[Change]], dict[Member, list[Change]]]:
    """Return whose prize or place above the line hangs on how is counted, or on whom.

    :param official: the method of the contest's rules, by which the score of an entry
        hangs on its own sheets alone
    :param outcome: tells what each entry gets with given scores
    :param methods: other methods to count by
    :return: the changes by method, and by the member that is left out
    """
    entries = list(dict.fromkeys(entry for entry, _member in sheets))
    scores = score(sheets, official, digits, entries)
    before = outcome(scores)

    def compare(other_scores):
        after = outcome(other_scores)
        return [
            Change(entry, before.get(entry), after.get(entry))
            for entry in entries
            if before.get(entry) != after.get(entry)
        ]

    by_method = {
        method: compare(score(sheets, method, digits, entries))
        for method in methods
        if method != official
    }
    by_entry: dict[Entry, dict] = {}
    by_member: dict[Member, list] = {}
    for (entry, member), total in sheets.items():
        by_entry.setdefault(entry, {})[member] = total
        by_member.setdefault(member, []).append(entry)
    changes = {}
    for member, seen in by_member.items():
        rest = {
            (entry, other): total
            for entry in seen
            # an entry whose only sheet this was keeps it: there is nothing to compare
            if len(by_entry[entry]) > 1
            for other, total in by_entry[entry].items()
            if other != member
        }
        changes[member] = compare({**scores, **score(rest, official, digits)})
    return by_method, changes
