"""The picture that messengers show beside the address of a page (Open Graph)."""

import functools
import io
import math
from typing import NamedTuple

from ..contest import colours

#: What Facebook, Zalo and others ask for, in pixels.
WIDTH, HEIGHT = 1200, 630
MARGIN = 80
TITLE_SIZE, SMALL_SIZE = 60, 32
#: A longer title ends in an ellipsis.
TITLE_LINES = 4


class Palette(NamedTuple):
    """The department's own colours, as `#rrggbb`."""

    brand: str
    brand_2: str
    accent: str


# anybody may ask for it as often as one likes
@functools.lru_cache(maxsize=16)
def draw(title: str, kicker: str, palette: Palette, font_path: str) -> bytes:
    """Return a PNG of a page's title on hills in the department's colours.

    :param title: the page's title
    :param kicker: the department, above it
    :param font_path: a TrueType font with the letters of both
    """
    # Pillow is heavy, and few processes ever draw
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (WIDTH, HEIGHT), colours.darken(palette.brand))
    canvas = ImageDraw.Draw(image)
    canvas.ellipse((930, 300, 1130, 500), fill=palette.accent)
    for base, height, phase, colour in (
        (430, 46, 0.4, colours.mix(palette.brand_2, palette.brand, 70)),
        (490, 38, 2.1, colours.mix(palette.brand_2, palette.brand, 30)),
        (556, 26, 4.0, colours.mix(palette.brand_2, palette.brand, 8)),
    ):
        ridge = [
            (x, base + height * math.sin(x / 190 + phase))
            for x in range(0, WIDTH + 20, 20)
        ]
        canvas.polygon([*ridge, (WIDTH + 20, HEIGHT), (0, HEIGHT)], fill=colour)
    small = ImageFont.truetype(font_path, SMALL_SIZE)
    large = ImageFont.truetype(font_path, TITLE_SIZE)
    canvas.rectangle((MARGIN, 96, MARGIN + 56, 102), fill=palette.accent)
    [line] = _wrap(kicker, small, WIDTH - 2 * MARGIN - 80, 1)
    canvas.text((MARGIN + 76, 76), line, font=small, fill=colours.WHITE)
    for number, line in enumerate(_wrap(title, large, WIDTH - 2 * MARGIN, TITLE_LINES)):
        place = (MARGIN, 140 + number * (TITLE_SIZE + 18))
        canvas.text(place, line, font=large, fill=colours.WHITE)
    output = io.BytesIO()
    image.save(output, "PNG", optimize=True)
    return output.getvalue()


def _wrap(text: str, font, width: int, most: int) -> list[str]:
    """Break a text into at most `most` lines of `width` pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    for number, line in enumerate(lines):
        cut = line
        while cut and font.getlength(cut) > width:
            cut = f"{cut.rstrip('…').rstrip()[:-1]}…"
        lines[number] = cut
    return lines
