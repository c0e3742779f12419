"""A contest's rules as a file: YAML in, YAML out, checked, compared; no database.

The form is that of ``data/packs/schema.json``, which editors know how to use. A file
says as much as it wants to: a part that it leaves out stays as it is, a list that it
has is the whole list. What is wrong is told all at once, each with its place.
"""

from __future__ import annotations

import difflib
import functools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..guard import plain_text

if TYPE_CHECKING:
    import yaml

FORMAT = 1
#: Larger than all the rules of a contest ever are.
MAX_BYTES = 256 * 1024
_MAX_DEPTH = 12
_MAX_NODES = 20_000
#: What a file says of itself; the rest are rules.
HEAD = ("format", "name", "source", "date", "note", "sample")
#: Where the server tells the form to editors.
SCHEMA_PATH = "/hoithi/rules/schema.json"
_SCHEMA = Path(__file__).parents[2] / "data" / "packs" / "schema.json"

#: What is one line however it is written, as are the rows of a list of words: by these
#: rules find each other.
_NAMES = frozenset(
    {"name", "local_name", "criterion", "component", "field", "criteria_set"}
)

# As JSON reads them: YAML's own rules make a number of 08, and "no" of a country.
_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)(\.\d+)?")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
#: What tells the rows of a list apart, for whoever reads what changes.
_IDENTITY = {
    "bases": ("number", "subject"),
    "tie_breaks": ("kind", "criterion"),
    "prizes": ("rank", "field"),
    "prize_kinds": ("code",),
}


class Problem(NamedTuple):
    """What is wrong: where, by which rule (`code`), with which `values`.

    `path` are the keys and the places in lists, from 0; `line` is the line in the
    file, nothing where the fault isn't in the file itself.
    """

    path: tuple[str | int, ...]
    code: str
    values: dict[str, Any]
    line: int | None = None


