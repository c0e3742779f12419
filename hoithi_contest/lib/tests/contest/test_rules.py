import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...contest import rules
from ...council import rules as judging

PACK = """\
# một bộ thể lệ nhỏ
format: 1
name: Thể lệ thử
date: 2025-10-01
contest: {blind: true, eligible_from_year: 2013}
fields:
  - name: Công nghệ thông tin
    code: "01"
  - name: Tài nguyên và môi trường
criteria_sets:
  - name: Bộ 40-60
    min_total: 50
    criteria:
      - {name: Tính mới, max: 40, step: 0.5}
      - name: Hiệu quả
        max: 60.0
        levels:
          - {name: Tốt, from: 30, to: 60}
council: {quorum: 2/3}
tie_breaks:
  - {kind: criterion, criterion: Hiệu quả}
prizes:
  - {rank: first, amount: 3000000}
"""


def _read(text):
    return rules.read(text.encode())


def _find(text):
    """Return (code, line) of what is wrong with a file."""
    with pytest.raises(rules.RulesError) as refusal:
        _read(text)
    return [(problem.code, problem.line) for problem in refusal.value.problems]


def _check(text):
    pack = _read(text)
    problems = [*rules.check(pack.rules), *judging.check(pack.rules)]
    return [
        (problem.code, problem.line) for problem in rules.locate(problems, pack.lines)
    ]


def test_a_file_is_read_with_the_defaults_of_its_rows():
    pack = _read(PACK)
    assert pack.head == {"format": 1, "name": "Thể lệ thử", "date": "2025-10-01"}
    assert pack.rules["contest"] == {"blind": True, "eligible_from_year": 2013}
    first, second = pack.rules["fields"]
    assert (first["code"], first["order"], second["order"]) == ("01", 10, 20)
    [criteria_set] = pack.rules["criteria_sets"]
    assert criteria_set["aggregate"] == "mean"
    assert [row["max"] for row in criteria_set["criteria"]] == [40, 60]
    assert criteria_set["criteria"][0]["step"] == 0.5
    assert judging.get_total(criteria_set) == 100
    assert pack.rules["prizes"][0]["slots"] == 1
    assert _check(PACK) == []


def test_what_is_written_is_read_again():
    pack = _read(PACK)
    text = rules.write(pack.head, pack.rules, "Mẫu\n\nđể sửa")
    assert text.startswith("# Mẫu\n#\n# để sửa\nformat: 1\n")
    again = _read(text)
    assert (again.head, again.rules) == (pack.head, pack.rules)
    assert rules.write(again.head, again.rules, "Mẫu\n\nđể sửa") == text
    assert "order" not in text, "what is by default isn't written"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": st.text(
                    st.characters(exclude_categories=("C", "Zl", "Zp")),
                    min_size=1,
                    max_size=40,
                ).filter(lambda text: text.strip())
            },
            optional={
                "description": st.sampled_from(
                    ["no", "08", "1e3", "~", "2025-10-01", " a\n b", "x: y # z", "1:30"]
                ),
                "order": st.integers(-1000, 1000),
            },
        ),
        max_size=5,
    ),
    st.sampled_from(["2/3", "1/2", "3/5", 0.123, 1]),
    st.decimals(0, 1000, places=2),
)
def test_any_rules_are_read_as_they_were_written(fields, quorum, limit):
    written = rules.complete(
        {
            "fields": fields,
            "judging": {"divergence_limit": rules.to_number(limit)},
            "council": {"quorum": quorum},
        }
    )
    text = rules.write({"name": "Thử"}, written)
    normal = json.loads(rules.compose(json.dumps(written, ensure_ascii=False)))
    assert _read(text).rules == normal


