"""What a reviewers' copy must not carry: planted in each place, and looked for."""

import io
import re
import subprocess
import tempfile
import zipfile
import zlib

import docx
import pikepdf
import pypdfium2
import pytest
from docx.oxml import parse_xml
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageChops, PngImagePlugin
from reportlab.pdfgen import canvas

from ...council import copies
from ...council.copies import CopyFailed, Secret, images, limits, make_copy, office, pdf
from .forks import Forks

SECRET = "Ha Thi Tac Gia"
SECRETS = [Secret("name", SECRET)]
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}"'
ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|SubmitForm|URI|OpenAction|AA|EmbeddedFiles?|GoToR|XFA|"
    rb"AcroForm|Annots|Metadata|Info|StructTreeRoot|OCProperties|PieceInfo|Outlines|"
    rb"PageLabels|Names|Dests|AF|Thumb)\b"
)


@pytest.fixture
def apart():
    """For what the program of its own is looked at."""


@pytest.fixture(autouse=True)
def in_forks(request, monkeypatch):
    if "apart" not in request.fixturenames:
        monkeypatch.setattr(copies, "apart", Forks)


# MAKERS


def make_jpeg(orientation=1, size=(40, 20), comment=True):
    image, output = Image.new("RGB", size, "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = SECRET, orientation
    image.save(output, format="JPEG", exif=exif)
    content = output.getvalue()
    if comment:
        note = SECRET.encode()
        length = (len(note) + 2).to_bytes(2, "big")
        content = content[:2] + b"\xff\xfe" + length + note + content[2:]
    return content + SECRET.encode()


def make_png(mode="RGB"):
    output, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    Image.new(mode, (8, 4), 1).save(output, format="PNG", pnginfo=info)
    return output.getvalue()


def make_pdf(*texts):
    output = io.BytesIO()
    paper = canvas.Canvas(output, pagesize=(400, 300), invariant=1)
    for text in texts or ["Noi dung giai phap"]:
        paper.setFont("Helvetica", 14)
        paper.drawString(40, 200, text)
        paper.rect(40, 40, 100, 50)
        paper.showPage()
    paper.save()
    return output.getvalue()


def planted(plant, *texts):
    with pikepdf.open(io.BytesIO(make_pdf(*texts))) as document:
        plant(document, document.pages[0].obj)
        output = io.BytesIO()
        document.save(output, compress_streams=False)
    return output.getvalue()


def rebuild(content, tmp_path, blacken=False):
    source, target = tmp_path / "source.pdf", tmp_path / "copy.pdf"
    source.write_bytes(content)
    report = pdf.rebuild(source, target, SECRETS, blacken)
    return target.read_bytes(), report


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def everything_in(content):
    """Return all that stands in a PDF, unpacked: objects, streams, pictures' notes."""
    parts = [content, "\n".join(text_of(content)).encode()]
    with pikepdf.open(io.BytesIO(content)) as document:
        for item in [*document.objects, document.trailer]:
            plain = item.stream_dict if isinstance(item, Stream) else item
            parts.append(plain.unparse(resolved=False))
            if isinstance(item, Stream):
                parts += [item.read_raw_bytes()]
                if item.read_raw_bytes()[:2] == b"\xff\xd8":
                    with Image.open(io.BytesIO(item.read_raw_bytes())) as image:
                        parts.append(repr(image.info).encode())
                        parts.append(repr(dict(image.getexif())).encode())
                else:
                    parts.append(item.read_bytes())
    return b"\n".join(bytes(part) for part in parts)


def told(content):
    whole = everything_in(content)
    needles = [SECRET.encode(code) for code in ("ascii", "utf-16-be", "utf-16-le")]
    needles += [SECRET.encode().hex().encode(), SECRET.encode().hex().upper().encode()]
    needles.append(SECRET.replace(" ", "").encode())
    return [needle for needle in needles if needle in whole]


# HIDING PLACES OF A PDF


def annotation(**values):
    return Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **values)


def put_annotation(page, item):
    page.Annots = Array([item])


def layer(document, page, hidden):
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String(SECRET)))
    shown = Dictionary(OFF=Array([group] if hidden else []))
    document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=shown)
    page.Resources.Properties = Dictionary(TacGia=group)
    name = SECRET if hidden else "Mot lop"
    content = f"/OC /TacGia BDC BT /F1 9 Tf 50 50 Td ({name}) Tj ET EMC".encode()
    add_content(document, page, content)


def add_content(document, page, content):
    page.Contents = Array([page.Contents, document.make_stream(b"\n" + content)])


def field(document, page, **values):
    item = document.make_indirect(
        annotation(Subtype=Name.Widget, T=String(SECRET), TU=String(SECRET), **values)
    )
    put_annotation(page, item)
    document.Root.AcroForm = Dictionary(Fields=Array([item]), DA=String("/F1 9 Tf"))
    return item


