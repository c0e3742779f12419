import pytest

from ...contest import house


def test_a_department_of_the_province():
    words = house.words("Sở Nông nghiệp và Môi trường tỉnh Thái Nguyên", "Giám đốc")
    assert words == house.Words(
        "Sở",
        "Văn phòng Sở",
        "Chánh Văn phòng Sở",
        "VP",
        "Giám đốc Sở",
        "các phòng chuyên môn, đơn vị trực thuộc Sở",
        "Trưởng các phòng chuyên môn, Thủ trưởng các đơn vị trực thuộc Sở",
    )


@pytest.mark.parametrize(
    ("name", "title", "own", "office", "head"),
    [
        (
            "Chi cục Kiểm lâm tỉnh A",
            "Chi cục trưởng",
            "Chi cục",
            "Phòng Hành chính - Tổng hợp",
            "Chi cục trưởng",
        ),
        ("Ban Dân tộc tỉnh A", "Trưởng ban", "Ban", "Văn phòng Ban", "Trưởng ban"),
        (
            "UBND xã Bằng Vân",
            "Chủ tịch",
            "Ủy ban nhân dân xã",
            "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã",
            "Chủ tịch Ủy ban nhân dân xã",
        ),
        (
            "Ủy ban nhân dân tỉnh A",
            "Chủ tịch",
            "Ủy ban nhân dân",
            "Văn phòng Ủy ban nhân dân",
            "Chủ tịch Ủy ban nhân dân",
        ),
        ("Bảo tàng A", "", "cơ quan", "Văn phòng cơ quan", "Thủ trưởng cơ quan"),
    ],
)
def test_other_houses(name, title, own, office, head):
    words = house.words(name, title)
    assert (words.own, words.office, words.head) == (own, office, head)
    assert "Sở" not in " ".join(words)


@pytest.mark.parametrize("people", ["Ủy ban nhân dân", "Uỷ ban nhân dân", "UBND"])
@pytest.mark.parametrize("level", ["xã", "phường", "đặc khu", "thị trấn"])
def test_a_commune_is_named_by_its_level(people, level):
    words = house.words(f"{people}  {level.upper()} Sông Cầu", "Chủ tịch")
    assert words.own == f"Ủy ban nhân dân {level}"
    assert words.office_head == (
        f"Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân {level}"
    )
    assert words.office_symbol == "VP"


@pytest.mark.parametrize(
    ("name", "own", "symbol"),
    [
        ("TRUNG TÂM Quan trắc", "Trung tâm", "HCTH"),
        ("Bệnh viện A", "Bệnh viện", "HCTH"),
        ("Sở Nội vụ", "Sở", "VP"),
        ("Tổng cục A", "Tổng cục", "VP"),
        # a word that only begins as one of these is none
        ("Banh A", "cơ quan", "VP"),
        ("Ủy ban nhân dânx xã A", "cơ quan", "VP"),
    ],
)
def test_who_keeps_the_papers(name, own, symbol):
    words = house.words(name)
    assert (words.own, words.office_symbol) == (own, symbol)
    assert words.head == f"Thủ trưởng {own}"
    assert words.office_head.startswith(
        "Trưởng phòng" if symbol == "HCTH" else "Chánh Văn phòng"
    )
    assert words.units == (
        "các phòng chuyên môn, đơn vị trực thuộc Sở"
        if own == "Sở"
        else f"các phòng, đơn vị trực thuộc {own}"
    )
