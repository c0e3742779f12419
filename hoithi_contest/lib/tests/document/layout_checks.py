"""Read a made document back and check its layout against Decree 30/2020/NĐ-CP."""

import functools
import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from lxml import etree

from ...document import holding, nd30
from ...document.kind import Kind

FONT = "Times New Roman"
_MM = 36000
# Kinds that a person or the council's rules shape rather than the decree.
_WITHOUT_AGENCY = ("registration", "certificate")
_DATE = re.compile(
    r".+, ngày (\d\d|\s+) tháng (01|02|[3-9]|1[0-2]|\s+) năm (\d{4}|\s+)$"
)
_NUMBER = re.compile(r"Số: (\d{2,}\w*|\s+)/[A-ZĐ]\w*(-[A-ZĐ&\w]+)+$")

#: In which order Word takes what says how something looks (ECMA-376, part 1, 17.3 to
#: 17.6): it calls a file with another order, or with text elsewhere, unreadable.
_ORDERS = {
    qn(f"w:{key}"): [qn(f"w:{name}") for name in names.split()]
    for key, names in {
        "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr "
        "suppressLineNumbers pBdr shd tabs suppressAutoHyphens spacing ind "
        "contextualSpacing mirrorIndents jc textDirection textAlignment outlineLvl "
        "rPr sectPr",
        "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike noProof "
        "vanish color spacing w kern position sz szCs highlight u shd vertAlign lang",
        "tblPr": "tblStyle tblpPr tblW jc tblCellSpacing tblInd tblBorders shd "
        "tblLayout tblCellMar tblLook tblCaption tblDescription",
        "tcPr": "cnfStyle tcW gridSpan vMerge tcBorders shd noWrap tcMar "
        "textDirection tcFitText vAlign hideMark",
        "sectPr": "headerReference footerReference type pgSz pgMar pgBorders "
        "pgNumType cols vAlign titlePg",
        "tbl": "tblPr tblGrid tr",
        "tr": "trPr tc",
    }.items()
}
_TEXTS = {qn("w:t"), qn("w:instrText")}
#: python-docx understands by it what is in the runs.
_own_text = etree._Element.text.__get__


class _Paragraph(Paragraph):
    """One that isn't changed: its text and its style are looked up once."""

    def __init__(self, node, parent, styles):
        super().__init__(node, parent)
        self.styles = styles

    @functools.cached_property
    def text(self):
        return holding.let_go(super().text)

    @functools.cached_property
    def style(self):
        key = self._p.style
        if key not in self.styles:
            self.styles[key] = super().style
        return self.styles[key]


