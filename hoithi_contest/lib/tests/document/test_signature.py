import datetime
import io
import socket

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


def test_empty_fields_print_nothing(given):
    """The paper may be signed by hand as well: no frame stands where the hand signs."""
    with pikepdf.open(io.BytesIO(given)) as file:
        widgets = [note for page in file.pages for note in page.get("/Annots", ())]
        assert widgets
        # an archive's format asks for an appearance, even if it is empty
        assert {bytes(note.AP.N.read_bytes()).strip() for note in widgets} == {b""}


@pytest.mark.parametrize("claims", [("pdfuaid:part",), ()])
def test_a_paper_without_tags_claims_no_more_than_it_holds(claims):
    """Fields of it have none either: it is PDF/A still, and PDF/UA no more."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        with document.open_metadata() as metadata:
            metadata["pdfaid:part"] = "2"
            for claim in claims:
                metadata[claim] = "1"
        document.save(buffer)
    content = buffer.getvalue()
    fielded = signature.add_fields(content, signature.find_places(content, NAME))
    with pikepdf.open(io.BytesIO(fielded)) as document:
        assert document.Root.Metadata.Type == "/Metadata"
        with document.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert "pdfuaid:part" not in metadata


def test_each_certificate_of_a_file_has_its_fields(authority):
    """A page of each author is a certificate of its own, within a frame."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(842, 595))
    for x in (500, 560):
        canvas.drawString(x, 90, NAME)
        canvas.showPage()
    canvas.save()
    content = buffer.getvalue()
    places = signature.find_places(content, NAME, each=True)
    assert [(place.name, place.page) for place in places] == [
        *(("Signer", 0), ("Agency", 0), ("Signer2", 1), ("Agency2", 1), ("Copy", 0)),
    ]
    assert places[2].box[0] - places[0].box[0] == pytest.approx(60, abs=1)
    assert places[-1].box[2:] == (842 - 36, 595 - 36)
    given = signature.add_fields(content, places)
    signed, lacks = given, [signature.SIGNER_LACKS, signature.AGENCY_LACKS]
    for field, name, found in (
        ("Signer2", NAME, (1, 0, lacks)),
        # the page once more, by a program with fields of its own, without a place
        ("Own", NAME, (2, 0, lacks[1:])),
        ("Agency", "Sở", (2, 1, lacks[1:])),
        ("Agency2", "Sở", (2, 2, [])),
    ):
        signed = authority.sign(signed, name, field=field)
        verdict = signature.inspect(signed, given, [authority.der])
        assert (verdict.state, verdict.pages) == (signature.VALID, 2)
        told = signature.find_signed(verdict.signers, NAME, verdict.pages)
        assert (told.signer, told.agency, list(told.gaps)) == found, field
    assert [signer.page for signer in verdict.signers] == [1, 0, 0, 1]
    # of any other paper one signature is of the whole
    assert signature.find_signed(verdict.signers[:1], NAME).gaps == (
        signature.AGENCY_LACKS,
    )
    once = [verdict.signers[0], verdict.signers[0], verdict.signers[2]]
    assert signature.find_signed(once, NAME, 2)[:2] == (1, 1)


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


def in_millimetres(box):
    return [round(side * 25.4 / 72, 1) for side in box]


def test_spaces_have_the_sizes_of_the_decree(given):
    """A page of 210 by 297 mm whose signer isn't found: at the end, to the right."""
    places = {
        place.name: in_millimetres(place.box)
        for place in signature.find_places(given, "")
    }
    assert places == {
        # 60 by 20, its middle over what is left of the line, 30 above the end
        "Signer": [122.7, 30.7, 182.7, 50.7],
        # 26 by 26, two thirds of it to the left of that
        "Agency": [105.3, 30.7, 131.3, 56.7],
        # 60 by 14, in the corner of the first page
        "Copy": [146.4, 279.5, 206.4, 293.5],
    }


