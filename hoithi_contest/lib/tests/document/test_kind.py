from dataclasses import FrozenInstanceError

import pytest

from ...document.kind import Field, Kind, group, number, paragraphs, rows, text
from ...document.kinds import KINDS

FIELDS = (
    text("name", "A text"),
    number("count", "A number"),
    Field("is_last", "A truth value", "bool"),
    Field("day", "A date", "date"),
    Field("chart", "A picture", "image"),
    paragraphs("reasons", "Paragraphs"),
    rows("guests", "Lines"),
    rows("entries", "Rows", text("code", "A code"), number("rank", "A rank")),
    group("chair", "A person", text("name", "A name"), number("seat", "A seat")),
)
KIND = Kind("trial", "Trial", "BẢN THỬ", "BT", "named", "hoithi.contest", FIELDS)
PICTURE = {"png": "", "width_mm": 0, "text": ""}


def own(context):
    return {field.name: context[field.name] for field in FIELDS}


def test_what_a_kept_context_lacks_prints_nothing():
    assert own(KIND.completed({})) == {
        "name": "",
        "count": 0,
        "is_last": False,
        "day": "",
        "chart": PICTURE,
        "reasons": [],
        "guests": [],
        "entries": [],
        "chair": {"name": "", "seat": 0},
    }
    assert KIND.problems(KIND.completed({})) == []
    assert KIND.completed({})["agency"]["own"] == "", "nor what is common to all"


def test_what_a_kept_context_holds_stays():
    kept = {
        "name": "Hội thi",
        "count": 3,
        "is_last": True,
        "day": "2026-11-29",
        "chart": {"png": "x", "width_mm": 5, "text": "y"},
        "reasons": ["Một", "Hai"],
        "guests": ["An"],
        "entries": [{"code": "A"}, {"code": "B", "rank": 2}],
        "chair": {"name": "An"},
        "withdrawn": "of a field that there isn't any more",
    }
    completed = KIND.completed(kept)
    assert completed["entries"] == [{"code": "A", "rank": 0}, {"code": "B", "rank": 2}]
    assert completed["chair"] == {"name": "An", "seat": 0}
    for name in kept.keys() - {"entries", "chair"}:
        assert completed[name] == kept[name], name
    assert "rank" not in kept["entries"][0], "the kept one isn't changed"
    # what is none is told by `problems`, and no reason to fail
    assert KIND.completed({"chair": None})["chair"] is None


def test_values_of_each_type_are_told_from_others():
    def told(**values):
        context = KIND.completed({}) | values
        return KIND.problems(context)

    for name in ("name", "day"):
        assert told(**{name: 5}) == [
            f"{name}: not a {'text' if name == 'name' else 'date'}"
        ]
    for wrong in ("5", True, None):
        assert told(count=wrong) == ["count: not a number"]
    assert told(count=0.5) == []
    for wrong in (0, 1, "", None):
        assert told(is_last=wrong) == ["is_last: not a bool"]
    for name in ("reasons", "guests", "entries"):
        assert told(**{name: "text"}) == [f"{name}: not a list"]
        assert told(**{name: ()}) == []
    assert told(guests=["An", 5]) == ["guests[1]: not a text"]
    assert told(entries=["An"]) == ["entries[0]: not a dictionary"]
    assert told(entries=[{"code": "A"}]) == ["entries[0].rank: missing"]
    assert told(chair="An") == ["chair: not a dictionary"]
    assert told(chair={"name": "An", "seat": 1, "age": 9}) == ["chair.age: unknown"]
    for wrong in ("x", PICTURE | {"alt": ""}, {"png": ""}):
        assert told(chart=wrong) == ["chart: not an image"]


def test_a_kind_is_what_it_was_declared_as():
    with pytest.raises(FrozenInstanceError):
        KIND.title = "X"
    with pytest.raises(FrozenInstanceError):
        KIND.reach.readers = ("author",)
    assert (KIND.numbered, KIND.landscape, KIND.heavy, KIND.follows) == (
        *(True, False),
        *(False, False),
    )
    assert [key for key, kind in KINDS.items() if kind.landscape] == [
        "score_matrix",
        "certificate",
        "register",
    ]
