"""Copies of papers: the paper's pages, and below their end the form of the copy."""

import io
import subprocess

import pikepdf
import pypdfium2
import pytest

from ...document import copying, docx_template, nd30, signature, tagging
from ...document.kinds import KINDS
from ...guard import pdf
from . import accessibility
from .authority import Authority
from .cases import context, render, template

pytestmark = pytest.mark.conversion
NAMES = ("copy-usual", "notice-usual", "report-usual", "score_matrix-usual")


@pytest.fixture(scope="module")
def made():
    documents = {name: render(name) for name in NAMES}
    told = context("copy-usual")
    told["recipients"] = nd30.recipient_lines(
        nd30.Recipient(f"Phòng số {number}") for number in range(90)
    )
    documents["copy-long"] = docx_template.render(template(KINDS["copy"]), told)
    documents = pdf.convert(documents)
    return {name: tagging.mend(content) for name, content in documents.items()}


def texts(content):
    command = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def draw(content, number):
    file = pypdfium2.PdfDocument(content)
    page = file[number % len(file)]
    return page.render(scale=0.5).to_pil().tobytes()


def test_the_form_stands_below_the_end_where_there_is_room(made):
    copy = texts(copying.compose(made["report-usual"], made["copy-usual"], "Sao y"))
    original = texts(made["report-usual"])
    assert len(copy) == len(original)
    assert copy[:-1] == original[:-1]
    last = copy[-1]
    assert last.index("./.") < last.index("SAO Y") < last.index("12/SY-STNMT")


def test_the_form_has_a_page_of_its_own_where_there_is_none(made):
    for name in ("notice-usual", "score_matrix-usual"):
        copy = texts(copying.compose(made[name], made["copy-usual"], "Sao y"))
        original = texts(made[name])
        assert copy[:-1] == original, name
        assert "SAO Y" in copy[-1]


def test_a_form_of_several_pages_stands_whole_on_its_own(made):
    form = texts(made["copy-long"])
    assert len(form) > 1
    content = copying.compose(made["report-usual"], made["copy-long"], "Sao y A")
    original, copy = texts(made["report-usual"]), texts(content)
    assert copy == original + form
    content = signature.add_fields(content, signature.find_places(content, SIGNER))
    with pikepdf.open(io.BytesIO(content)) as file:
        assert accessibility.find_faults(file) == []


def test_nothing_is_drawn_over_the_paper(made):
    """The form lies whole in what the paper's last page leaves free."""
    content = copying.compose(made["report-usual"], made["copy-usual"], "Sao y")
    end, _high = copying._get_ink(made["report-usual"])
    file = pypdfium2.PdfDocument(content)
    page = file[len(file) - 1]
    words = page.get_textpage()
    title = words.search("SAO Y").get_next()
    assert words.get_charbox(title[0])[3] < end
    low, _high = copying._get_ink(content)
    assert low >= 20 * 72 / 25.4 - 1


SIGNER = "Đàm Quốc Vượng"


@pytest.mark.parametrize("name", ["report-usual", "notice-usual"])
def test_a_copy_is_read_aloud_as_its_paper_is(made, name):
    """PDF/A-2b and PDF/UA-1, below the paper as on a page of its own; signed or not."""
    paper = signature.add_fields(made[name], signature.find_places(made[name], SIGNER))
    for original in (made[name], paper, Authority().sign(paper, SIGNER)):
        content = copying.compose(original, made["copy-usual"], "Sao y A")
        places = signature.find_places(content, SIGNER)
        content = signature.add_fields(content, places)
        with pikepdf.open(io.BytesIO(content)) as file:
            assert accessibility.find_faults(file) == []
            with file.open_metadata() as metadata:
                assert metadata["dc:title"] == "Sao y A"
                assert metadata["pdfaid:part"] == "2"
            assert "/OutputIntents" in file.Root
            told = list(accessibility.walk(file.Root.StructTreeRoot))
        words = str(told[-3].ActualText)
        assert words.index("SAO Y") < words.index("12/SY-STNMT") < words.index(SIGNER)
        # then the copy's own fields
        assert [element.S for element in told[-2:]] == ["/Form", "/Form"]


def test_a_copy_of_a_scan_claims_no_more_than_it_holds(made):
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        # a page on which nothing was drawn has nothing to read
        del document.pages[0].Contents
        tagging.strip(document.pages[0])
        # a structure that isn't as LibreOffice makes it
        document.Root.StructTreeRoot = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructTreeRoot,
                K=pikepdf.Array(),
                ParentTree=pikepdf.Dictionary(Nums=pikepdf.Array()),
            )
        )
        with document.open_metadata() as metadata:
            metadata["pdfuaid:part"] = "1"
        document.save(buffer)
    content = copying.compose(buffer.getvalue(), made["copy-usual"], "Sao y")
    content = signature.add_fields(content, signature.find_places(content, SIGNER))
    assert "SAO Y" in texts(content)[-1]
    with pikepdf.open(io.BytesIO(content)) as file, file.open_metadata() as metadata:
        assert "pdfuaid:part" not in metadata


def test_a_scan_that_is_turned_is_followed_by_a_page_of_its_own(made):
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(made["notice-usual"])) as document:
        sides = [float(side) for side in document.pages[-1].mediabox]
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(sides[2], sides[3]))
        page.contents_add(b"40 750 200 40 re f")
        document.save(buffer)
        plain = copying.compose(buffer.getvalue(), made["copy-usual"], "Sao y")
        page.obj.Rotate = 180
        document.save(buffer := io.BytesIO())
    turned = copying.compose(buffer.getvalue(), made["copy-usual"], "Sao y")
    assert [len(texts(plain)), len(texts(turned))] == [1, 2]
    assert "SAO Y" in texts(turned)[-1]


def test_signatures_of_the_paper_are_no_fields_of_the_copy(made):
    paper = signature.add_fields(
        made["report-usual"],
        signature.find_places(made["report-usual"], "Đàm Quốc Vượng"),
    )
    content = copying.compose(paper, made["copy-usual"], "Sao y")
    with pikepdf.open(io.BytesIO(content)) as file:
        assert "/AcroForm" not in file.Root
    # what nobody signed left nothing on the page
    plain = copying.compose(made["report-usual"], made["copy-usual"], "Sao y")
    assert [draw(content, page) for page in (0, -1)] == [
        draw(plain, page) for page in (0, -1)
    ]
    places = signature.find_places(content, "Đàm Quốc Vượng")
    (signer, _agency, mark) = places
    # the copy's own signer, below that of the paper
    (original, *_rest) = signature.find_places(paper, "Đàm Quốc Vượng")
    assert signer.page == original.page
    assert signer.box[1] < original.box[1]
    assert mark.page == 0
    assert signature.add_fields(content, places)


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.4 broken"])
def test_what_cant_be_read_is_told(made, broken):
    with pytest.raises(copying.Unfit):
        copying.compose(broken, made["copy-usual"], "Sao y")
