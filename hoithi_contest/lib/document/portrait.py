"""The photograph of 4 × 6 cm that a registration form prints."""

import base64
import io
import struct

from ..guard import pictures

#: Its width in mm on the form.
WIDTH = 40
#: Its pixels: 150 to an inch, which the form is read and printed at.
_SIZE = (236, 354)
#: Pixels of what was uploaded: what costs more isn't a photograph of a person.
_MAX_PIXELS = 50_000_000
#: Where the face is, from the top.
_FACE = 0.4


def frame(content: bytes, text: str) -> dict[str, str | float]:
    """Return a photograph, cut to the form's measure, as contexts have pictures.

    :param content: a JPEG or PNG file
    :param text: what it says to those who don't see it
    :return: nothing of a picture, where the file can't be read as one
    """
    # heavy, and asked for only while a form is made
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                return nothing()
            picture.draft("RGB", tuple(2 * side for side in _SIZE))
            try:
                # a telephone notes which side is up instead of turning the picture
                upright = ImageOps.exif_transpose(picture)
            except (struct.error, TypeError, KeyError, ValueError, SyntaxError):
                # Pillow stumbles in many ways over notes that it can't read
                upright = picture
            cut = ImageOps.fit(
                pictures.on_white(upright), _SIZE, centering=(0.5, _FACE)
            )
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return nothing()
    buffer = io.BytesIO()
    # nothing of the camera and of the place comes along
    cut.quantize(256).save(buffer, "PNG", optimize=True)
    return {
        "png": base64.b64encode(buffer.getvalue()).decode(),
        "width_mm": WIDTH,
        "text": text,
    }


def nothing() -> dict[str, str | float]:
    """Return what stands for a photograph that nobody gave."""
    return {"png": "", "width_mm": 0, "text": ""}
