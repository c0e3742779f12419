import random
from decimal import Decimal

import pytest

from ...council import analysis, scoring


def full_panel(qualities, severities):
    return {
        (entry, member): quality + severity
        for entry, quality in qualities.items()
        for member, severity in severities.items()
    }


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([], "0"),
        ([70], "70"),
        ([80, 60], "70"),
        ([90, 10, 50], "50"),
        ([1, 2.005, 3, 4], "2.50"),
        ([0.1, 0.2, 0.31, 0.4], "0.26"),
    ],
)
def test_median(totals, expected):
    assert analysis.median(totals) == Decimal(expected)


def test_adjusted_is_the_mean_where_everybody_scores_everything():
    sheets = full_panel({"a": 60, "b": 75, "c": 90}, {"x": -8, "y": 0, "z": 5})
    result = analysis.adjust(sheets)
    for entry in "abc":
        totals = [total for (e, _m), total in sheets.items() if e == entry]
        assert result.scores[entry] == scoring.aggregate(totals)
    assert sum(result.severity.values()) == 0
    assert result.severity["x"] < result.severity["y"] < result.severity["z"]


def test_adjusted_finds_qualities_again_in_an_incomplete_design():
    qualities = {"a": 60, "b": 70, "c": 80, "d": 65}
    severities = {"x": -9, "y": 0, "z": 9}
    pairs = ["ax", "ay", "by", "bz", "cz", "cx", "dx", "dz"]
    sheets = {
        (entry, member): qualities[entry] + severities[member]
        for entry, member in pairs
    }
    # without shrinking an additive table is solved exactly, but for a constant
    result = analysis.adjust(sheets, shrink=1e-9)
    shift = result.scores["a"] - 60
    assert abs(shift) < 1
    for entry, quality in qualities.items():
        assert result.scores[entry] - shift == pytest.approx(
            quality, abs=Decimal(".02")
        )
    # shrinking makes members less severe, not more
    shrunken = analysis.adjust(sheets)
    assert abs(shrunken.severity["x"]) < abs(result.severity["x"])


def test_shrunken_severity_by_hand():
    # by symmetry the quality is 65, and each severity (total − 65) / (1 sheet + 2)
    result = analysis.adjust({("a", "x"): 60, ("a", "y"): 70})
    assert result.scores == {"a": Decimal("65.00")}
    assert result.severity == {"x": Decimal("-1.67"), "y": Decimal("1.67")}


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
    assert analysis.agreement(sheets) == pytest.approx(0.849, abs=0.0005)


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
    assert analysis.agreement(sheets) == pytest.approx(alpha_by_hand(sheets))


@pytest.mark.parametrize(
    "sheets",
    [
        {},
        {("a", 1): 50, ("b", 2): 60},
        {("a", 1): 50, ("a", 2): 50, ("b", 1): 50, ("b", 2): 50},
    ],
)
def test_alpha_is_not_defined_without_differing_pairs(sheets):
    assert analysis.agreement(sheets) is None


def test_full_agreement_is_one():
    sheets = full_panel({"a": 60, "b": 75}, {"x": 0, "y": 0})
    assert analysis.agreement(sheets) == pytest.approx(1)


def best(scores):
    """One prize for the highest score, shared by equals."""
    top = max(scores.values())
    return {entry: value == top for entry, value in scores.items()}


def test_change_by_method_and_by_member():
    sheets = {
        ("a", 1): 80,
        ("a", 2): 80,
        ("a", 3): 80,
        ("b", 1): 75,
        ("b", 2): 75,
        ("b", 3): 99,
    }
    by_method, by_member = analysis.find_changes(
        sheets, "mean", best, ("mean", "median", "trimmed_mean", "adjusted")
    )
    # b leads by its mean of 83, a by its median of 80
    assert {change.entry for change in by_method["median"]} == {"a", "b"}
    assert by_method["median"][0] == analysis.Change("a", False, True)
    assert "mean" not in by_method
    # fewer than five sheets: nothing is trimmed; full panel: nothing to adjust
    assert by_method["trimmed_mean"] == by_method["adjusted"] == []
    # member 3 alone decides
    assert [member for member, changes in by_member.items() if changes] == [3]


def test_a_member_with_the_only_sheet_of_an_entry_changes_nothing():
    sheets = {("a", 1): 80, ("b", 2): 70, ("b", 3): 72}
    _by_method, by_member = analysis.find_changes(sheets, "mean", best, ())
    assert by_member == {1: [], 2: [], 3: []}


def test_unscored_entries_are_kept_with_nothing():
    assert analysis.score({}, "mean", entries=["a"]) == {"a": 0}


@pytest.mark.parametrize(
    ("value", "percent", "expected"),
    [
        (10, 0, True),
        (40, 0, True),
        (10.5, 0, False),
        (39.5, 0, False),
        (11.5, 5, True),
        (11.6, 5, False),
        (38.5, 5, True),
        (38.4, 5, False),
    ],
)
def test_ends_of_a_scale(value, percent, expected):
    assert scoring.is_extreme(value, 10, 40, percent) is expected
