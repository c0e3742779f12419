"""Word, Excel and PowerPoint files before LibreOffice makes pages of them."""

import io
import zipfile

import pytest
from lxml import etree
from PIL import Image

from ...council.copies import office
from ...council.copies.limits import CopyFailed

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = b"<Types/>"


def package(parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in ({"[Content_Types].xml": TYPES} | parts).items():
            archive.writestr(name, content)
    return output.getvalue()


def strip_parts(parts):
    with zipfile.ZipFile(io.BytesIO(office.strip(package(parts)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(xml):
    """Return what is left of a Word file's body."""
    spaces = f'xmlns:w="{W}" xmlns:a="{A}" xmlns:r="{R}"'
    document = f"<w:document {spaces}><w:body>{xml}</w:body></w:document>"
    left = strip_parts({"word/document.xml": document})["word/document.xml"]
    root = etree.fromstring(left)
    inner = b"".join(etree.tostring(node) for node in root[0])
    for space in (f' xmlns:w="{W}"', f' xmlns:a="{A}"', f' xmlns:r="{R}"'):
        inner = inner.replace(space.encode(), b"")
    return inner.decode()


def reason(parts):
    with pytest.raises(CopyFailed) as failure:
        office.strip(package(parts))
    return failure.value.reason


# PARTS


@pytest.mark.parametrize(
    "name",
    [
        *("_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels"),
        *("word/styles.xml", "word/numbering.xml", "word/fontTable.xml"),
        *("word/header1.xml", "word/footer12.xml", "word/footnotes.xml"),
        *("word/theme/theme1.xml", "xl/theme/theme1.xml", "ppt/theme/theme3.xml"),
        *("word/charts/chart1.xml", "xl/drawings/drawing1.xml"),
        *("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet10.xml"),
        *("xl/worksheets/_rels/sheet1.xml.rels", "xl/tables/table1.xml"),
        *("ppt/presentation.xml", "ppt/slides/slide1.xml"),
        *("ppt/slideLayouts/slideLayout1.xml", "ppt/slideMasters/slideMaster1.xml"),
    ],
)
def test_parts_that_are_drawn(name):
    assert set(strip_parts({name: "<a/>"})) == {"[Content_Types].xml", name}


@pytest.mark.parametrize(
    "name",
    [
        *("docProps/core.xml", "docProps/app.xml", "customXml/item1.xml"),
        *("word/comments.xml", "word/settings.xml", "word/webSettings.xml"),
        *("word/vbaProject.bin", "word/embeddings/a.bin", "word/people.xml"),
        *("word/_rels/comments.xml.rels", "xl/comments1.xml", "xl/vbaProject.bin"),
        *("xl/externalLinks/externalLink1.xml", "xl/connections.xml"),
        *("ppt/notesSlides/notesSlide1.xml", "ppt/commentAuthors.xml"),
        *("word/media/a.svg", "word/media/x/a.png", "word/document.xml.bak"),
        *("x/word/document.xml", "word/media/"),
    ],
)
def test_parts_that_nobody_sees(name):
    assert set(strip_parts({name: "<a/>"})) == {"[Content_Types].xml"}


def test_what_is_no_package():
    assert reason({"word/document.xml": "<a>"}) == "broken"
    assert reason({"word/document.xml": "<!DOCTYPE a []><a/>"}) == "broken"
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(CopyFailed) as failure:
        office.strip(output.getvalue())
    assert failure.value.reason == "broken", "without the list of what it holds"


def test_a_package_with_a_password():
    content = bytearray(package({"word/document.xml": "<a/>"}))
    # the bit that says so, at each file in the list at its end
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 1)
    with pytest.raises(CopyFailed) as failure:
        office.strip(bytes(content))
    assert failure.value.reason == "broken"


def test_as_much_as_is_taken(monkeypatch):
    parts = {"word/document.xml": "<a>123</a>", "word/media/a.bin": "x" * 40}
    unpacked = len(TYPES) + 10 + 40
    for name, exact in (("MAX_PARTS", 3), ("MAX_UNPACKED", unpacked), ("MAX_XML", 10)):
        with monkeypatch.context() as patch:
            patch.setattr(office, name, exact)
            assert strip_parts(parts)
            patch.setattr(office, name, exact - 1)
            assert reason(parts) == "size"


def test_relations_count_as_text(monkeypatch):
    monkeypatch.setattr(office, "MAX_XML", 50)
    assert reason({"word/_rels/document.xml.rels": f"<a>{'x' * 50}</a>"}) == "size"


# TYPES AND RELATIONS


def test_types_of_what_is_left():
    """A file with macros becomes one without; what is gone isn't listed."""
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    types = (
        '<Types><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="bin" ContentType="application/x.macroEnabled"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/>'
        '<Override PartName="/word/styles.xml" ContentType="styles"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="a.template.main+xml"/>'
        '<Override PartName="/ppt/presentation.xml" ContentType="x.addin"/>'
        '<Override PartName="/word/vbaProject.bin" ContentType="x"/></Types>'
    )
    names = ("word/document.xml", "word/styles.xml", "xl/workbook.xml")
    names += ("ppt/presentation.xml",)
    parts = {"[Content_Types].xml": types, **dict.fromkeys(names, "<a/>")}
    root = etree.fromstring(strip_parts(parts)["[Content_Types].xml"])
    found = [
        (n.get("PartName") or n.get("Extension"), n.get("ContentType")) for n in root
    ]
    plain = "application/vnd.openxmlformats-officedocument."
    assert found == [
        ("png", "image/png"),
        ("/word/document.xml", f"{plain}wordprocessingml.document.main+xml"),
        ("/word/styles.xml", "styles"),
        ("/xl/workbook.xml", f"{plain}spreadsheetml.sheet.main+xml"),
        ("/ppt/presentation.xml", f"{plain}presentationml.presentation.main+xml"),
    ]


def test_relations_to_what_is_left():
    def find(name, *relations):
        nodes = "".join(
            f'<Relationship Id="{n}" Target="{target}"{more}/>'
            for n, (target, more) in enumerate(relations)
        )
        picture = io.BytesIO()
        Image.new("RGB", (1, 1)).save(picture, format="PNG")
        parts = {
            name: f"<Relationships>{nodes}</Relationships>",
            "word/document.xml": "<a/>",
            "word/media/a.png": picture.getvalue(),
        }
        return [node.get("Id") for node in etree.fromstring(strip_parts(parts)[name])]

    external = ' TargetMode="External"'
    assert find(
        "word/_rels/document.xml.rels",
        ("media/a.png", ""),
        ("/word/media/a.png", ""),
        ("../word/media/a.png", ""),
        ("media/b.png", ""),
        ("media/a.png", external),
        ("http://x/a.png", external),
        ("../../../etc/passwd", ""),
        ("", ""),
    ) == ["0", "1", "2"]
    assert find("_rels/.rels", ("word/document.xml", ""), ("docProps/a.xml", "")) == [
        "0"
    ]


# TEXT


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_hidden_text_is_gone_and_shown_text_is_not():
    assert body(run("a", "<w:vanish/>")) == ""
    assert body(run("a", '<w:vanish w:val="1"/>')) == ""
    assert body(run("a", '<w:vanish w:val="true"/>')) == ""
    for value in ("0", "false", "off"):
        assert "<w:t>a</w:t>" in body(run("a", f'<w:vanish w:val="{value}"/>'))


def test_what_was_inserted_or_linked_stays_in_its_place():
    shown = (
        "<w:p><w:r><w:t>1</w:t></w:r><w:ins><w:r><w:t>2</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>3</w:t></w:r></w:hyperlink></w:ins>"
        "<w:sdt><w:sdtPr/><w:sdtContent><w:smartTag><w:r><w:t>4</w:t></w:r></w:smartTag>"
        "</w:sdtContent></w:sdt><w:r><w:t>5</w:t></w:r></w:p>"
    )
    runs = "".join(f"<w:r><w:t>{n}</w:t></w:r>" for n in range(1, 6))
    assert body(shown) == f"<w:p>{runs}</w:p>"


def test_what_was_deleted_or_remarked_is_gone():
    for name in (
        "del",
        "moveFrom",
        "commentRangeStart",
        "commentReference",
        "altChunk",
    ):
        assert body(f"<w:p><w:{name}>{run('a')}</w:{name}></w:p>") == "<w:p/>"
    for name in ("rPrChange", "pPrChange", "moveToRangeStart", "moveFromRangeEnd"):
        assert body(f"<w:p><w:{name} w:id='1'/></w:p>") == "<w:p/>"


def char(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(instruction, shown):
    return (
        f"{char('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f"{char('separate')}{shown}{char('end')}"
    )


@pytest.mark.parametrize("name", ["PAGE", "NUMPAGES", "SECTIONPAGES"])
def test_numbers_of_pages_are_worked_out_anew(name):
    for instruction in (name, f" {name} \\* MERGEFORMAT "):
        paragraph = f"<w:p>{field(instruction, run('9'))}</w:p>"
        left = body(paragraph)
        assert left.count("fldChar ") == 3
        assert instruction.strip() in left


@pytest.mark.parametrize(
    "instruction", ["AUTHOR", "PAGEREF a", "INCLUDETEXT PAGE", "", "DDEAUTO x"]
)
def test_of_other_fields_what_they_show_stays(instruction):
    left = body(f"<w:p>{field(instruction, run('shown'))}</w:p>")
    assert "shown" in left
    assert "fldChar" not in left and "instrText" not in left


def test_fields_within_fields():
    inner = field("PAGE", run("2"))
    left = body(f"<w:p>{field('IF x', inner)}{field('NUMPAGES', run('7'))}</w:p>")
    assert left.count("fldChar ") == 6, "of the two that count pages"
    assert "IF x" not in left
    # the instruction of one stands in several pieces
    pieces = "<w:instrText>PA</w:instrText><w:instrText>GE</w:instrText>"
    whole = f"{char('begin')}<w:r>{pieces}</w:r>{char('end')}"
    assert body(f"<w:p>{whole}</w:p>").count("fldChar ") == 2


def test_fields_that_never_end_or_never_began():
    for part in (char("begin") + "<w:r><w:instrText>PAGE</w:instrText></w:r>",):
        assert "fldChar" not in body(f"<w:p>{part}</w:p>")
    for part in (char("end"), "<w:r><w:instrText>PAGE</w:instrText></w:r>"):
        left = body(f"<w:p>{part}</w:p>")
        assert "fldChar" not in left and "instrText" not in left


def test_names_and_addresses_of_pictures():
    left = body(
        '<w:p><w:docPr id="1" name="a" descr="b" title="c"/>'
        '<w:pic r:link="d" r:embed="e" alt="f" href="g"/><a:hlinkClick r:id="h"/></w:p>'
    )
    assert left == '<w:p><w:docPr id="1" name="" descr=""/><w:pic r:embed="e"/></w:p>'


@pytest.mark.parametrize(
    "name", ["hyperlinks", "legacyDrawing", "oleObjects", "externalReferences"]
)
def test_what_a_sheet_links(name):
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData/><{name}/></worksheet>'
    path = "xl/worksheets/sheet1.xml"
    root = etree.fromstring(strip_parts({path: sheet})[path])
    assert [etree.QName(node).localname for node in root] == ["sheetData"]


def test_entities_and_programs_words_are_gone():
    left = body("<w:p><?mso a?><!-- b --><w:t>c</w:t></w:p>")
    assert left == "<w:p><w:t>c</w:t></w:p>"


# PICTURES


def test_pictures_are_made_anew_and_drawings_stay():
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, format="PNG", pnginfo=None)
    drawings = {
        "word/media/a.emf": b"\x01\x00\x00\x00emf",
        "word/media/b.wmf": b"\xd7\xcd\xc6\x9awmf",
        "xl/media/c.wmf": b"\x01\x00\x09wmf",
        "ppt/media/d.wmf": b"\x02\x00\x09wmf",
    }
    parts = {
        **drawings,
        "word/media/e.PNG": picture.getvalue() + b"behind",
        "word/media/f.png": b"no picture",
        "word/media/g.emf": b"\x03\x00\x00\x00",
    }
    left = strip_parts(parts)
    assert set(left) == {"[Content_Types].xml", "word/media/e.PNG", *drawings}
    assert {name: left[name] for name in drawings} == drawings
    assert b"behind" not in left["word/media/e.PNG"]