@pytest.mark.parametrize(("x", "y"), [(350, 200), (60, 760)])
def test_the_hand_has_its_space_over_the_name(x, y):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont("Helvetica", 14)
    canvas.drawString(300, 80, NAME.lower())
    canvas.drawString(x, y, NAME)
    canvas.save()
    signer = signature.find_places(buffer.getvalue(), NAME)[0]
    left, low, right, high = signer.box
    middle = x + canvas.stringWidth(NAME, "Helvetica", 14) / 2
    assert (left + right) / 2 == pytest.approx(middle, abs=1)
    # the letters are about 10 points high, and it begins 2 above them
    assert y + 11 < low < y + 14
    assert in_millimetres((right - left, high - low)) == [60, 20]


def test_nothing_is_asked_for_over_the_network(given):
    """A certificate names where it may be revoked, and anybody can make one."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        curious = Authority(revoked_at=f"http://127.0.0.1:{port}/crl")
        signed = curious.sign(given, "Đàm Quốc Vượng")
        verdict = signature.inspect(signed, given, [curious.der])
        assert verdict.state == signature.VALID
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_file_may_have_50_megabytes(authority, given, signed):
    assert signature.MAX_SIZE == 52_428_800
    verdict = signature.inspect(signed + b" " * 52_428_800, given, [authority.der])
    assert verdict == signature.Verdict(signature.NONE, signature.NOT_PDF)


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


@pytest.mark.parametrize("other", [NAME, f"{NAME}g"])
def test_a_name_in_an_annex_is_not_the_signer(other):
    """Nor a longer one: the signer's stands below the title."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawString(360, 300, "GIAM DOC")
    canvas.drawString(350, 200, NAME)
    canvas.showPage()
    canvas.drawString(80, 600, other)
    canvas.save()
    content = buffer.getvalue()
    signer = signature.find_places(content, NAME, "GIAM DOC")[0]
    assert (signer.page, signer.box[1] > 200) == (0, True)
    # without a title the last whole name counts
    assert signature.find_places(content, NAME)[0].page == int(other == NAME)


def test_a_certificate_counts_as_of_the_day_of_its_signature(authority, given, signed):
    now = datetime.datetime.now(datetime.UTC)
    later = now + datetime.timedelta(days=4 * 366)
    for moment, state in ((now, signature.VALID), (later, signature.UNKNOWN)):
        verdict = signature.inspect(signed, given, [authority.der], moment)
        assert verdict.state == state


@pytest.mark.parametrize(
    ("signatures", "gaps"),
    [
        ({"Signer": "Dam Quoc Vuong"}, [signature.AGENCY_LACKS]),
        ({"Agency": "Sở"}, [signature.SIGNER_LACKS]),
        ({"Signer": "Đàm Quốc Vượng", "Agency": "Sở"}, []),
        ({"Signer": "Đàm Quốc Vượn", "Agency": "Sở"}, [signature.OTHER_SIGNER]),
        ({"Signature1": "ĐÀM QUỐC VƯỢNG"}, [signature.AGENCY_LACKS]),
        ({"Signature1": "Sở"}, [signature.SIGNER_LACKS]),
        ({"Signer": "Đàm Quốc Vượng", "X": "Đàm Quốc Vượng"}, [signature.AGENCY_LACKS]),
        ({"Signature1": "Sở", "Signature2": "Đàm Quốc Vượng"}, []),
    ],
)
def test_who_has_not_signed_is_told_by_the_fields(signatures, gaps):
    """By the names, where the signing program added fields of its own."""
    signers = [
        signature.Signer(name, "", None, True, field)
        for field, name in signatures.items()
    ]
    found = signature.find_signed(signers, "ThS. Đàm Quốc Vượng")
    assert list(found.gaps) == gaps


def test_a_signature_tells_its_field(authority, given, signed):
    [signer] = signature.inspect(signed, given, [authority.der]).signers
    assert signer.field == "Signer"
