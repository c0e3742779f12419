import pytest

from ...document.holding import hold, let_go


@pytest.mark.parametrize(
    "text, held",
    [
        ("theo Kế hoạch số 05/KH-STNMT", "theo Kế hoạch số 05/KH=STNMT"),
        ("giải pháp số 5, số 12", "giải pháp số~5, số~12"),
        ("Thông tư 12a/2021/TT-BTNMT", "Thông tư 12a/2021/TT=BTNMT"),
        ("của HĐND&UBND-VX", "của HĐND&UBND=VX"),
        ("năm 2020-2021", "năm~2020=2021"),
        ("giai đoạn 2020 - 2021", "giai đoạn 2020~-~2021"),
        ("giai đoạn 2020–2021", "giai đoạn 2020–|2021"),
        ("từ 12-34 trang", "từ 12=34 trang"),
        ("tháng 6/2020 - 11/2021", "tháng~6/2020~-~11/2021"),
        ("ngày 05 tháng 8 năm 2021", "ngày~05 tháng~8 năm~2021"),
        ("trong 10 ngày, 3 tháng", "trong 10~ngày, 3~tháng"),
        ("15.000.000 đồng, 5 triệu đồng", "15.000.000~đồng, 5~triệu~đồng"),
        ("dài 12 km, rộng 25 %", "dài 12~km, rộng 25~%"),
        ("điểm đ khoản 2 Điều 7", "điểm~đ khoản~2 Điều~7"),
        ("lần thứ IX, Phụ lục II", "lần thứ~IX, Phụ lục~II"),
        ("tại TP. Hồ Chí Minh và TP. Huế xa", "tại TP.~Hồ~Chí~Minh và TP.~Huế xa"),
    ],
)
def test_held(text, held):
    signs = str.maketrans("~=|", "\xa0\u2011\u2060")
    assert hold(text) == held.translate(signs)
    # whoever looks for it finds it
    assert let_go(hold(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("- gạch đầu - dòng", "điểm số", "-3", "Số:", "", "  ", "12 điều kiện"),
        "xem https://vi-du.example/mot-trang/2020-2021",
        "gửi van-thu@so-a.example",
        "mã " + "VI-" * 15 + "1",
    ],
)
def test_not_held(text):
    assert hold(text) == text


def test_what_fits_no_line_is_not_held():
    asked = []

    def fits(piece):
        asked.append(piece)
        return len(piece) < 10

    text = "số 05/KH-STNMT năm 2021"
    assert hold(text, fits) == "số 05/KH-STNMT năm\xa02021"
    # as it is read, without what holds it
    assert "05/KH-STNMT" in asked
    # a part alone, where it doesn't fit with what it is held to
    held = hold("lần thứ 2020-2021", lambda piece: len(piece) < 10)
    assert held == "lần thứ 2020\u20112021"


def test_blanks_for_the_pen_stay():
    blank = "\xa0" * 5
    text = f"ngày {blank} tháng 8, số {blank}/KH-STNMT"
    assert hold(text, lambda piece: False) == text
    assert hold(text).count(blank) == 2
