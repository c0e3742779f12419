"""Who reviews what: a min-cost assignment, proven optimal, and the same each time.

Each entry gets the reviewers that it needs, from the members it may be given to. In
this order of weight, the proposal

1. leaves as few reviews unassigned as the hard rules allow,
2. uses as few soft conflicts as possible,
3. balances the members' loads, at a cost that rises with each further entry, against
   the match of an entry's field with a member's expertise.

Hard rules: no pair in a hard conflict, no member above the most entries agreed, and at
most one member from the authors' unit for an entry.

The model is a flow: from the entries, each with a node for the members of its authors'
unit, through the members to the steps of their load. A flow's linear program has whole
numbers at its corners, so no branching is needed; the duals of that program, found in
the tests apart from the solver, prove the optimum to the unit.

The solver is OR-tools' min-cost flow. bench/bench_assignment.py gives all solvers the
same network: for 2,000 entries × 120 members × 3, OR-tools takes 0.1 s of processor
time and scipy's HiGHS 3.3 to 4.5 s (linprog; milp is slower still); networkx takes
0.4 s for 300 × 40, where OR-tools takes 0.01 s. OR-tools also works in whole numbers,
so that ties break the same everywhere, and is released several times a year.
"""

import math
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

#: Numbers that break ties lie below it (12 bits).
TIE_LEVELS = 4096

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


class _Network:
    """A flow of `amount` from `source` to `sink` at the least cost."""

    def __init__(self, nodes, source, sink, amount, tails, heads, capacities, costs):
        self.nodes, self.source, self.sink, self.amount = nodes, source, sink, amount
        self.tails, self.heads = tails, heads
        self.capacities, self.costs = capacities, costs

    def solve(self):
        """Return the flow of each arc.

        :raises RuntimeError: where the solver finds no optimum
        """
        # imported here, as few of Odoo's processes ever assign reviewers
        from ortools.graph.python import min_cost_flow

        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            self.tails, self.heads, self.capacities, self.costs
        )
        solver.set_node_supply(self.source, self.amount)
        solver.set_node_supply(self.sink, -self.amount)
        status = solver.solve()
        if status != solver.OPTIMAL:
            raise RuntimeError(f"the solver found no optimum: {status}")
        return solver.flows(arcs)


class _Problem:
    """The linear program of one assignment, in arrays over the pairs allowed."""

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
        self.row, self.column = np.nonzero(allowed)
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
        # exchanged, at most two pairs of each member and two steps of load. A weight
        # above all that makes it come first.
        top_step = LOAD_COST * (2 * int((self.load + self.room).max(initial=0)) + 1)
        around = 2 * len(self.members)
        self.soft_cost = around * MISMATCH_COST + top_step + 1
        self.short_cost = around * (MISMATCH_COST + self.soft_cost) + top_step + 1
        cost = match + soft * self.soft_cost
        self.cost = cost[self.row, self.column]
        # Costs are scaled so that a number that hangs on the pair alone breaks ties:
        # all of them together weigh less than one unit of cost.
        self.scale = TIE_LEVELS * (1 + int(self.need.sum()))
        self.tie = self._get_ties()

    def _get_ties(self):
        """Return a number below TIE_LEVELS for each pair, the same on each run."""
        np = self.np
        entry_keys = np.array([entry.key for entry in self.entries], dtype=np.uint64)
        member_keys = np.array([member.key for member in self.members], dtype=np.uint64)
        mixed = entry_keys[self.row] * np.uint64(0x9E3779B97F4A7C15) + member_keys[
            self.column
        ] * np.uint64(0xC2B2AE3D27D4EB4F)
        for shift, factor in ((29, 0xBF58476D1CE4E5B9), (32, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return (mixed >> np.uint64(52)).astype(np.int64)

    # SOLVING

    def solve(self):
        np = self.np
        chosen = np.zeros(len(self.row), dtype=bool)
        if self.need.any():
            chosen = self._solve_growing()
        given = np.bincount(self.row[chosen], minlength=len(self.entries))
        added = np.bincount(self.column[chosen], minlength=len(self.members))
        missing = self.need - given
        loads = self.load + added
        pairs = [
            (self.entries[row].key, self.members[column].key)
            for row, column in zip(self.row[chosen], self.column[chosen], strict=True)
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

    def _solve_growing(self):
        """Solve with as many steps of load as matter.

        Steps get dearer one by one: where no member uses all the steps offered, more of
        them wouldn't be used either.
        """
        np = self.np
        total = int(self.need.sum() + self.load.sum())
        depth = 2 * math.ceil(total / max(len(self.members), 1)) + 2
        while True:
            steps = np.minimum(self.room, np.maximum(depth - self.load, 1))
            network = self.build(steps)
            flow = network.solve()
            chosen = flow[: len(self.row)] > 0
            added = np.bincount(self.column[chosen], minlength=len(self.members))
            if not ((added >= steps) & (steps < self.room)).any():
                return chosen
            depth *= 2

    def build(self, steps):
        """Return the network; its first arcs are the pairs.

        :param steps: how many further entries each member may take at most
        """
        np = self.np
        entry_count, member_count = len(self.entries), len(self.members)
        source, sink, first_entry = 0, 1, 2
        first_unit = first_entry + entry_count
        # a node for the unit is needed only where two of its members could be taken
        crowded = np.flatnonzero(self.unit.sum(axis=1) > 1)
        unit_node = np.zeros(entry_count, dtype=np.int64)
        unit_node[crowded] = first_unit + np.arange(len(crowded))
        first_member = first_unit + len(crowded)
        entry_nodes = first_entry + np.arange(entry_count)
        through_unit = self.unit[self.row, self.column] & (unit_node[self.row] > 0)

        owner = np.repeat(np.arange(member_count), steps)
        number = np.arange(len(owner)) - (np.cumsum(steps) - steps)[owner]
        step_cost = LOAD_COST * (2 * (self.load[owner] + 1 + number) - 1)
        arcs = [
            # tails, heads, capacities, costs: pairs
            (
                np.where(through_unit, unit_node[self.row], entry_nodes[self.row]),
                first_member + self.column,
                1,
                self.cost * self.scale + self.tie,
            ),
            (first_member + owner, sink, 1, step_cost * self.scale),
            (source, entry_nodes, self.need, 0),
            (entry_nodes, sink, self.need, self.short_cost * self.scale),
            (entry_nodes[crowded], unit_node[crowded], 1, 0),
        ]
        arcs = [np.broadcast_arrays(*map(np.atleast_1d, arc)) for arc in arcs]
        columns = [
            np.concatenate(column).astype(np.int64)
            for column in zip(*arcs, strict=True)
        ]
        nodes = first_member + member_count
        return _Network(nodes, source, sink, int(self.need.sum()), *columns)

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
