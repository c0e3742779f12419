"""How many small faults in the plain Python of lib do its tests find?

    pip install --target /tmp/bench cosmic-ray
    PYTHONPATH=/tmp/bench .hoithi/venv/bin/python bench/bench_mutants.py council/voting

Each module is altered in memory, one operator, number or comparison at a time, and the
tests of its own name run in a fork, until the first that fails; those that start
LibreOffice are left out. A mutant that no test finds is printed with its line; some are
no faults, but another way to write the same (RESULTS.md names them). Modules are named
as above, rooms and folders as `council` or `council/copies`; without a name all run.
With `--some 200` first, of a module that has more mutants every second, third … is
tried, so that 200 are at most.
"""

import difflib
import gc
import importlib
import importlib.abc
import importlib.util
import os
import resource
import signal
import sys
from pathlib import Path

# plugins of pytest take longer to load than most tests to run
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

import bench_head
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from hypothesis import Phase, settings

ROOT = Path(__file__).parent.parent
LIB = Path("hoithi_contest", "lib")
#: What tests a module before the file of its own name does.
FURTHER = {
    "council/anchor_file": ["council/test_evidence.py"],
    "council/copies/carry": ["council/test_copy_carry.py"],
    "council/copies/images": ["council/test_copy_pictures.py"],
    "council/copies/limits": ["council/test_copy_work.py"],
    "council/copies/names": ["council/test_copy_names.py"],
    "council/copies/office": ["council/test_copy_office.py"],
    "council/copies/pdf": ["council/test_copy_pdf.py"],
    "council/copies/work": ["council/test_copy_work.py"],
    "council/voting": ["council/test_reference.py"],
    "council/ranking": ["council/test_reference.py"],
    "council/rules": ["contest/test_rules.py"],
    "council/scoring": ["council/test_reference.py"],
    "document/kind": ["document/test_kinds.py"],
    "document/kinds_council": ["document/test_kinds.py"],
    "document/kinds_entries": ["document/test_kinds.py"],
    "document/kinds_results": ["document/test_kinds.py"],
    "guard/office": ["guard/test_office_kept.py"],
    "guard/pdf": ["guard/test_office_kept.py"],
    "guard/packaging": ["document/test_register.py"],
}
#: Alterations that no run can notice: the bars in unions of types, decorators.
IGNORED = ("core/ReplaceBinaryOperator_BitOr_", "core/RemoveDecorator")
#: Of processor and, of the clock, as many times that; of memory: what needs more
#: never ends.
SECONDS = 5
WAITING = 6
BYTES = 4 << 30
#: What the tests import and no mutant alters: once, before the forks.
LIBRARIES = (
    "PIL.ImageDraw",
    "PIL.ImageFont",
    "cryptography.x509",
    "docxtpl",
    "highspy",
    "hypothesis.strategies",
    "icalendar",
    "jsonschema",
    "lxml.etree",
    "matplotlib.backends.backend_agg",
    "matplotlib.figure",
    "numpy",
    "openpyxl",
    "pikepdf",
    "pyhanko.sign.validation",
    "pypdfium2",
    "reportlab.pdfgen.canvas",
    "yaml",
)


class Altered(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Gives one module with another source, under whatever name it is imported."""

    def __init__(self, path, source):
        self.path = path
        self.source = source

    def find_spec(self, name, path, target=None):
        if name.rpartition(".")[2] == self.path.stem and any(
            Path(folder) == self.path.parent for folder in path or ()
        ):
            return importlib.util.spec_from_file_location(
                name, str(self.path), loader=self
            )
        return None

    def get_filename(self, name):
        return str(self.path)

    def get_data(self, path):
        return self.source.encode()


def get_mutants(source, some=None):
    """Yield each altered source once.

    :param some: how many at most, spread evenly
    """
    seen = {source}
    tree = get_ast(source)
    places = [
        (get_operator(name)(), occurrence)
        for name in operator_names()
        if not name.startswith(IGNORED) and not get_operator(name).arguments()
        for occurrence in range(
            sum(
                len(list(get_operator(name)().mutation_positions(node)))
                for node in ast_nodes(tree)
            )
        )
    ]
    # in a large module each takes a while
    step = max(1, -(-len(places) // some)) if some else 1
    for operator, occurrence in places[::step]:
        try:
            mutant = mutate_code(source, operator, occurrence)
        except AttributeError:
            # cosmic-ray replaces no exception that is named with its module
            continue
        if mutant and mutant not in seen:
            seen.add(mutant)
            yield mutant


class InOrder:
    """Runs the tests in the order in which their files are given.

    An example that fails is enough: the smallest one isn't looked for.
    """

    def __init__(self, files):
        self.files = files

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config):
        settings.register_profile(
            "mutants",
            settings.get_profile("patient"),
            phases=(Phase.explicit, Phase.generate),
            database=None,
        )
        settings.load_profile("mutants")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        places = {ROOT / name: place for place, name in enumerate(self.files)}
        items.sort(key=lambda item: places[item.path])


def is_killed(path, source, files, seconds=100):
    """Tell whether a test fails, or never ends, with this source."""
    child = os.fork()
    if not child:
        # what waits for something takes no time of the processor
        signal.alarm(WAITING * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        sys.meta_path.insert(0, Altered(path, source))
        options = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not conversion"]
        os._exit(pytest.main([*options, *files], plugins=[InOrder(files)]) != 0)
    return os.waitpid(child, 0)[1] != 0


def measure(module, some=None):
    """Return how many mutants of a module die, and how the others differ.

    :param some: how many are tried at most, spread evenly over the module
    """
    path = ROOT / LIB / f"{module}.py"
    room, *parts = module.split("/")
    # the parts of a folder are tested together
    files = [
        str(LIB / "tests" / name)
        for name in (*FURTHER.get(module, ()), f"{room}/test_{parts[0]}.py")
        if (ROOT / LIB / "tests" / name).exists()
    ]
    source = path.read_text(encoding="utf-8")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    before = used.ru_utime + used.ru_stime
    if not files or is_killed(path, source, files):
        sys.exit(f"{module}: its tests fail without any change")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = SECONDS + 3 * int(used.ru_utime + used.ru_stime - before)
    killed, survivors = 0, []
    for mutant in get_mutants(source, some):
        if is_killed(path, mutant, files, seconds):
            killed += 1
        else:
            lines = difflib.unified_diff(
                source.splitlines(), mutant.splitlines(), n=0, lineterm=""
            )
            survivors.append("\n".join(list(lines)[2:]))
    return killed, survivors


def main(*names):
    os.chdir(ROOT)
    some = None
    if names[:1] == ("--some",):
        some, names = int(names[1]), names[2:]
    for library in LIBRARIES:
        importlib.import_module(library)
    # no fork has to search for rubbish among what all share
    gc.freeze()
    modules = [
        path.relative_to(LIB).with_suffix("").as_posix()
        for path in sorted(LIB.glob("*/**/*.py"))
        if path.stem != "__init__" and "tests" not in path.parts
    ]
    total = killed = 0
    print(bench_head.describe(), flush=True)
    for module in modules:
        if names and not {module, *map(str, Path(module).parents)}.intersection(names):
            continue
        found, survivors = measure(module, some)
        count = found + len(survivors)
        total += count
        killed += found
        share = f"{found / count:.0%}" if count else "–"
        print(f"{module}: {found} of {count} killed, {share}", flush=True)
        print(*survivors, sep="\n", end="\n" if survivors else "", flush=True)
    print(f"all: {killed} of {total}, {killed / (total or 1):.1%}")


if __name__ == "__main__":
    main(*sys.argv[1:])
