import json
from io import BytesIO

import pytest

from ...guard import apart, thumbnail

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


def test_what_is_seen_through_is_white():
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    utils = pytest.importorskip("reportlab.lib.utils")
    file = BytesIO()
    page = canvas.Canvas(file, pagesize=(100, 100))
    clear = utils.ImageReader(Image.new("RGBA", (9, 9), (0, 0, 0, 0)))
    page.drawImage(clear, 0, 0, 100, 100, mask="auto")
    page.save()
    with Image.open(BytesIO(thumbnail.draw(file.getvalue()).picture)) as picture:
        assert picture.convert("L").getextrema()[0] > 250


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
    with pytest.raises(apart.Failed):
        thumbnail.draw(content)


def test_time_runs_out():
    with pytest.raises(apart.Failed, match="^124: "):
        thumbnail.draw(make_pdf((595, 842)), timeout=0)


def test_what_is_wrong_is_told():
    with pytest.raises(apart.Failed, match="^1: .*shape"):
        thumbnail.draw(make_pdf((3, 14400)))


# IN THIS PROCESS


def make(folder, *sizes):
    """Return the picture's size and the report of what is drawn here."""
    (folder / "source.pdf").write_bytes(make_pdf(*sizes))
    thumbnail.make(folder)
    with Image.open(folder / "picture.jpg") as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        return picture.size, json.loads((folder / "report.json").read_text())


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((595, 842), (192, 272)),
        ((842, 595), (224, 158)),
        ((224, 272), (224, 272)),
        # what is small is drawn large
        ((22.4, 22.4), (224, 224)),
        ((14400, 14400), (224, 224)),
        # a narrow one is drawn 8 wide, and made to fit
        ((20, 1000), (5, 272)),
        ((1000, 20), (224, 4)),
        # no page is narrower than this
        ((4, 13600), (1, 272)),
    ],
)
def test_pages_of_all_shapes(tmp_path, size, box):
    drawn, report = make(tmp_path, size, (10, 10))
    assert report == {"pages": 2}
    for side, wanted in zip(drawn, box, strict=True):
        assert abs(side - wanted) <= 1


@pytest.mark.parametrize("size", [(3.99, 13600), (13600, 3.99)])
def test_what_has_no_shape_of_a_page(tmp_path, size):
    with pytest.raises(ValueError, match="shape"):
        make(tmp_path, size)
    assert not (tmp_path / "report.json").exists()


def test_the_first_page_is_drawn(tmp_path):
    (width, height), _report = make(tmp_path, (595, 842), (842, 595))
    assert width < height
    (width, height), _report = make(tmp_path, (842, 595), (595, 842))
    assert width > height


def test_a_picture_is_twice_as_large_as_it_is_shown():
    assert (thumbnail.WIDTH, thumbnail.HEIGHT) == (2 * 112, 2 * 136)


def test_a_drawing_limits_itself_before_it_reads(tmp_path, monkeypatch):
    limits, resource = {}, apart.resource
    monkeypatch.setattr(resource, "setrlimit", lambda *limit: limits.update([limit]))
    monkeypatch.setattr(thumbnail, "make", lambda folder: limits.update(made=folder))
    thumbnail.main(tmp_path)
    assert list(limits.items()) == [
        (resource.RLIMIT_AS, (1024**3, 1024**3)),
        (resource.RLIMIT_CPU, (10, 15)),
        (resource.RLIMIT_CORE, (0, 0)),
        ("made", tmp_path),
    ]
