import pytest

from ...document.tidying import tidy


@pytest.mark.parametrize(
    "text, tidied",
    [
        ("Địa điểm: Phòng họp số 1..", "Địa điểm: Phòng họp số 1."),
        ("Đơn vị: Phòng A.. Lĩnh vực: B;.", "Đơn vị: Phòng A. Lĩnh vực: B."),
        ("tổ chức thực hiện../.", "tổ chức thực hiện./."),
        ("tổ chức thực hiện; ./.", "tổ chức thực hiện./."),
        ("- Sở A;;", "- Sở A;"),
        ("đất, nước, v.v..", "đất, nước, v.v."),
        ("Đồng ý không?.", "Đồng ý không?"),
        ("còn tiếp….", "còn tiếp…"),
        ("(vắng: đi công tác.).", "(vắng: đi công tác)."),
        ("Bà A (), Ông B ()", "Bà A, Ông B"),
        ("- Thực hiện nhiệm vụ 1.;", "- Thực hiện nhiệm vụ 1;"),
        ("theo mục 2.1.;", "theo mục 2.1;"),
        ("Công ty TNHH MTV..", "Công ty TNHH MTV."),
        ("của  dự thi , như sau", "của dự thi, như sau"),
    ],
)
def test_one_sign_where_two_met(text, tidied):
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    "text",
    [
        *("chờ... tiếp", "chờ...", "………… ; ……………", "Sinh ngày: …………; giới tính: ……."),
        *("Số:      /KH-STNMT", "NƠI NHẬN:        GIÁM ĐỐC", "(1) a", "x.y, z", "./."),
        "f(), g()",
        # boxes for a tick
        *("Đồng ý ( )     Không đồng ý ( )", "Đồng ý (   )", "Nam ( ), nữ ( )."),
        # the dot of an abbreviation
        *("gạo, muối, v.v.; khoáng sản", "(theo v.v.).", "Công ty TNHH MTV.;"),
        "(thuộc Sở TN.); Sở Y",
    ],
)
def test_what_is_meant_stays(text):
    assert tidy(text) == text