def test_all_that_is_wrong_is_told_at_once_with_its_line():
    text = (
        PACK.replace("max: 40", "max: bốn mươi")
        .replace("rank: first", "rank: Vàng")
        .replace("2/3", "3 phần 4")
        .replace("min_total: 50", "min_totl: 50")
        .replace("2025-10-01", "2025-02-30")
    )
    assert sorted(_find(text), key=lambda row: row[1]) == [
        ("form_date", 4),
        ("unknown", 12),
        ("type_number", 14),
        ("form_ratio", 19),
        ("form_code", 23),
    ]


def test_a_wrong_key_is_told_with_the_one_that_was_meant():
    with pytest.raises(rules.RulesError) as refusal:
        _read(PACK.replace("min_total", "min_totl"))
    [problem] = refusal.value.problems
    assert problem.path == ("criteria_sets", 0, "min_totl")
    assert problem.values == {"key": "min_totl", "known": "min_total"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfef\x00o\x00", "encoding"),
        (b"", "nothing"),
        (b"a" * (rules.MAX_BYTES + 1), "too_large"),
        (b"format: [1", "syntax"),
        (b"a: &x 1\nb: *x\n", "not_plain"),
        (b"a: !!python/object/apply:os.system ['id']\n", "not_plain"),
        (b"--- 1\n--- 2\n", "documents"),
        (b"[" * 50 + b"]" * 50, "too_deep"),
        (b"{[1]: 2}", "key"),
        (b"format: 1\nname: a\nname: b\n", "twice"),
        (b"[1, 2]", "type_object"),
        (b"format: 2\nname: a\n", "choice"),
        (b"format: 1\n", "missing"),
        (b"format: 1\nname: ''\n", "empty"),
    ],
)
def test_what_is_no_file_of_rules_is_refused(content, code):
    with pytest.raises(rules.RulesError) as refusal:
        rules.read(content)
    assert [problem.code for problem in refusal.value.problems] == [code]


def test_words_are_words_and_composed():
    decomposed = "Ho\u0323\u0302i"
    text = f"format: 1\nname: {decomposed}\nsource: no\nfields: [{{name: 08}}]\n"
    pack = _read(text)
    assert pack.head["name"] == "Hội"
    assert pack.head["source"] == "no"
    assert pack.rules["fields"][0]["name"] == "08"
    assert pack.lines["fields", 0, "name"] == 4


@pytest.mark.parametrize("sign", [">", "|", ">-"])
def test_a_name_is_one_line_however_it_is_written(sign):
    """What names a field finds it, in a block of text too."""
    block = f"{sign}\n      Công nghệ thông tin\n"
    text = WITH_JURIES.replace(
        "  - name: Công nghệ thông tin\n", f"  - name: {block}"
    ).replace(
        "  - {name: Tổ Tin học, fields: [Công nghệ thông tin], criteria_set: Bộ 50}\n",
        f"  - name: Tổ Tin học\n    criteria_set: Bộ 50\n    fields:\n    - {block}",
    )
    pack = _read(text)
    assert pack.rules["fields"][0]["name"] == "Công nghệ thông tin"
    assert pack.rules["juries"][0]["fields"] == ["Công nghệ thông tin"]
    assert _check(text) == []
    note = _read(f"{PACK}bases:\n  - subject: |\n      một\n      hai\n")
    assert note.rules["bases"][0]["subject"] == "một\nhai\n", "texts keep their lines"


