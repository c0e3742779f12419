import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...contest.persons import (
    _SYLLABLE,
    NameIndex,
    _edit_distance,
    address_key,
    are_close,
    mailbox_key,
    same_words,
)
from ...guard.texts import fold

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
    ("typed", "key"),
    [
        ("le_an+thi@so.example.vn", LE_AN),
        ("Le_An+a+b@SO.example.VN", LE_AN),
        (LE_AN, LE_AN),
        ("+an@so.example.vn", "+an@so.example.vn"),
        ("a@so+x.vn", ""),
    ],
)
def test_tags_lead_to_one_mailbox(typed, key):
    assert mailbox_key(typed) == key


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
        # longer than a part of a domain may be
        "an@" + "sơ" * 40 + ".vn",
    ],
)
def test_what_is_no_address(typed):
    assert address_key(typed) == ""


def test_domain_in_its_two_spellings():
    assert address_key("an@sở.example.vn") == address_key(
        unicodedata.normalize("NFD", "an@SỞ.example.vn")
    )
    assert address_key("an@sở.example.vn").isascii()


def test_order_of_words():
    assert same_words("An Lê Văn", "Lê Văn An")
    assert not same_words("Lê An", "Lê Văn An")
    assert not same_words("Lê Văn An", "Lê An")
    assert not same_words("Lê Văn An", "Bùi Văn An")
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
        ("N.T.L.A.", "Nguyễn Thị Lan Anh", True),
        ("NTLA", "Nguyễn Thị Lan Anh", True),
        ("H. T. M. C.", "Hà Thị Minh Châu", True),
        ("H.T.M.Ch.", "Hà Thị Minh Châu", True),
        ("HTMC", "Hà Thị Minh Châu", True),
        ("Bà HTMC", "Hà Thị Minh Châu", True),
        ("HTM Châu", "Hà Thị Minh Châu", True),
        ("H.T.M.C.", "Hà Thị Minh Lan", False),
        ("H.M.C.", "Hà Thị Minh Châu", False),
        ("H.A.", "Hà Anh", False),
        ("Nam", "Nguyễn An Mạnh", False),
        # what stands before a name
        ("Bà Châu", "Hà Thị Minh Châu", True),
        ("chị Châu", "Hà Thị Minh Châu", True),
        ("chú Châu", "Hà Thị Minh Châu", True),
        ("Giám đốc Châu", "Hà Thị Minh Châu", True),
        ("Phó Giám đốc Châu", "Hà Thị Minh Châu", True),
        ("đ/c Châu", "Hà Thị Minh Châu", True),
        ("Đồng chí PGS.TS. Châu", "Hà Thị Minh Châu", True),
        ("Bà Minh Châu", "Hà Thị Minh Châu", True),
        ("TS. Hà Thị Minh Châu", "Hà Thị Minh Châu", True),
        ("ThS. Châu", "TS. Hà Thị Minh Châu", True),
        ("Giám đốc Sơn", "Hà Thị Minh Châu", False),
        ("Bà Lan", "Hà Thị Minh Châu", False),
        # and what is part of it
        ("Anh", "Nguyễn Thị Lan Anh", True),
        ("anh Anh", "Nguyễn Tuấn Anh", True),
        ("Anh Nguyễn Tuấn", "Nguyễn Tuấn Anh", True),
        ("Nguyễn Tuấn Anh", "Nguyễn Tuấn", True),
        ("Nguyễn Tuấn Anh", "Lê Lan Anh", False),
        ("Vũ Cô", "Lý Cô", False),
        ("Lý Thị Cô", "Cô", True),
        ("Chu Văn An", "Lê Văn An", False),
        ("Chu Văn An", "An Chu Văn", True),
        ("Lê An", "Lê Anh", False),
        (
            "Nguyễn Thị La\N{HANGUL FILLER}n A\N{HANGUL FILLER}nh",
            "Nguyễn Thị Lan Anh",
            True,
        ),
        # all but the given name
        ("Hoa", "Nguyễn Thị Hoa", True),
        ("Hoà", "Nguyễn Thị Hòa", True),
        ("Nguyễn", "Nguyễn Thị Hoa", False),
        ("Thị", "Nguyễn Thị Hoa", False),
        ("A", "Vàng Thị A", False),
        # a slip in a short name makes a word that is none
        ("Lê Hoq", "Lê Hoa", True),
        ("Lw An", "Lê An", True),
        ("Vũ Ahn", "Vũ Anh", True),
        ("Hà Thj Lê", "Hà Thị Lê", True),
        ("Lê Hoa", "Lê Hòa", True),
        ("Lê Hoa", "Lê Hoan", False),
        ("Vũ Nam", "Vũ Năng", False),
        ("Vũ Hà", "Võ Hà", False),
        ("Lý Sơn", "Lý Sen", False),
        ("Lò Mai", "Lò Mây", False),
        ("Hoq", "Hoa", False),
        ("Lê Văn B", "Lê Văn C", False),
        ("Ủy viên 1", "Ủy viên 2", False),
        # two slips in a long one
        ("Nguyn Thị Hoq", "Nguyễn Thị Hoa", True),
        ("Ngyễn Văn Thnah", "Nguyễn Văn Thành", True),
        ("Ngyuễn Thị Hoq", "Nguyễn Thị Hoa", True),
        ("Ngyuênx Thị Hoa", "Nguyễn Thị Hoa", True),
        ("Hoafng Seo Phaf", "Hoàng Seo Phà", True),
        ("Trần Vawn Hùngg", "Trần Văn Hùng", True),
        ("Nguyễn Văn Thqqh", "Nguyễn Văn Thành", True),
        ("Nguyễn Văn Hà", "Nguyễn Văn Nam", False),
        ("Nguyễn Văn An", "Nguyễn Văn Hà", False),
        ("Nguyễn Văn Sơn", "Nguyễn Văn Hoàn", False),
        ("Nguyễn Thị Hà", "Nguyễn Văn Hải", False),
        ("Trần Minh Quang", "Trần Bình Trọng", False),
        ("Hoàng Văn Thụ", "Hoàng Quốc Việt", False),
        ("Lý Thị Mỷ", "Vàng Thị Mỷ", False),
        ("Nguyễn Đức Thắng", "Nguyễn Đức Thịnh", False),
        ("Phạm Ngọc Lan", "Phạm Ngọc Hoa", False),
        ("Ngyễn Thj Hoq", "Nguyễn Thị Hoa", False),
        # nor in a word of it that is too short to be known by what is left
        ("Nguyễn Văn Hqxg", "Nguyễn Văn Hùng", False),
        ("Nguyễn Văn Lqx", "Nguyễn Văn Lan", False),
        ("Ủy viên thứ 12", "Ủy viên thứ 34", False),
        # two in a short one
        ("Hà Thj Hoq", "Hà Thị Hoa", False),
        # a slip in a long one that makes another word
        ("Lê Thị Mia Hoa", "Lê Thị Mai Hoa", True),
        ("Nguyễn Thị Lon Hoa", "Nguyễn Thị Lan Hoa", True),
        # posts without a name are nobody's, and no name is shortened to six letters
        ("Chủ tịch", "Giám đốc", False),
        ("NTHLAB", "Nguyễn Thị Hoàng Lan Anh Bình", False),
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


