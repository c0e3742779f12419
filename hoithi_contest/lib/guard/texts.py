"""What people typed, looked at as a reader would."""

import html
import re

_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


def is_blank(text: str | None) -> bool:
    """Tell whether a text says nothing.

    Spaces of whatever width, the tags and entities that an editor leaves behind and
    signs without a letter or a digit, as a lone dash, say nothing.
    """
    bare = html.unescape(_TAG.sub("", text or ""))
    return not any(character.isalnum() for character in bare)
