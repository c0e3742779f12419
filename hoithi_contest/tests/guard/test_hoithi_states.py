import ast
import re
from pathlib import Path

from odoo.tests import tagged
from odoo.tools.misc import file_path

from ...models.guard import hoithi_states
from ..common import HoithiCommon

ROOT = Path(file_path("hoithi_contest"))

#: Named sets of states by what they hold.
SETS = {
    frozenset(states): name
    for name, states in vars(hoithi_states).items()
    if name.isupper() and isinstance(states, tuple)
}

#: A comparison of a state with a list of states, in an expression or a domain.
LISTED = re.compile(
    r"\b\w*state\b['\"]?\s*,?\s*['\"]?(?:not )?in['\"]?\s*,?\s*[(\[]([^)\]]*)[)\]]"
)


@tagged("post_install", "-at_install")
class TestHoithiStates(HoithiCommon):
    """A set of states has one name, which code, domains and views use."""

    def _find_lists(self, *folders):
        """Yield (file, states) for all lists of states in XML files."""
        for folder in folders:
            for path in sorted((ROOT / folder).rglob("*.xml")):
                for match in LISTED.finditer(path.read_text(encoding="utf-8")):
                    states = frozenset(re.findall(r"\w+", match[1]))
                    yield path.relative_to(ROOT).as_posix(), states

    def test_views_use_the_names(self):
        lists = list(self._find_lists("views", "wizard", "report", "data"))
        self.assertTrue(lists, "some lists mean no named set")
        self.assertFalse(
            [f"{path}: {SETS[states]}" for path, states in lists if states in SETS]
        )

    def test_record_rules_mean_named_sets(self):
        lists = list(self._find_lists("security"))
        self.assertGreater(len(lists), 5)
        self.assertFalse(
            [(path, *states) for path, states in lists if states not in SETS]
        )

    def _find_tuples(self):
        """Yield (place, texts) for all lists of texts in code."""
        for folder in ("models", "wizard", "controllers"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                if path.name == "hoithi_states.py":
                    continue
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if not isinstance(node, ast.Tuple | ast.List | ast.Set):
                        continue
                    values = [getattr(item, "value", None) for item in node.elts]
                    if all(isinstance(value, str) for value in values):
                        yield f"{path.name}:{node.lineno}", frozenset(values)

    def test_code_uses_the_names(self):
        self.assertFalse(
            [
                f"{place} {SETS[values]}"
                for place, values in self._find_tuples()
                if values in SETS
            ]
        )

    def test_a_set_that_stands_twice_has_a_name(self):
        states = {
            state
            for model in self.registry.values()
            if "hoithi" in model._name and "state" in model._fields
            for state in model._fields["state"].get_values(self.env)
        }
        self.assertGreater(len(states), 30)
        places = {}
        for place, values in self._find_tuples():
            if len(values) > 1 and values <= states:
                places.setdefault(values, []).append(place)
        # a button spells out where its own transition begins, once
        shown = {}
        for place, values in self._find_lists("views", "wizard", "report", "data"):
            if len(values) > 1:
                shown.setdefault(values, []).append(place)
        for found in (*places.values(), *shown.values()):
            self.assertEqual(len(found), 1, found)

    def test_a_flag_is_its_set(self):
        """What a form shows and what a filter finds are the set."""
        found = 0
        for name, model in self.registry.items():
            records = self.env[name]
            flags = [
                field
                for field in model._fields.values()
                if getattr(field.search, "__module__", "") == hoithi_states.__name__
            ]
            for flag in () if model._abstract else flags:
                ((_path, _operator, listed),) = flag.search(records, "in", [True])
                states = dict(records._fields["state"]._description_selection(self.env))
                with self.subTest(model=name, flag=flag.name):
                    self.assertTrue(len(listed) == 1 or frozenset(listed) in SETS)
                    self.assertLessEqual(set(listed), set(states))
                    for state in states:
                        record = records.new({"state": state})
                        self.assertEqual(record[flag.name], state in listed)
                found += 1
        self.assertGreater(found, 15)

    def test_flags_in_domains(self):
        self._launch()
        contest = self.contest
        model = self.env["hoithi.contest"].with_user(self.secretary)
        draft = self._create_contest(name="Còn nháp")
        both = contest | draft
        for domain, expected in (
            ([("is_running", "=", True)], contest),
            ([("is_running", "=", False)], draft),
            ([("is_running", "!=", True)], draft),
            ([("is_over", "=", False)], both),
            ([("is_held", "in", [True, False])], both),
        ):
            with self.subTest(domain):
                self.assertEqual(
                    model.search([("id", "in", both.ids), *domain]), expected
                )
        entry = self._create_entry()
        self.assertIn(
            entry,
            self.env["hoithi.entry"].search([("contest_id.is_running", "=", True)]),
        )
        self.assertFalse(entry.is_competing)
        self.assertTrue(entry.is_editable)
