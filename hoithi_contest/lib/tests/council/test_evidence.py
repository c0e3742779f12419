import ast
import json
import stat
import sys
from pathlib import Path

import pytest

from ...council import evidence
from ...council.anchor_file import AnchorFile


def _row(position, previous, event="review.submitted", facts=(), **details):
    row = {
        "version": 2,
        "contest_id": 7,
        "position": position,
        "event": event,
        "recorded_on": "2026-08-01 02:00:00",
        "res_model": "hoithi.review",
        "res_id": position,
        "user_id": 3,
        "entry_id": False,
        "salt": f"{position:032x}",
        "previous_hash": previous,
    }
    facts = [
        [kind, record, content and evidence.fact_digest(row["salt"], content)]
        for kind, record, content in facts
    ]
    row["payload"] = evidence.canonical({"facts": facts, **details})
    row["commitment"] = evidence.commitment(row)
    return {**row, "hash": evidence.row_hash(row)}


def _chain(*events):
    rows, previous = [], evidence.GENESIS
    for position, (event, facts) in enumerate(events, start=1):
        rows.append(_row(position, previous, event, facts))
        previous = rows[-1]["hash"]
    return rows


@pytest.fixture
def rows():
    return _chain(
        ("review.submitted", [("sheet", 1, [30, 40])]),
        ("review.submitted", [("sheet", 2, [20, 25])]),
        ("review.voided", [("sheet", 2, None)]),
        (evidence.SEAL, []),
    )


def _check(rows, facts=(("sheet", 1, [30, 40]),), length=None, anchors=()):
    verifier = evidence.Verifier(7)
    problems = [problem for row in rows for problem in verifier.read_row(row)]
    problems += verifier.read_end(len(rows) if length is None else length, True)
    for kind, record, content in facts:
        problems += verifier.read_fact(kind, record, content)
    problems += verifier.end_facts()
    for anchor in anchors:
        problems += verifier.read_anchor(anchor)
    return [problem.code for problem in problems]


def test_what_agrees_has_no_problems(rows):
    assert _check(rows) == []
    noted = {"position": 2, "hash": rows[1]["hash"]}
    assert _check(rows, anchors=[noted, {"hash": rows[3]["hash"]}]) == []


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ([("sheet", 1, [31, 40])], ["fact_altered"]),
        ([], ["row_without_fact"]),
        (
            [("sheet", 1, [30, 40]), ("sheet", 2, [20, 25])],
            ["fact_without_row"],
        ),
        ([("sheet", 1, [30, 40]), ("award", 1, {})], ["fact_without_row"]),
    ],
)
def test_facts_and_rows_are_compared_both_ways(rows, facts, codes):
    assert _check(rows, facts) == codes


@pytest.mark.parametrize(
    "name", ["position", "event", "recorded_on", "commitment", "previous_hash"]
)
def test_nothing_of_a_row_can_be_changed(rows, name):
    rows[1][name] = 9 if name == "position" else "x"
    assert _check(rows)


@pytest.mark.parametrize("name", ["res_model", "res_id", "user_id", "salt", "payload"])
def test_nothing_that_a_row_commits_to_can_be_changed(rows, name):
    rows[1][name] = '{"facts":[]}' if name == "payload" else "x"
    assert "row_altered" in _check(rows)


def test_a_closed_row_keeps_its_place_in_the_chain(rows):
    closed = [
        {name: value for name, value in row.items() if name not in evidence.CLOSED}
        for row in rows
    ]
    assert _check(closed, facts=()) == []
    closed[2]["recorded_on"] = "2026-08-02 02:00:00"
    assert _check(closed, facts=()) == ["row_altered"]


def test_a_tail_that_was_cut_is_missed(rows):
    assert _check(rows[:3], length=4) == ["tail_missing", "seal_missing"]
    noted = {"position": 4, "hash": rows[3]["hash"]}
    assert _check(rows[:3], anchors=[noted]) == ["seal_missing", "anchor_beyond"]


