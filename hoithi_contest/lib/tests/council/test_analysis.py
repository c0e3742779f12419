import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...council import analysis, ranking, scoring
from ...council.analysis import Change, Result, Sheets


def score(sheets, method, digits=2):
    """Return {entry: score}."""
    sheets = Sheets(sheets)
    points = (
        analysis.adjust(sheets, digits).points
        if method == "adjusted"
        else analysis.count_points(sheets, method, digits)
    )
    return {
        entry: analysis.to_score(value, digits)
        for entry, value in zip(sheets.entries, points, strict=True)
    }


def agreement(sheets):
    sheets = Sheets(sheets)
    return analysis.agreement(sheets.entry, sheets.total)


def adjust(sheets, **values):
    """Return {entry: score} and {member: severity}."""
    sheets = Sheets(sheets)
    result = analysis.adjust(sheets, **values)
    points = zip(sheets.entries, result.points, strict=True)
    return {e: analysis.to_score(value) for e, value in points}, result.severity


def full_panel(qualities, severities):
    return {
        (entry, member): quality + severity
        for entry, quality in qualities.items()
        for member, severity in severities.items()
    }


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([70], "70"),
        ([80, 60], "70"),
        ([90, 10, 50], "50"),
        ([1, 2.005, 3, 4], "2.50"),
        ([0.1, 0.2, 0.31, 0.4], "0.26"),
    ],
)
def test_median(totals, expected):
    sheets = {("a", member): total for member, total in enumerate(totals)}
    assert score(sheets, "median") == {"a": Decimal(expected)}


def test_adjusted_is_the_mean_where_everybody_scores_everything():
    sheets = full_panel({"a": 60, "b": 75, "c": 90}, {"x": -8, "y": 0, "z": 5})
    scores, severity = adjust(sheets)
    for entry in "abc":
        totals = [total for (e, _m), total in sheets.items() if e == entry]
        assert scores[entry] == scoring.aggregate(totals)
    assert sum(severity.values()) == 0
    assert severity["x"] < severity["y"] < severity["z"]


def test_adjusted_finds_qualities_again_in_an_incomplete_design():
    qualities = {"a": 60, "b": 70, "c": 80, "d": 65}
    severities = {"x": -9, "y": 0, "z": 9}
    pairs = ["ax", "ay", "by", "bz", "cz", "cx", "dx", "dz"]
    sheets = {
        (entry, member): qualities[entry] + severities[member]
        for entry, member in pairs
    }
    # without shrinking an additive table is solved exactly, but for a constant
    scores, severity = adjust(sheets, shrink=1e-9)
    shift = scores["a"] - 60
    assert abs(shift) < 1
    for entry, quality in qualities.items():
        assert scores[entry] - shift == pytest.approx(quality, abs=Decimal(".02"))
    # shrinking makes members less severe, not more
    _scores, shrunken = adjust(sheets)
    assert abs(shrunken["x"]) < abs(severity["x"])


def test_shrunken_severity_by_hand():
    # by symmetry the quality is 65, and each severity (total − 65) / (1 sheet + 2)
    scores, severity = adjust({("a", "x"): 60, ("a", "y"): 70})
    assert scores == {"a": Decimal("65.00")}
    assert severity == {"x": Decimal("-1.67"), "y": Decimal("1.67")}


def test_parts_that_no_member_connects():
    pairs = [("a", 1), ("b", 1), ("c", 2), ("b", 3)]
    assert analysis.find_parts(pairs) == [{"a", "b"}, {"c"}]
    assert analysis.find_parts([]) == []


def test_alpha_of_krippendorffs_own_example():
    # Krippendorff, “Computing Krippendorff's Alpha-Reliability” (2011), C: four
    # observers, twelve units, gaps; interval alpha 0.849
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    sheets = {
        (unit, observer): value
        for observer, row in enumerate(rows)
        for unit, value in enumerate(row)
        if value is not None
    }
    assert agreement(sheets) == pytest.approx(0.849, abs=0.0005)


