import io
from pathlib import Path

import pytest

from ...publication import card

Image = pytest.importorskip("PIL.Image")
ImageFont = pytest.importorskip("PIL.ImageFont")
PALETTE = card.Palette("#0b4f6c", "#14746f", "#f2b544")
FONT = next(
    iter(
        path
        for folder in ("/usr/share/fonts/truetype/noto", "/usr/share/fonts/truetype")
        for path in sorted(Path(folder).rglob("*Sans-Regular.ttf"))
    )
)


@pytest.mark.parametrize("title", ["", "Hội thi", "Trạm đo " * 60, "w" * 400])
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
