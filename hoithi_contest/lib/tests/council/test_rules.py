"""Whether rules of judgement fit together: each fault with its place, and what is just
right beside it."""

from decimal import Decimal

import pytest

from ...contest import rules as file
from ...council import rules


def make_set(name="Bộ", *criteria, **values):
    """A set, by default of 40 and 60 points."""
    rows = criteria or (("Tính mới", 40), ("Hiệu quả", 60))
    return {
        "name": name,
        "criteria": [
            row if isinstance(row, dict) else {"name": row[0], "max": row[1]}
            for row in rows
        ],
        **values,
    }


def find(**parts):
    """Return (path, code, values) of what is wrong with rules."""
    parts.setdefault("criteria_sets", [make_set()])
    problems = rules.check(file.complete(parts))
    return [(p.path, p.code, p.values) for p in problems]


def find_in_criterion(**values):
    return find(criteria_sets=[make_set("Bộ", {"name": "a", "max": 10, **values})])


def test_rules_without_faults():
    assert find() == []
    assert find(criteria_sets=[]) == []
    assert list(rules.check({})) == []


# SETS


def test_the_set_of_a_contest():
    one, other = make_set("a"), make_set("b")
    assert rules.get_main_set({"criteria_sets": [one]}) is one
    assert rules.get_main_set({"criteria_sets": [one, other]}) is None
    assert rules.get_main_set({}) is None
    for name, expected in (("b", other), ("c", None)):
        judging = {"criteria_set": name}
        parts = {"criteria_sets": [one, other], "judging": judging}
        assert rules.get_main_set(parts) is expected


def test_a_contest_names_its_set_where_there_are_several():
    sets = [make_set("a"), make_set("b")]
    assert find(criteria_sets=sets) == [
        (("criteria_sets",), "no_main_set", {"name": "–"})
    ]
    assert find(criteria_sets=sets, judging={"criteria_set": "b"}) == []
    assert find(criteria_sets=sets, judging={"criteria_set": "c"}) == [
        (("judging", "criteria_set"), "no_main_set", {"name": "c"})
    ]
    assert find(criteria_sets=[sets[0], sets[0]], judging={"criteria_set": "a"}) == [
        (("criteria_sets", 1), "same_name", {"name": "a"})
    ]


def test_totals_are_added_to_the_digit():
    ten = [{"name": f"Tiêu chí {n}", "max": 0.1, "step": 0.1} for n in range(10)]
    assert rules.get_total(make_set("a", *ten)) == 1
    assert find(criteria_sets=[make_set("a", *ten, min_total=1)]) == []


def test_a_coefficient_counts_in_the_total_of_a_sheet():
    rows = [
        {"name": "Tính mới", "max": 10, "weight": 3},
        {"name": "Hiệu quả", "max": 10, "weight": 1.5},
    ]
    assert rules.get_total(make_set("a", *rows)) == 45
    assert find(criteria_sets=[make_set("a", *rows, min_total=45)]) == []
    assert find(criteria_sets=[make_set("a", *rows, min_total=46)]) == [
        (("criteria_sets", 0, "min_total"), "above", {"limit": 45})
    ]


def test_a_sum_reaches_as_high_as_its_sheets_together():
    one = make_set("a", aggregate="sum", min_total=300)
    prizes = [{"rank": "first", "min_score": 500}]
    judging = {"reviews_per_entry": 5}
    assert find(criteria_sets=[one], judging=judging, prizes=prizes) == []
    assert find(criteria_sets=[one], judging={"reviews_per_entry": 4}, prizes=prizes)
    # a mean beside it is measured otherwise
    sets = [one, make_set("b")]
    parts = {
        "criteria_sets": sets,
        "fields": [{"name": "A"}, {"name": "B"}],
        "juries": [{"name": "J", "fields": ["B"], "criteria_set": "b"}],
    }
    judging["criteria_set"] = "a"
    assert find(**parts, judging=judging) == [(("juries",), "other_totals", {})]
    judging["field_ranking"] = "percent"
    assert find(**parts, judging=judging) == []


