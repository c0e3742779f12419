"""Templates checked as a whole, and filled in."""

import base64
import copy
import io
import re
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from ...document import template_file
from ...document.docx_template import check, find_pages, persons, render
from ...document.kinds import KINDS
from ...document.template_file import BadTemplate
from ...document.templates import blocks as b
from ...document.templates import ooxml
from ...document.templates.build import FOLDER
from .made import NOTICE, changed, context, made, texts


def test_signs_are_printed_as_they_are():
    strange = 'A & B <w:p> "x" {{ agency.name }} {% for %}'
    data = made("{{ contact }}", "{{ closing }}")
    assert texts(render(data, context(contact=strange, closing="a\nb\x07\tc"))) == [
        strange,
        "a",
        "b c",
    ]


def test_what_no_paper_holds_is_left_out():
    """What turns letters around, emoji, and signs of one font's own."""
    told = "a \u202ecba\u202c \U0001f469\u200d\U0001f52c b \ue123;\n\t\uf0b7 c\n  d  e "
    data = made("{{ contact }}")
    assert texts(render(data, context(contact=told))) == ["a cba b;", "• c", "d e "]


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
        *(
            f'<w:{name} w:id="1" w:author="Hoa"/>'.encode()
            for name in (
                *("moveFrom", "moveTo", "rPrChange", "pPrChange", "numberingChange"),
                *("sectPrChange", "tblPrChange", "tblPrExChange", "tblGridChange"),
                *("trPrChange", "tcPrChange", "cellIns", "cellDel", "cellMerge"),
            )
        ),
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


def test_what_is_wrong_in_use_is_told_before_it_is_used():
    """Tags that tear a table apart, which the words alone don't show."""
    parts = [b.cell(50, b.paragraph("Cell", "{% for row in units %}{{ row.name }}"))]
    table = ooxml.table([50], [b.row(*parts)], borders=True)
    torn = b.make(b.PORTRAIT, [table, b.paragraph("Body", "{% endfor %}")])
    (problem,) = check(torn, NOTICE)
    assert (problem.reason, problem.part) == (template_file.SYNTAX, "body")
    with pytest.raises(BadTemplate) as caught:
        render(torn, context())
    assert caught.value.problems == [problem]
    (problem,) = check(b"no file of Word", NOTICE)
    assert problem.reason == template_file.NOT_WORD


def test_a_name_in_one_pair_of_braces_is_told_if_it_is_one():
    line = "Về { agency.name } và { agencies.name } và {subject}"
    assert [tuple(problem) for problem in check(made(line), NOTICE)] == [
        ("{ agency.name }", line, template_file.BRACES, "body"),
        ("{subject}", line, template_file.BRACES, "body"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "{ subject }}",
            "{“subject”}",
            "｛subject｝",
            "｛｛ subject ｝｝",
            "{subject}}",
        ),
        # as other programs have them, lost, or of a name that is nearly one
        *("[[subject]]", "«subject»", "<< subject >>", "%{subject}", "{subject là gì"),
        *("{ sbject }", "{ number_lines }"),
    ],
)
def test_other_ways_to_mistype_braces(text):
    (problem,) = check(made(text), NOTICE)
    assert (problem.reason, problem.place) == (template_file.BRACES, text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("subject }}", "}}"),
        ("{{ subject }}}", "}"),
        ("{ {{ subject }}", "{"),
        ("Về %} x", "%}"),
    ],
)
def test_braces_that_would_be_printed_beside_what_can_be_read(text, name):
    other = "{{ nothing }}"
    assert [tuple(problem) for problem in check(made(text, other), NOTICE)] == [
        ("nothing", other, template_file.UNKNOWN, "body"),
        (name, text, template_file.STRAY, "body"),
    ]


def test_braces_that_hold_no_name_are_anybodys():
    assert check(made("{ghi chú} {{ subject }}{{ title }} {# x #}"), NOTICE) == []
    (problem,) = check(made("{% raw %}{{ subject }}{% endraw %}"), NOTICE)
    assert (problem.name, problem.reason) == ("raw", template_file.CONSTRUCT)


@pytest.mark.parametrize(
    "tag", ["subject ~ units", "units|upper", "units|join(', ')", "bases|trim"]
)
def test_a_list_isnt_printed_as_a_program_writes_it(tag):
    (problem,) = check(made(f"{{{{ {tag} }}}}"), NOTICE)
    assert problem.reason == template_file.NOT_TEXT
    assert problem.name in ("units", "bases")


def test_no_program_tells_a_user_what_is_wrong_in_its_own_words():
    (problem,) = check(made("{%- if subject -%}a{%- endif -%}"), NOTICE)
    assert problem[:3] == ("{% %}", "", template_file.SYNTAX)
    for text in ("{{ requests|join('; ') }}", "{{ units|length }}"):
        assert check(made(text), NOTICE) == []


