"""The sizes that depend on what was filled in: drawn lines, columns, certificates."""

import copy
import itertools
import math
import re
from collections.abc import Iterator, Sequence

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from . import holding, nd30, tidying
from .templates import blocks, ooxml


def _text_before(drawing_run: etree._Element) -> list[str]:
    """Return the lines of a paragraph before the run of a drawn line."""
    lines = [""]
    for node in reversed(list(drawing_run.itersiblings(preceding=True))):
        for child in node.iter(qn("w:t"), qn("w:br")):
            if child.tag == qn("w:br"):
                lines.append("")
            else:
                lines[-1] += child.text or ""
    return [line for line in lines if line.strip()]


def _available(paragraph: etree._Element) -> float:
    for cell in paragraph.iterancestors(qn("w:tc")):
        width = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
        if width is not None:
            return int(width.get(qn("w:w"))) * 25.4 / 1440
    return ooxml.PORTRAIT.text_width


def _draw_lines(body: etree._Element) -> None:
    """Give the drawn lines their lengths; a line under no text goes."""
    for inline in list(body.iter(qn("wp:inline"))):
        name = inline.find(qn("wp:docPr")).get("name", "")
        share = re.fullmatch(rf"{ooxml.LINE_NAME} (\d(?:\.\d+)?)", name)
        if not share:
            continue
        drawing_run = next(inline.iterancestors(qn("w:r")))
        paragraph = next(inline.iterancestors(qn("w:p")))
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        key = "Subject" if style is None else style.get(qn("w:val"))
        style = blocks.STYLES.get(key, blocks.STYLES["Subject"])
        width = _available(paragraph)
        lines = [
            line
            for text in _text_before(drawing_run)
            for line in nd30.wrapped(text, width, style.size, bold=style.bold)
        ]
        if not lines:
            paragraph.getparent().remove(paragraph)
            continue
        length = nd30.line_length(lines, style.size, float(share[1]), bold=style.bold)
        for extent in (*inline.iter(qn("wp:extent")), *inline.iter(qn("a:ext"))):
            if extent.get("cx"):
                extent.set("cx", str(ooxml.emu(length)))


def _free_long_lines(body: etree._Element) -> None:
    """Take the indent from number or date where it would break the line."""
    for paragraph in body.iter(qn("w:p")):
        node = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        key = "" if node is None else node.get(qn("w:val"))
        if key not in ("Number", "PlaceDate"):
            continue
        style = blocks.STYLES[key]
        text = "".join(run.text or "" for run in paragraph.iter(qn("w:t")))
        width = nd30.text_width(text, style.size, italic=style.italic)
        if width > _available(paragraph) - style.left:
            indent = paragraph.get_or_add_pPr().get_or_add_ind()
            indent.set(qn("w:left"), "0")


# Columns of figures, which need no more than they have.
_NARROW = ooxml.twips(24)
_MIN_FLAT = 17.0
_MAX_FITTED = 22.0
# What a score needs where the names above are turned: the rest is the titles'.
_TURNED = 9.4
# Lines that a row may have beside names that lie flat, and below the highest title.
_HIGH = 9
# Where there is room, members' columns have letters as large as the others.
_ROOMY = {"CellScore": "CellCentre", "CellHeadSmall": "CellHead"}


def _get_fit_width(table: etree._Element) -> float:
    """Return how wide a table with a varying number of columns is; else nothing."""
    caption = table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
    text = "" if caption is None else caption.get(qn("w:val"), "")
    total = re.fullmatch(rf"{ooxml.FIT_CAPTION} (\d+(?:\.\d+)?)", text)
    return float(total[1]) if total else 0.0


