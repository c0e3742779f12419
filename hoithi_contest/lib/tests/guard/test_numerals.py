import pytest

from ...guard.numerals import MOST_ID, read_whole, roman


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "I"),
        (4, "IV"),
        (6, "VI"),
        (9, "IX"),
        (14, "XIV"),
        (40, "XL"),
        (49, "XLIX"),
        (50, "L"),
        (99, "XCIX"),
        (100, "C"),
        (499, "CDXCIX"),
        (500, "D"),
        (90, "XC"),
        (400, "CD"),
        (944, "CMXLIV"),
        (2026, "MMXXVI"),
        (0, ""),
        (-3, ""),
    ],
)
def test_roman(number, expected):
    assert roman(number) == expected


def test_roman_numbers_differ():
    assert len({roman(number) for number in range(1, 200)}) == 199


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("7", 7),
        ("007", 7),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("²", None),
        (" 1", None),
    ],
)
def test_read_whole(text, expected):
    assert read_whole(text) == expected


def test_read_whole_up_to_a_limit():
    assert read_whole("100", 100) == 100
    assert read_whole("101", 100) is None


def test_the_largest_id_is_the_databases_largest_whole_number():
    assert MOST_ID == int.from_bytes(b"\x7f\xff\xff\xff")
