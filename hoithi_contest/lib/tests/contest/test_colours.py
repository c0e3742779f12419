import pytest

from ...contest import colours


def test_a_colour_is_six_digits():
    assert colours.read(" #0B4F6C ") == "#0b4f6c"
    for text in (
        None,
        "",
        "red",
        "#fff",
        "#12345g",
        "0b4f6c",
        "#0b4f6c;}",
        "#１２３４５６",
    ):
        assert colours.read(text) is None, text


@pytest.mark.parametrize(
    ("colour", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        # the last grey that WCAG lets pass on white, and the first that it doesn't
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#0b4f6c", "#ffffff", 8.94),
        # as dark as the straight part of the curve reaches
        ("#0a0a0a", "#ffffff", 19.80),
    ],
)
def test_contrast_is_that_of_the_standard(colour, other, ratio):
    assert colours.contrast(colour, other) == pytest.approx(ratio, abs=0.01)
    assert colours.contrast(other, colour) == colours.contrast(colour, other)


def test_derived_colours_are_those_of_the_style_sheet():
    assert colours.darken("#0b4f6c") == "#083a4f"
    assert colours.tint("#0b4f6c") == "#e7edf0"


def test_letters_need_more_than_marks():
    """Success criteria 1.4.3 and 1.4.11."""
    assert (colours.LETTERS, colours.MARKS) == (4.5, 3.0)
