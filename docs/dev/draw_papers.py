"""Draw the pages of every kind of paper, on the sample, hostile data and the demo.

    bin/test hoithi_contest/lib/tests/document/test_templates_pdf.py \\
        hoithi_contest/tests/document/test_document_kinds.py
    bin/odoo python docs/dev/draw_papers.py

The tests leave the papers in `build/documents`, those of the demo as Word files. Each
kind becomes a picture beside `paper.md`: a row of its pages on the sample, one on
hostile data, one of sixty elements, one on the demo.

The register is printed as a clerk prints it, for which LibreOffice needs its Calc
(Debian: libreoffice-calc-nogui), or another that has it is named by `SOFFICE`. Without
one its picture stays as it is.
"""

import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "hoithi_contest"))

from lib.document import register
from lib.document.kinds import KINDS
from lib.guard import pdf
from lib.tests.document.contexts import VARIANTS

PAPERS, TARGET = ROOT / "build" / "documents", Path(__file__).parent / "papers"
#: Pixels to a point: the body is read without a glass.
SCALE = 1
#: Shades of grey, between pages in pixels, pages in a row.
SHADES, GAP, ACROSS = 4, 8, 6
ROWS = ("usual", "hostile", "many", "demo")
#: Pages of a paper that are all drawn; of longer ones and of `many`, some are.
MOST = 8


def draw(path, some):
    """Return pages of a file as pictures.

    :param some: only the first, the middle and the last one
    """
    with pypdfium2.PdfDocument(path) as document:
        last = len(document) - 1
        numbers = range(last + 1)
        if some:
            numbers = sorted({0, last // 2, last})
        elif last >= MOST:
            numbers = sorted({0, 1, 2, last // 2, last})
        return [
            document[number].render(scale=SCALE).to_pil().convert("L")
            for number in numbers
        ]


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


def print_workbooks():
    """Make PDF files of the register, as far as there is a Calc that prints it."""
    kind = KINDS["register"]
    for name in ROWS[:-1]:
        content = register.build(VARIANTS[name](kind, kind.sample()))
        (PAPERS / f"register-{name}.xlsx").write_bytes(content)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                os.environ.get("SOFFICE", "soffice"),
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--convert-to", "pdf", "--outdir", str(PAPERS)),
                *map(str, PAPERS.glob("register-*.xlsx")),
            ],
            check=False,
        )


def main():
    TARGET.mkdir(exist_ok=True)
    words = {path: path.read_bytes() for path in PAPERS.glob("*-demo.docx")}
    for path, content in pdf.convert(words).items():
        path.with_suffix(".pdf").write_bytes(content)
    print_workbooks()
    kinds = {}
    for path in sorted(PAPERS.glob("*-*.pdf")):
        found = re.fullmatch(rf"(\w+)-(\w+-)?({'|'.join(ROWS)})", path.stem)
        if found:
            # the forms of a kind beside each other
            rows = kinds.setdefault(found[1], {name: [] for name in ROWS})
            rows[found[3]] += draw(path, found[3] == "many")
    for kind, rows in kinds.items():
        picture = join([row for row in rows.values() if row])
        picture.save(TARGET / f"{kind}.png", optimize=True)


if __name__ == "__main__":
    main()
