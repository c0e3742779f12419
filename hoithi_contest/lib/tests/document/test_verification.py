import base64
import io

from PIL import Image

from ...document import verification

ADDRESS = "https://hoithi.tp.gov.vn/hoithi/kiem-tra/Q3f9"


def read_modules(code):
    """Return the dark squares of a printed code, with the quiet ones around it."""
    image = Image.open(io.BytesIO(base64.b64decode(code["png"]))).convert("L")
    assert image.format is None and image.width == image.height
    dark = [
        [image.getpixel((x, y)) < 128 for x in range(2, image.width, 4)]
        for y in range(2, image.height, 4)
    ]
    assert image.width == 4 * len(dark)
    return dark


def test_a_code_is_one_that_a_camera_finds():
    """Three squares of seven in its corners, within a quiet margin (ISO 18004)."""
    code = verification.code(ADDRESS, "Where to check this paper")
    assert code["width_mm"] == 15
    assert code["text"] == "Where to check this paper"
    dark = read_modules(code)
    last = len(dark) - 1
    assert not any(dark[0]) and not any(dark[last])
    ring, inner = [True] * 7, [True, False, True, True, True, False, True]
    for row in (1, last - 7):
        assert dark[row][1:8] == ring
        assert dark[row + 3][1:8] == inner
    assert dark[1][last - 7 : last] == ring
    # of 48 letters with 15 % of redundancy: version 4
    assert last == 17 + 4 * 4 + 1


def test_two_addresses_have_two_codes():
    other = verification.code(f"{ADDRESS}0", "")
    assert read_modules(verification.code(ADDRESS, "")) != read_modules(other)


def test_a_paper_without_a_code_shows_none():
    assert verification.no_code() == {"png": "", "width_mm": 0, "text": ""}
