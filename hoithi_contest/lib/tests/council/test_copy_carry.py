"""What of a page is carried into its copy, piece by piece, and how it looks there."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import ImageChops
from reportlab.lib.colors import CMYKColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from ...council.copies import carry, pdf
from ...council.copies.carry import Unplain
from ..publication.test_card import FONT


def rebuild(content, folder):
    source, target = folder / "source.pdf", folder / "copy.pdf"
    source.write_bytes(content)
    report = pdf.rebuild(source, target)
    return target.read_bytes(), report


def look(content):
    with pypdfium2.PdfDocument(content) as document:
        return [page.render().to_pil().convert("RGB") for page in document]


def is_carried(content, folder):
    """Tell whether a page is carried; it looks as before however it comes over."""
    copy, report = rebuild(content, folder)
    if not report["drawn"]:
        for before, after in zip(look(content), look(copy), strict=True):
            assert before.size == after.size
            assert len(set(before.getdata())) > 1, "something is seen"
            assert ImageChops.difference(before, after).getbbox() is None
    return not report["drawn"]


def page(content, size=(100, 80), **resources):
    """A page with such a content, and with what it names."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=size)
        node = document.pages[0].obj
        made = {
            key: value(document) if callable(value) else value
            for key, value in resources.items()
        }
        node.Resources = Dictionary(made and {f"/{k}": v for k, v in made.items()})
        node.Contents = document.make_stream(content)
        output = io.BytesIO()
        document.save(output)
    return output.getvalue()


FILL = b" 10 10 60 50 re f"


# PIECES


@pytest.mark.parametrize(
    ("operands", "operator"),
    [
        ([], "q"),
        ([1], "w"),
        ([1, 2.5], "m"),
        ([1, 2, 3], "rg"),
        ([1, 2, 3, 4], "re"),
        ([1, 0, 0, 1, 0, 0], "cm"),
        ([Name.A], "Do"),
        ([String("a")], "Tj"),
        ([Array([1, 2]), 0], "d"),
        ([Name.F, 9], "Tf"),
        ([Array([String("a"), 1])], "TJ"),
        ([1, 2, String("a")], '"'),
    ],
)
def test_operators_with_what_stands_before_them(operands, operator):
    carry._check(operands, operator)
    for wrong in ([*operands, 1], operands[:-1] if operands else [1]):
        with pytest.raises(Unplain):
            carry._check(wrong, operator)
    for place in range(len(operands)):
        wrong = list(operands)
        wrong[place] = Dictionary()
        with pytest.raises(Unplain):
            carry._check(wrong, operator)


@pytest.mark.parametrize(
    ("operands", "operator"),
    [
        ([True], "w"),
        ([Array([String("a")]), 0], "d"),
        ([Array([Name.A])], "TJ"),
        ([String("F"), 9], "Tf"),
        ([Name.A], "Tj"),
        ([], "unknown"),
    ],
)
def test_what_does_not_belong_before_an_operator(operands, operator):
    with pytest.raises(Unplain):
        carry._check(operands, operator)


def test_numbers_names_and_boxes():
    assert carry._number(2.5) == 2.5
    assert list(carry._box(Array([0, 0, 9, 9]))) == [0, 0, 9, 9]
    assert list(carry._numbers(Array([1, Array([2])]))[1]) == [2]
    assert carry._one_of(Name.A, "/A", "/B") == "/A"
    assert carry._blend(Name.Multiply) == carry._blend(Array([Name.Multiply]))
    for act, value in (
        (carry._number, True),
        (carry._number, String("1")),
        (carry._numbers, Array([String("a")])),
        (carry._box, None),
        (carry._box, Array([0, 0, 9])),
        (carry._box, Array([0, 0, 9, 9, 9])),
        (carry._blend, Name("/Ha Thi")),
        (carry._blend, Name("/HaThiTacGiaLaToi1")),
    ):
        with pytest.raises(Unplain):
            act(value)
    for name in (Name.C, String("/A"), None):
        with pytest.raises(Unplain):
            carry._one_of(name, "/A", "/B")


