"""Word documents to PDF by LibreOffice: by one that is kept, or many in one run."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Self

from . import office, scratch, watch

#: Seconds for all documents of a run, where the caller doesn't say. Starting takes
#: seconds, a document of a few pages less than one.
SECONDS = 60
#: Seconds for a document that is made ahead: one that hangs leaves time for the others.
AHEAD_SECONDS = 15
#: Seconds in which the watching process ends what it watches.
_GRACE = 10
#: Bytes of what it says that are kept.
_TOLD = 2000
#: What LibreOffice is asked for: files that archives take (PDF/A-2b) and readers read
#: aloud (PDF/UA-1, tagged), with their headings as bookmarks.
_EXPORT = {
    "SelectPdfVersion": 2,
    "PDFUACompliance": True,
    "UseTaggedPDF": True,
    "ExportBookmarks": True,
}
_FILTER = "pdf:writer_pdf_Export"
_NAMES = ("soffice", "libreoffice")
_FOLDERS = ("/usr/lib/libreoffice/program", "/opt/libreoffice/program")


class EngineMissing(Exception):
    """LibreOffice isn't installed."""

    def __init__(self):
        super().__init__(
            "LibreOffice is needed for PDF files. On Debian and Ubuntu install it by: "
            "apt-get install libreoffice-writer-nogui fonts-liberation2"
        )


class ConversionError(Exception):
    """LibreOffice made no PDF of a document; `made` are those that it did make."""

    def __init__(self, message: str, made: dict | None = None):
        super().__init__(message)
        self.made = made or {}


class Overrun(ConversionError):
    """LibreOffice took too long and was stopped."""


