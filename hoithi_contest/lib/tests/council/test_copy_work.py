"""The process that makes copies, without LibreOffice and without a process."""

import json
from pathlib import Path

import pytest

from ...council import copies
from ...council.copies import limits, office, pdf, work
from ...council.copies.limits import CopyFailed
from ...guard import apart


@pytest.fixture
def steps(monkeypatch):
    """What is done, in its order; nothing of it takes time."""
    done = []

    def convert(source, place, target, seconds, memory):
        assert place.is_dir()
        assert (seconds, memory) == (70, 4 * 1024**3)
        done.append((source.name, place.name, target))
        result = place / f"{source.stem}.{target}"
        result.write_bytes(source.read_bytes() + b"|" + target.encode())
        return result

    def rebuild(source, target, secrets, blacken):
        done.append((source.name, source.read_bytes(), secrets, blacken))
        return {"pages": 1}

    monkeypatch.setattr(work.foreign, "convert", convert)
    monkeypatch.setattr(office, "strip", lambda content: content + b"|plain")
    monkeypatch.setattr(pdf, "rebuild", rebuild)
    monkeypatch.setattr(
        pdf, "picture_pages", lambda content, target: target.write_bytes(content)
    )
    return done


def make(folder, extension, content=b"x", blacken=False, act=work.make):
    (folder / f"source.{extension}").write_bytes(content)
    job = {"extension": extension, "secrets": [["name", "An"]], "blacken": blacken}
    (folder / "job.json").write_text(json.dumps(job))
    return act(folder)


SECRETS = [copies.Secret("name", "An")]


def test_a_pdf_is_rebuilt(tmp_path, steps):
    assert make(tmp_path, "pdf", blacken=True) == {"pages": 1}
    assert steps == [("source.pdf", b"x", SECRETS, True)]


@pytest.mark.parametrize("extension", sorted(limits.PICTURES))
def test_a_picture_becomes_pages(tmp_path, steps, extension):
    make(tmp_path, extension)
    assert steps == [("pages.pdf", b"x", SECRETS, False)]


@pytest.mark.parametrize("extension", ["docx", "xlsx", "pptx"])
def test_a_package_is_made_plain_first(tmp_path, steps, extension):
    make(tmp_path, extension)
    assert steps == [
        (f"stripped.{extension}", "office", "pdf"),
        ("stripped.pdf", b"x|plain|pdf", SECRETS, False),
    ]


@pytest.mark.parametrize(
    ("extension", "newer"),
    [
        *((kind, "docx") for kind in ("doc", "odt", "rtf", "docm", "dot", "dotx")),
        *((kind, "xlsx") for kind in ("xls", "ods")),
        *((kind, "pptx") for kind in ("ppt", "odp")),
    ],
)
def test_an_older_file_becomes_a_newer_one_first(tmp_path, steps, extension, newer):
    make(tmp_path, extension)
    assert steps == [
        (f"source.{extension}", "older", newer),
        (f"stripped.{newer}", "office", "pdf"),
        ("stripped.pdf", f"x|{newer}|plain|pdf".encode(), SECRETS, False),
    ]


def test_what_has_no_pages(tmp_path, steps):
    with pytest.raises(CopyFailed) as failure:
        make(tmp_path, "zip")
    assert failure.value.reason == "kind"
    assert steps == []


def test_as_many_bytes_as_are_taken(tmp_path, steps, monkeypatch):
    monkeypatch.setattr(work, "MAX_BYTES", 3)
    assert make(tmp_path, "pdf", b"xxx")
    with pytest.raises(CopyFailed) as failure:
        make(tmp_path, "pdf", b"xxxx")
    assert failure.value.reason == "size"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (work.foreign.EngineMissing(), ("engine", "")),
        (work.foreign.Overrun("slow"), ("time", "")),
        (work.foreign.ConversionError("bad"), ("broken", "bad")),
    ],
)
def test_what_libreoffice_does_not_make(tmp_path, steps, monkeypatch, error, reason):
    def fail(*_args):
        raise error

    monkeypatch.setattr(work.foreign, "convert", fail)
    with pytest.raises(CopyFailed) as failure:
        make(tmp_path, "docx")
    assert (failure.value.reason, failure.value.detail) == reason


# THE PROCESS


