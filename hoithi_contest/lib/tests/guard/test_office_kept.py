"""When a LibreOffice is kept, for whom and how long; one that costs no seconds.

What stands for LibreOffice speaks as its process does, see `office_child`, and makes of
a document what tells who made it.
"""

import os
import shutil
import signal
import stat
import threading
import time
import types

import pytest

from ...guard import office, office_child, pdf, watch
from .test_pdf import is_gone, wait_for

#: In place of `office_child`: its own loop with an engine that needs no LibreOffice.
CHILD = """
import importlib.util, os, pathlib, sys, time
spec = importlib.util.spec_from_file_location("child", {path!r})
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)

class Engine:
    def __init__(self, library, profile):
        assert library.exists()
        profile.mkdir(parents=True)
        if library.read_bytes() == b"slow":
            time.sleep(60)

    def convert(self, source, target, form, options):
        content = pathlib.Path(source).read_bytes()
        if content == b"broken":
            return "no document"
        if content == b"hang":
            time.sleep(60)
        if content == b"die":
            os._exit(1)
        made = b"%PDF-1.4 kept " + content + b" " + form.encode() + b" %%EOF"
        pathlib.Path(target).write_bytes(made[:-6] if content == b"half" else made)

child.Engine = Engine
child.main(*sys.argv[1:])
os._exit(0)
"""
#: In place of LibreOffice's program, which is started for some documents alone.
PROGRAM = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2; mkdir -p "$out"
for file; do
    grep -q broken "$file" && continue
    name=${file##*/}
    made=$out/${name%.docx}.pdf
    { printf '%%PDF-1.4 once '; cat "$file"; printf ' %%%%EOF'; } >"$made"
done
"""
KEPT, ONCE = b"%PDF-1.4 kept ", b"%PDF-1.4 once "


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    """The folder of what comes about meanwhile; nothing is left there."""
    office.close()
    folder, place = tmp_path / "work", tmp_path / "program"
    folder.mkdir()
    place.mkdir()
    program = place / "soffice"
    program.write_text(PROGRAM)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (place / "libsofficeapp.so").touch()
    child = tmp_path / "office_child.py"
    child.write_text(CHILD.format(path=office_child.__file__))
    stands = types.SimpleNamespace(__file__=str(child), MESSAGE=office_child.MESSAGE)
    monkeypatch.setattr(office, "office_child", stands)
    monkeypatch.setattr(pdf, "engine", lambda: str(program))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.delenv(office.SWITCH, raising=False)
    yield folder
    office.close()
    assert os.listdir(folder) == []


def make(*contents, **values):
    """Return what comes of documents, in their order."""
    return list(pdf.convert(dict(enumerate(contents)), **values).values())


def test_one_serves_again_and_again(work):
    assert not office.is_kept()
    assert office.get_process() is None
    assert make(b"Alpha") == [KEPT + b"Alpha pdf %%EOF"]
    first = office.get_process()
    assert office.is_kept()
    assert make(b"Beta", b"Gamma") == [
        KEPT + b"Beta pdf %%EOF",
        KEPT + b"Gamma pdf %%EOF",
    ]
    assert office.get_process() == first
    (folder,) = work.iterdir()
    assert not [path for path in folder.rglob("*") if path.is_file()]
    office.close()
    assert not office.is_kept()
    assert office.get_process() is None


def test_two_owners_never_meet(work):
    make(b"Alpha", owner="one")
    first, folder = office.get_process(), next(work.iterdir())
    assert make(b"Alpha", owner="one")[0].startswith(KEPT)
    assert office.get_process() == first
    assert make(b"Beta", owner="two")[0].startswith(KEPT)
    assert office.get_process() != first
    assert not folder.exists(), "the profile of the other owner"
    second = office.get_process()
    assert make(b"Gamma", owner="one")[0].startswith(KEPT)
    assert office.get_process() not in (first, second)


def test_another_program_is_another_office(tmp_path, monkeypatch):
    make(b"Alpha")
    first = office.get_process()
    other = tmp_path / "other"
    other.mkdir()
    for name in ("soffice", "libmergedlo.so"):
        (other / name).touch()
    monkeypatch.setattr(pdf, "engine", lambda: str(other / "soffice"))
    assert make(b"Beta")[0].startswith(KEPT)
    assert office.get_process() != first


def test_it_is_renewed_in_time(monkeypatch):
    monkeypatch.setattr(office, "RENEW_AFTER", 2)
    pids = []
    for _number in range(3):
        make(b"Alpha")
        pids.append(office.get_process())
    assert pids[0] == pids[1] != pids[2]
    memory = office._kept._memory
    assert memory > 0
    monkeypatch.setattr(office, "RENEW_AFTER", 300)
    for limit, is_same in ((memory + 50, True), (memory, False)):
        monkeypatch.setattr(office, "RENEW_ABOVE", limit)
        monkeypatch.setattr(office._kept, "_memory", memory)
        before = office.get_process()
        make(b"Beta")
        assert (office.get_process() == before) == is_same


def test_it_ends_when_nobody_needs_it(work, monkeypatch):
    monkeypatch.setattr(office, "IDLE", 0.1)
    make(b"Alpha")
    wait_for(lambda: not office.is_kept())
    assert list(work.iterdir()) == []
    monkeypatch.setattr(office, "IDLE", 60)
    make(b"Beta")
    assert office.is_kept()


def test_one_that_was_killed_is_replaced():
    make(b"Alpha")
    os.kill(office.get_process(), signal.SIGKILL)
    # noticed or not yet: the document is made
    assert b"Beta" in make(b"Beta")[0]
    assert b"Gamma" in make(b"Gamma")[0]
    assert office.is_kept()


def test_one_whose_folder_is_gone_already_is_replaced():
    """What watches it clears up, and ends a moment later."""
    make(b"Alpha")
    shutil.rmtree(office._kept._folder)
    assert b"Beta" in make(b"Beta")[0]
    assert make(b"Gamma")[0].startswith(KEPT)


def test_one_that_breaks_down_is_replaced_at_once():
    """What it stumbled over is made the other way; the next ones have a new one."""
    made = make(b"Alpha", b"die", b"Gamma")
    assert [content[:14] for content in made] == [KEPT, ONCE, ONCE]
    assert not office.is_kept()
    assert make(b"Delta")[0].startswith(KEPT)


def test_one_that_hangs_is_stopped_and_left_alone(tmp_path, monkeypatch):
    make(b"Alpha")
    pid = tmp_path / "pid"
    pid.write_text(str(office.get_process()))
    with pytest.raises(pdf.Overrun, match="took more than 1 seconds") as caught:
        make(b"Beta", b"hang", b"Gamma", timeout=1)
    assert caught.value.made == {0: KEPT + b"Beta pdf %%EOF"}
    assert is_gone(pid)
    assert not office.is_kept()
    # the next ones go the other way for a while
    assert make(b"Gamma")[0].startswith(ONCE)
    assert 590 < office._paused_until - time.monotonic() <= 600
    monkeypatch.setattr(office, "_paused_until", time.monotonic() - 0.01)
    assert make(b"Delta")[0].startswith(KEPT)


def test_what_it_cant_read_is_tried_the_other_way_and_told():
    with pytest.raises(pdf.ConversionError, match="'b'") as caught:
        pdf.convert({"a": b"Alpha", "b": b"broken", "c": b"Gamma"})
    assert set(caught.value.made) == {"a", "c"}
    # it goes on, as nothing broke down
    assert office.is_kept()
    # what was broken off is no paper
    assert make(b"half") == [ONCE + b"half %%EOF"]


def test_one_that_does_not_start_costs_nothing_but_the_first_time(monkeypatch):
    starts = []
    real = office.Office.__init__

    def start(self, *args):
        starts.append(args)
        real(self, *args)

    monkeypatch.setattr(office.Office, "__init__", start)
    # the library of this one is none
    monkeypatch.setattr(office, "office_child", office_child)
    assert make(b"Alpha")[0].startswith(ONCE)
    assert make(b"Beta")[0].startswith(ONCE)
    assert len(starts) == 1
    # until somebody says that it may be tried again
    office.close()
    make(b"Gamma")
    assert len(starts) == 2


def test_one_that_is_not_ready_in_time_is_left_alone(tmp_path, monkeypatch):
    """There is time left for the ordinary way."""
    (tmp_path / "program" / "libsofficeapp.so").write_text("slow")
    monkeypatch.setattr(office, "START", 0.2)
    assert make(b"Alpha", timeout=10)[0].startswith(ONCE)
    assert not office.is_kept()


def test_a_program_without_its_library_goes_the_other_way(tmp_path, work):
    (tmp_path / "program" / "libsofficeapp.so").unlink()
    assert make(b"Alpha")[0].startswith(ONCE)
    assert office._paused_until == 0
    with pytest.raises(office.Unavailable):
        office.Office(pdf.engine(), "", time.monotonic() + 5)
    assert list(work.iterdir()) == []


def test_its_library_is_beside_its_program(tmp_path):
    place = tmp_path / "program"
    assert office.find_library(str(place / "soffice")) == place / "libsofficeapp.so"
    (tmp_path / "soffice").symlink_to(place / "soffice")
    assert office.find_library(str(tmp_path / "soffice"))
    (place / "libsofficeapp.so").rename(place / "libmergedlo.so")
    assert office.find_library(str(place / "soffice")) == place / "libmergedlo.so"
    assert office.find_library(str(tmp_path / "none" / "soffice")) is None


def test_another_thread_finds_its_way(monkeypatch):
    """It waits for its turn; where that takes long, it goes the other way."""
    made = {}

    def one(number):
        made[number] = make(f"Number{number}".encode())[0]

    def all_of_them():
        threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(f"Number{number}".encode() in made[number] for number in range(4))
        return {content[:14] for content in made.values()}

    assert all_of_them() == {KEPT}
    monkeypatch.setattr(office, "TURN", 0.05)
    with office._lock:
        assert all_of_them() == {ONCE}


def test_a_fork_has_its_own():
    make(b"Alpha")
    mine = office.get_process()
    child = os.fork()
    if not child:
        code = 1
        try:
            made = make(b"Beta")[0].startswith(KEPT)
            code = int(office.get_process() == mine or not made)
            office.close()
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert make(b"Gamma")[0].startswith(KEPT)
    assert office.get_process() == mine


def test_it_can_be_switched_off(monkeypatch):
    monkeypatch.setenv(office.SWITCH, "1")
    assert make(b"Alpha")[0].startswith(ONCE)
    assert not office.is_kept()


def test_it_lives_with_its_limits(monkeypatch):
    """What it is started with: a day at most, the memory of any program, and none of
    the server's home."""
    started = []
    real = office.subprocess.Popen

    def start(command, **values):
        started.append((command, values))
        return real(command, **values)

    monkeypatch.setattr(office.subprocess, "Popen", start)
    make(b"Alpha")
    [(command, values)] = started
    folder = values["env"]["HOME"]
    assert values["env"]["TMPDIR"] == folder
    place = command.index(watch.__file__)
    assert command[place + 2 : place + 5] == ["86400", str(3 * 2**30), folder]
    assert command[-1] == "300", "seconds without work after which it ends"
    assert values["start_new_session"]
    assert office.START == 20