def picture(document, page, content=None, **values):
    image = Stream(document, content or make_jpeg())
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height, image.BitsPerComponent = 40, 20, 8
    image.ColorSpace, image.Filter = Name.DeviceRGB, Name.DCTDecode
    for key, value in values.items():
        image[f"/{key}"] = value
    page.Resources.XObject = Dictionary(HaThiTacGia=document.make_indirect(image))
    add_content(document, page, b"q 80 0 0 40 200 40 cm /HaThiTacGia Do Q")
    return image


def signature(document, page):
    look = document.make_stream(f"BT /F1 9 Tf ({SECRET}) Tj ET".encode())
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, [0, 0, 99, 20]
    look.Resources = Dictionary(Font=page.Resources.Font)
    field(
        document,
        page,
        FT=Name.Sig,
        AP=Dictionary(N=look),
        V=Dictionary(
            Type=Name.Sig,
            Name=String(SECRET),
            Contents=String(b"\x30\x82" + SECRET.encode()),
        ),
    )


def javascript():
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{SECRET}')"))


def attach(document, _page):
    document.attachments["ly-lich.txt"] = pikepdf.AttachedFileSpec(
        document, SECRET.encode(), filename=f"{SECRET}.txt"
    )


def associated(document, page):
    spec = pikepdf.AttachedFileSpec(document, SECRET.encode(), filename="a.txt")
    document.Root.AF, page.AF = Array([spec.obj]), Array([spec.obj])


def info(document, _page):
    for key in ("/Author", "/Title", "/Subject", "/Keywords", "/Creator", "/Company"):
        document.docinfo[key] = SECRET


def xmp(document, _page):
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = [SECRET]


def nested_metadata(document, page):
    note = document.make_stream(SECRET.encode())
    note.Type, note.Subtype = Name.Metadata, Name.XML
    page.Metadata = note
    page.Resources.Font["/F1"].Metadata = note
    page.Group = Dictionary(S=Name.Transparency, Metadata=note)


def structure(document, page):
    part = Dictionary(
        S=Name.P,
        T=String(SECRET),
        Alt=String(SECRET),
        ActualText=String(SECRET),
        E=String(SECRET),
        Pg=page,
    )
    document.Root.StructTreeRoot = Dictionary(K=document.make_indirect(part))
    add_content(
        document,
        page,
        f"/Span <</ActualText ({SECRET}) /Alt ({SECRET})>> BDC EMC "
        f"/P <</MCID 0>> BDC EMC /HaThiTacGia MP".encode(),
    )


def names_tree(document, _page):
    first = document.pages[0].obj
    document.Root.Names = Dictionary(
        Dests=Dictionary(Names=Array([String(SECRET), Array([first, Name.Fit])])),
        JavaScript=Dictionary(Names=Array([String(SECRET), javascript()])),
    )
    document.Root.Dests = Dictionary(HaThiTacGia=Array([first, Name.Fit]))


def outline(document, _page):
    with document.open_outline() as tree:
        tree.root.append(pikepdf.OutlineItem(SECRET, 0))


def thumbnail(document, page):
    small = Stream(document, make_jpeg())
    small.Filter = Name.DCTDecode
    page.Thumb = document.make_indirect(small)


def invisible_text(document, page):
    add_content(
        document,
        page,
        f"BT /F1 9 Tf 3 Tr 50 50 Td ({SECRET}) Tj ET BT 7 Tr "
        f"[({SECRET})] TJ ET".encode(),
    )


def font_name(document, page):
    page.Resources.Font["/F1"].BaseFont = Name.HaThiTacGia


def to_unicode_note(document, page):
    page.Resources.Font["/F1"].ToUnicode = document.make_stream(
        f"% {SECRET}\n/CIDSystemInfo <</Registry ({SECRET})>> def "
        "1 beginbfchar <41> <0041> endbfchar".encode()
    )


def trailing_pixels(document, page):
    pixels = bytes(40 * 20 * 3) + SECRET.encode()
    image = picture(document, page, zlib.compress(pixels))
    image.Filter = Name.FlateDecode


def picture_notes(document, page):
    note = document.make_stream(SECRET.encode())
    picture(
        document,
        page,
        Metadata=note,
        Alternates=Array([Dictionary(Note=String(SECRET))]),
        Name=Name.HaThiTacGia,
        OPI=Dictionary(F=String(SECRET)),
    )


def inline_picture(document, page):
    data = make_jpeg(size=(8, 8))
    add_content(
        document,
        page,
        b"q 8 0 0 8 9 9 cm BI /W 8 /H 8 /CS /RGB /BPC 8 /F /DCT ID " + data + b" EI Q",
    )


def spare_operand(document, page):
    add_content(document, page, f"({SECRET}) q Q % {SECRET}".encode())


def unknown_operator(document, page):
    add_content(document, page, f"BX ({SECRET}) hello EX".encode())


def colour_name(document, page):
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0], C1=[1, 0, 0], N=1)
    page.Resources.ColorSpace = Dictionary(
        TacGia=Array([Name.Separation, Name.HaThiTacGia, Name.DeviceRGB, tint])
    )
    add_content(document, page, b"/TacGia cs 1 scn 300 20 30 30 re f")