def test_a_share_of_the_sheets_passes():
    assert find(criteria_sets=[make_set("a", sheet_pass=100)]) == []
    assert find(criteria_sets=[make_set("a", sheet_pass=100.5)]) == [
        (("criteria_sets", 0, "sheet_pass"), "above", {"limit": 100})
    ]
    for ratio, told in (("3/4", []), ("5/4", ["form_ratio"])):
        found = find(criteria_sets=[make_set("a", sheet_pass_ratio=ratio)])
        assert [code for _path, code, _values in found] == told


def test_rounds_of_other_numbers_of_sheets_arent_weighed_as_sums():
    parts = {
        "criteria_sets": [make_set("a", aggregate="sum")],
        "fields": [{"name": "A"}],
        "rounds": [
            {"name": "Sơ khảo", "reviews_per_entry": 2, "advance_by": "all"},
            {"name": "Chung khảo", "reviews_per_entry": 5},
        ],
    }
    assert (("rounds",), "other_rounds", {"name": "A"}) in find(**parts)
    assert find(**parts, judging={"round_total": "sum"}) == []


def test_a_sheet_is_left():
    assert find(criteria_sets=[make_set(drop_high=2, drop_low=2, drop_from=5)]) == []
    for least in (5, 4):
        one = make_set(drop_high=2, drop_low=3, drop_from=least)
        assert find(criteria_sets=[one]) == [
            (("criteria_sets", 0, "drop_from"), "not_above", {"limit": 5})
        ]


def test_a_floor_of_a_set():
    assert find(criteria_sets=[make_set(min_total=100)]) == []
    assert find(criteria_sets=[make_set(min_total=100.01)]) == [
        (("criteria_sets", 0, "min_total"), "above", {"limit": Decimal(100)})
    ]


def test_criteria_of_a_set_have_names_of_their_own():
    rows = [("a", 1), ("b", 1), ("a", 1)]
    assert find(criteria_sets=[make_set("Bộ", *rows)]) == [
        (("criteria_sets", 0, "criteria", 2), "same_name", {"name": "a"})
    ]


PLACE = ("criteria_sets", 0, "criteria", 0)


@pytest.mark.parametrize("key", ["min_pass", "step"])
def test_what_no_points_can_reach(key):
    assert find_in_criterion(**{key: 10}) == []
    assert find_in_criterion(**{key: 10.5}) == [((*PLACE, key), "above", {"limit": 10})]


def test_the_least_points_are_below_the_most():
    assert find_in_criterion(min=9.5) == []
    for least in (10, 11):
        assert find_in_criterion(min=least) == [
            ((*PLACE, "min"), "not_below", {"limit": 10})
        ]


def test_levels_lie_within_their_criterion():
    def find_levels(*ends):
        levels = [
            {"name": f"Mức {number}", "from": low, "to": high}
            for number, (low, high) in enumerate(ends)
        ]
        return find_in_criterion(levels=levels)

    assert find_levels((0, 5), (5, 5), (5, 10)) == []
    assert find_levels((0, 5), (6, 5)) == [
        ((*PLACE, "levels", 1, "from"), "above", {"limit": 5})
    ]
    assert find_levels((0, 10.5)) == [
        ((*PLACE, "levels", 0, "to"), "above", {"limit": 10})
    ]


# ROUNDS


FIELDS = [{"name": "Tin học"}, {"name": "Y tế"}]
SETS = [make_set("trăm"), make_set("năm mươi", ("Hiệu quả", 50))]


def find_rounds(*rounds, juries=(), **judging):
    return find(
        fields=FIELDS,
        criteria_sets=SETS,
        judging={"criteria_set": "trăm", "field_ranking": "percent"} | judging,
        rounds=[{"advance_by": "all", **row} for row in rounds],
        juries=list(juries),
    )


def test_rounds_name_sets_that_are_there():
    assert find_rounds({"name": "1"}, {"name": "2", "criteria_set": "trăm"}) == []
    assert find_rounds({"name": "1"}, {"name": "2", "criteria_set": "x"}) == [
        (("rounds", 1, "criteria_set"), "no_set", {"name": "x"})
    ]
    assert find_rounds({"name": "1"}, {"name": "1"}) == [
        (("rounds", 1), "same_name", {"name": "1"})
    ]


