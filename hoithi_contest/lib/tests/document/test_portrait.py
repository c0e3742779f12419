import base64
import io

import pytest
from PIL import Image

from ...document import portrait


def photograph(size, form="JPEG", **options):
    """The left half red, the right half blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def opened(value):
    return Image.open(io.BytesIO(base64.b64decode(value["png"]))).convert("RGB")


@pytest.mark.parametrize("size", [(400, 600), (1200, 900), (90, 400)])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_cut_to_the_measure_of_the_form(size, form):
    value = portrait.frame(photograph(size, form), "Ảnh của A")
    assert (value["width_mm"], value["text"]) == (40, "Ảnh của A")
    picture = opened(value)
    assert picture.width * 60 == picture.height * 40
    left, right = picture.getpixel((20, 100)), picture.getpixel((215, 100))
    assert left[0] > 4 * left[2] and right[2] > 4 * right[0]
    assert len(value["png"]) < 200_000


def test_it_stands_upright_and_tells_nothing_of_the_telephone():
    exif = Image.Exif()
    exif[0x0112] = 6  # the left side is up
    exif[0x010F] = "Hãng máy"
    value = portrait.frame(photograph((600, 400), exif=exif.tobytes()), "A")
    picture = opened(value)
    assert picture.getpixel((118, 20))[0] > 200
    assert picture.getpixel((118, 330))[2] > 200
    assert "Hãng".encode() not in base64.b64decode(value["png"])


def test_notes_of_a_camera_that_cant_be_read_keep_no_photograph():
    exif = Image.Exif()
    exif[0x0112], exif[0x0132] = 6, "2026"
    # a text where a number belongs
    damaged = exif.tobytes().replace(b"\x01\x32\x00\x02", b"\x01\x03\x00\x02")
    assert damaged != exif.tobytes()
    assert portrait.frame(photograph((400, 600), exif=damaged), "A")["png"]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_face_that_was_cut_out_stands_on_white(mode):
    options = {"transparency": 0} if mode == "P" else {}
    buffer = io.BytesIO()
    Image.new(mode, (400, 600), 0).save(buffer, "PNG", **options)
    picture = opened(portrait.frame(buffer.getvalue(), "A"))
    assert picture.getextrema() == ((255, 255),) * 3


def test_what_is_no_photograph_leaves_the_place_free():
    whole = photograph((400, 600))
    huge = photograph((10, 10), "PNG").replace(
        b"\x00\x00\x00\x0a\x00\x00\x00\x0a", b"\x00\x00\xff\xff\x00\x00\xff\xff", 1
    )
    for content in (b"", b"no picture", whole[:200], photograph((9, 9), "GIF"), huge):
        assert portrait.frame(content, "A") == portrait.nothing()
