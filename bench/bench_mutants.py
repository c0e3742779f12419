"""How many small faults in the rules of lib do its tests find?

    python -m venv /tmp/bench && /tmp/bench/bin/pip install cosmic-ray
    .hoithi/venv/bin/python bench/bench_mutants.py /tmp/bench/bin/cosmic-ray

Each module is altered in a copy, one operator or number at a time, and its tests run.
A mutant that no test finds is printed; some are no faults, but another way to write the
same. Modules can be named, as council/voting; without a name all below run.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: The rules of lib, with what tests them beside the file of their own name.
MODULES = {
    "council/voting": ["council/test_reference.py"],
    "council/ranking": ["council/test_reference.py"],
    "council/scoring": ["council/test_analysis.py", "council/test_reference.py"],
    "contest/headcount": [],
    "guard/moments": [],
    "guard/working_days": [],
}
CONFIG = """
[cosmic-ray]
module-path = "hoithi_contest/lib/{module}.py"
timeout = 120.0
excluded-modules = []
test-command = "{python} -m pytest -p no:odoo -p no:cacheprovider -q -x {tests}"
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
# unions of types, which nothing runs
exclude-operators = ["core/ReplaceBinaryOperator_BitOr_.*"]
"""


def main(program, *names):
    total = killed = 0
    for module in names or MODULES:
        with tempfile.TemporaryDirectory() as name:
            found, survivors = measure(program, module, Path(name))
        total += found + len(survivors)
        killed += found
        print(f"{module}: {found} of {found + len(survivors)} killed", flush=True)
        print(*survivors, sep="\n", end="\n" if survivors else "")
    print(f"all: {killed} of {total}, {killed / total:.1%}")


def measure(program, module, folder):
    """Return how many mutants of a module die, and the others as changes."""
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    lib = Path("hoithi_contest", "lib")
    shutil.copytree(ROOT / lib, folder / lib)
    room, _, stem = module.partition("/")
    files = [f"{room}/test_{stem}.py", *MODULES[module]]
    config = CONFIG.format(
        module=module,
        python=sys.executable,
        tests=" ".join(f"{lib}/tests/{file}" for file in files),
    )
    (folder / "mutants.toml").write_text(config)
    for command in (
        [program, "init", "mutants.toml", "mutants.sqlite"],
        [
            Path(program).with_name("cr-filter-operators"),
            "mutants.sqlite",
            "mutants.toml",
        ],
        [program, "exec", "mutants.toml", "mutants.sqlite"],
    ):
        subprocess.run(command, cwd=folder, check=True)
    dump = subprocess.run(
        [program, "dump", "mutants.sqlite"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    killed, survivors = 0, []
    for line in dump.splitlines():
        _item, result = json.loads(line)
        if result["test_outcome"] == "survived":
            survivors.append(result["diff"])
        killed += result["test_outcome"] == "killed"
    return killed, survivors


if __name__ == "__main__":
    main(*sys.argv[1:])
