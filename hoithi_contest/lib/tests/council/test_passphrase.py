import pytest

from ...council.passphrase import is_weak


@pytest.mark.parametrize(
    "passphrase",
    [
        "sông cầu nước chảy",
        "mười ký tự trở lên",
        "câu khác hẳn câu trước",
        "Kx7#mQ2!vRt9",
        "bến tre đồng khởi t_member1",
    ],
)
def test_words_that_belong_to_nobody_are_strong(passphrase):
    assert not is_weak(passphrase, ("t_member1", "Ủy Viên Một"))


@pytest.mark.parametrize(
    "passphrase",
    [
        "",
        "ngắn quá",
        " " * 20,
        "\0" * 20,
        "sông cầu\0nước chảy",
        "sông\u200bcầu nước chảy",
        "a" * 20,
        "abababababab",
        "111111111111111",
        "1234567890",
        "12345678901234",
        "0987654321",
        "abcdefghijkl",
        "QWERTYUIOP",
        "matkhau12345",
        "Mật khẩu 123456",
        "password1234",
        "Ủy Viên Một 2026",
        "uyvienmot1234",
        "t_member1t_member1",
    ],
)
def test_what_is_guessed_first_is_weak(passphrase):
    assert is_weak(passphrase, ("t_member1", "Ủy Viên Một"))


@pytest.mark.parametrize(
    ("passphrase", "is_refused"),
    [
        # ten characters, not nine; blanks around don't count
        ("kxbmqvrtzw", False),
        ("kxbmqvrtz", True),
        (" kxbmqvrtz ", True),
        # of six letters, not five; accents and capitals make no others
        ("kxbmqvkxbmqv", False),
        ("kxbmqkxbmqkx", True),
        ("KxbmqkxbmqkX", True),
        ("áàảãạăxbmqáàảãạ", True),
        # of what is left without what is guessed first, five
        ("matkhaukxbmqkxbmq", False),
        ("matkhaukxbmkxbmkx", True),
        # four in a row are a stretch, three aren't
        ("6789kxbmkxbmk", True),
        ("789kxbmkxbmk", False),
        # in either direction
        ("9876kxbmkxbmk", True),
    ],
)
def test_what_is_just_enough(passphrase, is_refused):
    assert is_weak(passphrase) is is_refused


def test_short_words_of_the_owner_are_no_secret_lost():
    """Two letters are in every passphrase; three are a name."""
    passphrase = "linhkxbmkxbm"
    assert not is_weak(passphrase, ("kx", "bm"))
    assert is_weak(passphrase, ("Linh",))
    assert is_weak("hoakxbmkxbm", ("Hoa",))
    # the longer name first: what is left of it would count
    assert is_weak("nguyenlinhkxbm", ("linh", "nguyen linh"))