def test_so_many_go_on_as_can_be_counted():
    path = ("rounds", 0, "advance_count")
    assert find_rounds({"name": "1", "advance_by": "number", "advance_count": 5}) == []
    assert find_rounds({"name": "1", "advance_by": "number", "advance_count": 5.5}) == [
        (path, "whole_number", {"value": 5.5})
    ]
    assert (
        find_rounds({"name": "1", "advance_by": "points", "advance_count": 5.5}) == []
    )


def test_somebody_goes_on_from_each_round_but_the_last():
    path = ("rounds", 0, "advance_count")

    def find_first(by, count, **parts):
        first = {"name": "1", "advance_by": by, "advance_count": count}
        return find_rounds(first, {"name": "2", "advance_by": "number"}, **parts)

    assert find_first("number", 1) == []
    assert find_first("number", 0) == [(path, "nobody_goes_on", {"name": "1"})]
    assert find_first("vote", 0) == find_first("all", 0) == []
    assert find_first("share", 100) == find_first("share", 50) == []
    assert find_first("share", 0) == [(path, "nobody_goes_on", {"name": "1"})]
    assert find_first("share", 101) == [(path, "above", {"limit": 100})]
    assert find_first("points", 100, field_ranking="together") == []
    assert find_first("points", 100.5, field_ranking="together") == [
        (path, "above", {"limit": Decimal(100)})
    ]
    bonus = {"name": "Điểm cộng", "kind": "bonus", "most": 2}
    parts = {"rounds": [{"name": "1", "advance_by": "points"}, {"name": "2"}]}
    for count, limit in ((102, None), (103, Decimal(102))):
        parts["rounds"][0]["advance_count"] = count
        expected = [(path, "above", {"limit": limit})] if limit else []
        assert find(components=[bonus], **parts) == expected


def test_points_to_go_on_are_those_of_the_rounds_so_far():
    def find_second(count):
        rounds = [
            {"name": "1", "advance_by": "all"},
            {"name": "2", "advance_by": "points", "advance_count": count},
            {"name": "3"},
        ]
        return find(rounds=rounds, judging={"round_total": "sum"})

    assert find_second(200) == []
    assert find_second(201) == [
        (("rounds", 1, "advance_count"), "above", {"limit": Decimal(200)})
    ]


def test_rounds_that_are_added_up_have_one_scale():
    half = {"name": "2", "criteria_set": "năm mươi"}
    other = [(("rounds",), "other_rounds", {"name": row["name"]}) for row in FIELDS]
    assert find_rounds({"name": "1"}, half) == other
    # what has no weight isn't added
    assert find_rounds({"name": "1"}, {**half, "weight": 0}) == []
    assert find_rounds({"name": "1", "criteria_set": "năm mươi"}, half) == []
    # the juries of one field have its set in both rounds
    jury = {"name": "Tổ", "fields": ["Tin học"], "criteria_set": "trăm", "round": "2"}
    assert find_rounds({"name": "1"}, half, juries=[jury]) == other[1:]
    assert find_rounds({"name": "1"}, half, juries=[{**jury, "round": ""}]) == other[1:]


def test_rounds_of_other_scales_are_added_up():
    half = {"name": "2", "criteria_set": "năm mươi"}
    for total in ("sum", "percent"):
        parts = {"field_ranking": "together", "round_total": total}
        assert find_rounds({"name": "1"}, half, **parts) == []
        assert (
            find_rounds({"name": "1"}, half, **parts | {"field_ranking": "apart"}) == []
        )
        assert find_rounds({"name": "1"}, half, round_total=total) == [
            (("judging", "round_total"), "percent_rounds", {})
        ]
    # added up, fields of one round less are not alike
    jury = {"name": "Tổ", "fields": ["Tin học"], "criteria_set": "trăm", "round": "2"}
    parts = {"juries": [jury], "field_ranking": "together"}
    rounds_ = {"name": "1"}, half
    assert find_rounds(*rounds_, **parts, round_total="percent") == []
    assert find_rounds(*rounds_, **parts, round_total="sum") == [
        (("judging", "field_ranking"), "other_totals", {})
    ]


