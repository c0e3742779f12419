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


def test_a_scale_has_five_lines_at_most_at_round_numbers():
    tops = (1, 5, 6, 10, 11, 25, 26, 50, 51, 250)
    assert [curve.step(top) for top in tops] == [1, 1, 2, 2, 5, 5, 10, 10, 20, 50]


def test_a_picture_to_the_point():
    edition = {"label": "", "points": [(10, 4), (0, 10)], "is_last": True}
    picture = curve.draw([edition | {"days_left": None}])
    [line] = picture["lines"]
    assert line["points"] == (
        "44.0,168.0 44.0,168.0 44.0,108.0 528.0,108.0 528.0,18.0 528.0,18.0"
    )
    assert picture["scale"] == [
        {"count": count, "y": 168 - 15 * count} for count in (0, 2, 4, 6, 8, 10)
    ]
    assert picture["days"] == [{"left": 5, "x": 286}, {"left": 10, "x": 44}]
    frame = ("width", "height", "left", "right", "top", "bottom")
    assert [picture[name] for name in frame] == [640, 200, 44, 528, 18, 168]


def test_a_picture_shows_ninety_days_at_most_and_thirty_where_nothing_came():
    early = {"label": "", "points": [(200, 1), (45, 2)], "is_last": False}
    picture = curve.draw([early | {"days_left": 45}])
    assert picture["days"] == [{"left": 45, "x": 286}, {"left": 90, "x": 44}]
    # what came before that lies at its edge; the line ends today
    assert picture["lines"][0]["points"].startswith("44.0,168.0 44.0,168.0 44.0,138.0")
    assert picture["lines"][0]["end"] == (286, 108)
    assert picture["scale"][-1]["count"] == 5
    empty = curve.draw([early | {"points": [], "days_left": None}])
    assert empty["days"] == [{"left": 15, "x": 286}, {"left": 30, "x": 44}]
