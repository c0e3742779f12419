"""What takes its size from what was filled in."""

import io

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn

from ...document import holding, nd30
from ...document.docx_template import check, render
from ...document.kinds import KINDS
from ...document.templates import blocks as b
from ...document.templates import ooxml
from ...document.templates.build import FOLDER
from .contexts import HOSTILE_TITLE, matrix
from .made import NOTICE, UNITS, cells, context, listed, made, texts


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


def kept_rows(data):
    """Return of each row of the table whether it stays with the next one."""
    (table,) = Document(io.BytesIO(data)).tables
    return [
        {paragraph.paragraph_format.keep_with_next for paragraph in cells}
        for row in table.rows
        for cells in [[p for cell in row.cells for p in cell.paragraphs]]
    ]


def test_a_total_stands_on_no_page_alone():
    columns = (b.Column("Tên", 60, "{{ row.name }}"), b.Column("Số", 20, "1"))
    three = [*UNITS, {**UNITS[0], "number": 3}]
    total = listed(columns, ("Tổng", "x"))
    assert kept_rows(render(total, context(units=three))) == [
        *({True}, {None}, {None}, {True}),
        {None},
    ]
    # nor the last row of a list without one
    assert kept_rows(render(listed(columns), context(units=three)))[2:] == [
        {True},
        {None},
    ]
    # nor does the head; of what is there alone it is all
    kept = kept_rows(render(listed(columns), context(units=UNITS[:1])))
    assert kept == [{True}, {None}]
    kept = kept_rows(render(listed(columns), context(units=[])))
    assert kept == [{None}]


def test_lines_that_were_typed_begin_as_paragraphs_do():
    data = b.make(
        b.PORTRAIT,
        [
            b.paragraph(
                "Body", b.run("Kết quả: ", bold=True), "{{ contact }}", before=6
            ),
            b.closing("{{ closing }}")[0],
            b.paragraph("Title", "{{ title }}"),
        ],
    )
    typed = "Ý một:\n- gạch đầu dòng;\n \n\nÝ hai"
    values = context(contact=typed, closing=typed, title="A\nB")
    document = Document(io.BytesIO(render(data, values)))
    lines = ["Ý một:", "- gạch đầu dòng;", "Ý hai"]
    found = [
        (p.text, p.paragraph_format.space_before, p.paragraph_format.space_after)
        for p in document.paragraphs
    ]
    points = 12700
    assert found == [
        (f"Kết quả: {lines[0]}", 6 * points, None),
        *((line, None, None) for line in lines[1:]),
        *((line, None, None) for line in lines[:2]),
        (f"{lines[2]}./.", None, 10 * points),
        ("A\nB", None, None),
    ]
    first = document.paragraphs[0]
    assert [run.bold for run in first.runs] == [True, None]
    assert document.paragraphs[4].paragraph_format.keep_with_next


def test_a_page_that_a_template_ends_stays_ended():
    document = Document(io.BytesIO(made("{{ contact }}", "{{ closing }}")))
    ended, begun = document.paragraphs
    ended.add_run().add_break(WD_BREAK.PAGE)
    begun.paragraph_format.page_break_before = True
    buffer = io.BytesIO()
    document.save(buffer)
    values = context(contact="A\nB", closing="C\nD")
    document = Document(io.BytesIO(render(buffer.getvalue(), values)))
    breaks = [node.get(qn("w:type")) for node in document.element.body.iter(qn("w:br"))]
    assert breaks == [None, "page"]
    begins = [p.paragraph_format.page_break_before for p in document.paragraphs]
    assert begins == [None, True, None]


def test_numbers_of_running_text_hold_together():
    long = "a " * 60 + "số 05/KH-STNMT năm 2020-2021"
    data = render(made("{{ contact }}"), context(contact=long))
    (paragraph,) = Document(io.BytesIO(data)).paragraphs
    signs = [node.tag for run in paragraph.runs for node in run._r]
    assert signs.count(qn("w:noBreakHyphen")) == 2
    assert holding.let_go(paragraph.text) == long
    assert holding.BLANK in paragraph.text
    # what stands on one line is found and copied as it was typed
    data = render(made("{{ contact }}"), context(contact="số 05/KH-STNMT"))
    assert texts(data) == ["số 05/KH-STNMT"]
    assert b"noBreakHyphen" not in Document(io.BytesIO(data)).part.blob