class _Checks:
    """The faults of one document."""

    def __init__(self, data: bytes, kind: Kind):
        self.kind = kind
        self.document = Document(io.BytesIO(data))
        self.body = self.document.element.body
        self.faults: list[str] = []
        styles: dict[str | None, Any] = {}
        self.paragraphs = [
            _Paragraph(node, self.document._body, styles)
            for node in self.body.iter(qn("w:p"))
        ]
        self._by_style: dict[str, list[Paragraph]] = {}
        for paragraph in self.paragraphs:
            style_id = paragraph._p.style or "Normal"
            self._by_style.setdefault(style_id, []).append(paragraph)

    def expect(self, holds: Any, fault: str) -> None:
        if not holds:
            self.faults.append(fault)

    # What a paragraph looks like: its runs, else its style.

    def of(self, *styles: str) -> list[Paragraph]:
        return [p for style in styles for p in self._by_style.get(style, [])]

    @staticmethod
    def text(paragraph: Paragraph) -> str:
        return paragraph.text.rstrip("\n\xa0 ")

    @classmethod
    def lines(cls, paragraph: Paragraph) -> list[str]:
        return [line for line in cls.text(paragraph).split("\n") if line]

    @staticmethod
    def _runs(paragraph: Paragraph):
        return [run for run in paragraph.runs if run.text.strip()]

    def sizes(self, paragraph: Paragraph) -> set[float]:
        own = paragraph.style.font.size
        return {(run.font.size or own).pt for run in self._runs(paragraph)}

    def has(self, paragraph: Paragraph, mark: str, wanted: bool) -> bool:
        own = bool(getattr(paragraph.style.font, mark))
        found = {getattr(run.font, mark) for run in self._runs(paragraph)}
        return {own if value is None else value for value in found} <= {wanted}

    def looks(
        self,
        paragraph: Paragraph,
        sizes: tuple[float, float],
        *,
        bold: bool,
        italic: bool = False,
        centred: bool = True,
    ) -> None:
        text = self.text(paragraph)[:40]
        low, high = sizes
        for size in self.sizes(paragraph):
            self.expect(low <= size <= high, f"{text!r}: size {size}")
        self.expect(self.has(paragraph, "bold", bold), f"{text!r}: bold")
        self.expect(self.has(paragraph, "italic", italic), f"{text!r}: italic")
        if centred:
            middle = paragraph.style.paragraph_format.alignment == ALIGN.CENTER
            self.expect(middle, f"{text!r}: not centred")

    def room(self, paragraph: Paragraph) -> float:
        """Return the width in mm that a paragraph's text may take."""
        own = paragraph.paragraph_format.left_indent
        style = paragraph.style.paragraph_format.left_indent
        indent = (own if own is not None else style or 0) / _MM
        for cell in paragraph._p.iterancestors(qn("w:tc")):
            width = int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) * 25.4 / 1440
            return width - indent
        section = self.document.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        return width / _MM

    def fits(self, paragraph: Paragraph) -> None:
        """Check that no line of the paragraph wraps by itself."""
        for line in self.lines(paragraph):
            font = paragraph.style.font
            width = nd30.text_width(
                line,
                max(self.sizes(paragraph)),
                bold=bool(font.bold),
                italic=bool(font.italic),
            )
            room = self.room(paragraph)
            self.expect(width <= room, f"{line!r}: {width:.0f} mm in {room:.0f}")

    def drawn_line(self, paragraph: Paragraph, low: float, high: float) -> None:
        """Check the drawn line under a text: its share of the widest line."""
        text = self.text(paragraph)[:40]
        extents = list(paragraph._p.iter(qn("wp:extent")))
        self.expect(len(extents) == 1, f"{text!r}: {len(extents)} drawn lines")
        if len(extents) != 1:
            return
        size, bold = max(self.sizes(paragraph)), bool(paragraph.style.font.bold)
        room = self.room(paragraph)
        widest = max(
            nd30.text_width(line, size, bold=bold)
            for whole in self.lines(paragraph)
            for line in nd30.wrapped(whole, room, size, bold=bold)
        )
        share = int(extents[0].get("cx")) / _MM / widest
        self.expect(low <= share <= high, f"{text!r}: line of {share:.2f}")
        self.expect(extents[0].get("cy") == "0", f"{text!r}: line isn't level")

    # The facts

    def page(self) -> None:
        for number, section in enumerate(self.document.sections):
            width, height = section.page_width / _MM, section.page_height / _MM
            sides = sorted((round(width), round(height)))
            self.expect(sides == [210, 297], f"section {number}: paper {sides}")
            if number == 0:
                is_wide = width > height
                self.expect(is_wide == self.kind.landscape, "orientation")
            for edge, low, high in (
                ("top", 20, 25),
                ("bottom", 20, 25),
                ("left", 30, 35),
                ("right", 15, 20),
            ):
                margin = getattr(section, f"{edge}_margin") / _MM
                is_right = low - 0.1 <= margin <= high + 0.1
                self.expect(is_right, f"section {number}: {edge} margin {margin:.1f}")

    def fonts(self) -> None:
        parts = {str(part.partname): part for part in self.document.part.package.parts}
        styles = self.document.styles.element
        (defaults,) = styles.iter(qn("w:rPrDefault"))
        fonts = next(defaults.iter(qn("w:rFonts")))
        for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
            self.expect(fonts.get(qn(f"w:{slot}")) == FONT, f"font of {slot}")
        theme = parts["/word/theme/theme1.xml"].blob.decode()
        faces = set(re.findall(r'<a:latin typeface="([^"]*)"', theme))
        self.expect(faces == {FONT}, f"theme fonts {faces}")
        table = parts["/word/fontTable.xml"].blob.decode()
        self.expect('altName w:val="Liberation Serif"' in table, "no fallback font")
        for root in (styles, self.body):
            own = [node for node in root.iter(qn("w:rFonts")) if node is not fonts]
            self.expect(not own, "another font")
            colours = {node.get(qn("w:val")) for node in root.iter(qn("w:color"))}
            self.expect(colours <= {"000000", "auto"}, f"colours {colours}")
            self.expect(not list(root.iter(qn("w:u"))), "underlined")

    def can_be_opened(self) -> None:
        """Check that Word, which is stricter than LibreOffice, opens the file."""
        for root in (self.document.styles.element, self.body):
            for node in root.iter("*"):
                texts = [child.tail for child in node]
                if node.tag not in _TEXTS:
                    texts.append(_own_text(node))
                loose = "".join(text or "" for text in texts).strip()
                self.expect(not loose, f"{node.tag}: loose text {loose[:40]!r}")
                order = _ORDERS.get(node.tag)
                if order is None:
                    continue
                unknown = {child.tag for child in node} - {*order}
                self.expect(not unknown, f"{node.tag}: {unknown}")
                places = [order.index(c.tag) for c in node if c.tag in order]
                self.expect(places == sorted(places), f"{node.tag}: order {places}")
        for cell in self.body.iter(qn("w:tc")):
            self.expect(cell[-1].tag == qn("w:p"), "a cell ends without a paragraph")

    def page_numbers(self) -> None:
        for section in self.document.sections:
            if self.kind.layout == "certificate":
                is_empty = section.header.is_linked_to_previous
                self.expect(is_empty, "page number on a certificate")
                continue
            first = section.different_first_page_header_footer
            self.expect(first, "page number on the first page")
            self.expect(
                section.first_page_header.is_linked_to_previous, "first page's header"
            )
            header = section.header
            fields = [n.text for n in header._element.iter(qn("w:instrText"))]
            self.expect([f.strip() for f in fields] == ["PAGE"], "no page number")
            style = header.paragraphs[0].style
            centred = style.paragraph_format.alignment == ALIGN.CENTER
            self.expect(centred, "page number isn't centred")
            self.expect(13 <= style.font.size.pt <= 14, "page number's size")
            self.expect(not style.font.italic, "page number isn't upright")

    def _copy_head(self) -> None:
        """Check the head of a copy, which bears no national name."""
        self.expect(not self.of("Nation", "Motto"), "national name on a copy")
        self.expect(len(self.of("CopyLine")) == 1, "no line above the copy")
        issuer = self.of("Issuer")
        self.expect(len(issuer) == 1, "no agency")
        for paragraph in issuer:
            self.looks(paragraph, (12, 13), bold=True)
            self.fits(paragraph)
            self.drawn_line(paragraph, 1 / 3, 1 / 2)

    def head(self) -> None:
        if self.kind.layout == "copy":
            self._copy_head()
            return
        nation = self.of("Nation", "CertificateNation")
        motto = self.of("Motto", "CertificateMotto")
        texts = [self.text(p) for p in nation]
        # one a page where several certificates are one file
        copies = max(1, len(self.of("CertificateTitle")))
        self.expect(texts == [nd30.NATION] * copies, "national name")
        self.expect([self.text(p) for p in motto] == [nd30.MOTTO] * copies, "motto")
        is_certificate = self.kind.layout == "certificate"
        for paragraph in nation:
            self.looks(paragraph, (12, 14 if is_certificate else 13), bold=True)
            self.fits(paragraph)
        for paragraph in motto:
            self.looks(paragraph, (13, 14), bold=True)
            self.fits(paragraph)
            self.drawn_line(paragraph, 0.97, 1.03)
        if self.kind.key in _WITHOUT_AGENCY:
            return
        cells = self.document.tables[0].rows[0].cells
        is_right = nation and nation[0]._p in list(cells[-1]._tc.iter(qn("w:p")))
        self.expect(is_right, "national name isn't on the right")
        for paragraph in self.of("Superior"):
            self.looks(paragraph, (12, 13), bold=False)
            self.fits(paragraph)
        issuer = self.of("Issuer")
        self.expect(len(issuer) == 1, "no agency")
        for paragraph in issuer:
            self.looks(paragraph, (12, 13), bold=True)
            self.fits(paragraph)
            self.drawn_line(paragraph, 1 / 3, 1 / 2)
        for paragraph in self.of("Superior", "Issuer"):
            text = self.text(paragraph)
            self.expect(text == text.upper(), f"{text!r}: not in capitals")

    def number_and_date(self) -> None:
        has_line = self.kind.layout in ("named", "letter", "minutes", "copy")
        if self.kind.numbered:
            numbers = self.of("Number")
            self.expect(len(numbers) == 1, "no number")
            for paragraph in numbers:
                text = self.text(paragraph)
                self.expect(_NUMBER.match(text), f"number {text!r}")
                self.looks(paragraph, (13, 13), bold=False)
                self.fits(paragraph)
        dates = self.of("PlaceDate", "SignDate")
        if has_line or self.kind.layout == "certificate":
            copies = max(1, len(self.of("CertificateTitle")))
            self.expect(len(dates) == copies, "no place and date")
        for paragraph in dates:
            self.expect(
                _DATE.match(self.text(paragraph)), f"date {self.text(paragraph)!r}"
            )
            self.looks(paragraph, (13, 14), bold=False, italic=True)
            self.fits(paragraph)

    def title(self) -> None:
        titles = self.of("Title", "CertificateTitle")
        if self.kind.layout == "letter":
            self.expect(not titles, "a letter has no title")
            subjects = self.of("LetterSubject")
            for paragraph in subjects:
                self.expect(self.text(paragraph).startswith("V/v "), "no V/v")
                self.looks(paragraph, (12, 13), bold=False)
                self.fits(paragraph)
            self.expect(len(subjects) == 1, "no subject")
            return
        copies = max(1, len(self.of("CertificateNation")))
        self.expect(len(titles) == copies, "no title")
        for paragraph in titles:
            text = self.text(paragraph)
            self.expect(text and text == text.upper(), f"title {text!r}")
            if self.kind.layout != "certificate":
                self.looks(paragraph, (13, 14), bold=True)
        if self.kind.layout in ("certificate", "copy"):
            return
        subjects = self.of("Subject")
        self.expect(len(subjects) == 1, "no subject")
        for paragraph in subjects:
            self.looks(paragraph, (13, 14), bold=True)
            self.fits(paragraph)
            self.drawn_line(paragraph, 1 / 3, 1 / 2)

    def text_of_body(self) -> None:
        bases = self.of("Basis")
        for paragraph in bases:
            end = "." if paragraph is bases[-1] else ";"
            text = self.text(paragraph)
            self.expect(text.endswith(end), f"basis {text[-20:]!r}")
            self.looks(paragraph, (13, 14), bold=False, italic=True, centred=False)
        for paragraph in self.of("Body", "Basis", "Section", "Subsection"):
            style = paragraph.style
            layout = style.paragraph_format
            text = self.text(paragraph)[:40]
            self.expect(layout.alignment == ALIGN.JUSTIFY, f"{text!r}: not justified")
            self.expect(13 <= style.font.size.pt <= 14, f"{text!r}: size")
            indent = (layout.first_line_indent or 0) / _MM
            is_right = min(abs(indent - 10), abs(indent - 12.7)) < 0.1
            self.expect(is_right, f"{text!r}: indent {indent:.1f}")
            own = paragraph.paragraph_format.space_after
            after = layout.space_after if own is None else own
            self.expect(after >= Pt(6), f"{text!r}: space after {after}")
            self.expect(1 <= layout.line_spacing <= 1.5, f"{text!r}: line spacing")
        is_text = self.kind.layout in ("named", "letter") or self.kind.numbered
        if is_text and self.kind.layout != "copy":
            ends = [p for p in self.paragraphs if self.text(p).endswith("./.")]
            self.expect(len(ends) == 1, f"{len(ends)} ends with ./.")

    def _is_in_grid(self, node) -> bool:
        return any(
            table.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}") is not None
            for table in node.iterancestors(qn("w:tbl"))
        )

    def no_leftovers(self) -> None:
        for paragraph in self.paragraphs:
            text = self.text(paragraph)
            for sign in ("{{", "}}", "{%", "%}", "____", "────", "....."):
                self.expect(sign not in text, f"{text[:40]!r}: {sign}")
            node = paragraph._p
            is_section_end = node.pPr is not None and node.pPr.sectPr is not None
            has_picture = next(node.iter(qn("w:drawing")), None) is not None
            is_line = paragraph.style.style_id == "CopyLine"
            is_blank_cell = self._is_in_grid(node) and len(node.getparent()) <= 2
            if not (
                text.strip()
                or is_section_end
                or has_picture
                or is_line
                or is_blank_cell
            ):
                self.faults.append(f"empty paragraph of style {paragraph.style.name}")

    def tables(self) -> None:
        section = self.document.sections[-1]
        widest = max(
            s.page_width - s.left_margin - s.right_margin
            for s in self.document.sections
        )
        for number, table in enumerate(self.document.tables):
            node = table._tbl
            name = f"table {number}"
            rows = node.tr_lst
            whole = all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
            self.expect(whole, f"{name}: a row may be torn")
            if node.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}") is not None:
                header = rows[0].find(f".//{qn('w:tblHeader')}")
                self.expect(header is not None, f"{name}: header isn't repeated")
            grid = [int(g.get(qn("w:w"))) for g in node.tblGrid.gridCol_lst]
            total = sum(grid) * 635
            self.expect(total <= widest + _MM, f"{name}: {total / _MM:.0f} mm wide")
            for row in rows:
                cells = [int(c.get(qn("w:w"))) for c in row.iter(qn("w:tcW"))]
                spread = abs(sum(cells) - sum(grid))
                self.expect(spread <= 2, f"{name}: {cells} in {grid}")
        self.expect(section.page_width, "no section")

    def signatures(self) -> None:
        for paragraph in self.of("Sign"):
            text = self.text(paragraph)
            self.expect(text == text.upper(), f"{text!r}: not in capitals")
            self.looks(paragraph, (13, 14), bold=True)
        for paragraph in self.of("SignName", "CertificateName"):
            text = self.text(paragraph)
            self.expect(text == nd30.plain_name(text), f"{text!r}: with a title")
            self.looks(paragraph, (13, 14), bold=True)
            table = next(paragraph._p.iterancestors(qn("w:tbl")), None)
            self.expect(table is not None, f"{text!r}: not in a table")
            if table is not None:
                self._keeps(table, text)
        if self.kind.layout in ("named", "letter", "copy"):
            self.expect(len(self.of("SignName")) == 1, "not one signature")

    def _keeps(self, table, text: str) -> None:
        """Check that what stands before a signature stays on its page."""
        before = table.getprevious()
        if before is None or before.tag != qn("w:p"):
            return
        paragraph = Paragraph(before, self.document._body)
        keeps = (
            paragraph.paragraph_format.keep_with_next
            or paragraph.style.paragraph_format.keep_with_next
        )
        self.expect(keeps, f"{text!r}: may stand on a page alone")

    def recipients(self) -> None:
        heads = self.of("RecipientsHead")
        if self.kind.layout in ("named", "letter", "copy"):
            self.expect(len(heads) == 1, "no recipients")
        for paragraph in heads:
            self.expect(self.text(paragraph) == "Nơi nhận:", "Nơi nhận")
            self.looks(paragraph, (12, 12), bold=True, italic=True, centred=False)
        lines = self.of("Recipient")
        for paragraph in lines:
            text = self.text(paragraph)
            end = "." if paragraph is lines[-1] else ";"
            is_line = text.startswith("- ") and text.endswith(end)
            self.expect(is_line, f"recipient {text!r}")
            self.looks(paragraph, (11, 11), bold=False, centred=False)
        if lines:
            last = self.text(lines[-1])
            self.expect(last.startswith("- Lưu: VT"), f"archive {last!r}")


def _facts(checks: _Checks) -> Iterator:
    yield checks.page
    yield checks.fonts
    yield checks.can_be_opened
    yield checks.page_numbers
    yield checks.head
    yield checks.number_and_date
    yield checks.title
    yield checks.text_of_body
    yield checks.no_leftovers
    yield checks.tables
    yield checks.signatures
    yield checks.recipients


def check_layout(data: bytes, kind: Kind) -> list[str]:
    """Return what of a made document isn't as the decree wants it.

    :param data: a Word document that was made from a template of `kind`
    """
    checks = _Checks(data, kind)
    for fact in _facts(checks):
        fact()
    return checks.faults
