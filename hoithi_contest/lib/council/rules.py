"""Whether the rules of judgement in a file fit together; see `lib.contest.rules`."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..contest.rules import Problem, find_twins, get_field_name, parse_ratio
from .ranking import LAST_KINDS
from .rounds import Part, add_up
from .scoring import add_up_sheet, get_highest, to_decimal


def get_total(criteria_set: Mapping[str, Any]) -> Decimal:
    """Return the highest total of a sheet by a set."""
    criteria = criteria_set["criteria"]
    return add_up_sheet((row["max"], row.get("weight", 1)) for row in criteria)


def _get_most(
    rules: Mapping, criteria_set: Mapping, stage: Mapping | None = None
) -> Decimal:
    """Return the most that an entry gets by the sheets of a round, or of all."""
    number = (stage or {}).get("reviews_per_entry")
    number = number or rules.get("judging", {}).get("reviews_per_entry") or 1
    return get_highest(
        get_total(criteria_set), criteria_set.get("aggregate", "mean"), number
    )


def get_main_set(rules: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the set that the contest scores by, nothing where none is named."""
    sets = rules.get("criteria_sets", [])
    name = rules.get("judging", {}).get("criteria_set")
    if not name:
        return sets[0] if len(sets) == 1 else None
    return next((row for row in sets if row["name"] == name), None)