def colour_profile(document, page):
    profile = document.make_stream(bytes(128) + SECRET.encode())
    profile.N = 3
    page.Resources.ColorSpace = Dictionary(HaThiTacGia=Array([Name.ICCBased, profile]))
    add_content(document, page, b"/HaThiTacGia cs 1 0 0 scn 300 20 30 30 re f")


def unused(document, page):
    page.Resources.HaThiTacGia = String(SECRET)
    page.Resources.Font.HaThiTacGia = Dictionary(Note=String(SECRET))
    page.HaThiTacGia = String(SECRET)
    document.Root.HaThiTacGia = String(SECRET)


def form_notes(document, page):
    form = document.make_stream(b"0 0 5 5 re f")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, [0, 0, 9, 9]
    form.PieceInfo = Dictionary(HaThiTacGia=Dictionary(Private=String(SECRET)))
    form.Ref = Dictionary(F=String(SECRET))
    form.LastModified = String(SECRET)
    page.Resources.XObject = Dictionary(X=form)
    add_content(document, page, b"/X Do")


def text_outside_the_cut(document, page):
    page.CropBox = [0, 100, 400, 300]
    add_content(document, page, f"BT /F1 9 Tf 50 20 Td ({SECRET}) Tj ET".encode())


def text_in_a_mask(document, page):
    form = document.make_stream(f"BT /F1 9 Tf ({SECRET}) Tj ET".encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, [0, 0, 99, 20]
    form.Resources = Dictionary(Font=page.Resources.Font)
    form.Group = Dictionary(S=Name.Transparency)
    mask = Dictionary(S=Name.Alpha, G=document.make_indirect(form))
    page.Resources.ExtGState = Dictionary(G=Dictionary(SMask=mask))
    add_content(document, page, b"q /G gs 0 0 5 5 re f Q")


def glyph_name(_document, page):
    page.Resources.Font["/F1"].Encoding = Dictionary(
        Type=Name.Encoding, Differences=Array([200, Name.HaThiTacGia])
    )


def font_program(key, **values):
    def plant(document, page):
        program = document.make_stream(b"%!PS /FontName /HaThiTacGia def " * 2)
        for name, value in values.items():
            program[f"/{name}"] = value
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name.A, Flags=32, FontBBox=[0, 0, 9, 9]
        )
        descriptor[key] = document.make_indirect(program)
        font = page.Resources.Font["/F1"]
        font.FontDescriptor = document.make_indirect(descriptor)

    return plant


def behind_a_function(document, page):
    tint = document.make_stream(b"{pop 0 0 0} /HaThiTacGia")
    tint.FunctionType, tint.Domain, tint.Range = 4, [0, 1], [0, 1, 0, 1, 0, 1]
    page.Resources.ColorSpace = Dictionary(
        C=Array([Name.Separation, Name.Spot, Name.DeviceRGB, tint])
    )
    add_content(document, page, b"/C cs 1 scn 300 20 30 30 re f")


def pattern_text(document, page):
    pattern = document.make_stream(f"BT /F1 9 Tf ({SECRET}) Tj ET".encode())
    pattern.PatternType, pattern.PaintType, pattern.TilingType = 1, 1, 1
    pattern.BBox, pattern.XStep, pattern.YStep = [0, 0, 9, 9], 9, 9
    pattern.Resources = Dictionary(Font=page.Resources.Font)
    page.Resources.Pattern = Dictionary(P=document.make_indirect(pattern))
    add_content(document, page, b"/Pattern cs /P scn 300 20 30 30 re f")