class RulesError(Exception):
    """A file that can't be taken; `problems` are all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]):
        super().__init__(problems)
        self.problems = list(problems)


class Pack(NamedTuple):
    """What a file says: `head` of itself, `rules`, and `lines` by their path."""

    head: dict[str, Any]
    rules: dict[str, Any]
    lines: dict[tuple, int]


class Change(NamedTuple):
    """A difference: `keys` lead to it, `names` are the rows on the way.

    `kind` is ``changed``, ``added``, ``removed`` or ``order``.
    """

    keys: tuple[str, ...]
    names: tuple[tuple, ...]
    kind: str
    before: Any
    after: Any


@functools.cache
def get_schema() -> dict[str, Any]:
    """Return the JSON schema of the form."""
    return json.loads(_SCHEMA.read_text("utf-8"))


# READING


def read(content: bytes) -> Pack:
    """Return what a file says, in full: what rows leave out has its default.

    :param content: YAML in UTF-8, at most :data:`MAX_BYTES`
    :raises RulesError: with all that the form forbids
    """
    lines: dict[tuple, int] = {}
    data = _parse(content, lines)
    problems = check_form(data)
    if problems:
        raise RulesError(locate(problems, lines))
    head = {key: data[key] for key in HEAD if key in data}
    rules = {key: value for key, value in data.items() if key not in HEAD}
    return Pack(head, complete(rules), lines)


@functools.cache
def list_packs(folder: Path) -> list[tuple[str, str]]:
    """Return (name of the file without its ending, name of the rules) of a folder."""
    return [
        (path.stem, read(path.read_bytes()).head["name"])
        for path in sorted(folder.glob("*.yaml"))
    ]


def locate(problems: Iterable[Problem], lines: Mapping[tuple, int]) -> list[Problem]:
    """Return `problems` with the lines of the file where they are, in their order."""
    placed = []
    for problem in problems:
        line, path = problem.line, problem.path
        while line is None and path and path[:1] in lines:
            line, path = lines.get(path), path[:-1]
        placed.append(problem._replace(line=line))
    return sorted(placed, key=lambda problem: problem.line or 0)


def _refuse(code: str, line: int | None = None, **values: Any) -> RulesError:
    return RulesError([Problem((), code, values, line)])


def _parse(content: bytes, lines: dict[tuple, int]) -> Any:
    # loaded where it is used, as below
    import yaml

    if len(content) > MAX_BYTES:
        raise _refuse("too_large", most=MAX_BYTES // 1024)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse("encoding") from error
    text = compose(plain_text.clean(text))
    try:
        _check_plain(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refuse("syntax", mark and mark.line + 1) from error
    except (yaml.YAMLError, ValueError) as error:
        raise _refuse("syntax") from error
    if root is None:
        raise _refuse("nothing")
    problems: list[Problem] = []
    data = _convert(root, (), lines, problems)
    if problems:
        raise RulesError(problems)
    return data


def _check_plain(text: str) -> None:
    """Refuse what YAML can do beyond plain data: bombs hide in it."""
    import yaml

    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _refuse("not_plain", line)
        if documents > 1:
            raise _refuse("documents", line)
        if depth > _MAX_DEPTH or nodes > _MAX_NODES:
            raise _refuse("too_deep", line)


def _convert(
    node: yaml.Node, path: tuple, lines: dict[tuple, int], problems: list[Problem]
) -> Any:
    import yaml

    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [
            _convert(item, (*path, number), lines, problems)
            for number, item in enumerate(node.value)
        ]
    if not isinstance(node, yaml.MappingNode):
        last = path[-1] if path else ""
        return _convert_scalar(node, last in _NAMES or isinstance(last, int))
    data: dict[str, Any] = {}
    for key_node, item in node.value:
        line = key_node.start_mark.line + 1
        key = str(key_node.value)
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem(path, "key", {}, line))
            continue
        if (*path, key) in lines:
            problems.append(Problem((*path, key), "twice", {"key": key}, line))
        lines[(*path, key)] = line
        value = _convert(item, (*path, key), lines, problems)
        # a key without a value says nothing
        if value is not None:
            data[key] = value
    return data


def _convert_scalar(node: yaml.Node, is_line: bool) -> Any:
    text = node.value
    if is_line:
        # a block of text ends with a break
        text = text.rstrip("\n")
    if is_line or "\n" not in text:
        text = plain_text.clean_line(text)
    if node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if not number or len(text) > 40:
        return text
    return to_number(float(text) if number[1] else int(text))


# FORM


def check_form(data: Any) -> list[Problem]:
    """Return what of `data` isn't as the schema wants it."""
    # loaded where it is used
    from jsonschema import Draft202012Validator

    problems: dict[tuple, Problem] = {}
    for error in Draft202012Validator(get_schema()).iter_errors(data):
        for problem in _name_problems(error):
            key = (problem.path, problem.code, str(problem.values))
            problems.setdefault(key, problem)
    problems |= {
        (problem.path, problem.code): problem
        for problem in _check_dates(data, get_schema(), ())
    }
    return list(problems.values())


def _name_problems(error: Any) -> Iterator[Problem]:
    path, rule, wanted = tuple(error.absolute_path), error.validator, error.instance
    limit = error.validator_value
    if rule == "additionalProperties":
        known = list(error.schema["properties"])
        for key in wanted:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                values = {"key": key, "known": ", ".join(near or known)}
                yield Problem((*path, key), "unknown", values)
    elif rule == "required":
        for key in limit:
            if key not in wanted:
                yield Problem(path, "missing", {"key": key})
    elif rule == "type":
        expected = [limit] if isinstance(limit, str) else limit
        yield Problem(path, f"type_{expected[0]}", {"value": _shorten(wanted)})
    elif rule in ("enum", "const"):
        allowed = limit if rule == "enum" else [limit]
        values = {
            "value": _shorten(wanted),
            "allowed": ", ".join(str(value) for value in allowed if value != ""),
        }
        yield Problem(path, "choice", values)
    elif rule == "pattern":
        form = error.schema.get("x-form", "text")
        yield Problem(path, f"form_{form}", {"value": _shorten(wanted)})
    elif rule == "minLength":
        yield Problem(path, "empty", {})
    else:
        # minimum, maximum, exclusiveMinimum, exclusiveMaximum, and of lists and texts
        yield Problem(path, f"limit_{rule}", {"limit": limit})


