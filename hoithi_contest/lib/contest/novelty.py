"""How new a solution is, by the words of what it and others say.

Two measures. The likeness of two solutions tells that they are about the same thing in
other words: it compares the words of their titles and summaries, however joined. What
is copied tells that passages stand in both, word by word. Neither decides anything:
they say to a person what to look at.

Accents, case, punctuation and the form of the letters don't matter, and what half of
all texts say anyhow is left out (`stock_phrases.txt`). `lib/tests/contest/data/
novelty_pairs.txt` holds the pairs by which :data:`LIKENESS` was set.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..guard.texts import fold

#: From these on, in per cent, two solutions are worth a look side by side.
LIKENESS = 33
COPIED = 10
#: Words of a summary that are compared: a long text is like every other.
SUMMARY_WORDS = 90
#: Stands between the parts of a text.
BREAK = "\n\n"
#: Words that must follow each other to count as copied.
RUN = 6
#: Fingerprints that are kept of a text, and of how many one is taken.
MOST_PRINTS = 2_000
SAMPLE = 3
#: Fewer common fingerprints say nothing.
LEAST_COMMON = 3
#: A wording in more texts than these is a form's.
WIDESPREAD = 8
#: Passages that are shown, the letters of one, and words between two that are one.
MOST_PASSAGES = 5
PASSAGE_LETTERS = 900
_GAP = 3
_WORD = re.compile(r"[^\W_]+")
_STOCK = Path(__file__).parent / "stock_phrases.txt"
_JOINING = "# joining words"


class Word(NamedTuple):
    """A word as it is compared, and where it stands in its text."""

    key: str
    start: int
    end: int


class Passage(NamedTuple):
    """Where the same words stand in two texts, in letters from the beginning."""

    first: tuple[int, int]
    second: tuple[int, int]
    words: int


@cache
def _load_stock() -> tuple[tuple[tuple[str, ...], ...], frozenset[str]]:
    """Return the phrases, the longest first, and the joining words."""
    phrases, joining, is_joining = set(), set(), False
    for line in _STOCK.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            is_joining = line.startswith(_JOINING)
        elif is_joining:
            joining.add(fold(line))
        elif words := tuple(fold(line).split()):
            phrases.add(words)
    return tuple(sorted(phrases, key=lambda words: (-len(words), words))), frozenset(
        joining
    )


@cache
def _get_phrases_by_head() -> dict[str, tuple[tuple[str, ...], ...]]:
    heads: dict[str, list[tuple[str, ...]]] = {}
    for phrase in _load_stock()[0]:
        heads.setdefault(phrase[0], []).append(phrase)
    return {head: tuple(phrases) for head, phrases in heads.items()}


def leave_out_stock(words: Sequence[str], least: int = 1) -> list[str | None]:
    """Return words without stock phrases: nothing stands where one stood.

    :param least: words that a phrase has at least to be left out
    """
    heads, kept, place = _get_phrases_by_head(), [], 0
    while place < len(words):
        for phrase in heads.get(words[place], ()):
            if (
                len(phrase) >= least
                and tuple(words[place : place + len(phrase)]) == phrase
            ):
                kept.append(None)
                place += len(phrase)
                break
        else:
            kept.append(words[place])
            place += 1
    return kept


def get_words(title: str | None, summary: str | None) -> frozenset[str]:
    """Return the words by which a solution is told from others.

    :param summary: what it says of itself; its beginning counts
    """
    joining, found = _load_stock()[1], {}
    for text, most in ((title, 0), (summary, SUMMARY_WORDS)):
        kept = [
            word
            for word in leave_out_stock(fold(text).split())
            if word and word not in joining
        ]
        found |= dict.fromkeys(kept[: most or None])
    return frozenset(found)


def get_likeness(first: Iterable[str], second: Iterable[str]) -> float:
    """Return the likeness, in per cent, of two sets of words from `get_words`.

    Twice the common words by all words: as much for the one as for the other.
    """
    left, right = frozenset(first), frozenset(second)
    if not left or not right:
        return 0.0
    return 200 * len(left & right) / (len(left) + len(right))


def split(text: str, side: str = "") -> list[Word]:
    """Return the words of a text with their places, in one Unicode form.

    :param side: where it is given, a word that no other side has stands between two
        parts of the text, so that nothing common runs from one into the next
    """
    words, last = [], 0
    for match in _WORD.finditer(text):
        key = fold(match[0]).replace(" ", "")
        if not key:
            continue
        if side and last and BREAK in text[last : match.start()]:
            words.append(Word(f"{side}{match.start()}", match.start(), match.start()))
        words.append(Word(key, match.start(), match.end()))
        last = match.end()
    return words


def get_text(text: str | None) -> str:
    """Return a text as its places are counted: composed letters, no wide gaps."""
    composed = unicodedata.normalize("NFC", text or "")
    return re.sub(r"[ \t\u00a0]+", " ", re.sub(r"\s*\n\s*", "\n", composed)).strip()


def _print(words: Sequence[str]) -> int:
    """Return the fingerprint of words that follow each other, as PostgreSQL's int."""
    number = zlib.crc32(" ".join(words).encode())
    return number - 2**32 if number >= 2**31 else number


