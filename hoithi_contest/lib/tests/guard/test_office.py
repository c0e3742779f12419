import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ...document import docx_template
from ...document.kinds import KINDS
from ...document.templates.build import FOLDER
from ...guard import office, pdf, watch
from .test_pdf import document, fake_engine, is_gone, text, wait_for

pytestmark = pytest.mark.conversion


@pytest.fixture(autouse=True)
def _own_office(tmp_path, monkeypatch):
    """Each test has a LibreOffice of its own, and none is left."""
    office.close()
    (tmp_path / "work").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    monkeypatch.delenv(office.SWITCH, raising=False)
    yield
    office.close()
    assert os.listdir(tmp_path / "work") == []


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


def status(tmp_path, pid):
    path = tmp_path / "pid"
    path.write_text(str(pid))
    return path


def never_once(monkeypatch):
    def refuse(*args):
        raise AssertionError("another LibreOffice was started")

    monkeypatch.setattr(pdf, "_convert_once", refuse)


def test_one_process_makes_them_all(monkeypatch):
    never_once(monkeypatch)
    assert b"Alpha" in text(pdf.convert({"x": document("Alpha")})["x"])
    first = get_pid()
    made = pdf.convert({"b": document("Beta"), "a": document("Gamma")})
    assert list(made) == ["b", "a"]
    assert b"Beta" in text(made["b"])
    assert b"Gamma" in text(made["a"])
    assert get_pid() == first


def test_nothing_of_a_document_stays(tmp_path):
    pdf.convert({"x": document("Kỳ nhông")})
    (folder,) = (tmp_path / "work").iterdir()
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    assert not [name for name in names if name.endswith((".docx", ".pdf"))]
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "Kỳ nhông".encode() not in held
    assert "Kỳ nhông".encode("utf-16-le") not in held


def test_pages_are_those_of_the_other_way(monkeypatch):
    """Byte by byte: what was looked at is what is signed."""
    import io

    import pikepdf

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


def test_two_owners_never_meet(monkeypatch):
    never_once(monkeypatch)
    pdf.convert({"x": document("Alpha")}, owner="one")
    first, folder = get_pid(), office._kept._folder
    pdf.convert({"x": document("Beta")}, owner="two")
    assert get_pid() != first
    assert not folder.exists(), "the profile of the other owner"


def test_it_is_renewed_in_time(monkeypatch):
    never_once(monkeypatch)
    monkeypatch.setattr(office, "RENEW_AFTER", 2)
    pids = []
    for _number in range(3):
        pdf.convert({"x": document("Alpha")})
        pids.append(get_pid())
    assert pids[0] == pids[1] != pids[2]
    monkeypatch.setattr(office, "RENEW_ABOVE", 1)
    pdf.convert({"x": document("Alpha")})
    assert get_pid() != pids[2]


def test_it_ends_when_nobody_needs_it(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "IDLE", 0.2)
    pdf.convert({"x": document("Alpha")})
    wait_for(lambda: not office.is_kept())
    assert list((tmp_path / "work").iterdir()) == []
    monkeypatch.setattr(office, "IDLE", 60)
    pdf.convert({"x": document("Beta")})
    assert office.is_kept()


def test_one_that_was_killed_is_replaced():
    pdf.convert({"x": document("Alpha")})
    os.kill(get_pid(), signal.SIGKILL)
    # noticed or not yet: the document is made
    assert b"Beta" in text(pdf.convert({"x": document("Beta")})["x"])
    assert b"Gamma" in text(pdf.convert({"x": document("Gamma")})["x"])
    assert office.is_kept()


def test_one_that_hangs_is_stopped_and_left_alone(tmp_path, monkeypatch):
    pdf.convert({"x": document("Alpha")})
    pid = status(tmp_path, get_pid())
    os.kill(get_pid(), signal.SIGSTOP)
    with pytest.raises(pdf.Overrun, match="took more than 1 seconds") as caught:
        pdf.convert({"x": document("Beta")}, timeout=1)
    assert caught.value.made == {}
    assert is_gone(pid)
    assert not office.is_kept()
    # the next ones go the other way for a while
    assert b"Gamma" in text(pdf.convert({"x": document("Gamma")})["x"])
    assert not office.is_kept()


def test_what_it_cant_read_is_told_and_the_others_are_made(monkeypatch):
    documents = {
        "a": document("Alpha"),
        "b": b"PK\x03\x04 broken",
        "c": document("Gamma"),
    }
    with pytest.raises(pdf.ConversionError, match="'b'") as caught:
        pdf.convert(documents)
    assert set(caught.value.made) == {"a", "c"}


def test_one_that_does_not_start_costs_nothing_but_the_first_time(
    tmp_path, monkeypatch
):
    starts = []
    real = office.Office.__init__

    def start(self, *args):
        starts.append(args)
        real(self, *args)

    monkeypatch.setattr(office.Office, "__init__", start)
    monkeypatch.setattr(office, "find_library", lambda program: tmp_path / "none.so")
    assert b"Alpha" in text(pdf.convert({"x": document("Alpha")})["x"])
    assert b"Beta" in text(pdf.convert({"x": document("Beta")})["x"])
    assert len(starts) == 1


def test_a_program_without_its_library_goes_the_other_way(tmp_path, monkeypatch):
    fake_engine(tmp_path, monkeypatch, "exit 3")
    with pytest.raises(pdf.ConversionError, match="code 3"):
        pdf.convert({"x": document("Alpha")})
    assert not office.is_kept()


def test_another_thread_finds_its_way():
    made = {}

    def one(number):
        made[number] = text(pdf.convert({"x": document(f"Number{number}")})["x"])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"Number{number}".encode() in made[number] for number in range(4))


def test_a_fork_has_its_own():
    pdf.convert({"x": document("Alpha")})
    mine = get_pid()
    child = os.fork()
    if not child:
        code = 1
        try:
            pdf.convert({"x": document("Beta")})
            code = int(get_pid() == mine)
            office.close()
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert b"Gamma" in text(pdf.convert({"x": document("Gamma")})["x"])
    assert get_pid() == mine


def test_it_ends_with_its_worker(tmp_path):
    """However the worker dies, neither process nor folder is left."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from lib.guard import office, pdf\n"
        "pdf.convert({'x': open(sys.argv[2], 'rb').read()})\n"
        "print(office.get_process(), flush=True)\n"
        "time.sleep(600)"
    )
    paper = tmp_path / "paper.docx"
    paper.write_bytes(document("Alpha"))
    root = Path(pdf.__file__).parents[2]
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(root), str(paper)],
        env=os.environ | {"TMPDIR": str(tmp_path / "work")},
        stdout=subprocess.PIPE,
    )
    pid = status(tmp_path, worker.stdout.readline().decode().strip())
    assert not is_gone(pid)
    worker.kill()
    worker.wait()
    worker.stdout.close()
    wait_for(lambda: is_gone(pid) and not list((tmp_path / "work").iterdir()))


def test_too_much_memory_is_refused_and_told(tmp_path, monkeypatch):
    """A document that asks for all memory takes none from the server."""
    monkeypatch.setattr(watch, "MEMORY", 100 * 2**20)
    said, code = pdf.run(
        [sys.executable, "-S", "-c", "x = bytearray(200 * 2**20); print('had it')"],
        tmp_path,
        60,
    )
    assert code == 1
    assert "MemoryError" in said
    assert "had it" not in said


def test_it_can_be_switched_off(monkeypatch):
    monkeypatch.setenv(office.SWITCH, "1")
    assert b"Alpha" in text(pdf.convert({"x": document("Alpha")})["x"])
    assert not office.is_kept()
