from io import BytesIO

import pytest

from ...guard import thumbnail

Image = pytest.importorskip("PIL.Image")
pypdfium2 = pytest.importorskip("pypdfium2")


def make_pdf(*sizes):
    document = pypdfium2.PdfDocument.new()
    for size in sizes:
        document.new_page(*size)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((595, 842), (192, 272)),
        ((842, 595), (224, 158)),
        # a poster costs no more than a page
        ((14400, 14400), (224, 224)),
    ],
)
def test_the_first_page_fits_its_place(size, box):
    drawn = thumbnail.draw(make_pdf(size, (10, 10), (10, 10)))
    assert drawn.pages == 3
    with Image.open(BytesIO(drawn.picture)) as picture:
        assert picture.format == "JPEG"
        for side, wanted in zip(picture.size, box, strict=True):
            assert abs(side - wanted) <= 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4 and then nothing",
        make_pdf((595, 842))[:200],
        # a page a hundred times as long as it is wide is none
        make_pdf((3, 14400)),
    ],
)
def test_what_is_no_document_has_no_picture(content):
    with pytest.raises(thumbnail.Undrawable):
        thumbnail.draw(content)


def test_time_runs_out():
    with pytest.raises(thumbnail.Undrawable):
        thumbnail.draw(make_pdf((595, 842)), timeout=0)
