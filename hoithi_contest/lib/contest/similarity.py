"""Likeness of Vietnamese titles: near copies, also across editions."""

import re

from ..guard.texts import fold

#: Titles at least this alike are worth a look by the secretary.
ALIKE = 0.5

# Openings that half of all titles share; they would make unlike titles look alike.
_STOCK_PHRASES = (
    "mot so giai phap",
    "giai phap",
    "nang cao hieu qua",
    "nang cao chat luong",
    "nang cao",
    "ung dung phan mem",
    "ung dung cong nghe thong tin",
    "ung dung",
    "nghien cuu",
    "xay dung",
    "sang kien",
    "de tai",
    "tren dia ban tinh",
    "tai don vi",
)


def normalize_title(title: str | None) -> str:
    """Return `title` without accents, case, punctuation and stock phrases."""
    text = shortened = fold(title)
    for phrase in _STOCK_PHRASES:
        shortened = re.sub(rf"\b{phrase}\b", " ", shortened)
    return " ".join(shortened.split()) or text


def _trigrams(text: str) -> set[str]:
    grams = set()
    for word in text.split():
        padded = f"  {word} "
        grams.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return grams


def similarity(first: str, second: str) -> float:
    """Return the likeness (0 to 1) of two normalised titles, as pg_trgm counts it."""
    left, right = _trigrams(first), _trigrams(second)
    if not left or not right:
        return 0.0
    return len(left & right) / len(left | right)