def engine() -> str | None:
    """Return the path of LibreOffice's program, if it is installed."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *_FOLDERS))
    for name in _NAMES:
        found = shutil.which(name, path=path)
        if found:
            return found
    return None


def run(
    command: list[str],
    folder: Path,
    timeout: float,
    extra: Mapping[str, str] | None = None,
) -> tuple[str, int]:
    """Return what a command says and its exit code.

    Another process watches it: it ends after `timeout` seconds, with its children, and
    also where this process is killed.

    :param extra: variables of its environment besides
    """
    # Its own home: the server's user may have none, and runs must not meet in one.
    environment = os.environ | {"HOME": str(folder), "TMPDIR": str(folder)}
    said = folder / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", watch.__file__),
                *(str(timeout), str(watch.MEMORY), str(folder)),
                *command,
            ],
            env=environment | dict(extra or {}),
            # stays open as long as this process lives
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        code = process.wait(timeout + _GRACE)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        code = watch.OVERRUN
    finally:
        process.stdin.close()
    text = said.read_bytes()[-_TOLD:] if said.exists() else b""
    return text.decode(errors="replace").strip(), code


def convert(
    documents: Mapping[str, bytes], timeout: float = SECONDS, owner: str = ""
) -> dict[str, bytes]:
    """Return the PDF files of Word documents, by the same keys.

    The LibreOffice that is kept does it; where there is none, and with what it made
    nothing of, another is started for all of them.

    :param documents: Word files by any key
    :param timeout: seconds for all of them
    :param owner: whose documents they are: those of two owners, such as databases,
        never meet in one LibreOffice
    :raises EngineMissing: LibreOffice isn't installed
    :raises Overrun: time ran out
    :raises ConversionError: a document couldn't be converted
    """
    if not documents:
        return {}
    program = engine()
    if program is None:
        raise EngineMissing()
    end = time.monotonic() + timeout
    made = {}
    # where there is none, the ordinary way is open
    with contextlib.suppress(office.Unavailable):
        try:
            for key, content in documents.items():
                result = office.convert(
                    program, owner, content, "pdf", _options(), end=end
                )
                if result := _whole(result):
                    made[key] = result
        except office.Late:
            raise _get_overrun(timeout, made) from None
    left = {key: content for key, content in documents.items() if key not in made}
    if left:
        try:
            made |= _convert_once(program, left, end - time.monotonic())
        except Overrun as failure:
            raise _get_overrun(timeout, made | failure.made) from None
        except ConversionError as failure:
            failure.made = made | failure.made
            raise
    return {key: made[key] for key in documents}


def _get_overrun(timeout: float, made: dict) -> Overrun:
    return Overrun(
        f"LibreOffice took more than {timeout:.0f} seconds and was stopped.", made
    )


class Ahead:
    """PDF files that are made while their user fills the documents that follow.

    A thread hands each to the LibreOffice that is kept, so that filling and converting
    have a processor each. Where none is kept, or it breaks down, nothing more is made
    ahead: what lacks is for `convert`, which also tells why.

    :param owner: whose documents they are, see `convert`
    """

    def __init__(self, owner: str = ""):
        #: How long LibreOffice has worked for it.
        self.seconds = 0.0
        self._owner, self._program = owner, engine()
        self._jobs: queue.SimpleQueue = queue.SimpleQueue()
        self._made: queue.SimpleQueue = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_left = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure) -> None:
        # nobody waits for what is under way
        self._is_left = True
        self._jobs.put(None)

    def add(self, key: Hashable, content: bytes) -> None:
        """Have a Word file converted, as soon as those before it are.

        :param key: by which `finish` tells the result
        """
        if not self._program or not office.is_kept():
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        self._jobs.put((key, content))

    def finish(self) -> Iterator[tuple[Hashable, bytes]]:
        """Yield the PDF files of what was added, each with its key once it is made.

        So its user works at one while the next is made.
        """
        self._jobs.put(None)
        while self._thread and (made := self._made.get()):
            yield made

    def _work(self) -> None:
        try:
            self._convert_jobs()
        finally:
            self._made.put(None)

    def _convert_jobs(self) -> None:
        while (job := self._jobs.get()) and not self._is_left:
            key, content = job
            begun = time.monotonic()
            try:
                result = office.convert(
                    self._program,
                    self._owner,
                    content,
                    *("pdf", _options()),
                    end=begun + AHEAD_SECONDS,
                )
            except (office.Late, office.Unavailable, OSError):
                return
            finally:
                self.seconds += time.monotonic() - begun
            if result := _whole(result):
                self._made.put((key, result))


def _convert_once(
    program: str, documents: Mapping[str, bytes], timeout: float
) -> dict[str, bytes]:
    """Convert documents by a LibreOffice that is started for them alone."""
    with scratch.folder() as folder:
        sources = {}
        for number, (key, content) in enumerate(documents.items()):
            sources[key] = folder / f"{number:06d}.docx"
            sources[key].write_bytes(content)
        output, code = run(
            [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--norestore", "--nologo", "--nodefault"),
                *(
                    "--nolockcheck",
                    "--convert-to",
                    f"{_FILTER}:{_options()}",
                ),
                *("--outdir", str(folder / "out")),
                *map(str, sources.values()),
            ],
            folder,
            timeout,
        )
        made = {
            key: content
            for key, source in sources.items()
            if (content := _read(folder / "out" / f"{source.stem}.pdf"))
        }
    missing = next((key for key in documents if key not in made), None)
    if missing is None:
        return made
    if code == watch.OVERRUN:
        raise _get_overrun(timeout, made)
    raise ConversionError(
        f"LibreOffice made no PDF of {missing!r} and ended with code {code}. "
        f"It said: {output or '(nothing)'}",
        made,
    )


def _options() -> str:
    """Return the options of the export as LibreOffice's command line takes them."""
    kinds = {bool: "boolean", int: "long"}
    return json.dumps(
        {
            name: {"type": kinds[type(value)], "value": str(value).lower()}
            for name, value in _EXPORT.items()
        }
    )


def _read(path: Path) -> bytes:
    return _whole(path.read_bytes() if path.exists() else b"")


def _whole(content: bytes) -> bytes:
    """Return a PDF file, if it is a whole one: what was broken off has no end."""
    is_whole = content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]
    return content if is_whole else b""
