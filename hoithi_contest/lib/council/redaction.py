"""Copies of dossier files that don't tell who wrote them.

Only metadata is taken away; what an author wrote inside the text stays.
"""

import io
import re
import zipfile

import docx
import pikepdf
from PIL import Image, ImageOps

_DOCX_PROPERTIES = (
    "author",
    "last_modified_by",
    "comments",
    "keywords",
    "subject",
    "category",
    "title",
)
# Who commented on or changed a text, and for whom the program is registered.
_DOCX_PEOPLE = re.compile(rb'((?:w|w15):(?:author|initials|userId))="[^"]*"')
_DOCX_REGISTERED = re.compile(rb"<(Company|Manager)>[^<]*</\1>")
_DOCX_CUSTOM = re.compile(rb">[^<>]+</vt:")


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
    # whatever a parser stumbles over: a file that it can't read must not pass
    except Exception as error:
        raise NotRedactable(str(error)) from error


def _redact_pdf(content: bytes) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                if "/Metadata" in item:
                    del item["/Metadata"]
                # the author of a remark; for a field of a form it is the field's name
                remark = "/Rect" in item and item.get("/Subtype") != "/Widget"
                if remark and "/T" in item:
                    del item["/T"]
        pdf.save(output, deterministic_id=True)
    return output.getvalue()


def _redact_docx(content: bytes) -> bytes:
    document = docx.Document(io.BytesIO(content))
    for name in _DOCX_PROPERTIES:
        setattr(document.core_properties, name, "")
    package, output = io.BytesIO(), io.BytesIO()
    document.save(package)
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(output, "w") as target:
        for info in source.infolist():
            part = source.read(info)
            target.writestr(
                info.filename,
                _redact_docx_part(info.filename, part),
                compress_type=zipfile.ZIP_DEFLATED,
            )
    return output.getvalue()


def _redact_docx_part(name: str, content: bytes) -> bytes:
    if name == "docProps/app.xml":
        return _DOCX_REGISTERED.sub(rb"<\1></\1>", content)
    if name == "docProps/custom.xml":
        return _DOCX_CUSTOM.sub(rb"></vt:", content)
    if name.endswith(".xml"):
        return _DOCX_PEOPLE.sub(rb'\1=""', content)
    if name.lower().endswith((".jpg", ".jpeg", ".png")):
        return _redact_image(content)
    return content


def _redact_image(content: bytes) -> bytes:
    output = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        # the picture keeps the right way up without the note that turned it
        upright = ImageOps.exif_transpose(image)
        clean = Image.new(upright.mode, upright.size)
        if upright.mode == "P":
            clean.putpalette(upright.getpalette())
        clean.paste(upright)
        options = {"quality": 90} if image.format == "JPEG" else {}
        clean.save(output, format=image.format, **options)
    return output.getvalue()


_CLEANERS = {
    "pdf": _redact_pdf,
    "docx": _redact_docx,
    "png": _redact_image,
    "jpg": _redact_image,
    "jpeg": _redact_image,
}