def test_a_set_that_is_named_is_there():
    text = "format: 1\nname: Thử\njudging: {criteria_set: Bộ 40-60}\n"
    assert _check(text) == [("no_main_set", 3)]
    assert _check(f"{text}criteria_sets: []\n") == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("min_total: 50", "min_total: 101", "above"),
        ("{name: Tốt, from: 30, to: 60}", "{name: Tốt, from: 30, to: 61}", "above"),
        ("{name: Tốt, from: 30, to: 60}", "{name: Tốt, from: 30, to: 20}", "above"),
        ("max: 40, step: 0.5", "max: 40, step: 50", "above"),
        ("max: 40, step: 0.5", "max: 40, min: 40", "not_below"),
        ("criterion: Hiệu quả", "criterion: Hiệu lực", "no_criterion"),
        ("kind: criterion", "kind: spread", "idle_criterion"),
        ("kind: criterion, criterion: Hiệu quả", "kind: component", "no_component"),
        (
            "criterion: Hiệu quả}",
            "criterion: Hiệu quả, component: X}",
            "idle_component",
        ),
        (
            "kind: criterion, criterion: Hiệu quả}",
            "kind: chair}\n  - {kind: spread}",
            "chair_last",
        ),
        (
            "rank: first,",
            "rank: first, criteria: [{criterion: Khác, min: 1}],",
            "no_used_criterion",
        ),
        (
            "rank: first,",
            "rank: first, criteria: [{criterion: Tính mới, min: 41}],",
            "above",
        ),
        ("rank: first,", "rank: first, ceiling: 5000000,", "needs_basis"),
        ("rank: first,", "rank: first, ceiling: 5, ceiling_basis: NQ 5,", "above"),
        ("rank: first,", "rank: first, field: Y tế,", "no_field"),
        ("Tài nguyên và môi trường", "Công nghệ thông tin", "same_name"),
        ("quorum: 2/3", "quorum: 3/2", "form_ratio"),
    ],
)
def test_rules_that_contradict_each_other_are_told(old, new, code):
    assert [found for found, _line in _check(PACK.replace(old, new))] == [code]


def test_differences_are_told_row_by_row():
    before = _read(PACK).rules
    after = _read(
        PACK.replace("max: 60.0", "max: 70")
        .replace("  - name: Tài nguyên và môi trường\n", "  - name: Y tế\n")
        .replace("blind: true", "blind: false")
        .replace("council: {quorum: 2/3}\n", "")
    ).rules
    found = [(change.kind, change.keys) for change in rules.compare(before, after)]
    assert found == [
        ("changed", ("contest", "blind")),
        ("added", ("fields",)),
        ("removed", ("fields",)),
        ("changed", ("criteria_sets", "criteria", "max")),
    ]
    assert list(rules.compare(before, before)) == []


def test_another_order_is_a_difference():
    one = {"tie_breaks": [{"kind": "spread"}, {"kind": "earlier"}]}
    other = {"tie_breaks": one["tie_breaks"][::-1]}
    [change] = rules.compare(one, other)
    assert (change.kind, change.after) == ("order", [("earlier", ""), ("spread", "")])


@pytest.mark.parametrize(
    ("value", "text"), [(2 / 3, "2/3"), (0.5, "1/2"), (1, "1/1"), (0.666, "333/500")]
)
def test_ratios_are_written_as_people_say_them(value, text):
    written = rules.write_ratio(value)
    assert written == (text if value != 0.666 else 0.666)
    assert float(rules.parse_ratio(written)) == pytest.approx(value)


JURIES = """\
  - name: Bộ 50
    criteria:
      - {name: Hiệu quả, max: 50}
judging: {criteria_set: Bộ 40-60, field_ranking: percent}
juries:
  - {name: Tổ Tin học, fields: [Công nghệ thông tin], criteria_set: Bộ 50}
"""
WITH_JURIES = PACK.replace("council:", f"{JURIES}council:").replace(
    "criterion, criterion: Hiệu quả", "earlier"
)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("", "", None),
        ("field_ranking: percent", "field_ranking: apart", "needs_field"),
        ("field_ranking: percent", "field_ranking: together", "other_totals"),
        (", field_ranking: percent", "", "other_totals"),
        ("{name: Hiệu quả, max: 50}", "{name: Hiệu quả, max: 100}", None),
        ("criteria_set: Bộ 50}", "criteria_set: Bộ 51}", "no_set"),
        ("fields: [Công nghệ thông tin]", "fields: [Y tế]", "no_field"),
        (
            "criteria_set: Bộ 50}",
            "criteria_set: Bộ 50}\n  - {name: Tổ khác, fields: [Công nghệ thông tin]}",
            "two_juries",
        ),
        ("kind: earlier", "kind: criterion, criterion: Hiệu quả", "not_everywhere"),
        ("amount: 3000000", "amount: 1, min_score: 101", "above"),
    ],
)
def test_juries_fit_fields_sets_and_places(old, new, code):
    text = WITH_JURIES.replace(old, new, 1) if old else WITH_JURIES
    assert [found for found, _line in _check(text)] == ([code] if code else [])


