"""Measure solvers on the assignment of reviewers: which one, and is it fast enough?

    python -m venv /tmp/bench
    /tmp/bench/bin/pip install highspy scipy ortools networkx
    taskset -c 0,1 /tmp/bench/bin/python bench/bench_assignment.py [--solvers]

Two contests of each size: one in which entries of a field and a unit are alike, and one
in which each entry has conflicts of its own, so that hardly two are. `propose()` is the
whole of what a proposal takes. With `--solvers`, every solver gets the same flow, with
all its pairs and the same costs in whole numbers, and all must find the same cost.
"""

import argparse
import importlib.util
import random
import resource
import subprocess
import sys
import time
from functools import partial
from importlib import metadata, util
from pathlib import Path

import bench_head
import numpy as np

LIB = Path(__file__).parents[1] / "hoithi_contest" / "lib" / "council" / "assignment.py"
spec = importlib.util.spec_from_file_location("assignment", LIB)
assignment = importlib.util.module_from_spec(spec)
sys.modules["assignment"] = assignment
spec.loader.exec_module(assignment)

#: entries, members, reviews an entry
SIZES = [(57, 11, 3), (300, 40, 3), (2000, 120, 3), (400, 5000, 3), (20000, 120, 3)]
FIELDS = range(6)
UNITS = range(20)
#: The most pairs with which a solver is tried, so that the bench comes to an end.
MANY, FEW = 250_000, 12_000


def make(entry_count, member_count, needed, conflicts=0.03, seed=19):
    """A contest with units, fields, loads that differ and a few conflicts."""
    chance = random.Random(seed)
    member_units = {m: chance.choice(UNITS) for m in range(1, member_count + 1)}
    most = 2 * entry_count * needed // member_count
    members = [
        assignment.Member(
            key,
            max_load=chance.choice((0, 0, most)),
            fields=frozenset(chance.sample(FIELDS, chance.choice((0, 1, 2)))),
        )
        for key in member_units
    ]
    entries, blocked, unit, soft = [], set(), set(), set()
    for key in range(1, entry_count + 1):
        entries.append(assignment.Entry(key, needed, chance.choice(FIELDS)))
        home = chance.choice(UNITS)
        for member, member_unit in member_units.items():
            if conflicts and chance.random() < conflicts:
                blocked.add((key, member))
            elif member_unit == home:
                unit.add((key, member))
                soft.add((key, member))
    return entries, members, {"blocked": blocked, "soft": soft, "same_unit": unit}


# THE SAME FLOW FOR ALL SOLVERS


class Network:
    """The flow with all its pairs and steps, as arcs; `amount` goes from 0 to 1."""

    def __init__(self, flow):
        classes, members = flow.costs.shape
        row, member = np.nonzero(flow.allowed)
        first_unit = 2 + classes
        first_member = first_unit + classes
        node = np.where(flow.limited[row, member], first_unit + row, 2 + row)
        fair = int((flow.sizes * flow.needs).sum()) * 2 // members + 2
        steps = np.minimum(flow.rooms, fair)
        owner = np.repeat(np.arange(members), steps)
        step = np.arange(len(owner)) - (np.cumsum(steps) - steps)[owner]
        every, crowded = np.arange(classes), flow.crowded
        demand = flow.sizes * flow.needs
        arcs = [
            (node, first_member + member, flow.sizes[row], flow.costs[row, member]),
            (first_member + owner, 1, 1, 2 * (flow.loads[owner] + 1 + step) - 1),
            (0, 2 + every, demand, 0),
            (2 + every, 1, demand, flow.short_cost),
            (2 + crowded, first_unit + crowded, flow.sizes[crowded], 0),
        ]
        arcs = [np.broadcast_arrays(*map(np.atleast_1d, arc)) for arc in arcs]
        self.tails, self.heads, self.capacities, self.costs = (
            np.concatenate(column).astype(np.int64)
            for column in zip(*arcs, strict=True)
        )
        self.nodes, self.amount = first_member + members, int(demand.sum())
        self.pairs = len(row)

    def get_incidence(self):
        arcs = np.arange(len(self.costs))
        supply = np.zeros(self.nodes)
        supply[0], supply[1] = self.amount, -self.amount
        return arcs, supply


def solve_highspy(network):
    import highspy

    solver = highspy.Highs()
    solver.silent()
    _arcs, supply = network.get_incidence()
    count = len(network.costs)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, network.nodes
    program.col_cost_ = network.costs.astype(float)
    program.col_lower_ = np.zeros(count)
    program.col_upper_ = network.capacities.astype(float)
    program.row_lower_ = program.row_upper_ = supply
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.arange(0, 2 * count + 1, 2)
    program.a_matrix_.index_ = np.column_stack([network.tails, network.heads]).ravel()
    program.a_matrix_.value_ = np.tile([1.0, -1.0], count)
    solver.passModel(program)
    solver.run()
    return round(solver.getInfo().objective_function_value)


