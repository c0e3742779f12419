import unicodedata

import pytest

from ...guard.legacy_text import convert, from_tcvn3, from_vni, guess, is_of_today

NAMES = [
    "Nguyễn Văn Hùng",
    "Trần Thị Mỹ Hạnh",
    "Phòng Quản lý đất đai",
    "Lê Đình Dũng",
    "Chi cục Bảo vệ môi trường",
]
TCVN3 = [
    "NguyÔn V¨n Hïng",
    "TrÇn ThÞ Mü H¹nh",
    "Phßng Qu¶n lý ®Êt ®ai",
    "Lª §×nh Dòng",
    "Chi côc B¶o vÖ m«i tr\xadêng",
]
VNI = [
    "Nguyeãn Vaên Huøng",
    "Traàn Thò Myõ Haïnh",
    "Phoøng Quaûn lyù ñaát ñai",
    "Leâ Ñình Duõng",
    "Chi cuïc Baûo veä moâi tröôøng",
]


@pytest.mark.parametrize(
    ("texts", "name"), [(TCVN3, "tcvn3"), (VNI, "vni"), (NAMES, "")]
)
def test_they_are_told_apart_and_converted(texts, name):
    assert guess(texts) == name
    assert [convert(text, name) for text in texts] == NAMES


def test_decomposed_and_plain_letters_are_no_old_ones():
    assert guess(unicodedata.normalize("NFD", name) for name in NAMES) == ""
    assert guess(["Nguyen Van Hung", "an@so.example.vn", ""]) == ""
    assert guess([]) == ""
    # names of others, with letters that both have
    assert guess(["José Muñoz", "Hà Thị An", "Phòng Đất đai", "Lê Bình"]) == ""


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_one_name_is_enough_to_tell(place):
    assert guess([TCVN3[place]]) == "tcvn3"
    assert guess([VNI[place]]) == "vni"


def test_capitals():
    assert from_vni("NGUYEÃN VAÊN HUØNG ÑAËNG") == "NGUYỄN VĂN HÙNG ĐẶNG"
    assert from_vni("PHÖÔNG, LÔÏI, YÙ") == "PHƯƠNG, LỢI, Ý"
    assert from_tcvn3("§ç ¢u ¡n") == "Đỗ Âu Ăn"


def test_each_letter_of_both():
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    letters = [
        unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones
    ]
    tcvn3 = (
        "aµ¶·¸¹ ¨»¼½¾Æ ©ÇÈÉÊË eÌÎÏÐÑ ªÒÓÔÕÖ i×ØÜÝÞ oßáâãä «åæçèé ¬êëìíî uïñòóô "
        "\xadõö÷øù yúûüýþ"
    ).replace(" ", "")
    assert [from_tcvn3(code) for code in tcvn3] == letters
    vni = (
        "a aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä e eø eû eõ eù eï eâ eà "
        "eå eã eá eä i ì æ ó í ò o oø oû oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï u "
        "uø uû uõ uù uï ö öø öû öõ öù öï y yø yû yõ yù î"
    )
    assert [from_vni(code) for code in vni.split(" ")] == letters


@pytest.mark.parametrize("name", ["tcvn3", "vni"])
def test_what_is_of_today_stays(name):
    for text in ("Họ tên", "Đơn vị", "Phòng Tài chính - Hành chính", "Nguyen Van An"):
        assert convert(text, name) == text
    assert convert(unicodedata.normalize("NFD", "Hà"), name) != "Hà"
    assert is_of_today("Đất") and is_of_today(unicodedata.normalize("NFD", "Hà"))
    assert not is_of_today("NguyÔn – Lê Bình, 5 €")


def test_syllables_are_told_by_how_they_are_spelt():
    text = (
        "Giám đốc Sở Nông nghiệp quyết định khen thưởng ý tưởng nghiên cứu ngoằn ngoèo "
        "quỳnh thuở khuya khuỷu tay uống rượu hươu bướm giếng gì gìn giữ xoong quạnh "
        "hoạch toàn thể huấn luyện quý yêu kiều quắt hoạt khuếch truyền thuyết"
    )
    assert guess([text]) == "" and guess([unicodedata.normalize("NFD", text)]) == ""
    for name in ("tcvn3", "vni"):
        latin = "Tài chính, Hành chính, Bình quân, chính sách, Thanh Hóa, Yên Bái"
        assert convert(latin, name) == latin
