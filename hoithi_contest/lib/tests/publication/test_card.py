import functools
import io
import itertools
from pathlib import Path

import numpy as np
import pytest

from ...publication import card

Image = pytest.importorskip("PIL.Image")
ImageChops = pytest.importorskip("PIL.ImageChops")
ImageDraw = pytest.importorskip("PIL.ImageDraw")
ImageFont = pytest.importorskip("PIL.ImageFont")
PALETTE = card.Palette("#0b4f6c", "#14746f", "#f2b544")
FONT = next(
    iter(
        path
        for folder in ("/usr/share/fonts/truetype/noto", "/usr/share/fonts/truetype")
        for path in sorted(Path(folder).rglob("*Sans-Regular.ttf"))
    )
)


@pytest.mark.parametrize("title", ["", "Hội thi", "Trạm đo " * 60, "w" * 80])
def test_a_card_holds_every_title(title):
    picture = Image.open(io.BytesIO(card.draw(title, "Sở " * 80, PALETTE, str(FONT))))
    assert picture.size == (card.WIDTH, card.HEIGHT)
    right = picture.crop((card.WIDTH - 40, 0, card.WIDTH, 280))
    assert right.getcolors() == [(40 * 280, (8, 58, 79))], "letters stay inside"


def test_lines_are_cut_where_there_is_no_room():
    font = ImageFont.truetype(str(FONT), 40)
    lines = card._wrap("giải pháp " * 100, font, 400, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(font.getlength(line) <= 400 for line in lines)


@functools.cache
def picture(title="", kicker=""):
    content = card.draw(title, kicker, PALETTE, str(FONT))
    return Image.open(io.BytesIO(content)).convert("RGB")


def box_of(image, colour, left=0, right=1200):
    """Where a colour is found: left, top, right and bottom, the last ones included."""
    rows, columns = np.nonzero((np.array(image)[:, left:right] == colour).all(axis=2))
    columns += left
    return columns.min(), rows.min(), columns.max(), rows.max()


def test_hills_in_the_colours_of_the_department_under_its_sun():
    """1200 by 630, as messengers ask for; as the identity was drawn."""
    image = picture()
    assert image.size == (1200, 630)
    accent = (0xF2, 0xB5, 0x44)
    assert box_of(image, accent, right=500) == (80, 96, 136, 102), "before the name"
    left, top, right, bottom = box_of(image, accent, left=500)
    assert (left, top, right) == (931, 300, 1130), "a sun, 200 wide"
    assert bottom > 425, "that goes down behind the hills"
    # each hill by its colour: at which height it begins, from left to right
    hills = {
        (17, 105, 110): [447, 466, None, 435, 392, 388, 449],
        (14, 90, 109): [522, 508, 470, 452, 471, 509, 523],
        (12, 82, 108): [536, 530, 539, 564, 581, 572, 536],
    }
    for colour, heights in hills.items():
        found = [
            next((y for y in range(630) if image.getpixel((x, y)) == colour), None)
            for x in (0, 100, 300, 500, 700, 900, 1199)
        ]
        assert found == heights, colour
    assert image.getpixel((0, 629)) == image.getpixel((1199, 629)) == (12, 82, 108)


def test_where_texts_begin():
    for shown, size, place in (
        ({"title": "Hội thi"}, 60, (80, 140)),
        ({"kicker": "Sở Tài nguyên"}, 32, (156, 76)),
    ):
        changed = ImageChops.difference(picture(), picture(**shown)).getbbox()
        [text] = shown.values()
        alone = Image.new("L", (1200, 630))
        font = ImageFont.truetype(str(FONT), size)
        ImageDraw.Draw(alone).text(place, text, font=font, fill=255)
        assert changed == alone.getbbox()


def test_a_long_title_has_four_lines_and_no_more():
    changed = ImageChops.difference(picture(), picture("HHHH " * 200))
    filled = [changed.crop((80, y, 1120, y + 1)).getbbox() for y in range(630)]
    begun = [y for y in range(1, 630) if filled[y] and not filled[y - 1]]
    assert len(begun) in (4, 5), "the last one ends in three dots below"
    steps = [low - high for high, low in itertools.pairwise(begun[:4])]
    assert steps == [78] * 3
    assert changed.getbbox()[2] <= 1120


def test_lines_break_where_the_next_word_has_no_room():
    font = ImageFont.truetype(str(FONT), 40)
    width = int(font.getlength("một hai ba")) + 1
    assert card._wrap("một hai ba", font, width, 3) == ["một hai ba"]
    assert card._wrap("một hai ba bốn", font, width, 3) == ["một hai ba", "bốn"]
    assert card._wrap("", font, width, 3) == [""]
    narrow = int(font.getlength("một")) + 1
    assert card._wrap("một hai ba", font, narrow, 3) == ["một", "hai", "ba"]
    wide = int(font.getlength("một …")) + 1
    assert card._wrap("một hai ba bốn", font, wide, 2)[0] == "một"
    assert card._wrap("một hai ba bốn", font, wide, 2)[1].startswith("hai")
    assert card._wrap("một hai ba bốn", font, wide, 2)[1].endswith("…")
    # a word that fills its line to the end has room
    assert card._wrap("một hai", font, font.getlength("một hai"), 2) == ["một hai"]
    assert card._wrap("một hai", font, font.getlength("một"), 2) == ["một", "hai"]
