import re
import runpy
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

ADDON = Path(file_path("hoithi_contest"))
DOCS = ADDON.parent / "docs" / "dev"
FOLDERS = "bench|bin|controllers|data|demo|docs|i18n|lib|migrations|models|security"
FOLDERS += "|static|tests|views|wizard"


def get_files(text):
    """Yield the files that a text names, a part to be filled in as a star."""
    for name in re.findall(rf"`((?:hoithi_contest/|{FOLDERS})[\w./<>*-]*)`", text):
        if "/" in name:
            yield re.sub(r"<\w+>", "*", name.removeprefix("hoithi_contest/"))


@tagged("post_install", "-at_install")
class TestDocs(TransactionCase):
    """What is written for whoever comes next is true."""

    def test_the_data_dictionary_is_written_from_the_models(self):
        write = runpy.run_path(str(DOCS / "draw_data.py"))["write"]
        told = (DOCS / "data.md").read_text(encoding="utf-8").splitlines()
        self.assertEqual(
            told,
            write(self.env).splitlines(),
            "Write it anew: bin/odoo shell -d DATABASE <docs/dev/draw_data.py"
            " >docs/dev/data.md",
        )

    def test_each_named_file_is_there(self):
        lacking = [
            f"{page.name}: {name}"
            for page in sorted(DOCS.glob("*.md"))
            for name in get_files(page.read_text(encoding="utf-8"))
            if not any(True for root in (ADDON, ADDON.parent) for _ in root.glob(name))
        ]
        self.assertEqual(lacking, [])

    def test_each_link_leads_somewhere(self):
        lacking = [
            f"{page.name}: {link}"
            for page in sorted(DOCS.glob("*.md"))
            for link in re.findall(
                r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")
            )
            if not (DOCS / link).exists()
        ]
        self.assertEqual(lacking, [])

    def test_each_decision_names_the_test_that_guards_it(self):
        text = (DOCS / "architecture.md").read_text(encoding="utf-8")
        rows = text.split("## Decisions")[1].strip().splitlines()[2:]
        self.assertTrue(rows)
        for row in rows:
            decision, _why, guard = row.strip("|").split("|")
            with self.subTest(decision=decision.strip()):
                self.assertRegex(guard, r"`(lib/)?tests/(\w+/)?test_\w+\.py`")

    def test_each_way_out_has_its_act_and_its_test(self):
        text = (DOCS / "ways_out.md").read_text(encoding="utf-8")
        rows = [line for line in text.splitlines() if re.match(r"\| \d+ \|", line)]
        self.assertGreater(len(rows), 30)
        walls = {int(row.split("|")[1]) for row in rows}
        self.assertEqual(walls, {3, 4, 6, *range(8, 20)})
        models = [model for name, model in self.env.items() if "hoithi" in name]
        for row in rows:
            _no, wall, _way, acts, tests = row.strip("|").split("|")
            named = re.findall(r"`((?:lib/)?tests/[\w/]+\.py)::(\w+)`", tests)
            self.assertTrue(named, wall)
            for path, test in named:
                code = (ADDON / path).read_text(encoding="utf-8")
                self.assertIn(f"def {test}(", code, wall)
            for act in re.findall(r"`(\w+)`", acts):
                self.assertTrue(any(hasattr(model, act) for model in models), act)

    def test_the_glossary_names_each_model(self):
        text = (DOCS / "glossary.md").read_text(encoding="utf-8")
        lacking = [
            name
            for name in sorted(self.env)
            if name.startswith("hoithi.")
            and not self.env[name]._abstract
            and not self.env[name]._transient
            and f"`{name}`" not in text
        ]
        self.assertEqual(lacking, [])
