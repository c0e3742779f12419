"""Reviewers' copies page by page: what is told of them, drawn and painted over."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from reportlab.pdfgen import canvas

from ...council.copies import pdf
from ...council.copies.limits import CopyFailed
from ...council.copies.names import Secret

NAME = Secret("name", "Ha Thi Tac Gia")
#: A picture within the content of a page isn't carried: such a page is drawn.
INLINE = b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"


def make_pages(*texts, size=(400, 300)):
    output = io.BytesIO()
    paper = canvas.Canvas(output, pagesize=size, invariant=1)
    for text in texts:
        paper.setFont("Helvetica", 14)
        if text:
            paper.drawString(40, 200, text)
        paper.showPage()
    paper.save()
    return output.getvalue()


def changed(content, change):
    with pikepdf.open(io.BytesIO(content)) as document:
        change(document)
        output = io.BytesIO()
        document.save(output)
    return output.getvalue()


def with_inline(*numbers):
    """A change by which pages have to be drawn."""

    def change(document):
        for number in numbers:
            page = document.pages[number - 1].obj
            parts = (
                page.Contents if isinstance(page.Contents, Array) else [page.Contents]
            )
            page.Contents = Array([*parts, document.make_stream(INLINE)])

    return change


def rebuild(content, folder, secrets=(), blacken=False):
    source, target = folder / "source.pdf", folder / "copy.pdf"
    source.write_bytes(content)
    report = pdf.rebuild(source, target, secrets, blacken)
    assert {path.name for path in folder.iterdir()} == {"source.pdf", "copy.pdf"}
    return target.read_bytes(), report


def sizes(content):
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_size() for page in document]


def pictures(content):
    """The sizes of the pictures that pages consist of."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return [
            (int(image.Width), int(image.Height))
            for page in document.pages
            for _name, image in page.images.items()
        ]


# WHAT IS TOLD


def test_pages_are_numbered_from_one(tmp_path):
    content = make_pages("mot hai", "ba bon", NAME.text, "nam sau", "x")
    content = changed(content, with_inline(2, 4))
    copy, report = rebuild(content, tmp_path, [NAME])
    assert report == {
        "pages": 5,
        "found": [{"kind": "name", "text": NAME.text, "page": 3}],
        "unread": [5],
        "drawn": [2, 4],
    }
    assert sizes(copy) == [(400, 300)] * 5


def test_a_page_with_a_name_is_drawn_only_to_paint_it_over(tmp_path):
    content = make_pages("mot hai", NAME.text)
    assert rebuild(content, tmp_path, [NAME])[1]["drawn"] == []
    assert rebuild(content, tmp_path, [NAME], blacken=True)[1]["drawn"] == [2]
    assert rebuild(content, tmp_path, (), blacken=True)[1]["drawn"] == []


def test_a_name_along_the_margin_is_found_and_painted_over(tmp_path):
    output = io.BytesIO()
    paper = canvas.Canvas(output, pagesize=(400, 300), invariant=1)
    paper.drawString(40, 200, "giai phap")
    paper.translate(380, 40)
    paper.rotate(90)
    paper.drawString(0, 0, NAME.text)
    paper.rotate(-90)
    paper.drawString(-300, 0, "noi dung")
    paper.save()
    content = output.getvalue()
    _copy, report = rebuild(content, tmp_path, [NAME])
    assert report["found"] == [{"kind": "name", "text": NAME.text, "page": 1}]
    copy, _report = rebuild(content, tmp_path, [NAME], blacken=True)
    with pypdfium2.PdfDocument(copy) as document:
        drawn = document[0].render(scale=1).to_pil().convert("L")
    margin = drawn.crop((372, 185, 379, 255))
    assert max(margin.getdata()) < 60, "the whole of it is black"


@pytest.mark.parametrize(
    ("text", "unread"),
    [("abc", []), ("a b c", []), ("ab", [1]), ("- . -", [1]), ("", []), ("abcd", [])],
)
def test_of_how_few_letters_a_page_is_a_picture(tmp_path, text, unread):
    """An empty page has nothing that could be overlooked."""
    assert rebuild(make_pages(text), tmp_path)[1]["unread"] == unread