def test_what_a_node_has_from_above():
    top = Dictionary(Rotate=90)
    middle = Dictionary(Parent=top, CropBox=Array([0]))
    bottom = Dictionary(Parent=middle)
    assert carry.inherited(bottom, "/Rotate") == 90
    assert carry.inherited(middle, "/CropBox") is not None
    assert carry.inherited(bottom, "/X") is None
    assert carry.inherited(bottom, "/X", 7) == 7
    assert carry.inherited(Array([]), "/X", 7) == 7


def test_how_letters_are_numbered():
    plain = carry._encoding(
        Dictionary(
            BaseEncoding=Name.WinAnsiEncoding,
            Differences=Array([65, Name.A, Name("/B.alt")]),
            Note=String("x"),
        )
    )
    assert set(plain.keys()) == {"/Type", "/BaseEncoding", "/Differences"}
    assert list(plain.Differences) == [65, Name.A, Name("/B.alt")]
    assert carry._encoding(Name.MacRomanEncoding) == Name.MacRomanEncoding
    for wrong in (
        Name.HaThi,
        Dictionary(BaseEncoding=Name.HaThi),
        Dictionary(Differences=Array([65, Name("/Ha Thi")])),
        Dictionary(Differences=Array([65, Name("/" + "a" * 33)])),
        Dictionary(Differences=Array([String("a")])),
    ):
        with pytest.raises(Unplain):
            carry._encoding(wrong)


def test_how_many_numbers_make_a_colour():
    for space, count in (
        (Name.DeviceGray, 1),
        (Name.DeviceRGB, 3),
        (Name.DeviceCMYK, 4),
        (Array([Name.CalRGB, Dictionary()]), 3),
        (Array([Name.CalGray, Dictionary()]), 1),
        (Array([Name.Lab, Dictionary()]), 3),
        (Array([Name.Indexed, Name.DeviceRGB, 1, String("")]), 1),
        (Array([Name.DeviceN, Array([Name.A, Name.B])]), 2),
        (Array([Name.ICCBased, Dictionary(N=4)]), 4),
    ):
        assert carry._channels(space) == count
    with pytest.raises(Unplain):
        carry._channels(Name.Pattern)


def test_lines_of_a_table_of_letters():
    def lines(tokens, columns):
        return carry._cmap_lines(tokens.split(), columns)

    assert lines(b"<41> <0041> <42> <0042>", 2) == [b"<41> <0041>", b"<42> <0042>"]
    assert lines(b"<41> <42> <0041> <43> <44> [ <0043> <0044> ]", 3) == [
        b"<41> <42> <0041>",
        b"<43> <44> [ <0043> <0044> ]",
    ]
    assert lines(b"<41>", 2) == [], "half of one is none"


def table(tag, content):
    return tag, content


