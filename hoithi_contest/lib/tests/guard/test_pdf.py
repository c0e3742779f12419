import os
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ...document import docx_template
from ...document.kinds import KINDS
from ...document.templates.build import FOLDER
from ...guard import pdf


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
    documents = {"a/b c": document("Alpha"), "ü": document("Beta")}
    result = pdf.convert(documents)
    assert list(result) == ["a/b c", "ü"]
    assert b"Alpha" in text(result["a/b c"])
    assert b"Beta" in text(result["ü"])
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


def test_too_slow_is_stopped_with_its_children(tmp_path, monkeypatch):
    pid = tmp_path / "pid"
    fake_engine(tmp_path, monkeypatch, f"sleep 600 & echo $! > {pid}; wait")
    with pytest.raises(pdf.ConversionError, match="took more than 1 seconds"):
        pdf.convert({"x": b""}, timeout=1)
    state = Path("/proc") / pid.read_text().strip() / "status"
    # Killed: gone, or a zombie until its new parent looks.
    assert not state.exists() or "State:\tZ" in state.read_text()
