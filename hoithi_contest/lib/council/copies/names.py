"""Finds in a text who must not be named in it, however it is written there."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ...guard.texts import strip_marks

#: A phone number is told apart by its last digits, without 0 or +84 in front.
_NATIONAL_DIGITS = 9
#: Shorter names are words of the language as well: only as they are written.
_SURE_LENGTH = 5
#: So many letters in a row hardly stand in the bytes of a font by chance.
_TELLING_LENGTH = 7
_SMALL = bytes(range(256)).lower()
_NO_LETTERS = bytes(
    code for code in range(256) if code > 127 or not chr(code).isalpha()
)


class Secret(NamedTuple):
    """What tells who an author is: `kind` is name, email, phone or unit."""

    kind: str
    text: str


class Place(NamedTuple):
    """Where a secret stands: `start` and `end` count characters of the text."""

    secret: Secret
    start: int
    end: int


def find(text: Sequence[str], secrets: Sequence[Secret]) -> list[Place]:
    """Return the places of `secrets` in `text`, one for each stretch of it.

    Accents, capitals, spaces between letters and line breaks make no difference.

    :param text: the characters, one of them maybe of several letters (a ligature)
    """
    plain, origins = _squeeze(text)
    digits = "".join(c if c.isdigit() else " " for c in plain)
    places = []
    for secret in secrets:
        if secret.kind == "phone":
            found = _find_number(digits, secret.text)
        else:
            found = _find_words(plain, origins, text, secret)
        places += [
            Place(secret, origins[start], origins[end - 1] + 1) for start, end in found
        ]
    return sorted(places, key=lambda place: (place.start, place.end))


def squeeze(text: str) -> str:
    """Return the letters and digits of `text` alone, small and without accents."""
    return _squeeze(text)[0]


def letters(content: bytes) -> bytes:
    """Return the plain letters of what a file holds, small and nothing else."""
    return content.translate(_SMALL, _NO_LETTERS)


def letters_of(secrets: Iterable[Secret]) -> set[bytes]:
    """Return what of `secrets` is long enough to be looked for among `letters`.

    With the letters below accents, and without: a font has codes of its own for these.
    """
    needles = {
        letters(text.encode("ascii", "ignore"))
        for secret in secrets
        for text in (
            squeeze(secret.text),
            unicodedata.normalize("NFC", secret.text),
        )
    }
    return {needle for needle in needles if len(needle) >= _TELLING_LENGTH}


def _squeeze(text: Sequence[str]) -> tuple[str, list[int]]:
    letters, origins = [], []
    for index, character in enumerate(text):
        bare = strip_marks(unicodedata.normalize("NFKC", character))
        for letter in bare.casefold():
            if letter.isalnum():
                letters.append(letter)
                origins.append(index)
    return "".join(letters), origins


def _find_words(
    plain: str, origins: list[int], text: Sequence[str], secret: Secret
) -> Iterator[tuple[int, int]]:
    needle = squeeze(secret.text)
    if len(needle) < 2:
        return
    is_sure = len(needle) >= _SURE_LENGTH and len(secret.text.split()) > 1
    is_sure = is_sure or secret.kind == "email"
    start = plain.find(needle)
    while start >= 0:
        end = start + len(needle)
        first, last = origins[start], origins[end - 1] + 1
        if _is_apart(text, first, last) and (
            is_sure or _is_written(text[first:last], secret.text)
        ):
            yield start, end
        start = plain.find(needle, start + 1)


def _is_apart(text: Sequence[str], first: int, last: int) -> bool:
    return not (
        (first and text[first - 1].isalnum())
        or (last < len(text) and text[last].isalnum())
    )


def _is_written(stretch: Sequence[str], word: str) -> bool:
    return unicodedata.normalize("NFC", "".join(stretch)) == unicodedata.normalize(
        "NFC", word
    )


def _find_number(digits: str, number: str) -> Iterator[tuple[int, int]]:
    needle = "".join(c for c in number if c.isdigit())
    if len(needle) < 7:
        return
    needle = needle[-_NATIONAL_DIGITS:]
    start = digits.find(needle)
    while start >= 0:
        end = start + len(needle)
        if not digits[end : end + 1].isdigit():
            for prefix in ("84", "0"):
                if digits[:start].endswith(prefix):
                    start -= len(prefix)
                    break
            yield start, end
        start = digits.find(needle, end)
