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
    by_entry: dict[Entry, list] = {}
    by_member: dict[Member, list] = {}
    for (entry, member), total in sheets.items():
        by_entry.setdefault(entry, []).append((member, float(total)))
        by_member.setdefault(member, []).append((entry, float(total)))
    severity = dict.fromkeys(by_member, 0.0)
    quality: dict[Entry, float] = {}
    for _round in range(2000):
        quality = {
            entry: sum(total - severity[member] for member, total in given) / len(given)
            for entry, given in by_entry.items()
        }
        moved = 0.0
        for member, given in by_member.items():
            rest = sum(total - quality[entry] for entry, total in given)
            value = rest / (len(given) + shrink)
            moved = max(moved, abs(value - severity[member]))
            severity[member] = value
        if moved < 1e-9:
            break

    def rounded(values):
        return {
            key: scoring.round_half_up(Decimal(repr(round(value, 6))), digits)
            for key, value in values.items()
        }

    return Adjusted(rounded(quality), rounded(severity), find_parts(sheets))


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
    """
    counts: dict[Entry, int] = {}
    for entry, _member in sheets:
        counts[entry] = counts.get(entry, 0) + 1
    paired = {pair: float(v) for pair, v in sheets.items() if counts[pair[0]] > 1}
    if len(set(paired.values())) < 2:
        return None
    # imported here, as few of Odoo's processes ever analyse scores
    import krippendorff
    import numpy as np

    entries = {entry: n for n, entry in enumerate(dict.fromkeys(e for e, _m in paired))}
    members = {
        member: n for n, member in enumerate(dict.fromkeys(m for _e, m in paired))
    }
    table = np.full((len(members), len(entries)), np.nan)
    for (entry, member), value in paired.items():
        table[members[member], entries[entry]] = value
    return float(krippendorff.alpha(table, level_of_measurement="interval"))


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

    :param official: the method of the contest's rules
    :param outcome: tells what each entry gets with given scores
    :param methods: other methods to count by
    :return: the changes by method, and by the member that is left out
    """
    entries = list(dict.fromkeys(entry for entry, _member in sheets))
    before = outcome(score(sheets, official, digits, entries))

    def compare(scores):
        after = outcome(scores)
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
    by_member = {}
    for member in dict.fromkeys(member for _entry, member in sheets):
        rest = {pair: total for pair, total in sheets.items() if pair[1] != member}
        # an entry whose only sheet this was keeps it: there is nothing to compare
        kept = {entry for entry, _member in rest}
        rest.update({pair: t for pair, t in sheets.items() if pair[0] not in kept})
        by_member[member] = compare(score(rest, official, digits, entries))
    return by_method, by_member