def check(
    rules: Mapping[str, Any], placeless: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield what doesn't fit together of complete rules.

    :param placeless: codes of the kinds of prizes that go by no place
    """
    sets = rules.get("criteria_sets", [])
    yield from find_twins((row["name"] for row in sets), ("criteria_sets",))
    for number, row in enumerate(sets):
        yield from _check_set(rules, row, ("criteria_sets", number))
    judging = rules.get("judging", {})
    main = get_main_set(rules)
    name = judging.get("criteria_set")
    # a set that is named has to be there, unless the file takes all of them out
    if not main and (sets or (name and "criteria_sets" not in rules)):
        path = ("judging", "criteria_set") if name else ("criteria_sets",)
        yield Problem(path, "no_main_set", {"name": name or "–"})
    yield from _check_rounds(rules, main)
    yield from _check_juries(rules)
    used = _get_used_sets(rules, main)
    yield from _check_tie_breaks(rules, main, used)
    yield from find_twins(
        (row["code"] for row in rules.get("prize_kinds", [])), ("prize_kinds",)
    )
    yield from _check_prizes(rules, used, placeless)
    yield from _check_prize_limits(rules)
    totals = set(_get_used_totals(rules, main))
    if rules.get("rounds") and _get_round_total(rules) != "weighted":
        totals = set(_get_highest(rules, main, rules["rounds"]).values())
    ranking = judging.get("field_ranking", "together")
    if ranking == "together" and len(totals) > 1:
        path = (
            ("judging", "field_ranking") if "field_ranking" in judging else ("juries",)
        )
        yield Problem(path, "other_totals", {})
    components = rules.get("components", [])
    yield from find_twins((row["name"] for row in components), ("components",))
    if components and ranking == "percent":
        yield Problem(("components",), "percent_components", {})
    for body in ("council", "confirming"):
        yield from _check_majority(rules.get(body, {}), (body,))
    questions = rules.get("questions", [])
    yield from find_twins((row["name"] for row in questions), ("questions",))
    for number, row in enumerate(questions):
        yield from _check_majority(row, ("questions", number))


def _check_majority(rule: Mapping, path: tuple) -> Iterator[Problem]:
    """Yield why a vote doesn't go by a majority, or by one that nobody reaches."""
    ratios = {}
    for key in ("quorum", "approval"):
        value = rule.get(key)
        try:
            if value is not None:
                ratios[key] = parse_ratio(value)
        except ValueError:
            yield Problem((*path, key), "form_ratio", {"value": str(value)})
    approval = ratios.get("approval")
    if approval is None:
        return
    if approval < Fraction(1, 2):
        yield Problem((*path, "approval"), "minority", {})
    if approval == 1 and rule.get("approval_more_than"):
        yield Problem((*path, "approval_more_than"), "more_than_all", {})


def _get_set_of(
    rules: Mapping, main: Mapping | None, field: str, stage: str = ""
) -> Mapping | None:
    """Return the set that a field is scored by in a round; the round's jury first.

    :param stage: name of the round, nothing in a contest without rounds
    """
    sets = {row["name"]: row for row in rules.get("criteria_sets", [])}
    juries = [row for row in rules.get("juries", []) if field in row["fields"]]
    own = [row for row in juries if stage and row["round"] == stage]
    chosen = own or [row for row in juries if not row["round"]]
    names = [row["criteria_set"] for row in chosen[:1]]
    names += [
        row["criteria_set"] for row in rules.get("rounds", []) if row["name"] == stage
    ]
    return next((sets[name] for name in names if name in sets), main)


def _get_used_sets(rules: Mapping, main: Mapping | None) -> list[Mapping]:
    """Return the sets that entries are scored by: of juries, of rounds, of the rest."""
    names = [get_field_name(field) for field in rules.get("fields", [])]
    stages = [row["name"] for row in rules.get("rounds", [])] or [""]
    used: list[Mapping] = []
    for stage in stages:
        for name in names or [""]:
            found = _get_set_of(rules, main, name, stage)
            if found and found not in used:
                used.append(found)
    return sorted(used, key=lambda row: row is not main)


def _get_used_totals(rules: Mapping, main: Mapping | None) -> list[Decimal]:
    """Return the most that entries get by the sheets of a round, by each set in use."""
    names = [get_field_name(field) for field in rules.get("fields", [])]
    totals = []
    for stage in rules.get("rounds", []) or [{"name": ""}]:
        for name in names or [""]:
            found = _get_set_of(rules, main, name, stage["name"])
            if found:
                totals.append(_get_most(rules, found, stage))
    return totals


def _check_rounds(rules: Mapping, main: Mapping | None) -> Iterator[Problem]:
    rounds = rules.get("rounds", [])
    yield from find_twins((row["name"] for row in rounds), ("rounds",))
    sets = {row["name"] for row in rules.get("criteria_sets", [])}
    for number, row in enumerate(rounds):
        path = ("rounds", number)
        if row["criteria_set"] and row["criteria_set"] not in sets:
            values = {"name": row["criteria_set"]}
            yield Problem((*path, "criteria_set"), "no_set", values)
        count = row["advance_count"]
        if row["advance_by"] == "number" and count != int(count):
            yield Problem((*path, "advance_count"), "whole_number", {"value": count})
        # of the last one nobody goes on
        if number < len(rounds) - 1:
            yield from _check_way_on(rules, main, rounds[: number + 1], path)
        if row["vote_ratio"] != "":
            yield from _check_ratio(row["vote_ratio"], (*path, "vote_ratio"))
    if _get_round_total(rules) != "weighted":
        if rounds and rules.get("judging", {}).get("field_ranking") == "percent":
            yield Problem(("judging", "round_total"), "percent_rounds", {})
        return
    weighed = [row for row in rounds if row["weight"]]
    for field in map(get_field_name, rules.get("fields", [])):
        found = [
            (_get_set_of(rules, main, field, stage["name"]), stage) for stage in weighed
        ]
        if len({_get_most(rules, row, stage) for row, stage in found if row}) > 1:
            yield Problem(("rounds",), "other_rounds", {"name": field})


def _check_way_on(
    rules: Mapping, main: Mapping | None, rounds: list[Mapping], path: tuple
) -> Iterator[Problem]:
    """Yield why nobody could go on from the last one of `rounds`."""
    place, row = (*path, "advance_count"), rounds[-1]
    count = to_decimal(row["advance_count"])
    if row["advance_by"] in ("number", "share") and not count:
        yield Problem(place, "nobody_goes_on", {"name": row["name"]})
    elif row["advance_by"] == "share" and count > 100:
        yield Problem(place, "above", {"limit": 100})
    elif row["advance_by"] == "points":
        highest = _get_highest(rules, main, rounds).values()
        limit = max(highest, default=Decimal(0)) + _get_extra(rules)
        if main and count > limit:
            yield Problem(place, "above", {"limit": limit})


def _get_round_total(rules: Mapping) -> str:
    return rules.get("judging", {}).get("round_total", "weighted")


def _get_highest(
    rules: Mapping, main: Mapping | None, rounds: list[Mapping]
) -> dict[str, Decimal]:
    """Return the most that entries of each field get by the sheets, as it is ranked.

    :param rounds: those that they took part in
    """
    way = _get_round_total(rules)
    names = [get_field_name(field) for field in rules.get("fields", [])] or [""]
    if rules.get("judging", {}).get("field_ranking") == "percent":
        return dict.fromkeys(names, Decimal(100))
    highest = {}
    for name in names:
        parts = []
        for stage in rounds or [{"name": "", "weight": 100}]:
            found = _get_set_of(rules, main, name, stage["name"])
            total = _get_most(rules, found, stage) if found else Decimal(0)
            parts.append(Part(total, stage["weight"], total))
        highest[name] = add_up(parts, way if rounds else "weighted", 4)
    return highest


def _check_ratio(value: str | float, path: tuple) -> Iterator[Problem]:
    try:
        parse_ratio(value)
    except ValueError:
        yield Problem(path, "form_ratio", {"value": str(value)})


def _get_extra(rules: Mapping) -> Decimal:
    """Return the most that an entry gets besides its sheets."""
    most = (to_decimal(row["most"]) for row in rules.get("components", []))
    return sum(most, Decimal(0))


def _get_field_totals(rules: Mapping) -> dict[str, Decimal]:
    """Return the highest total of each field of a jury with a set of its own."""
    sets = {row["name"]: row for row in rules.get("criteria_sets", [])}
    return {
        name: _get_most(rules, sets[row["criteria_set"]])
        for row in rules.get("juries", [])
        if row["criteria_set"] in sets
        for name in row["fields"]
    }


def _check_juries(rules: Mapping) -> Iterator[Problem]:
    juries = rules.get("juries", [])
    yield from find_twins((row["name"] for row in juries), ("juries",))
    sets = {row["name"] for row in rules.get("criteria_sets", [])}
    fields = {get_field_name(field) for field in rules.get("fields", [])}
    stages = {row["name"] for row in rules.get("rounds", [])}
    seen: set[tuple[str, str]] = set()
    for number, jury in enumerate(juries):
        path = ("juries", number)
        if jury["round"] and jury["round"] not in stages:
            yield Problem((*path, "round"), "no_round", {"name": jury["round"]})
        for place, name in enumerate(jury["fields"]):
            if name not in fields:
                yield Problem((*path, "fields", place), "no_field", {"name": name})
            if (jury["round"], name) in seen:
                yield Problem((*path, "fields", place), "two_juries", {"name": name})
            seen.add((jury["round"], name))
        if jury["criteria_set"] and jury["criteria_set"] not in sets:
            values = {"name": jury["criteria_set"]}
            yield Problem((*path, "criteria_set"), "no_set", values)


def _check_set(rules: Mapping, criteria_set: Mapping, path: tuple) -> Iterator[Problem]:
    criteria = criteria_set["criteria"]
    path_of_criteria = (*path, "criteria")
    yield from find_twins((row["name"] for row in criteria), path_of_criteria)
    for number, row in enumerate(criteria):
        yield from _check_criterion(row, (*path_of_criteria, number))
    dropped = criteria_set["drop_high"] + criteria_set["drop_low"]
    if criteria_set["drop_from"] <= dropped:
        yield Problem((*path, "drop_from"), "not_above", {"limit": dropped})
    stages = rules.get("rounds", []) or [None]
    total = max(_get_most(rules, criteria_set, stage) for stage in stages)
    if to_decimal(criteria_set["min_total"]) > total:
        yield Problem((*path, "min_total"), "above", {"limit": total})
    most = get_total(criteria_set)
    if to_decimal(criteria_set["sheet_pass"]) > most:
        yield Problem((*path, "sheet_pass"), "above", {"limit": most})
    yield from _check_ratio(
        criteria_set["sheet_pass_ratio"], (*path, "sheet_pass_ratio")
    )


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
    names = {row["name"] for one in [main, *used] if one for row in one["criteria"]}
    together = rules.get("judging", {}).get("field_ranking", "together") != "apart"
    components = {row["name"] for row in rules.get("components", [])}
    steps = rules.get("tie_breaks", [])
    seen = set()
    for number, step in enumerate(steps):
        path, name = ("tie_breaks", number), step["criterion"]
        if step["kind"] == "criterion" and name not in names:
            yield Problem((*path, "criterion"), "no_criterion", {"name": name or "–"})
        elif (
            step["kind"] == "criterion"
            and together
            and not _is_scored_alike(rules, main, name)
        ):
            yield Problem((*path, "criterion"), "not_everywhere", {"name": name})
        if step["kind"] != "criterion" and name:
            yield Problem((*path, "criterion"), "idle_criterion", {"name": name})
        yield from _check_component_step(step, components, path)
        if step["kind"] in LAST_KINDS and number + 1 < len(steps):
            yield Problem((*path, "kind"), "chair_last", {})
        same = (step["kind"], name, step["component"])
        if same in seen:
            yield Problem(path, "same_step", {})
        seen.add(same)


def _check_component_step(
    step: Mapping, components: set[str], path: tuple
) -> Iterator[Problem]:
    name = step["component"]
    if step["kind"] == "component" and name not in components:
        yield Problem((*path, "component"), "no_component", {"name": name or "–"})
    if step["kind"] != "component" and name:
        yield Problem((*path, "component"), "idle_component", {"name": name})


def _is_scored_alike(rules: Mapping, main: Mapping | None, name: str) -> bool:
    """Tell whether all sets of a round have a criterion of one name and highest."""
    fields = [get_field_name(field) for field in rules.get("fields", [])] or [""]
    for stage in [row["name"] for row in rules.get("rounds", [])] or [""]:
        sets = [_get_set_of(rules, main, field, stage) for field in fields]
        highest = {
            next((c["max"] for c in row["criteria"] if c["name"] == name), None)
            for row in sets
            if row
        }
        if len(highest) == 1 and None not in highest:
            return True
    return False


def _check_prizes(
    rules: Mapping, used: list[Mapping], placeless: Collection[str]
) -> Iterator[Problem]:
    ranking = rules.get("judging", {}).get("field_ranking", "together")
    apart = ranking == "apart"
    # floors are per cent where places are
    main = get_main_set(rules)
    totals = [Decimal(100)] if ranking == "percent" else _get_used_totals(rules, main)
    own = _get_field_totals(rules)
    if rules.get("rounds") and _get_round_total(rules) != "weighted":
        own = _get_highest(rules, main, rules["rounds"])
        totals = list(own.values())
    rest = _get_most(rules, main) if main else None
    extra = _get_extra(rules)
    fields = {get_field_name(field) for field in rules.get("fields", [])}
    for number, prize in enumerate(rules.get("prizes", [])):
        path = ("prizes", number)
        yield from _check_floors(prize, used, path)
        yield from _check_ceiling(prize, path)
        if prize["field"] and prize["field"] not in fields:
            yield Problem((*path, "field"), "no_field", {"name": prize["field"]})
        by_points = prize["rank"] not in placeless or bool(
            prize["min_score"] or prize["criteria"]
        )
        across = prize["across"] if apart and not prize["field"] else ""
        if apart and by_points and not prize["field"]:
            yield from _check_across(rules, across, set(totals), path)
        # a prize of one field is reached by the points of that alone
        if across == "percent":
            limit = Decimal(100)
        elif prize["field"] and ranking != "percent":
            limit = own.get(prize["field"], rest)
        else:
            limit = max(totals, default=None)
        if limit is not None and to_decimal(prize["min_score"]) > limit + extra:
            yield Problem((*path, "min_score"), "above", {"limit": limit + extra})


def _check_across(
    rules: Mapping, across: str, totals: set[Decimal], path: tuple
) -> Iterator[Problem]:
    """Yield why a prize can't compare fields that are ranked apart.

    :param totals: the most that entries of the fields get
    """
    summed = rules.get("rounds") and _get_round_total(rules) != "weighted"
    if not across:
        yield Problem(path, "needs_field", {})
    elif across == "points" and len(totals) > 1:
        yield Problem((*path, "across"), "other_totals_across", {})
    elif across == "percent" and (rules.get("components") or summed):
        yield Problem((*path, "across"), "percent_across", {})


def _check_prize_limits(rules: Mapping) -> Iterator[Problem]:
    """Yield which limits of several prizes limit nothing, or what isn't there."""
    limits = rules.get("prize_limits", [])
    yield from find_twins((row["name"] for row in limits), ("prize_limits",))
    fields = {get_field_name(field) for field in rules.get("fields", [])}
    for number, row in enumerate(limits):
        path = ("prize_limits", number)
        if not (row["most"] or row["share"] or row["amount"]):
            yield Problem(path, "no_limit", {})
        if row["field"] and row["field"] not in fields:
            yield Problem((*path, "field"), "no_field", {"name": row["field"]})


def _check_floors(
    prize: Mapping, used: list[Mapping], path: tuple
) -> Iterator[Problem]:
    """Yield what a prize asks of criteria that aren't there, or haven't the points."""
    highest: dict[str, float] = {}
    for criterion in (row for one in used for row in one["criteria"]):
        name = criterion["name"]
        highest[name] = max(criterion["max"], highest.get(name, 0))
    criteria = prize["criteria"]
    place = (*path, "criteria")
    yield from find_twins((row["criterion"] for row in criteria), place)
    for number, row in enumerate(criteria):
        name = row["criterion"]
        if name not in highest:
            yield Problem(
                (*place, number, "criterion"), "no_used_criterion", {"name": name}
            )
        elif row["min"] > highest[name]:
            yield Problem((*place, number, "min"), "above", {"limit": highest[name]})


def _check_ceiling(prize: Mapping, path: tuple) -> Iterator[Problem]:
    if not prize["ceiling"]:
        return
    if not prize["ceiling_basis"]:
        yield Problem((*path, "ceiling"), "needs_basis", {})
    if prize["amount"] > prize["ceiling"]:
        yield Problem((*path, "amount"), "above", {"limit": prize["ceiling"]})