def alpha_by_hand(sheets):
    """1 − observed / expected squared differences, straight from the definition."""
    units = {}
    for (entry, _member), value in sheets.items():
        units.setdefault(entry, []).append(value)
    units = [values for values in units.values() if len(values) > 1]
    everything = [value for values in units for value in values]
    observed = sum(
        sum((a - b) ** 2 for a in values for b in values) / (len(values) - 1)
        for values in units
    ) / len(everything)
    expected = sum((a - b) ** 2 for a in everything for b in everything) / (
        len(everything) * (len(everything) - 1)
    )
    return 1 - observed / expected


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_its_definition(seed):
    chance = random.Random(seed)
    sheets = {
        (entry, member): chance.randint(40, 95)
        for entry in range(12)
        for member in chance.sample(range(6), chance.choice((1, 2, 3)))
    }
    assert agreement(sheets) == pytest.approx(alpha_by_hand(sheets))


@pytest.mark.parametrize(
    "sheets",
    [
        {},
        {("a", 1): 50, ("b", 2): 60},
        {("a", 1): 50, ("a", 2): 50, ("b", 1): 50, ("b", 2): 50},
    ],
)
def test_alpha_is_not_defined_without_differing_pairs(sheets):
    assert agreement(sheets) is None


def test_full_agreement_is_one():
    sheets = full_panel({"a": 60, "b": 75}, {"x": 0, "y": 0})
    assert agreement(sheets) == pytest.approx(1)


def find_changes(sheets, methods, outcome):
    sheets = Sheets(sheets)
    points = {
        method: analysis.adjust(sheets).points
        if method == "adjusted"
        else analysis.count_points(sheets, method)
        for method in methods
    }
    return analysis.find_changes(sheets, methods[0], points, outcome)


def one_prize(count):
    """One prize for the highest score; no cut-off line."""
    prizes = [(False, [ranking.Prize(7, 1, 0)])]
    return analysis.Outcome(range(count), [0] * count, [0] * count, {}, prizes, 0, 0)


def test_change_by_method_and_by_member():
    sheets = {
        ("a", 1): 80,
        ("a", 2): 80,
        ("a", 3): 80,
        ("b", 1): 75,
        ("b", 2): 75,
        ("b", 3): 99,
    }
    by_method, by_member = find_changes(
        sheets, ("mean", "median", "trimmed_mean", "adjusted"), one_prize(2)
    )
    # b leads by its mean of 83, a by its median of 80
    assert by_method["median"] == [
        Change("a", Result(0, True), Result(7, True)),
        Change("b", Result(7, True), Result(0, True)),
    ]
    assert "mean" not in by_method
    # fewer than five sheets: nothing is trimmed; full panel: nothing to adjust
    assert by_method["trimmed_mean"] == by_method["adjusted"] == []
    # member 3 alone decides
    assert [member for member, changes in by_member.items() if changes] == [3]


def test_a_member_with_the_only_sheet_of_an_entry_changes_nothing():
    sheets = {("a", 1): 80, ("b", 2): 70, ("b", 3): 72}
    _by_method, by_member = find_changes(sheets, ("mean",), one_prize(2))
    assert by_member == {1: [], 2: [], 3: []}


def test_no_sheet_no_finding():
    sheets = Sheets({})
    assert analysis.count_points(sheets, "mean").tolist() == []
    assert analysis.adjust(sheets).parts == []
    with pytest.raises(ValueError):
        analysis.count_points(sheets, "mode")


# THE SAME IN COLUMNS AS ONE BY ONE

