import ast
import hashlib
import json
import re
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from ...council import evidence
from ...council.anchor_file import AnchorFile

#: As large as ids become, and none that Python keeps once.
CONTEST = int("70001")


def _row(position, previous, event="review.submitted", facts=(), **details):
    row = {
        "version": evidence.VERSION,
        "contest_id": CONTEST,
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
    verifier = evidence.Verifier(CONTEST)
    problems = [problem for row in rows for problem in verifier.read_row(row)]
    problems += verifier.read_end(len(rows) if length is None else length, True)
    for kind, record, content in facts:
        problems += verifier.read_fact(kind, record, content)
    problems += verifier.end_facts()
    for anchor in anchors:
        problems += verifier.read_anchor(anchor)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("named", "now", "is_moved"),
    [
        (5, 5, False),
        (5, 6, True),
        (5, False, True),
        (False, 6, False),
        (False, False, False),
        (5, None, False),
    ],
)
def test_what_was_moved_to_another_entry(named, now, is_moved):
    row = _row(1, evidence.GENESIS, facts=[("sheet", 1, [30, 40])])
    row["entry_id"] = named
    row["commitment"] = evidence.commitment(row)
    row["hash"] = evidence.row_hash(row)
    verifier = evidence.Verifier(CONTEST)
    assert not list(verifier.read_row(row))
    problems = list(verifier.read_fact("sheet", 1, [30, 40], entry=now))
    assert [problem.code for problem in problems] == ["fact_altered"] * is_moved


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
    verifier = evidence.Verifier(CONTEST)
    content = [[5, "a.pdf", "aa", "aa"]]
    [row] = _chain(("entry.submitted", [("files", 1, content)]))
    assert list(verifier.read_row(row)) == []
    [problem] = verifier.read_fact("files", 1, content, ["bb"])
    assert problem == ("file_altered", 0, "files", 1, "")


def test_a_payload_that_isnt_one_is_told_and_not_a_traceback(rows):
    rows[1]["payload"] = "[1]"
    assert "row_altered" in _check(rows)


# ANCHORS