def sfnt(*tables, kind=b"\x00\x01\x00\x00"):
    """A font of such tables, one behind the other."""
    head = kind + len(tables).to_bytes(2, "big") + bytes(6)
    position, body = 12 + 16 * len(tables), b""
    for tag, content in tables:
        head += tag + b"sum " + position.to_bytes(4, "big")
        head += len(content).to_bytes(4, "big")
        body += content
        position += len(content)
    return head + body


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 12])
def test_of_a_font_the_tables_that_draw(count):
    names = [b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"]
    names += [b"fpgm", b"prep", b"cmap", b"cvt ", b"CFF ", b"OS/2"]
    kept = [(name, name * (n + 1) + b"x" * n) for n, name in enumerate(names[:count])]
    font = sfnt((b"name", b"Ha Thi Tac Gia"), *kept, (b"DSIG", b"signed"))
    plain = carry._strip_sfnt(font)
    assert b"Tac Gia" not in plain and b"signed" not in plain
    assert plain[:4] == font[:4]
    found, search, selector, shift = (
        int.from_bytes(plain[4 + 2 * n : 6 + 2 * n], "big") for n in range(4)
    )
    # as the format wants it for a search by halves
    assert found == count
    assert 2**selector <= count < 2 ** (selector + 1)
    assert (search, shift) == (16 * 2**selector, 16 * count - 16 * 2**selector)
    for number, (name, content) in enumerate(kept):
        entry = plain[12 + 16 * number : 28 + 16 * number]
        start = int.from_bytes(entry[8:12], "big")
        length = int.from_bytes(entry[12:16], "big")
        assert entry[:8] == name + b"sum "
        assert start % 4 == 0
        assert plain[start : start + length] == content
    assert len(plain) % 4 == 0


def test_a_font_that_is_broken():
    font = sfnt((b"glyf", b"x"))
    with pytest.raises(Unplain):
        carry._strip_sfnt(font[:20])
    with pytest.raises(Unplain):
        carry._strip_sfnt(font[:4] + b"\x00\x09" + font[6:])


# PAGES


def test_a_paper_of_every_kind_of_drawing(tmp_path):
    pdfmetrics.registerFont(TTFont("Own", str(FONT)))
    output = io.BytesIO()
    paper = canvas.Canvas(output, pagesize=(400, 300))
    paper.setFont("Own", 20)
    paper.drawString(20, 250, "Giải pháp tưới tiêu tự động")
    paper.setFont("Times-BoldItalic", 14)
    paper.setFillColor(CMYKColor(0.9, 0.1, 0, 0.2))
    paper.setStrokeColorRGB(0.8, 0.1, 0.1)
    paper.setLineWidth(3)
    paper.setLineCap(1)
    paper.setLineJoin(1)
    paper.setMiterLimit(5)
    paper.setDash([6, 3], 2)
    paper.roundRect(20, 20, 100, 60, 10, fill=1)
    paper.bezier(150, 20, 180, 100, 220, 100, 250, 20)
    text = paper.beginText(150, 200)
    text.setCharSpace(2)
    text.setWordSpace(5)
    text.setHorizScale(80)
    text.setLeading(18)
    text.setRise(3)
    text.textLines("mot hai\nba bon")
    paper.drawText(text)
    path = paper.beginPath()
    path.circle(320, 80, 40)
    paper.saveState()
    paper.clipPath(path, stroke=0)
    paper.radialGradient(320, 80, 40, ("yellow", "green"))
    paper.restoreState()
    paper.beginForm("again")
    paper.setFillGray(0.5)
    paper.rect(0, 0, 20, 20, fill=1)
    paper.endForm()
    for place in (280, 320):
        paper.saveState()
        paper.translate(place, 200)
        paper.doForm("again")
        paper.restoreState()
    paper.save()
    assert is_carried(output.getvalue(), tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"0.5 g" + FILL,
        b"1 0 0 rg 10 10 m 60 10 l 60 60 l h f*",
        b"0 1 0 RG 4 w 10 10 m 60 10 l 60 60 l s",
        b"0 0.2 0.9 0 k 0.1 0.5 0 0 K 3 w 10 10 60 50 re B*",
        b"/DeviceRGB cs 0 0 1 sc" + FILL,
        b"/DeviceCMYK CS 0 1 0 0 SCN 5 w 10 10 m 10 40 60 40 60 10 c S",
        b"10 10 m 20 60 60 10 v 5 w S 10 60 m 20 10 60 60 y S",
        b"q 20 20 30 30 re W n 1 0 0 rg 0 0 100 80 re f Q",
        b"q 20 20 30 30 re W* n 1 0 0 rg 0 0 100 80 re f Q",
        b"0.7 0.7 -0.7 0.7 50 0 cm" + FILL,
        b"[4 2] 1 d 6 w 10 10 m 90 70 l S",
        b"/Perceptual ri 3 i 1 M 1 j 1 J" + FILL,
        # what hangs on a page beside its looks
        b"/P <</MCID 0>> BDC BX /Span MP /A BMC" + FILL + b" EMC EX EMC /A /B DP",
    ],
    ids=lambda content: content.decode()[:20],
)
def test_drawings_are_carried(tmp_path, content):
    assert is_carried(page(content), tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"/Nobody gs" + FILL,
        b"/Nobody Do" + FILL,
        b"1 2 rg" + FILL,
        b"(a) 1 0 rg" + FILL,
        b"/DeviceRGB cs (a) 0 0 sc" + FILL,
        b"/DeviceRGB cs " + b"0 " * 33 + b"sc" + FILL,
        b"BI /W 1 /H 1 /CS /G /BPC 8 ID x EI" + FILL,
    ],
    ids=lambda content: content.decode()[:20],
)
def test_what_is_not_plain_is_drawn(tmp_path, content):
    copy, report = rebuild(page(content), tmp_path)
    assert report["drawn"] == [1]
    [(width, height)] = [found.size for found in look(copy)]
    assert (width, height) == (100, 80)


