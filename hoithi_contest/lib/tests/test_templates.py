"""All kinds from their templates: layout in Word, and the same in PDF."""

import io
import re
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree

from .. import docx_template, nd30, pdf
from ..kinds import KINDS
from ..templates.build import FOLDER, build_all
from .contexts import VARIANTS
from .layout_checks import check_layout

WORD_KINDS = [kind for kind in KINDS.values() if kind.layout != "workbook"]
CASES = [
    (kind, form, variant)
    for kind in WORD_KINDS
    for form in kind.samples()
    for variant in VARIANTS
]
IDS = ["-".join(filter(None, (kind.key, form, v))) for kind, form, v in CASES]
OUTPUT = Path(__file__).parents[3] / "build" / "documents"


@pytest.fixture(scope="module")
def documents():
    """Every kind in every variant, by the case's name."""
    templates = {kind.key: template(kind) for kind in WORD_KINDS}
    result = {}
    for name, (kind, form, variant) in zip(IDS, CASES, strict=True):
        context = VARIANTS[variant](kind, kind.samples()[form])
        assert kind.problems(context) == []
        result[name] = docx_template.render(templates[kind.key], context)
    return result


# Enough for PDF: the others look like one of these.
PDF_VARIANTS = ("usual", "long", "many")
PDF_IDS = [
    name
    for name, (_, _, variant) in zip(IDS, CASES, strict=True)
    if variant in PDF_VARIANTS
]


@pytest.fixture(scope="module")
def pdfs(documents):
    """The same as PDF files on disk, with pictures of their pages beside them."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    documents = {name: documents[name] for name in PDF_IDS}
    for name, content in documents.items():
        (OUTPUT / f"{name}.docx").write_bytes(content)
    paths = {}
    for name, content in pdf.convert(documents).items():
        paths[name] = OUTPUT / f"{name}.pdf"
        paths[name].write_bytes(content)

    def draw(path):
        # A few pages tell what the rest of a long list looks like.
        picture = str(path.with_suffix(""))
        tool("pdftoppm", "-l", "3", "-r", "60", "-png", str(path), picture)

    with ThreadPoolExecutor() as pool:
        list(pool.map(draw, paths.values()))
    return paths


def tool(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def template(kind):
    return (FOLDER / f"{kind.key}.docx").read_bytes()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: etree.tostring(etree.fromstring(archive.read(name)), method="c14n")
            for name in archive.namelist()
        }


def test_committed_templates_are_what_the_code_makes():
    built = build_all()
    assert set(built) == set(FOLDER.glob("*.docx"))
    for path, content in built.items():
        hint = f"{path.name}: run python -m lib.templates in hoithi_contest"
        assert parts(path.read_bytes()) == parts(content), hint


def test_templates_are_made_the_same_each_time():
    assert build_all() == build_all()


@pytest.mark.parametrize("kind", WORD_KINDS, ids=lambda kind: kind.key)
def test_templates_name_only_what_their_kind_holds(kind):
    assert docx_template.check(template(kind), kind) == []


@pytest.mark.parametrize("kind", WORD_KINDS, ids=lambda kind: kind.key)
def test_templates_print_all_own_fields(kind):
    names = docx_template.placeholders(template(kind), kind)
    assert {field.name for field in kind.fields} <= names


@pytest.mark.parametrize("name", IDS)
def test_layout(documents, name):
    kind, _, _ = CASES[IDS.index(name)]
    assert check_layout(documents[name], kind) == []


def pages(path):
    return tool("pdftotext", "-layout", str(path), "-").split("\f")[:-1]


def first_line(page):
    return next((line.strip() for line in page.splitlines() if line.strip()), "")


@pytest.mark.parametrize("name", PDF_IDS)
def test_pdf(pdfs, name):
    kind, _, variant = CASES[IDS.index(name)]
    info = tool("pdfinfo", "-l", "999", str(pdfs[name]))
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info)
    assert {tuple(sorted(round(float(side)) for side in size)) for size in sizes} == {
        (595, 842)
    }
    assert (float(sizes[0][0]) > float(sizes[0][1])) == kind.landscape
    texts = pages(pdfs[name])
    assert nd30.NATION in texts[0]
    assert all(text.strip() for text in texts), "an empty page"
    assert first_line(texts[0]) != "1"
    numbers = [first_line(text) for text in texts[1:]]
    # An annex counts from 1 anew, and doesn't show it on its first page.
    expected = 2
    for number in numbers:
        if number == "DANH SÁCH":
            expected = 2
            continue
        assert number == str(expected)
        expected += 1
    fonts = tool("pdffonts", str(pdfs[name])).splitlines()[2:]
    serif = [line for line in fonts if re.match(r"[A-Z]{6}\+(Liberation|Times)", line)]
    # Signs that no serif font has, such as emoji, come from another font.
    assert serif and (len(serif) == len(fonts) or variant == "many")
    assert all(re.search(r" yes +yes +(yes|no) ", line) for line in fonts), fonts
    assert list(OUTPUT.glob(f"{name}-*1.png"))


@pytest.mark.parametrize(
    "name", [n for n in PDF_IDS if n.startswith(("plan", "minutes"))]
)
def test_signature_is_on_one_page(documents, pdfs, name):
    kind, form, variant = CASES[IDS.index(name)]
    signature = VARIANTS[variant](kind, kind.samples()[form])["signature"]
    last = pages(pdfs[name])[-1]
    assert signature["name"] in last
    assert signature["position"].split()[0] in last