PLACES = {
    "text in a mask": text_in_a_mask,
    "text in a pattern": pattern_text,
    "name of a glyph": glyph_name,
    "program of a font": font_program("/FontFile", Length1=9, Length2=9, Length3=9),
    "compact program of a font": font_program("/FontFile3", Subtype=Name.Type1C),
    "behind a function": behind_a_function,
    "information": info,
    "xmp": xmp,
    "metadata in nested dictionaries": nested_metadata,
    "author of a remark": lambda d, p: put_annotation(
        p, annotation(Subtype=Name.Text, T=String(SECRET))
    ),
    "text of a remark": lambda d, p: put_annotation(
        p, annotation(Subtype=Name.Text, Contents=String(SECRET))
    ),
    "subject and name of a remark": lambda d, p: put_annotation(
        p, annotation(Subtype=Name.Square, Subj=String(SECRET), NM=String(SECRET))
    ),
    "rich text of a remark": lambda d, p: put_annotation(
        p, annotation(Subtype=Name.FreeText, RC=String(f"<p>{SECRET}</p>"))
    ),
    "file in a remark": lambda d, p: put_annotation(
        p,
        annotation(
            Subtype=Name.FileAttachment,
            FS=pikepdf.AttachedFileSpec(d, SECRET.encode(), filename=SECRET).obj,
        ),
    ),
    "attached file": attach,
    "associated file": associated,
    "name of a field": lambda d, p: field(d, p, FT=Name.Tx),
    "value of a field that isn't drawn": lambda d, p: field(
        d, p, FT=Name.Tx, V=String(SECRET), DV=String(SECRET)
    ),
    "choices of a field": lambda d, p: field(
        d, p, FT=Name.Ch, Opt=Array([String(SECRET)])
    ),
    "xfa": lambda d, p: d.Root.__setattr__(
        "AcroForm", Dictionary(Fields=Array(), XFA=d.make_stream(SECRET.encode()))
    ),
    "signature, its look and certificate": signature,
    "piece info": lambda d, p: p.__setattr__(
        "PieceInfo", Dictionary(HaThiTacGia=Dictionary(Private=String(SECRET)))
    ),
    "name of a layer": lambda d, p: layer(d, p, hidden=False),
    "content of a hidden layer": lambda d, p: layer(d, p, hidden=True),
    "script at opening": lambda d, p: d.Root.__setattr__("OpenAction", javascript()),
    "scripts of a page": lambda d, p: p.__setattr__(
        "AA", Dictionary(O=javascript(), C=javascript())
    ),
    "scripts of the document": lambda d, p: d.Root.__setattr__(
        "AA", Dictionary(WC=javascript())
    ),
    "program to launch": lambda d, p: d.Root.__setattr__(
        "OpenAction", Dictionary(S=Name.Launch, F=String(SECRET))
    ),
    "form to submit": lambda d, p: put_annotation(
        p,
        annotation(
            Subtype=Name.Link,
            A=Dictionary(S=Name.SubmitForm, F=String(f"http://{SECRET}/")),
        ),
    ),
    "address of a link": lambda d, p: put_annotation(
        p,
        annotation(
            Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(f"http://{SECRET}"))
        ),
    ),
    "notes of a picture inside": picture,
    "metadata of a picture inside": picture_notes,
    "behind the pixels of a picture": trailing_pixels,
    "picture within the content": inline_picture,
    "structure": structure,
    "page labels": lambda d, p: d.Root.__setattr__(
        "PageLabels", Dictionary(Nums=Array([0, Dictionary(P=String(SECRET))]))
    ),
    "named destinations": names_tree,
    "bookmarks": outline,
    "thumbnail": thumbnail,
    "invisible text": invisible_text,
    "name of a font": font_name,
    "remark in a font": to_unicode_note,
    "operand that nothing takes": spare_operand,
    "operator that nobody knows": unknown_operator,
    "name of a colour": colour_name,
    "profile of a colour": colour_profile,
    "what nothing uses": unused,
    "notes of a form within the page": form_notes,
    "language and the like": lambda d, p: d.Root.__setattr__("Lang", String(SECRET)),
    "reader's preferences": lambda d, p: d.Root.__setattr__(
        "URI", Dictionary(Base=String(f"http://{SECRET}"))
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_hiding_place_of_a_pdf(place, tmp_path):
    content = planted(PLACES[place])
    assert told(content) or b"HaThiTacGia" in content, "it is planted"
    copy, report = rebuild(content, tmp_path)
    assert told(copy) == []
    assert not ACTIVE.search(everything_in(copy))
    assert report["pages"] == 1
    if not report["drawn"]:
        assert "Noi dung giai phap" in text_of(copy)[0]


@pytest.mark.parametrize(
    "content",
    [
        f"1 1 1 rg BT /F1 9 Tf 50 50 Td ({SECRET}) Tj ET",
        f"BT /F1 0.1 Tf 50 50 Td ({SECRET}) Tj ET",
        f"BT /F1 9 Tf 9000 9000 Td ({SECRET}) Tj ET",
        f"BT /F1 9 Tf 50 50 Td ({SECRET}) Tj ET 0 g 40 40 200 30 re f",
        f"q 0 0 1 1 re W n BT /F1 9 Tf 50 50 Td ({SECRET}) Tj ET Q",
        f"BT /F1 9 Tf 1 0 0 -1 50 50 Tm ({SECRET}) Tj ET",
        "BT /F1 9 Tf 50 50 Td "
        + "".join(f"({letter}) Tj 1 0 Td " for letter in SECRET)
        + "ET",
    ],
)
def test_text_that_nobody_sees_is_listed_or_gone(content, tmp_path):
    def plant(document, page):
        add_content(document, page, content.encode())

    copy, report = rebuild(planted(plant), tmp_path)
    assert report["found"] or told(copy) == []
    copy, report = rebuild(planted(plant), tmp_path, blacken=True)
    assert told(copy) == []


def test_text_outside_what_is_cut_out_is_listed_or_gone(tmp_path):
    copy, report = rebuild(planted(text_outside_the_cut), tmp_path)
    assert report["found"] or told(copy) == []


def test_name_that_is_hidden_beside_another_that_is_listed(tmp_path):
    content = planted(text_in_a_mask, "Don vi: Phong Ky thuat")
    source, target = tmp_path / "source.pdf", tmp_path / "copy.pdf"
    source.write_bytes(content)
    report = pdf.rebuild(source, target, [*SECRETS, Secret("unit", "Phong Ky thuat")])
    assert [found["kind"] for found in report["found"]] == ["unit"]
    assert told(target.read_bytes()) == []


def test_former_revision(tmp_path):
    """What an incremental update took out is still in the file, but not in the copy."""
    content = make_pdf() + f"\n9 0 obj ({SECRET}) endobj\n%% {SECRET}\n".encode()
    assert told(rebuild(content, tmp_path)[0]) == []


def test_plain_page_is_carried_as_it_looks(tmp_path):
    output = io.BytesIO()
    paper = canvas.Canvas(output, pagesize=(400, 300))
    paper.setFillAlpha(0.5)
    paper.linearGradient(0, 0, 400, 300, ("red", "blue"))
    photo = tmp_path / "a.png"
    Image.new("RGBA", (30, 30), (0, 200, 0, 120)).save(photo)
    paper.drawImage(str(photo), 50, 50, 80, 80, mask="auto")
    paper.drawString(40, 200, "Noi dung giai phap")
    paper.rotate(10)
    paper.drawString(140, 100, "nghieng")
    paper.save()
    copy, report = rebuild(output.getvalue(), tmp_path)
    assert (report["drawn"], report["unread"], report["found"]) == ([], [], [])
    before, after = (
        pypdfium2.PdfDocument(content)[0].render().to_pil().convert("RGB")
        for content in (output.getvalue(), copy)
    )
    assert ImageChops.difference(before, after).getbbox() is None
    assert text_of(copy) == text_of(output.getvalue())


def test_filled_form_stays_visible(tmp_path):
    def plant(document, page):
        look = document.make_stream(b"BT /F1 9 Tf 2 2 Td (da dien) Tj ET")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, [0, 0, 90, 20]
        look.Resources = Dictionary(Font=page.Resources.Font)
        item = field(document, page, FT=Name.Tx, AP=Dictionary(N=look))
        item.Rect = [40, 100, 130, 120]

    copy, _report = rebuild(planted(plant), tmp_path)
    assert "da dien" in text_of(copy)[0]
    assert told(copy) == []


def test_names_in_the_text_are_listed_with_their_pages(tmp_path):
    content = make_pdf(
        "Noi dung", f"Tac gia: {SECRET.upper()}", "x", "H a T h i Tac Gia"
    )
    _copy, report = rebuild(content, tmp_path)
    assert report["found"] == [
        {"kind": "name", "text": SECRET, "page": page} for page in (2, 4)
    ]
    assert report["unread"] == [3]


def test_blackened_places_are_gone(tmp_path):
    content = make_pdf("Trang mot", f"Tac gia: {SECRET} va cong su")
    copy, report = rebuild(content, tmp_path, blacken=True)
    assert told(copy) == []
    assert report["drawn"] == [2]
    first, second = text_of(copy)
    assert ("Trang mot" in first, second.strip()) == (True, "")
    page = pypdfium2.PdfDocument(copy)[1].render(scale=1).to_pil().convert("L")
    width = len(f"Tac gia: {SECRET}") * 6
    assert min(page.crop((100, 88, 40 + width, 100)).getdata()) < 20
    black = [p for p in page.crop((105, 91, 170, 99)).getdata() if p < 60]
    assert len(black) == 65 * 8, "the whole name is covered"
    assert page.getpixel((60, 120)) > 200, "the rest isn't"


def test_name_under_a_recognised_scan_is_found_and_blackened(tmp_path):
    """A scan's invisible text tells where the name stands in the picture."""
    content = planted(invisible_text)
    copy, report = rebuild(content, tmp_path, blacken=True)
    assert {found["page"] for found in report["found"]} == {1}
    assert report["drawn"] == [1]
    assert told(copy) == []


def test_scan_is_told_as_unread(tmp_path):
    def plant(document, page):
        page.Contents = document.make_stream(b"")
        picture(document, page)

    _copy, report = rebuild(planted(plant), tmp_path)
    assert report["unread"] == [1]


# JPEG


def test_jpeg_is_stripped_without_loss():
    content = make_jpeg()
    stripped = images.strip_jpeg(content)
    assert SECRET.encode() not in stripped
    with Image.open(io.BytesIO(content)) as a, Image.open(io.BytesIO(stripped)) as b:
        assert (
            ImageChops.difference(a.convert("RGB"), b.convert("RGB")).getbbox() is None
        )


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xda\x00\x04ab"])
def test_broken_jpeg(content):
    with pytest.raises((ValueError, IndexError)):
        images.strip_jpeg(content)


# WORD


def package(document, *parts, edit=None):
    """Return a Word file with further parts and with `edit` done to its parts."""
    output, result = io.BytesIO(), io.BytesIO()
    document.save(output)
    with zipfile.ZipFile(output) as source, zipfile.ZipFile(result, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            target.writestr(
                entry.filename, edit(entry.filename, part) if edit else part
            )
        for name, content in parts:
            target.writestr(name, content)
    return result.getvalue()


def word(*parts, xml="", edit=None):
    document = docx.Document()
    document.add_paragraph("Noi dung giai phap")
    for node in parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>"):
        document.element.body.insert(0, node)
    return package(document, *parts, edit=edit)


def replaced(name, old, new):
    return lambda n, part: (
        part.replace(old.encode(), new.encode(), 1) if n == name else part
    )


def core(**values):
    document = docx.Document()
    document.add_paragraph("Noi dung giai phap")
    for name, value in values.items():
        setattr(document.core_properties, name, value)
    return package(document)


def run(text, properties=""):
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def complex_field(instruction, shown="x"):
    char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f"<w:p>{char.format('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f"{char.format('separate')}<w:r><w:t>{shown}</w:t></w:r>{char.format('end')}</w:p>"
    )


def relation(kind, target, xml=""):
    return word(
        xml=xml,
        edit=replaced(
            "word/_rels/document.xml.rels",
            "</Relationships>",
            f'<Relationship Id="rX" Type="{R}/{kind}" Target="{target}" '
            'TargetMode="External"/></Relationships>',
        ),
    )


app = "docProps/app.xml"
WORD_PLACES = {
    "properties": lambda: core(
        author=SECRET,
        last_modified_by=SECRET,
        title=SECRET,
        subject=SECRET,
        keywords=SECRET,
        comments=SECRET,
        category=SECRET,
    ),
    "status and identifier": lambda: core(content_status=SECRET, identifier=SECRET),
    "base of links": lambda: word(
        edit=replaced(
            app,
            "</Properties>",
            f"<HyperlinkBase>{SECRET}</HyperlinkBase></Properties>",
        )
    ),
    "path of the template": lambda: word(
        edit=replaced(
            app, "</Properties>", f"<TemplateX>{SECRET}</TemplateX></Properties>"
        )
    ),
    "company": lambda: word(
        edit=replaced(
            app,
            "</Properties>",
            f'<a:Company xmlns:a="x" b="1">{SECRET}</a:Company></Properties>',
        )
    ),
    "custom properties": lambda: word(
        ("docProps/custom.xml", f"<Properties><p>{SECRET}</p></Properties>")
    ),
    "people": lambda: word(
        ("word/people.xml", f"<w15:people xmlns:w15='x'><a b='{SECRET}'/></w15:people>")
    ),
    "remarks": lambda: word(
        ("word/comments.xml", f"<w:comments {NAMESPACES}>{run(SECRET)}</w:comments>")
    ),
    "deleted text": lambda: word(
        xml=f'<w:p><w:del w:id="1" w:author="{SECRET}"><w:r><w:delText>{SECRET}'
        "</w:delText></w:r></w:del></w:p>"
    ),
    "who inserted text": lambda: word(
        xml=f'<w:p><w:ins w:id="1" w:author="{SECRET}"><w:r><w:t>them</w:t></w:r>'
        "</w:ins></w:p>"
    ),
    "moved text": lambda: word(
        xml=f'<w:p><w:moveFrom w:id="1" w:author="{SECRET}"><w:r><w:t>{SECRET}</w:t>'
        "</w:r></w:moveFrom></w:p>"
    ),
    "who changed a format": lambda: word(
        xml=run(
            "x", f'<w:rPrChange w:id="1" w:author="{SECRET}"><w:rPr/></w:rPrChange>'
        )
    ),
    "hidden text": lambda: word(xml=run(SECRET, "<w:vanish/>")),
    "attached template": lambda: relation(
        "attachedTemplate", f"file:///C:/{SECRET}.dot"
    ),
    "remote template": lambda: relation("attachedTemplate", f"http://{SECRET}/a.dotm"),
    "remote picture": lambda: relation("image", f"http://{SECRET}/a.png"),
    "remote frame": lambda: relation("frame", f"http://{SECRET}/a.htm"),
    "link": lambda: relation(
        "hyperlink",
        f"http://{SECRET}",
        '<w:p><w:hyperlink r:id="rX"><w:r><w:t>bam</w:t></w:r></w:hyperlink></w:p>',
    ),
    "included picture": lambda: word(
        xml=complex_field(f'INCLUDEPICTURE "http://{SECRET}/a.png"')
    ),
    "dde": lambda: word(xml=complex_field(f'DDEAUTO c:\\\\cmd.exe "/k {SECRET}"')),
    "simple field": lambda: word(
        xml=f'<w:p><w:fldSimple w:instr="INCLUDETEXT {SECRET}"><w:r><w:t>x</w:t></w:r>'
        "</w:fldSimple></w:p>"
    ),
    "custom xml": lambda: word(("customXml/item1.xml", f"<a>{SECRET}</a>")),
    "embedded workbook": lambda: word(("word/embeddings/oleObject1.bin", SECRET)),
    "name of a picture": lambda: word((f"word/media/{SECRET}.svg", "<svg/>")),
    "notes of a photo": lambda: word(("word/media/a.jpg", make_jpeg())),
    "notes of a png": lambda: word(("word/media/a.png", make_png())),
    "notes of a gif": lambda: word(("word/media/a.gif", make_gif())),
    "text of a svg": lambda: word(
        ("word/media/a.svg", f"<svg xmlns='x'><title>{SECRET}</title></svg>")
    ),
    "variables": lambda: word(
        edit=replaced(
            "word/settings.xml",
            "<w:zoom",
            f'<w:docVars><w:docVar w:name="a" w:val="{SECRET}"/></w:docVars><w:zoom',
        )
    ),
    "name of a content control": lambda: word(
        xml=f'<w:sdt><w:sdtPr><w:alias w:val="{SECRET}"/><w:tag w:val="{SECRET}"/>'
        "</w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>"
    ),
    "macros": lambda: word(("word/vbaProject.bin", SECRET)),
    "signature": lambda: word(("_xmlsignatures/sig1.xml", f"<a>{SECRET}</a>")),
    "bookmark": lambda: word(
        xml=f'<w:p><w:bookmarkStart w:id="7" w:name="{SECRET}"/></w:p>'
    ),
    "glossary": lambda: word(("word/glossary/document.xml", f"<a>{SECRET}</a>")),
    "printer": lambda: word(("word/printerSettings/a.bin", SECRET)),
    "description of a picture": lambda: word(
        xml='<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org'
        f'/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="{SECRET}" '
        f'descr="{SECRET}" title="{SECRET}"/></wp:inline></w:drawing></w:r></w:p>'
    ),
    "instruction to a program": lambda: word(
        xml=f"<w:p><?mso {SECRET}?><!-- {SECRET} --></w:p>"
    ),
}


def make_gif():
    output = io.BytesIO()
    Image.new("P", (8, 4)).save(output, format="GIF", comment=SECRET.encode())
    return output.getvalue()


def told_in_package(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [name.encode() for name in archive.namelist()]
        parts += [archive.read(name) for name in archive.namelist()]
    needles = (SECRET.encode(), SECRET.encode("utf-16-le"))
    return any(needle in part for part in parts for needle in needles)


@pytest.mark.parametrize("place", WORD_PLACES)
def test_hiding_place_of_a_word_file(place):
    content = WORD_PLACES[place]()
    assert told_in_package(content), "it is planted"
    stripped = office.strip(content)
    assert not told_in_package(stripped)
    with zipfile.ZipFile(io.BytesIO(stripped)) as archive:
        whole = b"".join(map(archive.read, archive.namelist()))
    assert b"External" not in whole
    assert "Noi dung giai phap" in "".join(
        p.text for p in docx.Document(io.BytesIO(stripped)).paragraphs
    )


def test_text_that_shows_stays_to_be_found():
    """Headers, accepted insertions, results of fields and content controls are read."""
    content = word(
        xml=complex_field("AUTHOR", "mot")
        + '<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>hai</w:t></w:r></w:ins></w:p>'
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>ba</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        '<w:p><w:hyperlink r:id="rX"><w:r><w:t>bon</w:t></w:r></w:hyperlink></w:p>'
        + complex_field("PAGE", "9")
    )
    document = docx.Document(io.BytesIO(office.strip(content)))
    shown = "".join(p.text for p in document.paragraphs)
    for text in ("mot", "hai", "ba", "bon"):
        assert text in shown
    assert document.element.body.findall(f".//{{{W}}}instrText")[0].text == "PAGE"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 broken",
        word(edit=lambda n, part: part[:200] if n == "word/document.xml" else part),
        word(
            edit=replaced(
                "word/document.xml", "<w:document", "<!DOCTYPE a []><w:document"
            )
        ),
    ],
)
def test_broken_word_file_does_not_pass(content):
    with pytest.raises(CopyFailed) as failure:
        office.strip(content)
    assert failure.value.reason == "broken"