def picture(document, data, width=2, height=2, **values):
    image = Stream(document, data)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height, image.BitsPerComponent = width, height, 8
    for key, value in values.items():
        image[f"/{key}"] = value
    return Dictionary(X=document.make_indirect(image))


SHOWN = b"q 80 0 0 60 10 10 cm /X Do Q"
RGB = bytes(range(0, 240, 20))


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (RGB, {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8}),
        (b"\x10\x60\xa0\xf0", {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}),
        (b"\x1f\xa0", {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 4}),
        (b"\x80\x40", {"ImageMask": True, "BitsPerComponent": 1}),
        (
            b"\x80\x40",
            {
                "ImageMask": True,
                "BitsPerComponent": 1,
                "Decode": Array([1, 0]),
            },
        ),
        (b"\x80\x40", {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 1}),
        (
            b"\x00\x01\x01\x00",
            {
                "ColorSpace": Array(
                    [
                        Name.Indexed,
                        Name.DeviceRGB,
                        1,
                        String(b"\xff\x00\x00\x00\x00\xff"),
                    ]
                ),
                "BitsPerComponent": 8,
            },
        ),
        (
            RGB,
            {
                "ColorSpace": Array(
                    [Name.CalRGB, Dictionary(WhitePoint=[0.95, 1, 1.09])]
                ),
                "BitsPerComponent": 8,
            },
        ),
        (
            RGB,
            {
                "ColorSpace": Name.DeviceRGB,
                "BitsPerComponent": 8,
                "Mask": Array([0, 0, 20, 20, 40, 40]),
            },
        ),
        (
            bytes(range(0, 160, 10)),
            {"ColorSpace": Name.DeviceCMYK, "BitsPerComponent": 8},
        ),
    ],
)
def test_pictures_are_carried(tmp_path, data, values):
    behind = b"Ha Thi Tac Gia"
    content = page(
        b"0 0 1 rg " + SHOWN,
        XObject=lambda document: picture(document, data + behind, **values),
    )
    assert is_carried(content, tmp_path)
    with pikepdf.open(tmp_path / "copy.pdf") as copy:
        [(_name, image)] = copy.pages[0].obj.Resources.XObject.items()
        assert image.read_bytes() == data, "not what stands behind the pixels"


def test_a_picture_shows_through_its_mask(tmp_path):
    def masked(document):
        mask = picture(document, b"\x00\xff\x80\xff", ColorSpace=Name.DeviceGray).X
        return picture(document, RGB, ColorSpace=Name.DeviceRGB, SMask=mask)

    assert is_carried(page(SHOWN, XObject=masked), tmp_path)


@pytest.mark.parametrize(
    "values",
    [
        {"width": 0},
        {"height": 0},
        {"width": 8001, "height": 10_000},
        {"Filter": Name.JPXDecode},
        {"ColorSpace": Name.HaThi},
    ],
)
def test_pictures_of_another_kind_are_drawn(tmp_path, values):
    values = {"ColorSpace": Name.DeviceRGB} | values
    content = page(
        b"1 0 0 rg" + FILL + SHOWN, XObject=lambda d: picture(d, RGB, **values)
    )
    assert not is_carried(content, tmp_path)


TINT = Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 1, 1], C1=[1, 0, 0], N=1)
INK = Array([Name.Separation, Name("/Ha Thi"), Name.DeviceRGB, TINT])


