"""Who reviews what: a min-cost assignment, proven optimal, and the same each time.

Each entry gets the reviewers that it needs, from the members it may be given to. In
this order of weight, the proposal

1. leaves as few reviews unassigned as the hard rules allow,
2. uses as few soft conflicts as possible,
3. balances the members' loads, at a cost that rises with each further entry, against
   the match of an entry's field with a member's expertise.

Hard rules: no pair in a hard conflict, no member above the most entries agreed, and at
most one member from the authors' unit for an entry.

Entries that cost the same with every member are one class. The model is a flow from the
classes, each with a node for the members of its authors' unit, through the members to
the steps of their load. A flow's linear program has whole numbers at its corners, so no
branching is needed. HiGHS solves it over a few of the pairs, and over those that its
prices show to be worth it, until none is left: that proves the optimum. What a class
got is then dealt out to its entries.

Why HiGHS: see docs/dev/architecture.md; bench/bench_assignment.py has the figures.
"""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass

#: What a member's k-th entry costs is LOAD_COST × (2k − 1): loads that differ by d cost
#: LOAD_COST × 2d more for the busier member.
LOAD_COST = 1
#: A member who names no field takes any, but experts come first while their load is
#: not above that of others by more than GENERALIST_COST / 2.
GENERALIST_COST = 4
#: A member of other fields comes last, unless experts have 6 entries more.
MISMATCH_COST = 12

#: How many pairs for each review that a class needs are looked at first, and how many
#: at most are added to them at a time.
FIRST_PAIRS, MORE_PAIRS = 3, 8

#: Why an entry can't get all its reviewers; the rule to relax.
CONFLICTS, UNIT, LOADS = "conflicts", "unit", "loads"

Pair = tuple[int, int]


@dataclass(frozen=True)
class Entry:
    """An entry that needs `needed` further reviewers."""

    key: int
    needed: int
    field: Hashable = None


@dataclass(frozen=True)
class Member:
    """A member who scores, with `load` entries already and at most `max_load` (0: any).

    Without `fields` a member takes any field.
    """

    key: int
    load: int = 0
    max_load: int = 0
    fields: frozenset = frozenset()


