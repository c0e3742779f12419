"""What files say of the standard that they keep to."""

import io

import pikepdf
import pytest

from ...document import tagging

RDF = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">%s</rdf:Description></rdf:RDF>
</x:xmpmeta>"""
PART = "<pdfaid:part>%s</pdfaid:part>"
CONFORMANCE = "<pdfaid:conformance>B</pdfaid:conformance>"


def write(told=None):
    """Return a file of a page with something that tells of it."""
    document = pikepdf.new()
    document.add_blank_page()
    if isinstance(told, str):
        stream = pikepdf.Stream(document, (RDF % told).encode())
        stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        document.Root.Metadata = stream
    elif told is not None:
        document.Root.Metadata = told
    target = io.BytesIO()
    # which would read what tells of the file
    document.save(target, fix_metadata_version=False)
    return target.getvalue()


@pytest.mark.parametrize(
    ("told", "standard"),
    [
        (None, ""),
        (PART % 2 + CONFORMANCE, "PDF/A-2b"),
        (PART % 4, "PDF/A-4"),
        (PART % 2, ""),
    ],
)
def test_what_a_file_claims(told, standard):
    assert tagging.get_standard(write(told)) == standard


@pytest.mark.parametrize(
    "told",
    [
        PART % "<rdf:Bag><rdf:li>2</rdf:li></rdf:Bag>" + CONFORMANCE,
        pikepdf.Dictionary(Of=1),
        pikepdf.Array([1]),
        pikepdf.String("PDF/A"),
    ],
)
def test_what_is_told_in_another_shape_claims_nothing(told):
    """Files from elsewhere are of any: none of them may end what is being made."""
    assert tagging.get_standard(write(told)) == ""


@pytest.mark.parametrize("content", [b"PK", b"%PDF-1.7 and nothing"])
def test_other_files_claim_nothing(content):
    assert tagging.get_standard(content) == ""