def test_what_holds_no_pages(tmp_path):
    with pikepdf.new() as document:
        output = io.BytesIO()
        document.save(output)
    with pytest.raises(CopyFailed) as failure:
        rebuild(output.getvalue(), tmp_path)
    assert failure.value.reason == "broken"


def test_as_many_pages_as_are_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    assert rebuild(make_pages("a", "b"), tmp_path)[1]["pages"] == 2
    with pytest.raises(CopyFailed) as failure:
        rebuild(make_pages("a", "b", "c"), tmp_path)
    assert failure.value.reason == "pages"


# WHAT IS DRAWN


def test_a_drawn_page_is_sharp_in_print(tmp_path):
    content = changed(make_pages("mot hai", size=(288, 144)), with_inline(1))
    copy, _report = rebuild(content, tmp_path)
    # 150 dots an inch
    assert pictures(copy) == [(600, 300)]
    assert sizes(copy) == [(288, 144)]


def test_a_large_page_is_drawn_with_so_many_pixels(tmp_path, monkeypatch):
    assert pdf._DRAWN_PIXELS == 12_000_000
    monkeypatch.setattr(pdf, "_DRAWN_PIXELS", 20_000)
    content = changed(make_pages("mot hai", size=(400, 200)), with_inline(1))
    [(width, height)] = pictures(rebuild(content, tmp_path)[0])
    assert (width, height) == (200, 100)


@pytest.mark.parametrize("box", [(20_000, 10), (10, 20_000)])
def test_a_page_larger_than_any_paper(tmp_path, box):
    def enlarge(document):
        with_inline(2)(document)
        document.pages[1].obj.MediaBox = [0, 0, *box]

    with pytest.raises(CopyFailed) as failure:
        rebuild(changed(make_pages("a", "b"), enlarge), tmp_path)
    assert (failure.value.reason, failure.value.detail) == ("broken", "page 2")


@pytest.mark.parametrize(
    ("size", "page"),
    [
        ((40, 20), (40, 20)),
        ((842, 600), (842, 600)),
        ((1684, 421), (842, 210.5)),
        ((300, 1684), (150, 842)),
    ],
)
def test_a_picture_has_a_page_of_its_shape_a4_at_most(tmp_path, size, page):
    output, target = io.BytesIO(), tmp_path / "pages.pdf"
    Image.new("RGB", size, "red").save(output, format="PNG")
    pdf.picture_pages(output.getvalue(), target)
    content = target.read_bytes()
    assert sizes(content) == [page]
    assert pictures(content) == [size], "with all its pixels"
    with pypdfium2.PdfDocument(content) as document:
        drawn = document[0].render().to_pil().convert("RGB")
    for place in ((1, 1), (drawn.width - 2, drawn.height - 2)):
        red, green, blue = drawn.getpixel(place)
        assert red > 200 and green < 50 and blue < 50, "it fills the page"


def test_a_grey_picture_stays_grey(tmp_path):
    output, target = io.BytesIO(), tmp_path / "pages.pdf"
    Image.new("L", (9, 9), 128).save(output, format="PNG")
    pdf.picture_pages(output.getvalue(), target)
    with pikepdf.open(target) as document:
        [(_name, image)] = document.pages[0].images.items()
        assert image.ColorSpace == Name.DeviceGray
        assert image.BitsPerComponent == 8


# WHAT IS PAINTED OVER


def test_boxes_cover_a_little_more_than_the_letters():
    content = make_pages("", size=(144, 72))
    with pypdfium2.PdfDocument(content) as view:
        # points from below on the left; 150 dots for 72 points
        picture, size = pdf._render(view, 0, [(24, 24, 48, 36)])
    assert (picture.size, size) == ((300, 150), (144, 72))
    dark = picture.convert("L").point(lambda shade: 255 * (shade < 128))
    left, top, right, bottom = dark.getbbox()
    for edge, wanted in (
        (left, 50 - 3),
        (right, 100 + 4),
        (top, 150 - 75 - 3),
        (bottom, 150 - 50 + 4),
    ):
        assert abs(edge - wanted) <= 1