@dataclass(frozen=True)
class Shortage:
    """An entry that can't get all its reviewers.

    `rules` names what to relax; `full` are the members whose load stands in the way.
    """

    entry: int
    missing: int
    rules: tuple[str, ...]
    candidates: int
    full: tuple[int, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """The pairs to assign; `cost` is that of the proposal in whole numbers."""

    pairs: tuple[Pair, ...]
    shortages: tuple[Shortage, ...]
    cost: int
    loads: dict[int, int]


def propose(
    entries: Iterable[Entry],
    members: Iterable[Member],
    *,
    blocked: Collection[Pair] = (),
    taken: Collection[Pair] = (),
    soft: Collection[Pair] = (),
    same_unit: Collection[Pair] = (),
    pinned: Collection[Pair] = (),
) -> Proposal:
    """Return the best assignment of `members` to `entries`.

    :param blocked: (entry, member) pairs that may not be: hard conflicts, and those
        taken out by hand
    :param taken: pairs that are assigned already; they stay, are not proposed again
        and count for the rule of the unit (the members' loads tell them already)
    :param soft: pairs in a soft conflict, proposed where it can't be helped
    :param same_unit: pairs of an entry with members of its authors' unit
    :param pinned: pairs to be in the proposal whatever they cost; a pinned pair uses
        one of the needed reviews
    :raises ValueError: for a pinned pair that is blocked, taken or unknown
    """
    problem = _Problem(entries, members, blocked, taken, soft, same_unit, pinned)
    return problem.solve()


class _Flow:
    """The linear program: classes of entries flow through members to steps of load.

    :param costs: what a pair costs, classes by members
    :param allowed: the pairs that may be
    :param unit: the pairs of which a class's entry may have one
    :param sizes: how many entries a class has
    :param needs: how many reviews each of its entries needs
    :param loads: what the members have already
    :param rooms: how many more they may take
    :param short_cost: what a missing review costs
    """

    def __init__(self, costs, allowed, unit, sizes, needs, loads, rooms, short_cost):
        import numpy as np

        self.np = np
        self.costs, self.allowed, self.unit = costs, allowed, unit
        self.sizes, self.needs = sizes, needs
        self.loads, self.rooms, self.short_cost = loads, rooms, short_cost
        self.class_count, self.member_count = costs.shape
        # a row for the unit is needed only where two of its members could be taken
        self.crowded = np.flatnonzero((unit & allowed).sum(axis=1) > 1)
        self.unit_row = np.zeros(self.class_count, dtype=np.int64)
        self.unit_row[self.crowded] = (
            self.class_count + self.member_count + np.arange(len(self.crowded))
        )
        self.limited = unit & allowed & (self.unit_row > 0)[:, None]
        # the same numbers each time, so that the same entries go to the same members
        self.mix = np.random.default_rng(19).random(costs.shape)

    def solve(self):
        """Return how many entries of each class each member gets, and the prices.

        The prices, one for each row of the program, prove that nothing is cheaper.

        :raises RuntimeError: where HiGHS finds no optimum, which is always there
        """
        # imported here, as few of Odoo's processes ever assign reviewers
        import highspy

        np = self.np
        self.solver = highspy.Highs()
        self.solver.silent()
        self.solver.setOptionValue("threads", 1)
        self.pairs = np.zeros(0, dtype=np.int64)
        self._add_rows()
        self._add_shortages()
        self.steps = np.zeros(self.member_count, dtype=np.int64)
        fair = int((self.sizes * self.needs).sum() + self.loads.sum())
        fair = fair * 5 // max(4 * self.member_count, 1) + 2
        self._add_steps(np.maximum(fair - self.loads, 1))
        self._add_pairs(self._choose_first())
        while True:
            self.solver.run()
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise RuntimeError("HiGHS found no optimum")
            prices = np.array(self.solver.getSolution().row_dual)
            more = self._choose_more(prices)
            deeper = self._choose_deeper(prices)
            if not more.any() and not deeper.any():
                break
            self._add_steps(deeper)
            self._add_pairs(more)
        amounts = np.zeros(self.costs.shape, dtype=np.int64)
        values = np.array(self.solver.getSolution().col_value)
        amounts.flat[self.pairs] = values[self.columns].round()
        return amounts, prices

    # ROWS AND COLUMNS

    def _add_rows(self):
        """Add a row for each class, member and crowded unit."""
        np = self.np
        demand = (self.sizes * self.needs).astype(float)
        idle, most = np.zeros(self.member_count), self.sizes[self.crowded].astype(float)
        lower = np.concatenate([demand, idle, np.zeros(len(most))])
        upper = np.concatenate([demand, idle, most])
        none = np.zeros(0, dtype=np.int32)
        starts = np.zeros(len(lower), dtype=np.int32)
        self.solver.addRows(len(lower), lower, upper, 0, starts, none, np.zeros(0))
        self.columns = np.zeros(0, dtype=np.int64)

    def _add_columns(self, costs, most, entries):
        """Add columns.

        :param entries: for each entry of the matrix its column, row and value
        """
        np = self.np
        column, row, value = (
            np.concatenate(part) for part in zip(*entries, strict=True)
        )
        order = np.argsort(column, kind="stable")
        starts = np.searchsorted(column[order], np.arange(len(costs)))
        self.solver.addCols(
            len(costs),
            costs.astype(float),
            np.zeros(len(costs)),
            most.astype(float),
            len(order),
            starts.astype(np.int32),
            row[order].astype(np.int32),
            value[order].astype(float),
        )

    def _add_shortages(self):
        np = self.np
        number = np.arange(self.class_count)
        self._add_columns(
            np.full(self.class_count, self.short_cost),
            self.sizes * self.needs,
            [(number, number, np.ones(self.class_count))],
        )

    def _add_steps(self, more):
        """Let members take up to `more` further entries than now, as room allows."""
        np = self.np
        more = np.minimum(more, self.rooms - self.steps)
        owner = np.repeat(np.arange(self.member_count), more)
        if not len(owner):
            return
        step = np.arange(len(owner)) - (np.cumsum(more) - more)[owner]
        step += self.steps[owner]
        number = np.arange(len(owner))
        self._add_columns(
            LOAD_COST * (2 * (self.loads[owner] + 1 + step) - 1),
            np.ones(len(owner)),
            [(number, self.class_count + owner, -np.ones(len(owner)))],
        )
        self.steps += more

    def _add_pairs(self, chosen):
        np = self.np
        row, member = np.nonzero(chosen)
        if not len(row):
            return
        number = np.arange(len(row))
        limited = self.limited[row, member]
        first = self.solver.getNumCol()
        ones = np.ones(len(row))
        self._add_columns(
            self.costs[row, member],
            self.sizes[row],
            [
                (number, row, ones),
                (number, self.class_count + member, ones),
                (number[limited], self.unit_row[row[limited]], ones[limited]),
            ],
        )
        self.columns = np.concatenate([self.columns, first + number])
        self.pairs = np.concatenate([self.pairs, row * self.member_count + member])

    # PRICING

    def _choose_first(self):
        """Return some pairs of each class, cheap ones and others."""
        spread = MISMATCH_COST + GENERALIST_COST
        values = self.np.where(
            self.allowed, self.costs + spread * self.mix, self.np.inf
        )
        return self._pick(values, FIRST_PAIRS * int(self.needs.max(initial=1)))

    def _choose_more(self, prices):
        """Return the pairs left out that would make the proposal cheaper."""
        np = self.np
        middle = self.class_count + self.member_count
        reduced = self.costs - prices[: self.class_count, None]
        reduced -= prices[None, self.class_count : middle]
        reduced -= np.where(self.limited, prices[self.unit_row][:, None], 0)
        cheaper = self.allowed & (reduced < -0.5)
        cheaper.flat[self.pairs] = False
        return self._pick(np.where(cheaper, reduced + self.mix, np.inf), MORE_PAIRS)

    def _choose_deeper(self, prices):
        """Return how many more steps to offer: as many again where one would pay."""
        np = self.np
        price = prices[self.class_count : self.class_count + self.member_count]
        step = LOAD_COST * (2 * (self.loads + 1 + self.steps) - 1)
        return np.where(
            (self.steps < self.rooms) & (step + price < -0.5), self.steps, 0
        )

    def _pick(self, values, count):
        """Return which `count` values of each row are least; never an infinite one."""
        np = self.np
        chosen = np.isfinite(values)
        if count < self.member_count:
            least = np.argpartition(values, count - 1, axis=1)[:, :count]
            few = np.zeros_like(chosen)
            np.put_along_axis(few, least, True, axis=1)
            chosen &= few
        return chosen


class _Problem:
    """One assignment, in tables of entries by members."""

    def __init__(self, entries, members, blocked, taken, soft, same_unit, pinned):
        import numpy as np

        self.np = np
        self.entries = sorted(entries, key=lambda entry: entry.key)
        self.members = sorted(members, key=lambda member: member.key)
        self.rows = {entry.key: row for row, entry in enumerate(self.entries)}
        self.columns = {member.key: col for col, member in enumerate(self.members)}
        self.pinned = sorted(set(pinned))
        unknown = [
            pair
            for pair in self.pinned
            if pair[0] not in self.rows or pair[1] not in self.columns
        ]
        if unknown or set(self.pinned) & (set(blocked) | set(taken)):
            raise ValueError("a pinned pair is blocked, taken or unknown")

        # what breaks ties hangs on the records alone, not on how they are ordered
        self.entry_keys = np.array([e.key for e in self.entries], dtype=np.uint64)
        self.member_keys = np.array([m.key for m in self.members], dtype=np.uint64)
        fixed = self._matrix(self.pinned)
        unit = self._matrix(same_unit)
        used_unit = (unit & (fixed | self._matrix(taken))).any(axis=1)
        self.eligible = ~(self._matrix(blocked) | self._matrix(taken) | fixed)
        # who is out by the rule of the unit is out before the solver looks
        self.unit_full = self.eligible & unit & used_unit[:, None]
        allowed = self.eligible & ~self.unit_full
        self.unit = unit & allowed

        self.need = np.array([entry.needed for entry in self.entries], dtype=int)
        self.need = np.maximum(self.need - fixed.sum(axis=1), 0)
        self.load = np.array([member.load for member in self.members], dtype=int)
        self.load = self.load + fixed.sum(axis=0)
        limits = np.array([member.max_load for member in self.members], dtype=int)
        room = np.where(
            limits > 0, np.maximum(limits - self.load, 0), len(self.entries)
        )
        allowed &= (self.need > 0)[:, None]
        self.room = np.minimum(room, allowed.sum(axis=0))
        self.allowed = allowed
        self._set_costs(self._matrix(soft))

    def _matrix(self, pairs):
        """Return the pairs that are known as a table of entries by members."""
        table = self.np.zeros((len(self.entries), len(self.members)), dtype=bool)
        known = [
            (self.rows[entry], self.columns[member])
            for entry, member in pairs
            if entry in self.rows and member in self.columns
        ]
        if known:
            rows, columns = zip(*known, strict=True)
            table[list(rows), list(columns)] = True
        return table

    def _set_costs(self, soft):
        np = self.np
        by_field = {
            field: [
                0
                if field in member.fields
                else (MISMATCH_COST if member.fields else GENERALIST_COST)
                for member in self.members
            ]
            for field in {entry.field for entry in self.entries}
        }
        match = np.array(
            [by_field[entry.field] for entry in self.entries], dtype=int
        ).reshape(len(self.entries), len(self.members))
        # One conflict (or shortage) less changes, along the way by which the pairs are
        # exchanged, at most two pairs of each member (or entry) and two steps of load.
        # A weight above all that makes it come first.
        top_step = LOAD_COST * (2 * int((self.load + self.room).max(initial=0)) + 1)
        around = 2 * min(len(self.members), len(self.entries)) + 2
        self.soft_cost = around * MISMATCH_COST + top_step + 1
        self.short_cost = around * (MISMATCH_COST + self.soft_cost) + top_step + 1
        self.cost = match + soft * self.soft_cost

    # SOLVING

    def solve(self):
        np = self.np
        chosen = np.zeros(self.allowed.shape, dtype=bool)
        if self.need.any() and self.members:
            chosen = self._choose()
        missing = self.need - chosen.sum(axis=1)
        loads = self.load + chosen.sum(axis=0)
        pairs = [
            (self.entries[row].key, self.members[column].key)
            for row, column in zip(*np.nonzero(chosen), strict=True)
        ]
        steps = LOAD_COST * (loads**2 - self.load**2)
        cost = int(self.cost[chosen].sum() + steps.sum())
        cost += int(missing.sum()) * self.short_cost
        return Proposal(
            pairs=tuple(sorted([*self.pinned, *pairs])),
            shortages=tuple(self._explain(missing, loads)),
            cost=cost,
            loads={
                member.key: int(load)
                for member, load in zip(self.members, loads, strict=True)
            },
        )

    def _choose(self):
        """Return the table of the pairs to assign."""
        np = self.np
        groups = self.classify()
        amounts, _prices = self.build(groups).solve()
        chosen = np.zeros(self.allowed.shape, dtype=bool)
        for group, shares in zip(groups, amounts, strict=True):
            self._deal(group, shares, chosen)
        return chosen

    def build(self, groups):
        """Return the flow of the classes."""
        np = self.np
        first = np.array([group[0] for group in groups])
        return _Flow(
            self.cost[first],
            self.allowed[first],
            self.unit[first],
            np.array([len(group) for group in groups]),
            self.need[first],
            self.load,
            self.room,
            self.short_cost,
        )

    def classify(self):
        """Return the rows of the entries that need reviews, by what they cost."""
        np = self.np
        table = np.column_stack(
            [np.where(self.allowed, self.cost, -1), self.unit, self.need]
        )
        groups = {}
        for row in np.flatnonzero(self.need):
            groups.setdefault(table[row].tobytes(), []).append(row)
        return list(groups.values())

    def _deal(self, group, shares, chosen):
        """Deal the members' shares in a class out to its entries.

        Each entry takes from the members with most left; so none of them is left with
        more than there are entries (Gale and Ryser). The members of the authors' unit
        are dealt as one. Ties are broken by a number of entry and member, so that all
        members meet.
        """
        np = self.np
        if len(group) == 1:
            chosen[group[0]] = shares > 0
            return
        unit = np.flatnonzero(self.unit[group[0]])
        left = shares.copy()
        for dealt, row in enumerate(group):
            amount = -(-int(left.sum()) // (len(group) - dealt))
            offer = left.copy()
            if len(unit):
                offer[unit] = 0
                offer[unit[left[unit].argmax()]] = left[unit].sum()
            order = np.lexsort((self._get_ties(row), -offer))[:amount]
            left[order] -= 1
            chosen[row, order] = True

    def _get_ties(self, row):
        """Return a number for the entry with each member, the same on each run."""
        np = self.np
        mixed = self.entry_keys[row : row + 1] * np.uint64(0x9E3779B97F4A7C15)
        mixed = mixed + self.member_keys * np.uint64(0xC2B2AE3D27D4EB4F)
        for shift, factor in ((29, 0xBF58476D1CE4E5B9), (32, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return mixed

    # EXPLAINING

    def _explain(self, missing, loads):
        """Yield the entries that come short, the worst first, and what to relax."""
        np = self.np
        room_left = (self.load + self.room - loads) > 0
        limited = np.array([member.max_load > 0 for member in self.members], dtype=bool)
        order = sorted(
            np.flatnonzero(missing > 0), key=lambda row: (-missing[row], row)
        )
        for row in order:
            needed = int(self.need[row])
            eligible = self.eligible[row]
            free = self.allowed[row]
            most = int((free & ~self.unit[row]).sum())
            most += int((free & self.unit[row]).any())
            rules = []
            if int(eligible.sum()) < needed:
                rules.append(CONFLICTS)
            elif most < needed:
                rules.append(UNIT)
            full = free & ~room_left & limited
            if needed - int(missing[row]) < min(most, needed):
                rules.append(LOADS)
            yield Shortage(
                entry=self.entries[row].key,
                missing=int(missing[row]),
                rules=tuple(rules),
                candidates=int(eligible.sum()),
                full=tuple(self.members[column].key for column in np.flatnonzero(full))
                if LOADS in rules
                else (),
            )