def test_a_set_that_no_field_goes_by_is_compared_with_none():
    """Where juries have all fields, the contest's own total doesn't matter."""
    text = WITH_JURIES.replace(
        "fields: [Công nghệ thông tin]",
        "fields: [Công nghệ thông tin, Tài nguyên và môi trường]",
    ).replace("field_ranking: percent", "field_ranking: together")
    assert _check(text) == []


def test_a_prize_of_one_field_is_measured_by_its_own_criteria():
    text = PACK.replace(
        "council: {quorum: 2/3}",
        """\
  - name: Bộ nhỏ
    criteria:
      - {name: Hiệu quả, max: 50}
judging: {criteria_set: Bộ 40-60, field_ranking: apart}
juries:
  - {name: Tổ CNTT, fields: [Công nghệ thông tin], criteria_set: Bộ nhỏ}
council: {quorum: 2/3}""",
    ).replace("tie_breaks:\n  - {kind: criterion, criterion: Hiệu quả}\n", "")
    prizes = "prizes:\n  - {rank: first, amount: 3000000}\n"

    def find(field, floor):
        one = f"prizes:\n  - {{rank: first, field: {field}, min_score: {floor}}}\n"
        pack = _read(text.replace(prizes, one))
        return [(p.code, p.values) for p in judging.check(pack.rules)]

    assert find("Công nghệ thông tin", 50) == []
    assert [code for code, _v in find("Công nghệ thông tin", 51)] == ["above"]
    assert find("Tài nguyên và môi trường", 100) == []
    assert [code for code, _v in find("Tài nguyên và môi trường", 101)] == ["above"]


# AT THE LIMITS


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"a" * rules.MAX_BYTES, "type_object", None),
        (b"[" * 12 + b"]" * 12, "type_object", None),
        (b"[" * 13 + b"]" * 13, "too_deep", 1),
        (b"[" + b"1," * 199 + b"]", "type_object", None),
        (b"[" + b"1," * 200 + b"]", "too_deep", 1),
        (b"format: 1\nname: a\n  b: c\n", "syntax", 3),
        (b"format: 1\n\nname: &x a\n", "not_plain", 3),
        (b"format: 1\nname: !!str a\n", "not_plain", 2),
        (b"format: 1\nname: a\n--- 2\n", "documents", 3),
        (b"format: 1\n[1]: 2\nname: a\n", "key", 2),
        (b"format: 1\nname: a\nname: b\n", "twice", 3),
        (b"format: 1\nname: a\nfields:\n- {name: a}\n- {}\n", "missing", 5),
        (b"format: 1\nname: ''\n", "empty", 2),
        (b"format: 1\nname: a\nnam: b\n", "unknown", 3),
        (
            b"format: 1\nname: a\ndossier: [{name: a, extensions: []}]\n",
            "limit_minItems",
            3,
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(content, code, line, monkeypatch):
    assert rules._MAX_NODES == 20_000
    monkeypatch.setattr(rules, "_MAX_NODES", 200)
    with pytest.raises(rules.RulesError) as refusal:
        rules.read(content)
    assert [(p.code, p.line) for p in refusal.value.problems] == [(code, line)]


def test_what_is_too_large_is_told_with_how_much_is_taken():
    with pytest.raises(rules.RulesError) as refusal:
        rules.read(b"a" * (rules.MAX_BYTES + 1))
    [problem] = refusal.value.problems
    assert (problem.values, problem.line) == ({"most": 256}, None)


def test_a_file_from_another_editor_is_read():
    assert rules.read(b"\xef\xbb\xbfformat: 1\r\nname: a\r\n").head["name"] == "a"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("TRUE", True),
        ("False", False),
        ("yes", "yes"),
        ("'true'", "true"),
        ("'8'", "8"),
        ("8", 8),
        ("+8", 8),
        ("-0.5", -0.5),
        ("8.0", 8),
        ("08", "08"),
        ("8.", "8."),
        ("1e3", "1e3"),
        ("1" * 40, int("1" * 40)),
        ("1" * 41, "1" * 41),
    ],
)
def test_values_are_read_as_json_has_them(written, read):
    root = rules._parse(f"note: {written}".encode(), {})
    assert root == {"note": read}
    assert type(root["note"]) is type(read)


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_a_key_without_a_value_says_nothing(nothing):
    text = f"format: 1\nname: a\nnote: {nothing}\nfields: {nothing}\n"
    pack = _read(text)
    assert pack.head == {"format": 1, "name": "a"}
    assert pack.rules == {}
    assert pack.lines["note",] == 3


