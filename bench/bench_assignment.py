"""Measure solvers on the assignment of reviewers: which one, and is it fast enough?

    python -m venv /tmp/bench && /tmp/bench/bin/pip install scipy ortools networkx
    taskset -c 0,1 /tmp/bench/bin/python bench/bench_assignment.py

Every solver gets the same network with the same costs in whole numbers, and all must
find the same cost. `propose()` is the whole of what a proposal takes: building the
network and solving it with tie-breaking.
"""

import argparse
import importlib.util
import random
import resource
import sys
import time
from functools import partial
from importlib import metadata
from pathlib import Path

LIB = Path(__file__).parents[1] / "hoithi_contest" / "lib" / "council" / "assignment.py"
spec = importlib.util.spec_from_file_location("assignment", LIB)
assignment = importlib.util.module_from_spec(spec)
sys.modules["assignment"] = assignment
spec.loader.exec_module(assignment)

#: entries, members, reviews an entry
SIZES = [(57, 11, 3), (300, 40, 3), (1000, 60, 3), (2000, 120, 3)]
FIELDS = range(6)
UNITS = range(20)


def make(entry_count, member_count, needed, seed=19):
    """A contest with units, fields, loads that differ and a few conflicts."""
    chance = random.Random(seed)
    member_units = {m: chance.choice(UNITS) for m in range(1, member_count + 1)}
    members = [
        assignment.Member(
            key,
            max_load=chance.choice((0, 0, 2 * entry_count * needed // member_count)),
            fields=frozenset(chance.sample(FIELDS, chance.choice((0, 1, 2)))),
        )
        for key in member_units
    ]
    entries, blocked, unit, soft = [], set(), set(), set()
    for key in range(1, entry_count + 1):
        entries.append(assignment.Entry(key, needed, chance.choice(FIELDS)))
        home = chance.choice(UNITS)
        for member, member_unit in member_units.items():
            if chance.random() < 0.03:
                blocked.add((key, member))
            elif member_unit == home:
                unit.add((key, member))
                soft.add((key, member))
    return entries, members, {"blocked": blocked, "soft": soft, "same_unit": unit}


def solve_linprog(network, method):
    """The flow as a linear program: a row for each node, a column for each arc."""
    from scipy.optimize import linprog

    matrix, supply = incidence(network)
    result = linprog(
        network.costs,
        A_eq=matrix,
        b_eq=supply,
        bounds=list(zip([0] * len(network.costs), network.capacities, strict=True)),
        method=method,
    )
    return round(result.fun)


def solve_milp(network):
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, supply = incidence(network)
    result = milp(
        network.costs,
        integrality=np.ones(len(network.costs)),
        bounds=Bounds(0, network.capacities),
        constraints=LinearConstraint(matrix, supply, supply),
        options={"time_limit": 60},
    )
    return round(result.fun) if result.status == 0 else None


def incidence(network):
    import numpy as np
    from scipy import sparse

    arcs = np.arange(len(network.costs))
    signs = np.repeat([1, -1], len(arcs))
    rows = np.concatenate([network.tails, network.heads])
    matrix = sparse.csr_matrix((signs, (rows, np.concatenate([arcs, arcs]))))
    supply = np.zeros(network.nodes)
    supply[network.source], supply[network.sink] = network.amount, -network.amount
    return matrix, supply


def solve_ortools(network):
    return int((network.solve() * network.costs).sum())


def solve_networkx(network):
    import networkx

    graph = networkx.MultiDiGraph()
    graph.add_node(network.source, demand=-network.amount)
    graph.add_node(network.sink, demand=network.amount)
    for tail, head, capacity, cost in zip(
        *(
            column.tolist()
            for column in (
                network.tails,
                network.heads,
                network.capacities,
                network.costs,
            )
        ),
        strict=True,
    ):
        graph.add_edge(tail, head, capacity=capacity, weight=cost)
    return networkx.network_simplex(graph)[0]


#: name, package, function, most entries with which it is tried
SOLVERS = [
    ("ortools SimpleMinCostFlow", "ortools", solve_ortools, 2000),
    (
        "scipy linprog, dual simplex",
        "scipy",
        partial(solve_linprog, method="highs-ds"),
        2000,
    ),
    (
        "scipy linprog, interior point",
        "scipy",
        partial(solve_linprog, method="highs-ipm"),
        2000,
    ),
    ("scipy milp (60 s at most)", "scipy", solve_milp, 300),
    ("networkx network_simplex", "networkx", solve_networkx, 300),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="part of a solver's name")
    parser.add_argument("--ties", action="store_true", help="solve with tie-breaking")
    arguments = parser.parse_args()
    for size in SIZES:
        entry_count, member_count, needed = size
        entries, members, rules = make(*size)
        problem = assignment._Problem(entries, members, taken=(), pinned=(), **rules)
        if not arguments.ties:
            problem.scale, problem.tie = 1, problem.tie * 0
        depth = 2 * -(-entry_count * needed // member_count) + 2
        network = problem.build(problem.room.clip(max=depth))
        print(
            f"\n{entry_count} entries × {member_count} members × {needed}: "
            f"{len(problem.row)} pairs, {network.nodes} nodes, "
            f"{len(network.costs)} arcs"
        )
        costs = set()
        for name, package, solver, most in SOLVERS:
            if arguments.only not in name or entry_count > most:
                continue
            clock, cpu = time.perf_counter(), time.process_time()
            cost = solver(network)
            clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
            costs.add(cost)
            print(
                f"  {name:31} {clock:7.2f} s ({cpu:7.2f} s of processor)  "
                f"cost {cost or 'not found'}  {package} {metadata.version(package)}",
                flush=True,
            )
        costs.discard(None)
        # with tie-breaking the costs pass what the floats of an LP can tell apart
        if len(costs) > 1 and not arguments.ties:
            raise SystemExit("the solvers don't agree")
        clock, cpu = time.perf_counter(), time.process_time()
        proposal = assignment.propose(entries, members, **rules)
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
        loads = sorted(proposal.loads.values())
        print(
            f"  propose(), all of it: {clock:.2f} s ({cpu:.2f} s of processor); "
            f"cost {proposal.cost}; "
            f"loads {loads[0]}–{loads[-1]}; "
            f"short of reviewers: {len(proposal.shortages)}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