def test_floors_are_those_of_the_total_over_rounds():
    def find_floor(floor, total):
        return find(
            criteria_sets=SETS,
            fields=FIELDS,
            rounds=[
                {"name": "1", "advance_by": "all"},
                {"name": "2", "criteria_set": "năm mươi"},
            ],
            judging={"criteria_set": "trăm", "round_total": total},
            prizes=[{"rank": "first", "min_score": floor}],
        )

    for total, limit in (("sum", 150), ("percent", 100)):
        assert find_floor(limit, total) == []
        assert find_floor(limit + 1, total) == [
            (("prizes", 0, "min_score"), "above", {"limit": Decimal(limit)})
        ]


def test_the_share_of_a_vote():
    for ratio in ("", "2/3", 0.5):
        first = {"name": "1", "advance_by": "vote", "vote_ratio": ratio}
        assert find_rounds(first, {"name": "2"}) == []
    assert find_rounds({"name": "1", "vote_ratio": "3/2"}) == [
        (("rounds", 0, "vote_ratio"), "form_ratio", {"value": "3/2"})
    ]


# JURIES


def jury(name="Tổ", fields=("Tin học",), **values):
    return {"name": name, "fields": list(fields), **values}


def test_juries_name_what_is_there():
    assert find_rounds(juries=[jury(), jury("Tổ 2", ["Y tế"])]) == []
    assert find_rounds(juries=[jury(), jury(fields=["Y tế"])]) == [
        (("juries", 1), "same_name", {"name": "Tổ"})
    ]
    assert find_rounds(juries=[jury(round="1")]) == [
        (("juries", 0, "round"), "no_round", {"name": "1"})
    ]
    assert find_rounds({"name": "1"}, juries=[jury(round="1")]) == []
    assert find_rounds(juries=[jury(fields=["Tin học", "x"])]) == [
        (("juries", 0, "fields", 1), "no_field", {"name": "x"})
    ]
    assert find_rounds(juries=[jury(criteria_set="x")]) == [
        (("juries", 0, "criteria_set"), "no_set", {"name": "x"})
    ]


def test_a_field_has_one_jury_in_a_round():
    twice = [jury(), jury("Tổ 2", ["Y tế", "Tin học"])]
    assert find_rounds(juries=twice) == [
        (("juries", 1, "fields", 1), "two_juries", {"name": "Tin học"})
    ]
    rounds = {"name": "1"}, {"name": "2"}
    apart = [jury(round="1"), jury("Tổ 2", round="2"), jury("Tổ 3")]
    assert find_rounds(*rounds, juries=apart) == []


def test_a_field_is_named_as_the_contest_calls_it():
    fields = [{"name": "Công nghệ thông tin", "local_name": "Tin học"}]
    assert find(fields=fields, juries=[jury()]) == []
    assert [code for _p, code, _v in find(fields=FIELDS[1:], juries=[jury()])] == [
        "no_field"
    ]


def test_scores_that_rank_together_have_one_scale():
    half = jury(criteria_set="năm mươi")
    path = ("judging", "field_ranking")
    assert find_rounds(juries=[half]) == []
    assert find_rounds(juries=[half], field_ranking="together") == [
        (path, "other_totals", {})
    ]
    plain = {
        "fields": FIELDS,
        "criteria_sets": SETS,
        "judging": {"criteria_set": "trăm"},
    }
    assert find(**plain, juries=[half]) == [(("juries",), "other_totals", {})]
    # the set of every field is another: that of the contest isn't used
    assert find(**plain, juries=[half | {"fields": ["Tin học", "Y tế"]}]) == []
    # where there are no fields at all, the contest's own is
    assert find(criteria_sets=SETS, judging={"criteria_set": "trăm"}) == []


# COMPONENTS, SHARES


