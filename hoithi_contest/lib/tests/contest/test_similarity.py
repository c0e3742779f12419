import pytest

from ...contest.similarity import ALIKE, normalize_title, similarity


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Phần mềm Quản lý ĐẤT ĐAI", "phan mem quan ly dat dai"),
        ("  Đo, đạc;  bản-đồ (2026) ", "do dac ban do 2026"),
        (
            "Một số giải pháp nâng cao hiệu quả lưu trữ hồ sơ tại đơn vị",
            "luu tru ho so",
        ),
        # nothing but stock phrases is still a title
        ("Nghiên cứu ứng dụng", "nghien cuu ung dung"),
        # a phrase inside other words is no phrase
        ("Nâng cao su tự nhiên", "su tu nhien"),
        ("Chống cao áp", "chong cao ap"),
        ("", ""),
        (None, ""),
    ],
)
def test_normalize_title(title, expected):
    assert normalize_title(title) == expected


def test_composed_and_decomposed_letters_are_one():
    assert normalize_title("hồ sơ") == normalize_title("hồ sơ")


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        (
            "Phần mềm theo dõi chất lượng nước mặt",
            "PHAN MEM THEO DOI CHAT LUONG NUOC MAT",
            True,
        ),
        (
            "Phần mềm theo dõi chất lượng nước mặt",
            "Xây dựng phần mềm theo dõi chất lượng nước mặt trên địa bàn tỉnh",
            True,
        ),
        (
            "Tra cứu hồ sơ địa chính bằng mã QR",
            "Tra cứu hồ sơ địa chính bằng mã vạch",
            True,
        ),
        (
            "Một số giải pháp nâng cao hiệu quả lưu trữ tài liệu",
            "Một số giải pháp nâng cao hiệu quả cấp phép khai thác",
            False,
        ),
        (
            "Ứng dụng công nghệ thông tin trong quan trắc không khí",
            "Ứng dụng công nghệ thông tin trong đo đạc bản đồ",
            False,
        ),
    ],
)
def test_titles_alike(first, second, alike):
    likeness = similarity(normalize_title(first), normalize_title(second))
    assert (likeness >= ALIKE) is alike, likeness


def test_likeness_is_symmetric_and_bounded():
    first, second = "quan trac nuoc mat", "quan trac khong khi"
    assert similarity(first, second) == similarity(second, first)
    assert similarity(first, first) == 1
    assert similarity(first, "") == similarity("", "") == 0


@pytest.mark.parametrize(
    ("first", "second", "likeness"),
    [
        # the first is the example of PostgreSQL's manual
        ("word", "two words", 4 / 11),
        ("dat", "dan", 2 / 6),
        ("a", "an", 1 / 4),
        ("nuoc mat", "mat nuoc", 1),
        ("abcdef", "abcxef", 4 / 10),
    ],
)
def test_likeness_is_counted_as_pg_trgm_does(first, second, likeness):
    assert similarity(first, second) == pytest.approx(likeness)
