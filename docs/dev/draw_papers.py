"""Draw the pages of every kind of paper, on the sample, hostile data and the demo.

    bin/test hoithi_contest/lib/tests/document/test_templates_pdf.py \\
        hoithi_contest/tests/document/test_document_kinds.py \\
        hoithi_contest/tests/document/test_document_ballots.py
    bin/odoo python docs/dev/draw_papers.py

The tests leave the papers in `build/documents`, those of the demo as Word files, and so
those of a secret vote, which the demo hasn't. Each kind becomes a picture beside
`paper.md`: a row of its pages on the sample, one on hostile data, one on the demo.
"""

import math
import re
import sys
from pathlib import Path

import pypdfium2
from PIL import Image

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "hoithi_contest"))

from lib.guard import pdf

PAPERS, TARGET = ROOT / "build" / "documents", Path(__file__).parent / "papers"
#: Pixels to a point: letters of the body can be told apart.
SCALE = 0.5
#: Shades of grey, between pages in pixels, pages in a row.
SHADES, GAP, ACROSS = 8, 6, 6
VARIANTS = ("usual", "hostile", "demo", "records")


def draw(path):
    """Return the pages of a file as pictures."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.render(scale=SCALE).to_pil().convert("L") for page in document]


def join(rows):
    """Return pages as one picture; each of `rows` begins a line of its own."""
    across = max(min(ACROSS, len(row)) for row in rows)
    width = max(page.width for row in rows for page in row) + GAP
    height = max(page.height for row in rows for page in row) + GAP
    lines = sum(math.ceil(len(row) / across) for row in rows)
    sheet = Image.new("L", (width * across + GAP, height * lines + GAP), 160)
    line = 0
    for row in rows:
        for number, page in enumerate(row):
            place = number % across * width + GAP, (line + number // across) * height
            sheet.paste(page, (place[0], place[1] + GAP))
        line += math.ceil(len(row) / across)
    return sheet.quantize(SHADES)


def main():
    TARGET.mkdir(exist_ok=True)
    words = {
        path: path.read_bytes()
        for path in PAPERS.glob("*-*.docx")
        if path.stem.endswith(VARIANTS[2:])
    }
    for path, content in pdf.convert(words).items():
        path.with_suffix(".pdf").write_bytes(content)
    kinds = {}
    for path in sorted(PAPERS.glob("*-*.pdf")):
        found = re.fullmatch(rf"(\w+)-(?:(\w+)-)?({'|'.join(VARIANTS)})", path.stem)
        if found:
            order = (VARIANTS.index(found[3]), found[2] or "")
            kinds.setdefault(found[1], {})[order] = draw(path)
    for kind, papers in kinds.items():
        rows = [papers[order] for order in sorted(papers)]
        join(rows).save(TARGET / f"{kind}.png", optimize=True)


if __name__ == "__main__":
    main()
