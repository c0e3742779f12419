"""Copies of dossier files that don't tell who wrote them.

Only metadata is taken away; what an author wrote inside the text stays.
"""

import io

import docx
import pikepdf
from PIL import Image, UnidentifiedImageError

_DOCX_PROPERTIES = (
    "author",
    "last_modified_by",
    "comments",
    "keywords",
    "subject",
    "category",
    "title",
)


class NotRedactable(Exception):
    """The file can't be cleaned, so it must not reach a blind reviewer."""


def redact(content: bytes, extension: str) -> bytes:
    """Return `content` without author, title and location metadata.

    :param content: the whole file
    :param extension: of the file, lower case without a dot
    :raises NotRedactable: where the kind of file isn't known or the file is broken
    """
    cleaner = _CLEANERS.get(extension)
    if cleaner is None:
        raise NotRedactable(extension)
    try:
        return cleaner(content)
    except (
        pikepdf.PdfError,
        KeyError,
        ValueError,
        OSError,
        UnidentifiedImageError,
    ) as error:
        raise NotRedactable(str(error)) from error


def _redact_pdf(content: bytes) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        if "/Metadata" in pdf.Root:
            del pdf.Root["/Metadata"]
        pdf.save(output, deterministic_id=True)
    return output.getvalue()


def _redact_docx(content: bytes) -> bytes:
    document = docx.Document(io.BytesIO(content))
    for name in _DOCX_PROPERTIES:
        setattr(document.core_properties, name, "")
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _redact_image(content: bytes) -> bytes:
    output = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        clean = Image.new(image.mode, image.size)
        if image.mode == "P":
            clean.putpalette(image.getpalette())
        clean.paste(image)
        clean.save(output, format=image.format)
    return output.getvalue()


_CLEANERS = {
    "pdf": _redact_pdf,
    "docx": _redact_docx,
    "png": _redact_image,
    "jpg": _redact_image,
    "jpeg": _redact_image,
}