def test_components_are_points_and_have_names():
    row = {"name": "Cộng đồng"}
    assert find(components=[row]) == []
    assert find(components=[row, row]) == [
        (("components", 1), "same_name", {"name": "Cộng đồng"})
    ]
    assert find(components=[row], judging={"field_ranking": "apart"}) == []
    assert find(components=[row], judging={"field_ranking": "percent"}) == [
        (("components",), "percent_components", {})
    ]


@pytest.mark.parametrize(
    ("council", "key", "code"),
    [
        ({"approval": "49/100"}, "approval", "minority"),
        (
            {"approval": 1, "approval_more_than": True},
            "approval_more_than",
            "more_than_all",
        ),
    ],
)
def test_an_approval_is_a_majority_that_can_be_reached(council, key, code):
    assert [problem[:2] for problem in find(council=council)] == [
        (("council", key), code)
    ]
    assert find(council={"approval": "1/2", "approval_more_than": True}) == []
    assert find(council={"approval": 1}) == []


@pytest.mark.parametrize("key", ["quorum", "approval"])
def test_shares_of_the_council(key):
    for good in ("2/3", 0.5, 1):
        assert find(council={key: good}) == []
    for bad in ("4/3", 0, 2):
        assert find(council={key: bad}) == [
            (("council", key), "form_ratio", {"value": str(bad)})
        ]


# TIE-BREAKS


def test_tie_breaks_name_criteria_that_are_there():
    step = {"kind": "criterion", "criterion": "Hiệu quả"}
    assert find(tie_breaks=[step, {"kind": "spread"}, {"kind": "earlier"}]) == []
    path = ("tie_breaks", 0, "criterion")
    assert find(tie_breaks=[{**step, "criterion": "x"}]) == [
        (path, "no_criterion", {"name": "x"})
    ]
    assert find(tie_breaks=[{"kind": "criterion"}]) == [
        (path, "no_criterion", {"name": "–"})
    ]
    assert find(tie_breaks=[{"kind": "earlier", "criterion": "Hiệu quả"}]) == [
        (path, "idle_criterion", {"name": "Hiệu quả"})
    ]
    assert find(criteria_sets=[], tie_breaks=[step]) == [
        (path, "no_criterion", {"name": "Hiệu quả"})
    ]


def test_after_the_chair_nothing_is_left_to_decide():
    spread = {"kind": "spread"}
    for last in ({"kind": "chair"}, {"kind": "lot"}):
        assert find(tie_breaks=[last]) == find(tie_breaks=[spread, last]) == []
        assert find(tie_breaks=[last, spread]) == [
            (("tie_breaks", 0, "kind"), "chair_last", {})
        ]


def test_no_tie_break_comes_twice():
    mine = {"kind": "criterion", "criterion": "Hiệu quả"}
    other = {"kind": "criterion", "criterion": "Tính mới"}
    spread = {"kind": "spread"}
    assert find(tie_breaks=[mine, other, spread]) == []
    assert find(tie_breaks=[mine, spread, mine]) == [
        (("tie_breaks", 2), "same_step", {})
    ]


def test_a_criterion_that_breaks_ties_counts_the_same_everywhere():
    step = {"kind": "criterion", "criterion": "Hiệu quả"}

    def find_step(other, ranking):
        return find(
            fields=FIELDS,
            criteria_sets=[make_set("trăm"), make_set("khác", *other)],
            judging={"criteria_set": "trăm", "field_ranking": ranking},
            juries=[jury(criteria_set="khác")],
            tie_breaks=[step],
            prizes=[],
        )

    told = [
        (
            ("tie_breaks", 0, "criterion"),
            "not_everywhere",
            {"name": "Hiệu quả"},
        )
    ]
    assert find_step([("Mới", 40), ("Hiệu quả", 60)], "together") == []
    assert find_step([("Mới", 50), ("Hiệu quả", 50)], "together") == told
    assert find_step([("Mới", 100)], "percent") == told
    # within a field all are scored alike
    assert find_step([("Mới", 50), ("Hiệu quả", 50)], "apart") == []


# PRIZES


