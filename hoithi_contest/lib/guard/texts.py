"""What people typed, looked at as a reader would.

Vietnamese readers search and compare without accents as often as with them.
"""

import html
import re
import unicodedata

from markupsafe import Markup, escape

_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
# Letters and marks without a shape, which don't count as hidden for Unicode.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_YEARS = re.compile(r"\(?\b\d{4} ?[-–] ?\d{4}\b\)?")
# Letters of other scripts that can't be told from Latin ones by eye.
_LOOKALIKES = str.maketrans(
    "авеһіјкмнорԛѕтуԝхѵ" + "αεικνορτυχ" + "ð",
    "abehijkmhopqstywxv" + "aeiknoptux" + "d",
)


def is_blank(text: str | None) -> bool:
    """Tell whether a text says nothing.

    Spaces of whatever width, the tags and entities that an editor leaves behind and
    signs without a letter or a digit, as a lone dash, say nothing.
    """
    bare = html.unescape(_TAG.sub("", text or ""))
    return not any(character.isalnum() for character in bare)


def visible(text: str | None) -> str:
    """Return `text` as it is seen: one Unicode form, single spaces, nothing hidden."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text or ""))
    kept = (
        " " if unicodedata.category(char) == "Cc" else char
        for char in text
        if unicodedata.category(char) != "Cf"
    )
    return " ".join("".join(kept).split())


def strip_marks(text: str) -> str:
    """Return `text` with its letters bare: “Đề cử” becomes “De cu”."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if unicodedata.category(c)[0] != "M")


def fold(text: str | None) -> str:
    """Return the words of `text` as they are compared and searched for.

    In lower case, without accents and punctuation, whatever the Unicode form.
    """
    text = strip_marks(visible(text).casefold()).translate(_LOOKALIKES)
    return " ".join(re.findall(r"[^\W_]+", text))


def hold_years(text: str | None) -> Markup:
    """Return `text` as HTML in which no line ends within years, as (2026 - 2027).

    Signs that hold would be copied and searched with the name; this looks alone. The
    style stands at its place, as mail programs read no other.
    """
    held = r'<span style="white-space: nowrap">\g<0></span>'
    return Markup(_YEARS.sub(held, str(escape(text or ""))))