def solve_scipy(network, method):
    from scipy import sparse
    from scipy.optimize import linprog

    arcs, supply = network.get_incidence()
    rows = np.concatenate([network.tails, network.heads])
    signs = np.repeat([1, -1], len(arcs))
    matrix = sparse.csr_matrix((signs, (rows, np.concatenate([arcs, arcs]))))
    bounds = np.column_stack([np.zeros(len(arcs)), network.capacities])
    result = linprog(
        network.costs, A_eq=matrix, b_eq=supply, bounds=bounds, method=method
    )
    return round(result.fun)


def solve_ortools(network):
    from ortools.graph.python import min_cost_flow

    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        network.tails, network.heads, network.capacities, network.costs
    )
    solver.set_node_supply(0, network.amount)
    solver.set_node_supply(1, -network.amount)
    if solver.solve() != solver.OPTIMAL:
        return None
    return solver.optimal_cost()


def solve_networkx(network):
    import networkx

    graph = networkx.MultiDiGraph()
    graph.add_node(0, demand=-network.amount)
    graph.add_node(1, demand=network.amount)
    columns = (network.tails, network.heads, network.capacities, network.costs)
    for tail, head, capacity, cost in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        graph.add_edge(tail, head, capacity=capacity, weight=cost)
    return networkx.network_simplex(graph)[0]


#: name, package, function, most pairs with which it is tried
SOLVERS = [
    ("highspy", "highspy", solve_highspy, MANY),
    ("ortools SimpleMinCostFlow", "ortools", solve_ortools, 10 * MANY),
    ("scipy linprog", "scipy", partial(solve_scipy, method="highs-ds"), MANY),
    ("networkx network_simplex", "networkx", solve_networkx, FEW),
]


def weigh(package):
    """Return the MB that a package and what it needs besides numpy take on the disk."""
    names, left = set(), [package]
    while left:
        name = left.pop()
        if name in names or name == "numpy":
            continue
        names.add(name)
        left += [
            need.split(";")[0].strip().partition(" ")[0].rstrip("<>=!~.0123456789,")
            for need in metadata.requires(name) or []
            if "extra ==" not in need
        ]
    paths = {
        str(file.locate()) for name in names for file in metadata.files(name) or []
    }
    return sum(Path(p).stat().st_size for p in paths if Path(p).exists()) / 1e6


def compare(flow):
    """Give the same flow to all solvers that are there."""
    network = Network(flow)
    print(
        f"  {network.pairs} pairs, {network.nodes} nodes, {len(network.costs)} arcs",
        flush=True,
    )
    costs = set()
    for name, package, solver, most in SOLVERS:
        if network.pairs > most or not util.find_spec(package):
            continue
        clock, cpu = time.perf_counter(), time.process_time()
        cost = solver(network)
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
        costs.add(cost)
        print(
            f"    {name:26} {clock:7.2f} s ({cpu:7.2f} s of processor)  "
            f"cost {cost or 'not found'}",
            flush=True,
        )
    costs.discard(None)
    if len(costs) > 1:
        raise SystemExit("the solvers don't agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--solvers", action="store_true", help="compare the solvers")
    parser.add_argument("--case", help="size,conflicts: measure one alone")
    arguments = parser.parse_args()
    if not arguments.case:
        print(bench_head.describe(), flush=True)
        for _name, package, _solver, _most in SOLVERS:
            if util.find_spec(package):
                version = metadata.version(package)
                print(f"{package} {version}: {weigh(package):.0f} MB without numpy")
        # each in a process of its own, so that each peak of memory is its own
        for size in range(len(SIZES)):
            for conflicts in (0, 0.03):
                command = [sys.executable, __file__, "--case", f"{size},{conflicts}"]
                command += ["--solvers"] * arguments.solvers
                subprocess.run(command, check=True)
        return
    size, conflicts = arguments.case.split(",")
    size = SIZES[int(size)]
    entries, members, rules = make(*size, float(conflicts))
    clock, cpu = time.perf_counter(), time.process_time()
    proposal = assignment.propose(entries, members, **rules)
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    problem = assignment._Problem(entries, members, taken=(), pinned=(), **rules)
    loads = sorted(proposal.loads.values())
    print(
        "{} entries × {} members × {}".format(*size),
        f"of {len(problem.classify())} classes: propose() {clock:.2f} s "
        f"({cpu:.2f} s of processor), {peak:.0f} MB; cost {proposal.cost}; "
        f"loads {loads[0]}–{loads[-1]}; short of reviewers: {len(proposal.shortages)}",
        flush=True,
    )
    if arguments.solvers:
        compare(problem.build(problem.classify()))


if __name__ == "__main__":
    main()