def test_a_chain_made_anew_isnt_the_one_that_was_noted(rows):
    noted = {"position": 4, "hash": rows[3]["hash"]}
    forged = _chain(
        ("review.submitted", [("sheet", 1, [39, 40])]),
        ("review.submitted", [("sheet", 2, [20, 25])]),
        ("review.voided", [("sheet", 2, None)]),
        (evidence.SEAL, []),
    )
    facts = [("sheet", 1, [39, 40])]
    assert _check(forged, facts) == [], "by itself it is whole"
    assert _check(forged, facts, anchors=[noted]) == ["anchor_differs"]


def test_the_seal_ends_the_scores_but_not_the_prizes_of_the_province(rows):
    award = _row(5, rows[3]["hash"], "award.recorded", [("award", 1, {"rank": 1})])
    facts = [("sheet", 1, [30, 40]), ("award", 1, {"rank": 1})]
    assert _check([*rows, award], facts) == []
    late = _row(5, rows[3]["hash"], "review.submitted", [("sheet", 3, [1])])
    assert _check([*rows, late], [*facts[:1], ("sheet", 3, [1])]) == ["row_after_seal"]


def test_files_of_a_fact_are_compared():
    verifier = evidence.Verifier(7)
    content = [[5, "a.pdf", "aa", "aa"]]
    [row] = _chain(("entry.submitted", [("files", 1, content)]))
    assert list(verifier.read_row(row)) == []
    [problem] = verifier.read_fact("files", 1, content, ["bb"])
    assert problem.code == "file_altered"


def test_a_payload_that_isnt_one_is_told_and_not_a_traceback(rows):
    rows[1]["payload"] = "[1]"
    assert "row_altered" in _check(rows)


# ANCHORS


def _heads(*positions):
    return [
        {"contest_id": 7, "position": p, "hash": f"h{p}", "taken_on": "2026-08-01"}
        for p in positions
    ]


@pytest.mark.parametrize(
    "facts", [[["sheet", [1], "ab"]], [["sheet", 1]], {"sheet": 1}, "sheet", None, 5]
)
def test_facts_that_are_none_are_told_and_not_a_traceback(rows, facts):
    rows[1]["payload"] = evidence.canonical({"facts": facts})
    assert "row_altered" in _check(rows)


@pytest.mark.parametrize("version", [0, 3, None])
def test_a_version_that_there_isnt_is_told(rows, version):
    rows[1]["version"] = version
    assert "row_altered" in _check(rows)


def test_each_head_is_noted_once(tmp_path):
    file = AnchorFile(tmp_path / "anchors", "db")
    file.append(_heads(1, 2))
    file.append(_heads(2))
    file.append(_heads(3))
    lines = list(file.read_lines())
    assert [line["position"] for line in lines] == [1, 2, 3]
    assert not list(evidence.check_lines(lines, file.read_key()))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE((file.folder / "anchor.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(file.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "change",
    [
        lambda texts: texts[1:],
        lambda texts: [texts[0], texts[2]],
        lambda texts: [texts[0].replace('"h1"', '"h9"'), *texts[1:]],
        lambda texts: [*texts, "{torn"],
        lambda texts: [*texts, texts[2]],
    ],
)
def test_a_changed_file_of_anchors_is_found(tmp_path, change):
    file = AnchorFile(tmp_path, "db")
    file.append(_heads(1, 2, 3))
    texts = file.path.read_text().splitlines()
    file.path.write_text("\n".join(change(texts)) + "\n")
    [problem] = evidence.check_lines(file.read_lines(), file.read_key())
    assert problem.code == "anchor_line"


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"\xff\xfe",
        b'{"contest_id":7}',
        '{"contest_id":7,"hash":"h","line":4,"mac":"é","position":9,"previous":""}'.encode(),
        b'{"contest_id":7,"hash":1,"line":4,"mac":"ab","position":-9,"previous":""}',
    ],
)
def test_a_line_that_is_none_is_told_and_takes_none_along(tmp_path, text):
    """Torn by a full disk or put there: what is noted later stands all the same."""
    file = AnchorFile(tmp_path, "db")
    file.append(_heads(1, 2))
    with file.path.open("ab") as handle:
        handle.write(text)
    file.append(_heads(3))
    lines = list(file.read_lines())
    assert [line["position"] for line in lines if line] == [1, 2, 3]
    assert list(evidence.check_lines(lines, file.read_key()))


