"""Colours of a department: whether letters on them can be read.

Contrast is that of WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for letters, and of
1.4.11: 3 to 1 for marks.
"""

import re

#: What letters and marks need at least against their ground.
LETTERS = 4.5
MARKS = 3.0

WHITE = "#ffffff"
BLACK = "#000000"

_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)


def read(text: str | None) -> str | None:
    """Return a colour as `#rrggbb` in small letters, or nothing for another text."""
    colour = (text or "").strip().lower()
    return colour if _HEX.fullmatch(colour) else None


def mix(colour: str, other: str, percent: float) -> str:
    """Return `percent` of `colour` and the rest of `other`, as CSS's color-mix does."""
    share = percent / 100
    return "#" + "".join(
        f"{round(one * share + two * (1 - share)):02x}"
        for one, two in zip(_channels(colour), _channels(other), strict=True)
    )


def contrast(colour: str, other: str) -> float:
    """Return the ratio of contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def darken(colour: str) -> str:
    """Return the ground of heads and feet in the colour of a department."""
    return mix(colour, BLACK, 73)


def tint(colour: str) -> str:
    """Return the light ground that letters in the colour stand on."""
    return mix(colour, WHITE, 10)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
