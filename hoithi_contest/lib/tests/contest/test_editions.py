from datetime import date, datetime, timedelta

import pytest

from ...contest.editions import advance_name, move_day


@pytest.mark.parametrize(
    ("name", "edition", "expected"),
    [
        ("Hội thi lần thứ 9 (2026 - 2027)", 9, "Hội thi lần thứ 10 (2028 - 2029)"),
        ("Hội thi lần thứ IX năm 2026-2027", 9, "Hội thi lần thứ X năm 2028-2029"),
        ("Hội thi lần thứ 09", 9, "Hội thi lần thứ 10"),
        ("Hội thi sáng tạo kỹ thuật", 9, "Hội thi sáng tạo kỹ thuật"),
        # neither a part of a number, of a word nor of a document's number
        ("Hội thi 19, số 9/KH, VIX, 2.9", 9, "Hội thi 19, số 10/KH, VIX, 2.9"),
        ("Hội thi (2026-2027)", 0, "Hội thi (2028-2029)"),
        # each once, though the years overlap
        ("2026, 2027", 0, "2028, 2029"),
    ],
)
def test_the_name_counts_on(name, edition, expected):
    assert advance_name(name, edition, (2026, 2027), 2) == expected


def test_years_that_follow_each_other_move_once():
    assert advance_name("2026-2027", 0, (2026, 2027), 1) == "2027-2028"


def to_monday(day):
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def test_days_move_by_whole_years_to_working_days():
    # 10/01/2026 is a Saturday, 10/01/2028 a Monday
    assert move_day(date(2026, 1, 10), 2, to_monday) == date(2028, 1, 10)
    # 15/01/2028 is a Saturday
    assert move_day(date(2026, 1, 15), 2, to_monday) == date(2028, 1, 17)
    assert move_day(date(2024, 2, 29), 1, to_monday) == date(2025, 2, 28)


def test_a_moment_keeps_its_hour():
    moved = move_day(datetime(2026, 1, 15, 17, 30), 2, to_monday)
    assert moved == datetime(2028, 1, 17, 17, 30)
