import io

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from ...document import signature
from .authority import Authority

NAME = "Dam Quoc Vuong"


def paper(text="So: 05/KH-STNMT"):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawString(80, 700, text)
    canvas.showPage()
    canvas.drawString(350, 200, NAME)
    canvas.showPage()
    canvas.save()
    content = buffer.getvalue()
    return signature.add_fields(content, signature.find_places(content, NAME))


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def given():
    return paper()


@pytest.fixture(scope="module")
def signed(authority, given):
    return authority.sign(given, "Đàm Quốc Vượng", "Sở Tài nguyên và Môi trường")


def test_fields_stand_where_the_decree_wants_them(given):
    with pikepdf.open(io.BytesIO(given)) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
        assert set(fields) == {"Signer", "Agency", "Copy"}
        assert fields["Signer"].P.objgen == document.pages[1].objgen
        signer = [float(side) for side in fields["Signer"].Rect]
        agency = [float(side) for side in fields["Agency"].Rect]
        copy = [float(side) for side in fields["Copy"].Rect]
        assert fields["Copy"].P.objgen == document.pages[0].objgen
    # above the name
    assert signer[0] < 350 < signer[2] and 200 < signer[1] < 230
    # a third of the mark over the signature
    width = agency[2] - agency[0]
    assert agency[0] < signer[0]
    assert agency[2] - signer[0] == pytest.approx(width / 3, abs=2)
    # top right
    assert copy[2] > 560 and copy[3] > 800


def test_what_is_looked_at_has_no_form(given):
    """A form would make a browser's viewer ask for scripts."""
    shown = signature.without_form(given)
    with pikepdf.open(io.BytesIO(shown)) as document:
        assert "/AcroForm" not in document.Root
        assert len(document.pages) == 2
    assert signature.without_form(shown) == shown
    assert signature.without_form(b"no file") == b"no file"


def test_a_name_that_is_not_there_leaves_the_end_of_the_paper(given):
    for name in ("", "Nguyen Khong Co"):
        places = {place.name: place for place in signature.find_places(given, name)}
        assert places["Signer"].page == 1
        assert places["Signer"].box[0] > 250


def test_valid_and_unknown(authority, given, signed):
    verdict = signature.inspect(signed, given, [authority.der])
    assert (verdict.state, verdict.problem) == (signature.VALID, "")
    [signer] = verdict.signers
    assert signer.name == "Đàm Quốc Vượng"
    assert signer.organisation == "Sở Tài nguyên và Môi trường"
    assert signer.moment and signer.is_trusted
    for anchors in ([], [Authority("CA khác").der]):
        verdict = signature.inspect(signed, given, anchors)
        assert verdict.state == signature.UNKNOWN
        assert not verdict.signers[0].is_trusted


def test_signer_and_agency(authority, given, signed):
    both = authority.sign(signed, "Sở Tài nguyên và Môi trường", field="Agency")
    verdict = signature.inspect(both, given, [authority.der])
    assert verdict.state == signature.VALID
    assert len(verdict.signers) == 2
    other = Authority("CA khác").sign(signed, "Kẻ lạ", field="Agency")
    assert signature.inspect(other, given, [authority.der]).state == signature.UNKNOWN


def test_what_is_refused(authority, given, signed):
    def problem(content):
        return signature.inspect(content, given, [authority.der]).problem

    assert problem(b"MZ\x90\x00 an exe") == signature.NOT_PDF
    assert problem(b"") == signature.NOT_PDF
    assert problem(b"%PDF-1.7 broken") == signature.NOT_PDF
    assert problem(given) == signature.UNSIGNED
    other = paper("So: 06/KH-STNMT")
    assert problem(authority.sign(other, "Đàm Quốc Vượng")) == signature.FOREIGN
    # written anew by a program
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as document:
        document.save(buffer)
    assert problem(buffer.getvalue()) == signature.FOREIGN


def test_what_was_altered(authority, given, signed):
    def judge(content):
        return signature.inspect(content, given, [authority.der])

    # a byte of what was signed, in the part that was added
    at = signed.index(b"/Type", len(given))
    broken = signed[:at] + b"/Typf" + signed[at + 5 :]
    assert judge(broken).problem in (signature.BROKEN, signature.NOT_PDF)
    assert judge(broken).state != signature.VALID
    # a page that was painted over before it was signed
    assert judge(authority.sign(painted(given), "A")).problem == signature.CHANGED
    # … and after
    assert judge(painted(signed)).state == signature.ALTERED


def painted(content):
    """Return a paper with something added to its first page, at the end of the file."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    stream = generic.StreamObject(stream_data=b"0 0 m 300 300 l S")
    writer.add_stream_to_page(0, writer.add_object(stream))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
