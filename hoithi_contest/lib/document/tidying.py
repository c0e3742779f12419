"""What a value leaves behind where a template goes on after it.

A text that ends with a sign of its own meets the template's, and one that is empty
leaves blanks, brackets and commas around nothing. Papers are read as one text.
"""

import re

#: What a text has that one of the rules is about: few have.
_ANY = re.compile(r"\(\)|[.,;:…!?)]\s*[.;)]|\s[,;.]|  ")
#: A dot that ends a sentence, not one of “v.v.” or “MTV.”.
_STOP = r"(?<!\.[^\W\d])(?<![A-ZÂĐÊÔƠƯ])\."
_RULES = (
    # brackets around nothing; those around a blank are for a tick
    (re.compile(r"\s\(\)"), ""),
    # a blank before a sign; dots that somebody writes on stay
    (re.compile(r"(?<=[\w)”\"%]) +(?=[,;.](?:\s|$))"), ""),
    (re.compile(r"(?<=[\w)”\"%]) +(?=\./\.$)"), ""),
    # a sign of one's own, and then the template's; three dots are one sign
    (re.compile(r"(?<![.\s])[.,;:]\s*(?=\./\.$)"), ""),
    (re.compile(r"(?<![.\s])[.,;:](?=\.(?:\s|$))"), ""),
    (re.compile(rf"(?<![.\s])(?:[,;:]|{_STOP})(?=;(?:\s|$))"), ""),
    (re.compile(rf"(?<![.\s])(?:[;:]|{_STOP})(?=\)[.;](?:\s|$))"), ""),
    # what is for the pen has many of them
    (re.compile(r"(?:(?<=[^…]…)|(?<=[!?]))\.(?=\s|$)"), ""),
    # two blanks around what isn't there; more are somebody's layout
    (re.compile(r"(?<=[\w,;:.)”])  (?=[\w(“])"), " "),
)


def tidy(text: str) -> str:
    """Return a text that was filled in, with one sign where two met.

    >>> tidy("Địa điểm: Phòng họp số 1..")
    'Địa điểm: Phòng họp số 1.'
    >>> tidy("Bà A (), yêu cầu các đơn vị thực hiện;./.")
    'Bà A, yêu cầu các đơn vị thực hiện./.'
    """
    if not _ANY.search(text):
        return text
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
