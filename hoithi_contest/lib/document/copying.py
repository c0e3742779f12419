"""A copy of a paper: the paper's pages, and below them the form of the copy.

Decree 30/2020, annex I, part III: what makes the copy stands on the same sheet, right
after the end of what is copied, below a line as wide as the text.
"""

import io
from collections.abc import Iterator

from . import tagging

_MM = 72 / 25.4
#: Between the end of the paper and the line of the copy.
_GAP = 4 * _MM
#: What the decree leaves free at the foot of a page.
_MARGIN = 20 * _MM


class Unfit(Exception):
    """A file that isn't a PDF which can be read."""


def compose(original: bytes, form: bytes, title: str) -> bytes:
    """Return a paper with the form of its copy below its end.

    Where the last page has no room for the form, a page with it alone follows, and of a
    form with many recipients each of its pages. The appearance of signatures stays, the
    signatures don't: who copies signs the copy.

    :param original: PDF of the paper that is copied
    :param form: PDF of the form
    :param title: what a reader calls the file
    :raises Unfit: one of the files can't be read
    """
    import pikepdf

    room = _get_ink(original)[0] - _MARGIN
    low, high = _get_ink(form)
    try:
        paper = pikepdf.open(io.BytesIO(original))
        block = pikepdf.open(io.BytesIO(form))
    except pikepdf.PdfError as error:
        raise Unfit(str(error)) from error
    words = _read(form)
    with paper, block:
        for page in paper.pages:
            _clear_empty_fields(page)
        paper.flatten_annotations()
        for name in ("/AcroForm", "/Perms"):
            if name in paper.Root:
                del paper.Root[name]
        is_tagged = tagging.is_tagged(paper)
        if is_tagged:
            tagging.forget_fields(paper)
        for stamp, text in zip(block.pages, words, strict=True):
            # its tags are in the other file's tree
            tagging.strip(stamp)
            last, shift = paper.pages[-1], 0.0
            if len(words) == 1 and _is_alike(last, stamp) and room >= high - low + _GAP:
                shift = room + _MARGIN - _GAP - high
            else:
                sheet = stamp.mediabox
                size = (sheet[2] - sheet[0], sheet[3] - sheet[1])
                paper.add_blank_page(page_size=size)
                last = paper.pages[-1]
            content = paper.copy_foreign(stamp.as_form_xobject())
            name = last.add_resource(content, pikepdf.Name.XObject)
            drawn = f"q 1 0 0 1 0 {shift:.3f} cm {name} Do Q".encode()
            if is_tagged:
                drawn = tagging.add_text(paper, last, drawn, text)
            last.contents_add(b"q\n", prepend=True)
            last.contents_add(b"\nQ\n" + drawn)
        with paper.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            if not is_tagged:
                metadata.pop("pdfuaid:part", None)
        target = io.BytesIO()
        paper.save(target)
        return target.getvalue()


def _is_alike(page, other) -> bool:
    """Tell whether what stands on one page may stand at the same place of another."""
    same = zip(page.mediabox, other.mediabox, strict=True)
    # what a scanner turned has its end elsewhere
    is_upright = not int(page.get("/Rotate", 0)) % 360
    return is_upright and not any(round(float(a) - float(b)) for a, b in same)


def _read(content: bytes) -> list[str]:
    """Return what each page of the form of a copy says, a line each."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        texts = [page.get_textpage().get_text_range() for page in document]
        return [text.replace("\r\n", "\n").strip() for text in texts]
    finally:
        document.close()


def _clear_empty_fields(page) -> None:
    """Take the fields away that nobody signed, with the frames that they may have."""
    import pikepdf

    def is_empty(annotation) -> bool:
        field = annotation.get("/Parent", annotation)
        return field.get("/FT") == "/Sig" and "/V" not in field

    notes = page.get("/Annots", ())
    page.Annots = pikepdf.Array([note for note in notes if not is_empty(note)])


def _get_ink(content: bytes) -> tuple[float, float]:
    """Return how low and how high something is drawn on the last page, in points."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unfit(str(error)) from error
    try:
        page = document[len(document) - 1]
        bounds = list(_get_bounds(page))
        return (
            min((low for low, _high in bounds), default=page.get_height()),
            max((high for _low, high in bounds), default=0.0),
        )
    finally:
        document.close()


def _get_bounds(page) -> Iterator[tuple[float, float]]:
    for shape in page.get_objects(max_depth=1):
        _left, low, _right, high = shape.get_bounds()
        yield low, high
