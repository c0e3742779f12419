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