def _refuse(text):
    with pytest.raises(rules.RulesError) as refusal:
        _read(text)
    [problem] = refusal.value.problems
    return problem.code, problem.values


@pytest.mark.parametrize(
    ("row", "code", "values"),
    [
        ("date: 1899-12-31", "form_date", {"value": "1899-12-31"}),
        ("date: 2101-01-01", "form_date", {"value": "2101-01-01"}),
        ("date: 1.10.2025", "form_date", {"value": "1.10.2025"}),
        ("sample: có", "type_boolean", {"value": "có"}),
        ("note: [1]", "type_string", {"value": "[1]"}),
        (
            "contest: {mode: thi}",
            "choice",
            {"value": "thi", "allowed": "nominate_only, internal_contest"},
        ),
        (
            "bases: [{subject: a, kind: lệ}]",
            "choice",
            {
                "value": "lệ",
                "allowed": "constitution, code, law, ordinance, resolution, decree, "
                "decision, directive, circular, joint_circular, plan, guidance, "
                "notice, rules, letter, other",
            },
        ),
        ("contest: {grace_minutes: 1441}", "limit_maximum", {"limit": 1440}),
        ("contest: {grace_minutes: -1}", "limit_minimum", {"limit": 0}),
        ("council: {quorum: 2:3}", "form_ratio", {"value": "2:3"}),
        ("council: {quorum: [1]}", "type_string", {"value": "[1]"}),
        ("contest: {mod: a}", "unknown", {"key": "mod", "known": "mode"}),
        (
            "council: {x: 1}",
            "unknown",
            {
                "key": "x",
                "known": "quorum, approval, approval_base, approval_more_than, "
                "casting_vote, written_opinions, vote",
            },
        ),
        ("tie_breaks: [{criterion: a}]", "missing", {"key": "kind"}),
        (
            "contest: {mode: " + "m" * 60 + "}",
            "choice",
            {"value": "m" * 60, "allowed": "nominate_only, internal_contest"},
        ),
        (
            "contest: {mode: " + "m" * 61 + "}",
            "choice",
            {"value": "m" * 60 + "…", "allowed": "nominate_only, internal_contest"},
        ),
    ],
)
def test_what_is_wrong_is_told_in_its_own_words(row, code, values):
    assert _refuse(f"format: 1\nname: a\n{row}\n") == (code, values)


@pytest.mark.parametrize("day", ["1900-01-01", "2100-12-31", "2024-02-29"])
def test_days_that_are_taken(day):
    text = f"format: 1\nname: a\ndate: {day}\nbases: [{{subject: a, date: {day}}}]\n"
    assert _read(text).rules["bases"][0]["date"] == day


