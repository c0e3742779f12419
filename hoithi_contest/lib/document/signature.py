"""Digital signatures of issued papers: where they stand, and what one is worth.

Nothing here signs: private keys lie on the tokens of their owners. What comes back
from there is compared with the paper that was given out, byte by byte: a signature is
an addition at the end of the file, so whatever was signed begins with the paper itself.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from ..guard.texts import fold
from . import tagging

MAX_SIZE = 50 * 1024 * 1024

#: What a signed file is, see `inspect`.
VALID, UNKNOWN, ALTERED, NONE = "valid", "unknown", "altered", "none"
#: Why a file is no signed copy of the paper.
NOT_PDF = "not_pdf"
UNSIGNED = "unsigned"
FOREIGN = "foreign"  # another document, or one that was printed to PDF anew
CHANGED = "changed"  # something besides signatures was added
BROKEN = "broken"  # what was signed isn't what is there
PARTIAL = "partial"  # a part of the file isn't covered

#: What a signed paper still lacks, see `find_signed`.
OTHER_SIGNER = "other_signer"
SIGNER_LACKS = "signer_lacks"
AGENCY_LACKS = "agency_lacks"

_MM = 72 / 25.4
#: The hand's space between title and name, and the agency's mark to its left, in mm
#: (Decree 30/2020, annex I, part II, 7 and 8: the mark covers a third of it).
_SIGNER = (60, 20)
_AGENCY = (26, 26)
#: How far, in mm, the name stands below the signer's title at most.
_BLOCK = 60
#: The mark of a copy: top right of the first page.
_COPY = (60, 14)
#: How far, in points, the mark stands from the edges, and within a certificate's frame.
_EDGE, _FRAME = 10, 36
#: Flags of a form (ISO 32000-1, table 219), told from the start, so that the first
#: signature changes nothing of it.
_SIGNATURES_EXIST, _APPEND_ONLY = 1, 2
#: Flags of a field (ISO 32000-1, table 165): it is printed, and stays where it is.
_PRINT, _LOCKED = 4, 128
#: What a reader is told of the fields.
_LABELS = {
    "Signer": "Chữ ký số của người ký",
    "Agency": "Chữ ký số của cơ quan",
    "Copy": "Chữ ký số trên bản sao",
}


class Unfit(Exception):
    """A file takes no signature fields."""


class Place(NamedTuple):
    """A field for a signature; `box` in points from the lower left of the page."""

    name: str
    page: int
    box: tuple[float, float, float, float]


class Signer(NamedTuple):
    """Who signed, as the certificate says, and when, as the signer's clock did.

    :ivar field: the field of the form that the signature is in
    :ivar page: the page on which that field stands, the first where it stands on none
    """

    name: str
    organisation: str
    moment: datetime | None
    is_trusted: bool
    field: str = ""
    page: int = 0


class Verdict(NamedTuple):
    """What a file is worth as the signed copy of a paper.

    :ivar state: one of the states above
    :ivar problem: why it is refused, one of the constants above; else empty
    :ivar pages: how many the paper has
    """

    state: str
    problem: str = ""
    signers: tuple[Signer, ...] = ()
    pages: int = 1


def find_places(
    content: bytes, name: str, title: str = "", each: bool = False
) -> list[Place]:
    """Return where the decree wants the signatures on a paper.

    :param name: of the signer as printed; without it, or where it isn't found, the
        signature stands on the lower right of the last page
    :param title: what is printed above the name, by which it is told from the same
        name in an annex
    :param each: every page is signed, as a certificate of its own; the fields of the
        second are called “Signer2” and so on
    :raises Unfit: the file isn't what this module made
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unfit(str(error)) from error
    try:
        count = len(document)
        signed = [range(page, page + 1) for page in range(count)]
        found = [
            _find_name(document, name, title, pages)
            for pages in (signed if each else [range(count)])
        ]
        width, height = document[0].get_size()
    finally:
        document.close()
    places = []
    for number, spot in enumerate(found, 1):
        places += _get_pair(*spot, suffix=str(number) if number > 1 else "")
    copy_width, copy_height = (side * _MM for side in _COPY)
    right, top = (side - (_FRAME if each else _EDGE) for side in (width, height))
    box = (right - copy_width, top - copy_height, right, top)
    return [*places, Place("Copy", 0, box)]


def _get_pair(page: int, left: float, bottom: float, right: float, suffix: str):
    """Return the places of signer and agency above a name."""
    middle = (left + right) / 2
    signer_width, signer_height = (side * _MM for side in _SIGNER)
    agency_width, agency_height = (side * _MM for side in _AGENCY)
    low = bottom + 2
    start = middle - signer_width / 2
    # a third of the mark lies over the signature
    mark = start - agency_width * 2 / 3
    return [
        Place(
            f"Signer{suffix}",
            page,
            (start, low, start + signer_width, low + signer_height),
        ),
        Place(
            f"Agency{suffix}",
            page,
            (mark, low, mark + agency_width, low + agency_height),
        ),
    ]


