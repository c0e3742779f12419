"""One voice: how the Vietnamese that people read addresses them, and writes figures."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
GUIDES = sorted((ROOT / "docs").glob("*.md"))
MARKUP = re.compile(r"<[^<>]*>|%\(\w+\)s|\{\w+\}|\{\{.*?\}\}|`[^`]*`|\]\([^)]*\)")

#: What is never written, and what is written instead.
ADDRESSES = {
    r"\bbạn\b": "anh/chị",
    r"\bquý vị\b": "anh/chị",
    # papers address whom they are sent to: Ông/Bà
    r"(?-i:\bông/bà\b|\bông \(bà\))": "anh/chị",
    r"\be-?mail\b": "thư điện tử",
    r"\bfiles?\b": "tệp",
    r"\b(?:down|up)load\b": "tải xuống, tải lên",
    r"\blinks?\b": "đường liên kết",
    r"\blogin\b": "tên đăng nhập, đăng nhập",
    r"\bdeadline\b": "hạn",
    r"(?<!thực )\bhiện (?:tại đây|tất cả|ra|lên|ở)\b": "hiển thị",
    r"\bmới ở cấp\b": "mức độ mới",
    r"\w!(?:\s|$)": "a sentence that ends calmly",
}
#: A figure and its unit stay on one line: a space that doesn't break between them.
FIGURES = re.compile(
    r"(?:\d|%s|\)s|\}) (?:%%?(?![(\w])|[KMG]B\b)|\d%(?![(\w%])|\d\.\d+ ?MB"
)


@pytest.fixture(scope="module")
def terms():
    """What is written in Vietnamese, by where it is used."""
    path = ROOT / "hoithi_contest" / "i18n" / "vi.po"
    return [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(path))]


@pytest.mark.parametrize("pattern", ADDRESSES)
def test_one_word_for_one_thing(terms, pattern):
    found = [
        text
        for _source, text in terms
        if re.search(pattern, MARKUP.sub(" ", text), re.IGNORECASE)
    ]
    assert not found, f"Write “{ADDRESSES[pattern]}”: {found}"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_guides_speak_alike(guide):
    text = MARKUP.sub(" ", guide.read_text(encoding="utf-8"))
    found = [
        (pattern, match[0])
        for pattern in ADDRESSES
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]
    assert not found


def test_figures_have_one_form(terms):
    found = [text for _source, text in terms if FIGURES.search(text)]
    assert not found, f"Write a no-break space before % and MB: {found}"
