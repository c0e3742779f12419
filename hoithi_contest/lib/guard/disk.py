"""Files that are there whole or not at all, and disks without room."""

import errno
import os
import shutil
import time
from pathlib import Path

from .scratch import get_time

#: What the system says where nothing more can be written.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: The same, said by PostgreSQL: disk_full.
_DATABASE_FULL = "53100"
#: Seconds after which nobody writes at a part any more.
_AGE = 3600


def is_full(error: BaseException) -> bool:
    """Tell whether something failed for want of room, on a disk or in the database."""
    return (isinstance(error, OSError) and error.errno in _FULL) or getattr(
        error, "pgcode", None
    ) == _DATABASE_FULL


def is_read_only(error: BaseException) -> bool:
    """Tell whether something failed as the disk takes no writing, room or not."""
    return isinstance(error, OSError) and error.errno == errno.EROFS


def place(source: Path, target: Path, parts: Path) -> None:
    """Move a file to its place, where it is seen only when it is whole.

    :param source: the file; it is gone afterwards
    :param target: where it goes; what is there is replaced
    :param parts: a folder of the same disk as `target`, for what isn't whole yet
    :raises OSError: the target is as it was then
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = _get_part(target, parts)
        try:
            shutil.copyfile(source, part)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
        source.unlink()


def write(content: bytes, target: Path, parts: Path) -> None:
    """Write a file so that it is seen only when it is whole; see `place`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _get_part(target, parts)
    try:
        part.write_bytes(content)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def sweep(parts: Path, age: float = _AGE) -> int:
    """Delete the parts that servers which were killed left behind.

    :param age: seconds since something was last written
    :return: number of files deleted
    """
    if not parts.is_dir():
        return 0
    before, count = get_time(parts) - age, 0
    for path in parts.iterdir():
        try:
            if path.stat().st_mtime < before:
                path.unlink()
                count += 1
        except FileNotFoundError:
            # put in its place since it was listed
            continue
    return count


def _get_part(target: Path, parts: Path) -> Path:
    parts.mkdir(parents=True, exist_ok=True)
    # two who write the same at once, in processes or threads, keep apart
    return parts / f"{target.name}.{os.getpid()}.{time.monotonic_ns()}"