def find_prizes(*prizes, components=(), ranking="together", **parts):
    found = find(
        fields=FIELDS,
        criteria_sets=SETS,
        judging={"criteria_set": "trăm", "field_ranking": ranking},
        prizes=[{"rank": "first", **prize} for prize in prizes],
        components=list(components),
        **parts,
    )
    return [(path[1:], code, values) for path, code, values in found]


def test_a_prize_can_be_reached():
    assert find_prizes({"min_score": 100}) == []
    assert find_prizes({}, {"min_score": 100.5}) == [
        ((1, "min_score"), "above", {"limit": Decimal(100)})
    ]
    assert find(criteria_sets=[], prizes=[{"rank": "first", "min_score": 999}]) == []


def test_components_help_to_reach_a_prize():
    rows = [{"name": "a", "most": 5}, {"name": "b", "most": 0.5}]
    assert find_prizes({"min_score": 105.5}, components=rows) == []
    assert find_prizes({"min_score": 106}, components=rows) == [
        ((0, "min_score"), "above", {"limit": Decimal("105.5")})
    ]


def test_a_prize_of_a_field():
    assert find_prizes({"field": "Tin học"}) == []
    assert find_prizes({"field": "x"}) == [((0, "field"), "no_field", {"name": "x"})]
    assert find_prizes({}, {"field": "Y tế"}, ranking="apart") == [
        ((0,), "needs_field", {})
    ]


def test_a_prize_that_goes_by_no_place_needs_no_field():
    """As of the youngest author over all fields, though each field is ranked apart."""

    def find(**values):
        parts = {
            "fields": [{"name": "Y tế"}],
            "judging": {"field_ranking": "apart"},
            "prizes": [{"rank": "youngest", **values}],
        }
        problems = rules.check(file.complete(parts), ("youngest",))
        return [problem.code for problem in problems]

    assert find() == []
    assert find(min_score=1) == ["needs_field"], "points of which field?"


def test_a_prize_over_fields_that_are_ranked_apart_says_how_it_compares_them():
    half = jury(criteria_set="năm mươi")

    def find_across(across, **parts):
        prize = {"across": across, "min_score": 60}
        return find_prizes(prize, ranking="apart", **parts)

    assert find_across("points") == []
    assert find_across("percent", juries=[half]) == []
    assert find_across("points", juries=[half]) == [
        ((0, "across"), "other_totals_across", {})
    ]
    components = [{"name": "Điểm cộng", "most": 5}]
    assert find_across("points", components=components) == []
    assert find_across("percent", components=components) == [
        ((0, "across"), "percent_across", {})
    ]
    beyond = {"across": "percent", "min_score": 101}
    assert find_prizes(beyond, ranking="apart", juries=[half]) == [
        ((0, "min_score"), "above", {"limit": Decimal(100)})
    ]


def test_a_limit_of_several_prizes_limits_something():
    def find_limits(*rows):
        found = find(
            fields=[{"name": "Y tế"}],
            prize_limits=[{"name": "Mọi giải", **row} for row in rows],
        )
        return [(path[1:], code) for path, code, _values in found]

    for key in ("most", "share", "amount"):
        assert find_limits({key: 1}) == []
    assert find_limits({}) == [((0,), "no_limit")]
    assert find_limits({"most": 1, "field": "Y tế"}) == []
    assert find_limits({"most": 1, "field": "x"}) == [((0, "field"), "no_field")]
    assert find_limits({"most": 1}, {"share": 5}) == [((1,), "same_name")]


@pytest.mark.parametrize(
    ("ranking", "field", "limit"),
    [
        ("percent", "Tin học", 100),
        ("percent", "Y tế", 100),
        ("percent", "", 100),
        ("apart", "Tin học", 50),
        ("apart", "Y tế", 100),
    ],
)
def test_a_floor_is_measured_where_it_counts(ranking, field, limit):
    half = jury(criteria_set="năm mươi")

    def find_floor(floor):
        prize = {"field": field, "min_score": floor}
        return find_prizes(prize, ranking=ranking, juries=[half])

    assert find_floor(limit) == []
    assert find_floor(limit + 1) == [
        ((0, "min_score"), "above", {"limit": Decimal(limit)})
    ]
