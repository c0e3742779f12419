"""Word files of plain OOXML, the same to the byte whenever they are made.

Only what the templates need: styles, paragraphs, runs, tables, drawn lines, sections
and the parts of the file around them. Lengths are in mm, sizes of letters in points.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ..nd30 import NBSP, text_width

FONT = "Times New Roman"
# Same metrics: the text keeps its lines where Times New Roman isn't installed.
FALLBACK_FONT = "Liberation Serif"
# A drawn line's name tells the share of the text above that it is as long as.
LINE_NAME = "hoithi-line"
# What is read to those who don't see the line.
_LINE_TEXT = "Đường kẻ"
LINE_POINTS = 0.75
# Size of the blank that the drawn line stands beside: so far below the text it is.
_LINE_GAP = 4
# The caption of a table with such columns goes on with its whole width.
FIT_CAPTION = "hoithi-fit"
# The caption of a list goes on with the columns that are left out where they are empty.
OPTIONAL_CAPTION = "hoithi-optional"
# Columns of exactly this width share what a table's other columns leave free.
FITTED_WIDTH = 9.2
_EMU_PER_MM = 36000
_FIXED_DATE = (2000, 1, 1, 0, 0, 0)

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{WORD}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def emu(millimetres: float) -> int:
    """Return a length in English metric units."""
    return round(millimetres * _EMU_PER_MM)


class Xml(str):
    """Text that is OOXML already."""

    __slots__ = ()


@dataclass(frozen=True)
class Style:
    """A paragraph style; `line` is the line spacing, 1 for single."""

    key: str
    size: float = 14
    bold: bool = False
    italic: bool = False
    align: str = "left"
    before: float = 0
    after: float = 0
    first_line: float = 0
    left: float = 0
    right: float = 0
    line: float = 1
    keep_next: bool = False
    keep_lines: bool = False
    outline: int | None = None
    line_above: bool = False
    framed: bool = False


def run(
    text: str,
    *,
    bold: bool | None = None,
    italic: bool | None = None,
) -> Xml:
    """Return a run of `text`; what isn't given is as in the paragraph's style."""
    properties = ""
    for tag, value in (("b", bold), ("i", italic)):
        if value is not None:
            state = "" if value else ' w:val="0"'
            properties += f"<w:{tag}{state}/><w:{tag}Cs{state}/>"
    if properties:
        properties = f"<w:rPr>{properties}</w:rPr>"
    return Xml(f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>')


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def line_below(length: float, share: float) -> Xml:
    """Return a drawn line on a line of its own at the end of a paragraph.

    :param length: in mm, as long as the line is in the template
    :param share: of the width of the text before it; it gets its length by that when
        the document is made
    """
    cx = emu(length)
    width = round(LINE_POINTS * 12700)
    tiny = f"<w:rPr>{_size(_LINE_GAP)}</w:rPr>"
    return Xml(
        f"<w:r>{tiny}<w:br/><w:t>{NBSP}</w:t></w:r><w:r>{tiny}"
        '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{cx}" cy="0"/>'
        f'<wp:docPr id="1" name="{LINE_NAME} {share:g}" descr="{_LINE_TEXT}"/>'
        "<wp:cNvGraphicFramePr/>"
        "<a:graphic><a:graphicData "
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<wps:wsp><wps:cNvCnPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{cx}" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/>'
        f'</a:prstGeom><a:ln w="{width}"><a:solidFill><a:srgbClr val="000000"/>'
        "</a:solidFill></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
        "</mc:Choice></mc:AlternateContent></w:r>"
    )


def line_under(text: str, size: float, share: float, *, bold: bool) -> Xml:
    """Return :func:`line_below` for a text that is known in the template."""
    return line_below(text_width(text, size, bold=bold) * share, share)


def paragraph(
    style: str,
    *content: str,
    before: float | None = None,
    after: float | None = None,
    keep_next: bool = False,
    new_page: bool = False,
    section: str = "",
) -> Xml:
    """Return a paragraph; plain strings in `content` become runs."""
    properties = f'<w:pStyle w:val="{style}"/>'
    if keep_next:
        properties += "<w:keepNext/>"
    if new_page:
        properties += "<w:pageBreakBefore/>"
    if before is not None or after is not None:
        properties += "<w:spacing"
        if before is not None:
            properties += f' w:before="{round(before * 20)}"'
        if after is not None:
            properties += f' w:after="{round(after * 20)}"'
        properties += "/>"
    runs = "".join(part if isinstance(part, Xml) else run(part) for part in content)
    if LINE_NAME in runs:
        # In Word the paragraph's mark makes its last line as high as its letters.
        properties += f"<w:rPr>{_size(_LINE_GAP)}</w:rPr>"
    return Xml(f"<w:p><w:pPr>{properties}{section}</w:pPr>{runs}</w:p>")


def cell(
    width: float,
    *content: Xml,
    span: int = 1,
    vertical: str = "top",
    upright: bool = False,
    tight: bool = False,
) -> Xml:
    """Return a table cell.

    :param upright: its text runs from the bottom to the top
    :param tight: no space between its text and its borders
    """
    properties = f'<w:tcW w:w="{twips(width)}" w:type="dxa"/>'
    if span > 1:
        properties += f'<w:gridSpan w:val="{span}"/>'
    if tight:
        properties += (
            '<w:tcMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
            "</w:tcMar>"
        )
    if upright:
        properties += '<w:textDirection w:val="btLr"/>'
    if vertical != "top":
        properties += f'<w:vAlign w:val="{vertical}"/>'
    return Xml(f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>")


def row(*cells: Xml, header: bool = False, height: float = 0) -> Xml:
    """Return a table row that no page break tears; a header is repeated."""
    properties = "<w:cantSplit/>"
    if height:
        properties += f'<w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/>'
    if header:
        properties += "<w:tblHeader/>"
    return Xml(f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>")


def table(
    widths: Sequence[float],
    rows: Iterable[Xml],
    *,
    borders: bool,
    indent: float = 0,
    caption: str = "",
) -> Xml:
    """Return a table of fixed column widths, without borders one for layout.

    :param indent: from the left margin, in mm
    """
    total = twips(sum(widths))
    edges = ""
    margin = 0.0
    if borders:
        margin = 1.2
        edges = "".join(
            f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        edges = f"<w:tblBorders>{edges}</w:tblBorders>"
    margins = (
        f'<w:tblCellMar><w:left w:w="{twips(margin)}" w:type="dxa"/>'
        f'<w:right w:w="{twips(margin)}" w:type="dxa"/></w:tblCellMar>'
    )
    caption = f'<w:tblCaption w:val="{escape(caption)}"/>' if caption else ""
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    return Xml(
        f'<w:tbl><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/>'
        f'<w:tblInd w:w="{twips(indent)}" w:type="dxa"/>{edges}'
        '<w:tblLayout w:type="fixed"/>'
        f"{margins}{caption}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )


@dataclass(frozen=True)
class Page:
    """Paper and margins in mm, as the decree has them."""

    width: float = 210
    height: float = 297
    top: float = 20
    bottom: float = 20
    left: float = 30
    right: float = 15
    border: bool = False
    numbered: bool = True

    @property
    def text_width(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right

    @property
    def is_landscape(self) -> bool:
        """Wider than high."""
        return self.width > self.height

    def section(self) -> str:
        """Return the section properties; each section counts its pages from 1."""
        orientation = ' w:orient="landscape"' if self.is_landscape else ""
        header = '<w:headerReference w:type="default" r:id="rId5"/>'
        border = ""
        if self.border:
            edges = "".join(
                f'<w:{edge} w:val="thinThickMediumGap" w:sz="24" w:space="24" '
                'w:color="000000"/>'
                for edge in ("top", "left", "bottom", "right")
            )
            border = f'<w:pgBorders w:offsetFrom="page">{edges}</w:pgBorders>'
        return (
            f"<w:sectPr>{header if self.numbered else ''}"
            f'<w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{twips(self.width)}" w:h="{twips(self.height)}"'
            f"{orientation}/>"
            f'<w:pgMar w:top="{twips(self.top)}" w:right="{twips(self.right)}" '
            f'w:bottom="{twips(self.bottom)}" w:left="{twips(self.left)}" '
            f'w:header="{twips(10)}" w:footer="{twips(10)}" w:gutter="0"/>{border}'
            '<w:pgNumType w:start="1"/><w:cols w:space="720"/><w:titlePg/></w:sectPr>'
        )


PORTRAIT = Page()
LANDSCAPE = Page(width=297, height=210)


def _style_xml(style: Style) -> str:
    paragraph_properties = ""
    if style.keep_next:
        paragraph_properties += "<w:keepNext/>"
    if style.keep_lines:
        paragraph_properties += "<w:keepLines/>"
    sides = ("top", "left", "bottom", "right") if style.framed else ()
    if style.line_above:
        sides = ("top",)
    if sides:
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="6" w:space="2" w:color="auto"/>'
            for side in sides
        )
        paragraph_properties += f"<w:pBdr>{lines}</w:pBdr>"
    first_line = "w:firstLine" if style.first_line >= 0 else "w:hanging"
    paragraph_properties += (
        f'<w:spacing w:before="{round(style.before * 20)}" '
        f'w:after="{round(style.after * 20)}" '
        f'w:line="{round(style.line * 240)}" w:lineRule="auto"/>'
        f'<w:ind w:left="{twips(style.left)}" w:right="{twips(style.right)}" '
        f'{first_line}="{twips(abs(style.first_line))}"/>'
        f'<w:jc w:val="{style.align}"/>'
    )
    if style.outline is not None:
        paragraph_properties += f'<w:outlineLvl w:val="{style.outline}"/>'
    marks = "<w:b/><w:bCs/>" if style.bold else ""
    marks += "<w:i/><w:iCs/>" if style.italic else ""
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style.key}">'
        f'<w:name w:val="HT {style.key}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{paragraph_properties}</w:pPr>"
        f"<w:rPr>{marks}{_size(style.size)}</w:rPr></w:style>"
    )


def _styles(styles: Iterable[Style]) -> str:
    fonts = " ".join(
        f'w:{slot}="{FONT}"' for slot in ("ascii", "eastAsia", "hAnsi", "cs")
    )
    return (
        f"<w:styles {_NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts {fonts}/><w:color w:val="000000"/>{_size(14)}'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault>"
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" '
        'w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/></w:style>'
        f"{''.join(map(_style_xml, styles))}</w:styles>"
    )


_FONT_TABLE = (
    f'<w:fonts {_NAMESPACES}><w:font w:name="{FONT}">'
    f'<w:altName w:val="{FALLBACK_FONT}"/><w:panose1 w:val="02020603050405020304"/>'
    '<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/>'
    "</w:font></w:fonts>"
)
_SETTINGS = (
    f'<w:settings {_NAMESPACES}><w:zoom w:percent="100"/>'
    '<w:defaultTabStop w:val="720"/><w:characterSpacingControl '
    'w:val="doNotCompress"/>'
    # what somebody's own line breaks end isn't drawn out to the margin
    '<w:compat><w:doNotExpandShiftReturn/><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="vi-VN"/></w:settings>'
)
_HEADER = (
    f'<w:hdr {_NAMESPACES}><w:p><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>'
)


def _theme() -> str:
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
        for name, value in (
            *(("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "1F2937")),
            *(("lt2", "F3F4F6"), ("accent1", "1F4E79"), ("accent2", "C55A11")),
            *(("accent3", "7F7F7F"), ("accent4", "BF9000"), ("accent5", "2E75B6")),
            *(("accent6", "548235"), ("hlink", "0563C1"), ("folHlink", "954F72")),
        )
    )
    font = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    outline = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'name="Hoithi"><a:themeElements>'
        f'<a:clrScheme name="Hoithi">{colours}</a:clrScheme>'
        f'<a:fontScheme name="Hoithi"><a:majorFont>{font}</a:majorFont>'
        f"<a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Hoithi"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{outline * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = (
    ("styles", "styles.xml", f"{_WORD}.styles+xml"),
    ("settings", "settings.xml", f"{_WORD}.settings+xml"),
    ("fontTable", "fontTable.xml", f"{_WORD}.fontTable+xml"),
    (
        "theme",
        "theme/theme1.xml",
        "application/vnd.openxmlformats-officedocument.theme+xml",
    ),
    ("header", "header1.xml", f"{_WORD}.header+xml"),
)


def _content_types() -> str:
    overrides = [("word/document.xml", f"{_WORD}.document.main+xml")]
    overrides += [(f"word/{name}", content_type) for _, name, content_type in _PARTS]
    core_type = "application/vnd.openxmlformats-package.core-properties+xml"
    overrides.append(("docProps/core.xml", core_type))
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/{name}" ContentType="{content_type}"/>'
            for name, content_type in overrides
        )
        + "</Types>"
    )


def _relationships(targets: Iterable[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


# Without dates: python-docx would put in the time of the making else.
_CORE_PROPERTIES = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:language>vi-VN</dc:language></cp:coreProperties>"
)


def package(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip file of `parts` that is the same whenever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name, _FIXED_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def document(page: Page, body: Iterable[Xml], styles: Iterable[Style]) -> bytes:
    """Return a Word file of the blocks in `body`, its last section being `page`."""
    main = (
        f"<w:document {_NAMESPACES}><w:body>{''.join(body)}{page.section()}</w:body>"
        "</w:document>"
    )
    contents = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            [
                (f"{_OFFICE}/officeDocument", "word/document.xml"),
                (
                    f"{_PACKAGE}/relationships/metadata/core-properties",
                    "docProps/core.xml",
                ),
            ]
        ),
        "docProps/core.xml": _CORE_PROPERTIES,
        "word/document.xml": main,
        "word/_rels/document.xml.rels": _relationships(
            (f"{_OFFICE}/{kind}", name) for kind, name, _ in _PARTS
        ),
        "word/styles.xml": _styles(styles),
        "word/settings.xml": _SETTINGS,
        "word/fontTable.xml": _FONT_TABLE,
        "word/theme/theme1.xml": _theme(),
        "word/header1.xml": _HEADER,
    }
    return package((name, (_XML + text).encode()) for name, text in contents.items())
