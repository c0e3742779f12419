import base64
import copy
import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from ...document import template_file
from ...document.docx_template import check, placeholders, render
from ...document.kinds import KINDS
from ...document.template_file import BadTemplate, Problem
from ...document.templates import blocks as b
from ...document.templates import ooxml
from ...document.templates.build import FOLDER

NOTICE = KINDS["notice"]
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def made(*texts):
    """A template with a paragraph of each text."""
    return b.make(b.PORTRAIT, [b.paragraph("Body", text) for text in texts])


def changed(data, name, change):
    """The file with a part changed; `change` gets and returns bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = change(parts.get(name, b""))
    return ooxml.package(parts.items())


def related(kind, target, mode=""):
    """A template whose document is related to something."""
    line = f'<Relationship Id="rId99" Type="{RELATIONSHIPS}/{kind}" Target="{target}"'
    line += f' TargetMode="{mode}"/>' if mode else "/>"
    return changed(
        made("x"),
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace(b"</Rel", line.encode() + b"</Rel", 1),
    )


def texts(data):
    document = Document(io.BytesIO(data))
    return [paragraph.text for paragraph in document.paragraphs]


def context(**own):
    return NOTICE.sample() | own


# Placeholders


def test_placeholders_are_named_as_written():
    data = made(
        "{{ head.issuer|lines('issuer') }}",
        "{%p for row in units %}",
        "{{ loop.index }}. {{ row.name }}",
        "{%p endfor %}",
        "{% if contact %}{{ contact }}{% endif %}",
    )
    assert placeholders(data, NOTICE) == {
        *("head", "head.issuer", "units", "row.name", "contact")
    }
    assert check(data, NOTICE) == []


def test_unknown_placeholder_is_told_with_its_place():
    data = made("Kính gửi {{ agency.name }}", "Ngày {{ agency.phone }} và {{ hạn }}")
    place = "Ngày {{ agency.phone }} và {{ hạn }}"
    assert check(data, NOTICE) == [
        Problem("agency.phone", place, template_file.UNKNOWN, "body"),
        Problem("hạn", place, template_file.UNKNOWN, "body"),
    ]


def test_unknown_placeholder_in_a_table_and_in_a_loop():
    columns = [
        b.Column("Tên", 50, "{{ row.name }}"),
        b.Column("Số", 20, "{{ row.no }}"),
    ]
    data = b.make(b.PORTRAIT, b.list_table("row in units", columns))
    (problem,) = check(data, NOTICE)
    assert problem == Problem("row.no", "{{ row.no }}", template_file.UNKNOWN, "table")
    # Outside its loop the variable is unknown.
    (problem,) = check(made("{{ row.name }}"), NOTICE)
    assert (problem.name, problem.reason) == ("row", template_file.UNKNOWN)


def test_unknown_placeholder_in_header_and_properties():
    data = changed(
        made("x"),
        "word/header1.xml",
        lambda xml: xml.replace(b"<w:t>2", b"<w:t>{{ y }}"),
    )
    (problem,) = check(data, NOTICE)
    assert (problem.name, problem.part) == ("y", "header")
    title = b'<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">{{ y }}</dc:title>'
    data = changed(
        made("x"),
        "docProps/core.xml",
        lambda xml: xml.replace(b"</cp", title + b"</cp", 1),
    )
    (problem,) = check(data, NOTICE)
    assert (problem.name, problem.part, problem.place) == ("y", "file", "{{ y }}")


def test_placeholder_that_word_cut_into_runs():
    runs = [b.run("{"), b.run("{ agency", bold=True), b.run(".na"), b.run("me }}")]
    data = b.make(b.PORTRAIT, [b.paragraph("Body", *runs)])
    assert check(data, NOTICE) == []
    assert texts(render(data, context())) == ["Sở Tài nguyên và Môi trường"]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["Một", "Hai {{ agency.name }"], "Hai {{ agency.name }"),
        (["{%p for row in units %}", "Một"], "{% for row in units %}"),
        (["Một", "{%p endfor %}"], "{% endfor %}"),
        (["Một {% if %}"], "Một {% if %}"),
        (["{{ agency name }}"], "{{ agency name }}"),
    ],
)
def test_broken_tags_are_told_with_their_place(lines, place):
    (problem,) = check(made(*lines), NOTICE)
    assert problem.reason == template_file.SYNTAX
    assert problem.place == place


@pytest.mark.parametrize(
    "text",
    [
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro f() %}{% endmacro %}",
        "{% filter upper %}x{% endfilter %}",
        "{% for x in range(10) %}{% endfor %}",
        "{% for x in units recursive %}{{ x.name }}{% endfor %}",
        "{% for x in units if x.name %}{{ x.name }}{% endfor %}",
        "{% for x, y in units %}{% endfor %}",
        "{% for x in units %}{% for y in units %}{% endfor %}{% endfor %}",
        "{{ agency.name.upper() }}",
        "{{ agency.name * 1000000 }}",
        "{{ agency.name|replace('a', 'b') }}",
        "{{ agency.name|lines('page') }}",
        "{{ agency.name|lines }}",
        "{{ requests|join(contact) }}",
        "{{ agency.name.name|e }}",
        "{{ agency['name'] }}",
        "{{ [1, 2] }}",
        "{{ agency.name is defined }}",
    ],
)
def test_only_a_little_of_the_language_is_allowed(text):
    problems = check(made(text), NOTICE)
    assert problems
    assert {p.reason for p in problems} <= {
        *(template_file.CONSTRUCT, template_file.UNKNOWN, template_file.SYNTAX)
    }
    # What was never checked isn't filled in either.
    with pytest.raises(BadTemplate):
        render(made(text), context())


@pytest.mark.parametrize(
    "text",
    [
        "{{ agency.__class__ }}",
        "{{ agency.name.__class__.__mro__ }}",
        "{{ units.append }}",
        "{{ agency.items }}",
        "{{ self }}",
        "{{ cycler }}",
    ],
)
def test_pythons_own_names_lead_nowhere(text):
    assert [p.reason for p in check(made(text), NOTICE)] == [template_file.UNKNOWN]
    with pytest.raises(BadTemplate):
        render(made(text), context())


def test_lists_and_texts_are_not_mixed_up():
    reasons = {
        text: [p.reason for p in check(made(text), NOTICE)]
        for text in (
            "{{ units }}",
            "{{ agency }}",
            "{% for x in contact %}{{ x }}{% endfor %}",
            "{% for x in requests %}{{ x }}{% endfor %}",
            "{{ agency.name[0] }}",
            "{% if requests %}{{ requests[0] }}{% endif %}",
            "{{ requests|length }}",
        )
    }
    assert list(reasons.values()) == [
        *[[template_file.NOT_TEXT]] * 3,
        *([], [template_file.CONSTRUCT], [], []),
    ]


def test_what_an_empty_list_lacks_is_told():
    (problem,) = check(made("{{ requests[0] }}"), NOTICE)
    assert (problem.reason, problem.part) == (template_file.UNKNOWN, "body")


def test_tags_that_tear_a_table_apart_are_told():
    cells = [b.cell(50, b.paragraph("Cell", "{% for row in units %}{{ row.name }}"))]
    table = ooxml.table([50], [b.row(*cells)], borders=True)
    data = b.make(b.PORTRAIT, [table, b.paragraph("Body", "{% endfor %}")])
    (problem,) = check(data, NOTICE)
    assert (problem.reason, problem.part) == (template_file.SYNTAX, "body")


def test_unknown_placeholder_in_a_footnote():
    types = (
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.'
        b'openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )
    footnotes = (
        f'<w:footnotes xmlns:w="{ooxml.WORD}"><w:footnote w:id="1"><w:p><w:r><w:t>'
        "{{ y }}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    data = changed(
        related("footnotes", "footnotes.xml"),
        "[Content_Types].xml",
        lambda xml: xml.replace(b"</Types>", types),
    )
    data = changed(data, "word/footnotes.xml", lambda _: footnotes.encode())
    (problem,) = check(data, NOTICE)
    assert (problem.name, problem.part) == ("y", "footnotes")


# The file


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


# Filling in


def test_signs_are_printed_as_they_are():
    strange = 'A & B <w:p> "x" {{ agency.name }} {% for %} 😀'
    data = made("{{ contact }}", "{{ closing }}")
    assert texts(render(data, context(contact=strange, closing="a\nb\x07\tc"))) == [
        strange,
        "a\nb c",
    ]


def test_properties_name_document_and_issuer():
    result = Document(io.BytesIO(render(made("x"), context(subject="a\nb"))))
    properties = result.core_properties
    assert properties.title == "THÔNG BÁO a b"
    assert properties.author == "Sở Tài nguyên và Môi trường tỉnh Bắc Kạn"
    assert properties.created is None


def test_letters_are_composed():
    assert texts(render(made("{{ contact }}"), context(contact="ô\u0323"))) == ["ộ"]


def test_conditions_and_loops_leave_no_paragraph():
    data = made(
        "{%p if contact %}",
        "{{ contact }}",
        "{%p else %}",
        "Không",
        "{%p endif %}",
        "{%p for text in requests %}",
        "{{ loop.index }}. {{ text }}{{ '.' if loop.last else ';' }}",
        "{%p endfor %}",
    )
    result = render(data, context(contact="", requests=["a", "b"]))
    assert texts(result) == ["Không", "1. a;", "2. b."]


def test_what_the_context_lacks_is_an_error():
    incomplete = context()
    del incomplete["contact"]
    with pytest.raises(BadTemplate, match="contact"):
        render(made("{{ contact }}"), incomplete)
    with pytest.raises(BadTemplate, match="phone"):
        render(made("{{ agency.phone }}"), context())


def test_context_is_left_alone_and_the_result_is_the_same_each_time():
    kind = KINDS["report"]
    values = kind.sample()
    before = copy.deepcopy(values)
    data = (FOLDER / "report.docx").read_bytes()
    assert render(data, values) == render(data, values)
    assert values == before


def test_pictures():
    kind = KINDS["report"]
    values = kind.sample()
    values["charts"][0]["image"]["text"] = 'Biểu đồ "1" & <2>'
    result = render((FOLDER / "report.docx").read_bytes(), values)
    document = Document(io.BytesIO(result))
    picture, code = [
        inline
        for inline in document.element.body.iter(qn("wp:inline"))
        if next(inline.iter(qn("pic:pic")), None) is not None
    ]
    assert code.find(qn("wp:docPr")).get("descr") == "Mã QR kiểm tra văn bản"
    assert picture.find(qn("wp:docPr")).get("descr") == 'Biểu đồ "1" & <2>'
    assert int(picture.find(qn("wp:extent")).get("cx")) == 150 * 36000


@pytest.mark.parametrize(
    "png", ["no base64!", base64.b64encode(b"GIF89a").decode(), "", "é"]
)
def test_what_is_no_picture_is_refused(png):
    values = KINDS["report"].sample()
    values["charts"][0]["image"]["png"] = png
    with pytest.raises(ValueError, match="picture"):
        render((FOLDER / "report.docx").read_bytes(), values)


def line_lengths(data):
    document = Document(io.BytesIO(data))
    return [
        round(int(extent.get("cx")) / 36000, 1)
        for inline in document.element.body.iter(qn("wp:inline"))
        if next(inline.iter(qn("pic:pic")), None) is None
        for extent in inline.iter(qn("wp:extent"))
    ]


def test_drawn_lines_follow_the_text():
    def made_with(**own):
        return line_lengths(
            render((FOLDER / "notice.docx").read_bytes(), context(**own))
        )

    issuer, motto, subject = made_with()
    short_issuer, same, short_subject = made_with(
        head={"superior": "", "issuer": "SỞ A"}, subject="Ngắn"
    )
    assert same == motto
    assert short_issuer < issuer
    assert short_subject < subject
    assert len(made_with(subject="")) == 2


def test_a_template_without_our_styles_is_filled_in_too():
    buffer = io.BytesIO()
    document = Document()
    document.add_paragraph("{{ contact }}")
    document.save(buffer)
    assert check(buffer.getvalue(), NOTICE) == []
    assert texts(render(buffer.getvalue(), context(contact="a"))) == ["a"]


def test_columns_of_members_share_the_width():
    kind = KINDS["score_matrix"]
    data = (FOLDER / "score_matrix.docx").read_bytes()

    def grid(count):
        values = kind.sample()
        part = values["parts"][0]
        part["members"] = [{"name": f"M{n}"} for n in range(count)]
        for entry in part["entries"]:
            entry["scores"] = ["1"] * count
        table = Document(io.BytesIO(render(data, values))).tables[1]._tbl
        return [int(column.get(qn("w:w"))) for column in table.tblGrid.gridCol_lst]

    widths = {count: grid(count) for count in (0, 1, 3, 10, 15)}
    total = ooxml.twips(ooxml.LANDSCAPE.text_width)
    for count, columns in widths.items():
        assert len(columns) == 6 + count
        assert sum(columns) == pytest.approx(total, abs=2)
        assert min(columns) >= ooxml.twips(9)


def test_a_cell_that_lost_its_text_keeps_a_paragraph():
    blocks = b.when("contact", b.paragraph("Cell", "{{ contact }}"))
    table = ooxml.table([50], [b.row(b.cell(50, *blocks))], borders=True)
    data = b.make(b.PORTRAIT, [table])
    result = Document(io.BytesIO(render(data, context(contact=""))))
    (paragraph,) = result.tables[0].cell(0, 0).paragraphs
    assert paragraph.text == ""


# Lists


def listed(columns, total=(), rows="units"):
    data = b.make(b.PORTRAIT, b.list_table(f"row in {rows}", columns, total))
    assert check(data, NOTICE) == []
    return data


def cells(data):
    (table,) = Document(io.BytesIO(data)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


UNITS = [
    {"number": 1, "name": "A", "registered": "1.200", "drafts": "0", "note": ""},
    {"number": 2, "name": "B", "registered": "3", "drafts": "2", "note": ""},
]


def test_a_list_has_its_sums():
    data = listed(
        (
            b.Column("Tên", 100, "{{ row.name }}"),
            b.Column("Số", 60, "{{ row.drafts }}"),
        ),
        ("Tổng", "{{ units|total('registered') }}"),
    )
    assert cells(render(data, context(units=UNITS)))[-1] == ["Tổng", "1.203"]
    # what is no figure has no sum
    words = [{**UNITS[0], "registered": "5/7"}]
    assert cells(render(data, context(units=words)))[-1] == ["Tổng", ""]


@pytest.mark.parametrize(
    "tag", ["units|total('x')", "subject|total('x')", "units|total"]
)
def test_a_sum_is_of_a_column_of_a_list(tag):
    assert check(made(f"{{{{ {tag} }}}}"), NOTICE)


def test_columns_that_say_nothing_are_left_out():
    columns = (
        b.Column("Tên", 60, "{{ row.name }}"),
        b.Column("Ghi chú", 40, "{{ row.note }}", optional=True),
        b.Column("Số", 20, "{{ row.drafts }}", optional=True),
        b.Column("Ký tên", 40, ""),
    )
    data = render(listed(columns, ("Tổng", "x", "y", "")), context(units=UNITS))
    assert cells(data) == [
        ["Tên", "Số", "Ký tên"],
        ["A", "0", ""],
        ["B", "2", ""],
        ["Tổng", "y", ""],
    ]
    (table,) = Document(io.BytesIO(data)).tables
    grid = [int(node.get(qn("w:w"))) for node in table._tbl.iter(qn("w:gridCol"))]
    assert sum(grid) == pytest.approx(ooxml.twips(160), abs=3)
    assert grid[0] > ooxml.twips(60)
    assert grid[1] == ooxml.twips(20)
    assert table._tbl.find(f".//{qn('w:tblCaption')}") is None
    full = render(listed(columns), context(units=[{**UNITS[0], "note": "Đã rút"}]))
    assert cells(full)[0] == ["Tên", "Ghi chú", "Số", "Ký tên"]


def test_certificates_keep_to_their_pages():
    """A page each, the long ones in smaller letters, the short ones as ever."""
    kind = KINDS["certificate"]
    template = (FOLDER / "certificate.docx").read_bytes()
    sample = kind.sample()
    copies = [
        {**sample["copies"][0], "holders": ", ".join(["Nguyễn Thị Hoàng Phương"] * 10)},
        sample["copies"][1],
    ]
    long = sample | {"copies": copies, "entry_title": "Giải pháp đo đạc " * 15}
    for values, small in ((long, {0, 1}), (sample, set())):
        document = Document(io.BytesIO(render(template, values)))
        names = [p for p in document.paragraphs if p._p.style == "CertificateHolder"]
        assert len(names) == 2
        shrunk = {
            index
            for index, name in enumerate(names)
            if any(run.font.size and run.font.size.pt < 20 for run in name.runs)
        }
        assert shrunk == small if values is sample else 0 in shrunk
        breaks = [
            p
            for p in document.paragraphs
            if p._p.find(f".//{qn('w:pageBreakBefore')}") is not None
        ]
        assert len(breaks) == 1


def test_a_kept_context_gets_what_is_printed_since():
    kept = copy.deepcopy(context(units=[{"number": 1}]))
    del kept["requests"], kept["agency"]["office"]
    completed = NOTICE.completed(kept)
    assert completed["requests"] == []
    assert completed["agency"]["office"] == ""
    assert completed["units"] == [
        {"number": 1, "name": "", "registered": "", "drafts": "", "note": ""}
    ]
    assert NOTICE.problems(completed) == []


# What an office overlooks


def test_everything_misspelt_is_listed_at_once():
    data = made("{{ subject! }}", "{ subject }", "{{ title + }}", "{ x }")
    assert {(p.name, p.reason) for p in check(data, NOTICE)} == {
        ("{{ subject! }}", template_file.SYNTAX),
        ("{{ title + }}", template_file.SYNTAX),
        ("{ subject }", template_file.BRACES),
    }
    data = made("{{ subjekt }}", "{title}", "{{ “subject” }}")
    names = {p.name for p in check(data, NOTICE)}
    assert names == {"subjekt", "{title}", "{{ “subject” }}"}


def test_what_every_paper_bears_is_asked_for():
    shipped = (FOLDER / "notice.docx").read_bytes()
    assert check(shipped, NOTICE, shipped) == []
    problems = check(made("{{ subject }} {{ number_line }}"), NOTICE, shipped)
    assert [(p.name, p.reason) for p in problems] == [
        ("place_date", template_file.MISSING),
        ("signature.name", template_file.MISSING),
    ]


@pytest.mark.parametrize(
    "mark",
    [
        b'<w:ins w:id="1" w:author="Hoa"><w:r><w:t>x</w:t></w:r></w:ins>',
        b'<w:del w:id="1" w:author="Hoa"><w:r><w:delText>x</w:delText></w:r></w:del>',
        b'<w:r><w:commentReference w:id="0"/></w:r>',
    ],
)
def test_tracked_changes_and_comments_are_refused(mark):
    data = changed(
        made("x"),
        "word/document.xml",
        lambda xml: xml.replace(b"</w:p>", mark + b"</w:p>", 1),
    )
    assert {p.reason for p in check(data, NOTICE)} == {template_file.TRACKED}


def test_who_saved_the_template_is_not_in_the_paper():
    document = Document(io.BytesIO((FOLDER / "notice.docx").read_bytes()))
    document.core_properties.last_modified_by = "Nguyễn Thị Thư Ký"
    buffer = io.BytesIO()
    document.save(buffer)
    made_paper = render(buffer.getvalue(), context())
    assert b"Th\xc6\xb0 K" not in zipfile.ZipFile(io.BytesIO(made_paper)).read(
        "docProps/core.xml"
    )
