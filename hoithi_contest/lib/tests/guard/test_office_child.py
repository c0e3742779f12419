"""The process of a LibreOffice that is kept, with an engine that needs none."""

import contextlib
import json
import os
import socket
from pathlib import Path

import pytest

from ...guard import office_child


class Engine:
    def __init__(self, library, profile):
        assert (library, profile.name) == (Path("the library"), "profile")
        profile.mkdir()

    def convert(self, source, target, form, options):
        if source == "broken":
            return "không đọc được"
        Path(target).write_text(f"{source} {form} {options}")
        return None


@contextlib.contextmanager
def serving(folder, idle):
    """A fork that serves; its end of what is spoken through."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if not child:
        code = 99
        try:
            ours.close()
            office_child.Engine = Engine
            office_child.main("the library", str(folder), str(theirs.fileno()), idle)
            code = 0
        finally:
            os._exit(code)
    theirs.close()
    ours.settimeout(60)
    with ours:
        yield ours
    assert os.waitpid(child, 0)[1] == 0
    assert not folder.exists()


def receive(channel):
    return json.loads(channel.recv(office_child.MESSAGE))


def test_it_serves_until_its_starter_is_gone(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    with serving(folder, "60") as channel:
        ready = receive(channel)
        assert ready["error"] is None
        assert isinstance(ready["memory"], int)
        for source, error in (("a", None), ("broken", "không đọc được"), ("b", None)):
            job = {
                "source": source,
                "target": str(tmp_path / source),
                "format": "pdf",
                "options": "x",
            }
            channel.send(json.dumps(job).encode())
            assert receive(channel)["error"] == error
        assert (tmp_path / "b").read_text() == "b pdf x"
        assert not (tmp_path / "broken").exists()


def test_it_ends_when_nothing_comes(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    with serving(folder, "0.1") as channel:
        receive(channel)
        assert channel.recv(office_child.MESSAGE) == b"", "it has said goodbye"


def test_memory_is_told_in_mebibytes():
    before = office_child._get_memory()
    taken = bytearray(os.urandom(1)) * (64 << 20)
    assert 56 <= office_child._get_memory() - before <= 72
    del taken


def test_a_library_that_is_none(tmp_path):
    library = tmp_path / "libsofficeapp.so"
    library.touch()
    with pytest.raises(OSError):
        office_child.Engine(library, tmp_path / "profile")