def test_a_day_of_a_row_that_no_calendar_has():
    with pytest.raises(rules.RulesError) as refusal:
        _read("format: 1\nname: a\nbases:\n- subject: a\n  date: 2025-02-29\n")
    [problem] = refusal.value.problems
    assert (problem.path, problem.line) == (("bases", 0, "date"), 5)


def test_every_further_row_of_a_name_is_told():
    found = rules.find_twins(["a", "b", "a", "a", "b"], ("rows",))
    assert [(p.path, p.code, p.values) for p in found] == [
        (("rows", 2), "same_name", {"name": "a"}),
        (("rows", 3), "same_name", {"name": "a"}),
        (("rows", 4), "same_name", {"name": "b"}),
    ]


def test_a_field_is_meant_by_its_local_name():
    text = "format: 1\nname: a\nfields: [{name: a, local_name: b}, {name: b}]\n"
    assert _check(text) == [("same_name", 3)]
    assert rules.get_field_name({"name": "a", "local_name": ""}) == "a"


def test_rows_of_the_dossier_have_names_of_their_own():
    row = "{name: a, extensions: [pdf]}"
    text = f"format: 1\nname: a\ndossier:\n- {row}\n- {row}\n"
    assert _check(text) == [("same_name", 5)]


def test_problems_are_told_in_the_order_of_the_file():
    lines = {("a",): 7, ("a", 0): 9, ("b",): 3}
    problems = [
        rules.Problem(("a", 0, "x"), "one", {}),
        rules.Problem(("b",), "two", {}),
        rules.Problem(("c",), "three", {}),
        rules.Problem(("a",), "four", {}, 1),
        rules.Problem((), "five", {}),
    ]
    placed = rules.locate(problems, lines)
    assert [(p.code, p.line) for p in placed] == [
        ("three", None),
        ("five", None),
        ("four", 1),
        ("two", 3),
        ("one", 9),
    ]


def test_what_is_by_default_is_not_written():
    pack = _read(PACK)
    first, second = pack.rules["fields"]
    first["order"], second["order"] = 20, 20
    text = rules.write(pack.head, pack.rules)
    assert text.count("order:") == 1, "the second has that of its place"
    assert _read(text).rules["fields"] == [first, second]
    row = dict(pack.rules["criteria_sets"][0]["criteria"][1])
    stripped = rules.strip_row(("criteria_sets", "criteria"), row)
    assert stripped == {
        "name": "Hiệu quả",
        "max": 60,
        "levels": [{"name": "Tốt", "from": 30, "to": 60}],
    }
    assert row["min"] == 0, "what was given is as it was"
    assert rules.strip_row(("fields",), dict(first, order=10)) == {
        "name": "Công nghệ thông tin",
        "code": "01",
    }


def test_defaults_of_one_row_are_not_those_of_another():
    done = rules.complete(
        {"criteria_sets": [{"name": "a", "criteria": [{"name": "x"}, {"name": "y"}]}]}
    )
    x, y = done["criteria_sets"][0]["criteria"]
    assert x["levels"] == []
    assert x["levels"] is not y["levels"]
    assert x["step"] == 0.5
    assert "max" not in x, "what has no default is left out"


def test_how_a_file_is_written():
    text = rules.write(
        {"name": "a", "other": "b"},
        {
            "bases": [{"subject": "một\nhai"}],
            "dossier": [{"name": "x" * 100, "extensions": ["pdf", "docx"]}],
            "fields": [],
        },
    )
    assert text == (
        "format: 1\nname: a\nfields: []\ndossier:\n"
        f"  - name: {'x' * 100}\n    extensions: [pdf, docx]\n"
        "bases:\n  - subject: |-\n      một\n      hai\n"
    )


@pytest.mark.parametrize("ratio", [0, "0/3", -0.5, 1.01, "3/2", "-1/2"])
def test_no_share_of_members(ratio):
    with pytest.raises(ValueError):
        rules.parse_ratio(ratio)


