"""Pictures without what stands in their files besides the picture."""

import io
from collections.abc import Iterator

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ...guard import pictures
from .limits import MAX_PIXELS, CopyFailed

#: Frames of an animated or many-paged picture that become pages.
_MAX_FRAMES = 20
#: Markers of a JPEG that the picture itself needs: tables, frames, scans, restarts.
_TABLES = {0xDB, 0xC4, 0xCC, 0xDD, 0xDC, 0xDA}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ADOBE = 0xEE


def strip_jpeg(content: bytes) -> bytes:
    """Return a JPEG with nothing but what decodes the picture.

    :raises ValueError: where it isn't one
    """
    if content[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    parts, position, scanned = [b"\xff\xd8"], 2, False
    while True:
        if content[position : position + 1] != b"\xff":
            raise ValueError("no marker")
        while content[position : position + 1] == b"\xff":
            position += 1
        marker = content[position]
        position += 1
        if marker == 0xD9:
            break
        length = int.from_bytes(content[position : position + 2], "big")
        segment = content[position : position + length]
        if length < 2 or len(segment) < length:
            raise ValueError("cut off")
        position += length
        if marker in _TABLES or marker in _FRAMES:
            parts.append(bytes((0xFF, marker)) + segment)
        elif marker == _ADOBE and segment[2:7] == b"Adobe" and length >= 14:
            # tells how the colours are kept
            parts.append(b"\xff\xee\x00\x0e" + segment[2:14])
        if marker == 0xDA:
            scanned = True
            end = _end_of_scan(content, position)
            parts.append(content[position:end])
            position = end
    if not scanned:
        raise ValueError("no picture")
    return b"".join([*parts, b"\xff\xd9"])


def _end_of_scan(content: bytes, position: int) -> int:
    while True:
        position = content.find(b"\xff", position)
        if position < 0 or position + 1 >= len(content):
            raise ValueError("cut off")
        following = content[position + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return position
        position += 1 if following == 0xFF else 2


def frames(content: bytes) -> Iterator[Image.Image]:
    """Yield each frame of a picture, upright, in grey or colour, on white.

    :raises CopyFailed: where it can't be read or is too large
    """
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise CopyFailed("size")
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number == _MAX_FRAMES:
                    break
                yield _flatten(ImageOps.exif_transpose(frame))
                if image.format not in ("TIFF", "WEBP"):
                    # the rest of an animation is no page
                    break
    except Image.DecompressionBombError as error:
        raise CopyFailed("size") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise CopyFailed("broken", str(error)) from error


def _flatten(image: Image.Image) -> Image.Image:
    is_grey = image.mode in ("1", "L", "I;16", "I", "F")
    flat = pictures.on_white(image)
    flat = flat.convert("L") if is_grey else flat
    # a picture of its own, without the notes of the file
    clean = Image.new(flat.mode, flat.size)
    clean.paste(flat)
    return clean


def to_jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """Return a picture as a JPEG without notes."""
    output = io.BytesIO()
    image.save(output, format="JPEG", quality=quality, exif=b"")
    return strip_jpeg(output.getvalue())


def reencode(content: bytes) -> bytes:
    """Return a picture in its own format, made anew from its pixels.

    :raises CopyFailed: where it can't be read, is too large, or can't be written
    """
    try:
        with Image.open(io.BytesIO(content)) as image:
            kind = "JPEG" if image.format == "JPEG" else "PNG"
        frame = next(frames(content))
    except (UnidentifiedImageError, OSError, StopIteration) as error:
        raise CopyFailed("broken", str(error)) from error
    if kind == "JPEG":
        return to_jpeg(frame, 90)
    output = io.BytesIO()
    frame.save(output, format="PNG")
    return output.getvalue()
