"""Where a text tells who wrote it, however it is written there."""

import pytest

from ...council.copies.names import Secret, find, letters, letters_of

NAME = Secret("name", "Hà Thị Tác Giả")
UNIT = Secret("unit", "Phòng Tài nguyên nước")
PHONE = Secret("phone", "0912 345 678")
EMAIL = Secret("email", "staff@sotnmt.example.vn")
SHORT = Secret("name", "An")


def found(text, *secrets):
    return [
        (place.secret.kind, text[place.start : place.end])
        for place in find(text, secrets)
    ]


@pytest.mark.parametrize(
    ("text", "secret", "places"),
    [
        ("Tác giả: Hà Thị Tác Giả.", NAME, ["Hà Thị Tác Giả"]),
        ("HA THI TAC GIA", NAME, ["HA THI TAC GIA"]),
        ("Ha\u0300 Thị\nTác  Giả", NAME, ["Ha\u0300 Thị\nTác  Giả"]),
        ("H à T h ị T á c G i ả", NAME, ["H à T h ị T á c G i ả"]),
        ("Hà Thị Tác Giảng", NAME, []),
        ("Nha Thi Tac Gia", NAME, []),
        ("Hà Thị và Hà Thị Tác Giả", NAME, ["Hà Thị Tác Giả"]),
        ("của phòng tài nguyên nước, sở", UNIT, ["phòng tài nguyên nước"]),
        ("gọi 0912.345.678 nhé", PHONE, ["0912.345.678"]),
        ("+84 912345678", PHONE, ["84 912345678"]),
        ("10912345678", PHONE, ["0912345678"]),
        ("0912 345 6789", PHONE, []),
        ("thư: STAFF@sotnmt.example.vn;", EMAIL, ["STAFF@sotnmt.example.vn"]),
        ("ông An nói: an toàn", SHORT, ["An"]),
        ("an toàn, Anh", SHORT, []),
        ("", NAME, []),
        ("–", Secret("phone", "12"), []),
    ],
)
def test_places(text, secret, places):
    assert [words for _kind, words in found(text, secret)] == places


def test_several_are_told_in_order():
    text = "staff@sotnmt.example.vn, Hà Thị Tác Giả, 0912345678"
    assert [kind for kind, _words in found(text, PHONE, NAME, EMAIL)] == [
        "email",
        "name",
        "phone",
    ]


def test_a_character_may_be_several_letters():
    """A page's ligature is one character."""
    [place] = find(["ﬁ", "n", " ", "L", "y"], [Secret("name", "Fin Ly")])
    assert (place.start, place.end) == (0, 5)


def test_letters_that_tell_a_name():
    """Those below the accents, and those that a font with codes of its own leaves."""
    assert letters_of([Secret("name", "Nguyễn Thị Phương Thảo")]) == {
        b"nguyenthiphuongthao",
        b"nguynthphngtho",
    }
    assert letters_of([Secret("name", "Lê Văn An")]) == {b"levanan"}
    # words of the language as well, and numbers
    assert letters_of([SHORT, PHONE]) == set()
    assert letters(b"/H a\xe0#20\x00T h1(I)") == b"hathi"
