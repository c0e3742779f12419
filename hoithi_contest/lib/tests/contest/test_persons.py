import unicodedata

import pytest

from ...contest.persons import (
    NameIndex,
    address_key,
    are_close,
    fold,
    same_words,
    visible,
)

LE_AN = "le_an@so.example.vn"


@pytest.mark.parametrize(
    "typed",
    [
        "le_an@so.example.vn",
        "  Le_An@SO.example.VN ",
        "le_an\N{NO-BREAK SPACE}@so.example.vn",
        "le_an@so.example.vn\N{NO-BREAK SPACE}",
        "\N{ZERO WIDTH SPACE}le_an@so.\N{ZERO WIDTH NO-BREAK SPACE}example.vn",
        "le_an@so.example.vn\x00\r\n",
        "ｌｅ_ａｎ＠so.example.vn",
        "Lê An <le_an@so.example.vn>",
        "le_an@so .example.vn",
        "le\N{SOFT HYPHEN}_an@so.example.vn",
        "le\N{VARIATION SELECTOR-16}_a\N{COMBINING GRAPHEME JOINER}n@so.example.vn",
        "le_an\N{HANGUL FILLER}@so.example.vn",
    ],
)
def test_addresses_that_look_alike_are_equal(typed):
    assert address_key(typed) == LE_AN


@pytest.mark.parametrize(
    "typed", ["lexan@so.example.vn", "%@so.example.vn", "le.an@so.example.vn"]
)
def test_addresses_are_no_patterns(typed):
    assert address_key(typed) not in ("", LE_AN)


@pytest.mark.parametrize(
    "typed",
    [
        None,
        "",
        "le_an",
        "le_an@",
        "@so.example.vn",
        "le an@so.example.vn",
        "a@b@so.vn",
        "a@so.vn, b@so.vn",
        "a@so.vn; b@so.vn",
        "le_an@so",
        "a@..vn",
    ],
)
def test_what_is_no_address(typed):
    assert address_key(typed) == ""


def test_domain_in_its_two_spellings():
    assert address_key("an@sở.example.vn") == address_key(
        unicodedata.normalize("NFD", "an@SỞ.example.vn")
    )
    assert address_key("an@sở.example.vn").isascii()


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


def test_order_of_words():
    assert same_words("An Lê Văn", "Lê Văn An")
    assert not same_words("Lê An", "Lê Văn An")
    assert not same_words("", "")


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("Lê Văn An", "An Lê Văn", True),
        ("Lê An", "Lê Văn An", True),
        ("TS. Lê Văn An", "Lê Văn An", True),
        ("LêVăn An", "Lê Văn An", True),
        ("Nguyễn Thị Hoa", "Nguyn Thị Hoa", True),
        ("Nguyễn Thị Hoa", "Nguyễnn Thị Hoa", True),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hao", True),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoq", True),
        ("Hoa Nguyễn Thị", "Nguyễm Thị Hoa", True),
        ("Nguyễn Thị Hoa", "Nguyễn Văn Hải", False),
        ("Lê An", "Lê Ân", True),
        ("Lê An", "Lý An", False),
        ("Lê An", "Lê", False),
        ("An", "An", True),
        ("Chủ Tịch", "Chu Tich", True),
        ("Nguyễn T. Lan Anh", "Nguyễn Thị Lan Anh", True),
        ("Ng. T. Lan Anh", "Nguyễn Thị Lan Anh", True),
        ("N.T.L. Anh", "Nguyễn Thị Lan Anh", True),
        ("N.T. Anh", "Nguyễn Thị Lan Anh", True),
        ("N.V. Lan Anh", "Nguyễn Thị Lan Anh", False),
        ("N.N.T. Lan Anh", "Nguyễn Thị Lan Anh", False),
        ("N.T.L.A.", "Nguyễn Thị Lan Anh", False),
        ("Lê An", "Lê Anh", False),
        (
            "Nguyễn Thị La\N{HANGUL FILLER}n A\N{HANGUL FILLER}nh",
            "Nguyễn Thị Lan Anh",
            True,
        ),
        ("", "", False),
        ("Lê An", "", False),
    ],
)
def test_closeness(one, other, close):
    assert are_close(fold(one), fold(other)) is close
    assert are_close(fold(other), fold(one)) is close
    assert (NameIndex({1: fold(one)}).find(fold(other)) == [1]) is close


def test_index_finds_those_alone_that_are_close():
    names = {1: "Lê Văn An", 2: "Nguyễn Thị Hoa", 3: "An Lê", 4: "Trần Thị Hoa"}
    index = NameIndex({key: fold(name) for key, name in names.items()})
    assert index.find(fold("Lê An")) == [1, 3]
    assert index.find(fold("Thị Hoa")) == [2, 4]
    assert index.find(fold("Phạm Dũng")) == []
