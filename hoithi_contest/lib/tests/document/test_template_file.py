"""Which files are opened as templates."""

import io
import random
import zipfile

import pytest

from ...document import template_file, wording
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
    assert [p.reason for p in check(big, NOTICE)] == [template_file.PACKED]
    long = changed(
        made("x"),
        "word/styles.xml",
        lambda xml: xml + bytes(range(32, 127)) * (template_file.MAX_XML // 95 + 1),
    )
    assert [p.reason for p in check(long, NOTICE)] == [template_file.PACKED]
    many = ooxml.package(
        [("word/document.xml", b"")] + [(f"{n}.txt", b"") for n in range(600)]
    )
    assert [p.reason for p in check(many, NOTICE)] == [template_file.MANY_PARTS]
    entities = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    data = changed(made("x"), "word/styles.xml", lambda _: entities)
    assert [p.reason for p in check(data, NOTICE)] == [template_file.NOT_WORD]


MEGABYTE = 1024 * 1024


def packed(*parts, method=zipfile.ZIP_DEFLATED):
    """An archive with what makes one a Word file, and other parts."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method, compresslevel=1) as archive:
        for name, content in (("word/document.xml", b"<a/>"), *parts):
            archive.writestr(name, content)
    return output.getvalue()


def told(data):
    with pytest.raises(BadTemplate) as caught:
        template_file.open_template(data)
    [problem] = caught.value.problems
    return problem


def test_a_template_may_have_ten_megabytes():
    assert told(b"x" * 10 * MEGABYTE).reason == template_file.NOT_WORD
    problem = told(b"x" * (10 * MEGABYTE + 1))
    assert problem.reason == template_file.TOO_LARGE
    assert problem.name.endswith(f"> {wording.size(10 * MEGABYTE)}")
    assert problem.part == "file"


def test_a_template_may_have_500_parts():
    names = [f"{number}.txt" for number in range(500)]
    few = packed(*((name, b"") for name in names[:499]))
    assert told(few).reason == template_file.NOT_WORD, "it has no content"
    many = packed(*((name, b"") for name in names))
    problem = told(many)
    assert (problem.name, problem.reason) == ("501 > 500", template_file.MANY_PARTS)


def test_a_part_of_text_may_have_eight_megabytes():
    # (lines as a rule, as one text has its own limit in the parser)
    text = b"<a>" + b"<b>abcdefghi</b>" * (MEGABYTE // 3)
    full = text + b" " * (8 * MEGABYTE - len(text) - 4) + b"</a>"
    assert len(full) == 8 * MEGABYTE
    stored = {"method": zipfile.ZIP_STORED}
    assert told(packed(("a.xml", full), **stored)).reason == template_file.NOT_WORD
    over = full.replace(b"</a>", b" </a>")
    problem = told(packed(("a.xml", over), **stored))
    assert problem.reason == template_file.LONG_PART
    assert problem.place == "a.xml"
    assert problem.name.endswith(f"> {wording.size(8 * MEGABYTE)}")


def test_a_template_may_unpack_to_sixty_megabytes():
    block = random.Random(1).randbytes(20_000)
    content = (block * (60 * MEGABYTE // 20_000 + 1))[: 60 * MEGABYTE - 4]
    assert told(packed(("a.png", content))).reason == template_file.NOT_WORD
    problem = told(packed(("a.png", content + b"x")))
    assert problem.reason == template_file.TOO_LARGE
    assert problem.name == (
        f"{wording.size(60 * MEGABYTE + 1)} > {wording.size(60 * MEGABYTE)}"
    )


def test_what_unpacks_to_two_hundred_times_its_size_is_a_bomb():
    small = packed(("a.png", bytes(MEGABYTE)))
    assert told(small).reason == template_file.NOT_WORD, "a blank picture may be small"
    problem = told(packed(("a.png", bytes(MEGABYTE + 1))))
    assert (problem.place, problem.reason) == ("a.png", template_file.PACKED)
    block = random.Random(1).randbytes(20_000)
    assert told(packed(("a.png", block * 100))).reason == template_file.NOT_WORD


def test_where_a_problem_lies_in_the_file():
    def problems(data):
        return [tuple(problem) for problem in check(data, NOTICE)]

    relations = "word/_rels/document.xml.rels"
    assert problems(related("oleObject", "x.bin")) == [
        ("x.bin", relations, template_file.ACTIVE, "file")
    ]
    assert problems(related("image", "http://x.test/a.png", "External")) == [
        ("http://x.test/a.png", relations, template_file.EXTERNAL, "file")
    ]
    macro = "macros/a.txt"
    assert problems(changed(made("x"), macro, lambda _: b"x")) == [
        (macro, macro, template_file.ACTIVE, "file")
    ]
    # a picture of its own, and what is no text, are looked at no further
    assert problems(changed(made("x"), "word/media/a.txt", lambda _: b"<")) == []
    assert problems(related("settings", "settings.xml")) == []


def test_several_problems_are_told_at_once():
    data = changed(related("oleObject", "x"), "word/a.bin", lambda _: b"x")
    data = changed(data, "word/vba.xml", lambda _: b"<a/>")
    assert sorted(p.name for p in check(data, NOTICE)) == [
        "word/a.bin",
        "word/vba.xml",
        "x",
    ]