def test_what_is_too_long_for_its_cell_is_not_held_in_it():
    columns = (b.Column("A", 20, "{{ row.name }}"), b.Column("B", 20, "b"))
    units = [{**UNITS[0], "name": "12/QĐ-UBND năm 2021"}]
    data = render(listed(columns), context(units=units))
    text = cells(data)[1][0]
    assert "12/QĐ-UBND" in text
    assert f"năm{holding.BLANK}2021" in text


def test_signs_that_meet_are_one():
    data = render(made("{{ contact }}."), context(contact="Phòng  1."))
    assert texts(data) == ["Phòng 1."]


def test_no_name_of_a_certificate_is_torn():
    kind = KINDS["certificate"]
    data = (FOLDER / "certificate.docx").read_bytes()
    copy = kind.sample()["copies"][0]
    names = ["Nguyễn Thị An", "Hồ Văn Bình"]

    def get_holder(holders):
        context = kind.sample() | {"copies": [copy | {"holders": holders}]}
        document = Document(io.BytesIO(render(data, context)))
        return next(
            paragraph.text
            for paragraph in document.paragraphs
            if paragraph.style.name == "HT CertificateHolder"
        )

    held = get_holder(", ".join(names))
    assert held.split(", ") == [name.replace(" ", holding.BLANK) for name in names]
    # one alone, as a unit with a long name, is broken where it must be
    assert get_holder("Trung tâm Quan trắc") == "Trung tâm Quan trắc"


def test_a_certificate_has_room_for_its_code():
    """It stands below the numbers; the page is as high as with the signature alone."""
    kind = KINDS["certificate"]
    data = (FOLDER / "certificate.docx").read_bytes()
    with_code = Document(io.BytesIO(render(data, kind.sample())))
    pictures = list(with_code.element.body.iter(qn("pic:pic")))
    assert len(pictures) == len(kind.sample()["copies"])
    none = {"image": {"png": "", "width_mm": 0, "text": ""}, "text": ""}
    without = Document(io.BytesIO(render(data, kind.sample() | {"check": none})))
    assert not list(without.element.body.iter(qn("pic:pic")))

    def get_sizes(**values):
        document = Document(io.BytesIO(render(data, kind.sample() | values)))
        return [
            node.get(qn("w:val")) for node in document.element.body.iter(qn("w:sz"))
        ]

    # as high, whether or not letters have to be small: no certificate's are smaller
    shrunk = set()
    for words in range(0, 60, 6):
        title = " ".join(["Giải pháp đo đạc"] * (words + 1))
        assert get_sizes(entry_title=title) == get_sizes(entry_title=title, check=none)
        shrunk.add(len(get_sizes(entry_title=title)))
    assert len(shrunk) > 1, "some are shrunk"


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


def certificate(**copy):
    """The paragraphs of a certificate by their styles, and the sizes set on them."""
    kind = KINDS["certificate"]
    sample = kind.sample()
    values = sample | {"copies": [sample["copies"][0] | copy]}
    template = (FOLDER / "certificate.docx").read_bytes()
    found = {}
    for paragraph in Document(io.BytesIO(render(template, values))).paragraphs:
        halves = {int(n.get(qn("w:val"))) for n in paragraph._p.iter(qn("w:sz"))}
        spacing = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
        room = {} if spacing is None else dict(spacing.attrib)
        set_ = (halves, room.get(qn("w:before")), room.get(qn("w:after")))
        found.setdefault(paragraph._p.style, set_)
    return found


def test_a_certificate_is_made_as_much_smaller_as_its_lines_ask_for():
    """The letters of the holders, of 20 points by themselves, by their lines."""
    points = {}
    for lines in range(4, 9):
        halves, *_room = certificate(holders="\n".join(["Nguyễn Văn A"] * lines))[
            "CertificateHolder"
        ]
        points[lines] = max(halves, default=40) / 2
    assert points == {4: 20, 5: 18.5, 6: 17, 7: 16, 8: 15}


def test_all_of_a_certificate_is_made_smaller_but_what_the_law_has_the_size_of():
    found = certificate(holders="\n".join(["Nguyễn Văn A"] * 8))
    # by 0.76, in half points and twentieths of a point
    assert found["CertificateTitle"] == ({49}, "61", "91")
    assert found["CertificateText"] == ({23}, "0", "61")
    assert found["CertificateHolder"] == ({30}, "0", "76")
    assert found["CertificatePrize"] == ({33}, "0", "76")
    assert found["CertificateNation"] == (set(), None, None)
    assert found["CertificateMotto"][1:] == (None, None)
    usual = certificate(holders="Nguyễn Văn A")
    assert usual["CertificateTitle"] == (set(), None, None)


