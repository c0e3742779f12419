import unicodedata
from pathlib import Path

import pytest

from ...guard.texts import fold, hold_years, is_blank, strip_marks, visible


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " \n\t",
        "\u00a0\u200b\ufeff\u2060\u3000",
        "–",
        "...",
        "<p><br></p>",
        '<p class="o">&nbsp;</p>\n<ul><li></li></ul>',
    ],
)
def test_says_nothing(text):
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["0", "ế", "Không", "<p>Mới</p>", "a < b", "<5", "- 30 %"]
)
def test_says_something(text):
    assert not is_blank(text)


@pytest.mark.parametrize(
    "typed",
    [
        "Đỗ Thị Hoà",
        unicodedata.normalize("NFD", "ĐỖ THỊ HOÀ"),
        "do thi hoa",
        "  Đỗ\N{NO-BREAK SPACE}Thị \N{ZERO WIDTH SPACE}Hòa\t",
        "Đỗ Thị Ho\N{ZERO WIDTH JOINER}à",
        "ĐỖ-THỊ, HOÀ.",
        "Đỗ Thị H\N{CYRILLIC SMALL LETTER O}à",
    ],
)
def test_names_that_look_alike_are_equal(typed):
    assert fold(typed) == "do thi hoa"


def test_visible_text_keeps_accents():
    assert visible(" Lê\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}An\x0b") == "Lê An"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Đề tài\n SÁNG kiến ", "de tai sang kien"),
        ("tiê\u0301ng Vie\u0323\u0302t", "tieng viet"),
        ("Đo, đạc;  bản-đồ (1.5)", "do dac ban do 1 5"),
        ("%_\\", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_words_as_they_are_searched_for(typed, folded):
    assert fold(typed) == folded
    assert fold(folded) == folded


def test_bare_letters_keep_their_case_and_signs():
    assert strip_marks("Đề cử, ứng dụng: đ") == "De cu, ung dung: d"


def test_accents_are_taken_away_in_one_place():
    """What is compared in two ways is found in the one and missed in the other."""
    addon = Path(__file__).parents[3]
    found = {
        path.relative_to(addon).as_posix()
        for path in addon.rglob("*.py")
        if "tests" not in path.parts and '"NFD"' in path.read_text()
    }
    # the widths of printed letters are those of the bare ones; what a word of an old
    # code means is told by its tones
    others = {"lib/document/nd30.py", "lib/guard/legacy_text.py"}
    assert found == {"lib/guard/texts.py", *others}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Hội thi lần thứ VI (2026 - 2027)", "(2026 - 2027)"),
        ("Hội thi 2026-2027 của tỉnh", "2026-2027"),
        ("Hội thi 2026 – 2027", "2026 – 2027"),
    ],
)
def test_years_stand_on_one_line(text, held):
    span = f'<span style="white-space: nowrap">{held}</span>'
    assert hold_years(text) == text.replace(held, span)


def test_what_has_no_years_is_only_escaped():
    assert hold_years("Hội thi <b> 2026 & số 12026 - 20271") == (
        "Hội thi &lt;b&gt; 2026 &amp; số 12026 - 20271"
    )
    assert hold_years(None) == ""
