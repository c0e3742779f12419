from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from ...contest import curve

LAST = date(2027, 1, 12)


def test_days_are_summed_up_towards_the_last_day():
    days = [
        (datetime(2027, 1, 10), 2),
        (date(2027, 1, 2), 1),
        (date(2027, 1, 12), 3),
        # during the minutes of grace, after midnight
        (date(2027, 1, 13), 1),
    ]
    assert curve.cumulate(days, LAST) == [(10, 1), (2, 3), (0, 7)]
    assert curve.cumulate([], LAST) == []


def test_the_edition_under_way_ends_today_and_the_last_one_at_its_deadline():
    picture = curve.draw(
        [
            {
                "label": "VIII",
                "points": [(20, 4), (0, 9)],
                "is_last": True,
                "days_left": -99,
            },
            {"label": "IX", "points": [(20, 5)], "is_last": False, "days_left": 10},
        ]
    )
    last, current = picture["lines"]
    assert (last["total"], current["total"]) == (9, 5)
    assert last["end"][0] == picture["right"]
    assert picture["left"] < current["end"][0] < picture["right"]
    # more lies higher up
    assert last["end"][1] < current["end"][1]


def test_without_entries_there_is_a_scale_and_a_line_at_its_foot():
    picture = curve.draw(
        [{"label": "IX", "points": [], "is_last": False, "days_left": 30}]
    )
    assert picture["scale"][0]["count"] == 0
    assert picture["lines"][0]["end"][1] == picture["bottom"]


@given(
    st.dictionaries(st.integers(0, 400), st.integers(1, 500), max_size=30),
    st.integers(-50, 400),
)
def test_every_point_lies_within_the_frame(counts, days_left):
    total, points = 0, []
    for left in sorted(counts, reverse=True):
        total += counts[left]
        points.append((left, total))
    picture = curve.draw(
        [{"label": "x", "points": points, "is_last": False, "days_left": days_left}]
    )
    for pair in picture["lines"][0]["points"].split():
        x, y = map(float, pair.split(","))
        assert picture["left"] <= x <= picture["right"]
        assert picture["top"] <= y <= picture["bottom"]
    assert 2 <= len(picture["scale"]) <= 7


@given(st.integers(1, 10**6))
def test_a_scale_has_few_lines_at_round_numbers(top):
    distance = curve.step(top)
    assert distance * 5 >= top
    assert str(distance).rstrip("0") in ("1", "2", "5")
