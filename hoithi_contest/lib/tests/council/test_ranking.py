import itertools

import pytest

from ...council.ranking import (
    Limit,
    Prize,
    UnresolvedTie,
    allocate,
    get_foremost,
    is_of_women,
    limit_slots,
    merit,
    rank_by,
)


def test_equal_merits_share_a_place_and_skip_the_next():
    assert rank_by({"a": (90,), "b": (80,), "c": (80,), "d": (70,)}) == {
        "a": 1,
        "b": 2,
        "c": 2,
        "d": 4,
    }


def test_tie_break_decides_in_the_declared_order():
    merits = {"a": (80, 30, 1), "b": (80, 31, 0), "c": (80, 30, 2)}
    assert rank_by(merits) == {"b": 1, "c": 2, "a": 3}


def test_places_do_not_depend_on_the_order_of_input():
    merits = {"a": (90,), "b": (80,), "c": (80,), "d": (70,)}
    expected = rank_by(merits)
    for order in itertools.permutations(merits):
        assert rank_by({key: merits[key] for key in order}) == expected


def test_an_override_moves_the_others():
    merits = {"a": (90,), "b": (80,), "c": (70,)}
    assert rank_by(merits, {"c": 1}) == {"c": 1, "a": 2, "b": 3}
    assert rank_by(merits, {"a": 9}) == {"b": 1, "c": 2, "a": 3}
    assert rank_by(merits, {"c": 0}) == {"c": 1, "a": 2, "b": 3}
    assert rank_by(merits, {"gone": 1}) == {"a": 1, "b": 2, "c": 3}


def test_an_override_breaks_a_tie():
    merits = {"a": (80,), "b": (80,), "c": (70,)}
    assert rank_by(merits, {"b": 1}) == {"b": 1, "a": 2, "c": 3}


def test_an_override_amid_equals_leaves_them_equal():
    merits = {"a": (80,), "b": (80,), "c": (70,)}
    for order in itertools.permutations(merits):
        assert rank_by({key: merits[key] for key in order}, {"c": 2}) == {
            "a": 1,
            "b": 1,
            "c": 2,
        }


PRIZES = [Prize("first", 1, 85), Prize("second", 1, 75), Prize("third", 2, 60)]


def test_prizes_go_top_down():
    scores = {"a": 90, "b": 80, "c": 70, "d": 65, "e": 64}
    places = rank_by({key: (score,) for key, score in scores.items()})
    assert allocate(places, scores, PRIZES) == {
        "a": "first",
        "b": "second",
        "c": "third",
        "d": "third",
    }


def test_the_floor_itself_is_enough():
    places = rank_by({"a": (85,), "b": (84.99,)})
    assert allocate(places, {"a": 85, "b": 84.99}, [Prize("first", 2, 85)]) == {
        "a": "first"
    }


def test_tie_breaks_know_which_way_is_better():
    chain = ("criterion", "benefit", "spread", "earlier")
    for kind, better, worse in zip(chain, (2, 2, 1, 1), (1, 1, 2, 2), strict=True):
        one, other = merit(80, [(kind, better)]), merit(80, [(kind, worse)])
        assert rank_by({"a": one, "b": other}) == {"a": 1, "b": 2}, kind
        assert merit(79, [(kind, better)]) < other, "the score comes first"


def test_a_prize_that_nobody_reaches_stays_empty():
    scores = {"a": 80, "b": 79, "c": 50}
    places = rank_by({key: (score,) for key, score in scores.items()})
    assert allocate(places, scores, PRIZES) == {"a": "second", "b": "third"}


def test_a_tie_is_never_cut_in_two():
    scores = {"a": 90, "b": 80, "c": 80}
    places = rank_by({key: (score,) for key, score in scores.items()})
    with pytest.raises(UnresolvedTie) as tie:
        allocate(places, scores, PRIZES)
    assert tie.value.prize == "second"
    assert tie.value.keys == ["b", "c"]