def test_word_file_that_unpacks_to_too_much():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a>" + bytes(limits.MAX_XML) + b"</a>")
    assert len(output.getvalue()) < 100_000
    with pytest.raises(CopyFailed) as failure:
        office.strip(output.getvalue())
    assert failure.value.reason == "size"


# THE PROCESS


def test_copy_of_a_pdf(apart):
    copy = make_copy(make_pdf(f"Tac gia {SECRET}"), "pdf", SECRETS)
    assert copy.content.startswith(b"%PDF-")
    assert [found["page"] for found in copy.found] == [1]
    blackened = make_copy(make_pdf(f"Tac gia {SECRET}"), "pdf", SECRETS, blacken=True)
    assert told(blackened.content) == []


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (make_jpeg(orientation=6), "jpg"),
        (make_png(), "png"),
        (make_png("P"), "png"),
        (make_png("1"), "png"),
        (make_png("RGBA"), "png"),
        (make_gif(), "gif"),
    ],
)
def test_picture_becomes_a_page(content, extension):
    copy = make_copy(content, extension, SECRETS)
    assert told(copy.content) == []
    assert (copy.pages, copy.unread) == (1, [1])
    [size] = [page.get_size() for page in pypdfium2.PdfDocument(copy.content)]
    upright = size[0] < size[1]
    assert upright == (extension == "jpg"), "turned as its note says"