@pytest.mark.parametrize(
    ("error", "report"),
    [
        (CopyFailed("pages", "401"), {"failed": "pages", "detail": "401"}),
        (MemoryError(), {"failed": "memory"}),
    ],
)
def test_what_fails_is_reported(tmp_path, monkeypatch, error, report):
    asked = {}

    def fail(_folder):
        raise error

    resource = apart.resource
    monkeypatch.setattr(
        resource, "setrlimit", lambda what, values: asked.update({what: values})
    )
    monkeypatch.setattr(work, "make", fail)
    work.main(tmp_path)
    assert json.loads((tmp_path / "report.json").read_text()) == report
    assert asked == {
        resource.RLIMIT_AS: (2 * 1024**3, 4 * 1024**3),
        resource.RLIMIT_CPU: (120, 125),
        resource.RLIMIT_CORE: (0, 0),
    }


def answer(monkeypatch, report=None, said="", code=0, copy=b"%PDF-"):
    """Let the process answer; return what it was asked."""
    asked = {}

    def run(command, folder, timeout, extra):
        asked.update(command=command, timeout=timeout, extra=extra)
        asked["job"] = json.loads((folder / "job.json").read_text())
        asked["files"] = {path.name: path.read_bytes() for path in folder.iterdir()}
        if report is not None:
            (folder / "report.json").write_text(json.dumps(report))
            (folder / "copy.pdf").write_bytes(copy)
        return said, code

    monkeypatch.setattr(copies.apart, "run", run)
    return asked


REPORT = {"pages": 2, "found": [], "unread": [1], "drawn": [2]}


def test_what_the_process_is_asked(monkeypatch):
    asked = answer(monkeypatch, REPORT)
    copy = copies.make_copy(b"content", "pdf", iter(SECRETS))
    assert copy == copies.Copy(b"%PDF-", 2, [], [1], [2])
    assert asked["job"] == {
        "extension": "pdf",
        "secrets": [["name", "An"]],
        "blacken": False,
    }
    assert asked["files"]["source.pdf"] == b"content"
    assert asked["timeout"] == 180
    assert asked["command"][1:3] == ["-m", "lib.council.copies.work"]
    addon = Path(asked["extra"]["PYTHONPATH"].split(":")[0])
    assert (addon / "lib" / "council" / "copies" / "work.py").exists()
    for extension in ("", "../x", "a.b"):
        copies.make_copy(b"", extension, blacken=True, timeout=7)
        assert asked["job"]["extension"] == "unknown"
        assert (asked["job"]["blacken"], asked["timeout"]) == (True, 7)


@pytest.mark.parametrize(
    ("code", "reason"),
    [(124, "time"), (152, "time"), (137, "memory"), (134, "memory"), (139, "memory")]
    + [(1, "broken"), (0, "broken"), (143, "broken")],
)
def test_why_a_process_ended(monkeypatch, code, reason):
    answer(monkeypatch, None, "one\ntwo\nlast words", code)
    with pytest.raises(CopyFailed) as failure:
        copies.make_copy(b"", "pdf")
    assert (failure.value.reason, failure.value.detail) == (
        reason,
        f"{code}: last words",
    )


def test_what_the_process_says_it_failed_by(monkeypatch):
    for report, expected in (
        ({"failed": "pages", "detail": "401"}, ("pages", "401")),
        ({"failed": "memory"}, ("memory", "")),
    ):
        answer(monkeypatch, report)
        with pytest.raises(CopyFailed) as failure:
            copies.make_copy(b"", "pdf")
        assert (failure.value.reason, failure.value.detail) == expected


def test_how_long_copies_usually_take():
    """What needs LibreOffice takes longer; all are far below what ends a copy."""
    assert copies.get_usual_seconds("pdf") == copies.get_usual_seconds("jpg") == 0.5
    assert copies.get_usual_seconds("docx") == copies.get_usual_seconds("zip") == 3
    assert limits.SECONDS > limits.OFFICE_SECONDS + limits.USUAL_SECONDS
    assert limits.SECONDS > limits.CPU_SECONDS


def test_what_a_dossier_may_hold():
    """Enough for any form with its photos, and no more than a server can give."""
    assert limits.MAX_BYTES == 100 * 1024**2
    assert limits.MAX_UNPACKED == 200 * 1024**2
    assert limits.MAX_XML == 20 * 1024**2
    assert (limits.MAX_PAGES, limits.MAX_PARTS) == (400, 5000)
    assert limits.MAX_PIXELS == 80_000_000
    assert (limits.MEMORY, limits.OFFICE_MEMORY) == (2 * 1024**3, 4 * 1024**3)
