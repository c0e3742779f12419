"""One voice: how the Vietnamese that people read addresses them, and writes figures."""

import re
from pathlib import Path

import polib
import pytest
from lxml import etree

ROOT = Path(__file__).parent.parent
ADDON = ROOT / "hoithi_contest"
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


#: What is said of a translation, not by it.
REMARK = re.compile(
    r"\([^()]*\b(?:known|exists?|(?:un)?changed|same|translation|said|before)\b",
    re.IGNORECASE,
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


def test_no_remark_stands_for_a_translation(terms):
    """As “(exists)”, which a translator wrote beside a word."""
    assert not [
        (source, text)
        for source, text in terms
        if (text.startswith("(") and not source.lstrip().startswith("("))
        or ("(" not in source and REMARK.search(text))
    ]


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


@pytest.fixture(scope="module")
def menus():
    """Names of the app's menus by their path, in English."""
    actions = {}
    for file in [*ADDON.glob("views/**/*.xml"), *ADDON.glob("wizard/**/*.xml")]:
        for record in etree.parse(file).iter("record"):
            name = record.find("field[@name='name']")
            if name is not None and record.get("model").startswith("ir.actions"):
                actions[record.get("id")] = name.text
    found = {}

    def walk(parent, path):
        for menu in parent.findall("menuitem"):
            name = menu.get("name") or actions[menu.get("action")]
            found.setdefault(path, []).append(name)
            walk(menu, (*path, name))

    walk(etree.parse(ADDON / "views" / "hoithi_menus.xml").find("menuitem"), ())
    return found


def find_lost(text, menus, spell):
    """Return the ways through menus in a text that lead to none.

    :param spell: function of a menu's name that returns it as the text's reader sees it
    """
    text = " ".join(text.split()).casefold()
    lost = []
    for top in filter(spell, menus[()]):
        for match in re.finditer(rf"\b{spell(top).casefold()} [→›] ", text):
            path, rest = (top,), text[match.end() :]
            while path in menus:
                known = [name for name in menus[path] if spell(name)]
                steps = [
                    name for name in known if rest.startswith(spell(name).casefold())
                ]
                if not steps:
                    # what isn't translated yet is told elsewhere
                    if known == menus[path]:
                        lost.append(text[match.start() : match.end() + 60])
                    break
                step = max(steps, key=lambda name: len(spell(name)))
                path, rest = (*path, step), rest[len(spell(step)) :]
                if not re.match(" [→›] ", rest):
                    break
                rest = rest[3:]
    return lost


def test_ways_through_menus_exist(terms, menus):
    """What guides and sentences name is in the menus, under this very name."""
    vietnamese = dict(terms)
    lost = {
        guide.name: find_lost(guide.read_text(encoding="utf-8"), menus, vietnamese.get)
        for guide in GUIDES
    }
    lost["vi.po"] = [
        way
        for text in vietnamese.values()
        for way in find_lost(text, menus, vietnamese.get)
    ]
    lost["source"] = [way for text in vietnamese for way in find_lost(text, menus, str)]
    assert not any(lost.values()), {name: ways for name, ways in lost.items() if ways}
