"""Files of strangers, each worked at by a process of its own, within limits.

A file made to cost much ends that process, and nothing else.
"""

import contextlib
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from . import scratch
from .pdf import run

#: Bytes of address space, seconds of the processor and of the clock: enough for what
#: isn't made to cost much.
MEMORY = 1024**3
CPU_SECONDS = 20
SECONDS = 30
#: Where `lib` lies, for processes that run a module of it.
_ADDON = Path(__file__).parents[2]


class Failed(Exception):
    """Nothing comes of the file: it is broken or locked, or costs too much."""


def run_module(
    module: str, folder: Path, timeout: float, *arguments: str
) -> tuple[str, int]:
    """Run a module of this library on a folder, in a process of its own.

    :param module: its dotted name, as ``lib.guard.thumbnail``
    :param arguments: what it is told besides the folder
    :return: as :func:`lib.guard.pdf.run`
    """
    return run(
        [sys.executable, "-m", module, str(folder), *arguments],
        folder,
        timeout,
        {"PYTHONPATH": os.pathsep.join([str(_ADDON), *sys.path])},
    )


@contextlib.contextmanager
def work(
    module: str,
    source: str,
    content: bytes,
    result: str,
    timeout: float,
    *arguments: str,
) -> Iterator[Path]:
    """Let a module work at a file, and yield the path of what it made last.

    :param source: the name under which the module finds the file in its folder
    :param result: the name of what it makes, in the same folder
    :param timeout: seconds
    :param arguments: as for :func:`run_module`
    :raises Failed: where it made nothing, with its code and last words
    """
    with scratch.folder() as folder:
        (folder / source).write_bytes(content)
        said, code = run_module(module, folder, timeout, *arguments)
        path = folder / result
        if not path.exists():
            raise Failed(f"{code}: {said.rpartition(chr(10))[2]}")
        yield path


def limit(
    memory: int = MEMORY, seconds: int = CPU_SECONDS, most: int | None = None
) -> None:
    """Limit this process, before it reads anything.

    :param memory: bytes of address space
    :param seconds: of the processor
    :param most: bytes that a program which it starts may raise its own limit to
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, most or memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