@pytest.mark.parametrize(
    ("space", "colour"),
    [
        (INK, b"0.5"),
        (Array([Name.CalGray, Dictionary(WhitePoint=[1, 1, 1])]), b"0.5"),
        (Array([Name.Lab, Dictionary(WhitePoint=[0.95, 1, 1.09])]), b"50 40 30"),
        (
            Array(
                [Name.Indexed, Name.DeviceRGB, 1, String(b"\xff\x00\x00\x00\xff\x00")]
            ),
            b"1",
        ),
    ],
    ids=["ink", "grey", "lab", "indexed"],
)
def test_colours_are_carried(tmp_path, space, colour):
    content = page(b"/C cs " + colour + b" scn" + FILL, ColorSpace=Dictionary(C=space))
    assert is_carried(content, tmp_path)
    assert b"Ha Thi" not in (tmp_path / "copy.pdf").read_bytes()


def test_shades_patterns_and_states_are_carried(tmp_path):
    axial = Dictionary(
        ShadingType=2,
        ColorSpace=Name.DeviceRGB,
        Coords=[0, 0, 100, 0],
        Function=Dictionary(
            FunctionType=3,
            Domain=[0, 1],
            Bounds=[0.5],
            Encode=[0, 1, 0, 1],
            Functions=Array([TINT, TINT]),
        ),
        Extend=Array([True, False]),
    )
    assert is_carried(page(b"/S sh", Shading=Dictionary(S=axial)), tmp_path)
    shaded = Dictionary(PatternType=2, Shading=axial)
    content = b"/Pattern cs /P scn" + FILL
    assert is_carried(page(content, Pattern=Dictionary(P=shaded)), tmp_path)

    def tiles(document):
        tile = document.make_stream(b"1 0 0 rg 0 0 5 5 re f")
        tile.PatternType, tile.PaintType, tile.TilingType = 1, 1, 1
        tile.BBox, tile.XStep, tile.YStep = [0, 0, 10, 10], 10, 10
        tile.Resources = Dictionary()
        return Dictionary(P=tile)

    assert is_carried(page(content, Pattern=tiles), tmp_path)
    state = Dictionary(CA=0.5, ca=0.3, BM=Name.Multiply, LW=7, D=Array([Array([3]), 0]))
    content = b"0 1 0 rg" + FILL + b" /G gs 1 0 0 rg 30 30 60 40 re b"
    assert is_carried(page(content, ExtGState=Dictionary(G=state)), tmp_path)


def test_a_page_is_as_large_and_turned_as_before(tmp_path):
    with pikepdf.open(io.BytesIO(page(b"1 0 0 rg" + FILL))) as document:
        node = document.pages[0].obj
        node.CropBox, node.Rotate = [5, 5, 95, 70], 90
        output = io.BytesIO()
        document.save(output)
    assert is_carried(output.getvalue(), tmp_path)
    [picture] = look((tmp_path / "copy.pdf").read_bytes())
    assert picture.size == (65, 90)


def test_forms_within_forms_have_an_end(tmp_path):
    def nest(count):
        def make(document):
            form = None
            for _level in range(count):
                inner = form
                form = document.make_stream(FILL if inner is None else b"/X Do")
                form.Type, form.Subtype = Name.XObject, Name.Form
                form.BBox = [0, 0, 100, 80]
                form.Resources = Dictionary(
                    {} if inner is None else {"/XObject": Dictionary(X=inner)}
                )
            return Dictionary(X=form)

        return page(b"/X Do", XObject=make)

    assert is_carried(nest(12), tmp_path)
    assert not is_carried(nest(13), tmp_path)


def test_letters_that_are_drawings_are_carried(tmp_path):
    def font(document):
        glyph = document.make_stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f")
        return Dictionary(
            F=Dictionary(
                Type=Name.Font,
                Subtype=Name.Type3,
                FontBBox=[0, 0, 750, 750],
                FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
                CharProcs=Dictionary(square=glyph),
                Encoding=Dictionary(Differences=Array([97, Name.square])),
                FirstChar=97,
                LastChar=97,
                Widths=[1000],
                Resources=Dictionary(),
            )
        )

    content = b"BT /F 40 Tf 10 10 Td (aa) Tj ET"
    assert is_carried(page(content, Font=font), tmp_path)