hundredths = st.integers(-500, 10_000).map(lambda n: n / 100)
tables = st.dictionaries(
    st.tuples(st.integers(1, 8), st.integers(1, 7)), hundredths, min_size=1
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(sheets=tables, digits=st.integers(0, 4))
def test_columns_count_to_the_digit_as_the_rules_do(sheets, digits):
    totals = {}
    for (entry, _member), total in sheets.items():
        totals.setdefault(entry, []).append(scoring.to_decimal(total))
    for method in ("mean", "trimmed_mean"):
        assert score(sheets, method, digits) == {
            entry: scoring.aggregate(values, method, digits)
            for entry, values in totals.items()
        }
    uneven = scoring.Drops(2, 0, 4)
    columns = analysis.Sheets(sheets, uneven)
    points = analysis.count_points(columns, "trimmed_mean", digits)
    for entry, values in totals.items():
        counted = points[columns.entries.index(entry)]
        assert analysis.to_score(counted, digits) == scoring.aggregate(
            values, "trimmed_mean", digits, uneven
        )
    middles = {}
    for entry, values in totals.items():
        values.sort()
        half = len(values) // 2
        middles[entry] = scoring.round_half_up(
            (values[half] + values[-half - 1]) / 2, digits
        )
    assert score(sheets, "median", digits) == middles


@st.composite
def contests(draw):
    """Points, and all that turns them into results."""
    count = draw(st.integers(1, 12))
    numbers = st.lists(st.integers(0, 3), min_size=count, max_size=count)
    competing = draw(st.sets(st.integers(0, count - 1)).map(sorted))
    prizes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=3)
    key = iter(range(1, 100))
    ladders = [
        (field, [ranking.Prize(next(key), slots, floor) for slots, floor in ladder])
        for field, ladder in draw(
            st.lists(st.tuples(st.sampled_from((1, 2, False)), prizes), max_size=3)
        )
    ]
    return {
        "points": draw(numbers),
        "competing": competing,
        "ties": draw(numbers)[: len(competing)],
        "fields": [draw(st.integers(1, 2)) for _number in competing],
        "overrides": draw(
            st.dictionaries(st.sampled_from(competing), st.integers(1, 14), max_size=2)
            if competing
            else st.just({})
        ),
        "ladders": ladders,
        "passing": draw(st.integers(0, 3)),
        "slots": draw(st.integers(0, 4)),
    }


def results_one_by_one(
    points, competing, ties, fields, overrides, ladders, passing, slots
):
    """The definition: places and prizes as the rules give them, entry by entry."""
    merits = {n: (points[n], tie) for n, tie in zip(competing, ties, strict=True)}
    places = ranking.rank_by(merits, overrides)
    field_of = dict(zip(competing, fields, strict=True))
    prizes = {}
    for field, ladder in ladders:
        group = {
            n: place
            for n, place in places.items()
            if n not in prizes and field in (field_of[n], False)
        }
        try:
            prizes.update(ranking.allocate(group, points, ladder))
        except ranking.UnresolvedTie as tie:
            prizes.update(dict.fromkeys(tie.keys, analysis.TIE))
    above = [
        n in places and points[n] >= passing and (not slots or places[n] <= slots)
        for n in range(len(points))
    ]
    return [prizes.get(n, 0) for n in range(len(points))], above


@settings(max_examples=300, deadline=None, derandomize=True)
@given(contest=contests())
def test_columns_give_places_and_prizes_as_the_rules_do(contest):
    points = contest.pop("points")
    outcome = analysis.Outcome(**contest, digits=0)
    prizes, above = outcome(np.array(points))
    expected = results_one_by_one(points, **contest)
    assert (prizes.tolist(), above.tolist()) == expected


# WHOM OR WHAT A RESULT HANGS ON