def get_prints(text: str) -> list[int]:
    """Return fingerprints of the wording of a text, in order.

    The same wording has the same fingerprints in every text; which of them are taken is
    told by themselves, so that of a common passage both texts keep the same.
    """
    runs: list[list[str]] = [[]]
    for part in text.split(BREAK):
        for word in leave_out_stock([word.key for word in split(part)], least=3):
            if word is None:
                runs.append([])
            else:
                runs[-1].append(word)
        runs.append([])
    prints = {
        number
        for run in runs
        for place in range(len(run) - RUN + 1)
        if (number := _print(run[place : place + RUN])) % SAMPLE == 0
    }
    return sorted(prints)[:MOST_PRINTS]


def get_copied(
    first: Iterable[int], second: Iterable[int], widespread: Iterable[int] = ()
) -> float:
    """Return how much of the first text stands in the second word by word, in per cent.

    :param first: fingerprints from `get_prints`
    :param widespread: fingerprints of what stands in many texts, which don't count
    """
    mine = set(first) - set(widespread)
    common = mine & set(second)
    if len(common) < LEAST_COMMON:
        return 0.0
    return 100 * len(common) / len(mine)


def find_passages(left: Sequence[Word], right: Sequence[Word]) -> list[Passage]:
    """Return the passages that stand in both texts, the longest first.

    :param left: words of a text by `split`, each text with a side of its own
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for place in range(len(right) - RUN + 1):
        key = tuple(word.key for word in right[place : place + RUN])
        places.setdefault(key, []).append(place)
    found, place = [], 0
    while place <= len(left) - RUN:
        key = tuple(word.key for word in left[place : place + RUN])
        best = max(
            (
                (_measure(left, right, place, other), other)
                for other in places.get(key, ())[:20]
            ),
            default=None,
        )
        if best is None:
            place += 1
            continue
        length, other = best
        found.append([place, place + length, other, other + length])
        place += length
    joined: list[list[int]] = []
    for run in found:
        last = joined[-1] if joined else None
        if last and run[0] - last[1] <= _GAP and 0 <= run[2] - last[3] <= _GAP:
            last[1], last[3] = run[1], run[3]
        else:
            joined.append(run)
    stock = [
        run
        for run in joined
        if sum(
            word is not None
            for word in leave_out_stock(
                [word.key for word in left[run[0] : run[1]]], least=3
            )
        )
        >= RUN
    ]
    stock.sort(key=lambda run: (run[0] - run[1], run[0]))
    return [
        Passage(
            (left[a].start, left[b - 1].end), (right[c].start, right[d - 1].end), b - a
        )
        for a, b, c, d in stock[:MOST_PASSAGES]
    ]


def _measure(
    left: Sequence[Word], right: Sequence[Word], place: int, other: int
) -> int:
    length = 0
    while (
        place + length < len(left)
        and other + length < len(right)
        and left[place + length].key == right[other + length].key
    ):
        length += 1
    return length


def cut(text: str, start: int, end: int) -> str:
    """Return a passage of a text as it is shown, cut where it is long."""
    passage = text[start:end]
    if len(passage) <= PASSAGE_LETTERS:
        return passage
    return passage[: PASSAGE_LETTERS - 2].rsplit(" ", 1)[0] + " …"


def mark(text: str, keys: Iterable[str]) -> list[tuple[str, bool]]:
    """Return the pieces of a text, each with whether its word is among `keys`."""
    wanted, pieces, last = set(keys), [], 0
    for word in split(text):
        if word.key in wanted:
            if word.start > last:
                pieces.append((text[last : word.start], False))
            pieces.append((text[word.start : word.end], True))
            last = word.end
    if last < len(text):
        pieces.append((text[last:], False))
    return pieces
