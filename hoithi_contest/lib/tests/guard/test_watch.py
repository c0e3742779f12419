"""A program that is watched: in forks, where `test_pdf` starts the real one."""

import os
import runpy
import signal
import sys
import time
import warnings

import pytest

from ...guard import watch
from .test_pdf import is_gone, wait_for


class Watched:
    """A fork that watches a program; its standard input is ours to close."""

    def __init__(self, folder, *command, seconds=60, memory=watch.MEMORY, kept=()):
        theirs, self.ours = os.pipe()
        self.child = os.fork()
        if not self.child:
            code = 99
            try:
                os.close(self.ours)
                sys.stdin = os.fdopen(theirs)
                keep = [f"--keep={number}" for number in kept]
                limits = [str(seconds), str(memory), str(folder)]
                sys.argv = ["watch.py", *keep, *limits, *command]
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    runpy.run_module(watch.__name__, run_name="__main__")
            except SystemExit as end:
                code = end.code
            finally:
                # whatever went wrong: it must not go on with the tests
                os._exit(code)
        os.close(theirs)

    def wait(self):
        """Return its exit code."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        os.close(self.ours)
        return code


def shell(folder, script, **values):
    return Watched(folder, "sh", "-c", script, **values)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 0", 0),
        ("exit 7", 7),
        ("kill -SEGV $$", 128 + signal.SIGSEGV),
        ("kill -KILL $$", 128 + signal.SIGKILL),
    ],
)
def test_its_end_is_told_by_its_code(tmp_path, script, code):
    assert shell(tmp_path, script).wait() == code
    assert tmp_path.exists(), "the folder of what has ended is the starter's"


def test_it_runs_in_its_folder_and_reads_nothing(tmp_path):
    assert shell(tmp_path, "cat >read; pwd >here").wait() == 0
    assert (tmp_path / "here").read_text() == f"{tmp_path}\n"
    assert (tmp_path / "read").read_text() == ""


@pytest.mark.parametrize("start", ["", "setsid "])
def test_what_takes_too_long_ends_with_its_children(tmp_path, start):
    pid = tmp_path / "pid"
    script = f"{start}sh -c 'echo $$ >{pid}; exec sleep 600' & sleep 600"
    assert shell(tmp_path, script, seconds=0.5).wait() == watch.OVERRUN == 124
    assert is_gone(pid)
    assert tmp_path.exists()


def test_it_ends_when_its_time_is_over_and_not_before(tmp_path):
    watched = shell(tmp_path, "sleep 0.3; echo done >done", seconds=30)
    assert watched.wait() == 0
    assert (tmp_path / "done").exists()
    # there is time to begin with
    assert shell(tmp_path, "sleep 600", seconds=0).wait() == watch.OVERRUN


@pytest.mark.parametrize("end", ["close", "write"])
def test_it_ends_with_its_starter_and_leaves_no_folder(tmp_path, end):
    folder, pid = tmp_path / "work", tmp_path / "pid"
    folder.mkdir()
    script = f"setsid sh -c 'echo $$ >{pid}; exec sleep 600' & sleep 600"
    watched = shell(folder, script)
    wait_for(lambda: pid.exists() and pid.read_text().strip())
    assert folder.exists()
    if end == "close":
        kept, watched.ours = watched.ours, os.open(os.devnull, os.O_RDONLY)
        os.close(kept)
    else:
        os.write(watched.ours, b"x")
    assert watched.wait() == 1
    assert is_gone(pid)
    assert not folder.exists()


def test_what_stays_after_its_end_is_stopped(tmp_path):
    pid = tmp_path / "pid"
    script = (
        f"setsid sh -c 'echo $$ >{pid}; exec sleep 600' &"
        f"while ! [ -s {pid} ]; do sleep 0.05; done; exit 3"
    )
    assert shell(tmp_path, script).wait() == 3
    assert is_gone(pid)


def test_orphans_that_have_ended_are_let_go_meanwhile(tmp_path):
    """They would stay in the table of processes as long as the program runs."""
    script = (
        "(true &); (true &); n=0; while [ $n -lt 100 ]; do "
        "ps --ppid $PPID -o stat= | grep -q Z || { echo none >none; break; }; "
        "n=$((n + 1)); sleep 0.05; done"
    )
    assert shell(tmp_path, script).wait() == 0
    assert (tmp_path / "none").exists()


def test_memory_has_an_end(tmp_path):
    def take(memory):
        script = "x = bytearray(200 * 2**20); print('had it', file=open('had', 'w'))"
        command = (sys.executable, "-I", "-S", "-c", script)
        return Watched(tmp_path, *command, memory=memory).wait()

    assert take(100 * 2**20) == 1
    assert not (tmp_path / "had").exists()
    assert take(400 * 2**20) == 0
    assert (tmp_path / "had").exists()


def test_no_more_memory_than_the_system_gives(monkeypatch):
    asked = []
    monkeypatch.setattr(
        watch.resource, "setrlimit", lambda what, limits: asked.append((what, limits))
    )
    infinity = watch.resource.RLIM_INFINITY
    for hard, size, expected in (
        (infinity, 7, (7, infinity)),
        (5, 7, (5, 5)),
        (7, 5, (5, 7)),
    ):
        monkeypatch.setattr(
            watch.resource, "getrlimit", lambda what, hard=hard: (1, hard)
        )
        watch._limit_memory(size)
        assert asked.pop() == (watch.resource.RLIMIT_DATA, expected)
    assert watch.MEMORY == 3 * 1024**3


def test_a_file_that_it_inherits_is_its_alone(tmp_path):
    ours, theirs = os.pipe()
    watched = shell(tmp_path, f"echo word >/proc/self/fd/{theirs}", kept=(theirs,))
    os.close(theirs)
    with os.fdopen(ours) as file:
        assert file.read() == "word\n", "and who watches doesn't hold it open"
    assert watched.wait() == 0


def test_where_processes_cannot_be_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(watch.os.path, "isdir", lambda path: False)
    assert watch._get_children() == []


def test_children_are_ours_alone(tmp_path):
    child = os.fork()
    if not child:
        time.sleep(60)
        os._exit(0)
    try:
        assert child in watch._get_children()
        assert os.getpid() not in watch._get_children()
        assert os.getppid() not in watch._get_children()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert child not in watch._get_children()
