"""The LibreOffice that is kept; when and for whom is in `test_office_kept`."""

import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pikepdf
import pytest

from ...document import docx_template
from ...document.kinds import KINDS
from ...document.templates.build import FOLDER
from ...guard import office, pdf
from .test_pdf import document, is_gone, text, wait_for

pytestmark = pytest.mark.conversion


@pytest.fixture(scope="module", autouse=True)
def work(tmp_path_factory):
    """The folder of one that serves all tests; nothing is left there."""
    office.close()
    folder = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(folder))
        patch.delenv(office.SWITCH, raising=False)
        yield folder
        office.close()
    assert os.listdir(folder) == []


def get_pid():
    """Return the process that converts: the one beneath the one that watches."""
    watcher = office.get_process()
    children = Path(f"/proc/{watcher}/task/{watcher}/children").read_text().split()
    (pid,) = (
        child
        for child in children
        if b"office_child" in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    return int(pid)


def never_once(monkeypatch):
    def refuse(*args):
        raise AssertionError("another LibreOffice was started")

    monkeypatch.setattr(pdf, "_convert_once", refuse)


def test_made_ahead(monkeypatch):
    """By the one that is kept, while its user does something else."""
    pdf.convert({"x": document("Alpha")})
    never_once(monkeypatch)
    with pdf.Ahead() as ahead:
        ahead.add("b", document("Beta"))
        ahead.add("g", document("Gamma"))
        made = dict(ahead.finish())
    assert list(made) == ["b", "g"]
    assert b"Beta" in text(made["b"])
    assert b"Gamma" in text(made["g"])
    assert ahead.seconds > 0


def test_one_is_worked_at_while_the_next_is_made(monkeypatch):
    pdf.convert({"x": document("Alpha")})
    original, is_worked_at = office.convert, threading.Event()

    def convert(*args, **options):
        if b"Gamma" in zipfile.ZipFile(io.BytesIO(args[2])).read("word/document.xml"):
            assert is_worked_at.wait(10)
        return original(*args, **options)

    monkeypatch.setattr(office, "convert", convert)
    with pdf.Ahead() as ahead:
        ahead.add("b", document("Beta"))
        ahead.add("g", document("Gamma"))
        keys = []
        for key, _made in ahead.finish():
            keys.append(key)
            is_worked_at.set()
    assert keys == ["b", "g"]


def test_nothing_is_made_ahead_where_none_is_kept():
    office.close()
    with pdf.Ahead() as ahead:
        ahead.add("b", document("Beta"))
        assert list(ahead.finish()) == []
    assert not office.is_kept()


def test_what_breaks_down_ahead_is_left_to_others(monkeypatch):
    pdf.convert({"x": document("Alpha")})
    original, asked = office.convert, []

    def convert(*args, **options):
        asked.append(args)
        if len(asked) == 2:
            raise office.Late()
        return original(*args, **options)

    monkeypatch.setattr(office, "convert", convert)
    with pdf.Ahead() as ahead:
        for key in "abc":
            ahead.add(key, document("Beta"))
        assert [key for key, made in ahead.finish()] == ["a"]
    assert len(asked) == 2


def test_who_leaves_early_waits_for_nothing_made_ahead(monkeypatch):
    pdf.convert({"x": document("Alpha")})
    begun, go_on = threading.Event(), threading.Event()

    def convert(*args, **options):
        begun.set()
        go_on.wait(10)
        return b""

    monkeypatch.setattr(office, "convert", convert)
    with pytest.raises(KeyError), pdf.Ahead() as ahead:
        ahead.add("a", document("Beta"))
        ahead.add("b", document("Gamma"))
        assert begun.wait(10)
        raise KeyError
    asked = ahead._thread
    assert asked.is_alive()
    go_on.set()
    asked.join(10)
    assert not asked.is_alive()
    assert ahead._made.get() is None


def test_one_process_makes_them_all(monkeypatch):
    never_once(monkeypatch)
    assert b"Alpha" in text(pdf.convert({"x": document("Alpha")})["x"])
    first = get_pid()
    made = pdf.convert({"b": document("Beta"), "a": document("Gamma")})
    assert list(made) == ["b", "a"]
    assert b"Beta" in text(made["b"])
    assert b"Gamma" in text(made["a"])
    assert get_pid() == first


def test_nothing_of_a_document_stays(work):
    pdf.convert({"x": document("Kỳ nhông")})
    (folder,) = work.iterdir()
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    assert not [name for name in names if name.endswith((".docx", ".pdf"))]
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "Kỳ nhông".encode() not in held
    assert "Kỳ nhông".encode("utf-16-le") not in held


def test_pages_are_those_of_the_other_way(monkeypatch):
    """Byte by byte: what was looked at is what is signed."""
    documents = {
        kind: docx_template.render(
            (FOLDER / f"{kind}.docx").read_bytes(), KINDS[kind].sample()
        )
        for kind in ("report", "certificate")
    }
    kept = pdf.convert(documents)
    assert office.is_kept()
    monkeypatch.setenv(office.SWITCH, "1")
    once = pdf.convert(documents)
    for kind in documents:
        pages = [
            [
                page.Contents.read_bytes()
                for page in pikepdf.open(io.BytesIO(made)).pages
            ]
            for made in (kept[kind], once[kind])
        ]
        assert pages[0] == pages[1]
        for made in (kept[kind], once[kind]):
            file = pikepdf.open(io.BytesIO(made))
            root = file.Root
            assert root.Lang == "vi-VN"
            assert b"pdfaid:part>2<" in root.Metadata.read_bytes()
            assert b"pdfuaid:part>1<" in root.Metadata.read_bytes()
            assert "/StructTreeRoot" in root


def test_what_it_cant_read_is_nothing_and_it_goes_on(monkeypatch):
    never_once(monkeypatch)
    pdf.convert({"a": document("Alpha")})
    first = get_pid()
    for broken in (b"PK\x03\x04 broken", document("Beta")[:2000]):
        end = time.monotonic() + 60
        how = ("pdf", pdf._options())
        assert office.convert(pdf.engine(), "", broken, *how, end=end) == b""
    assert b"Gamma" in text(pdf.convert({"c": document("Gamma")})["c"])
    assert get_pid() == first


def test_it_ends_with_its_worker(tmp_path):
    """However the worker dies, neither process nor folder is left."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from lib.guard import office, pdf\n"
        "pdf.convert({'x': open(sys.argv[2], 'rb').read()})\n"
        "print(office.get_process(), flush=True)\n"
        "time.sleep(600)"
    )
    paper, place, pid = tmp_path / "paper.docx", tmp_path / "work", tmp_path / "pid"
    place.mkdir()
    paper.write_bytes(document("Alpha"))
    root = Path(pdf.__file__).parents[2]
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(root), str(paper)],
        env=os.environ | {"TMPDIR": str(place)},
        stdout=subprocess.PIPE,
    )
    pid.write_text(worker.stdout.readline().decode().strip())
    assert not is_gone(pid)
    worker.kill()
    worker.wait()
    worker.stdout.close()
    wait_for(lambda: is_gone(pid) and not list(place.iterdir()))
