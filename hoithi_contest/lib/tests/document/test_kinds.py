import calendar
import json
import re
from datetime import date

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


#: What a paper tells of days to come, and what a copy quotes.
TO_COME = {"due", "answer_due", "objection_due", "deadlines", "next_step", "excerpt"}
#: The papers of one contest, as they follow each other.
COURSE = (
    "plan decision registration receipt eligible_list invitation score_sheet "
    "score_matrix tally_minutes minutes result_notice recognition nomination report"
)
DAY = re.compile(
    r"ngày\s+(?P<day>\d*)\s*tháng (?P<month>\d+) năm (?P<year>\d{4})"
    r"|(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"
    r"|(?P<iso>\d{4}-\d\d-\d\d)(?!\d)"
)


def get_days(value):
    """Return the days that a text, or what is in a context, tells of."""
    if isinstance(value, dict):
        return [
            day
            for key, inner in value.items()
            if key not in TO_COME
            for day in get_days(inner)
        ]
    if isinstance(value, list):
        return [day for inner in value for day in get_days(inner)]
    days = []
    for match in DAY.finditer(value if isinstance(value, str) else ""):
        found = match.groupdict()
        if found["iso"]:
            days.append(date.fromisoformat(found["iso"]))
            continue
        year, month = (
            int(found["year"] or found["y"]),
            int(found["month"] or found["m"]),
        )
        # a paper whose day the clerk is still to give
        day = found["day"] or found["d"] or calendar.monthrange(year, month)[1]
        days.append(date(year, month, int(day)))
    return days


def get_own_day(sample):
    (day,) = get_days(sample["place_date"])
    return day


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_a_sample_tells_of_nothing_later_than_itself(kind):
    for form, sample in kind.samples().items():
        told = dict(sample)
        if kind.key == "invitation":
            del told["session"]
        assert max(get_days(told)) == get_own_day(sample), form


def test_samples_are_papers_of_one_contest():
    days = [get_own_day(KINDS[key].sample()) for key in COURSE.split()]
    assert days == sorted(days)
    # within a series the numbers go with the days
    series = {}
    for kind in KINDS.values():
        for sample in kind.samples().values():
            match = re.match(r"Số: (\d+)/(.+)", sample["number_line"])
            if match:
                numbers = series.setdefault(match[2], [])
                numbers.append((get_own_day(sample), int(match[1])))
    assert len(series["TB-STNMT"]) > 3
    for symbol, numbers in series.items():
        figures = [figure for _day, figure in sorted(numbers)]
        assert figures == sorted(set(figures)), symbol


def test_samples_of_one_session_agree():
    minutes, tally = KINDS["minutes"].sample(), KINDS["tally_minutes"].sample()
    present = {member["name"] for member in minutes["present"]}
    assert present.isdisjoint(member["name"] for member in minutes["absent"])
    assert present >= {member["name"] for member in tally["team"]}
    for told, counted in zip(minutes["items"], tally["items"], strict=True):
        assert {name: told[name] for name in counted} == counted
    [part] = KINDS["score_matrix"].sample()["parts"]
    places = {entry["code"]: int(entry["rank"]) for entry in part["entries"]}
    scores = {
        item["code"]: float(item["score"].replace(",", "."))
        for item in minutes["items"]
    }
    assert sorted(places, key=places.get) == sorted(scores, key=scores.get)[::-1]


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
    # long titles need the room
    entries[0]["title"] = "a" * 121
    parts = kinds.score_parts(members[:15], entries)
    assert [len(part["members"]) for part in parts] == [8, 7]
    (only,) = kinds.score_parts(members[:11], entries)
    assert len(only["members"]) == 11
    entries[0]["title"] = "a" * 120
    assert len(kinds.score_parts(members[:15], entries)) == 1
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
