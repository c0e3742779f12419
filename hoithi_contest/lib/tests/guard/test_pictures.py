"""What is see-through of a picture is white, whatever program left below it."""

import io

import pytest
from PIL import Image

from ...guard import pictures

#: Kinds of PNG in which all is see-through, and black where a program looks below.
CLEAR = {
    "RGBA": ((0, 0, 0, 0), {}),
    "LA": ((0, 0), {}),
    "RGB": ((0, 0, 0), {"transparency": (0, 0, 0)}),
    "L": (0, {"transparency": 0}),
    "1": (0, {"transparency": 0}),
    "P": (0, {"transparency": 0}),
}


def save(mode, colour, form="PNG", size=(4, 2), **options):
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, form, **options)
    return target.getvalue()


def first(content):
    with Image.open(io.BytesIO(content)) as picture:
        return picture.mode, picture.getpixel((0, 0))


@pytest.mark.parametrize("mode", CLEAR)
def test_what_is_seen_through_is_white(mode):
    colour, options = CLEAR[mode]
    content = save(mode, colour, **options)
    with Image.open(io.BytesIO(content)) as picture:
        flat = pictures.on_white(picture)
    assert (flat.mode, flat.size, flat.getpixel((0, 0))) == (
        *("RGB", (4, 2)),
        (255, 255, 255),
    )
    assert first(pictures.flatten(content, 8)) == ("RGB", (255, 255, 255))


def test_half_of_it_is_mixed_with_white():
    flat = pictures.on_white(Image.new("RGBA", (1, 1), (0, 0, 0, 51)))
    assert flat.getpixel((0, 0)) == (204, 204, 204)


def test_what_is_not_see_through_is_as_it_was():
    for mode, colour, told in (
        ("RGB", (1, 2, 3), (1, 2, 3)),
        ("L", 7, (7, 7, 7)),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
        # 16 bits, half as bright as can be
        ("I", 0x8000, (128, 128, 128)),
        ("I", 200, (200, 200, 200)),
        ("I;16", 0x8000, (128, 128, 128)),
        # as a TIFF of another machine has it
        ("I;16B", 0x8000, (128, 128, 128)),
    ):
        flat = pictures.on_white(Image.new(mode, (1, 1), colour))
        assert flat.getpixel((0, 0)) == told, mode


def test_a_flat_file_is_upright_and_others_stay():
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = save("RGBA", (0, 0, 0, 0), exif=exif.tobytes())
    with Image.open(io.BytesIO(pictures.flatten(turned, 8))) as picture:
        assert picture.size == (2, 4)
        assert not picture.getexif()
    for content in (
        save("RGB", (1, 2, 3), "JPEG"),
        *(b"", b"no picture", b"<svg/>", turned[:60]),
        save("RGBA", (0, 0, 0, 0), size=(3, 3)),
    ):
        assert pictures.flatten(content, 8) == content


def test_greys_that_are_seen_through_become_colours():
    """As Odoo keeps these alone when it makes a logo smaller."""
    assert first(pictures.coloured(save("LA", (9, 0)))) == ("RGBA", (9, 9, 9, 0))
    for content in (save("RGBA", (1, 2, 3, 4)), save("L", 7), b"", b"no picture"):
        assert pictures.coloured(content) == content
