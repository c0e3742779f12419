import json

import pytest

from ...document import kinds
from ...document.kind import Reach
from ...document.kinds import KINDS

DESIGN = (
    "plan decision notice registration receipt supplement eligible_list invitation "
    "score_sheet score_matrix tally_minutes minutes result_notice recognition "
    "nomination certificate report register correction recall copy"
)


def test_every_kind_of_the_design_is_there():
    assert list(KINDS) == DESIGN.split()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_sample_is_a_complete_context(kind):
    sample = kind.sample()
    assert kind.problems(sample) == []
    assert json.loads(json.dumps(sample)) == sample
    assert sample["title"] == kind.title
    if kind.numbered:
        assert sample["number_line"].startswith("Số: ")
    if kind.abbreviation:
        assert f"/{kind.abbreviation}-" in sample["number_line"]


def test_ballot_is_a_complete_context():
    kind = KINDS["score_sheet"]
    ballot = kind.samples()["ballot"]
    assert kind.problems(ballot) == []
    assert ballot["is_ballot"]
    assert ballot["member"]["name"] == ballot["signature"]["name"] == ""
    assert list(KINDS["plan"].samples()) == [""]


def test_samples_are_new_each_time():
    KINDS["plan"].sample()["head"]["issuer"] = "X"
    assert KINDS["plan"].sample()["head"]["issuer"] != "X"


def test_names_differ_at_every_level():
    def walk(fields):
        names = [field.name for field in fields]
        assert len(set(names)) == len(names)
        for field in fields:
            walk(field.children)

    for kind in KINDS.values():
        walk(kind.all_fields)


def test_problems_name_the_place():
    kind = KINDS["plan"]
    context = kind.sample()
    del context["closing"]
    context["extra"] = 1
    context["purposes"] = "text"
    context["head"] = None
    context["sections"][0]["tasks"][1]["period"] = None
    context["contest"]["edition_number"] = True
    assert sorted(kind.problems(context)) == [
        "closing: missing",
        "contest.edition_number: not a number",
        "extra: unknown",
        "head: not a dictionary",
        "purposes: not a list",
        "sections[0].tasks[1].period: not a text",
    ]
    report = KINDS["report"].sample()
    report["charts"][0]["image"] = {"png": ""}
    report["launch"] = [1]
    assert sorted(KINDS["report"].problems(report)) == [
        "charts[0].image: not an image",
        "launch[0]: not a text",
    ]


def test_paragraphs_are_the_lines_that_say_something():
    assert kinds.paragraphs(" a\r\n\n b\tc \x07\n\x00\n") == ["a", "b c"]
    assert kinds.paragraphs(None) == []


def test_score_parts_share_the_members_evenly():
    members = [{"name": str(number)} for number in range(16)]
    entries = [{"code": "1", "scores": list("abcdefghijklmnop")}]
    parts = kinds.score_parts(members, entries)
    assert [len(part["members"]) for part in parts] == [8, 8]
    assert parts[1]["entries"] == [{"code": "1", "scores": list("ijklmnop")}]
    (only,) = kinds.score_parts([], entries)
    assert only["members"] == []
    (full,) = kinds.score_parts(members[:15], [])
    assert len(full["members"]) == 15


def test_a_kind_that_says_nothing_is_closed():
    reach = kinds.get_reach("unknown")
    assert reach == Reach()
    assert reach.readers == ()
    assert reach.lists_entries and reach.names_authors and reach.holds_scores
    assert reach.tells_standing
    assert not reach.opens_once_issued


@pytest.mark.parametrize(
    "said",
    [
        {"readers": ("everybody",)},
        {"readers": ("publisher",)},
        {"readers": ("publisher",), "holds_scores": False, "lists_entries": False},
        {"readers": ("author",)},
    ],
)
def test_what_contradicts_itself_is_refused(said):
    with pytest.raises(ValueError, match="readers|published|authors"):
        Reach(**said)


def test_who_reads_which_kind():
    readers = {}
    # whoever reads the document that these are about reads them
    own = [kind for kind in KINDS.values() if not kind.follows]
    assert {kind.key for kind in KINDS.values() if kind.follows} == {
        "correction",
        "recall",
        "copy",
    }
    for kind in own:
        readers.setdefault(kind.reach.readers, []).append(kind.key)
    assert readers == {
        (): ["score_sheet", "score_matrix"],
        ("leader", "publisher"): ["plan", "decision", "notice"],
        ("leader", "member"): ["tally_minutes", "minutes"],
        ("leader", "author"): [
            "registration",
            "receipt",
            "supplement",
            "result_notice",
            "certificate",
        ],
        ("leader",): [
            "eligible_list",
            "invitation",
            "recognition",
            "nomination",
            "report",
            "register",
        ],
    }
    assert [kind.key for kind in own if kind.reach.lists_entries] == [
        "eligible_list",
        "score_matrix",
        "recognition",
        "nomination",
        "report",
        "register",
    ]
    assert [kind.key for kind in own if kind.reach.holds_scores] == [
        "score_sheet",
        "score_matrix",
    ]
    assert [kind.key for kind in KINDS.values() if kind.reach.opens_once_issued] == [
        "eligible_list",
        "recognition",
    ]
