import csv
import io
import tempfile
import zipfile
from pathlib import Path

from odoo.fields import Command
from odoo.tests import tagged

from ...lib.document import wording
from ...lib.guard import packaging
from ...models.guard.hoithi_guard_mixin import Load
from ...tools import in_vietnamese
from ..contest.demo_common import DemoCommon


@tagged("post_install", "-at_install")
class TestDocumentRunTables(DemoCommon):
    """The tables of the file for the archive, of the demo's finished contest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls._ref("res_users_hien")
        cls.loader = cls.env(
            su=True, context={**cls.env.context, "hoithi_door": Load()}
        )
        cls.paper = cls.env["hoithi.document"].search(
            [("contest_id", "=", cls.plan_contest.id), ("kind", "=", "plan")], limit=1
        )
        cls.paper.with_env(cls.loader).recipient_ids = [
            Command.clear(),
            Command.create({"name": "=HYPERLINK(1)", "role": "report"}),
        ]

    def _read_tables(self):
        """Return {key: rows} as a spreadsheet reads what the secretary's run makes."""
        run = in_vietnamese(self.env["hoithi.document.run"].with_user(self.secretary))
        run = run.new({"contest_id": self.plan_contest.id, "purpose": "archive"})
        papers = self.paper.with_env(run.env)
        rows = [{**paper._get_exchange_data(), "position": 1} for paper in papers]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "archive.zip"
            with packaging.Package(path) as package:
                run._add_tables(package, papers, rows)
                package.finish("archive")
            with zipfile.ZipFile(path) as archive:
                found = {name.rpartition("/")[2]: name for name in archive.namelist()}
                texts = {
                    key: archive.read(found[table.file]).decode("utf-8-sig")
                    for key, table in wording.ARCHIVE_TABLES.items()
                }
        tables = {}
        for key, text in texts.items():
            reader = csv.DictReader(io.StringIO(text, newline=""))
            columns = wording.ARCHIVE_TABLES[key].columns
            self.assertEqual(reader.fieldnames, list(columns.values()), key)
            tables[key] = [
                dict(zip(columns, row.values(), strict=True)) for row in reader
            ]
        return tables

    def test_figures_of_a_contest_are_all_there(self):
        tables = self._read_tables()
        entries = self.plan_contest.entry_ids.filtered("submitted_on")
        self.assertEqual(
            {row["code"] for row in tables["entries"]}, set(entries.mapped("code"))
        )
        shares = {}
        for row in tables["authors"]:
            self.assertTrue(row["author"] and row["unit"])
            shares.setdefault(row["code"], []).append(
                float(row["share"].replace(",", "."))
            )
        self.assertEqual(set(shares), set(entries.mapped("code")))
        self.assertEqual({sum(parts) for parts in shares.values()}, {100})
        lines = entries.review_ids.filtered(lambda r: r.state == "submitted").line_ids
        self.assertEqual(len(tables["sheets"]), len(lines))
        self.assertEqual(
            sum(float(row["score"].replace(",", ".")) for row in tables["sheets"]),
            sum(lines.mapped("score")),
        )
        votes = {row["code"]: row for row in tables["votes"]}
        self.assertEqual(len(votes), 7)
        secret = votes[self._ref("hoithi_entry_vi_07").code]
        names = ("mode", "issued", "invalid", "agree", "disagree", "base", "outcome")
        self.assertEqual(
            [secret[name] for name in names],
            ["bỏ phiếu kín", "6", "1", "1", "4", "6", "Không đạt"],
        )
        awards = self.env["hoithi.award"].search(
            [("contest_id", "=", self.plan_contest.id)]
        )
        self.assertEqual(len(tables["awards"]), len(awards))
        self.assertEqual(
            sum(float(row["amount"] or 0) for row in tables["awards"]),
            sum(awards.mapped("amount")),
        )
        self.assertEqual(
            [row["code"] or row["title"] for row in tables["nominations"]],
            [
                line.entry_code or line.entry_name
                for line in self.plan_contest.nomination_ids.line_ids
            ],
        )
        # anybody's words are no formula
        self.assertEqual(
            [(row["recipient"], row["role"]) for row in tables["recipients"]],
            [("'=HYPERLINK(1)", "Để báo cáo (b/c)")],
        )

    def test_what_is_kept_from_the_maker_is_in_no_table(self):
        award = self.plan_contest.entry_ids.award_ids[0]
        entry = award.entry_id
        title = entry.name
        self.assertIn(title, str(self._read_tables()))
        self.env["hoithi.conflict"].with_env(self.loader).create(
            {
                "entry_id": entry.id,
                "member_id": self._ref("hoithi_council_vi_hien").id,
                "kind": "kinship",
            }
        )
        self.env.invalidate_all()
        self.assertNotIn(title, str(self._read_tables()))
        self.assertNotIn(entry.code, str(self._read_tables()))

    def test_an_award_on_hold_is_in_no_table(self):
        award = self.plan_contest.entry_ids.award_ids[0]
        before = len(self._read_tables()["awards"])
        award.with_env(self.loader).is_held = True
        self.assertEqual(len(self._read_tables()["awards"]), before - 1)
        run = self.env["hoithi.document.run"].new({"contest_id": self.plan_contest.id})
        [told] = [
            line for line in run._get_hidden(self.paper) if "đang tạm giữ" in line
        ]
        self.assertTrue(told.startswith("1 "))
