import errno
import os
import time
from pathlib import Path
from unittest.mock import patch

import pytest

from hoithi_contest.lib.guard import disk


def _fail(code):
    def act(*_args, **_kwargs):
        raise OSError(code, os.strerror(code))

    return act


@pytest.mark.parametrize(
    "code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG], ids=os.strerror
)
def test_no_room_is_told_from_other_faults(code):
    assert disk.is_full(OSError(code, ""))
    assert not disk.is_read_only(OSError(code, ""))
    assert not disk.is_full(OSError(errno.ENOENT, ""))
    assert not disk.is_full(ValueError())


def test_a_disk_that_takes_no_writing_has_room():
    error = OSError(errno.EROFS, "")
    assert disk.is_read_only(error) and not disk.is_full(error)
    assert not disk.is_read_only(ValueError())


def test_the_database_says_it_in_its_own_way():
    error = type("DiskFull", (Exception,), {"pgcode": "53100"})()
    assert disk.is_full(error)
    error.pgcode = "40001"
    assert not disk.is_full(error)


def test_what_breaks_off_leaves_nothing_and_the_next_try_works(tmp_path):
    target, parts = tmp_path / "ab" / "abcd", tmp_path / "parts"

    def write_half(path, content):
        with path.open("wb") as file:
            file.write(content[:3])
        _fail(errno.ENOSPC)()

    with patch.object(Path, "write_bytes", write_half), pytest.raises(OSError):
        disk.write(b"content", target, parts)
    assert not target.exists()
    assert not list(parts.iterdir())
    disk.write(b"content", target, parts)
    assert target.read_bytes() == b"content"


def test_what_stood_there_stays_until_the_new_one_is_whole(tmp_path):
    target, parts = tmp_path / "f", tmp_path / "parts"
    target.write_bytes(b"old")
    with (
        patch.object(os, "replace", _fail(errno.ENOSPC)),
        pytest.raises(OSError, match="space"),
    ):
        disk.write(b"new", target, parts)
    assert target.read_bytes() == b"old"
    disk.write(b"new", target, parts)
    assert target.read_bytes() == b"new"


def test_a_file_of_another_disk_is_copied_first(tmp_path):
    source, target, parts = tmp_path / "s", tmp_path / "x" / "f", tmp_path / "parts"
    replace = os.replace

    def across(old, new):
        if Path(old) == source:
            _fail(errno.EXDEV)()
        replace(old, new)

    source.write_bytes(b"package")
    with patch.object(os, "replace", across):
        disk.place(source, target, parts)
    assert target.read_bytes() == b"package"
    assert not source.exists()
    assert not list(parts.iterdir())


def test_a_copy_that_breaks_off_keeps_its_source(tmp_path):
    source, target, parts = tmp_path / "s", tmp_path / "f", tmp_path / "parts"
    source.write_bytes(b"package")
    with (
        patch.object(os, "replace", _fail(errno.EXDEV)),
        patch.object(disk.shutil, "copyfile", _fail(errno.ENOSPC)),
        pytest.raises(OSError, match="space"),
    ):
        disk.place(source, target, parts)
    assert source.read_bytes() == b"package"
    assert not target.exists()
    assert not list(parts.iterdir())


def test_parts_of_the_dead_are_swept_those_of_the_living_are_not(tmp_path):
    old, young = tmp_path / "a.1.1", tmp_path / "b.2.2"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert disk.sweep(tmp_path) == 1
    assert not old.exists()
    assert young.exists()
    assert disk.sweep(tmp_path / "none") == 0


def test_a_part_that_is_put_in_its_place_meanwhile_stops_no_sweep(tmp_path):
    old, gone = tmp_path / "a.1.1", tmp_path / "b.2.2"
    old.write_bytes(b"half")
    os.utime(old, (1, 1))
    with patch.object(Path, "iterdir", lambda _folder: iter([gone, old])):
        assert disk.sweep(tmp_path) == 1
    assert not old.exists()


def test_parts_are_swept_after_an_hour(tmp_path):
    for name, age in (("a.1.1", 3540), ("b.2.2", 3660)):
        path = tmp_path / name
        path.write_bytes(b"half")
        then = time.time() - age
        os.utime(path, (then, then))
    (tmp_path / "c.3.3").write_bytes(b"half")
    assert disk.sweep(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.1.1", "c.3.3"]


def test_a_clock_that_is_set_sweeps_no_part(tmp_path, monkeypatch):
    (tmp_path / "a.1.1").write_bytes(b"half")
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000)
    assert disk.sweep(tmp_path) == 0


def test_other_faults_of_a_move_are_told_and_nothing_is_copied(tmp_path):
    source, target, parts = tmp_path / "s", tmp_path / "f", tmp_path / "parts"
    source.write_bytes(b"package")
    with (
        patch.object(os, "replace", _fail(errno.EACCES)),
        pytest.raises(PermissionError),
    ):
        disk.place(source, target, parts)
    assert source.read_bytes() == b"package"
    assert not parts.exists()


def test_folders_come_about_where_they_are_needed(tmp_path):
    """Those of a file's place and of its parts, on each way, again and again."""
    for number in range(2):
        target, parts = tmp_path / "a" / "b" / "f", tmp_path / "p" / "q"
        disk.write(b"content", target, parts)
        source = tmp_path / "s"
        source.write_bytes(b"other")
        disk.place(source, tmp_path / "c" / "d" / f"f{number}", parts)
    assert target.read_bytes() == b"content"
    assert (tmp_path / "c" / "d" / "f1").read_bytes() == b"other"


def test_two_who_write_the_same_keep_apart(tmp_path):
    names = {disk._get_part(tmp_path / "f", tmp_path / "p").name for _n in range(2)}
    assert len(names) == 2
    assert all(name.startswith(f"f.{os.getpid()}.") for name in names)