#: Family, middle and given names that are common, as in any office of the province.
FAMILY, MIDDLE, GIVEN = map(
    str.split,
    map(
        fold,
        (
            "Nguyễn Trần Lê Phạm Hoàng Vũ Đỗ Bùi Lý Nông Hà Ma Đặng Triệu Vàng Giàng",
            "Văn Thị Đức Minh Ngọc Xuân Thanh Hữu",
            "An Anh Bình Chiến Dũng Dương Giang Hà Hải Hạnh Hằng Hiền Hoa Hồng Hùng "
            + "Hương Khánh Lan Linh Loan Long Mai Minh Nam Nga Nhung Phong Phương Quân "
            + "Sơn Tâm Thảo Thắng Thu Thúy Toàn Trang Tuấn Tuyết Vân Việt Yến Bích Cúc "
            + "Đào Đông",
        ),
    ),
)


def test_false_alarms_are_few():
    """Of people with other names, fewer than one in a hundred is taken for a member."""
    council = [f"{FAMILY[n]} {MIDDLE[n % 8]} {GIVEN[3 * n]}" for n in range(15)]
    people = [" ".join(parts) for parts in itertools.product(FAMILY, MIDDLE, GIVEN)]
    index = NameIndex(dict(enumerate(council)))
    alarms = sum(len(index.find(name)) for name in people if name not in council)
    assert alarms < len(people) / 100


def test_syllables_of_common_names_are_known():
    words = {*FAMILY, *MIDDLE, *GIVEN}
    assert not [word for word in words if not _SYLLABLE.fullmatch(word)]
    for word in ("thj", "hoq", "nguyn", "ngyuen", "hoafng", "thnah", "lw", "phaf"):
        assert not _SYLLABLE.fullmatch(word), word


def count_errors(one, other):
    """Return the fewest letters to add, drop, replace or swap, by trying each."""
    if not one or not other:
        return len(one or other)
    ways = [
        count_errors(one[1:], other) + 1,
        count_errors(one, other[1:]) + 1,
        count_errors(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if one[:2] == other[1::-1] and len(one) > 1:
        ways.append(count_errors(one[2:], other[2:]) + 1)
    return min(ways)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_errors_are_counted_as_by_trying_each(one, other):
    assert _edit_distance(one, other) == count_errors(one, other)