def test_a_tie_within_the_slots_is_no_problem():
    scores = {"a": 70, "b": 70}
    places = rank_by({key: (score,) for key, score in scores.items()})
    assert allocate(places, scores, [Prize("third", 2, 60)]) == {
        "a": "third",
        "b": "third",
    }


def test_who_misses_the_floor_is_in_nobodys_way():
    places, scores = {"a": 1, "b": 1}, {"a": 90, "b": 50}
    assert allocate(places, scores, [Prize("first", 1, 85)]) == {"a": "first"}


def test_a_class_takes_all_who_reach_it():
    scores = {"a": 90, "b": 86, "c": 85, "d": 70}
    places = rank_by({key: (score,) for key, score in scores.items()})
    classes = [Prize("A", 0, 85), Prize("B", 0, 60)]
    assert allocate(places, scores, classes) == dict(zip("abcd", "AAAB", strict=True))


def test_prizes_end_where_a_limit_of_several_is_reached():
    scores = {"a": 90, "b": 86, "c": 85, "d": 70, "e": 60}
    places = rank_by({key: (score,) for key, score in scores.items()})

    def give(most, *covered):
        limit = (Limit("all", most),)
        classes = [Prize("A", 1, 85), Prize("B", 0, 80), Prize("C", 0, 50)]
        return allocate(
            places,
            scores,
            [p._replace(limits=limit if p.key in covered else ()) for p in classes],
        )

    assert give(3, "A", "B", "C") == dict(zip("abc", "ABB", strict=True))
    assert give(2, "A", "B", "C") == dict(zip("ab", "AB", strict=True))
    assert give(0, "A", "B", "C") == {}
    assert give(1, "B") == dict(zip("abcde", "ABCCC", strict=True)), "of these alone"
    assert give(9, "A", "B", "C") == dict(zip("abcde", "ABBCC", strict=True))


def test_a_limit_of_several_cuts_no_tie():
    places, scores = {"a": 1, "b": 2, "c": 2}, {"a": 90, "b": 80, "c": 80}
    limit = (Limit("all", 2),)
    with pytest.raises(UnresolvedTie) as tie:
        allocate(places, scores, [Prize("A", 0, 50, None, limit)])
    assert tie.value.keys == ["b", "c"]


def test_a_prize_goes_past_whom_it_is_not_open_to():
    scores = {"a": 90, "b": 86, "c": 85}
    places = rank_by({key: (score,) for key, score in scores.items()})
    classes = [Prize("A", 1, 80, frozenset("bc")), Prize("B", 0, 60, frozenset("ac"))]
    assert allocate(places, scores, classes) == {"b": "A", "a": "B", "c": "B"}


def test_the_foremost_and_their_ties():
    assert get_foremost({"a": 1, "b": 3, "c": 2}, 2, "p") == ["b", "c"]
    assert get_foremost({"a": 1, "b": 1}, 0, "p") == ["a", "b"]
    assert get_foremost({}, 1, "p") == []
    with pytest.raises(UnresolvedTie) as tie:
        get_foremost({"a": 3, "b": 2, "c": 2, "d": 2}, 2, "p")
    assert tie.value.keys == ["b", "c", "d"]


def test_seventy_per_cent_women():
    assert [is_of_women(*row) for row in ((1, 1), (7, 10), (2, 3), (0, 1), (0, 0))] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_nobody_and_no_prizes():
    assert allocate({}, {}, PRIZES) == {}
    assert allocate({"a": 1}, {"a": 99}, []) == {}


@pytest.mark.parametrize(
    ("slots", "share", "entries", "number"),
    [
        (3, 0, 10, 3),
        (0, 0, 10, 0),
        (3, 10, 20, 2),
        (1, 10, 20, 1),
        (0, 30, 9, 2),
        (0, 33.3, 3, None),
        (2, 5, 19, None),
        (2, 5, 20, 1),
        (0, 100, 0, None),
    ],
)
def test_prizes_are_at_most_a_share_of_the_entries(slots, share, entries, number):
    assert limit_slots(slots, share, entries) == number
