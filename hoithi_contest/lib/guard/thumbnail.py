"""The first page of a PDF file as a small picture, and how many pages there are.

Another process draws it, within limits: a file made to cost much ends there.
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple

from . import apart

#: Seconds of the processor and of the clock.
CPU_SECONDS = 10
SECONDS = 15
#: Pixels of the picture at most: twice what a row of files shows.
WIDTH, HEIGHT = 224, 272
#: A page may be drawn with a side that is hardly there.
_LEAST = 8
_QUALITY = 80
_SOURCE, _PICTURE, _REPORT = "source.pdf", "picture.jpg", "report.json"


class Thumbnail(NamedTuple):
    """A JPEG of the first page, and the number of pages."""

    picture: bytes
    pages: int


def draw(content: bytes, timeout: float = SECONDS) -> Thumbnail:
    """Return the picture of a PDF file.

    :param timeout: seconds
    :raises Failed: where none can be made
    """
    task = ("lib.guard.thumbnail", _SOURCE, content, _REPORT, timeout)
    with apart.work(*task) as report:
        pages = json.loads(report.read_text())["pages"]
        return Thumbnail(report.with_name(_PICTURE).read_bytes(), pages)


def make(folder: Path) -> None:
    """Draw the file that lies in `folder`; the report comes last."""
    # heavy, and needed here alone
    import pypdfium2

    document = pypdfium2.PdfDocument(folder / _SOURCE)
    page = document[0]
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
    scale = max(scale, _LEAST / max(min(width, height), 1))
    if max(width, height) * scale > 100 * max(WIDTH, HEIGHT):
        raise ValueError("no page has such a shape")
    picture = page.render(scale=scale).to_pil().convert("RGB")
    picture.thumbnail((WIDTH, HEIGHT))
    picture.save(folder / _PICTURE, "JPEG", quality=_QUALITY)
    (folder / _REPORT).write_text(json.dumps({"pages": len(document)}))


def main(folder: Path) -> None:
    apart.limit(seconds=CPU_SECONDS)
    make(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
