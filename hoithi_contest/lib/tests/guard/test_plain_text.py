import pytest

from ...guard.plain_text import clean, clean_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trạm\x0bđo", "Trạm\nđo"),
        ("a\r\nb\rc\x0cd\x85e\u2028f\u2029g", "a\nb\nc\nd\ne\nf\ng"),
        ("a\x00b\x01c\x1bd\x7fe\x9ff", "abcdef"),
        ("a\ud800b\ufffec\uffff", "abc"),
        ("giữ\tnguyên\n", "giữ\tnguyên\n"),
        ("Đề án 🌱", "Đề án 🌱"),
    ],
)
def test_control_characters_go_and_line_breaks_stay(text, expected):
    assert clean(text) == expected


def test_a_line_has_no_breaks_and_hides_nothing():
    assert clean_line("Trạm\x0bđo\nnước") == "Trạm đo nước"
    assert clean_line("L\u200be A\u202en\ufeff \u2066Bình\u2069") == "Le An Bình"
