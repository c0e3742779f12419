import io
import zipfile

import docx
import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from ...council.redaction import NotRedactable, redact

SECRET = "Ha Thi Tac Gia"


def make_pdf(**save):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    pdf.docinfo["/Author"] = SECRET
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [SECRET]
    pdf.pages[0].Annots = pdf.make_indirect(
        [
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Text,
                    Rect=[0, 0, 9, 9],
                    T=pikepdf.String(SECRET),
                    Contents=pikepdf.String("xem lai"),
                )
            )
        ]
    )
    pdf.attachments["ly-lich.txt"] = pikepdf.AttachedFileSpec(
        pdf, SECRET.encode(), filename="ly-lich.txt"
    )
    output = io.BytesIO()
    pdf.save(output, compress_streams=False, **save)
    return output.getvalue()


def make_docx():
    document = docx.Document()
    document.add_paragraph("Nội dung giải pháp")
    for name in ("author", "last_modified_by", "comments", "title"):
        setattr(document.core_properties, name, SECRET)
    picture = io.BytesIO(make_jpeg())
    document.add_picture(picture)
    output = io.BytesIO()
    document.save(output)
    with zipfile.ZipFile(output, "a") as archive:
        archive.writestr(
            "word/people.xml",
            f'<w15:people xmlns:w15="x"><w15:person w15:author="{SECRET}"/>'
            "</w15:people>",
        )
    source, result = zipfile.ZipFile(output), io.BytesIO()
    with zipfile.ZipFile(result, "w") as target:
        for info in source.infolist():
            part = source.read(info)
            if info.filename == "docProps/app.xml":
                part = part.replace(
                    b"</Properties>",
                    f"<Company>{SECRET}</Company></Properties>".encode(),
                )
            if info.filename == "word/document.xml":
                part = part.replace(
                    b"<w:body>",
                    f'<w:body><w:p><w:ins w:id="1" w:author="{SECRET}"><w:r>'
                    "<w:t>them</w:t></w:r></w:ins></w:p>".encode(),
                    1,
                )
            target.writestr(info.filename, part)
    return result.getvalue()


def make_jpeg(orientation=1, size=(40, 20)):
    image, output = Image.new("RGB", size, "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = SECRET, orientation
    image.save(output, format="JPEG", exif=exif)
    return output.getvalue()


def make_png(mode="RGB"):
    output, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    Image.new(mode, (8, 4), 1).save(output, format="PNG", pnginfo=info)
    return output.getvalue()


def contains(content, secret):
    """Tell whether any part of a file, unpacked or not, has `secret`."""
    needles = (secret.encode(), secret.encode("utf-16-be"))
    parts = [content]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    return any(needle in part for part in parts for needle in needles)


def test_pdf_loses_its_author():
    content = make_pdf()
    assert contains(content, SECRET)
    clean = redact(content, "pdf")
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        assert len(pdf.pages) == 1
        assert "/Info" not in pdf.trailer
        assert "/Metadata" not in pdf.Root
        assert not pdf.attachments
        annotation = pdf.pages[0].Annots[0]
        assert "/T" not in annotation
        assert str(annotation.Contents) == "xem lai"
    assert not contains(clean, SECRET)


def test_pdf_keeps_no_former_revision():
    content = make_pdf()
    assert not contains(redact(content + b"\n%% " + SECRET.encode(), "pdf"), SECRET)


def test_locked_pdf_does_not_pass():
    encryption = pikepdf.Encryption(user="x", owner="y")
    with pytest.raises(NotRedactable):
        redact(make_pdf(encryption=encryption), "pdf")


def test_docx_loses_its_author():
    content = make_docx()
    assert contains(content, SECRET)
    clean = redact(content, "docx")
    assert not contains(clean, SECRET)
    document = docx.Document(io.BytesIO(clean))
    assert "Nội dung giải pháp" in [p.text for p in document.paragraphs]
    assert document.core_properties.author == ""


@pytest.mark.parametrize("extension", ["jpg", "jpeg"])
def test_photo_loses_its_author_and_stays_upright(extension):
    content = make_jpeg(orientation=6)
    assert contains(content, SECRET)
    clean = redact(content, extension)
    assert not contains(clean, SECRET)
    with Image.open(io.BytesIO(clean)) as image:
        assert image.format == "JPEG"
        assert image.size == (20, 40), "turned as the note said"
        assert not image.getexif()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
def test_png_loses_its_author(mode):
    content = make_png(mode)
    assert contains(content, SECRET)
    clean = redact(content, "png")
    assert not contains(clean, SECRET)
    with Image.open(io.BytesIO(clean)) as image:
        assert (image.format, image.size) == ("PNG", (8, 4))


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"", "pdf"),
        (b"%PDF-1.4 broken", "pdf"),
        (b"PK\x03\x04 broken", "docx"),
        (b"", "docx"),
        (b"\x89PNG\r\n\x1a\n broken", "png"),
        (b"\xff\xd8\xff broken", "jpg"),
        (make_png()[:40], "png"),
        (b"anything", "zip"),
        (b"anything", "mp4"),
        (b"anything", ""),
    ],
)
def test_what_cannot_be_cleaned_does_not_pass(content, extension):
    with pytest.raises(NotRedactable):
        redact(content, extension)


def test_docx_with_broken_xml_does_not_pass():
    source, result = zipfile.ZipFile(io.BytesIO(make_docx())), io.BytesIO()
    with zipfile.ZipFile(result, "w") as target:
        for info in source.infolist():
            part = source.read(info)
            target.writestr(
                info.filename,
                part[:200] if info.filename == "word/document.xml" else part,
            )
    with pytest.raises(NotRedactable):
        redact(result.getvalue(), "docx")
