"""All kinds from their templates as PDF: pages, numbers, fonts."""

import functools
import os
import re
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from ...document import docx_template, nd30, signature, tagging
from ...guard import pdf
from . import accessibility
from .authority import Authority
from .cases import CASES, context, render, template

pytestmark = pytest.mark.conversion

OUTPUT = Path(__file__).parents[4] / "build" / "documents"
#: No test looks at them, people do where they ask for them.
TAKES_PICTURES = bool(os.environ.get("HOITHI_PICTURES"))
# Enough for PDF: the others look like one of these.
PDF_VARIANTS = ("usual", "hostile", "many")
PDF_CASES = {name: case for name, case in CASES.items() if case[2] in PDF_VARIANTS}


@pytest.fixture(scope="module")
def pdfs():
    """The cases as PDF files on disk, with pictures of their pages beside them where
    these are asked for."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    documents = {name: render(name) for name in PDF_CASES}
    for name, content in documents.items():
        (OUTPUT / f"{name}.docx").write_bytes(content)
    paths = {}
    for name, content in pdf.convert(documents, timeout=600).items():
        paths[name] = OUTPUT / f"{name}.pdf"
        paths[name].write_bytes(_finish(name, content))

    for name, path in paths.items() if TAKES_PICTURES else ():
        with pypdfium2.PdfDocument(path) as document:
            # A few pages tell what the rest of a long list looks like.
            count = 3 if CASES[name][2] == "usual" else 1
            for number in range(min(count, len(document))):
                picture = document[number].render(scale=60 / 72).to_pil()
                picture.save(OUTPUT / f"{name}-{number + 1}.png", compress_level=1)
    return paths


def _finish(name, content):
    """Return a paper as it is issued: what is signed by the agency has its fields."""
    kind, content = CASES[name][0], tagging.mend(content)
    is_certificate = kind.layout == "certificate"
    if not kind.numbered and not is_certificate:
        return content
    signer = context(name)["signature"]
    places = signature.find_places(
        content, signer["name"], signer["position"], is_certificate
    )
    return signature.add_fields(content, places)


def fonts(document):
    """Return the name of each font, and whether it is embedded."""
    found = {}
    for item in document.objects:
        # one of many letters has another below, which says where it is
        if (
            isinstance(item, pikepdf.Dictionary)
            and item.get("/Type") == pikepdf.Name.Font
            and "/DescendantFonts" not in item
        ):
            descriptor = item.get("/FontDescriptor", pikepdf.Dictionary())
            files = {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys()
            found[str(item.BaseFont)[1:]] = bool(files)
    return found


@functools.cache
def pages(path):
    """Return the text of each page, what stands highest on it, and its size.

    By PDFium, as pdftotext takes seconds for a paper of many pages.
    """
    found = []
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_rect(n) for n in range(text.count_rects())]
            highest = max(boxes, key=lambda box: box[3], default=None)
            line = text.get_text_bounded(*highest).strip() if highest else ""
            found.append((text.get_text_range(), line, page.get_size()))
    return found


@pytest.mark.parametrize("name", PDF_CASES)
def test_pdf(pdfs, name):
    kind, _, variant = CASES[name]
    texts, highest, sizes = zip(*pages(pdfs[name]), strict=True)
    assert {tuple(sorted(map(round, size))) for size in sizes} == {(595, 842)}
    assert (sizes[0][0] > sizes[0][1]) == kind.landscape
    # a copy stands below the paper, which has the national name
    assert (nd30.NATION in texts[0]) == (kind.layout != "copy")
    assert all(text.strip() for text in texts), "an empty page"
    assert highest[0] != "1"
    numbers = highest[1:]
    if kind.layout == "certificate":
        # each is a page of its own, whatever the names, and has no number
        assert len(texts) == len(context(name)["copies"])
        assert all(nd30.NATION in text for text in texts)
        numbers = ()
    # An annex counts from 1 anew, and doesn't show it on its first page.
    expected = 2
    for number in numbers:
        if number == "Phụ lục":
            expected = 2
            continue
        assert number == str(expected)
        expected += 1
    with pikepdf.open(pdfs[name]) as document:
        found = fonts(document)
    serif = [name for name in found if re.match(r"[A-Z]{6}\+(Liberation|Times)", name)]
    # Signs that no serif font has, such as emoji, come from another font.
    assert serif and (len(serif) == len(found) or variant == "many")
    # embedded, of each the letters that are there
    assert all(found.values()), found
    assert all(re.match(r"[A-Z]{6}\+", name) for name in found), found


@pytest.mark.parametrize("name", PDF_CASES)
def test_no_number_is_torn(pdfs, name):
    """Neither at its hyphen nor at its stroke, and it is found as it is written."""
    text = "\n".join(text for text, _high, _size in pages(pdfs[name]))
    assert re.findall(r"\w+[-/\u2011\x02\ufffe]\r?\n\w+", text) == []
    assert not {"\u2011", "\u2060"} & set(text)


def test_scores_begin_below_their_title(pdfs):
    """And fill their pages, whatever the titles: the paper is signed as it is."""
    for name in ("score_matrix-usual", "score_matrix-hostile", "score_matrix-many"):
        first, *_others = pages(pdfs[name])
        entry = context(name)["parts"][0]["entries"][0]
        assert entry["code"] in first[0]
        assert entry["mean"] in first[0]
    assert len(pages(pdfs["score_matrix-hostile"])) <= 30


@pytest.mark.parametrize("name", PDF_CASES)
def test_what_archives_and_readers_need(pdfs, name):
    """PDF/A-2b and PDF/UA-1 by what the file says of itself, its tags and fonts."""
    with pikepdf.open(pdfs[name]) as document:
        with document.open_metadata() as metadata:
            told = {key.rpartition("}")[2]: metadata[key] for key in metadata}
            parts = {key: metadata[key] for key in metadata if key.endswith("}part")}
        assert sorted(parts.values()) == ["1", "2"], parts
        assert told["conformance"] == "B"
        assert told["title"]
        root = document.Root
        assert root.Lang == "vi-VN"
        assert root.MarkInfo.Marked and "/StructTreeRoot" in root
        assert "/OutputIntents" in root and "/Encrypt" not in document.trailer
        assert accessibility.find_faults(document) == []
        # pictures are told to those who don't see them; drawn lines aren't
        if "check.text" in kind_names(CASES[name][0]):
            assert any(
                isinstance(item, pikepdf.Dictionary)
                and item.get("/S") == pikepdf.Name.Figure
                and str(item.get("/Alt", "")) == "Mã QR kiểm tra văn bản"
                for item in document.objects
            )


@pytest.mark.parametrize(
    "name", ["plan-usual", "minutes-usual", "decision-usual", "certificate-usual"]
)
def test_fields_are_read_with_the_name(pdfs, name):
    """And the mark of a copy, which stands at the top, before all else."""
    with pikepdf.open(pdfs[name]) as document:
        told = [
            str(element.get("/Alt", element.S))
            for element in accessibility.walk(document.Root.StructTreeRoot)
            if element.S in ("/Form", *tagging.SIGNER_NAMES)
        ]
        names = {str(field.T) for field in document.Root.AcroForm.Fields}
    pair = ["Chữ ký số của người ký", "Chữ ký số của cơ quan"]
    assert told[0] == "Chữ ký số trên bản sao"
    assert told[1:-3].count(pair[0]) == len(context(name).get("copies", "1")) - 1
    assert told[-3:-1] == pair
    assert tagging.SIGNER_NAMES[0] in told[-1:] or tagging.SIGNER_NAMES[1] in told[-1:]
    others = names - {"Signer", "Agency", "Copy"}
    assert others == ({"Signer2", "Agency2"} if name.startswith("cert") else set())


def test_certificates_are_signed_page_by_page(pdfs):
    """As they are given out: with their codes, and the fields of each page."""
    name = "certificate-hostile"
    signer = context(name)["signature"]["name"]
    authority = Authority()
    given = signed = pdfs[name].read_bytes()
    count = len(context(name)["copies"])
    for number in range(1, count + 1):
        suffix = str(number) if number > 1 else ""
        for person, field in ((signer, "Signer"), ("Sở A", "Agency")):
            signed = authority.sign(signed, person, field=f"{field}{suffix}")
    verdict = signature.inspect(signed, given, [authority.der])
    assert (verdict.state, verdict.problem) == (signature.VALID, "")
    told = signature.find_signed(verdict.signers, signer, verdict.pages)
    assert (told.signer, told.agency, list(told.gaps)) == (count, count, [])


@pytest.mark.parametrize(
    "name", [n for n in PDF_CASES if n.startswith(("recognition", "notice"))]
)
def test_a_total_stands_with_a_row_before_it(pdfs, name):
    rows = context(name)["entries" if name.startswith("recognition") else "units"]
    (page,) = (text for text, _high, _size in pages(pdfs[name]) if "Tổng cộng" in text)
    above = page.partition("Tổng cộng")[0].split()
    # the number of the last row, beside what goes on from the page before
    assert str(len(rows)) in above


@functools.cache
def kind_names(kind):
    """Return what the template of a kind prints."""
    return docx_template.placeholders(template(kind), kind)


@pytest.mark.parametrize(
    "name", [n for n in PDF_CASES if n.startswith(("plan", "minutes"))]
)
def test_signature_is_on_one_page(pdfs, name):
    signature = context(name)["signature"]
    last, _highest, _size = pages(pdfs[name])[-1]
    assert signature["name"] in last
    assert signature["position"].split()[0] in last