def _check_dates(data: Any, schema: Mapping, path: tuple) -> Iterator[Problem]:
    """Yield the days that no calendar has."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in schema.get("properties", {}):
                yield from _check_dates(value, schema["properties"][key], (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _check_dates(value, schema.get("items", {}), (*path, number))
    elif schema.get("x-form") == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", str(data)):
        try:
            year = date.fromisoformat(data).year
        except ValueError:
            year = 0
        if not 1900 <= year <= 2100:
            yield Problem(path, "form_date", {"value": data})


def _shorten(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


def find_twins(names: Iterable[str], path: tuple) -> Iterator[Problem]:
    """Yield the rows of the list at `path` whose name another row has before."""
    seen: Counter[str] = Counter()
    for number, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            yield Problem((*path, number), "same_name", {"name": name})


def check(rules: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what of fields, dossier and limits doesn't fit together."""
    fields = rules.get("fields", [])
    yield from find_twins(map(get_field_name, fields), ("fields",))
    dossier = rules.get("dossier", [])
    yield from find_twins((row["name"] for row in dossier), ("dossier",))
    sections = rules.get("plan_sections", [])
    yield from find_twins((row["name"] for row in sections), ("plan_sections",))
    limits = rules.get("limits", {})
    low, high = limits.get("age_from", 0), limits.get("age_to", 0)
    if high and high < low:
        yield Problem(("limits", "age_from"), "above", {"limit": high})
    if (low or high) and not rules.get("form", {}).get("birth_date"):
        path = ("limits", "age_from" if low else "age_to")
        yield Problem(path, "no_birth_date", {})


def get_field_name(field: Mapping[str, Any]) -> str:
    """Return the name by which other rules mean a field of competition."""
    return field.get("local_name") or field["name"]


# DEFAULTS


def to_number(value: float | Decimal) -> int | float:
    """Return a number as it is written: whole numbers without a point."""
    return int(value) if value == int(value) else float(value)


def _walk_rows(rules: Any, schema: Mapping) -> Iterator[tuple[dict, Mapping, int]]:
    """Yield the rows of all lists, each with its schema and its place."""
    for key, value in rules.items():
        part = schema["properties"].get(key, {})
        if part.get("type") == "object":
            yield from _walk_rows(value, part)
        elif part.get("type") == "array":
            for number, row in enumerate(value):
                if isinstance(row, dict):
                    yield from _walk_rows(row, part["items"])
                    yield row, part["items"], number


