"""What stays together where a line of running text ends.

Numbers and symbols of documents, years, ranges, days, amounts with their units and
names of cities: the signs between their parts are replaced by some that hold.
"""

import re
from collections.abc import Callable

BLANK = "\N{NO-BREAK SPACE}"
#: A Word file has an element for it, which each font draws as its hyphen.
HYPHEN = "\N{NON-BREAKING HYPHEN}"
#: After dashes, which have no such sister; at strokes no line ends.
JOINT = "\N{WORD JOINER}"

#: Longer ones are addresses and the like: to hold them would tear the lines around.
_LONGEST = 40
_ADDRESS = re.compile(r"://|@|\bwww\.")

_UNITS = (
    "triệu|tỷ|tỉ|nghìn|đồng|điểm|phiếu|giờ|phút|giây|tuổi|ha|km²?|km2|m|m²|m2|m³|m3|cm|"
    "mm|kg|g|tấn|tạ|lít|kWh?|MWh?|kV|°C|%|KB|MB|GB"
)
#: What a text has that holds anything: few have.
_ANY = re.compile(r"[\d–-]|TP\. |[Đđ]iểm |\b[IVXLC]+\b")
#: One stands between two figures, which a line may not part.
_BETWEEN = re.compile(
    r"(?<=\d) (?=[-–] \d)"  # a range, written with blanks
    r"|(?<=\d [-–]) (?=\d)"
    # what counts, before its number
    r"|(?<=\b[Nn]gày) (?=\d)|(?<=\b[Tt]háng) (?=\d)|(?<=\b[Nn]ăm) (?=\d)"
    # that of a document is long, and would leave its line wide
    r"|(?<=\b[Ss]ố) (?=\d(?!\S*/))|(?<=\b[Tt]hứ) (?=[\dIVXLC]+\b)"
    r"|(?<=\b[Qq]uý) (?=[\dIV]+\b)"
    r"|(?<=\b[Đđ]iều) (?=\d)|(?<=\b[Kk]hoản) (?=\d)|(?<=\b[Mm]ục) (?=[\dIVX]+\b)"
    r"|(?<=\b[Cc]hương) (?=[\dIVX]+\b)|(?<=\b[Pp]hần) (?=[\dIVX]+\b)"
    r"|(?<=\b[Ll]ục) (?=[\dIVX]+\b)|(?<=\b[Đđ]iểm) (?=[a-zđ]\b)"
    # and its unit, after it; a day is no number of months
    rf"|(?<=\d) (?=(?:{_UNITS})(?!\w))|(?<=\d) (?=(?:ngày|tháng|năm)\b(?! \d))"
    r"|(?<=\btriệu) (?=đồng\b)|(?<=\btỷ) (?=đồng\b)|(?<=\bnghìn) (?=đồng\b)"
)
_CITY = re.compile(r"\bTP\. (?:\w+ ?){1,4}")
#: Not the one of a range that is written with blanks.
_HYPHEN = re.compile("(?<=[^\\s\ufdd0-])-(?=[^\\s\ufdd0-])")
_JOINED = re.compile(r"(?<=\d)–(?=\d)")
#: What stands for the three until it is known whether the whole fits: no characters.
_MARKS = "\ufdd0\ufdd1\ufdd2"
_HELD = str.maketrans(_MARKS, BLANK + HYPHEN + JOINT)
_LOOSE = str.maketrans(dict(zip(_MARKS, (" ", "-", ""), strict=True)))
_FREE = str.maketrans(dict.fromkeys(_MARKS))


def hold(text: str, fits: Callable[[str], bool] = lambda piece: True) -> str:
    """Return `text` with its numbers held together; what doesn't fit a line isn't.

    :param fits: tells of what would be held together whether a line takes it

    >>> hold("theo Kế hoạch số 05/KH-STNMT")
    'theo Kế hoạch số 05/KH\\u2011STNMT'
    """
    if not _ANY.search(text):
        return text
    blank, hyphen, joint = _MARKS
    marked = _CITY.sub(lambda found: _hold_city(found[0]), text.translate(_FREE))
    marked = _HYPHEN.sub(hyphen, _BETWEEN.sub(blank, marked))
    marked = _JOINED.sub(rf"\g<0>{joint}", marked)
    pieces = []
    for piece in marked.split(" "):
        loose = piece.translate(_LOOSE)
        if loose == piece or _ADDRESS.search(piece):
            pieces.append(loose)
            continue
        # a part alone where it doesn't fit with what it is held to
        for parts in ([piece], piece.split(blank)):
            texts = [part.translate(_LOOSE) for part in parts]
            held_parts = [len(text) <= _LONGEST and fits(text) for text in texts]
            if all(held_parts):
                break
        pieces += [
            part.translate(_HELD) if is_held else text
            for part, text, is_held in zip(parts, texts, held_parts, strict=True)
        ]
    return " ".join(pieces)


def let_go(text: str) -> str:
    """Return a text as it was before it was held together, to be compared or found."""
    return text.replace(BLANK, " ").replace(HYPHEN, "-").replace(JOINT, "")


def _hold_city(text: str) -> str:
    """Return the name of a city in one piece: as far as its words have capitals."""
    words = text.split(" ")
    name = 1
    while name < len(words) and words[name][:1].isupper():
        name += 1
    return " ".join([_MARKS[0].join(words[:name]), *words[name:]])