def _heads(*positions):
    return [
        {
            "contest_id": CONTEST,
            "position": p,
            "hash": f"h{p}",
            "taken_on": "2026-08-01",
        }
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
    verifier = evidence.Verifier(CONTEST)
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


# THE INSPECTOR'S SCRIPT

PDF = b"%PDF-1.7 of the form"


def _package(path, rows, facts=(), anchors=(), lines=(), files=None, **about):
    about = {
        "id": CONTEST,
        "state": "closed",
        "ledger_length": len(rows),
        "is_anchored": False,
        "is_guarded": True,
        **about,
    }
    tables = {"ledger": rows, "facts": facts, "anchors": anchors, "anchor_file": lines}
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("contest.json", json.dumps(about))
        for name, values in tables.items():
            text = "".join(json.dumps(value) + "\n" for value in values)
            package.writestr(f"{name}.jsonl", text)
        for name, content in (files or {}).items():
            package.writestr(name, content)
    return str(path)


@pytest.fixture
def whole(tmp_path):
    """Make a package that agrees, but for what is given otherwise."""
    kept = hashlib.sha256(PDF).hexdigest()
    files = [[5, "a.pdf", "S", kept]]
    rows = _chain(
        ("entry.submitted", [("files", 1, files)]),
        ("review.submitted", [("sheet", 2, [30, 40])]),
        (evidence.SEAL, []),
    )
    anchor_file = AnchorFile(tmp_path / "noted", "db")
    anchor_file.append(
        [
            {"contest_id": contest, "position": 2, "hash": digest, "taken_on": "x"}
            for contest, digest in ((CONTEST, rows[1]["hash"]), (8, "another's"))
        ]
    )
    values = {
        "rows": rows,
        "facts": [
            {"kind": "files", "id": 1, "content": files, "paths": ["tep/a.pdf"]},
            {"kind": "sheet", "id": 2, "content": [30, 40]},
        ],
        "anchors": [{"position": 3, "hash": rows[2]["hash"], "where": "thư"}],
        "lines": list(anchor_file.read_lines()),
        "is_anchored": True,
        "files": {"tep/a.pdf": PDF},
    }

    def make(**changes):
        return _package(tmp_path / "goi.zip", **values | changes)

    make.values, make.key = values, anchor_file.read_key()
    return make


def _told(path, *arguments, capsys):
    status = evidence.main([path, *arguments])
    return status, capsys.readouterr().out.splitlines()


def test_a_package_that_agrees_says_so(whole, tmp_path, capsys):
    key = tmp_path / "khoa.txt"
    key.write_text(whole.key.hex() + "\n")
    head = whole.values["rows"][2]["hash"]
    assert _told(whole(), "--key", str(key), capsys=capsys) == (
        0,
        [f"3 dòng; mã cuối: {head}", "TOÀN VẸN: không có sai khác."],
    )
    # without the key it says what it didn't look at
    assert _told(whole(), capsys=capsys)[1][0].startswith("! Chưa có khóa")


def test_what_the_exporter_may_not_know_is_said(whole, capsys):
    rows = whole.values["rows"]
    rows[1] = {key: rows[1][key] for key in rows[1] if key not in evidence.CLOSED}
    status, lines = _told(whole(facts=whole.values["facts"][:1]), capsys=capsys)
    assert status == 0
    assert lines[0].startswith("! Một số dòng được đóng")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"files": {"tep/a.pdf": b"other"}}, "✗ Tệp của tệp của hồ sơ số 1 bị mất"),
        ({"files": {}}, "✗ Thiếu tệp tep/a.pdf trong gói."),
        ({"facts": []}, "✗ Dòng 1 ghi tệp của hồ sơ số 1 nhưng nay không còn."),
        ({"ledger_length": 5}, "✗ Phần cuối của sổ bị cắt, từ dòng 4."),
        ({"lines": []}, "✗ Tệp mốc ngoài cơ sở dữ liệu không còn."),
        ({"is_guarded": False}, "✗ Bộ chặn sửa sổ trong cơ sở dữ liệu đã bị gỡ."),
        (
            {"anchors": [{"position": 4, "hash": "x", "where": "thư"}]},
            "✗ Mốc ở thư là dòng 4, nhưng sổ ngắn hơn.",
        ),
        ({"id": 9}, "✗ Dòng 1 của sổ đã bị sửa."),
    ],
)
def test_what_doesnt_agree_is_said(whole, capsys, changes, sentence):
    status, lines = _told(whole(**changes), capsys=capsys)
    assert status == 1
    assert any(line.startswith(sentence) for line in lines), lines
    assert lines[-1] == "CÓ SAI KHÁC."


def test_an_open_contest_needs_no_seal(whole, capsys):
    unsealed = whole.values["rows"][:2]
    changes = {"rows": unsealed, "anchors": [], "ledger_length": 2}
    assert _told(whole(**changes, state="council"), capsys=capsys)[0] == 0
    status, lines = _told(whole(**changes), capsys=capsys)
    assert (status, lines[0]) == (
        1,
        "✗ Hội thi đã khép lại nhưng sổ không có dòng niêm phong.",
    )


def test_a_fact_without_a_row_is_said_in_words(whole, capsys):
    extra = {"kind": "award", "id": 4, "content": {"rank": 1}}
    facts = [*whole.values["facts"], extra]
    lines = _told(whole(facts=facts), capsys=capsys)[1]
    assert lines[0] == "✗ Có giải thưởng số 4 nhưng sổ không có dòng nào ghi."
    facts = [whole.values["facts"][0], {"kind": "sheet", "id": 2, "content": [31, 40]}]
    lines = _told(whole(facts=facts), capsys=capsys)[1]
    assert lines[0] == "✗ Nội dung phiếu chấm số 2 khác với dòng 2 của sổ."


