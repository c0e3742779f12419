"""Copies of dossier files that don't tell who wrote them, made in a process apart.

A copy is a new PDF of the pages of the file, see `pdf`; files of Word and the like
become pages by LibreOffice, see `office`.
"""

import json
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ...guard import apart, scratch, watch
from .limits import PICTURES, PLAIN_SECONDS, SECONDS, USUAL_SECONDS, CopyFailed
from .names import Secret

__all__ = [
    "SECONDS",
    "Copy",
    "CopyFailed",
    "Secret",
    "get_usual_seconds",
    "make_copy",
]

#: The exit codes of a process that was ended, and what they mean.
_ENDS = {
    watch.OVERRUN: "time",
    128 + signal.SIGXCPU: "time",
    128 + signal.SIGKILL: "memory",
    128 + signal.SIGABRT: "memory",
    128 + signal.SIGSEGV: "memory",
}


class Copy(NamedTuple):
    """A copy: its PDF, and what was noticed while it was made.

    `found` lists {kind, text, page} of each place where an author is told in the text;
    `unread` the numbers of pages without text, where nothing could be looked for;
    `drawn` those of pages that became pictures.
    """

    content: bytes
    pages: int
    found: list[dict]
    unread: list[int]
    drawn: list[int]


def get_usual_seconds(extension: str) -> float:
    """Return how long a copy of such a file usually takes, to plan with.

    :param extension: of the file, lower case without a dot
    """
    is_plain = extension == "pdf" or extension in PICTURES
    return PLAIN_SECONDS if is_plain else USUAL_SECONDS


def make_copy(
    content: bytes,
    extension: str,
    secrets: Iterable[Secret] = (),
    blacken: bool = False,
    timeout: float = SECONDS,
) -> Copy:
    """Return a copy of a file, made anew from its pages.

    :param content: the whole file
    :param extension: of the file, lower case without a dot
    :param secrets: what tells who the authors are, to be looked for in the text
    :param blacken: take the places of the secrets out of the pages
    :param timeout: seconds after which it is given up
    :raises CopyFailed: with the reason, where there can't be one
    """
    with scratch.folder() as folder:
        extension = extension if extension.isalnum() else "unknown"
        (folder / f"source.{extension}").write_bytes(content)
        job = {
            "extension": extension,
            "secrets": [list(secret) for secret in secrets],
            "blacken": blacken,
        }
        (folder / "job.json").write_text(json.dumps(job))
        said, code = apart.run_module("lib.council.copies.work", folder, timeout)
        report_path, copy_path = folder / "report.json", folder / "copy.pdf"
        if not report_path.exists():
            # whatever a parser stumbles over: what it can't read must not pass
            last = said.rpartition("\n")[2]
            raise CopyFailed(_ENDS.get(code, "broken"), f"{code}: {last}")
        report = json.loads(report_path.read_text())
        if "failed" in report:
            raise CopyFailed(report["failed"], report.get("detail", ""))
        return Copy(copy_path.read_bytes(), **report)
