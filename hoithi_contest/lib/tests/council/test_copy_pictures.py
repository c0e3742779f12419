"""Pictures in reviewers' copies: what stays of them, and what is too much."""

import io

import numpy as np
import pytest
from PIL import Image, ImageChops

from ...council.copies import images
from ...council.copies.limits import CopyFailed


def save(*frames, kind="PNG", **values):
    output = io.BytesIO()
    first, *others = frames
    further = {"save_all": True, "append_images": others} if others else {}
    first.save(output, format=kind, **further, **values)
    return output.getvalue()


def plain(mode="RGB", size=(4, 2), colour=0):
    return Image.new(mode, size, colour)


def photo(mode="RGB", size=(64, 48)):
    """A picture whose every pixel differs."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    chance = np.random.default_rng(7)
    pixels = chance.integers(0, 255, (size[1], size[0], bands), dtype=np.uint8)
    return Image.fromarray(pixels.squeeze(), mode)


def reason(content, act=lambda content: list(images.frames(content))):
    with pytest.raises(CopyFailed) as failure:
        act(content)
    return failure.value.reason


# JPEG


def segment(marker, content):
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


@pytest.mark.parametrize(
    "values",
    [{}, {"progressive": True}, {"restart_marker_blocks": 2}, {"quality": 5}],
    ids=str,
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_of_each_kind_is_decoded_as_before(mode, values):
    content = save(photo(mode), kind="JPEG", **values)
    noted = content[:2] + segment(0xFE, b"note") + segment(0xE1, b"Exif") + content[2:]
    stripped = images.strip_jpeg(noted + b"behind it")
    with (
        Image.open(io.BytesIO(content)) as one,
        Image.open(io.BytesIO(stripped)) as other,
    ):
        assert one.mode == other.mode
        assert one.tobytes() == other.tobytes()
    assert stripped.endswith(b"\xff\xd9")
    for gone in (b"note", b"Exif", b"JFIF", b"behind"):
        assert gone not in stripped


def test_of_adobes_mark_the_colours_stay():
    """How the colours are kept is twelve bytes; what stands behind them goes."""
    content = save(photo("CMYK"), kind="JPEG")
    place = content.index(b"\xff\xee")
    assert content[place + 4 : place + 9] == b"Adobe"
    length = int.from_bytes(content[place + 2 : place + 4], "big")
    assert length == 14
    mark = content[place + 4 : place + 16]
    longer = content[:place] + segment(0xEE, mark + b"note") + content[place + 16 :]
    assert images.strip_jpeg(longer) == images.strip_jpeg(content)
    assert segment(0xEE, mark) in images.strip_jpeg(content)
    for other in (b"Adobe", mark[:11], b"Other" + mark[5:]):
        shorter = content[:place] + segment(0xEE, other) + content[place + 16 :]
        assert b"\xff\xee" not in images.strip_jpeg(shorter)


def test_fill_bytes_before_a_marker_are_none_of_it():
    content = save(photo(), kind="JPEG")
    filled = content[:2] + b"\xff\xff" + content[2:]
    assert images.strip_jpeg(filled) == images.strip_jpeg(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG", "no JPEG"),
        (b"\xff\xd8" + b"ab", "no marker"),
        (b"\xff\xd8" + segment(0xFE, b"note"), "no marker"),
        (b"\xff\xd8\xff\xfe\x00\x01", "cut off"),
        (b"\xff\xd8\xff\xfe\x00\x05no", "cut off"),
        (b"\xff\xd8" + segment(0xDA, b"") + b"pixels", "cut off"),
        (b"\xff\xd8" + segment(0xDA, b"") + b"pixels\xff", "cut off"),
        (b"\xff\xd8" + segment(0xDA, b"") + b"pixels\xff\x00", "cut off"),
        (b"\xff\xd8" + segment(0xFE, b"note") + b"\xff\xd9", "no picture"),
    ],
)
def test_what_is_no_whole_jpeg(content, told):
    with pytest.raises(ValueError, match=told):
        images.strip_jpeg(content)


def test_the_end_of_a_scan():
    """Restarts and pixels that look like markers belong to it."""
    scan = b"a\xff\x00b\xff\xd0c\xff\xd7d\xff\xff\x00e"
    content = b"\xff\xd8" + segment(0xDA, b"") + scan + b"\xff\xd9"
    assert images.strip_jpeg(content) == content
    following = segment(0xC4, b"table") + segment(0xDA, b"") + b"f"
    content = content[:-2] + following + b"\xff\xd9"
    assert images.strip_jpeg(content) == content
    for marker in (0xC0, 0xC2, 0xCF, 0xDB, 0xDD, 0xDC, 0xCC):
        kept = b"\xff\xd8" + segment(marker, b"x") + content[2:]
        assert images.strip_jpeg(kept) == kept
    for marker in (0xC8, 0xBF, 0xD8, 0xDE, 0xE0, 0xEF, 0xFE):
        assert images.strip_jpeg(b"\xff\xd8" + segment(marker, b"x") + content[2:]) == (
            content
        )


# FRAMES


def test_as_many_pixels_as_are_taken(monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 8)
    assert len(list(images.frames(save(plain(size=(4, 2)))))) == 1
    assert reason(save(plain(size=(3, 3)))) == "size"


def test_a_bomb_is_too_large(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 3)
    assert reason(save(plain(size=(4, 2)))) == "size"


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", save(photo())[:200]])
def test_what_is_broken_is_told(content):
    assert reason(content) == "broken"
    assert reason(content, images.reencode) == "broken"


def test_pages_of_a_picture_and_no_animation():
    def shades(count):
        return [plain("L", colour=shade) for shade in range(count)]

    for kind, count, expected in (
        ("TIFF", 3, [0, 1, 2]),
        ("TIFF", 20, list(range(20))),
        ("TIFF", 22, list(range(20))),
        ("GIF", 3, [0]),
        ("PNG", 3, [0]),
    ):
        frames = images.frames(save(*shades(count), kind=kind))
        assert [frame.convert("L").getpixel((0, 0)) for frame in frames] == expected
    frames = images.frames(save(*shades(3), kind="WEBP", lossless=True))
    assert len(list(frames)) == 3


@pytest.mark.parametrize(
    ("image", "mode", "pixel"),
    [
        (plain("1", colour=1), "L", 255),
        (plain("L", colour=7), "L", 7),
        (plain("RGB", colour=(1, 2, 3)), "RGB", (1, 2, 3)),
        (plain("RGBA", colour=(0, 0, 0, 0)), "RGB", (255, 255, 255)),
        (plain("RGBA", colour=(0, 200, 0, 255)), "RGB", (0, 200, 0)),
        (plain("LA", colour=(0, 0)), "RGB", (255, 255, 255)),
        (plain("P", colour=0), "RGB", (0, 0, 0)),
    ],
)
def test_grey_or_colour_on_white(image, mode, pixel):
    [frame] = images.frames(save(image))
    assert (frame.mode, frame.getpixel((0, 0)), frame.size) == (mode, pixel, (4, 2))
    assert not frame.info


@pytest.mark.parametrize("mode", ["P", "L", "1"])
def test_a_colour_that_is_none_is_white(mode):
    content = save(plain(mode, colour=0), transparency=0)
    [frame] = images.frames(content)
    assert frame.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    with Image.open(io.BytesIO(images.reencode(content))) as image:
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_a_picture_stands_as_its_note_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    [frame] = images.frames(save(plain(), kind="JPEG", exif=exif.tobytes()))
    assert frame.size == (2, 4)


# ANEW


def test_a_picture_keeps_its_kind():
    for kind, expected in (("JPEG", "JPEG"), ("PNG", "PNG"), ("GIF", "PNG")):
        content = images.reencode(save(plain(colour=(200, 0, 0)), kind=kind))
        with Image.open(io.BytesIO(content)) as image:
            assert image.format == expected
            red, green, blue = image.convert("RGB").getpixel((0, 0))
            assert red > 190 and green < 10 and blue < 10


def test_a_photo_looks_as_before():
    """Nobody sees a difference; and a page that is drawn isn't a large file."""
    smooth = Image.linear_gradient("L").convert("RGB")
    content = images.reencode(save(smooth, kind="JPEG", quality=95))
    with Image.open(io.BytesIO(content)) as image:
        difference = ImageChops.difference(smooth, image.convert("RGB"))
    assert max(high for _low, high in difference.getextrema()) < 8
    noise = photo()
    sizes = [len(images.to_jpeg(noise, quality)) for quality in (70, 85, 90)]
    assert sizes == sorted(set(sizes))
    assert len(images.to_jpeg(noise)) == sizes[1]
    assert len(images.reencode(save(noise, kind="JPEG"))) > sizes[1]