def changes_by_hand(sheets, method, points, outcome, entries):
    """What another way of counting, or each member's absence, changes: one by one."""
    before = results_one_by_one(points, **outcome)

    def compare(other):
        after = results_one_by_one(other, **outcome)
        return [
            Change(
                entries[n],
                Result(before[0][n], before[1][n]),
                Result(after[0][n], after[1][n]),
            )
            for n in range(len(points))
            if (before[0][n], before[1][n]) != (after[0][n], after[1][n])
        ]

    def count(totals, method):
        return int(scoring.aggregate(totals, method).scaleb(2))

    by_member = {}
    for left_out in dict.fromkeys(member for _entry, member in sheets):
        other = []
        for n, entry in enumerate(entries):
            own = {m: total for (e, m), total in sheets.items() if e == entry}
            rest = [total for m, total in own.items() if m != left_out]
            # an entry whose only sheet this was keeps it
            other.append(count(rest, method) if rest else points[n])
        by_member[left_out] = compare(other)
    other = "mean" if method == "trimmed_mean" else "trimmed_mean"
    whole = [
        count([total for (e, _m), total in sheets.items() if e == entry], other)
        for entry in entries
    ]
    return {other: compare(whole)}, by_member


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    sheets=st.dictionaries(
        st.tuples(st.integers(1, 5), st.integers(1, 7)),
        st.integers(0, 8).map(lambda n: n / 4),
        min_size=1,
    ),
    method=st.sampled_from(("mean", "trimmed_mean")),
    slots=st.integers(0, 3),
    floors=st.lists(st.integers(0, 8).map(lambda n: n / 4), max_size=2),
    passing=st.integers(0, 8).map(lambda n: n / 4),
)
def test_changes_are_those_of_counting_again(sheets, method, slots, floors, passing):
    columns = Sheets(sheets)
    count = len(columns.entries)
    points = {
        name: analysis.count_points(columns, name) for name in ("mean", "trimmed_mean")
    }
    prizes = [ranking.Prize(n, 1, floor) for n, floor in enumerate(floors, 1)]
    rules = {
        "competing": range(count),
        "ties": [0] * count,
        "fields": [0] * count,
        "overrides": {},
        "slots": slots,
    }
    found = analysis.find_changes(
        columns,
        method,
        points,
        analysis.Outcome(ladders=[(False, prizes)], passing=passing, **rules),
    )
    # by hand in hundredths, as the points are
    hundredfold = [prize._replace(floor=100 * prize.floor) for prize in prizes]
    rules |= {"ladders": [(False, hundredfold)], "passing": 100 * passing}
    official = points[method].tolist()
    expected = changes_by_hand(sheets, method, official, rules, columns.entries)
    assert found == expected


def test_floors_and_marks_are_scores_of_two_decimals():
    """A floor between two scores is reached by the higher one."""
    prizes = [(False, [ranking.Prize(7, 2, 80.5)])]
    outcome = analysis.Outcome([0, 1], [0, 0], [0, 0], {}, prizes, 70.005, 0)
    won, above = outcome(np.array([8050, 8049]))
    assert (won.tolist(), above.tolist()) == ([7, 0], [True, True])
    _won, above = outcome(np.array([7001, 7000]))
    assert above.tolist() == [True, False]
    outcome = analysis.Outcome([0], [0], [0], {}, [], 70.005, 0, digits=3)
    assert outcome(np.array([70005]))[1].tolist() == [True]
    assert outcome(np.array([70004]))[1].tolist() == [False]


def test_equals_who_are_more_than_the_prizes_have_no_prize_yet():
    prizes = [(False, [ranking.Prize(7, 1, 0), ranking.Prize(8, 1, 0)])]
    outcome = analysis.Outcome(range(4), [0] * 4, [0] * 4, {}, prizes, 0, 0)
    assert outcome(np.array([5, 5, 4, 4]))[0].tolist() == [analysis.TIE] * 2 + [0, 0]
    assert analysis.TIE == -1, "no key of a prize"


@pytest.mark.parametrize("method", ["mean", "trimmed_mean", "median"])
def test_sheets_that_count_are_chosen(method):
    sheets = Sheets({("a", 1): 10, ("a", 2): 20, ("b", 1): 30, ("b", 2): 50})
    found = analysis.count_points(sheets, method, 0, np.array([1, 2]))
    assert found.tolist() == [20, 30]
    none = analysis.count_points(sheets, method, 0, np.array([], dtype=int))
    assert none.tolist() == [0, 0]
    assert len(sheets) == 4


