"""Word documents to PDF by LibreOffice, many in one run."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

# Starting takes seconds, a document of a few pages less than one.
START_SECONDS = 90
DOCUMENT_SECONDS = 20
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
    """LibreOffice made no PDF of a document, or took too long."""


def engine() -> str | None:
    """Return the path of LibreOffice's program, if it is installed."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *_FOLDERS))
    for name in _NAMES:
        found = shutil.which(name, path=path)
        if found:
            return found
    return None


def _run(command: list[str], folder: Path, timeout: float) -> str:
    # Its own home: the server's user may have none, and runs must not meet in one.
    environment = os.environ | {"HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except BaseException as error:
        # LibreOffice is a chain of processes: all of them, or the last one stays.
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise ConversionError(
                f"LibreOffice took more than {timeout:.0f} seconds and was stopped. "
                "Try again, or with fewer documents at once."
            ) from error
        raise
    return output.strip()


def convert(
    documents: Mapping[str, bytes], timeout: float | None = None
) -> dict[str, bytes]:
    """Return the PDF files of Word documents, by the same keys.

    :param documents: Word files by any key
    :param timeout: seconds for all of them; by default enough for their number
    :raises EngineMissing: LibreOffice isn't installed
    :raises ConversionError: a document couldn't be converted, or time ran out
    """
    if not documents:
        return {}
    program = engine()
    if program is None:
        raise EngineMissing()
    if timeout is None:
        timeout = START_SECONDS + DOCUMENT_SECONDS * len(documents)
    with tempfile.TemporaryDirectory(prefix="hoithi-pdf-") as name:
        folder = Path(name)
        sources = {}
        for number, (key, content) in enumerate(documents.items()):
            sources[key] = folder / f"{number:06d}.docx"
            sources[key].write_bytes(content)
        output = _run(
            [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--norestore", "--nologo", "--nodefault"),
                *("--nolockcheck", "--convert-to", "pdf:writer_pdf_Export"),
                *("--outdir", str(folder / "out")),
                *map(str, sources.values()),
            ],
            folder,
            timeout,
        )
        return {
            key: _result(folder / "out" / f"{source.stem}.pdf", key, output)
            for key, source in sources.items()
        }


def _result(path: Path, key: str, output: str) -> bytes:
    content = path.read_bytes() if path.exists() else b""
    if not content.startswith(b"%PDF-"):
        raise ConversionError(
            f"LibreOffice made no PDF of {key!r}. It said: {output or '(nothing)'}"
        )
    return content