@pytest.mark.parametrize(
    ("content", "extension", "reason"),
    [
        (b"", "pdf", "broken"),
        (b"%PDF-1.4 broken", "pdf", "broken"),
        (b"\x89PNG\r\n\x1a\n broken", "png", "broken"),
        (b"\xff\xd8\xff broken", "jpg", "broken"),
        (b"PK\x03\x04 broken", "docx", "broken"),
        (b"anything", "zip", "kind"),
        (b"anything", "mp4", "kind"),
        (b"anything", "", "kind"),
        (b"anything", "../../x", "kind"),
    ],
)
def test_what_has_no_pages_fails_with_its_reason(content, extension, reason):
    with pytest.raises(CopyFailed) as failure:
        make_copy(content, extension)
    assert failure.value.reason == reason


def test_locked_pdf_fails():
    with pikepdf.open(io.BytesIO(make_pdf())) as document:
        output = io.BytesIO()
        document.save(output, encryption=pikepdf.Encryption(user="x", owner="y"))
    with pytest.raises(CopyFailed) as failure:
        make_copy(output.getvalue(), "pdf")
    assert failure.value.reason == "locked"


def make_pages(count):
    """Return a PDF of many empty pages; appended one by one they take seconds."""
    with pikepdf.new() as document:
        pages = document.Root.Pages
        pages.Kids = Array(
            [
                document.make_indirect(
                    Dictionary(Type=Name.Page, Parent=pages, MediaBox=[0, 0, 9, 9])
                )
                for _number in range(count)
            ]
        )
        pages.Count = count
        output = io.BytesIO()
        document.save(output)
    return output.getvalue()