def test_letters_of_a_line_are_covered_with_their_gaps():
    one = (10, 10, 20, 20)
    for other, is_same in (
        ((20, 10, 30, 20), True),
        ((59, 10, 70, 20), True),
        # too far away, another line, half above it
        ((60, 10, 70, 20), False),
        ((20, 30, 30, 40), False),
        ((20, 15, 30, 25), False),
        ((20, 14, 30, 24), True),
        # a small letter within the height of a large one
        ((20, 12, 30, 16), True),
        ((20, 18, 30, 28), False),
    ):
        assert pdf._is_same_line(one, other) == is_same, other
    assert pdf._around(one, (25, 8, 40, 15)) == (10, 8, 40, 20)
    assert pdf._around((25, 8, 40, 15), one) == (10, 8, 40, 20)


def test_a_name_beside_the_text_makes_pictures_of_all_pages(tmp_path):
    """As in the name of a font: no page is carried then."""

    def plant(document):
        stream = document.make_stream(b"1000 0 d0 " + b"0 0 9 9 re f")
        page = document.pages[0].obj
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=[0, 0, 9, 9],
            FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
            CharProcs=Dictionary(a=stream),
            Encoding=Dictionary(Differences=Array([97, Name.a])),
            FirstChar=97,
            LastChar=97,
            Widths=[1000],
        )
        page.Resources.Font["/F9"] = font
        content = b" BT /F9 9 Tf 9 9 Td (a) Tj ET"
        page.Contents = Array([page.Contents, document.make_stream(content)])

    content = changed(make_pages("mot hai", "ba bon"), plant)
    # what the glyph is made of stands for a name
    secret = Secret("name", "0 0 9 9 re")
    _copy, report = rebuild(content, tmp_path)
    assert report["drawn"] == []
    _copy, report = rebuild(content, tmp_path, [secret])
    assert report["drawn"] == [1, 2]
    # a short one is a word of the language as well
    _copy, report = rebuild(content, tmp_path, [Secret("name", "9 re")])
    assert report["drawn"] == []


# LAYERS AND FORMS


@pytest.mark.parametrize(
    ("layers", "hides"),
    [
        (None, False),
        (Dictionary(), True),
        (Dictionary(D=Array([])), True),
        (Dictionary(D=Dictionary()), False),
        (Dictionary(D=Dictionary(OFF=Array([]))), False),
        (Dictionary(D=Dictionary(OFF=Array([Dictionary()]))), True),
        (Dictionary(D=Dictionary(AS=Array([]))), True),
        (Dictionary(D=Dictionary(BaseState=Name.ON)), False),
        (Dictionary(D=Dictionary(BaseState=Name.OFF)), True),
    ],
)
def test_layers_that_may_hide_something(layers, hides):
    assert pdf._may_hide(layers) is hides


def test_of_what_lies_on_a_page_filled_fields_stay():
    text = Dictionary(Subtype=Name.Widget, FT=Name.Tx)
    child = Dictionary(Subtype=Name.Widget, Parent=Dictionary(FT=Name.Ch))
    others = (
        Dictionary(Subtype=Name.Text),
        Dictionary(Subtype=Name.Link),
        Dictionary(Subtype=Name.Widget, FT=Name.Sig),
        Dictionary(Subtype=Name.Widget, Parent=Dictionary(FT=Name.Sig)),
        String("x"),
    )
    page = Dictionary(Annots=Array([others[0], text, *others[1:], child]))
    pdf._drop_annotations(page)
    assert list(page.Annots) == [text, child]
    page = Dictionary(Annots=Dictionary())
    pdf._drop_annotations(page)
    assert "/Annots" not in page
    page = Dictionary()
    pdf._drop_annotations(page)
    assert "/Annots" not in page


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_field_that_the_reader_is_to_draw_is_drawn(tmp_path, is_asked):
    def fill(document):
        page = document.pages[0].obj
        item = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("a"),
                V=String("dadien"),
                DA=String("/F1 12 Tf 0 g"),
                Rect=[40, 100, 200, 120],
                P=page,
                F=4,
            )
        )
        page.Annots = Array([item])
        document.Root.AcroForm = Dictionary(
            Fields=Array([item]),
            DA=String("/F1 12 Tf 0 g"),
            DR=Dictionary(Font=page.Resources.Font),
            NeedAppearances=is_asked,
            XFA=String("x"),
        )

    copy, _report = rebuild(changed(make_pages("mot hai"), fill), tmp_path)
    with pypdfium2.PdfDocument(copy) as document:
        shown = document[0].get_textpage().get_text_range()
    assert "mot hai" in shown
    assert ("dadien" in shown) == is_asked
