import json
import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ...document import docx_template
from ...document.kinds import KINDS
from ...document.templates.build import FOLDER
from ...guard import office, pdf, watch


def document(title):
    context = KINDS["certificate"].sample() | {"entry_title": title}
    return docx_template.render((FOLDER / "certificate.docx").read_bytes(), context)


def text(content):
    command = ["pdftotext", "-", "-"]
    return subprocess.run(
        command, input=content, capture_output=True, check=True
    ).stdout


def fake_engine(folder, monkeypatch, body):
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pdf, "engine", lambda: str(program))


@pytest.mark.conversion
def test_many_documents_in_one_run(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    office.close()
    documents = {"a/b c": document("Alpha"), "ü": document("Beta")}
    result = pdf.convert(documents)
    assert list(result) == ["a/b c", "ü"]
    assert b"Alpha" in text(result["a/b c"])
    assert b"Beta" in text(result["ü"])
    office.close()
    assert os.listdir(tmp_path) == [], "something is left behind"


@pytest.mark.conversion
def test_runs_at_the_same_time_do_not_meet():
    def one(number):
        return text(pdf.convert({"x": document(f"Number{number}")})["x"])

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one, range(2)))
    assert [f"Number{n}".encode() in t for n, t in enumerate(results)] == [True, True]


def test_nothing_to_convert():
    assert pdf.convert({}) == {}


def test_engine_missing(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(pdf, "_FOLDERS", ())
    assert pdf.engine() is None
    with pytest.raises(pdf.EngineMissing, match="apt-get install libreoffice"):
        pdf.convert({"x": b""})


def test_engine_outside_the_path(tmp_path, monkeypatch):
    program = tmp_path / "soffice"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(pdf, "_FOLDERS", (str(tmp_path),))
    assert pdf.engine() == str(program)


def test_no_pdf_made(tmp_path, monkeypatch):
    fake_engine(tmp_path, monkeypatch, "echo source file could not be loaded")
    with pytest.raises(pdf.ConversionError, match="'x'.*could not be loaded"):
        pdf.convert({"x": b"no document"})


def test_what_it_made_isnt_lost_with_what_it_could_not(tmp_path, monkeypatch):
    body = """while [ "$1" != --outdir ]; do shift; done
mkdir -p "$2"; printf '%%PDF-1.4 one %%%%EOF' >"$2/000000.pdf"
printf '%%PDF-1.4 broken off' >"$2/000001.pdf"; exit 3"""
    fake_engine(tmp_path, monkeypatch, body)
    with pytest.raises(
        pdf.ConversionError, match="'b' and ended with code 3"
    ) as caught:
        pdf.convert({"a": b"", "b": b"", "c": b""})
    assert set(caught.value.made) == {"a"}
    assert not isinstance(caught.value, pdf.Overrun)


def test_what_archives_and_readers_need_is_asked_for(tmp_path, monkeypatch):
    """PDF/A-2b, PDF/UA, tags and bookmarks, as the command line takes them."""
    fake_engine(tmp_path, monkeypatch, 'for word; do echo "$word"; done')
    with pytest.raises(pdf.ConversionError) as caught:
        pdf.convert({"x": b""})
    said = str(caught.value).splitlines()
    target = said[said.index("--convert-to") + 1]
    kind, _colon, options = target.partition("Export:")
    assert kind == "pdf:writer_pdf_"
    assert json.loads(options) == {
        "SelectPdfVersion": {"type": "long", "value": "2"},
        "PDFUACompliance": {"type": "boolean", "value": "true"},
        "UseTaggedPDF": {"type": "boolean", "value": "true"},
        "ExportBookmarks": {"type": "boolean", "value": "true"},
    }


def test_killed_by_a_signal(tmp_path, monkeypatch):
    fake_engine(tmp_path, monkeypatch, "kill -SEGV $$")
    with pytest.raises(pdf.ConversionError, match="code 139"):
        pdf.convert({"x": b""})


def test_more_words_than_a_pipe_takes(tmp_path, monkeypatch):
    fake_engine(
        tmp_path, monkeypatch, "head -c 300000 /dev/zero | tr '\\0' x; echo end"
    )
    with pytest.raises(pdf.ConversionError, match="xend$") as caught:
        pdf.convert({"x": b""})
    assert len(str(caught.value)) < 3000


@pytest.mark.parametrize("start", ["", "setsid "])
def test_too_slow_is_stopped_with_its_children(tmp_path, monkeypatch, start):
    """Also with those that have left its group, as LibreOffice's own starter does."""
    pid = tmp_path / "pid"
    fake_engine(
        tmp_path, monkeypatch, f"{start}sh -c 'echo $$ >{pid}; exec sleep 600' & wait"
    )
    with pytest.raises(pdf.Overrun, match="took more than 1 seconds"):
        pdf.convert({"x": b""}, timeout=1)
    assert is_gone(pid)


def test_what_stays_after_its_end_is_stopped_too(tmp_path, monkeypatch):
    pid = tmp_path / "pid"
    fake_engine(
        tmp_path,
        monkeypatch,
        f"setsid sh -c 'echo $$ >{pid}; exec sleep 600' & sleep 0.3; exit 0",
    )
    with pytest.raises(pdf.ConversionError, match="code 0"):
        pdf.convert({"x": b""})
    assert is_gone(pid)


def test_a_worker_that_is_killed_leaves_nothing(tmp_path, monkeypatch):
    """Neither processes nor authors' forms."""
    pid = tmp_path / "pid"
    program = tmp_path / "soffice"
    program.write_text(
        f"#!/bin/sh\nsetsid sh -c 'echo $$ >{pid}; exec sleep 600' & wait"
    )
    program.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from lib.guard import pdf\n"
        "pdf.convert({'x': b'an author'})"
    )
    root = Path(pdf.__file__).parents[2]
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(root)],
        env=os.environ
        | {"TMPDIR": str(work), "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    wait_for(lambda: pid.exists() and pid.read_text().strip())
    assert list(work.iterdir())
    worker.kill()
    worker.wait()
    wait_for(lambda: is_gone(pid) and not list(work.iterdir()))


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


def is_gone(pid):
    """Tell whether a killed process is gone, or a zombie until its parent looks."""
    status = Path("/proc") / pid.read_text().strip() / "status"
    return not status.exists() or "State:\tZ" in status.read_text()


def wait_for(condition):
    for _try in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")
