"""The process that makes copies: `python -m lib.council.copies.work FOLDER`.

`job.json` in the folder tells what to do; `copy.pdf` and `report.json` are the answer.
It limits itself, so that a file made to cost much ends here and nowhere else. Whatever
else a parser stumbles over ends the process, and there is no copy.
"""

import json
import sys
from pathlib import Path

from ...guard import apart, foreign
from .limits import (
    CPU_SECONDS,
    MAX_BYTES,
    MEMORY,
    OFFICE_MEMORY,
    OFFICE_SECONDS,
    PICTURES,
    CopyFailed,
)

KINDS = {"pdf", "docx", "xlsx", "pptx", *PICTURES, *foreign.OLDER}


def make(folder: Path) -> dict:
    """Make the copy that `job.json` in `folder` asks for; return the report.

    :raises CopyFailed: where there can't be one
    """
    from . import names, office, pdf

    job = json.loads((folder / "job.json").read_text())
    source, kind = folder / f"source.{job['extension']}", job["extension"]
    if kind not in KINDS:
        raise CopyFailed("kind")
    if source.stat().st_size > MAX_BYTES:
        raise CopyFailed("size")
    if kind in PICTURES:
        pages = folder / "pages.pdf"
        pdf.picture_pages(source.read_bytes(), pages)
        source = pages
    elif kind != "pdf":
        if kind in foreign.OLDER:
            source = _convert(source, folder, "older", foreign.OLDER[kind])
        stripped = folder / f"stripped{source.suffix}"
        stripped.write_bytes(office.strip(source.read_bytes()))
        source = _convert(stripped, folder, "office", "pdf")
    secrets = [names.Secret(*secret) for secret in job["secrets"]]
    return pdf.rebuild(source, folder / "copy.pdf", secrets, job["blacken"])


def _convert(source: Path, folder: Path, name: str, target: str) -> Path:
    place = folder / name
    place.mkdir()
    try:
        return foreign.convert(source, place, target, OFFICE_SECONDS, OFFICE_MEMORY)
    except foreign.EngineMissing as error:
        raise CopyFailed("engine") from error
    except foreign.Overrun as error:
        raise CopyFailed("time") from error
    except foreign.ConversionError as error:
        raise CopyFailed("broken", str(error)) from error


def main(folder: Path) -> None:
    # LibreOffice below may have more: it maps much that it never uses
    apart.limit(MEMORY, CPU_SECONDS, OFFICE_MEMORY)
    try:
        report = make(folder)
    except CopyFailed as failure:
        report = {"failed": failure.reason, "detail": failure.detail}
    except MemoryError:
        report = {"failed": "memory"}
    (folder / "report.json").write_text(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
