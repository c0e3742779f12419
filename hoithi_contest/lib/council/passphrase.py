"""Whether a passphrase withstands somebody who guesses and has the database."""

import unicodedata
from collections.abc import Iterable

from ..guard.texts import fold

#: Shortest passphrase, in characters.
LENGTH = 10
#: How many of them are others, capitals and accents aside.
DIFFERENT = 6
#: What is guessed first; of a passphrase it counts for nothing.
_COMMON = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "matkhau",
    "password",
    "hoithi",
    "hoidong",
)
#: A stretch of such a row that is taken out.
_STRETCH = 4


def is_weak(passphrase: str, known: Iterable[str] = ()) -> bool:
    """Tell whether a passphrase is short, of few characters, or easily guessed.

    :param known: what others know of its owner, as name and login
    """
    text = unicodedata.normalize("NFC", passphrase).strip()
    if len(text) < LENGTH or any(
        unicodedata.category(char).startswith("C") for char in text
    ):
        return True
    own = fold(text).replace(" ", "")
    if len(set(own)) < DIFFERENT:
        return True
    for word in sorted({fold(word).replace(" ", "") for word in known}, key=len)[::-1]:
        if len(word) > 2:
            own = own.replace(word, "")
    for row in _COMMON:
        own = _without(own, row)
    return len(set(own)) < DIFFERENT - 1


def _without(text: str, row: str) -> str:
    """Return `text` without stretches of `row`, the longest first."""
    for length in range(len(row), _STRETCH - 1, -1):
        for start in range(len(row) - length + 1):
            text = text.replace(row[start : start + length], "")
    return text
