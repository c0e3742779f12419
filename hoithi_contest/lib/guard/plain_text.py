"""Text without what breaks the making of files or hides from the reader.

Control characters come with what is pasted: Word's soft line break is U+000B. XML, and
so every Word file and workbook, can't hold them; PostgreSQL can't hold NUL.
"""

import re

#: Breaks of lines of all systems and programs.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: The other control characters, halves of characters, and what is no character.
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
#: What has no width or turns the direction: two names that look alike would differ.
_HIDDEN = re.compile("[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def clean(text: str) -> str:
    """Return `text` without control characters; line breaks and tabs stay."""
    return _JUNK.sub("", _BREAKS.sub("\n", text))


def clean_shown(text: str) -> str:
    """Return `text` with nothing hidden in it; line breaks and tabs stay."""
    return _HIDDEN.sub("", clean(text))


def clean_line(text: str) -> str:
    """Return `text` as one line, as a title or a name, with nothing hidden in it."""
    return clean_shown(text).replace("\n", " ")
