from decimal import Decimal
from fractions import Fraction

import pytest

from ...council.voting import (
    Majority,
    Tally,
    count_scopes,
    find_scope,
    find_wrong_sum,
    least,
    reaches,
    tally,
    to_fraction,
)


@pytest.mark.parametrize(
    "typed",
    [2 / 3, 0.6667, 0.66667, "0.667", Decimal("0.6667"), Fraction(2, 3)],
)
def test_two_thirds_are_meant_however_they_are_typed(typed):
    assert to_fraction(typed) == Fraction(2, 3)
    assert reaches(4, 6, typed)
    assert reaches(2, 3, typed)
    assert not reaches(3, 6, typed)
    assert not reaches(7, 11, typed)
    assert reaches(8, 11, typed)


def test_other_ratios_stay_what_they_are():
    assert to_fraction(0.5) == Fraction(1, 2)
    assert to_fraction(0.75) == Fraction(3, 4)
    assert to_fraction(0.67) == Fraction(67, 100)
    assert to_fraction(0.51) == Fraction(51, 100)
    assert to_fraction(1) == 1
    assert not reaches(5, 10, 0.51)
    assert reaches(5, 10, 0.5)
    assert not reaches(10, 11, 1.0)


@pytest.mark.parametrize("ratio", [0, -0.5, 1.1, 0.001])
def test_a_ratio_is_above_0_and_at_most_1(ratio):
    with pytest.raises(ValueError):
        to_fraction(ratio)


def test_nobody_reaches_nothing():
    assert not reaches(0, 0, 0.5)
    assert not reaches(0, 5, 0.5)


def test_the_least_number_reaches_and_the_one_below_does_not():
    for base in range(1, 40):
        for ratio in (0.5, 0.51, 0.6667, 0.75, 0.8, 1):
            number = least(base, ratio)
            assert reaches(number, base, ratio)
            assert not reaches(number - 1, base, ratio)
        for ratio in (0.5, 0.6, 0.6667, 0.75):
            number = least(base, ratio, more_than=True)
            assert reaches(number, base, ratio, more_than=True)
            assert not reaches(number - 1, base, ratio, more_than=True)


def test_more_than_half_is_not_half():
    half = Majority(0.5, "present", more_than=True)
    assert not half.is_reached(2, 4)
    assert half.is_reached(3, 4)
    assert half.is_reached(3, 5)
    assert (half.get_least(4), half.get_least(5)) == (3, 3)
    assert (half.get_sign(), half.get_sign(reached=False)) == (">", "≤")
    assert half.write_ratio() == "> 1/2"
    assert not Majority(3 / 5, more_than=True).is_reached(3, 5)
    two_thirds = Majority(2 / 3)
    assert half.is_half()
    assert not two_thirds.is_half()
    assert two_thirds.is_reached(2, 3)
    assert two_thirds.write_ratio() == "2/3"
    assert (two_thirds.get_sign(), two_thirds.get_sign(reached=False)) == ("≥", "<")


def test_a_blank_ballot_is_collected_but_invalid():
    ballots = ["agree", "blank", "agree", "disagree", None, "spoilt"]
    assert tally(ballots) == Tally(6, 3, 3, 2, 1)
    assert tally([]) == Tally(0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("figures", "wrong"),
    [
        ((7, 7, 6, 1, 5, 1), ""),
        ((7, 5, 5, 0, 0, 5), ""),
        ((7, 8, 8, 0, 8, 0), "collected"),
        ((7, 7, 6, 0, 5, 1), "valid"),
        ((7, 7, 5, 3, 5, 0), "valid"),
        ((7, 7, 6, 1, 6, 1), "choices"),
        ((7, 7, 6, 1, 5, 0), "choices"),
    ],
)
def test_the_sums_of_a_count_on_paper_agree(figures, wrong):
    assert find_wrong_sum(*figures) == wrong


VOTES = {"department": 1, "sector": 2, "province": 3}


@pytest.mark.parametrize(
    ("votes", "base", "majority", "nested", "expected"),
    [
        # three of seven for the province, five for the sector or more
        (VOTES, 7, Majority(2 / 3), True, "sector"),
        (VOTES, 6, Majority(1 / 2), True, "province"),
        (VOTES, 6, Majority(1 / 2, more_than=True), True, "sector"),
        (VOTES, 6, Majority(1), True, "department"),
        (VOTES, 7, Majority(1), True, ""),
        (VOTES, 6, Majority(1 / 2), False, "province"),
        (VOTES, 6, Majority(2 / 3), False, ""),
        (
            {"department": 4, "province": 1},
            6,
            Majority(2 / 3),
            False,
            "department",
        ),
        ({}, 6, Majority(1 / 2), True, ""),
        (VOTES, 0, Majority(1 / 2), True, ""),
    ],
)
def test_the_widest_scope_that_is_reached(votes, base, majority, nested, expected):
    assert find_scope(votes, base, majority, nested) == expected


def test_who_chooses_a_scope_agrees():
    ballots = ["province", "sector", "sector", "disagree", "blank"]
    assert tally(ballots) == (5, 4, 1, 3, 1)
    assert count_scopes(ballots) == {
        "department": 0,
        "sector": 2,
        "province": 1,
        "country": 0,
    }
