"""Vietnamese from before Unicode: TCVN3 (the fonts .VnTime) and VNI, told apart.

Both write Vietnamese letters by codes that are other letters for everybody else, so
that “Nguyễn Văn” comes as “NguyÔn V¨n” or “Nguyeãn Vaên”. Which it is, if any, is told
by what makes most of the words Vietnamese.
"""

import re
import unicodedata
from collections.abc import Iterable

from .texts import strip_marks

#: Words that are looked at to tell in what a list is written.
_SAMPLE = 2_000
#: So much better must the words be than as they stand, of all of them.
_MARGIN = 0.1

_TCVN3 = {
    **dict(zip("µ¶·¸¹", "àảãáạ", strict=True)),
    **dict(zip("¨»¼½¾Æ", "ăằẳẵắặ", strict=True)),
    **dict(zip("©ÇÈÉÊË", "âầẩẫấậ", strict=True)),
    **dict(zip("®ÌÎÏÐÑ", "đèẻẽéẹ", strict=True)),
    **dict(zip("ªÒÓÔÕÖ", "êềểễếệ", strict=True)),
    **dict(zip("×ØÜÝÞ", "ìỉĩíị", strict=True)),
    **dict(zip("ßáâãä", "òỏõóọ", strict=True)),
    **dict(zip("«åæçèé", "ôồổỗốộ", strict=True)),
    **dict(zip("¬êëìíî", "ơờởỡớợ", strict=True)),
    **dict(zip("ïñòóô", "ùủũúụ", strict=True)),
    **dict(zip("\xadõö÷øù", "ưừửữứự", strict=True)),
    **dict(zip("úûüýþ", "ỳỷỹýỵ", strict=True)),
    **dict(zip("¡¢£¤¥¦§", "ĂÂÊÔƠƯĐ", strict=True)),
}
#: What VNI writes behind a letter: the marks it stands for, in Unicode.
_VNI_MARKS = {
    **dict(
        zip("øûõùï", ("\u0300", "\u0309", "\u0303", "\u0301", "\u0323"), strict=True)
    ),
    "â": "\u0302",
    **dict(
        zip(
            "àåãáä",
            (
                "\u0302\u0300",
                "\u0302\u0309",
                "\u0302\u0303",
                "\u0302\u0301",
                "\u0302\u0323",
            ),
            strict=True,
        )
    ),
    "ê": "\u0306",
    **dict(
        zip(
            "èúüéë",
            (
                "\u0306\u0300",
                "\u0306\u0309",
                "\u0306\u0303",
                "\u0306\u0301",
                "\u0306\u0323",
            ),
            strict=True,
        )
    ),
}
_VNI_LETTERS = {
    **dict(zip("ìæóíò", "ìỉĩíị", strict=True)),
    "î": "ỵ",
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
}
_VNI = re.compile(
    f"([aeouyôö])([{''.join(_VNI_MARKS)}])|[{''.join(_VNI_LETTERS)}]", re.IGNORECASE
)
_LETTERS = frozenset(
    "abcdeghiklmnopqrstuvxy"
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
)
#: The bare shape of a syllable: consonants, vowels in a row that there is, consonants.
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    "(?:uye|uya|uyu|uoi|uou|ieu|yeu|oai|oay|oao|oeo|uay|uao|"
    "ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    "(?:ch|ng|nh|[cmnpt])?"
)


def from_tcvn3(text: str) -> str:
    """Return a text of the fonts .VnTime in Unicode."""
    return "".join(_TCVN3.get(char, char) for char in text)


def from_vni(text: str) -> str:
    """Return a text of the fonts VNI in Unicode."""

    def convert(match):
        letter, sign = match[1], match[2]
        if not letter:
            found = _VNI_LETTERS[match[0].lower()]
            return found.upper() if match[0].isupper() else found
        base = _VNI_LETTERS.get(letter.lower(), letter.lower())
        if letter.isupper():
            base = base.upper()
        return unicodedata.normalize("NFC", base + _VNI_MARKS[sign.lower()])

    return _VNI.sub(convert, text)


#: Ways in which a list may be written, and what makes Unicode of each.
_READERS = {"tcvn3": from_tcvn3, "vni": from_vni}


def _is_vietnamese(word: str) -> bool:
    word = unicodedata.normalize("NFC", word).lower()
    return _LETTERS.issuperset(word) and bool(_SYLLABLE.fullmatch(strip_marks(word)))


def _judge(words: list[str]) -> float:
    return sum(map(_is_vietnamese, words)) / len(words)


def guess(texts: Iterable[str]) -> str:
    """Return ``tcvn3`` or ``vni`` for texts that are written so, else nothing.

    :param texts: of one list, whose words are looked at together
    """
    words: list[str] = []
    for text in texts:
        # what is plain letters is the same in all of them
        words += [word for word in text.split() if not word.isascii()]
        if len(words) >= _SAMPLE:
            break
    if not words:
        return ""
    plain = _judge([_strip(word) for word in words])
    best, name = max(
        (_judge([_strip(convert(word)) for word in words]), name)
        for name, convert in _READERS.items()
    )
    return name if best >= plain + _MARGIN else ""


def _strip(word: str) -> str:
    """Return a word without the punctuation around it."""
    return word.strip(" .,;:()[]\"'“”-–/*")


def convert(text: str, name: str) -> str:
    """Return a text in Unicode.

    :param name: from `guess`
    """
    return _READERS[name](text) if name else text
