"""Texts as a search compares them."""

import re
import unicodedata


def fold(text: str) -> str:
    """Return `text` in lower case, without accents and with single spaces.

    Vietnamese readers search without accents as often as with them, and a database
    has its own way of doing so only where an extension was installed.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"\s+", " ", plain).strip()