def test_shares_of_members():
    assert rules.parse_ratio(" 2 / 3 ") == rules.Fraction(2, 3)
    assert rules.parse_ratio(1) == rules.parse_ratio("3/3") == 1
    assert rules.parse_ratio("1/1000") == rules.Fraction(1, 1000)
    assert rules.write_ratio(99 / 100) == "99/100"
    assert rules.write_ratio(100 / 101) == 100 / 101
    assert rules.write_ratio(0.6667) == 0.6667
    assert rules.to_number(rules.Decimal("2.50")) == 2.5


# WHAT CHANGES


def test_changes_are_told_with_the_rows_that_they_are_in():
    def make(levels, extensions=("pdf",)):
        row = {"name": "Hiệu quả", "max": 60, "levels": levels}
        return {
            "dossier": [{"name": "Mẫu", "extensions": list(extensions)}],
            "criteria_sets": [{"name": "Bộ", "criteria": [row]}],
        }

    good, fair = {"name": "Tốt", "to": 60}, {"name": "Khá", "to": 40}
    before = make([good, fair])
    after = make([fair, {"name": "Tốt", "to": 50}], ("pdf", "docx"))
    place = ("criteria_sets", "criteria", "levels")
    rows = (("Bộ",), ("Hiệu quả",))
    assert list(rules.compare(before, after)) == [
        rules.Change(
            ("dossier", "extensions"),
            (("Mẫu",),),
            "changed",
            ["pdf"],
            ["pdf", "docx"],
        ),
        rules.Change((*place, "to"), (*rows, ("Tốt",)), "changed", 60, 50),
        rules.Change(place, rows, "order", [("Tốt",), ("Khá",)], [("Khá",), ("Tốt",)]),
    ]
    assert list(rules.compare(before, make([good]))) == [
        rules.Change(place, (*rows, ("Khá",)), "removed", fair, None)
    ]
    assert list(rules.compare(make([]), make([fair]))) == [
        rules.Change(place, (*rows, ("Khá",)), "added", None, fair)
    ]


def test_what_a_file_leaves_out_stays():
    before = {"contest": {"blind": True, "mode": "a"}, "fields": [{"name": "a"}]}
    assert list(rules.compare(before, {})) == []
    assert list(rules.compare(before, {"contest": {"mode": "a"}})) == []
    # what a later version knows of had its default before
    assert list(rules.compare({"council": {}}, {"council": {"vote": ""}})) == []
    [change] = rules.compare({}, {"contest": {"blind": False}})
    assert change == rules.Change(("contest", "blind"), (), "changed", None, False)
    assert [c.kind for c in rules.compare(before, {"fields": []})] == ["removed"]


def test_rows_that_are_alike_are_told_apart_by_their_number():
    prize = {"rank": "first", "field": ""}
    before = {"prizes": [{**prize, "amount": 2}, {**prize, "amount": 1}]}
    after = {"prizes": [{**prize, "amount": 2}, {**prize, "amount": 3}]}
    [change] = rules.compare(before, after)
    assert (change.kind, change.before, change.after) == ("changed", 1, 3)
    assert change.names == (("first", ""),)
    [change] = rules.compare(before, {"prizes": before["prizes"][:1]})
    assert (change.kind, change.before) == ("removed", before["prizes"][1])


def test_what_tells_rows_apart():
    assert rules.get_identity_keys("bases") == ("number", "subject")
    assert rules.get_identity_keys("rounds") == ("name",)
    assert rules.get_identity("fields", {"name": "a", "local_name": "b"}) == ("b",)
    assert rules.get_identity("tie_breaks", {"kind": "earlier"}) == ("earlier", "")


def test_packs_of_a_folder(tmp_path):
    for name in ("b", "a"):
        text = f"format: 1\nname: Thể lệ {name}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "c.txt").write_text("")
    assert rules.list_packs(tmp_path) == [("a", "Thể lệ a"), ("b", "Thể lệ b")]