def test_pdf_of_too_many_pages_fails():
    with pytest.raises(CopyFailed) as failure:
        make_copy(make_pages(401), "pdf")
    assert failure.value.reason == "pages"


def test_pdf_of_as_many_pages_as_are_taken():
    with pikepdf.open(io.BytesIO(make_copy(make_pages(400), "pdf").content)) as copy:
        assert len(copy.pages) == 400


def test_what_takes_too_long_is_ended(tmp_path, monkeypatch, apart):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(CopyFailed) as failure:
        make_copy(make_pdf(), "pdf", timeout=0.01)
    assert failure.value.reason == "time"
    running = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, text=True, check=True
    )
    # others may be making copies, in folders of their own
    assert str(tmp_path) not in running.stdout
    assert not list(tmp_path.iterdir())


def test_memory_has_an_end(tmp_path, apart):
    """A picture of few bytes and very many pixels ends in its own process."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(100, 100))
        image = Stream(document, zlib.compress(bytes(300_000_000), 9))
        image.Type, image.Subtype = Name.XObject, Name.Image
        image.Width, image.Height, image.BitsPerComponent = 10_000, 10_000, 8
        image.ColorSpace, image.Filter = Name.DeviceRGB, Name.FlateDecode
        page = document.pages[0].obj
        page.Resources = Dictionary(XObject=Dictionary(X=image))
        page.Contents = document.make_stream(b"/X Do")
        output = io.BytesIO()
        document.save(output)
    assert len(output.getvalue()) < 400_000
    try:
        copy = make_copy(output.getvalue(), "pdf")
    except CopyFailed as failure:
        assert failure.reason in ("memory", "time", "broken")
    else:
        assert copy.drawn == [1]


@pytest.mark.conversion
def test_word_file_becomes_pages(apart):
    content = word(
        ("word/media/a.jpg", make_jpeg()),
        xml=run("Nguoi viet: " + SECRET)
        + run(SECRET, "<w:vanish/>")
        + complex_field("DDEAUTO x", "ket qua"),
    )
    copy = make_copy(content, "docx", SECRETS)
    assert [found["page"] for found in copy.found] == [1]
    shown = text_of(copy.content)[0]
    assert shown.count(SECRET) == 1
    assert "ket qua" in shown
    assert not ACTIVE.search(everything_in(copy.content))
    blackened = make_copy(copy.content, "pdf", SECRETS, blacken=True)
    assert blackened.drawn == [1]
    assert told(blackened.content) == []


@pytest.mark.conversion
def test_rich_text_becomes_pages_without_what_it_links(apart):
    content = (
        r"{\rtf1\ansi{\info{\author " + SECRET + r"}}Noi dung giai phap\par"
        r"{\field{\*\fldinst INCLUDEPICTURE http://127.0.0.1:9/" + SECRET + r".png}}}"
    ).encode()
    copy = make_copy(content, "rtf", SECRETS)
    assert told(copy.content) == []
    assert "Noi dung giai phap" in text_of(copy.content)[0]
