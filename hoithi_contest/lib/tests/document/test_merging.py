import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from ...document import merging


def picture(size=(210, 297), form="PNG"):
    target = io.BytesIO()
    Image.new("RGB", size, "white").save(target, form)
    return target.getvalue()


def test_pages_and_pictures_become_one_file():
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.add_blank_page(page_size=(595, 842))
        document.save(target)
    merged = merging.merge([picture(), target.getvalue(), picture(form="JPEG")])
    with pikepdf.open(io.BytesIO(merged)) as document:
        sizes = [
            tuple(round(float(side)) for side in list(page.mediabox)[2:])
            for page in document.pages
        ]
    # the picture of a page is as large as a page
    assert sizes == [(595, 842)] * 4


def test_a_scan_that_is_seen_through_is_white():
    target = io.BytesIO()
    Image.new("RGBA", (210, 297), (0, 0, 0, 0)).save(target, "PNG")
    with pypdfium2.PdfDocument(merging.merge([target.getvalue()])) as document:
        page = document[0].render(scale=0.1).to_pil().convert("L")
    assert page.getextrema()[0] > 250


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"MZ", picture()[:60]])
def test_what_cannot_be_read(content):
    with pytest.raises(merging.Unfit):
        merging.merge([picture(), content])
