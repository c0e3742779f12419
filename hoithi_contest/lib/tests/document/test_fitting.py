"""What takes its size from what was filled in."""

import io

import pytest
from docx import Document
from docx.oxml.ns import qn

from ...document.docx_template import check, render
from ...document.kinds import KINDS
from ...document.templates import blocks as b
from ...document.templates import ooxml
from ...document.templates.build import FOLDER
from .made import NOTICE, UNITS, cells, context, listed, texts


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