def _find_name(
    document, name: str, title: str, pages: range
) -> tuple[int, float, float, float]:
    """Return page, left, upper edge and right of the last place of `name` on `pages`.

    One that stands below `title` comes before all others.
    """
    found = None
    for number in reversed(pages) if name else ():
        text = document[number].get_textpage()
        heads = _find_boxes(text, title) if title else []
        for left, _bottom, right, top in reversed(_find_boxes(text, name)):
            place = number, left, top, right
            if any(
                0 < head_bottom - top < _BLOCK * _MM
                and head_left < (left + right) / 2 < head_right
                for head_left, head_bottom, head_right, _head_top in heads
            ):
                return place
            found = found or place
    if found:
        return found
    last = pages[-1]
    width, _height = document[last].get_size()
    return last, width * 0.55, 30 * _MM, width - 20 * _MM


def _find_boxes(text, words: str) -> list[tuple[float, float, float, float]]:
    """Return the boxes around whole words of a page, in the order of the text."""
    finder, boxes = text.search(words, match_case=True, match_whole_word=True), []
    while hit := finder.get_next():
        index, count = hit
        signs = [text.get_charbox(i) for i in range(index, index + count)]
        signs = [sign for sign in signs if sign[2] > sign[0]]
        if signs:
            left, bottom, right, top = zip(*signs, strict=True)
            boxes.append((min(left), min(bottom), max(right), max(top)))
    return boxes


def add_fields(content: bytes, places: Iterable[Place]) -> bytes:
    """Return a paper with empty fields for its signatures.

    They are in the structure of a tagged file, with a name to be read. One without tags
    claims to be PDF/UA no more.

    :raises Unfit: the file isn't what this module made
    """
    import pikepdf

    try:
        document = pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError as error:
        raise Unfit(str(error)) from error
    with document:
        if any("/Contents" not in page for page in document.pages):
            raise Unfit("a page on which nothing is drawn")
        # one that an earlier form of the file brought along is none of this paper's
        document.Root.AcroForm = pikepdf.Dictionary(
            Fields=pikepdf.Array(), SigFlags=_SIGNATURES_EXIST | _APPEND_ONLY
        )
        is_tagged = tagging.is_tagged(document)
        for number in sorted({place.page for place in places}):
            page = document.pages[number]
            here = [place for place in places if place.page == number]
            fields = [_add_field(document, page, place) for place in here]
            if is_tagged:
                tagging.add_to_structure(document, fields, page)
        if not is_tagged and "/Metadata" in document.Root:
            with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
                metadata.pop("pdfuaid:part", None)
        buffer = io.BytesIO()
        document.save(buffer)
    return buffer.getvalue()


def _add_field(document, page, place: Place):
    """Return a new field of a page."""
    import pikepdf

    left, low, right, high = (round(side) for side in place.box)
    # an archive's format wants an appearance, which is nothing: a frame would be
    # printed on the paper that is signed by hand
    empty = document.make_stream(
        b"",
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, right - left, high - low],
    )
    field = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T=pikepdf.String(place.name),
            TU=pikepdf.String(_LABELS[_get_role(place.name)]),
            F=_PRINT | _LOCKED,
            Rect=[left, low, right, high],
            P=page.obj,
            AP=pikepdf.Dictionary(N=empty),
        )
    )
    if "/Annots" not in page:
        page.Annots = pikepdf.Array()
    page.Annots.append(field)
    document.Root.AcroForm.Fields.append(field)
    return field


def _get_role(field: str) -> str:
    """Return what is signed in a field, whichever certificate of the file it is on."""
    return field.rstrip("0123456789")


def without_form(content: bytes) -> bytes:
    """Return a paper to be looked at: without its form, hence without its fields."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if "/AcroForm" not in document.Root:
                return content
            del document.Root.AcroForm
            buffer = io.BytesIO()
            document.save(buffer)
    except pikepdf.PdfError:
        return content
    return buffer.getvalue()


def inspect(
    signed: bytes,
    paper: bytes,
    anchors: Sequence[bytes] = (),
    moment: datetime | None = None,
) -> Verdict:
    """Return what `signed` is worth as the signed copy of `paper`.

    :param signed: the file that came back
    :param paper: the file that was given out to be signed
    :param anchors: certificates (DER) whose signatures are trusted
    :param moment: when it is known to have been there already, as certificates expire
        (with its zone); by default now
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import SigningError

    if not signed.startswith(b"%PDF-") or len(signed) > MAX_SIZE:
        return Verdict(NONE, NOT_PDF)
    try:
        reader = PdfFileReader(io.BytesIO(signed))
        if not reader.embedded_regular_signatures:
            return Verdict(NONE, UNSIGNED)
        if not signed.startswith(paper):
            return Verdict(NONE, FOREIGN)
        original = PdfFileReader(io.BytesIO(paper))
        verdict = _judge(reader, anchors, moment)._replace(
            pages=int(original.root["/Pages"]["/Count"])
        )
        if verdict.problem or _only_signs(reader, original.xrefs.total_revisions):
            return verdict
        return Verdict(ALTERED, CHANGED)
    except (
        *(PdfError, SigningError, ValueError, KeyError, IndexError, TypeError),
        AttributeError,
    ):
        # whatever pyHanko stumbles over in a damaged file
        return Verdict(NONE, NOT_PDF)