@pytest.mark.parametrize(
    ("count", "each", "turned"),
    [
        (1, 22, False),
        (6, 22, False),
        (8, 17.3, False),
        # the rest is the titles'
        (9, 9.4, True),
        (15, 9.2, True),
    ],
)
def test_a_column_of_a_member_is_flat_where_it_has_the_width(count, each, turned):
    """At most 22 mm; under 17 the names are turned, in smaller letters."""
    kind = KINDS["score_matrix"]
    values = kind.sample()
    part = values["parts"][0]
    part["members"] = [{"name": f"M{n}"} for n in range(count)]
    for entry in part["entries"]:
        entry["scores"] = ["1"] * count
    data = (FOLDER / "score_matrix.docx").read_bytes()
    table = Document(io.BytesIO(render(data, values))).tables[1]._tbl
    widths = [
        int(column.get(qn("w:w"))) * 25.4 / 1440
        for column in table.tblGrid.gridCol_lst[3 : 3 + count]
    ]
    assert widths == pytest.approx([each] * count, abs=0.05)
    assert (table.find(f".//{qn('w:textDirection')}") is not None) == turned
    styles = {node.get(qn("w:val")) for node in table.iter(qn("w:pStyle"))}
    assert ("CellScore" in styles) == ("CellHeadSmall" in styles) == turned


def matrix_of(members, title):
    """Return the table of scores where each fifth title is another."""
    kind = KINDS["score_matrix"]
    values = kind.sample() | {"parts": matrix(members, 10, {"title": title})}
    data = (FOLDER / "score_matrix.docx").read_bytes()
    return Document(io.BytesIO(render(data, values))).tables[1]._tbl


def test_long_titles_have_the_room_of_names_that_lie_flat():
    title = HOSTILE_TITLE
    for members, text, turned in (
        (8, "Trạm đo", False),
        (8, title, True),
        (3, title, False),
    ):
        table = matrix_of(members, text)
        found = table.find(f".//{qn('w:textDirection')}") is not None
        assert found == turned, (members, text)
    width = int(matrix_of(8, title).tblGrid.gridCol_lst[2].get(qn("w:w")))
    assert width * 25.4 / 1440 > 90


def test_no_first_row_of_scores_leaves_the_title_alone():
    """As one that is as high as a page would: it is torn, and no other row is."""
    for title, is_torn in ((HOSTILE_TITLE, False), (HOSTILE_TITLE * 3, True)):
        rows = matrix_of(11, title).tr_lst
        torn = [
            index
            for index, row in enumerate(rows)
            if row.find(f".//{qn('w:cantSplit')}") is None
        ]
        assert torn == [1] * is_torn


def number_of(room):
    """Return a number that ends up to a letter before a width."""
    style = b.STYLES["Number"]
    for letters in range(200):
        text = "Số: 5/KH-" + "I" * letters
        if room - 1.6 < nd30.text_width(text, style.size) <= room:
            return text
    raise AssertionError("no number is as wide")


@pytest.mark.parametrize("width", [None, 80])
def test_a_number_that_has_no_room_beside_its_indent_loses_it(width):
    paragraph = b.paragraph("Number", "{{ number_line }}")
    blocks = [paragraph]
    if width:
        blocks = [ooxml.table([width], [b.row(b.cell(width, paragraph))], borders=True)]
    template = b.make(b.PORTRAIT, blocks)
    room = width or b.PORTRAIT.text_width
    left = b.STYLES["Number"].left
    for text, freed in (
        (number_of(room - left), False),
        (number_of(room - left + 1.7), True),
        (number_of(room), True),
    ):
        data = render(template, context(number_line=text))
        body = Document(io.BytesIO(data)).element.body
        [indent] = [
            node.get(qn("w:left"))
            for node in body.iter(qn("w:pStyle"))
            if node.get(qn("w:val")) == "Number"
            for node in [node.getparent().find(qn("w:ind"))]
            if node is not None
        ] or [None]
        assert (indent == "0") == freed, text


