"""The kinds of official documents, and texts as their contexts have them."""

import re

from ..guard import plain_text
from . import kinds_council, kinds_entries, kinds_results
from .kind import Kind, Reach

# More members than this make the score matrix go on in a further table.
MEMBERS_PER_PART = 15
# As many beside titles that are longer than so many letters, which need the room.
MEMBERS_BESIDE_LONG, LONG_TITLE = 11, 120

#: Tabs, and the mark of a list as it comes from Word's own font of symbols.
_MARKS = str.maketrans("\t\uf0b7", " •")
#: Emoji with what varies them, and what has another meaning in each font.
_UNPRINTED = re.compile(
    "[\U0001f000-\U0001faff\U000e0000-\U000e007f\ufe00-\ufe0f"
    "\ue000-\uf8ff\U000f0000-\U0010ffff]"
)

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (*kinds_entries.KINDS, *kinds_council.KINDS, *kinds_results.KINDS)
}


def get_reach(key: str) -> Reach:
    """Return who reads papers of a kind; of one that isn't known, the secretary."""
    return KINDS[key].reach if key in KINDS else Reach()


def clean(text: str) -> str:
    """Return `text` without what a paper can't hold; tabs become blanks.

    What turns the direction would print other words than whoever approves has read, and
    of emoji and signs of a font's own a server prints gaps, which no archive takes.
    """
    shown = plain_text.clean_shown(text).translate(_MARKS)
    return _UNPRINTED.sub("", shown)


def paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of `text`, one for each of its lines that isn't blank."""
    lines = (line.strip() for line in clean(text or "").splitlines())
    return [line for line in lines if line]


def score_parts(members: list[dict], entries: list[dict]) -> list[dict]:
    """Return the tables of the score matrix, of as many members as there is room for.

    :param members: dictionaries as in the field ``parts.members``
    :param entries: dictionaries as in ``parts.entries``, their ``scores`` in the order
        of `members`
    """
    is_long = any(len(entry.get("title", "")) > LONG_TITLE for entry in entries)
    size = MEMBERS_BESIDE_LONG if is_long else MEMBERS_PER_PART
    count = max(1, -(-len(members) // size))
    # Parts of about the same width look better than a full one and a rest.
    size = max(1, -(-len(members) // count))
    return [
        {
            "members": members[start : start + size],
            "entries": [
                {**entry, "scores": entry["scores"][start : start + size]}
                for entry in entries
            ],
        }
        for start in range(0, count * size, size)
    ]