def _only_signs(reader, original: int) -> bool:
    """Tell whether nothing but signatures was added after a revision."""
    from pyhanko.sign.diff_analysis import (
        DEFAULT_DIFF_POLICY,
        ModificationLevel,
        SuspiciousModification,
    )

    try:
        result = DEFAULT_DIFF_POLICY.review_file(
            reader, reader.get_historical_resolver(original - 1)
        )
    except SuspiciousModification:
        return False
    if isinstance(result, SuspiciousModification):
        return False
    return result.modification_level <= ModificationLevel.FORM_FILLING


def _find_pages(reader) -> dict:
    """Return the page of each field of a file, by what the field is referred to."""
    found = {}
    for number in range(int(reader.root["/Pages"]["/Count"])):
        page, _resources = reader.find_page_for_modification(number)
        for note in page.get_object().get("/Annots", ()):
            widget = note.get_object()
            # where it is drawn in several places, its widgets are below it
            field = widget if "/T" in widget else widget.get("/Parent", widget)
            found.setdefault(field.container_ref, number)
    return found


def _judge(reader, anchors: Sequence[bytes], moment) -> Verdict:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    signers = []
    signatures, pages = reader.embedded_regular_signatures, _find_pages(reader)
    for signature in signatures:
        # looked up for each anew, as a context remembers; never over the network
        context = ValidationContext(
            trust_roots=[Certificate.load(anchor) for anchor in anchors],
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=moment,
        )
        status = validate_pdf_signature(signature, signer_validation_context=context)
        if not (status.intact and status.valid):
            return Verdict(ALTERED, BROKEN)
        if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            return Verdict(ALTERED, PARTIAL)
        subject = status.signing_cert.subject.native
        signers.append(
            Signer(
                _first(subject.get("common_name")),
                _first(subject.get("organization_name")),
                status.signer_reported_dt,
                bool(status.trusted),
                signature.field_name or "",
                pages.get(signature.sig_field.container_ref, 0),
            )
        )
    last = signatures[-1]
    last.compute_integrity_info()
    if last.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return Verdict(ALTERED, PARTIAL)
    trusted = all(signer.is_trusted for signer in signers)
    return Verdict(VALID if trusted else UNKNOWN, "", tuple(signers))


class Signed(NamedTuple):
    """What of a paper is signed.

    :ivar signer: on how many of its pages its signer has signed
    :ivar agency: on how many the agency has
    :ivar gaps: what lacks still: of `OTHER_SIGNER`, `SIGNER_LACKS`, `AGENCY_LACKS`
    """

    signer: int
    agency: int
    gaps: tuple[str, ...]


def find_signed(signers: Iterable[Signer], name: str, pages: int = 1) -> Signed:
    """Return what of a paper its signer and the agency have signed.

    A signing program may leave the paper's fields alone and add one of its own: what
    bears the signer's name is then the signer's, and anything else the agency's.

    :param name: of the signer as printed, where degrees may stand before it; without
        it whoever signs is taken for the signer
    :param pages: how many are signed each, as certificates of their own; on one alone
        a signature may stand anywhere
    """
    filled: dict[str, set[int]] = {role: set() for role in _LABELS}
    is_other = False
    for signer in signers:
        page = signer.page if pages > 1 else 0
        is_named = not name or _is_same_name(signer.name, name)
        role = _get_role(signer.field)
        if role not in filled:
            is_signers = is_named and (name or page not in filled["Signer"])
            role = "Signer" if is_signers else "Agency"
        is_other = is_other or (role == "Signer" and not is_named)
        filled[role].add(page)
    counts = {role: len(found) for role, found in filled.items()}
    gaps = [
        *([OTHER_SIGNER] if is_other else []),
        *([SIGNER_LACKS] if counts["Signer"] < pages else []),
        *([AGENCY_LACKS] if counts["Agency"] < pages else []),
    ]
    return Signed(counts["Signer"], counts["Agency"], tuple(gaps))


def _is_same_name(certified: str, printed: str) -> bool:
    """Tell whether one name is in the other, word by word; certificates lack marks."""
    first, second = f" {fold(certified)} ", f" {fold(printed)} "
    return first.strip() != "" and (first in second or second in first)


def _first(value) -> str:
    """Return a name of a certificate, of which there may be several."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return value or ""
