"""A PDF made anew from the pages of another: what they show, and nothing else.

A page that holds more than can be carried is drawn instead, as a picture.
"""

from collections.abc import Iterable
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image
from pypdfium2 import raw

from . import images, names
from .carry import Carrier, Unplain, inherited, read
from .limits import MAX_PAGES, CopyFailed

#: Points of an A4 page's long side; pictures are fitted to it.
_A4 = 842
#: Resolution and largest number of pixels of a page that is drawn.
_DPI = 150
_DRAWN_PIXELS = 12_000_000
#: Radians by which the letters of one line may differ.
_TURN = 0.1


def rebuild(
    source: Path,
    target: Path,
    secrets: Iterable[names.Secret] = (),
    blacken: bool = False,
) -> dict:
    """Write a copy of the pages of `source` to `target`.

    :param secrets: what is looked for in the text of the pages
    :param blacken: paint over its places; such a page becomes a picture
    :return: `pages`, their number; `found`, {kind, text, page} of each place of a
        secret; `unread`, the numbers of pages without text, where nothing can be found;
        `drawn`, the numbers of pages that became pictures
    :raises CopyFailed: where no copy can be made
    """
    flat = target.with_suffix(".flat.pdf")
    try:
        layered = _flatten(source, flat)
        with (
            pikepdf.open(flat) as pdf,
            closing(pypdfium2.PdfDocument(flat)) as view,
        ):
            return _copy_pages(pdf, view, target, layered, list(secrets), blacken)
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise CopyFailed("broken", str(error)) from error
    finally:
        flat.unlink(missing_ok=True)


def picture_pages(content: bytes, target: Path) -> None:
    """Write a PDF with a page for each frame of a picture.

    :raises CopyFailed: where it can't be read or is too large
    """
    with pikepdf.new() as pdf:
        for frame in images.frames(content):
            scale = min(1, _A4 / max(frame.size))
            _add_picture(pdf, frame, frame.width * scale, frame.height * scale)
        if not pdf.pages:
            raise CopyFailed("broken")
        pdf.save(target)


def _flatten(source: Path, flat: Path) -> bool:
    """Write `source` without annotations, what is filled into its forms being drawn.

    :return: whether layers may hide something
    """
    try:
        pdf = pikepdf.open(source)
    except pikepdf.PasswordError as error:
        raise CopyFailed("locked") from error
    with pdf:
        if len(pdf.pages) > MAX_PAGES:
            raise CopyFailed("pages")
        if not pdf.pages:
            raise CopyFailed("broken")
        form = pdf.Root.get("/AcroForm")
        has_form = isinstance(form, Dictionary)
        if has_form:
            if "/XFA" in form:
                del form["/XFA"]
            if form.get("/NeedAppearances") is True:
                with suppress(pikepdf.PdfError, ValueError):
                    pdf.generate_appearance_streams()
        for page in pdf.pages:
            _drop_annotations(page.obj)
        if has_form:
            with suppress(pikepdf.PdfError, ValueError):
                pdf.flatten_annotations("screen")
        for page in pdf.pages:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
        layers = pdf.Root.get("/OCProperties")
        # the pages alone: the rest would be read again, and drawn by nothing
        for key in list(pdf.Root.keys()):
            if key not in ("/Type", "/Pages", "/OCProperties"):
                del pdf.Root[key]
        pdf.save(flat)
        return _may_hide(layers)


def _drop_annotations(page) -> None:
    annotations = page.get("/Annots")
    if not isinstance(annotations, Array):
        if annotations is not None:
            del page["/Annots"]
        return
    page["/Annots"] = Array(
        [
            annotation
            for annotation in annotations
            if isinstance(annotation, Dictionary)
            and annotation.get("/Subtype") == Name.Widget
            and inherited(annotation, "/FT") != Name.Sig
        ]
    )


def _may_hide(layers) -> bool:
    if not isinstance(layers, Dictionary):
        return False
    shown = layers.get("/D")
    return not isinstance(shown, Dictionary) or bool(
        "/AS" in shown
        or shown.get("/BaseState", Name.ON) != Name.ON
        or (isinstance(shown.get("/OFF"), Array) and len(shown["/OFF"]))
    )


def _copy_pages(source, view, target, layered, secrets, blacken) -> dict:
    report = {"pages": len(source.pages), "found": [], "unread": [], "drawn": []}
    places = {}
    with pikepdf.new() as pdf:
        carrier = Carrier(pdf, layered)
        for index, page in enumerate(source.pages):
            found, is_read = _search(view, index, secrets)
            places[index] = [box for _place, boxes in found for box in boxes]
            report["found"] += [
                {**place.secret._asdict(), "page": index + 1} for place, _boxes in found
            ]
            if not is_read:
                report["unread"].append(index + 1)
            listed = {place.secret for place, _boxes in found}
            # what the reader of the text doesn't come upon, as it lies beside the page
            hidden = names.letters_of(set(secrets) - listed)
            if not (blacken and found) and _carried(carrier, page, hidden):
                continue
            report["drawn"].append(index + 1)
            _draw(pdf, view, index, places[index] if blacken else ())
        pdf.save(target)
    if _names_beside_text(target, secrets):
        # in a font or the like: pictures of the pages hold nothing of it
        with pikepdf.new() as pdf:
            for index, boxes in places.items():
                _draw(pdf, view, index, boxes if blacken else ())
            pdf.save(target)
        report["drawn"] = [index + 1 for index in places]
    return report


