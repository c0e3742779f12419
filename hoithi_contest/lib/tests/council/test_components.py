from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...council.components import Part, add_up, read_row, share_out, write_total


def test_votes_are_shared_out_by_the_most_votes():
    assert share_out({"a": 40, "b": 30, "c": 0}, 20) == {
        "a": Decimal("20.00"),
        "b": Decimal("15.00"),
        "c": Decimal("0.00"),
    }
    assert share_out({"a": 3, "b": 1}, 20) == {
        "a": Decimal("20.00"),
        "b": Decimal("6.67"),
    }


def test_points_are_rounded_as_declared():
    assert share_out({"a": 8, "b": 3}, 20, 0) == {"a": 20, "b": 8}
    assert share_out({"a": 8, "b": 1}, 20, 0)["b"] == 3, "2.5 goes up"
    assert share_out({"a": 3, "b": 1}, Decimal("0.01"), 2)["b"] == 0


def test_nobody_voted():
    assert share_out({"a": 0, "b": 0}, 20) == {"a": 0, "b": 0}
    assert share_out({}, 20) == {}


@given(st.dictionaries(st.integers(0, 99), st.integers(0, 10_000), min_size=1))
def test_no_entry_gets_more_than_there_is(votes):
    points = share_out(votes, 20)
    assert all(0 <= given <= 20 for given in points.values())
    ordered = sorted(votes, key=votes.get)
    assert [points[key] for key in ordered] == sorted(points.values())


def test_the_total_is_never_below_zero():
    assert add_up(72.33, [15, 2]) == Decimal("89.33")
    assert add_up(72.33, [-2.5]) == Decimal("69.83")
    assert add_up(1, [-5]) == 0
    assert add_up(0.1, [0.2]) == Decimal("0.30")
    assert add_up(0.125, []) == Decimal("0.13"), "two decimals, a half goes up"


def test_a_total_tells_what_it_is_made_of():
    parts = [
        Part("", Decimal(80)),
        Part("Bình chọn", 15, note="20 × 30 / 40"),
        Part("Vòng 2", 60, "× 60 %"),
    ]
    assert write_total(parts, 95, "sheets", "{:g}".format) == (
        "sheets 80 + Bình chọn 15 (20 × 30 / 40) + Vòng 2 60 × 60 % = 95"
    )


def test_rows_of_codes_and_points():
    for text in ("VI-001\t7,5", " VI-001 7.50 ", "VI-001; 7,5"):
        assert read_row(text) == ("VI-001", Decimal("7.5"))
    assert read_row("HS 12 9") == ("HS 12", Decimal(9))
    for text in ("VI-001", "7,5", "VI-001 x", "VI-001 -2", "VI-001 1,234"):
        assert read_row(text) is None
