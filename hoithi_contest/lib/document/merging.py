"""Scans of a paper's pages laid together into one PDF."""

import io
from collections.abc import Iterable

from ..guard import pictures

#: The width of a sheet A4 in inches, which the scan of a page fills.
_SHEET = 210 / 25.4


class Unfit(Exception):
    """A file that is neither a PDF nor a picture which can be read."""


def merge(files: Iterable[bytes]) -> bytes:
    """Return one PDF of the pages of PDF files and pictures, in their order.

    :raises Unfit: one of them can't be read
    """
    import pikepdf

    with pikepdf.new() as merged:
        for content in files:
            if not content.startswith(b"%PDF-"):
                content = _draw(content)
            try:
                with pikepdf.open(io.BytesIO(content)) as source:
                    merged.pages.extend(source.pages)
            except pikepdf.PdfError as error:
                raise Unfit(str(error)) from error
        target = io.BytesIO()
        merged.save(target)
        return target.getvalue()


def _draw(content: bytes) -> bytes:
    """Return the picture of a page as a PDF of that page."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as picture:
            # a camera tells how it was held
            page = pictures.on_white(ImageOps.exif_transpose(picture))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unfit(str(error)) from error
    target = io.BytesIO()
    page.save(target, "PDF", resolution=page.width / _SHEET)
    return target.getvalue()