def test_the_file_of_anchors_is_compared_line_by_line(whole, tmp_path, capsys):
    lines = [dict(line) for line in whole.values["lines"]]
    lines[0]["hash"] = "0" * 64
    # whoever has no key sees that a head differs, with it that the line was altered
    told = _told(whole(lines=lines), capsys=capsys)[1]
    assert told[0] == "✗ Mốc ở tệp mốc (dòng 2) khác với sổ."
    key = tmp_path / "khoa.txt"
    key.write_text(whole.key.hex())
    told = _told(whole(lines=lines), "--key", str(key), capsys=capsys)[1]
    assert told[0] == "✗ Dòng 1 của tệp mốc đã bị sửa, thêm hoặc bớt."
    torn = [{**whole.values["lines"][0], "mac": 5}]
    told = _told(whole(lines=torn), capsys=capsys)[1]
    assert told[0] == "✗ Dòng 1 của tệp mốc đã bị sửa, thêm hoặc bớt."


def test_heads_from_letters_are_compared(whole, capsys):
    hashes = [row["hash"] for row in whole.values["rows"]]
    right = [f"1:{hashes[0]}", f"3:{hashes[2]}"]
    anchors = [part for text in right for part in ("--anchor", text)]
    assert _told(whole(), *anchors, capsys=capsys)[0] == 0
    wrong = f"1:{hashes[2]}"
    status, lines = _told(whole(), "--anchor", wrong, *anchors, capsys=capsys)
    assert (status, lines[0]) == (1, f"✗ Mốc ở {wrong} (dòng 1) khác với sổ.")


def test_every_problem_has_its_sentence():
    """Also what only the addon finds: the script names each as it does."""
    codes = set(re.findall(r'Problem\(\s*"(\w+)"', Path(evidence.__file__).read_text()))
    assert codes == set(evidence._SENTENCES)


def test_a_fact_is_taken_once(rows):
    verifier, _problems = _read_all(rows)
    assert list(verifier.read_fact("sheet", 1, [30, 40])) == []
    [problem] = verifier.read_fact("sheet", 1, [30, 40])
    assert problem.code == "fact_without_row"
    assert list(verifier.end_facts()) == []


def test_where_a_problem_lies(rows):
    verifier, _problems = _read_all(rows)
    [problem] = verifier.read_fact("sheet", 1, [31, 40])
    assert problem == ("fact_altered", 1, "sheet", 1, "")
    verifier, _problems = _read_all(rows)
    [problem] = verifier.end_facts()
    assert problem == ("row_without_fact", 1, "sheet", 1, "")
    rows[1]["event"] = "x"
    _verifier, problems = _read_all(rows)
    assert problems[0] == ("row_altered", 2, "", 0, "")


def test_a_fact_whose_files_werent_looked_at_is_compared_all_the_same():
    content = [[5, "a.pdf", "aa", "aa"], [6, "b.pdf", "bb", "bb"]]
    verifier = evidence.Verifier(CONTEST)
    [row] = _chain(("entry.submitted", [("files", 1, content)]))
    assert list(verifier.read_row(row)) == []
    assert list(verifier.read_fact("files", 1, content)) == []
    verifier = evidence.Verifier(CONTEST)
    assert list(verifier.read_row(row)) == []
    # in whatever order they lie
    assert list(verifier.read_fact("files", 1, content, ["bb", "aa"])) == []


def _old_row(position, previous, model="hoithi.review", **payload):
    row = {
        "version": 1,
        "contest_id": CONTEST,
        "position": position,
        "event": "review.submitted",
        "res_model": model,
        "res_id": 4,
        "user_id": 3,
        "payload": evidence.canonical(payload),
        "previous_hash": previous,
        "recorded_on": "2026-08-01 02:00:00",
        "entry_id": 6,
    }
    return {**row, "hash": evidence.row_hash(row)}


