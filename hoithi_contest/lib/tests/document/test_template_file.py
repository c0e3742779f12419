"""Which files are opened as templates."""

import pytest

from ...document import template_file
from ...document.docx_template import check, render
from ...document.template_file import BadTemplate
from ...document.templates import blocks as b
from ...document.templates import ooxml
from .made import NOTICE, changed, context, made, related


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", template_file.NOT_WORD),
        (b"%PDF-1.7", template_file.NOT_WORD),
        (ooxml.package([("a.txt", b"x")]), template_file.NOT_WORD),
        (made("x")[:-200], template_file.NOT_WORD),
        (ooxml.package([("word/document.xml", b"<a>")]), template_file.NOT_WORD),
        (ooxml.package([("word/document.xml", b"<a/>")]), template_file.NOT_WORD),
        (b"x" * (template_file.MAX_SIZE + 1), template_file.TOO_LARGE),
        (related("oleObject", "x"), template_file.ACTIVE),
        (related("vbaProject", "vba"), template_file.ACTIVE),
        (related("image", "http://x.test/a.png", "External"), template_file.EXTERNAL),
        (related("attachedTemplate", "//x/a.dotm", "External"), template_file.EXTERNAL),
        (
            related("hyperlink", "file:///etc/passwd", "External"),
            template_file.EXTERNAL,
        ),
    ],
)
def test_harmful_files_are_refused(data, reason):
    problems = check(data, NOTICE)
    assert [problem.reason for problem in problems] == [reason]
    with pytest.raises(BadTemplate) as caught:
        render(data, context())
    assert caught.value.problems == problems
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["word/vbaProject.bin", "word/activeX/activeX1.xml", "word/embeddings/a.xlsx"],
)
def test_active_parts_are_refused(name):
    data = changed(made("x"), name, lambda _: b"<x/>")
    assert [(p.name, p.reason) for p in check(data, NOTICE)] == [
        (name, template_file.ACTIVE)
    ]


def test_macro_enabled_files_are_refused():
    data = changed(
        made("x"),
        "[Content_Types].xml",
        lambda xml: xml.replace(b"document.main", b"document.macroEnabled.main"),
    )
    assert [p.reason for p in check(data, NOTICE)] == [template_file.ACTIVE]


def test_links_that_a_reader_follows_are_allowed():
    assert check(related("hyperlink", "https://example.com", "External"), NOTICE) == []
    assert check(related("hyperlink", "mailto:a@example.com", "External"), NOTICE) == []


@pytest.mark.parametrize(
    "xml",
    [
        "<w:instrText> INCLUDEPICTURE x </w:instrText>",
        "<w:instrText> INCLUDE</w:instrText><w:instrText>TEXT c:/x</w:instrText>",
        "<w:instrText> ddeauto cmd </w:instrText>",
    ],
)
def test_fields_that_fetch_something_are_refused(xml):
    paragraph = b.paragraph("Body", ooxml.Xml(f"<w:r>{xml}</w:r>"))
    (problem,) = check(b.make(b.PORTRAIT, [paragraph]), NOTICE)
    assert problem.reason == template_file.FIELD
    simple = ooxml.Xml('<w:fldSimple w:instr="LINK x"/>')
    (problem,) = check(b.make(b.PORTRAIT, [b.paragraph("Body", simple)]), NOTICE)
    assert (problem.name, problem.reason) == ("LINK x", template_file.FIELD)


def test_encrypted_files_are_refused():
    data = bytearray(ooxml.package([("word/document.xml", b"<a/>")]))
    # The flag in the entry's header and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert [p.reason for p in check(bytes(data), NOTICE)] == [template_file.NOT_WORD]


def test_bombs_are_refused():
    big = changed(made("x"), "word/media/a.xml", lambda _: b"<a>" + b" " * 5_000_000)
    assert [p.reason for p in check(big, NOTICE)] == [template_file.TOO_LARGE]
    long = changed(
        made("x"),
        "word/styles.xml",
        lambda xml: xml + bytes(range(32, 127)) * (template_file.MAX_XML // 95 + 1),
    )
    assert [p.reason for p in check(long, NOTICE)] == [template_file.TOO_LARGE]
    many = ooxml.package(
        [("word/document.xml", b"")] + [(f"{n}.txt", b"") for n in range(600)]
    )
    assert [p.reason for p in check(many, NOTICE)] == [template_file.TOO_LARGE]
    entities = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    data = changed(made("x"), "word/styles.xml", lambda _: entities)
    assert [p.reason for p in check(data, NOTICE)] == [template_file.NOT_WORD]
