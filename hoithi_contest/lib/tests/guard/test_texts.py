import pytest

from ...guard.texts import is_blank


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