def test_rows_of_the_first_version_are_read_as_they_were_written():
    sheet = [30, 40]
    first = _old_row(1, evidence.GENESIS, sheet=evidence.fingerprint(sheet))
    other = _old_row(2, first["hash"], "hoithi.entry", sheet="x")
    verifier = evidence.Verifier(CONTEST)
    found = [p for row in (first, other) for p in verifier.read_row(row)]
    assert found == []
    assert verifier.head == other["hash"]
    assert not verifier.is_partial
    [problem] = evidence.Verifier(CONTEST).read_row({**first, "res_id": 5})
    assert problem.code == "row_altered"
    assert list(verifier.read_fact("sheet", 4, sheet)) == []
    assert list(verifier.end_facts()) == []
    # of one that may not be read only its place is checked
    closed = {key: value for key, value in first.items() if key != "payload"}
    verifier = evidence.Verifier(CONTEST)
    assert list(verifier.read_row(closed)) == []
    assert verifier.is_partial


def test_what_a_fact_hides_is_not_guessed():
    """The same fact under two salts, and the salt beside it, have nothing in common."""
    digests = {evidence.fact_digest(salt, [30, 40]) for salt in ("a", "b")}
    assert len(digests | {evidence.fingerprint([30, 40])}) == 3
    assert evidence.canonical({"b": 1, "a": "ế"}) == '{"a":"ế","b":1}'
    expected = hashlib.sha256(b'["a",[30,40]]').hexdigest()
    assert evidence.fact_digest("a", [30, 40]) == expected


@pytest.mark.parametrize("previous", ["0" * 64, "f" * 64, ""])
def test_a_row_follows_the_one_before_it(rows, previous):
    """Also where its own hash is right."""
    _verifier, problems = _read_all([rows[0], _row(2, previous)])
    assert [(p.code, p.position) for p in problems] == [("row_altered", 2)]


def test_what_happens_after_the_seal_seals_nothing_before_it():
    rows = _chain(
        ("award.recorded", [("award", 1, {"rank": 1})]),
        ("review.submitted", [("sheet", 1, [30, 40])]),
    )
    verifier, problems = _read_all(rows)
    assert (problems, verifier.is_sealed) == ([], False)
    rows = _chain((evidence.SEAL, []), ("award.recorded", []), ("review.voided", []))
    verifier, problems = _read_all(rows)
    assert verifier.is_sealed, "once and for all"
    assert [(p.code, p.position) for p in problems] == [("row_after_seal", 3)]


@pytest.mark.parametrize("name", ["contest_id", "hash", "line", "position", "taken_on"])
def test_nothing_of_a_noted_line_can_be_changed(tmp_path, name):
    file = AnchorFile(tmp_path, "db")
    file.append(_heads(1))
    [line] = file.read_lines()
    key = file.read_key()
    assert list(evidence.check_lines([line], key)) == []
    line[name] = 5 if isinstance(line[name], int) else "2026-08-02"
    assert len(list(evidence.check_lines([line], key))) == 1


def test_a_line_counts_from_one():
    line = evidence.next_line(b"k", None, _heads(1)[0])
    assert evidence.is_line(line)
    for name in ("contest_id", "position", "line"):
        assert not evidence.is_line({**line, name: 0}), name
        assert not evidence.is_line({**line, name: "1"}), name


def test_every_file_that_is_missing_is_named(whole, capsys):
    facts = [
        whole.values["facts"][0] | {"paths": ["tep/a.pdf", "tep/b.pdf"]},
        whole.values["facts"][1],
    ]
    lines = _told(whole(facts=facts, files={}), capsys=capsys)[1]
    assert lines[:2] == [
        "✗ Thiếu tệp tep/a.pdf trong gói.",
        "✗ Thiếu tệp tep/b.pdf trong gói.",
    ]