def _carried(carrier: Carrier, page, hidden: set[bytes]) -> bool:
    try:
        carrier.carry(page, hidden)
    except (
        Unplain,
        pikepdf.PdfError,
        # what a broken page holds where something else belongs
        *(AttributeError, IndexError, KeyError, TypeError, ValueError),
    ):
        return False
    return True


# PAGES AS PICTURES


def _add_picture(pdf, picture: Image.Image, width: float, height: float) -> None:
    image = Stream(pdf, images.to_jpeg(picture))
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = picture.size
    image.ColorSpace = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
    image.BitsPerComponent = 8
    image.Filter = Name.DCTDecode
    content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /X0 Do Q".encode()
    page = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, round(width, 2), round(height, 2)],
        Resources=Dictionary(XObject=Dictionary(X0=pdf.make_indirect(image))),
        Contents=pdf.make_stream(content),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _draw(pdf, view, index, boxes) -> None:
    picture, size = _render(view, index, boxes)
    _add_picture(pdf, picture, *size)


def _render(view, index, boxes):
    """Draw a page with black boxes on it; return the picture and the size in points."""
    try:
        page = view[index]
        width, height = page.get_size()
        if not (0 < width < 20000 and 0 < height < 20000):
            raise CopyFailed("broken", f"page {index + 1}")
        scale = min(_DPI / 72, (_DRAWN_PIXELS / (width * height)) ** 0.5)
        bitmap = page.render(scale=scale, may_draw_forms=False)
    except pypdfium2.PdfiumError as error:
        raise CopyFailed("broken", f"page {index + 1}") from error
    place = bitmap.get_posconv(page)
    picture = bitmap.to_pil().convert("RGB")
    for left, bottom, right, top in boxes:
        corners = [place.to_bitmap(left, bottom), place.to_bitmap(right, top)]
        x, y = zip(*corners, strict=True)
        edges = (min(x) - 3, min(y) - 3, max(x) + 4, max(y) + 4)
        picture.paste((0, 0, 0), tuple(map(int, edges)))
    page.close()
    return picture, (width, height)


def _search(view, index, secrets):
    """Return (place, boxes in points) of each secret on a page, and whether it can be
    read at all."""
    try:
        page = view[index]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return [], False
    codes = (raw.FPDFText_GetUnicode(text, n) for n in range(text.count_chars()))
    characters = [chr(code) if 0 < code < 0x110000 else " " for code in codes]
    angles = [raw.FPDFText_GetCharAngle(text, n) for n in range(len(characters))]
    for number, (one, other) in enumerate(pairwise(angles)):
        if abs(other - one) > _TURN:
            # nothing parts it from what is written in another direction
            characters[number] += " "
            characters[number + 1] = " " + characters[number + 1]
    found = []
    for place in names.find(characters, secrets):
        boxes: list[tuple[float, ...]] = []
        for number in range(place.start, place.end):
            if characters[number].isspace():
                continue
            box = text.get_charbox(number, loose=True)
            if boxes and _is_same_line(boxes[-1], box):
                # with the gap, whose width would tell of the words
                box = _around(boxes.pop(), box)
            boxes.append(box)
        found.append((place, boxes))
    has_text = sum(map(str.isalnum, characters)) >= 3
    is_empty = not has_text and not any(True for _o in page.get_objects(max_depth=2))
    text.close()
    page.close()
    return found, has_text or is_empty


def _is_same_line(one, other) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    height = min(one[3] - one[1], other[3] - other[1])
    return overlap > height / 2 and other[0] - one[2] < 4 * max(height, 1)


def _around(one, other) -> tuple[float, ...]:
    low = (min(pair) for pair in zip(one[:2], other[:2], strict=True))
    high = (max(pair) for pair in zip(one[2:], other[2:], strict=True))
    return (*low, *high)


def _names_beside_text(path: Path, secrets) -> bool:
    """Tell whether a name stands anywhere in a PDF but in what its pages show."""
    plain = names.letters_of(secrets)
    needles = [
        needle
        for secret in secrets
        if len(secret.text) > 5
        for needle in {
            secret.text.encode(),
            secret.text.encode("utf-16-be"),
            secret.text.encode("latin-1", "ignore"),
        }
        if len(needle) > 5
    ]
    with pikepdf.open(path) as pdf:
        contents = {page.Contents.objgen for page in pdf.pages if "/Contents" in page}
        for item in pdf.objects:
            if isinstance(item, Dictionary | Array):
                # a glyph has a name as well
                told = names.letters(item.unparse(resolved=True))
                if any(needle in told for needle in plain):
                    return True
            if not isinstance(item, Stream) or item.objgen in contents:
                continue
            if item.get("/Subtype") in (Name.Form, Name.Image):
                continue
            content = read(item)
            if any(needle in content for needle in needles):
                return True
            told = names.letters(content)
            if any(needle in told for needle in plain):
                return True
    return False