def test_who_has_no_key_forges_no_line(tmp_path):
    file = AnchorFile(tmp_path, "db")
    file.append(_heads(1))
    last = next(file.read_lines())
    forged = evidence.next_line(b"guess", last, _heads(2)[0])
    with file.path.open("a") as handle:
        handle.write(json.dumps(forged) + "\n")
    assert list(evidence.check_lines(file.read_lines(), file.read_key()))
    assert not list(evidence.check_lines(file.read_lines(), None)), "without a key"


def test_of_two_servers_that_begin_at_once_one_makes_the_key(tmp_path, monkeypatch):
    """The other takes it: lines signed under a key that nobody has prove nothing."""
    folder = tmp_path / "var" / "anchors"
    first, second = AnchorFile(folder, "db"), AnchorFile(folder, "db")
    first.append(_heads(1))
    key, read_key = first.read_key(), second.read_key
    assert len(key) == 32
    answers = [None]
    # it looks just before the first has written its own
    monkeypatch.setattr(
        second, "read_key", lambda: answers.pop() if answers else read_key()
    )
    second.append(_heads(2))
    assert not answers
    assert first.read_key() == key
    assert not list(evidence.check_lines(first.read_lines(), key))


def test_a_head_that_is_noted_keeps_no_other_from_being_noted(tmp_path):
    file = AnchorFile(tmp_path, "db")
    file.append(_heads(1))
    file.append(_heads(1, 2))
    assert [line["position"] for line in file.read_lines()] == [1, 2]


def test_there_may_be_no_file_yet(tmp_path):
    file = AnchorFile(tmp_path / "none", "db")
    assert file.read_key() is None
    assert list(file.read_lines()) == []


def test_the_script_needs_the_standard_library_alone():
    tree = ast.parse(Path(evidence.__file__).read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "it stands alone"
            names.add(node.module.split(".")[0])
    assert names <= sys.stdlib_module_names


def _read_all(rows):
    verifier = evidence.Verifier(7)
    problems = [problem for row in rows for problem in verifier.read_row(row)]
    return verifier, problems


@pytest.mark.parametrize("kept", [2, 3])
def test_the_first_row_that_is_missing_is_named(rows, kept):
    verifier, _problems = _read_all(rows[:kept])
    [problem] = verifier.read_end(4, False)
    assert (problem.code, problem.position) == ("tail_missing", kept + 1)


def test_a_chain_is_read_no_further_than_it_holds(rows):
    verifier, problems = _read_all([rows[0], rows[2], rows[3]])
    assert [(p.code, p.position) for p in problems] == [("row_missing", 2)]
    assert verifier.length == 1


def test_a_fact_without_a_row_is_at_no_place_of_the_chain(rows):
    verifier, _problems = _read_all(rows)
    [problem] = verifier.read_fact("award", 1, {})
    assert (problem.kind, problem.record, problem.position) == ("award", 1, 0)


def test_a_head_may_be_noted_with_its_place_or_without(rows):
    verifier, _problems = _read_all(rows)

    def compare(**anchor):
        return [problem.code for problem in verifier.read_anchor(anchor)]

    last = rows[3]["hash"]
    assert compare(hash=last) == compare(hash=last, position=4) == []
    assert compare(hash=last, position=3) == ["anchor_differs"]
    for strange in ("0" * 64, "f" * 64):
        assert compare(hash=strange) == ["anchor_differs"]
        assert compare(hash=strange, position=4) == ["anchor_differs"]


@pytest.mark.parametrize(
    ("kind", "content", "files"),
    [
        ("files", [[1, "a.pdf", "S", "K"], [2, "b.pdf", "T", "L"]], ["K", "L"]),
        ("copies", [[1, "a.pdf", "K"]], ["K"]),
        ("document", {"docx": "D", "pdf": "P"}, ["D", "P"]),
        ("document", {"docx": "", "pdf": "P"}, ["P"]),
        ("scan", ["signed", "S", "T"], ["S", "T"]),
        ("sheet", [30, 40], []),
        ("award", {"rank": 1}, []),
    ],
)
def test_which_files_a_fact_names(kind, content, files):
    assert evidence.expected_files(kind, content) == files


def test_a_chain_begins_after_as_many_zeros_as_a_hash_has():
    assert evidence.GENESIS == "0" * 64
