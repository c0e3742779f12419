"""Pictures as they look on paper: what is see-through in them is white."""

import io

#: What is held by 16 bits is read as if 8 were all, and becomes white.
_DEEP = "I"
_MOST = 255


def on_white(picture):
    """Return a picture of Pillow in plain colours, with white behind it.

    Pillow's own conversion shows the colour that a program has left below what can't
    be seen, mostly black.
    """
    # heavy, and needed here alone
    from PIL import Image

    if picture.mode.startswith(f"{_DEEP};"):
        # in any order of its bytes
        picture = picture.convert(_DEEP)
    if picture.mode.startswith(_DEEP) and picture.getextrema()[1] > _MOST:
        picture = picture.point(lambda value: value * (1 / (_MOST + 1))).convert("L")
    if not is_transparent(picture):
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear.convert("RGB"), mask=clear.getchannel("A"))
    return ground


def is_transparent(picture) -> bool:
    """Tell whether something of a picture may be see-through."""
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def flatten(content: bytes, most: float) -> bytes:
    """Return the file of a picture that isn't a JPEG as a PNG on white, upright.

    A JPEG, what can't be read and what is too large are returned as they are, for
    whoever refuses them.

    :param most: pixels
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.format == "JPEG" or picture.width * picture.height > most:
                return content
            flat = on_white(ImageOps.exif_transpose(picture))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return content
    target = io.BytesIO()
    # small enough: it is written anew by whoever asked
    flat.save(target, "PNG", compress_level=1)
    return target.getvalue()


def coloured(content: bytes) -> bytes:
    """Return a picture in greys that is see-through in part as one in colours.

    Odoo, where it makes one smaller, leaves out what was see-through of the first and
    keeps it of the second. Anything else is returned as it is.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.mode not in ("LA", "PA"):
                return content
            clear = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return content
    target = io.BytesIO()
    clear.save(target, "PNG")
    return target.getvalue()
