"""Measure what a worker holds: once its registry is loaded, and after some acts.

    bin/odoo shell -d with_the_addon --no-http < bench/bench_memory.py
    bin/odoo shell -d without_it --no-http < bench/bench_memory.py

Prints the megabytes that the process holds itself, apart from what processes share.
"""

import sys
from pathlib import Path

sys.path.insert(0, "bench")
import bench_head

env = env  # noqa: F821, PLW0127, the shell's own


def read_memory():
    """Return the private megabytes of this process."""
    lines = map(str.split, Path("/proc/self/smaps_rollup").read_text().splitlines())
    return sum(int(line[1]) for line in lines if line[0].startswith("Private")) / 1024


def main():
    installed = env["ir.module.module"].search_count(
        [("name", "=", "hoithi_contest"), ("state", "=", "installed")]
    )
    print(bench_head.describe(env))
    print(f"with the addon: {bool(installed)}; models: {len(env.registry)}")
    print(f"the registry is loaded: {read_memory():.0f} MB")
    for model in ("res.partner", "res.users", "hr.employee"):
        env[model].get_views([(False, "list"), (False, "form")])
    print(f"some forms were read: {read_memory():.0f} MB")


main()
