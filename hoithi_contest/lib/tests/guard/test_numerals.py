import pytest

from ...guard.numerals import roman


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
