"""Folders for work under way: gone when it ends, and swept where a server died."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What the names of all of them begin with.
PREFIX = "hoithi-work-"
#: Seconds after which nobody is at it any more: no server lets one act take as long.
AGE = 3600


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is deleted with all in it when the block ends."""
    made = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    with made as name:
        yield Path(name)


def sweep(age: float = AGE) -> int:
    """Delete what servers that were killed left behind: forms of authors lie in it.

    :param age: seconds since something was last written into a folder
    :return: number of folders deleted
    """
    place = Path(tempfile.gettempdir())
    before, count = get_time(place) - age, 0
    for path in place.glob(f"{PREFIX}*"):
        try:
            if path.is_symlink() or path.stat().st_uid != os.geteuid():
                continue
            last = max(p.lstat().st_mtime for p in (path, *path.rglob("*")))
        except OSError:
            # it is just being cleared
            continue
        if last < before:
            shutil.rmtree(path, ignore_errors=True)
            count += 1
    return count


def get_time(folder: Path) -> float:
    """Return the time as the files of a folder have it, in seconds since 1970.

    A server's clock that is set forward must not make old what is just being written.
    """
    with tempfile.TemporaryFile(dir=folder) as file:
        return os.fstat(file.fileno()).st_mtime