def complete(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return `rules` with the defaults in their rows, numbers written in one way.

    A row without a number of its own in the order gets that of its place: 10, 20, 30.
    """
    rules = _copy(rules)
    for row, schema, number in _walk_rows(rules, get_schema()):
        for key, part in schema["properties"].items():
            if key == "order":
                row.setdefault(key, 10 * (number + 1))
            elif "default" in part:
                row.setdefault(key, _copy(part["default"]))
    return rules


def strip(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return `rules` without what :func:`complete` puts in, in the schema's order."""
    rules = _copy(rules)
    for row, schema, number in _walk_rows(rules, get_schema()):
        defaults = {
            key: 10 * (number + 1) if key == "order" else part.get("default")
            for key, part in schema["properties"].items()
            if key == "order" or "default" in part
        }
        kept = {
            key: row[key]
            for key in schema["properties"]
            if key in row and not (key in defaults and row[key] == defaults[key])
        }
        row.clear()
        row.update(kept)
    return {key: rules[key] for key in get_schema()["properties"] if key in rules}


def strip_row(keys: Sequence[str], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without its defaults.

    :param keys: those that lead to its list
    """
    rules: Any = [row]
    for key in reversed(keys):
        rules = {key: rules} if key == keys[0] else [{key: rules}]
    for key in keys:
        rules = strip(rules)[key] if key == keys[0] else rules[0][key]
    return rules[0]


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    if isinstance(value, float):
        return to_number(value)
    return value


def parse_ratio(value: str | float) -> Fraction:
    """Return a share of members, as ``2/3`` or ``0.5`` says it.

    :raises ValueError: for what isn't above 0 and at most 1
    """
    ratio = Fraction(str(value).replace(" ", ""))
    if not 0 < ratio <= 1:
        raise ValueError(value)
    return ratio


def write_ratio(value: float) -> str | int | float:
    """Return a share as people say it: ``2/3``, else the number."""
    ratio = Fraction(value).limit_denominator(100)
    if abs(float(ratio) - value) < 1e-9:
        return f"{ratio.numerator}/{ratio.denominator}"
    return to_number(value)


# WRITING


@functools.cache
def _get_dumper() -> type[yaml.SafeDumper]:
    """Return what writes texts of several lines as they stand, and indents lists."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow=False, indentless=False):
            return super().increase_indent(flow, False)

    Dumper.add_representer(str, _write_text)
    Dumper.add_representer(list, _write_list)
    return Dumper


def compose(text: str) -> str:
    """Return `text` as a file has it: composed letters."""
    return unicodedata.normalize("NFC", text)


def _write_text(dumper, text):
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _write_list(dumper, rows):
    # words stand in one line
    flow = bool(rows) and all(isinstance(row, str) for row in rows)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", rows, flow_style=flow)


def write(head: Mapping[str, Any], rules: Mapping[str, Any], comment: str = "") -> str:
    """Return the file of `rules`, with what `head` says of it.

    :param comment: lines that stand above
    """
    import yaml

    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    head = {"format": FORMAT, **head}
    data = {key: head[key] for key in HEAD if key in head} | strip(rules)
    text = yaml.dump(
        data, Dumper=_get_dumper(), allow_unicode=True, sort_keys=False, width=88
    )
    return "\n".join([*lines, text])


# COMPARING


def get_identity_keys(key: str) -> tuple[str, ...]:
    """Return the keys whose values tell the rows of the list `key` apart."""
    return _IDENTITY.get(key, ("name",))


def get_identity(key: str, row: Mapping[str, Any]) -> tuple:
    """Return what tells a row of the list `key` from the others."""
    if key == "fields":
        return (get_field_name(row),)
    return tuple(row.get(part, "") for part in get_identity_keys(key))


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what changes of complete rules; what `after` leaves out stays."""
    parts = [key for key in get_schema()["properties"] if key in after]
    for key in parts:
        part = after[key]
        if isinstance(part, list):
            yield from _compare_rows(before.get(key, []), part, (key,), ())
        else:
            old, known = before.get(key, {}), get_schema()["properties"][key]
            # what a later version knows of had its default before
            values = {
                name: old.get(name, known["properties"].get(name, {}).get("default"))
                for name in part
            }
            yield from _compare_values(values, part, (key,), ())


def _compare_values(
    before: Mapping, after: Mapping, keys: tuple, names: tuple
) -> Iterator[Change]:
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        path = (*keys, key)
        if any(isinstance(row, dict) for row in [*_rows(old), *_rows(new)]):
            yield from _compare_rows(_rows(old), _rows(new), path, names)
        else:
            yield Change(path, names, "changed", old, new)


def _rows(value: Any) -> list:
    return value if isinstance(value, list) else []


def _compare_rows(
    before: list, after: list, keys: tuple, names: tuple
) -> Iterator[Change]:
    old, new = _number_rows(keys[-1], before), _number_rows(keys[-1], after)
    for identity, row in new.items():
        path = (*names, identity[:-1])
        if identity in old:
            yield from _compare_values(old[identity], row, keys, path)
        else:
            yield Change(keys, path, "added", None, row)
    for identity, row in old.items():
        if identity not in new:
            yield Change(keys, (*names, identity[:-1]), "removed", row, None)
    kept = [identity for identity in old if identity in new]
    moved = [identity for identity in new if identity in old]
    if kept != moved:
        yield Change(
            keys,
            names,
            "order",
            [identity[:-1] for identity in kept],
            [identity[:-1] for identity in moved],
        )


def _number_rows(key: str, rows: list) -> dict[tuple, dict]:
    """Return rows by what tells them apart, alike ones by their number."""
    seen: Counter[tuple] = Counter()
    result = {}
    for row in rows:
        identity = get_identity(key, row)
        seen[identity] += 1
        result[(*identity, seen[identity])] = row
    return result