@pytest.mark.parametrize("mode", [3, 7])
def test_letters_for_nobodys_eyes_are_left_out(tmp_path, mode):
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)

    def text_of(content):
        copy, report = rebuild(page(content, Font=Dictionary(F=helvetica)), tmp_path)
        assert report["drawn"] == []
        with pypdfium2.PdfDocument(copy) as document:
            return document[0].get_textpage().get_text_range().split()

    hidden = b"%d Tr (giau) Tj " % mode
    begin = b"BT /F 9 Tf 10 10 Td "
    assert text_of(begin + b"(hien) Tj " + hidden + b"ET") == ["hien"]
    # a state that is taken back ends that
    content = b"q " + begin + hidden + b"ET Q " + begin + b"(hien) Tj ET Q"
    assert text_of(content) == ["hien"]
    assert text_of(begin + hidden + b"0 Tr (hien) Tj ET") == ["hien"]


# TEXTS THAT NO READER COMES UPON


def text_form(document, content=b"BT /F1 9 Tf 5 5 Td (Mot hai) Tj ET", **entries):
    form = document.make_stream(content)
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, [0, 0, 99, 20]
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    form.Resources = Dictionary(Font=Dictionary(F1=helvetica))
    for key, value in entries.items():
        form[f"/{key}"] = value
    return document.make_indirect(form)


def within_forms(document, form, times):
    for _time in range(times):
        form = text_form(
            document, b"/X Do", Resources=Dictionary(XObject=Dictionary(X=form))
        )
    return form


@pytest.mark.parametrize("depth", [0, 2])
def test_what_a_page_is_drawn_with_writes_nothing(depth, tmp_path):
    """A font may have codes of its own: no such text can be read."""

    def tile(document):
        resources = Dictionary(
            XObject=Dictionary(X=within_forms(document, text_form(document), depth))
        )
        entries = {"PatternType": 1, "PaintType": 1, "TilingType": 1}
        entries |= {"XStep": 9, "YStep": 9, "Resources": resources}
        return Dictionary(P=text_form(document, b"/X Do", **entries))

    def mask(document):
        group = Dictionary(S=Name.Transparency)
        form = within_forms(document, text_form(document, Group=group), depth)
        return Dictionary(G=Dictionary(SMask=Dictionary(S=Name.Alpha, G=form)))

    content = page(b"/Pattern cs /P scn" + FILL, Pattern=tile)
    assert not is_carried(content, tmp_path)
    content = page(b"1 0 0 rg" + FILL + b" /G gs" + FILL, ExtGState=mask)
    assert not is_carried(content, tmp_path)
    # what is read is carried
    shown = page(
        b"/X Do",
        XObject=lambda d: Dictionary(X=within_forms(d, text_form(d), depth)),
    )
    assert is_carried(shown, tmp_path)


@pytest.mark.parametrize(
    "text",
    [b"(Ha Thi Tac Gia)", b"<4861546869546163476961>", b"(HATHITAC) Tj (GIA)"],
)
@pytest.mark.parametrize("depth", [0, 2])
def test_a_name_that_was_not_found_is_carried_by_no_page(text, depth):
    content = b"BT /F1 9 Tf 5 5 Td " + text + b" Tj ET"
    source = page(
        b"/X Do",
        XObject=lambda d: Dictionary(X=within_forms(d, text_form(d, content), depth)),
    )
    with pikepdf.open(io.BytesIO(source)) as document, pikepdf.new() as target:
        carrier = carry.Carrier(target, layered=False)
        with pytest.raises(Unplain):
            carrier.carry(document.pages[0], {b"another", b"hathitacgia"})
        carrier.carry(document.pages[0], {b"another"})
        assert len(target.pages) == 1


def test_a_page_that_goes_too_deep_leaves_the_others_as_they_are(tmp_path):
    with pikepdf.new() as document, pikepdf.new() as target:
        carrier = carry.Carrier(target, layered=False)
        deep, shallow = (
            page(
                b"/X Do",
                XObject=lambda d, n=n: Dictionary(X=within_forms(d, text_form(d), n)),
            )
            for n in (2 * carry._DEPTH, 1)
        )
        for content in (*[deep] * carry._DEPTH, shallow):
            with pikepdf.open(io.BytesIO(content)) as source:
                document.pages.extend(source.pages)
        for number in range(carry._DEPTH):
            with pytest.raises(Unplain):
                carrier.carry(document.pages[number])
        carrier.carry(document.pages[-1])
