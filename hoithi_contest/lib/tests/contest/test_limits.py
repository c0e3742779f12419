from datetime import date

import pytest

from ...contest import limits


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2006, 10, 31), date(2026, 10, 30), 19),
        (date(2006, 10, 31), date(2026, 10, 31), 20),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age(born, day, age):
    assert limits.get_age(born, day) == age


def test_both_limits_are_included():
    day = date(2026, 6, 1)
    born = {age: date(2026 - age, 6, 1) for age in (5, 6, 19, 20)}
    assert [a for a in born if limits.is_of_age(born[a], day, 6, 19)] == [6, 19]
    assert limits.is_of_age(born[20], day, 6, 0), "no upper limit"


@pytest.mark.parametrize(
    ("level", "years", "barred"),
    [
        ("unit", 0, ["unit", "province", "national"]),
        ("province", 0, ["province", "national"]),
        ("unit", 4, ["province", "national"]),
        ("national", 1, []),
    ],
)
def test_what_has_won_is_barred_by_level_and_years(level, years, barred):
    wins = [
        limits.Win("unit", 2021, "Giải Nhì"),
        limits.Win("province", 2022, "Giải Ba"),
        limits.Win("national", 2024, "Bằng khen"),
    ]
    found = [w.level for w in wins if limits.is_barred(w, 2026, level, years)]
    assert found == barred


@pytest.mark.parametrize(
    ("award", "edition", "level"),
    [
        ("Giải Nhì", "Hội thi lần thứ 5", "unit"),
        ("Giải Nhì", "Hội thi Sáng tạo kỹ thuật Sở TN&MT tỉnh Thái Nguyên", "unit"),
        ("Giải Ba cấp tỉnh", "2019", "province"),
        ("Giải Khuyến khích", "Hội thi Sáng tạo kỹ thuật tỉnh lần thứ 9", "province"),
        ("GIẢI NHẤT TỈNH", "", "province"),
        ("Giải Nhất", "Hội thi Sáng tạo Kỹ thuật toàn quốc lần thứ 15", "national"),
        ("", "", "unit"),
    ],
)
def test_where_a_prize_was_won_is_read_from_its_names(award, edition, level):
    assert limits.guess_level(award, edition) == level
