"""Whether the rules of judgement in a file fit together; see `lib.contest.rules`."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..contest.rules import Problem, find_twins, get_field_name, parse_ratio
from .scoring import to_decimal


def get_total(criteria_set: Mapping[str, Any]) -> Decimal:
    """Return the highest total of a set."""
    return sum(
        (to_decimal(criterion["max"]) for criterion in criteria_set["criteria"]),
        Decimal(0),
    )


def get_main_set(rules: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the set that the contest scores by, nothing where none is named."""
    sets = rules.get("criteria_sets", [])
    name = rules.get("judging", {}).get("criteria_set")
    if not name:
        return sets[0] if len(sets) == 1 else None
    return next((row for row in sets if row["name"] == name), None)


def check(rules: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what doesn't fit together of complete rules."""
    sets = rules.get("criteria_sets", [])
    yield from find_twins((row["name"] for row in sets), ("criteria_sets",))
    for number, row in enumerate(sets):
        yield from _check_set(row, ("criteria_sets", number))
    judging = rules.get("judging", {})
    main = get_main_set(rules)
    name = judging.get("criteria_set")
    # a set that is named has to be there, unless the file takes all of them out
    if not main and (sets or (name and "criteria_sets" not in rules)):
        path = ("judging", "criteria_set") if name else ("criteria_sets",)
        yield Problem(path, "no_main_set", {"name": name or "–"})
    yield from _check_juries(rules)
    used = _get_used_sets(rules, main)
    yield from _check_tie_breaks(rules, main, used)
    yield from _check_prizes(rules, used)
    totals = {get_total(row) for row in used}
    ranking = judging.get("field_ranking", "together")
    if ranking == "together" and len(totals) > 1:
        path = (
            ("judging", "field_ranking") if "field_ranking" in judging else ("juries",)
        )
        yield Problem(path, "other_totals", {})
    for key in ("quorum", "approval"):
        value = rules.get("council", {}).get(key)
        try:
            if value is not None:
                parse_ratio(value)
        except ValueError:
            yield Problem(("council", key), "form_ratio", {"value": str(value)})


def _get_used_sets(rules: Mapping, main: Mapping | None) -> list[Mapping]:
    """Return the sets that entries are scored by: of the juries, and of the rest."""
    sets = {row["name"]: row for row in rules.get("criteria_sets", [])}
    juries = [row for row in rules.get("juries", []) if row["criteria_set"] in sets]
    taken = {name for row in juries for name in row["fields"]}
    names = {get_field_name(field) for field in rules.get("fields", [])}
    used = [main] if main and (names - taken or not names) else []
    for row in juries:
        if sets[row["criteria_set"]] not in used:
            used.append(sets[row["criteria_set"]])
    return used


def _get_field_totals(rules: Mapping) -> dict[str, Decimal]:
    """Return the highest total of each field of a jury with a set of its own."""
    sets = {row["name"]: row for row in rules.get("criteria_sets", [])}
    return {
        name: get_total(sets[row["criteria_set"]])
        for row in rules.get("juries", [])
        if row["criteria_set"] in sets
        for name in row["fields"]
    }


def _check_juries(rules: Mapping) -> Iterator[Problem]:
    juries = rules.get("juries", [])
    yield from find_twins((row["name"] for row in juries), ("juries",))
    sets = {row["name"] for row in rules.get("criteria_sets", [])}
    fields = {get_field_name(field) for field in rules.get("fields", [])}
    seen: set[str] = set()
    for number, jury in enumerate(juries):
        path = ("juries", number)
        for place, name in enumerate(jury["fields"]):
            if name not in fields:
                yield Problem((*path, "fields", place), "no_field", {"name": name})
            if name in seen:
                yield Problem((*path, "fields", place), "two_juries", {"name": name})
            seen.add(name)
        if jury["criteria_set"] and jury["criteria_set"] not in sets:
            values = {"name": jury["criteria_set"]}
            yield Problem((*path, "criteria_set"), "no_set", values)


def _check_set(criteria_set: Mapping, path: tuple) -> Iterator[Problem]:
    criteria = criteria_set["criteria"]
    path_of_criteria = (*path, "criteria")
    yield from find_twins((row["name"] for row in criteria), path_of_criteria)
    for number, row in enumerate(criteria):
        yield from _check_criterion(row, (*path_of_criteria, number))
    total = get_total(criteria_set)
    if to_decimal(criteria_set["min_total"]) > total:
        yield Problem((*path, "min_total"), "above", {"limit": total})


def _check_criterion(criterion: Mapping, path: tuple) -> Iterator[Problem]:
    highest = criterion["max"]
    if criterion["min"] >= highest:
        yield Problem((*path, "min"), "not_below", {"limit": highest})
    for key in ("min_pass", "step"):
        if criterion[key] > highest:
            yield Problem((*path, key), "above", {"limit": highest})
    for number, level in enumerate(criterion["levels"]):
        place = (*path, "levels", number)
        if level["from"] > level["to"]:
            yield Problem((*place, "from"), "above", {"limit": level["to"]})
        if level["to"] > highest:
            yield Problem((*place, "to"), "above", {"limit": highest})


def _check_tie_breaks(
    rules: Mapping, main: Mapping | None, used: list[Mapping]
) -> Iterator[Problem]:
    names = {row["name"] for row in main["criteria"]} if main else set()
    together = rules.get("judging", {}).get("field_ranking", "together") != "apart"
    seen = set()
    for number, step in enumerate(rules.get("tie_breaks", [])):
        path, name = ("tie_breaks", number), step["criterion"]
        if step["kind"] == "criterion" and name not in names:
            yield Problem((*path, "criterion"), "no_criterion", {"name": name or "–"})
        elif step["kind"] == "criterion" and together:
            highest = {
                next((c["max"] for c in row["criteria"] if c["name"] == name), None)
                for row in [main, *used]
            }
            if len(highest) > 1:
                values = {"name": name}
                yield Problem((*path, "criterion"), "not_everywhere", values)
        if step["kind"] != "criterion" and name:
            yield Problem((*path, "criterion"), "idle_criterion", {"name": name})
        if (step["kind"], name) in seen:
            yield Problem(path, "same_step", {})
        seen.add((step["kind"], name))


def _check_prizes(rules: Mapping, used: list[Mapping]) -> Iterator[Problem]:
    ranking = rules.get("judging", {}).get("field_ranking", "together")
    apart = ranking == "apart"
    # floors are per cent where places are
    totals = [Decimal(100)] if ranking == "percent" else list(map(get_total, used))
    own, main = _get_field_totals(rules), get_main_set(rules)
    rest = get_total(main) if main else None
    fields = {get_field_name(field) for field in rules.get("fields", [])}
    for number, prize in enumerate(rules.get("prizes", [])):
        path = ("prizes", number)
        if prize["field"] and prize["field"] not in fields:
            yield Problem((*path, "field"), "no_field", {"name": prize["field"]})
        if apart and not prize["field"]:
            yield Problem(path, "needs_field", {})
        # a prize of one field is reached by the points of that alone
        if prize["field"] and ranking != "percent":
            limit = own.get(prize["field"], rest)
        else:
            limit = max(totals, default=None)
        if limit is not None and to_decimal(prize["min_score"]) > limit:
            yield Problem((*path, "min_score"), "above", {"limit": limit})