def test_headers_and_footnotes_are_looked_at_too():
    document = Document(io.BytesIO(made("{{ subject }}")))
    header = document.sections[0].header
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    paragraph.text = "Về { subject }"
    mark = etree.SubElement(paragraph._p, qn("w:ins"))
    mark.set(qn("w:author"), "Hoa")
    buffer = io.BytesIO()
    document.save(buffer)
    found = {(p.name, p.reason, p.part) for p in check(buffer.getvalue(), NOTICE)}
    assert found == {
        ("{ subject }", template_file.BRACES, "header"),
        ("Hoa", template_file.TRACKED, "header"),
    }


def test_the_page_of_a_problem_is_told_where_word_has_noted_it():
    lines = ["Một { subject }", "Hai", "Ba { title }", "Bốn {{ nothing }}"]
    data = made(*lines)
    problems = check(data, NOTICE)
    assert len(problems) == 3
    assert find_pages(data, problems) == [0, 0, 0]
    broken = b"<w:r><w:lastRenderedPageBreak/></w:r>"
    for text in ("Ba ", "Bốn "):
        data = changed(
            data,
            "word/document.xml",
            lambda xml, text=text: re.sub(
                rb"<w:r>(?=(?:(?!<w:r>).)*" + text.encode() + b")",
                broken + b"<w:r>",
                xml,
                count=1,
                flags=re.DOTALL,
            ),
        )
    problems = check(data, NOTICE)
    pages = dict(
        zip([p.name for p in problems], find_pages(data, problems), strict=True)
    )
    assert pages == {"{ subject }": 1, "{ title }": 2, "nothing": 3}
    assert find_pages(b"no Word file", [problems[0]]) == [0]


def test_who_is_named_in_the_properties():
    data = (FOLDER / "notice.docx").read_bytes()
    assert persons(data) == persons(made("x"))
    document = Document(io.BytesIO(data))
    document.core_properties.author = "Ma Thị Thu"
    document.core_properties.last_modified_by = " Đàm Quốc Vượng "
    buffer = io.BytesIO()
    document.save(buffer)
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    told = f'<Properties xmlns="{space}"><Manager>Triệu Văn Hòa</Manager></Properties>'
    data = changed(buffer.getvalue(), "docProps/app.xml", lambda _xml: told.encode())
    assert persons(data) == ["Ma Thị Thu", "Đàm Quốc Vượng", "Triệu Văn Hòa"]


def test_where_a_tracked_change_is():
    mark = (
        b'<w:ins w:id="1" w:author="Hoa"><w:r><w:t>s\xe1\xbb\xada</w:t></w:r></w:ins>'
    )
    data = changed(
        made("x"),
        "word/document.xml",
        lambda xml: xml.replace(b"</w:p>", mark + b"</w:p>", 1),
    )
    (problem,) = check(data, NOTICE)
    assert problem == ("Hoa", "sửa", template_file.TRACKED, "body")


def picture_of(content):
    values = KINDS["report"].sample()
    values["charts"][0]["image"]["png"] = base64.b64encode(content).decode()
    return render((FOLDER / "report.docx").read_bytes(), values)


def test_a_picture_may_have_five_megabytes():
    png = base64.b64decode(KINDS["report"].sample()["charts"][0]["image"]["png"])
    full = png + bytes(5 * 1024 * 1024 - len(png))
    assert len(picture_of(full)) > 0
    with pytest.raises(ValueError, match="bearable size"):
        picture_of(full + b"x")


def test_a_picture_is_written_in_base64_and_nothing_else():
    values = KINDS["report"].sample()
    image = values["charts"][0]["image"]
    image["png"] = image["png"][:8] + "!" + image["png"][8:]
    with pytest.raises(ValueError, match="base64"):
        render((FOLDER / "report.docx").read_bytes(), values)


def test_a_group_is_a_picture_if_it_has_what_one_has():
    for group in ({"text": "a"}, {"text": "a", "png": "", "width_mm": 0, "more": "b"}):
        data = made("{{ group.text }}")
        assert texts(render(data, {"group": group})) == ["a"]


def test_properties_have_room_for_255_letters():
    values = context(title="T" * 100, subject="ab " * 100)
    values["agency"] = values["agency"] | {"full_name": "Sở " * 100}
    result = render(made("x"), values)
    properties = Document(io.BytesIO(result)).core_properties
    assert properties.title == ("T" * 100 + " " + "ab " * 100)[:255]
    assert properties.author == ("Sở " * 100)[:255]
    assert len(properties.title) == len(properties.author) == 255
