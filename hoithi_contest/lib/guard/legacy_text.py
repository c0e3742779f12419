"""Vietnamese from before Unicode: TCVN3 (the fonts .VnTime) and VNI, told apart.

Both write Vietnamese letters by codes that are other letters for everybody else, so
that “Nguyễn Văn” comes as “NguyÔn V¨n” or “Nguyeãn Vaên”. Which it is, if any, is told
by what makes most of the words Vietnamese.
"""

import re
import unicodedata
from collections.abc import Iterable

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
#: Letters and marks that only Unicode has, of those that Vietnamese is written with.
_TODAY = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0"
    "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9]"
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
#: Syllables as they are spelt, without their tone: each vowel with what may end it.
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?(?:"
    "o?a(?:[cmnptiouy]|ch|ng|nh)?|o?ă(?:[cmnpt]|ng)|u?â(?:[cmnptuy]|ng)|"
    "o?e(?:[cmnpto]|ng)?|u?ê(?:[mnptu]|ch|nh)?|i(?:[mnptua]|ch|nh)?|"
    "oo(?:c|ng)|o(?:[cmnpti]|ng)?|ô(?:[cmnpti]|ng)?|u?ơ(?:[mnpti])?|"
    "u(?:[cmnptai]|ng)?|ư(?:[cmntaiu]|ng)?|u?y(?:[mnptau]|ch|nh)?|"
    "i?ê(?:[cmnptu]|ng)|u?yê(?:[mntu]|ng)|uô(?:[cmnti]|ng)|ươ(?:[cmnptiu]|ng)"
    ")"
)
#: What ends in one of these bears one of two tones.
_STOPPED = re.compile("(?:[cpt]|ch)$")
_STOPPED_TONES = {"\u0301", "\u0323"}


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
    spread = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(spread)
    bare = unicodedata.normalize("NFC", _TONES.sub("", spread))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(bare):
        return False
    return not _STOPPED.search(bare) or set(tones) <= _STOPPED_TONES


def _judge(words: list[str]) -> float:
    return sum(_is_vietnamese(_strip(word)) for word in words) / len(words)


def _strip(word: str) -> str:
    """Return a word without the punctuation around it."""
    return word.strip(" .,;:()[]\"'“”-–/*")


def _find_words(text: str) -> list[str]:
    """Return the words that tell; what is plain letters is the same in all codes."""
    return [word for word in text.split() if not word.isascii()]


def is_of_today(text: str) -> bool:
    """Tell whether a text has letters that were not before Unicode."""
    return bool(_TODAY.search(text))


def rate(texts: Iterable[str]) -> float:
    """Return which share of the words that tell are spelt as Vietnamese is, 0 of none.

    :param texts: of one list, whose words are looked at together
    """
    words = _sample(texts)
    return _judge(words) if words else 0


def guess(texts: Iterable[str], likely: str = "") -> str:
    """Return ``tcvn3`` or ``vni`` for texts that are written so, else nothing.

    :param texts: of one list, whose words are looked at together
    :param likely: the one that is meant where both read as well
    """
    words = _sample(texts)
    if not words:
        return ""
    best, _is_likely, name = max(
        (_judge([convert(word) for word in words]), name == likely, name)
        for name, convert in _READERS.items()
    )
    return name if best >= _judge(words) + _MARGIN else ""


def _sample(texts: Iterable[str]) -> list[str]:
    words: list[str] = []
    for text in texts:
        words += _find_words(text)
        if len(words) >= _SAMPLE:
            break
    return words


def convert(text: str, name: str, is_rare: bool = False) -> str:
    """Return a text in Unicode; one that is so already, or reads better so, stays.

    :param name: from `guess`
    :param is_rare: whether most texts beside it are of today: then one that reads as
        well both ways stays, too, as “Hoàng Anh” would else become “Hồng Anh”
    """
    words = _find_words(text)
    if not name or not words or is_of_today(text):
        return text
    read = _READERS[name]
    before, after = _judge(words), _judge([read(word) for word in words])
    stays = before >= after if is_rare else before > after
    return text if stays else read(text)