def _share_rest(
    widths: list[int], varying: list[int], rest: int, most: float
) -> list[int]:
    """Return widths with `rest` shared by the varying ones, up to `most` mm each.

    What they leave is for the widest of the others.
    """
    each = min(rest // max(1, len(varying)), ooxml.twips(most))
    shared = [each if index in varying else width for index, width in enumerate(widths)]
    others = [0 if index in varying else width for index, width in enumerate(widths)]
    shared[others.index(max(others))] += rest - each * len(varying)
    return shared


def _fit_columns(body: etree._Element) -> None:
    """Give the columns whose number varies what the others leave of the width."""
    fitted = ooxml.twips(ooxml.FITTED_WIDTH)
    for table in body.iter(qn("w:tbl")):
        total = _get_fit_width(table)
        if not total:
            continue
        rows = table.findall(qn("w:tr"))
        widths = [int(node.get(qn("w:w"))) for node in rows[0].iter(qn("w:tcW"))]
        varying = [index for index, width in enumerate(widths) if width == fitted]
        rest = ooxml.twips(total) - sum(widths) + fitted * len(varying)
        each = rest // len(varying) if varying else 0
        is_flat = each >= ooxml.twips(_MIN_FLAT) or not varying
        shared = _share_rest(widths, varying, rest, _MAX_FITTED)
        # long titles need the room more than names and scores do
        texts, sides = _look_at(rows), _get_sides(table)
        if not is_flat or (varying and _get_tallest(texts, shared, sides) > _HIGH):
            is_flat = False
            shared = _share_rest(widths, varying, rest, _TURNED)
        _set_widths(table, shared)
        if is_flat:
            for node in list(rows[0].iter(qn("w:textDirection"), qn("w:trHeight"))):
                node.getparent().remove(node)
            for node in table.iter(qn("w:pStyle")):
                style = node.get(qn("w:val"))
                node.set(qn("w:val"), _ROOMY.get(style, style))


# What a page of certificates has, in points, and how small its letters may become.
_CERTIFICATE_HEIGHT = (
    (blocks.CERTIFICATE.height - blocks.CERTIFICATE.top - blocks.CERTIFICATE.bottom)
    * 72
    / 25.4
)
_LINE_HEIGHT = 1.16
_SMALLEST = 0.4
# What the law has the size of.
_AS_EVER = ("CertificateNation", "CertificateMotto")


def _paragraph_style(paragraph: etree._Element) -> ooxml.Style | None:
    node = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return None if node is None else blocks.STYLES.get(node.get(qn("w:val")))


def _get_texts(paragraph: etree._Element) -> list[str]:
    """Return a paragraph's lines, as they were broken by hand."""
    lines = [""]
    for node in paragraph.iter(qn("w:t"), qn("w:br")):
        if node.tag == qn("w:br"):
            lines.append("")
        else:
            lines[-1] += node.text or ""
    return lines


def _paragraph_height(paragraph: etree._Element, width: float, scale: float) -> float:
    style = _paragraph_style(paragraph)
    if style is None:
        return 0
    lines = _get_texts(paragraph)
    size = style.size * scale
    wrapped = [
        line
        for text in lines
        for line in nd30.wrapped(text, width - style.right, size, bold=style.bold)
        or [""]
    ]
    spacing = (style.before + style.after) * scale
    # a picture stands on a line of its own
    pictures = [int(node.get("cy")) / 12700 for node in paragraph.iter(qn("wp:extent"))]
    height = len(wrapped) * size * style.line * _LINE_HEIGHT
    return max([height, *pictures]) + spacing


def _page_height(page: Sequence[etree._Element], scale: float) -> float:
    """Return how high a certificate is, its signature as large as ever."""
    total = 0.0
    for element in page:
        if element.tag == qn("w:p"):
            width = blocks.CERTIFICATE.text_width
            style = _paragraph_style(element)
            is_kept = style is not None and style.key in _AS_EVER
            total += _paragraph_height(element, width, 1 if is_kept else scale)
            continue
        total += max(
            sum(
                _paragraph_height(paragraph, width, 1)
                for paragraph in cell.iter(qn("w:p"))
            )
            for cell in element.iter(qn("w:tc"))
            for width in [_available(cell[-1])]
        )
    return total


def _hold_names(body: etree._Element) -> None:
    """Let the lines of a certificate's holders end between names alone."""
    for paragraph in body.iter(qn("w:p")):
        style = _paragraph_style(paragraph)
        if style is None or style.key != "CertificateHolder":
            continue
        width = blocks.CERTIFICATE.text_width - style.right
        for node in paragraph.iter(qn("w:t")):
            names = (node.text or "").split(", ")
            if len(names) > 1 and all(
                nd30.text_width(name, style.size, bold=style.bold) <= width
                for name in names
            ):
                held = [name.replace(" ", holding.BLANK) for name in names]
                node.text = ", ".join(held)


def _fit_certificates(body: etree._Element) -> None:
    """Make the letters of a certificate as small as keeps it on its page."""
    pages: list[list[etree._Element]] = []
    for element in body:
        style = _paragraph_style(element) if element.tag == qn("w:p") else None
        if style is not None and style.key == "CertificateNation":
            pages.append([])
        if pages and element.tag in (qn("w:p"), qn("w:tbl")):
            pages[-1].append(element)
    for page in pages:
        scale = 1.0
        while scale > _SMALLEST and _page_height(page, scale) > _CERTIFICATE_HEIGHT:
            scale -= 0.04
        if scale < 1:
            for paragraph in page:
                style = _paragraph_style(paragraph)
                if style is not None and style.key not in _AS_EVER:
                    _scale(paragraph, style, scale)


def _scale(paragraph: etree._Element, style: ooxml.Style, scale: float) -> None:
    spacing = paragraph.get_or_add_pPr().get_or_add_spacing()
    for name in ("before", "after"):
        points = getattr(style, name)
        spacing.set(qn(f"w:{name}"), str(round(points * scale * 20)))
    half = str(round(style.size * scale * 2))
    for run in paragraph.iter(qn("w:r")):
        marks = run.find(qn("w:rPr"))
        if marks is None:
            marks = etree.Element(qn("w:rPr"))
            run.insert(0, marks)
        if marks.find(qn("w:sz")) is not None:
            continue
        for tag in ("w:sz", "w:szCs"):
            etree.SubElement(marks, qn(tag)).set(qn("w:val"), half)


def _is_blank(cell: etree._Element) -> bool:
    return not "".join(node.text or "" for node in cell.iter(qn("w:t"))).strip() and (
        cell.find(f".//{qn('w:drawing')}") is None
    )


def _drop_empty_columns(body: etree._Element) -> None:
    """Leave out the columns of lists that no row says anything in.

    Those that may go are named by the caption of their table; what is for the pen
    stays.
    """
    for table in body.iter(qn("w:tbl")):
        caption = table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
        text = "" if caption is None else caption.get(qn("w:val"), "")
        named = re.fullmatch(rf"{ooxml.OPTIONAL_CAPTION} ([\d,]+)( total)?", text)
        if not named:
            continue
        caption.getparent().remove(caption)
        rows = [row.findall(qn("w:tc")) for row in table.findall(qn("w:tr"))]
        told = rows[1:-1] if named[2] else rows[1:]
        gone = [
            index
            for index in map(int, named[1].split(","))
            if told and all(_is_blank(row[index]) for row in told)
        ]
        if not gone:
            continue
        widths = [int(node.get(qn("w:w"))) for node in table.iter(qn("w:gridCol"))]
        for row in rows:
            for index in gone:
                row[index].getparent().remove(row[index])
        rest = sum(widths[index] for index in gone)
        widths = [width for index, width in enumerate(widths) if index not in gone]
        # to the columns of texts, as much as they have
        wide = [width if width > _NARROW else 0 for width in widths]
        shares = [rest * width // max(1, sum(wide)) for width in wide]
        shares[widths.index(max(widths))] += rest - sum(shares)
        _set_widths(
            table, [width + more for width, more in zip(widths, shares, strict=True)]
        )


# The column of codes, by its heading; at most how wide, and what the column that
# gives it the room keeps.
_CODES = "Mã hồ sơ"
_WIDEST_WORD = ooxml.twips(40)
#: Columns that a list has at least; what has fewer is laid out.
_LIST = 3
_KEPT_WIDTH = ooxml.twips(28)


def _text_of(cell: etree._Element) -> str:
    return "".join(node.text or "" for node in cell.iter(qn("w:t"))).strip()


def _width_of_words(cell: etree._Element) -> float:
    """Return the width in mm of the longest word of a cell."""
    return max(
        (
            nd30.text_width(word, style.size, bold=style.bold)
            for paragraph in cell.iter(qn("w:p"))
            if (style := _paragraph_style(paragraph)) is not None
            for word in _text_of(paragraph).split()
        ),
        default=0.0,
    )


def _get_sides(table: etree._Element) -> int:
    """Return what margins take of a cell's width."""
    margins = table.findall(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}/*")
    return sum(int(margin.get(qn("w:w"))) for margin in margins)


def _is_tight(cell: etree._Element) -> bool:
    """Tell whether a cell has no space between its text and its borders."""
    return cell.find(f"{qn('w:tcPr')}/{qn('w:tcMar')}") is not None


def _find_lists(body: etree._Element) -> Iterator[tuple]:
    """Yield (table, cells row by row, widths, margins of a cell) of each list."""
    for table in body.iter(qn("w:tbl")):
        rows = [row.findall(qn("w:tc")) for row in table.findall(qn("w:tr"))]
        columns = len(rows[0]) if rows else 0
        if columns < _LIST or any(len(row) != columns for row in rows):
            continue
        widths = [int(node.get(qn("w:w"))) for node in table.iter(qn("w:gridCol"))]
        yield table, rows, widths, _get_sides(table)


def _fit_words(body: etree._Element) -> None:
    """Give each column of a list the width in which no word of it is torn.

    Heads have theirs by their template, but for that of codes.
    """
    for table, rows, widths, sides in _find_lists(body):
        before = list(widths)
        for index, head in enumerate(map(_text_of, rows[0])):
            cells = [row[index] for row in rows[head != _CODES :]]
            word = max(map(_width_of_words, cells), default=0.0)
            margins = 0 if cells and _is_tight(cells[0]) else sides
            # what a word processor measures is a little more
            wanted = min(ooxml.twips(word + 1) + margins, _WIDEST_WORD)
            giver = widths.index(max(widths))
            more = min(wanted - widths[index], widths[giver] - _KEPT_WIDTH)
            if more > 0 and giver != index:
                widths[index] += more
                widths[giver] -= more
        if widths != before:
            _set_widths(table, widths)


#: Lines of the tallest row from which a list's columns are shared out anew, how many
#: rows are looked at for it, by how much a column grows, how narrow one may become,
#: and what its lines leave free, which is half a word.
_TALL, _LOOKED_AT = 12, 100
_STEPS = tuple(map(ooxml.twips, (2, 4, 8)))
_LEAST, _FREE = ooxml.twips(20), ooxml.twips(4)


def _share_widths(body: etree._Element) -> None:
    """Let columns of long texts have the room that others of their list don't need.

    A row isn't torn, so that tall ones leave pages half empty, and the head of an
    annex on a page alone.
    """
    for table, rows, widths, sides in _find_lists(body):
        texts = _look_at(table.findall(qn("w:tr")))
        if _get_tallest(texts, widths, sides) <= _TALL:
            continue
        floors = [
            ooxml.twips(max(map(_width_of_words, cells)) + 1) + sides
            for cells in zip(*rows, strict=True)
        ]
        shared = _find_widths(texts, widths, floors, sides)
        if shared != widths:
            _set_widths(table, shared)


def _look_at(rows: Sequence[etree._Element]) -> list[list[list[int]]]:
    """Return how long the texts of a list's rows are, of a long list some rows'."""
    looked_at = rows[1 :: max(1, len(rows) // _LOOKED_AT)]
    return [[_measure(cell) for cell in row.iter(qn("w:tc"))] for row in looked_at]


def _get_tallest(texts: list[list[list[int]]], widths: list[int], sides: int) -> int:
    """Return about how many lines the tallest row has."""
    return max((_count_lines(row, widths, sides) for row in texts), default=0)


def _measure(cell: etree._Element) -> list[int]:
    """Return how long each line of a cell is, as if it had room for it."""
    return [
        ooxml.twips(nd30.text_width(line, style.size, bold=style.bold))
        for paragraph in cell.iter(qn("w:p"))
        if (style := _paragraph_style(paragraph)) is not None
        for line in _get_texts(paragraph)
    ]


def _count_lines(row: list[list[int]], widths: list[int], sides: int) -> int:
    """Return about how many lines a row has."""
    return max(
        sum(max(1, math.ceil(line / max(1, width - sides - _FREE))) for line in cell)
        for cell, width in zip(row, widths, strict=True)
    )


def _find_widths(
    texts: list[list[list[int]]], widths: list[int], floors: list[int], sides: int
) -> list[int]:
    """Return widths of columns with which a list has few lines, step by step."""

    def count(tried: list[int]) -> int:
        return sum(_count_lines(row, tried, sides) for row in texts)

    best, lines, places = list(widths), count(widths), range(len(widths))
    while True:
        tries = []
        for giver in places:
            # a narrow one is as wide as its head asks for
            is_narrow = widths[giver] <= _NARROW
            spare = 0 if is_narrow else best[giver] - max(floors[giver], _LEAST)
            steps = [step for step in _STEPS if step <= spare]
            for taker, step in itertools.product(places, steps):
                if taker != giver:
                    tried = list(best)
                    tried[giver] -= step
                    tried[taker] += step
                    tries.append((count(tried), tried))
        found, tried = min(tries, default=(lines, best))
        if found >= lines:
            return best
        best, lines = tried, found


def _set_widths(table: etree._Element, widths: list[int]) -> None:
    grid = table.find(qn("w:tblGrid"))
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        etree.SubElement(grid, qn("w:gridCol")).set(qn("w:w"), str(width))
    table.find(f"{qn('w:tblPr')}/{qn('w:tblW')}").set(qn("w:w"), str(sum(widths)))
    for row in table.findall(qn("w:tr")):
        for node, width in zip(row.iter(qn("w:tcW")), widths, strict=True):
            node.set(qn("w:w"), str(width))


# What stands above a position: the form of signing, and place and date.
_AUTHORITY = re.compile(r"(TM|KT|TL|TUQ)\. ")


def _height_above(cell: etree._Element) -> float | None:
    """Return how high stands what is above a position, in points; None for no one's."""
    height = 0.0
    for paragraph in cell.findall(qn("w:p")):
        style = _paragraph_style(paragraph)
        if style is None or style.key not in ("SignDate", "Sign"):
            break
        text = "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        if style.key == "Sign" and not _AUTHORITY.match(text):
            return height
        breaks = len(list(paragraph.iter(qn("w:br"))))
        height += (breaks + 1) * style.size * style.line * _LINE_HEIGHT
    return None


def _level_signatures(body: etree._Element) -> None:
    """Let positions that stand side by side stand at the same height."""
    for row in body.iter(qn("w:tr")):
        above = {
            cell: height
            for cell in row.findall(qn("w:tc"))
            if (height := _height_above(cell)) is not None
        }
        highest = max(above.values(), default=0)
        for cell, height in above.items():
            if len(above) < 2 or highest == height:
                continue
            properties = cell.find(qn("w:p")).get_or_add_pPr()
            spacing = properties.get_or_add_spacing()
            spacing.set(qn("w:before"), str(round((highest - height) * 20)))


def _free_first_rows(body: etree._Element) -> None:
    """Let the first row of scores be torn where a title makes it high.

    Head and first row are kept together, and would leave the title on a page alone.
    """
    for table, rows, widths, sides in _find_lists(body):
        first = table.findall(qn("w:tr"))[1:2]
        if not first or not _get_fit_width(table):
            continue
        if _count_lines([_measure(cell) for cell in rows[1]], widths, sides) > _HIGH:
            mark = first[0].find(f"{qn('w:trPr')}/{qn('w:cantSplit')}")
            mark.getparent().remove(mark)


def _keep_last_rows(body: etree._Element) -> None:
    """Keep the last row of a list, as its total, on the page of the one before it.

    Word processors read it off the paragraphs of the row that is kept. The head, which
    Word leaves at the foot of a page, goes with the first row.
    """
    for table in body.iter(qn("w:tbl")):
        rows = table.findall(qn("w:tr"))
        heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") for row in rows]
        if heads.count(None) in (0, len(rows)):
            continue  # laid out, or a head alone
        kept = [row for row, head in zip(rows, heads, strict=True) if head is not None]
        if heads.count(None) > 1:
            kept.append(rows[-2])
        for row in kept:
            for paragraph in row.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()


# Texts in which people break lines: each becomes a paragraph, as the first one is.
_TYPED = ("Body", "Field", "Note")


def _get_lines(runs: Sequence[etree._Element]) -> list[list[etree._Element]]:
    """Return the runs of each line that says something, made anew."""
    lines: list[list[etree._Element]] = [[]]
    for run in runs:
        marks, piece = run.find(qn("w:rPr")), None
        for node in run:
            if node is marks:
                continue
            if node.tag == qn("w:br"):
                lines.append([])
                piece = None
                continue
            if piece is None:
                piece = OxmlElement("w:r")
                if marks is not None:
                    piece.append(copy.deepcopy(marks))
                lines[-1].append(piece)
            piece.append(copy.deepcopy(node))
    return [
        line
        for line in lines
        if any(text.text and text.text.strip() for run in line for text in run)
    ]


def _split_lines(body: etree._Element) -> None:
    """Let each line that was typed into a text begin as a paragraph does."""
    for paragraph in body.findall(qn("w:p")):
        style = _paragraph_style(paragraph)
        if style is None or style.key not in _TYPED:
            continue
        properties, *runs = paragraph
        breaks = list(paragraph.iter(qn("w:br")))
        if (
            not breaks
            # a page or a column ends there
            or any(node.get(qn("w:type")) in ("page", "column") for node in breaks)
            or next(paragraph.iter(qn("w:drawing")), None) is not None
            or any(run.tag != qn("w:r") for run in runs)
        ):
            continue
        lines = _get_lines(runs)
        spacing = properties.find(qn("w:spacing"))
        for number, line in enumerate(lines):
            own = copy.deepcopy(properties)
            is_last = number == len(lines) - 1
            for name, is_kept in (
                ("pageBreakBefore", number == 0),
                ("sectPr", is_last),
            ):
                # what begins a page, or ends a section, does so once
                mark = own.find(qn(f"w:{name}"))
                if mark is not None and not is_kept:
                    own.remove(mark)
            if spacing is not None:
                # what stands before and behind the whole isn't between its lines
                kept = own.find(qn("w:spacing"))
                for name, is_kept in (
                    ("before", number == 0),
                    ("after", is_last),
                ):
                    if not is_kept:
                        kept.attrib.pop(qn(f"w:{name}"), None)
            other = OxmlElement("w:p")
            other.extend([own, *line])
            paragraph.addprevious(other)
        if lines:
            body.remove(paragraph)


_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def _get_line_width(paragraph: etree._Element, style: ooxml.Style) -> float:
    """Return the width in mm of a paragraph's first line, its shortest."""
    width = _available(paragraph) - style.left - style.right - max(0, style.first_line)
    for table in paragraph.iterancestors(qn("w:tbl")):
        margins = table.findall(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}/*")
        return width - sum(int(node.get(qn("w:w"))) for node in margins) * 25.4 / 1440
    return width


def _write_held(node: etree._Element, held: str) -> None:
    """Write a text that is held together, its hyphens as the elements of Word."""
    first, *others = held.split(holding.HYPHEN)
    node.text, last = first, node
    node.set(_SPACE, "preserve")
    for text in others:
        hyphen, piece = OxmlElement("w:noBreakHyphen"), OxmlElement("w:t")
        last.addnext(hyphen)
        hyphen.addnext(piece)
        piece.text, last = text, piece
        piece.set(_SPACE, "preserve")


# What is one line, or was broken into lines already.
_HEADS = (
    *("Superior", "Issuer", "Nation", "Motto", "Number", "LetterSubject", "Urgency"),
    *("PlaceDate", "Title", "Subject", "IssuedBy", "Sign", "SignDate", "SignName"),
    *("AnnexTitle", "AnnexSubject", "AnnexLine", "Digest", "Check"),
)


def _hold_together(body: etree._Element) -> None:
    """Keep numbers and symbols, days and ranges on one line of running text."""
    for paragraph in body.iter(qn("w:p")):
        style = _paragraph_style(paragraph) or blocks.STYLES["Body"]
        if style.key in _HEADS or style.key.startswith("Certificate"):
            continue
        width = _get_line_width(paragraph, style)

        def fits(text: str, style=style, width=width) -> bool:
            return nd30.text_width(text, style.size, bold=style.bold) <= width

        held = {
            node: text
            for node in paragraph.iter(qn("w:t"))
            if (text := holding.hold(node.text or "", fits)) != (node.text or "")
        }
        # what stands on one line anyway remains as it is
        if held and not all(fits(f"{line}  ") for line in _get_texts(paragraph)):
            for node, text in held.items():
                _write_held(node, text)


def _tidy(body: etree._Element) -> None:
    """Let one sign stand where that of a text met the template's."""
    for node in body.iter(qn("w:t")):
        text = node.text or ""
        tidy = tidying.tidy(text)
        if tidy != text:
            node.text = tidy


def _complete_cells(body: etree._Element) -> None:
    """Give each cell the paragraph that Word demands at its end."""
    for cell in body.iter(qn("w:tc")):
        if len(cell) == 0 or cell[-1].tag != qn("w:p"):
            etree.SubElement(cell, qn("w:p"))


def fit(body: etree._Element) -> None:
    """Give what was filled in the sizes that its texts ask for."""
    _tidy(body)
    _split_lines(body)
    _draw_lines(body)
    _free_long_lines(body)
    _fit_columns(body)
    _drop_empty_columns(body)
    _fit_words(body)
    _share_widths(body)
    _hold_names(body)
    _fit_certificates(body)
    _level_signatures(body)
    _free_first_rows(body)
    _keep_last_rows(body)
    _complete_cells(body)
    _hold_together(body)