def test_where_sheets_are_added_up_every_way_is_on_the_scale_of_the_sum():
    totals = {
        ("a", 1): 80,
        ("a", 2): 80,
        ("a", 3): 80,
        ("b", 1): 75,
        ("b", 2): 75,
        ("b", 3): 99,
    }
    sheets = Sheets(totals, summed=3)
    points = {
        method: analysis.count_points(sheets, method)
        for method in ("sum", "mean", "median")
    }
    assert points["sum"].tolist() == points["mean"].tolist() == [24000, 24900]
    assert points["median"].tolist() == [24000, 22500]
    points["adjusted"] = analysis.adjust(sheets).points
    assert points["adjusted"].tolist() == [24000, 24900], "all scored everything"
    # the prize's floor is of the sum: a mean of 83 would never reach it
    prizes = [(False, [ranking.Prize(7, 1, 240)])]
    outcome = analysis.Outcome(range(2), [0] * 2, [0] * 2, {}, prizes, 0, 0)
    by_method, by_member = analysis.find_changes(sheets, "sum", points, outcome)
    swapped = [
        Change("a", Result(0, True), Result(7, True)),
        Change("b", Result(7, True), Result(0, True)),
    ]
    assert by_method == {"mean": [], "median": swapped, "adjusted": []}
    # without the third, a keeps 240 and b has 225: two sheets, counted as three
    assert by_member == {1: [], 2: [], 3: swapped}


def test_without_a_member_a_sum_is_what_the_others_give_on_average():
    sheets = Sheets({("a", 1): 10, ("a", 2): 20, ("a", 3): 30.5, ("b", 2): 7}, summed=3)
    rest = analysis._count_rest(sheets, "sum", 2, np.array([0, 2]))
    assert rest.tolist() == [6075, 0]


def test_what_counts_besides_the_sheets_stays_without_a_member():
    sheets = Sheets({("a", 1): 50, ("a", 2): 50, ("b", 1): 60, ("b", 2): 20})
    extras = analysis.to_points([0, 10.005])
    assert extras.tolist() == [0, 1001]
    points = {"mean": analysis.count_points(sheets, "mean") + extras}
    assert points["mean"].tolist() == [5000, 5001]
    _methods, by_member = analysis.find_changes(
        sheets, "mean", points, one_prize(2), extras=extras
    )
    # without the first, b has 20 and its bonus
    assert [member for member, changes in by_member.items() if changes] == [1]


def test_sheets_in_columns_keep_the_order_in_which_they_come():
    sheets = Sheets({("b", 2): 1, ("a", 2): 2, ("b", 1): 3})
    assert (sheets.entries, sheets.members) == (["b", "a"], [2, 1])
    assert sheets.entry.tolist() == [0, 1, 0]
    assert sheets.member.tolist() == [0, 0, 1]
    assert sheets.total.tolist() == [1, 2, 3]


def test_points_are_counted_to_a_millionth():
    """What is half of the last digit is rounded up, however small the parts are."""
    assert score({("a", 1): 1.000001, ("a", 2): 1.000002}, "mean", 6) == {
        "a": Decimal("1.000002")
    }
    assert score({("a", 1): 0.000004, ("a", 2): 0.009996}, "mean") == {
        "a": Decimal("0.01")
    }
    assert score({("a", 1): 0.000003, ("a", 2): 0.009995}, "mean") == {
        "a": Decimal("0.00")
    }


def test_severity_has_the_digits_of_the_scores():
    sheets = {("a", "x"): 60, ("a", "y"): 70}
    assert adjust(sheets, digits=0)[1] == {"x": -2, "y": 2}
    # a weight of none: what they differ by is all theirs
    assert adjust(sheets, shrink=0)[1] == {"x": -5, "y": 5}
    assert analysis.adjust(Sheets(sheets), 1).severity["y"] == Decimal("1.7")


def test_parts_are_told_the_largest_first():
    pairs = [("c", 2), ("a", 1), ("b", 1), ("d", 3), ("d", 3), ("e", 3), ("f", 3)]
    assert analysis.find_parts(pairs) == [{"d", "e", "f"}, {"a", "b"}, {"c"}]
    # an entry and a member of one number are two
    assert analysis.find_parts([(1, 2), (2, 1)]) == [{1}, {2}]
    chain = [(n, n) for n in range(50)] + [(n + 1, n) for n in range(49)]
    assert analysis.find_parts(chain) == [set(range(50))]


def test_limits_of_agreement_are_krippendorffs():
    assert (analysis.ALPHA_TENTATIVE, analysis.ALPHA_GOOD) == (0.667, 0.8)
