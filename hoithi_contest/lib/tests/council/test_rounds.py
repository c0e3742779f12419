from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...council.rounds import Part, Standing, add_up, cut, renumber, weigh

POINTS = st.decimals(0, 100, places=2)


def stand(**places):
    return {key: Standing(place=place) for key, place in places.items()}


def test_weights_count_among_the_rounds_that_were_reached():
    assert weigh([(80, 40), (90, 60)]) == Decimal("86.00")
    assert weigh([(80, 40)]) == Decimal("80.00"), "who stops keeps the score"
    assert weigh([]) == 0


def test_a_round_that_only_selects_counts_nothing():
    assert weigh([(80, 0), (70.5, 100)]) == Decimal("70.50")
    assert weigh([(80, 0)]) == Decimal("80.00")
    assert weigh([(80, 0), (60, 0)]) == Decimal("60.00")


def test_the_total_is_exact_before_it_is_rounded():
    """Thirds and halves as on paper: 0.005 goes up, and what is below it doesn't."""
    assert weigh([(70.01, 1), (70.02, 1)]) == Decimal("70.02")
    assert weigh([(0, 2), (0.01, 1)]) == Decimal("0.00")
    assert weigh([(0, 1), (0.01, 2)]) == Decimal("0.01")
    assert weigh([(1.01, 50), (1.02, 50)], digits=1) == Decimal("1.0")
    assert weigh([(1.05, 1)], digits=1) == Decimal("1.1")


def test_rounds_of_other_scales_are_added_up_or_made_per_cent():
    parts = [Part(30, 40, 40), Part(45, 60, 60)]
    assert add_up(parts, "sum") == 75
    assert add_up(parts, "percent") == 75
    assert add_up([Part(30, 50, 40), Part(45, 50, 60)], "percent") == 75
    assert add_up([Part(20, 50, 40), Part(60, 50, 60)], "percent") == 75
    assert add_up([Part(20, 0, 40), Part(50, 100, 60)], "sum") == 50, "it only selects"
    for way, expected in (("sum", 20), ("percent", 50), ("weighted", 20)):
        assert add_up([Part(20, 0, 40)], way) == expected, "who stops keeps the score"
        assert add_up([], way) == 0
    assert add_up([Part(0, 1, 0)], "percent") == 0
    assert add_up([Part(1, 1, 3), Part(1, 1, 3)], "percent") == Decimal("33.33")
    with pytest.raises(ValueError, match="unknown total"):
        add_up(parts, "mean")


@given(st.lists(st.tuples(POINTS, st.integers(1, 100)), min_size=1, max_size=5))
def test_the_total_lies_between_the_scores(parts):
    scores = [score for score, _weight in parts]
    assert min(scores) <= weigh(parts) <= max(scores)


def test_the_first_places_go_on():
    result = cut(stand(a=2, b=1, c=3, d=0), "number", 2)
    assert result == (["a", "b"], ["c", "d"], [])


def test_equals_on_the_line_all_go_on_or_wait_for_a_decision():
    places = stand(a=1, b=2, c=2, d=4)
    assert cut(places, "number", 2).going == ["a", "b", "c"]
    result = cut(places, "number", 2, with_ties=False)
    assert result == (["a"], ["b", "c", "d"], ["b", "c"])
    assert cut(places, "number", 3, with_ties=False).tied == []
    few = cut(stand(a=1, b=2), "number", 5, with_ties=False)
    assert few == (["a", "b"], [], []), "fewer than may go on"


def test_a_share_of_the_best_is_rounded_up():
    places = stand(**{f"e{number}": number for number in range(1, 11)})
    for percent, count in ((30, 3), (31, 4), (100, 10), (0.1, 1)):
        assert len(cut(places, "share", percent).going) == count
    assert cut(stand(a=1, b=1, c=3), "share", 33, with_ties=False).tied == ["a", "b"]


def test_places_within_a_group():
    found = renumber(stand(a=7, b=2, c=7, d=9, e=0))
    assert {key: row.place for key, row in found.items()} == {
        "a": 2,
        "b": 1,
        "c": 2,
        "d": 4,
        "e": 0,
    }


def test_points_are_compared_as_they_are_written():
    scores = {key: Standing(score=score) for key, score in (("a", 69.99), ("b", 70))}
    assert cut(scores, "points", 70.0) == (["b"], ["a"], [])


def test_votes_are_counted_in_fractions():
    votes = {"a": Standing(agree=4, cast=6), "b": Standing(agree=3, cast=6)}
    assert cut(votes, "vote", ratio=0.6667).going == ["a"]
    half = {"a": Standing(1, 80, 2, 4), "b": Standing(2, 70, 3, 4)}
    assert cut(half, "vote", ratio=0.5).going == ["a", "b"]
    assert cut(half, "vote", ratio=0.5, more_than=True).going == ["b"]
    assert cut({"a": Standing()}, "vote").going == [], "nobody voted on it"
    assert cut({"a": Standing(cast=1)}, "vote").going == [], "nobody was for it"
    assert cut({"a": Standing(agree=1, cast=2)}, "vote").going == ["a"], "half of them"


def test_all_go_on_whatever_they_have():
    assert cut(stand(a=0, b=2), "all").going == ["a", "b"]


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="luck"):
        cut({}, "luck")