def test_a_drawn_line_is_as_long_as_its_widest_line_asks_for():
    data = (FOLDER / "notice.docx").read_bytes()

    def of_subject(text):
        return line_lengths(render(data, context(subject=text)))[2]

    short, wide = "Về việc", "Về việc nhắc các đơn vị"
    assert of_subject(short) < of_subject(wide)
    for text in (f"{short}\n{wide}", f"{wide}\n{short}", f"{short}\n{short}\n{wide}"):
        assert of_subject(text) == of_subject(wide)


@pytest.mark.parametrize(
    "key", ["score_matrix", "eligible_list", "minutes", "invitation"]
)
@pytest.mark.parametrize("code", ["VI-001", "TNGUYEN-0123", "SNNMT.2026-00012"])
def test_no_code_is_torn(key, code):
    values = KINDS[key].sample()
    for part in values.get("parts", [values]):
        name = next(name for name in ("entries", "items") if name in part)
        for row in part[name]:
            row["code"] = code
    data = render((FOLDER / f"{key}.docx").read_bytes(), values)
    found = 0
    for table in Document(io.BytesIO(data)).tables:
        heads = [cell.text for cell in table.rows[0].cells]
        if "Mã hồ sơ" not in heads:
            continue
        index = heads.index("Mã hồ sơ")
        grid = [int(g.get(qn("w:w"))) for g in table._tbl.tblGrid.gridCol_lst]
        margins = table._tbl.tblPr.findall(f"{qn('w:tblCellMar')}/*")
        room = grid[index] - sum(int(m.get(qn("w:w"))) for m in margins)
        assert nd30.text_width(code, 12) < room * 25.4 / 1440
        assert min(grid) >= 500
        found += 1
    assert found


def test_no_word_of_a_list_is_torn():
    """As that of a prize was, in the column of a decision's annex."""
    values = KINDS["recognition"].sample()
    for row in values["entries"]:
        row["rank"] = "Giải khuyến khích"
    data = render((FOLDER / "recognition.docx").read_bytes(), values)
    [table] = [
        table
        for table in Document(io.BytesIO(data)).tables
        if "Xếp giải" in [cell.text for cell in table.rows[0].cells]
    ]
    margins = table._tbl.tblPr.findall(f"{qn('w:tblCellMar')}/*")
    sides = sum(int(m.get(qn("w:w"))) for m in margins)
    grid = [int(g.get(qn("w:w"))) for g in table._tbl.tblGrid.gridCol_lst]
    assert sum(grid) == pytest.approx(ooxml.twips(ooxml.PORTRAIT.text_width), abs=20)
    for row in table.rows[1:-1]:
        for cell, width in zip(row.cells, grid, strict=True):
            room = (width - sides) * 25.4 / 1440
            for word in cell.text.split():
                assert nd30.text_width(word, 12) < room, word


def test_columns_of_long_texts_take_what_others_do_not_need():
    columns = (
        b.NUMBER,
        b.Column("Tên giải pháp", 60, "{{ row.name }}"),
        b.Column("Tác giả", 30, "{{ row.note }}"),
        b.Column("Điểm", 20, "{{ row.drafts }}"),
    )

    def grid(name, note):
        units = [{**unit, "name": name, "note": note} for unit in UNITS]
        (table,) = Document(
            io.BytesIO(render(listed(columns), context(units=units)))
        ).tables
        return [round(column.width.mm) for column in table.columns]

    assert grid("a", "b") == [11, 60, 30, 20]
    number, title, authors, score = grid("một hai", "ba bốn năm " * 40)
    assert (number, score) == (11, 20)
    assert authors > 50 and title >= 19
    assert title + authors == pytest.approx(90, abs=1)
    # rows that aren't tall stay as they are, and so does what no other could give
    assert grid("một " * 8, "hai " * 8) == [11, 60, 30, 20]


def test_a_column_stays_where_any_row_says_something():
    columns = (
        b.Column("Tên", 60, "{{ row.name }}"),
        b.Column("Ghi chú", 40, "{{ row.note }}", optional=True),
    )
    for noted in (0, 1):
        units = [dict(unit) for unit in UNITS]
        units[noted]["note"] = "Đã rút"
        for total in ((), ("Tổng", "")):
            data = render(listed(columns, total), context(units=units))
            assert cells(data)[0] == ["Tên", "Ghi chú"], (noted, total)
