"""What of the template language is understood, and what is told of the rest."""

import pytest

from ...document import nd30, template_file
from ...document.docx_template import check, placeholders, render
from ...document.template_file import BadTemplate, Problem
from ...document.templates import blocks as b
from ...document.templates import ooxml
from .made import NOTICE, UNITS, cells, changed, context, listed, made, related, texts


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


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("- Mở rộng", "Mở rộng"),
        ("+  Mở rộng", "Mở rộng"),
        ("2. Mở rộng", "Mở rộng"),
        ("a) Mở rộng", "Mở rộng"),
        ("-5 % so với năm trước", "-5 % so với năm trước"),
        ("2.500 hộ", "2.500 hộ"),
        ("Mở rộng - nhân rộng", "Mở rộng - nhân rộng"),
    ],
)
def test_the_mark_of_a_list_is_printed_once(typed, printed):
    data = made("- {{ contact|item }}")
    assert check(data, NOTICE) == []
    assert texts(render(data, context(contact=typed))) == [f"- {printed}"]


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


def test_what_lies_in_a_table_is_told_from_what_lies_between():
    def table(text):
        cell = f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
        return ooxml.Xml(
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>"
            f"<w:tr>{cell}</w:tr></w:tbl>"
        )

    def line(text):
        return b.paragraph("Body", text)

    data = b.make(
        b.PORTRAIT,
        [line("{{ a }}"), table("{{ b }}"), line("{{ c }}"), table("{{ d }}")],
        [line("x"), table("x"), line("x"), table("{{ e }}"), line("{{ f }}")],
    )
    assert [(p.name, p.part) for p in check(data, NOTICE)] == [
        ("a", "body"),
        ("b", "table"),
        ("c", "body"),
        ("d", "table"),
        ("e", "table"),
        ("f", "body"),
    ]


def test_a_place_is_told_in_a_hundred_letters():
    full = "x" * 88 + " {{ hạn }} "
    assert len(full) == 99
    for text, place in (
        (full + "y", full + "y"),
        (full + "yz", (full + "yz")[:100] + "…"),
    ):
        (problem,) = check(made(text), NOTICE)
        assert problem.place == place


def test_parts_are_looked_at_whatever_is_wrong_with_others():
    data = changed(
        made("{{ agency.name }"),
        "word/header1.xml",
        lambda xml: xml.replace(b"<w:t>2", b"<w:t>{{ y }}"),
    )
    assert [(p.name, p.part) for p in check(data, NOTICE)][-1] == ("y", "header")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ recipients if title else title }}", ["condexpr"]),
        ("{{ title if recipients else title }}", []),
        ("{{ title or recipients }}", ["or"]),
        ("{% for x in title|upper %}{% endfor %}", ["title|upper"]),
        ("{% for x in 'abc' %}{% endfor %}", ["const"]),
        ("{{ units[0] }}", ["units[…]"]),
        ("{{ agency }}", ["agency"]),
    ],
)
def test_what_stands_where_a_text_or_a_list_must(text, names):
    problems = check(made(text), NOTICE)
    assert [p.name for p in problems] == names
    assert {p.reason for p in problems} <= {template_file.NOT_TEXT}


def fill(width, size, *, bold, over):
    """Return words that end half a millimetre before a width, or behind it."""
    for words in range(1, 90):
        for letters in range(40):
            text = ("ma " * words + "i" * letters).strip()
            rest = nd30.text_width(text, size, bold=bold) - width
            if 0 < rest < 0.5 if over else -0.5 < rest <= 0:
                return text
    raise AssertionError("no words fill the width")


@pytest.mark.parametrize(
    ("role", "width", "size", "bold"),
    [
        ("superior", 75, 12, False),
        ("issuer", 75, 12, True),
        ("subject", 142, 14, True),
        ("letter", 54, 12, False),
        ("annex", 150, 14, False),
        ("certificate", 220, 15, True),
    ],
)
def test_lines_break_where_the_role_has_its_width(role, width, size, bold):
    """The columns of the head and the middle of a page, in mm and points."""
    template = made("{{ title|lines('" + role + "') }}")
    for over in (False, True):
        title = fill(width, size, bold=bold, over=over)
        # each line begins as a paragraph does
        text = "\n".join(texts(render(template, context(title=title))))
        assert text.count("\n") == int(over), title
        assert text.replace("\n", " ") == title
