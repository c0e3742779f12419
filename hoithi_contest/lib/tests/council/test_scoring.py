from decimal import Decimal

import pytest

from ...council.scoring import (
    Drops,
    aggregate,
    is_extreme,
    is_on_step,
    round_half_up,
    spread,
    to_decimal,
)


@pytest.mark.parametrize(
    ("totals", "method", "digits", "expected"),
    [
        ([], "mean", 2, "0"),
        ([70], "mean", 2, "70"),
        ([75, 82], "mean", 2, "78.5"),
        ([70, 70, 71], "mean", 2, "70.33"),
        ([70, 71, 71], "mean", 0, "71"),
        # halves go up as on paper, not to the even digit
        ([70.5, 70.5], "mean", 0, "71"),
        ([71.5], "mean", 0, "72"),
        ([10.005], "mean", 2, "10.01"),
        ([0.1, 0.2, 0.3], "mean", 4, "0.2"),
        # one highest and one lowest are left out from five sheets on
        ([10, 70, 70, 100], "trimmed_mean", 2, "62.5"),
        ([10, 60, 70, 80, 100], "trimmed_mean", 2, "70"),
        ([100, 100, 100, 10, 10], "trimmed_mean", 2, "70"),
        ([50, 50, 50, 50, 50], "trimmed_mean", 2, "50"),
        ([10, 60, 70, 80, 90, 100], "trimmed_mean", 2, "75"),
        ([10, 60, 70, 80, 100], "mean", 2, "64"),
        ([], "trimmed_mean", 2, "0"),
        ([70.25, 80, 10], "sum", 2, "160.25"),
        ([70.25, 80.25], "sum", 0, "151"),
        ([], "sum", 2, "0"),
    ],
)
def test_aggregate(totals, method, digits, expected):
    assert aggregate(totals, method, digits) == Decimal(expected)


def test_aggregate_takes_any_order_and_generator():
    assert aggregate(iter([100, 10, 70, 60, 80]), "trimmed_mean") == 70


@pytest.mark.parametrize(
    ("totals", "drops", "expected"),
    [
        ([10, 20, 90], Drops(1, 0, 3), "15"),
        ([10, 20, 90], Drops(0, 1, 3), "55"),
        ([1, 2, 3, 4, 90, 91, 92], Drops(2, 1, 7), "24.75"),
        ([1, 2, 3, 4, 90, 91], Drops(2, 1, 7), "31.83"),
    ],
)
def test_what_is_left_out_is_declared(totals, drops, expected):
    assert aggregate(totals, "trimmed_mean", 2, drops) == Decimal(expected)
    assert aggregate(totals, "mean", 2, drops) == aggregate(totals)


def test_the_sheet_in_the_middle():
    assert aggregate([90, 10, 20], "median") == 20
    assert aggregate([90, 10, 20, 21], "median") == Decimal("20.5")
    assert aggregate([70.01, 70.02], "median") == Decimal("70.02")
    assert aggregate([7], "median") == 7
    assert aggregate([], "median") == 0


def test_aggregate_refuses_an_unknown_method():
    with pytest.raises(ValueError, match="mode"):
        aggregate([1], "mode")


def test_sum_of_floats_reaches_the_threshold():
    """0.1 + 0.2 is 0.3 on the sheet, so it must be here."""
    assert sum(map(to_decimal, [0.1, 0.2]), Decimal(0)) == Decimal("0.3")
    assert aggregate([49.95, 50.05]) == 50


@pytest.mark.parametrize(
    ("totals", "expected"),
    [([], "0"), ([70], "0"), ([70, 77.5, 60], "17.5"), ([35, 10], "25")],
)
def test_spread(totals, expected):
    assert spread(totals) == Decimal(expected)


@pytest.mark.parametrize(
    ("score", "start", "step", "expected"),
    [
        (20.5, 0, 0.5, True),
        (20.25, 0, 0.5, False),
        (0.3, 0, 0.1, True),
        (1.1, 1, 0.1, True),
        (11, 1, 5, True),
        (10, 1, 5, False),
        (0.5, 1, 1, False),
        (3.14, 0, 0, True),
        (3.14, 0, -1, True),
    ],
)
def test_is_on_step(score, start, step, expected):
    assert is_on_step(score, start, step) is expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [("2.345", 2, "2.35"), ("-2.345", 2, "-2.35"), ("2.5", 0, "3"), ("1", 4, "1")],
)
def test_round_half_up(value, digits, expected):
    assert round_half_up(Decimal(value), digits) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "percent", "expected"),
    [
        (10, 0, True),
        (40, 0, True),
        (10.5, 0, False),
        (39.5, 0, False),
        (10.5, 5, True),
        (39.5, 5, True),
        (11.5, 5, True),
        (11.51, 5, False),
        (11.6, 5, False),
        (38.5, 5, True),
        (38.4, 5, False),
    ],
)
def test_ends_of_a_scale(value, percent, expected):
    assert is_extreme(value, 10, 40, percent) is expected


def test_the_very_ends_of_a_scale_unless_told_otherwise():
    assert is_extreme(10, 10, 40) and is_extreme(40, 10, 40)
    assert not is_extreme(10.1, 10, 40) and not is_extreme(39.9, 10, 40)


def test_points_have_two_decimals_unless_told_otherwise():
    assert aggregate([1, 1, 2]) == Decimal("1.33")
    assert round_half_up(Decimal("1.2345")) == Decimal("1.23")
